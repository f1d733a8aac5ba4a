/*
 * collision.h - which of two connections goes; see collision.c.
 */
#ifndef BGP_SESSION_COLLISION_H
#define BGP_SESSION_COLLISION_H

#include "bgp/fsm.h"

enum bgp__collision {
	BGP__COLLISION_NONE, /* both go on */
	BGP__COLLISION_OLD,  /* close the existing connection */
	BGP__COLLISION_NEW   /* close the one whose OPEN came */
};

struct bgp__collision_case {
	enum bgp_state old_state; /* of the existing connection */
	bool new_is_ours;         /* we initiated the one whose OPEN came */
	bool established_too;     /* CollisionDetectEstablishedState */
	uint32_t local_id, remote_id;
	uint32_t local_as, remote_as;
};

enum bgp__collision bgp__collision_decide(const struct bgp__collision_case *c);

#endif
