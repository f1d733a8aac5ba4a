/*
 * plan.c - a cluster taken in, kept and changed.
 *
 * An update makes the new node first and swaps it in when nothing can fail any
 * more.
 */
#include "libbgp/plan/plan.h"

static int
take_all(struct bgp_plan *plan, const struct bgp_plan_input *input,
	 struct bgp_plan_fault *fault)
{
	int err = bgp__plan_take_nodes(plan, input, fault);

	if (err == BGP_OK)
		err = bgp__plan_take_peers(plan, input, fault);
	if (err == BGP_OK)
		err = bgp__plan_take_configs(plan, input, fault);
	for (uint32_t i = 0; err == BGP_OK && i < plan->node_count; i++)
		bgp__plan_apply_selectors(plan, i);
	return err;
}

static int
check_counts(const struct bgp_plan_input *input, struct bgp_plan_fault *fault)
{
	if (input->node_count > BGP_PLAN_NODES_MAX)
		return bgp__plan_fault(fault, BGP_ERR_LIMIT, "Node", "", "",
				       "too many nodes");
	if (input->peer_count > BGP_PLAN_PEERS_MAX)
		return bgp__plan_fault(fault, BGP_ERR_LIMIT, "BGPPeer", "", "",
				       "too many peers");
	if (input->config_count > BGP_PLAN_CONFIGS_MAX)
		return bgp__plan_fault(fault, BGP_ERR_LIMIT, "BGPConfiguration",
				       "", "", "too many configurations");
	return BGP_OK;
}

static int
check_arrays(const struct bgp_plan_input *input, struct bgp_plan_fault *fault)
{
	int err = bgp__plan_check_array(input->nodes, input->node_count, "Node",
					fault);

	if (err == BGP_OK)
		err = bgp__plan_check_array(input->peers, input->peer_count,
					    "BGPPeer", fault);
	if (err == BGP_OK)
		err = bgp__plan_check_array(input->configs, input->config_count,
					    "BGPConfiguration", fault);
	return err;
}

int
bgp_plan_new(struct bgp_plan **out, const struct bgp_plan_input *given,
	     struct bgp_plan_fault *fault)
{
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;
	struct bgp__mem mem;
	struct bgp_plan *plan;
	int err;

	*out = NULL;
	err = bgp__plan_take(&input, sizeof input, given, "", fault);
	if (err == BGP_OK)
		err = check_counts(&input, fault);
	if (err == BGP_OK)
		err = check_arrays(&input, fault);
	if (err != BGP_OK)
		return err;
	bgp__mem_init(&mem, &input.allocator);
	plan = bgp__mem_get(&mem, sizeof *plan);
	if (plan == NULL)
		return BGP_ERR_NOMEM;
	plan->mem = mem;
	plan->mesh = true;
	plan->as_number = PLAN_AS_DEFAULT;
	plan->mesh_restart_s = BGP_PLAN_UNSET;
	err = take_all(plan, &input, fault);
	if (err == BGP_OK)
		*out = plan;
	else
		bgp_plan_del(plan);
	return err;
}

static void
drop_peer(struct bgp_plan *plan, struct plan_peer *peer)
{
	if (peer == NULL)
		return;
	bgp_selector_del(peer->local);
	bgp_selector_del(peer->far);
	bgp__mem_put(&plan->mem, peer->local_bits,
		     2 * bgp__plan_bits_len(plan));
	bgp__mem_put(&plan->mem, peer, peer->block_len);
}

void
bgp_plan_del(struct bgp_plan *plan)
{
	struct bgp__mem *mem, last;

	if (plan == NULL)
		return;
	mem = &plan->mem;
	for (uint32_t i = 0; plan->peers != NULL && i < plan->peer_count; i++)
		drop_peer(plan, plan->peers[i]);
	for (uint32_t i = 0; plan->nodes != NULL && i < plan->node_count; i++)
		if (plan->nodes[i] != NULL)
			bgp__mem_put(mem, plan->nodes[i],
				     plan->nodes[i]->block_len);
	for (int f = 0; f < PLAN_FAMILIES; f++) {
		bgp__mem_put(mem, plan->owners[f],
			     plan->node_count * sizeof *plan->owners[f]);
		bgp__mem_put(mem, plan->spoken[f],
			     plan->node_count * sizeof *plan->spoken[f]);
	}
	bgp__mem_put(mem, plan->scratch,
		     plan->node_count * sizeof *plan->scratch);
	bgp__mem_put(mem, plan->nodes, plan->node_count * sizeof *plan->nodes);
	bgp__mem_put(mem, plan->peers, plan->peer_count * sizeof *plan->peers);
	bgp__mem_put(mem, plan->notices,
		     plan->notice_room * sizeof *plan->notices);
	bgp__mem_put(mem, plan->names, plan->names_len);
	bgp__mem_put(mem, plan->mesh_password, plan->mesh_password_len);
	last = plan->mem;
	bgp__mem_put(&last, plan, sizeof *plan);
}

/* Is it to be found elsewhere now? */
static bool
moved(const struct plan_node *old, const struct plan_node *fresh)
{
	for (int f = 0; f < PLAN_FAMILIES; f++)
		if (bgp_addr_compare(&old->address[f].addr,
				     &fresh->address[f].addr) != 0)
			return true;
	return false;
}

int
bgp_plan_update(struct bgp_plan *plan, const struct bgp_plan_node *given,
		struct bgp_plan_fault *fault)
{
	struct bgp_plan_node spec = BGP_PLAN_NODE_INIT;
	struct plan_node *fresh, *old;
	uint32_t rank;
	bool sort;
	int err;

	err = bgp__plan_take(&spec, sizeof spec, given, "Node", fault);
	if (err != BGP_OK)
		return err;
	rank = bgp__plan_rank(plan, spec.name != NULL ? spec.name : "");
	if (rank == PLAN_NONE)
		return BGP_ERR_NOENT;
	old = plan->nodes[rank];
	err = bgp__plan_copy_node(&plan->mem, &spec, old->name, &fresh, fault);
	if (err != BGP_OK)
		return err;
	fresh->own_port = old->own_port;
	sort = moved(old, fresh);
	plan->nodes[rank] = fresh;
	bgp__mem_put(&plan->mem, old, old->block_len);
	bgp__plan_apply_selectors(plan, rank);
	if (sort)
		bgp__plan_sort_addresses(plan);
	return BGP_OK;
}

bool
bgp_plan_notice(const struct bgp_plan *plan, size_t i,
		struct bgp_plan_fault *out)
{
	if (i >= plan->notice_count)
		return false;
	*out = plan->notices[i];
	return true;
}

const char *
bgp_plan_node_at(const struct bgp_plan *plan, size_t i)
{
	return i < plan->node_count ? plan->nodes[i]->name : NULL;
}
