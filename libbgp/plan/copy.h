/*
 * copy.h - what copying a node and copying a peer have in common.
 */
#ifndef BGP_PLAN_COPY_H
#define BGP_PLAN_COPY_H

#include "libbgp/plan/plan.h"

/* Where strings go, behind each other; at NULL: only counted. */
struct plan_packer {
	char *at;
	size_t len;
	bool too_long;
};

/* The copy; NULL: text is, or this is the counting. */
const char *bgp__plan_pack(struct plan_packer *p, const char *text);

/* The address before '/' or the end; what is behind '/' must be a length. */
bool bgp__plan_address_parse(struct plan_address *out, const char *text);

/* "10.0.0.1", "10.0.0.1:179", "fd00::1", "[fd00::1]:179"; port 0: none. */
bool bgp__plan_peer_ip_parse(struct plan_address *ip, uint16_t *port,
			     const char *text);

#endif
