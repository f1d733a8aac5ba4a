/*
 * index.c - from a hash to the records that have it.
 */
#include <string.h>

#include "libbgp/base/index.h"

#define LEFT     1 /* a tag: a record went, probing goes on */
#define ROOM_MIN 8
#define AHEAD    16

void
bgp__index_init(struct bgp__index *ix, struct bgp__mem *mem,
		const struct bgp__index_hooks *hooks, const void *ctx)
{
	memset(ix, 0, sizeof *ix);
	ix->mem = mem;
	ix->hooks = hooks;
	ix->ctx = ctx;
}

static size_t
part_len(uint32_t room)
{
	return (size_t)room * (sizeof(uint8_t) + sizeof(uint32_t));
}

void
bgp__index_fini(struct bgp__index *ix)
{
	if (ix->parts == NULL)
		return;
	for (unsigned i = 0; i < BGP__INDEX_PARTS; i++)
		bgp__mem_put(ix->mem, ix->parts[i].slots,
		    part_len(ix->parts[i].room));
	bgp__mem_put(ix->mem, ix->parts, BGP__INDEX_PARTS * sizeof *ix->parts);
	ix->parts = NULL;
}

/* The slots come first in the block: they need the alignment. */
static int
part_new(struct bgp__mem *mem, struct bgp__index_part *part, uint32_t room)
{
	memset(part, 0, sizeof *part);
	part->slots = bgp__mem_get(mem, part_len(room));
	if (part->slots == NULL)
		return BGP_ERR_NOMEM;
	part->tags = (uint8_t *)(part->slots + room);
	part->room = room;
	return BGP_OK;
}

static void
part_add(struct bgp__index_part *part, uint64_t hash, uint32_t record)
{
	uint32_t i = (uint32_t)hash & (part->room - 1);

	while (part->tags[i] > LEFT)
		i = (i + 1) & (part->room - 1);
	part->taken += part->tags[i] == 0;
	part->tags[i] = bgp__index_tag(hash);
	part->slots[i] = record;
	part->count++;
}

/*
 * The records lie anywhere: each is fetched AHEAD of the one that is hashed, or
 * every one would be waited for.
 */
static void
part_move(const struct bgp__index *ix, const struct bgp__index_part *from,
	  struct bgp__index_part *to)
{
	uint32_t ring[AHEAD], in = 0, out = 0;

	for (uint32_t i = 0; i < from->room || out < in; i++) {
		if (i < from->room && from->tags[i] <= LEFT)
			continue;
		if (i < from->room) {
			ring[in % AHEAD] = from->slots[i];
			__builtin_prefetch(ix->hooks->at(ix->ctx,
			    ring[in++ % AHEAD]));
		}
		if (in - out < AHEAD && i < from->room)
			continue;
		part_add(to, ix->hooks->hash(ix->ctx, ring[out % AHEAD]),
		    ring[out % AHEAD]);
		out++;
	}
}

/* Moves a part to a block where one more record fits well. */
static int
part_grow(struct bgp__index *ix, struct bgp__index_part *part)
{
	struct bgp__index_part fresh;
	uint32_t room = ROOM_MIN;

	while (room / 8 * 7 < part->count + part->count / 2 + 1)
		room *= 2;
	if (part_new(ix->mem, &fresh, room) != BGP_OK)
		return BGP_ERR_NOMEM;
	part_move(ix, part, &fresh);
	bgp__mem_put(ix->mem, part->slots, part_len(part->room));
	*part = fresh;
	return BGP_OK;
}

int
bgp__index_add(struct bgp__index *ix, uint64_t hash, uint32_t record)
{
	struct bgp__index_part *part;

	if (ix->parts == NULL)
		ix->parts = bgp__mem_get(ix->mem,
		    BGP__INDEX_PARTS * sizeof *ix->parts);
	if (ix->parts == NULL)
		return BGP_ERR_NOMEM;
	part = &ix->parts[hash >> 56];
	if (part->taken >= part->room / 8 * 7 &&
	    part_grow(ix, part) != BGP_OK)
		return BGP_ERR_NOMEM;
	part_add(part, hash, record);
	return BGP_OK;
}

void
bgp__index_remove(struct bgp__index *ix, uint64_t hash, uint32_t record)
{
	struct bgp__index_iter it = bgp__index_first(ix, hash);
	struct bgp__index_part *part;
	uint32_t i;

	while (it.record != 0 && it.record != record)
		bgp__index_again(ix, &it);
	if (it.record == 0)
		return;
	part = &ix->parts[hash >> 56];
	i = it.at & (part->room - 1);
	if (--part->count == 0) {
		bgp__mem_put(ix->mem, part->slots, part_len(part->room));
		memset(part, 0, sizeof *part);
		return;
	}
	/* The last of its run leaves no gap to probe across. */
	if (part->tags[(i + 1) & (part->room - 1)] == 0) {
		part->tags[i] = 0;
		part->taken--;
	} else {
		part->tags[i] = LEFT;
	}
}

size_t
bgp__index_octets(const struct bgp__index *ix)
{
	size_t octets = 0;

	if (ix->parts == NULL)
		return 0;
	for (unsigned i = 0; i < BGP__INDEX_PARTS; i++)
		octets += part_len(ix->parts[i].room);
	return octets + BGP__INDEX_PARTS * sizeof *ix->parts;
}
