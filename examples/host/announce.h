/*
 * announce.h - one prefix as an UPDATE, for programs without a RIB.
 */
#ifndef HOST_ANNOUNCE_H
#define HOST_ANNOUNCE_H

#include "bgp/session.h"

/*
 * Announces a prefix with the attributes every route must have: ORIGIN IGP,
 * AS_PATH (empty to iBGP, our AS to eBGP), LOCAL_PREF 100 (iBGP), next_hop.
 * An IPv4 next hop of an IPv6 prefix is written as ::ffff:a.b.c.d.
 *
 * BGP_OK; BGP_ERR_INVALID: an IPv4 prefix with an IPv6 next hop; else as
 * bgp_session_send.
 */
int announce(struct bgp_session *session, const struct bgp_prefix *prefix,
	     const struct bgp_addr *next_hop);

#endif
