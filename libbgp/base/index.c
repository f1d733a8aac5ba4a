/*
 * index.c - from a hash to the records that have it.
 */
#include <string.h>

#include "libbgp/base/index.h"

#define OVER_MANY 255
#define LINE      64 /* octets of a cache line, and of a group */
#define AHEAD     16

void
bgp__index_init(struct bgp__index *ix, struct bgp__mem *mem,
		const struct bgp__index_hooks *hooks, const void *ctx)
{
	memset(ix, 0, sizeof *ix);
	ix->mem = mem;
	ix->hooks = hooks;
	ix->ctx = ctx;
}

/* With what it takes to align it. */
static size_t
block_len(uint32_t room)
{
	return room * sizeof(struct bgp__index_group) + LINE - 1;
}

static void
part_del(struct bgp__index *ix, struct bgp__index_part *part)
{
	if (part->block != NULL)
		bgp__mem_put(ix->mem, part->block, block_len(part->room));
	memset(part, 0, sizeof *part);
}

void
bgp__index_fini(struct bgp__index *ix)
{
	if (ix->parts == NULL)
		return;
	for (unsigned i = 0; i < BGP__INDEX_PARTS; i++)
		part_del(ix, &ix->parts[i]);
	bgp__mem_put(ix->mem, ix->parts, BGP__INDEX_PARTS * sizeof *ix->parts);
	ix->parts = NULL;
}

static int
part_new(struct bgp__mem *mem, struct bgp__index_part *part, uint32_t room)
{
	uint8_t *block = bgp__mem_get(mem, block_len(room));

	if (block == NULL)
		return BGP_ERR_NOMEM;
	part->block = block;
	part->groups = (void *)(block + (-(uintptr_t)block & (LINE - 1)));
	part->count = 0;
	part->room = room;
	return BGP_OK;
}

/* There is room: at most seven of eight slots are taken. */
static void
part_add(struct bgp__index_part *part, uint64_t hash, uint32_t record)
{
	struct bgp__index_group *group = bgp__index_home(part, hash);
	uint64_t at = hash;
	uint32_t slot, none;

	while ((none = bgp__group_find(group, 0)) == 0) {
		if (group->over < OVER_MANY)
			group->over++;
		group = bgp__index_home(part, ++at);
	}
	slot = (uint32_t)__builtin_ctz(none);
	group->tags[slot] = bgp__index_tag(hash);
	group->slots[slot] = record;
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
	const uint32_t slots = from->room * BGP__GROUP_SLOTS;
	uint32_t ring[AHEAD], in = 0, out = 0;

	for (uint32_t i = 0; i < slots || out < in; i++) {
		const struct bgp__index_group *group =
		    &from->groups[i < slots ? i / BGP__GROUP_SLOTS : 0];
		uint32_t slot = i % BGP__GROUP_SLOTS;

		if (i < slots && group->tags[slot] == 0)
			continue;
		if (i < slots) {
			ring[in % AHEAD] = group->slots[slot];
			__builtin_prefetch(
			    ix->hooks->at(ix->ctx, ring[in++ % AHEAD]));
		}
		if (in - out < AHEAD && i < slots)
			continue;
		part_add(to, ix->hooks->hash(ix->ctx, ring[out % AHEAD]),
			 ring[out % AHEAD]);
		out++;
	}
}

/* Moves a part to a block of twice the room. */
static int
part_grow(struct bgp__index *ix, struct bgp__index_part *part)
{
	struct bgp__index_part fresh;

	if (part_new(ix->mem, &fresh, part->room == 0 ? 1 : part->room * 2) !=
	    BGP_OK)
		return BGP_ERR_NOMEM;
	part_move(ix, part, &fresh);
	part_del(ix, part);
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
	if (part->count >= part->room * BGP__GROUP_SLOTS * 7 / 8 &&
	    part_grow(ix, part) != BGP_OK)
		return BGP_ERR_NOMEM;
	part_add(part, hash, record);
	return BGP_OK;
}

/* The slot of a record in a group, BGP__GROUP_SLOTS: not here. */
static unsigned
slot_of(const struct bgp__index_group *group, uint8_t tag, uint32_t record)
{
	uint32_t fits = bgp__group_find(group, tag);

	for (; fits != 0; fits &= fits - 1)
		if (group->slots[__builtin_ctz(fits)] == record)
			return (unsigned)__builtin_ctz(fits);
	return BGP__GROUP_SLOTS;
}

/* Those it went past on the way in do not know of it any more. */
static void
forget_over(struct bgp__index_part *part, uint64_t hash, uint32_t passed)
{
	for (; passed > 0; passed--) {
		struct bgp__index_group *group = bgp__index_home(part, hash++);

		if (group->over < OVER_MANY)
			group->over--;
	}
}

void
bgp__index_remove(struct bgp__index *ix, uint64_t hash, uint32_t record)
{
	struct bgp__index_part *part;
	struct bgp__index_group *group;
	uint32_t passed = 0;
	unsigned slot;

	if (ix->parts == NULL)
		return;
	part = &ix->parts[hash >> 56];
	for (; passed < part->room; passed++) {
		group = bgp__index_home(part, hash + passed);
		slot = slot_of(group, bgp__index_tag(hash), record);
		if (slot < BGP__GROUP_SLOTS) {
			group->tags[slot] = 0;
			forget_over(part, hash, passed);
			if (--part->count == 0)
				part_del(ix, part);
			return;
		}
		if (group->over == 0)
			return;
	}
}

size_t
bgp__index_octets(const struct bgp__index *ix)
{
	size_t octets = 0;

	if (ix->parts == NULL)
		return 0;
	for (unsigned i = 0; i < BGP__INDEX_PARTS; i++)
		if (ix->parts[i].room != 0)
			octets += block_len(ix->parts[i].room);
	return octets + BGP__INDEX_PARTS * sizeof *ix->parts;
}
