/*
 * collision.c - two connections to one peer: which one goes.
 *                                                  RFC 4271 6.8, RFC 6286 2.3
 *
 * Asked when a valid OPEN came on one of them.  The connection that the
 * dominant speaker initiated stays; dominant is the larger identifier and,
 * where they are equal, the larger AS.  Both ends see the same identifiers and
 * the same initiator, so both keep the same connection whichever OPEN they saw
 * first:
 *
 *                         new one is ours    new one is theirs
 *     we are dominant        close old           close new
 *     they are dominant      close new           close old
 */
#include "libbgp/session/collision.h"

static bool
remote_is_dominant(const struct bgp__collision_case *c)
{
	if (c->local_id != c->remote_id)
		return c->local_id < c->remote_id;
	return c->local_as < c->remote_as;
}

enum bgp__collision
bgp__collision_decide(const struct bgp__collision_case *c)
{
	if (c->old_state < BGP_OPENCONFIRM)
		return BGP__COLLISION_NONE;
	if (c->old_state == BGP_ESTABLISHED && !c->established_too)
		return BGP__COLLISION_NEW;
	return remote_is_dominant(c) == !c->new_is_ours ? BGP__COLLISION_OLD
							: BGP__COLLISION_NEW;
}
