/*
 * slab.h - many equal records, named by a 32-bit index instead of a pointer.
 *
 * Records live in chunks that never move, so a pointer stays good while the
 * record lives.  Index 0 names nothing.  Freed records are chained through
 * their first four octets and used again first; the rest of a free record is
 * zero, so a flag behind the first four octets tells living from free.  When
 * the last record goes, all chunks return to the host.
 *
 *   chunks -> [ 1024 records ][ 1024 records ] …      index = chunk, record
 */
#ifndef BGP_BASE_SLAB_H
#define BGP_BASE_SLAB_H

#include "libbgp/base/mem.h"

#define BGP__SLAB_SHIFT 10
#define BGP__SLAB_CHUNK (1u << BGP__SLAB_SHIFT)

struct bgp__slab {
	struct bgp__mem *mem;
	uint8_t **chunks;
	uint32_t chunk_count, chunk_room;
	uint32_t stride; /* octets of a record, a multiple of 4 */
	uint32_t used;   /* indices 1 … used were handed out at least once */
	uint32_t live;
	uint32_t free; /* first of the free chain, 0: none */
};

void bgp__slab_init(struct bgp__slab *slab, struct bgp__mem *mem,
		    uint32_t stride);
void bgp__slab_fini(struct bgp__slab *slab);

/* A zeroed record's index, or 0: no memory (or 2^32 records). */
uint32_t bgp__slab_get(struct bgp__slab *slab);
void bgp__slab_put(struct bgp__slab *slab, uint32_t index);

/* Octets held, free records included. */
size_t bgp__slab_octets(const struct bgp__slab *slab);

static inline void *
bgp__slab_at(const struct bgp__slab *slab, uint32_t index)
{
	uint32_t i = index - 1;

	return slab->chunks[i >> BGP__SLAB_SHIFT] +
	    (size_t)(i & (BGP__SLAB_CHUNK - 1)) * slab->stride;
}

#endif
