/*
 * builder.h - the sessions of one node under way.
 */
#ifndef BGP_PLAN_BUILDER_H
#define BGP_PLAN_BUILDER_H

#include "libbgp/plan/sessions.h"

/* What is under way: the list, and a hash table from address and port. */
struct plan_builder {
	struct bgp_plan *plan;
	const struct plan_node *node;
	uint32_t rank;
	int f;
	bool mesh; /* list it too */
	struct bgp_plan_sessions *out;
	uint32_t *table;     /* place in the list + 1, 0: free */
	uint32_t table_room; /* a power of two */
	int err;
};

/* What is known of a far end before it is a session. */
struct plan_far_end {
	const struct plan_address *address;
	const char *node;             /* NULL: of no node */
	uint16_t port;                /* 0: not said */
	uint32_t as_number, local_as; /* local_as 0: the node's */
	uint32_t cluster_id;          /* as far as it is known here */
	uint8_t allowed_local_as;
	bool may_wait; /* "calicoNode": the lower address dials */
};

/* ------------------------------------------------------------------- list.c */

/* One more session, not filled; NULL and b->err: no memory. */
struct bgp_planned *bgp__plan_append(struct plan_builder *b);

/* The slot that has this address and port, or the free one for it. */
uint32_t *bgp__plan_look_up(const struct plan_builder *b,
			    const struct bgp_addr *addr, uint16_t port);

/* Room for one more at half load. */
bool bgp__plan_grow_table(struct plan_builder *b);

/* ------------------------------------------------------------------- emit.c */

/* The first to come has the address and port; a node is no peer of itself. */
void bgp__plan_emit(struct plan_builder *b, enum bgp_planned_type type,
		    const struct plan_peer *peer,
		    const struct plan_far_end *far);
void bgp__plan_emit_mesh(struct plan_builder *b, const struct plan_node *node);

/* ----------------------------------------------------------------- passes.c */

/* A for the peers of every node, B for the others. */
void bgp__plan_pass_forward(struct plan_builder *b, bool global);
void bgp__plan_pass_back(struct plan_builder *b);

/* Every node that is no reflector with every other. */
void bgp__plan_pass_mesh(struct plan_builder *b);

#endif
