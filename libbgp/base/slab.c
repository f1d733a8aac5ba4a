/*
 * slab.c - many equal records, named by a 32-bit index instead of a pointer.
 */
#include <string.h>

#include "libbgp/base/slab.h"

void
bgp__slab_init(struct bgp__slab *slab, struct bgp__mem *mem, uint32_t stride)
{
	memset(slab, 0, sizeof *slab);
	slab->mem = mem;
	slab->stride = stride;
}

static size_t
chunk_len(const struct bgp__slab *slab)
{
	return (size_t)slab->stride << BGP__SLAB_SHIFT;
}

void
bgp__slab_fini(struct bgp__slab *slab)
{
	for (uint32_t i = 0; i < slab->chunk_count; i++)
		bgp__mem_put(slab->mem, slab->chunks[i], chunk_len(slab));
	bgp__mem_put(slab->mem, slab->chunks,
		     slab->chunk_room * sizeof *slab->chunks);
	bgp__slab_init(slab, slab->mem, slab->stride);
}

/* Room in the directory of chunks for one more. */
static int
grow_directory(struct bgp__slab *slab)
{
	uint32_t room = slab->chunk_room != 0 ? slab->chunk_room * 2 : 4;
	uint8_t **chunks;

	if (slab->chunk_count < slab->chunk_room)
		return BGP_OK;
	if (slab->chunk_count >= UINT32_MAX >> (BGP__SLAB_SHIFT + 1))
		return BGP_ERR_LIMIT;
	chunks = bgp__mem_resize(slab->mem, slab->chunks,
				 slab->chunk_room * sizeof *chunks,
				 room * sizeof *chunks);
	if (chunks == NULL)
		return BGP_ERR_NOMEM;
	slab->chunks = chunks;
	slab->chunk_room = room;
	return BGP_OK;
}

static int
grow(struct bgp__slab *slab)
{
	uint8_t *chunk;

	if (grow_directory(slab) != BGP_OK)
		return BGP_ERR_NOMEM;
	chunk = bgp__mem_get(slab->mem, chunk_len(slab));
	if (chunk == NULL)
		return BGP_ERR_NOMEM;
	slab->chunks[slab->chunk_count++] = chunk;
	return BGP_OK;
}

uint32_t
bgp__slab_get(struct bgp__slab *slab)
{
	uint32_t index = slab->free;

	if (index != 0) {
		memcpy(&slab->free, bgp__slab_at(slab, index),
		       sizeof slab->free);
		memset(bgp__slab_at(slab, index), 0, sizeof slab->free);
	} else {
		if (slab->used == slab->chunk_count << BGP__SLAB_SHIFT &&
		    grow(slab) != BGP_OK)
			return 0;
		index = ++slab->used;
	}
	slab->live++;
	return index;
}

void
bgp__slab_put(struct bgp__slab *slab, uint32_t index)
{
	uint8_t *record = bgp__slab_at(slab, index);

	if (--slab->live == 0) {
		bgp__slab_fini(slab);
		return;
	}
	memset(record, 0, slab->stride);
	memcpy(record, &slab->free, sizeof slab->free);
	slab->free = index;
}

size_t
bgp__slab_octets(const struct bgp__slab *slab)
{
	return slab->chunk_count * chunk_len(slab) +
	    slab->chunk_room * sizeof *slab->chunks;
}
