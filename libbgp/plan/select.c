/*
 * select.c - what each BGPPeer's selectors say of each node, as bits.
 *
 * Parsed once; applied to every node once, and again to the one that changes.
 * A selector that does not parse selects nothing, and a notice says so.
 */
#include "libbgp/plan/plan.h"

static void
set_bit(uint64_t *bits, uint32_t rank, bool value)
{
	uint64_t bit = UINT64_C(1) << rank % 64;

	if (value)
		bits[rank / 64] |= bit;
	else
		bits[rank / 64] &= ~bit;
}

void
bgp__plan_apply_selectors(struct bgp_plan *plan, uint32_t rank)
{
	const struct plan_node *node = plan->nodes[rank];

	for (uint32_t i = 0; i < plan->peer_count; i++) {
		struct plan_peer *peer = plan->peers[i];

		if (peer->local != NULL)
			set_bit(peer->local_bits, rank,
				bgp_selector_match(peer->local, node->labels,
						   node->label_count));
		if (peer->far != NULL)
			set_bit(peer->far_bits, rank,
				bgp_selector_match(peer->far, node->labels,
						   node->label_count));
	}
}

static int
notice(struct bgp_plan *plan, const struct plan_peer *peer, const char *field,
       size_t column, const char *reason)
{
	struct bgp_plan_fault *fresh;
	size_t len = plan->notice_room * sizeof *fresh;

	if (plan->notice_count == plan->notice_room) {
		fresh = bgp__mem_resize(&plan->mem, plan->notices, len,
					2 * len + 4 * sizeof *fresh);
		if (fresh == NULL)
			return BGP_ERR_NOMEM;
		plan->notices = fresh;
		plan->notice_room = 2 * plan->notice_room + 4;
	}
	fresh = &plan->notices[plan->notice_count++];
	*fresh = (struct bgp_plan_fault){ "BGPPeer", peer->spec.name, field,
					  column, reason };
	return BGP_OK;
}

/* One that does not parse selects nothing, and a notice says so. */
static int
parse_selector(struct bgp_plan *plan, const struct plan_peer *peer,
	       const char *field, const char *text, struct bgp_selector **out)
{
	struct bgp_selector_fault fault;
	int err;

	if (!bgp__plan_given(text))
		return BGP_OK;
	err = bgp_selector_new(out, text, &plan->mem.host, &fault);
	if (err == BGP_ERR_INVALID || err == BGP_ERR_LIMIT)
		return notice(plan, peer, field, fault.column, fault.reason);
	return err;
}

int
bgp__plan_parse_selectors(struct bgp_plan *plan, struct plan_peer *peer)
{
	struct bgp_selector *workload = NULL;
	const struct bgp_plan_peer *spec = &peer->spec;
	int err = parse_selector(plan, peer, "nodeSelector",
				 spec->node_selector, &peer->local);

	if (err == BGP_OK)
		err = parse_selector(plan, peer, "peerSelector",
				     spec->peer_selector, &peer->far);
	if (err == BGP_OK)
		err = parse_selector(plan, peer, "localWorkloadSelector",
				     spec->workload_selector, &workload);
	bgp_selector_del(workload);
	if (err != BGP_OK)
		return err;
	peer->node_rank = PLAN_NONE;
	if (bgp__plan_given(spec->node)) {
		peer->node_rank = bgp__plan_rank(plan, spec->node);
		if (peer->node_rank == PLAN_NONE)
			err = notice(plan, peer, "node", 0, "no such node");
	}
	if (err == BGP_OK && bgp__plan_given(spec->peer_ip) &&
	    spec->as_number == 0)
		err = notice(plan, peer, "asNumber", 0,
			     "missing: the peer's AS is 0");
	return err;
}
