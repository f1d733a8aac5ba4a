/*
 * nlri_store.h - NLRI kept as octets, named by a 32-bit index.
 *
 * A destination of plain prefixes holds its prefix itself.  The NLRI of all
 * other families may have any length up to 65535 octets: they live here,
 * counted by who names them - a destination, a path that was received with
 * other labels than the destination, a record of what a group was sent.
 *
 *   name:  [class, 4 bits][record, 28 bits]           0 names nothing
 *
 *   class 0    [refs|len|bits|up to  8 octets] [ … ]  records of one size
 *   class 1    [refs|len|bits|up to 16 octets] [ … ]
 *     …
 *   class 15   [pointer] -> [refs|len|bits|octets …]  a block for each
 *
 * Equal octets may have several names.  To give them one would take an index,
 * seven octets and a hash a route, and save nothing where it matters: paths of
 * one destination share a name while they say the same.
 */
#ifndef BGP_RIB_NLRI_STORE_H
#define BGP_RIB_NLRI_STORE_H

#include "bgp/codec.h"
#include "libbgp/base/slab.h"

#define BGP__NLRI_CLASSES 12 /* of records; their sizes: nlri_store.c */

struct bgp__nlri_record {
	uint32_t refs; /* the slab's own while free */
	uint16_t len;  /* as in struct bgp_nlri */
	uint16_t bits;
	uint8_t octets[];
};

struct bgp__nlri_store {
	struct bgp__mem *mem;
	struct bgp__slab classes[BGP__NLRI_CLASSES];
	struct bgp__slab large; /* of pointers */
	size_t large_octets;    /* of the blocks they point to */
	uint32_t count;
};

void bgp__nlri_store_init(struct bgp__nlri_store *store, struct bgp__mem *mem);
void bgp__nlri_store_fini(struct bgp__nlri_store *store);
size_t bgp__nlri_store_octets(const struct bgp__nlri_store *store);

/* A copy's name, held once; 0: no memory, or 2^28 of one size. */
uint32_t bgp__nlri_hold(struct bgp__nlri_store *store,
			const struct bgp_nlri *nlri);
void bgp__nlri_ref(struct bgp__nlri_store *store, uint32_t name);
/* Name 0 does nothing. */
void bgp__nlri_unref(struct bgp__nlri_store *store, uint32_t name);

/* The record does not move while it is held. */
struct bgp__nlri_record *bgp__nlri_at(const struct bgp__nlri_store *store,
				      uint32_t name);

/* Are these the very octets? */
bool bgp__nlri_is(const struct bgp__nlri_store *store, uint32_t name,
		  const struct bgp_nlri *nlri);

#endif
