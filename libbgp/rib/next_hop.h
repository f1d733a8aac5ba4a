/*
 * next_hop.h - the next hops in use, and what the host says of them.
 *
 * Each is held once, counted by the attribute sets that name it.  The host is
 * asked to watch it when it comes into use, and no more when it goes.
 */
#ifndef BGP_RIB_NEXT_HOP_H
#define BGP_RIB_NEXT_HOP_H

#include "bgp/types.h"
#include "libbgp/base/index.h"
#include "libbgp/base/slab.h"

struct bgp__next_hop {
	uint32_t chain; /* the slab's own while free */
	uint32_t refs;  /* 0: free */
	uint32_t igp_cost;
	bool reachable;
	bool changed; /* since the last sweep of the tables */
	struct bgp_addr addr;
};

struct bgp__next_hops {
	uint64_t seed;
	struct bgp__slab slab;
	struct bgp__index index;
	bool changed; /* some next hop is; the tables must be swept */
	bool marked;  /* some record has `changed` set */
	void *ctx;
	void (*watch)(void *ctx, const struct bgp_addr *addr);
	void (*unwatch)(void *ctx, const struct bgp_addr *addr);
};

void bgp__next_hops_init(struct bgp__next_hops *hops, struct bgp__mem *mem,
			 uint64_t seed);
void bgp__next_hops_fini(struct bgp__next_hops *hops);

/*
 * bgp__next_hop_address - the address in a next hop as on the wire, with or
 * without a distinguisher in front.     RFC 2545 3, RFC 4364 4.3.2, 4659 3.2.1
 *
 * scope is the interface of the session it came by, 0: not known; a link-local
 * address is of it, and of two addresses the link-local one is chosen where it
 * is known.  false: there is none, as by the length.
 */
bool bgp__next_hop_address(const uint8_t *octets, size_t len, uint32_t scope,
			   struct bgp_addr *out);

/* The record of an address, one reference more; 0: no memory. */
uint32_t bgp__next_hop_ref(struct bgp__next_hops *hops,
			   const struct bgp_addr *addr);
void bgp__next_hop_unref(struct bgp__next_hops *hops, uint32_t record);

/* The host's answer.  BGP_ERR_NOENT: not in use. */
int bgp__next_hop_set(struct bgp__next_hops *hops, const struct bgp_addr *addr,
		      bool reachable, uint32_t igp_cost);

/* All tables know of the changes: the marks go. */
void bgp__next_hops_settle(struct bgp__next_hops *hops);

static inline struct bgp__next_hop *
bgp__next_hop_at(const struct bgp__next_hops *hops, uint32_t record)
{
	return bgp__slab_at(&hops->slab, record);
}

#endif
