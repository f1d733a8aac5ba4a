/*
 * index.h - from a hash to the records that have it; records are named by
 * 32-bit indices and live elsewhere.
 *
 * Two hundred and fifty-six open tables, chosen by the top octet of the hash.
 * Each grows on its own, so the longest pause at a million records is the move
 * of four thousand.  A table is an array of groups, each one cache line: a
 * look-up that finds nothing touches one line, one that finds something a
 * second, the record's.
 *
 *   part[h >> 56]:  [group][group]…        home: low bits of the hash
 *   group:  tags  [ . 7f . 03 … ] 12       one octet of the hash, 0: free
 *           over  records that found no place here and went further
 *           slots [ . 12 . 99 … ] 12       index of the record
 *
 * All tags of a group are compared at once.  Looking on ends where nobody went
 * further, so a record that leaves leaves no trace.
 *
 * Looking up:
 *
 *     for (it = bgp__index_first(ix, h); it.record != 0;
 *          bgp__index_again(ix, &it))
 *             if (record it.record is the one) …
 */
#ifndef BGP_BASE_INDEX_H
#define BGP_BASE_INDEX_H

#include "libbgp/base/hash.h"
#include "libbgp/base/mem.h"

#define BGP__INDEX_PARTS 256
#define BGP__GROUP_SLOTS 12

struct bgp__index_group {
	uint8_t tags[BGP__GROUP_SLOTS];
	uint8_t over; /* OVER_MANY: that many or more, for good */
	uint8_t spare[3];
	uint32_t slots[BGP__GROUP_SLOTS];
};

struct bgp__index_part {
	struct bgp__index_group *groups; /* aligned, inside of block */
	void *block;
	uint32_t count; /* records */
	uint32_t room;  /* groups: a power of two, 0: nothing yet */
};

/* What the index must know of records when it moves them. */
struct bgp__index_hooks {
	uint64_t (*hash)(const void *ctx, uint32_t record);
	const void *(*at)(const void *ctx, uint32_t record); /* to fetch it */
};

struct bgp__index {
	struct bgp__mem *mem;
	const struct bgp__index_hooks *hooks;
	const void *ctx;
	struct bgp__index_part *parts; /* NULL: empty */
};

struct bgp__index_iter {
	uint64_t hash;
	uint32_t group;  /* the one looked at, before its place is masked */
	uint32_t left;   /* groups still to look at, this one included */
	uint32_t fits;   /* a bit for every slot whose tag fits */
	uint32_t record; /* 0: no more */
};

void bgp__index_init(struct bgp__index *ix, struct bgp__mem *mem,
		     const struct bgp__index_hooks *hooks, const void *ctx);
void bgp__index_fini(struct bgp__index *ix);
int bgp__index_add(struct bgp__index *ix, uint64_t hash, uint32_t record);
void bgp__index_remove(struct bgp__index *ix, uint64_t hash, uint32_t record);
size_t bgp__index_octets(const struct bgp__index *ix);

/* Tag 0 is taken. */
static inline uint8_t
bgp__index_tag(uint64_t hash)
{
	uint8_t tag = (uint8_t)(hash >> 48);

	return tag == 0 ? 1 : tag;
}

static inline struct bgp__index_group *
bgp__index_home(const struct bgp__index_part *part, uint64_t group)
{
	return &part->groups[(uint32_t)group & (part->room - 1)];
}

/* A bit for every octet of the eight that is the tag. */
static inline uint32_t
bgp__octets_equal(const uint8_t *octets, uint8_t tag)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t v = bgp__load64le(octets) ^ UINT64_C(0x0101010101010101) * tag;

	v = ~(((v & low) + low) | v | low) >> 7; /* 1 where the octet is 0 */
	return (uint32_t)(v * UINT64_C(0x0102040810204080) >> 56);
}

/* A bit for every slot of the group with this tag. */
static inline uint32_t
bgp__group_find(const struct bgp__index_group *group, uint8_t tag)
{
	return bgp__octets_equal(group->tags, tag) |
	    (bgp__octets_equal(group->tags + 8, tag) & 0xf) << 8;
}

/* The group of this hash is about to be needed. */
static inline void
bgp__index_prefetch(const struct bgp__index *ix, uint64_t hash)
{
	if (ix->parts != NULL && ix->parts[hash >> 56].room != 0)
		__builtin_prefetch(
		    bgp__index_home(&ix->parts[hash >> 56], hash), 1);
}

static inline void
bgp__index_again(const struct bgp__index *ix, struct bgp__index_iter *it)
{
	const struct bgp__index_part *part = &ix->parts[it->hash >> 56];
	const struct bgp__index_group *group = bgp__index_home(part, it->group);

	while (it->fits == 0) {
		if (group->over == 0 || --it->left == 0) {
			it->record = 0;
			return;
		}
		group = bgp__index_home(part, ++it->group);
		it->fits = bgp__group_find(group, bgp__index_tag(it->hash));
	}
	it->record = group->slots[__builtin_ctz(it->fits)];
	it->fits &= it->fits - 1;
}

static inline struct bgp__index_iter
bgp__index_first(const struct bgp__index *ix, uint64_t hash)
{
	struct bgp__index_iter it = { hash, (uint32_t)hash, 0, 0, 0 };
	const struct bgp__index_part *part;

	if (ix->parts == NULL || ix->parts[hash >> 56].room == 0)
		return it;
	part = &ix->parts[hash >> 56];
	it.left = part->room;
	it.fits = bgp__group_find(bgp__index_home(part, hash),
				  bgp__index_tag(hash));
	bgp__index_again(ix, &it);
	return it;
}

#endif
