/*
 * sessions.h - the sessions of one node, in two orders.
 */
#ifndef BGP_PLAN_SESSIONS_H
#define BGP_PLAN_SESSIONS_H

#include "libbgp/plan/plan.h"

struct bgp_plan_sessions {
	struct bgp_plan *plan;
	struct bgp_planned *list; /* as the passes found them */
	uint32_t *by_name;        /* places in the list; one block with … */
	uint32_t *by_place;       /* … those by address and port */
	uint32_t count, room;
	bool enabled;
};

/* mesh false: those of BGPPeers alone. */
int bgp__plan_sessions_of(struct bgp_plan *plan, uint32_t rank, int f,
			  bool mesh, struct bgp_plan_sessions **out);

/* By address, then port. */
int bgp__planned_compare(const struct bgp_planned *a,
			 const struct bgp_planned *b);

#endif
