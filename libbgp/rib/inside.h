/*
 * inside.h - what the speaker asks of its RIB beyond the public header.
 */
#ifndef BGP_RIB_INSIDE_H
#define BGP_RIB_INSIDE_H

#include "bgp/rib.h"
#include "libbgp/base/guard.h"

/* One guard for the RIB, for what is built on it and for its owner: a callback
 * of one shuts the doors of all. */
void bgp__rib_lend_guard(struct bgp_rib *rib, struct bgp__guard *guard);

/* For tests that compare with and without: no recall, no skipped policy, no
 * queue. */
void bgp__rib_no_shortcuts(struct bgp_rib *rib);

#endif
