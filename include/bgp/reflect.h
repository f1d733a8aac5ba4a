/*
 * bgp/reflect.h - the rules of route reflection as pure functions.  RFC 4456
 *
 * May a route from A go to B, and what is stamped on it when it does.  The
 * speaker follows them; a host may build a reflector of its own from them.
 */
#ifndef BGP_REFLECT_H
#define BGP_REFLECT_H

#include "bgp/rib.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/*
 * bgp_reflect_allowed - may a best path from `from` be told to `to`?
 *                                                                 RFC 4456 6
 *
 *                to EBGP  CLIENT  NON_CLIENT
 *   from LOCAL      yes     yes      yes
 *   from EBGP       yes     yes      yes
 *   from CLIENT     yes     (1)      yes      (1) client_to_client
 *   from NON_CLIENT yes     yes      no
 *
 * Not asked: whether `to` is the very peer it came from.
 */
bool bgp_reflect_allowed(enum bgp_kind from, enum bgp_kind to,
			 bool client_to_client);

/* Must ORIGINATOR_ID and CLUSTER_LIST be stamped?  iBGP to iBGP only.
 *                                                                 RFC 4456 8 */
bool bgp_reflect_stamped(enum bgp_kind from, enum bgp_kind to);

/* Does a loop forbid a received route?              RFC 4456 8, RFC 4271 9.1.2
 * attrs: ascending codes or not, AS numbers in 4 octets. */
enum bgp_loop bgp_reflect_loop(const struct bgp_attr *attrs, size_t count,
			       uint32_t router_id, uint32_t cluster_id,
			       uint32_t local_as, unsigned own_as_allowed);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
