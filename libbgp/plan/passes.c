/*
 * passes.c - whom a node peers with.
 *
 * The passes are Calico's, over BGPPeers in the order of their names; the first
 * to name an address and port has it:
 *
 *   A  peers of every node              -> "global"
 *   B  peers of this node               -> "node specific"
 *   C  peers whose far end this node is -> "node specific", the way back
 *   M  the mesh, beside and not against them
 */
#include <string.h>

#include "libbgp/plan/builder.h"

/* ----------------------------------------------------------------- far ends */

/* A node as a peer: its own AS, port and cluster. */
static void
emit_node(struct plan_builder *b, enum bgp_planned_type type,
	  const struct plan_peer *peer, uint32_t rank)
{
	const struct plan_node *node = b->plan->nodes[rank];
	struct plan_far_end far = {
		.address = &node->address[b->f],
		.node = node->name,
		.port = bgp__plan_port(b->plan, node),
		.as_number = bgp__plan_as(b->plan, node),
		.cluster_id = node->cluster_id,
	};

	bgp__plan_emit(b, type, peer, &far);
}

/* Every node of a row of bits, in the order of names. */
static void
emit_bits(struct plan_builder *b, enum bgp_planned_type type,
	  const struct plan_peer *peer, const uint64_t *bits)
{
	for (uint32_t i = 0; i <= b->plan->node_count / 64; i++)
		for (uint64_t word = bits[i]; word != 0; word &= word - 1)
			emit_node(b, type, peer,
				  i * 64 + (uint32_t)__builtin_ctzll(word));
}

/* Calico's port rule: the node's own must not differ, nor that of all nodes,
 * even where the node has its own. */
static bool
port_fits(const struct bgp_plan *plan, const struct plan_node *node,
	  uint16_t port)
{
	return port == 0 ||
	    ((node->own_port == 0 || node->own_port == port) &&
	     (plan->port == 0 || plan->port == port));
}

/* Is this node one that peerIP, asNumber and port speak of? */
static bool
is_meant(const struct bgp_plan *plan, const struct plan_node *node,
	 const struct plan_peer *peer, uint16_t port)
{
	uint32_t as_number = peer->spec.as_number;
	int f = bgp__plan_family(&peer->ip.addr);

	return bgp_addr_compare(&node->address[f].addr, &peer->ip.addr) == 0 &&
	    bgp__plan_as(plan, node) ==
	    (as_number != 0 ? as_number : plan->as_number) &&
	    port_fits(plan, node, port);
}

/* The node that has this address, or NULL. */
static const char *
owner_name(const struct bgp_plan *plan, const struct bgp_addr *addr)
{
	int f = bgp__plan_family(addr);
	uint32_t i = bgp__plan_owner(plan, addr);
	const struct plan_node *node;

	if (i == plan->address_count[f])
		return NULL;
	node = plan->nodes[plan->owners[f][i]];
	return bgp_addr_compare(&node->address[f].addr, addr) == 0 ? node->name
								   : NULL;
}

/* The port of the first node that peerIP and asNumber speak of, 0: none. */
static uint16_t
meant_port(const struct bgp_plan *plan, const struct plan_peer *peer)
{
	int f = bgp__plan_family(&peer->ip.addr);
	uint32_t i = bgp__plan_owner(plan, &peer->ip.addr);

	for (; i < plan->address_count[f]; i++) {
		const struct plan_node *node = plan->nodes[plan->owners[f][i]];

		if (bgp_addr_compare(&node->address[f].addr, &peer->ip.addr))
			break;
		if (is_meant(plan, node, peer, 0))
			return bgp__plan_port(plan, node);
	}
	return 0;
}

/* peerIP alone: what it says, and the port of the node it happens to be. */
static void
emit_ip(struct plan_builder *b, enum bgp_planned_type type,
	const struct plan_peer *peer)
{
	const struct bgp_plan *plan = b->plan;
	struct plan_far_end far = {
		.address = &peer->ip,
		.port = peer->port,
		.as_number = peer->spec.as_number,
		.local_as = peer->spec.local_as_number,
		.allowed_local_as = peer->spec.allowed_local_as,
	};

	if (bgp__plan_family(&peer->ip.addr) != b->f)
		return;
	far.node = owner_name(plan, &peer->ip.addr);
	far.may_wait = far.node != NULL;
	if (far.port == 0)
		far.port = meant_port(plan, peer);
	bgp__plan_emit(b, type, peer, &far);
}

/* Workloads of this node that name the BGPPeer. */
static void
emit_workloads(struct plan_builder *b, const struct plan_peer *peer)
{
	for (uint32_t i = 0; i < b->node->workload_count; i++) {
		const struct plan_workload *w = &b->node->workloads[i];
		struct plan_far_end far = {
			.address = &w->address,
			.node = owner_name(b->plan, &w->address.addr),
			.as_number = peer->spec.as_number,
			.local_as = peer->spec.local_as_number,
		};

		if (strcmp(w->peer, peer->spec.name) == 0)
			bgp__plan_emit(b, BGP_PLANNED_WORKLOAD, peer, &far);
	}
}

/* ------------------------------------------------------------------- passes */

static void
emit_forward(struct plan_builder *b, enum bgp_planned_type type,
	     const struct plan_peer *peer)
{
	if (bgp__plan_given(peer->spec.workload_selector))
		emit_workloads(b, peer);
	else if (bgp__plan_given(peer->spec.peer_selector))
		emit_bits(b, type, peer, peer->far_bits);
	else
		emit_ip(b, type, peer);
}

void
bgp__plan_pass_forward(struct plan_builder *b, bool global)
{
	for (uint32_t i = 0; i < b->plan->peer_count; i++) {
		const struct plan_peer *peer = b->plan->peers[i];

		if (bgp__plan_global(peer) == global &&
		    bgp__plan_local(peer, b->rank))
			emit_forward(
			    b, global ? BGP_PLANNED_GLOBAL : BGP_PLANNED_NODE,
			    peer);
	}
}

static bool
is_far_end(const struct plan_builder *b, const struct plan_peer *peer)
{
	if (peer->spec.reverse_manual ||
	    bgp__plan_given(peer->spec.workload_selector))
		return false;
	if (bgp__plan_given(peer->spec.peer_selector))
		return bgp__plan_bit(peer->far_bits, b->rank);
	return bgp__plan_family(&peer->ip.addr) == b->f &&
	    is_meant(b->plan, b->node, peer, peer->port);
}

void
bgp__plan_pass_back(struct plan_builder *b)
{
	for (uint32_t i = 0; i < b->plan->peer_count; i++) {
		const struct plan_peer *peer = b->plan->peers[i];

		if (!is_far_end(b, peer))
			continue;
		if (bgp__plan_given(peer->spec.node_selector))
			emit_bits(b, BGP_PLANNED_NODE, peer, peer->local_bits);
		else if (peer->node_rank != PLAN_NONE)
			emit_node(b, BGP_PLANNED_NODE, peer, peer->node_rank);
		else if (bgp__plan_global(peer))
			for (uint32_t n = 0; n < b->plan->node_count; n++)
				emit_node(b, BGP_PLANNED_NODE, peer, n);
	}
}

void
bgp__plan_pass_mesh(struct plan_builder *b)
{
	const struct bgp_plan *plan = b->plan;
	const struct bgp_addr *own = &b->node->address[b->f].addr;

	if (!b->mesh || !plan->mesh || b->node->cluster_id != 0)
		return;
	for (uint32_t i = 0; i < plan->address_count[b->f]; i++) {
		const struct plan_node
		    *node = plan->nodes[plan->spoken[b->f][i]];

		if (b->err != BGP_OK)
			return;
		if (node->cluster_id == 0 &&
		    bgp_addr_compare(&node->address[b->f].addr, own) != 0)
			bgp__plan_emit_mesh(b, node);
	}
}
