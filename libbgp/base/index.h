/*
 * index.h - from a hash to the records that have it; records are named by
 * 32-bit indices and live elsewhere.
 *
 * Two hundred and fifty-six open tables with linear probing, chosen by the top
 * octet of the hash.  Each grows on its own, so the longest pause at a million
 * records is the move of four thousand.  One octet of the hash stands in a
 * row of tags beside the slots: probing reads tags, 64 a cache line, and looks
 * at a record only when its tag fits.
 *
 *   part[h >> 56]:  tags  [ . 7f . . 03 … ]   0 empty, 1 left, else a tag
 *                   slots [ . 12 . . 99 … ]   index of the record
 *
 * Looking up:
 *
 *     for (it = bgp__index_first(ix, h); it.record != 0;
 *          bgp__index_again(ix, &it))
 *             if (record it.record is the one) …
 */
#ifndef BGP_BASE_INDEX_H
#define BGP_BASE_INDEX_H

#include "libbgp/base/mem.h"

#define BGP__INDEX_PARTS 256

struct bgp__index_part {
	uint8_t *tags;   /* `room` tags, then slots, in one block */
	uint32_t *slots;
	uint32_t count;  /* records */
	uint32_t taken;  /* records and left places */
	uint32_t room;   /* a power of two, 0: nothing yet */
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
	uint32_t at;
	uint32_t record; /* 0: no more */
};

void bgp__index_init(struct bgp__index *ix, struct bgp__mem *mem,
		     const struct bgp__index_hooks *hooks, const void *ctx);
void bgp__index_fini(struct bgp__index *ix);
int bgp__index_add(struct bgp__index *ix, uint64_t hash, uint32_t record);
void bgp__index_remove(struct bgp__index *ix, uint64_t hash, uint32_t record);
size_t bgp__index_octets(const struct bgp__index *ix);

/* Tags 0 and 1 are taken. */
static inline uint8_t
bgp__index_tag(uint64_t hash)
{
	uint8_t tag = (uint8_t)(hash >> 48);

	return tag < 2 ? (uint8_t)(tag + 2) : tag;
}

/* The places of this hash are about to be needed. */
static inline void
bgp__index_prefetch(const struct bgp__index *ix, uint64_t hash)
{
	const struct bgp__index_part *part;
	uint32_t at;

	if (ix->parts == NULL || ix->parts[hash >> 56].room == 0)
		return;
	part = &ix->parts[hash >> 56];
	at = (uint32_t)hash & (part->room - 1);
	__builtin_prefetch(&part->tags[at]);
	__builtin_prefetch(&part->slots[at]);
}

static inline void
bgp__index_scan(const struct bgp__index *ix, struct bgp__index_iter *it)
{
	const struct bgp__index_part *part = &ix->parts[it->hash >> 56];
	uint8_t tag = bgp__index_tag(it->hash);

	for (;; it->at++) {
		uint32_t i = it->at & (part->room - 1);

		if (part->tags[i] == tag) {
			it->record = part->slots[i];
			return;
		}
		if (part->tags[i] == 0) {
			it->record = 0;
			return;
		}
	}
}

static inline struct bgp__index_iter
bgp__index_first(const struct bgp__index *ix, uint64_t hash)
{
	struct bgp__index_iter it = { hash, (uint32_t)hash, 0 };

	if (ix->parts != NULL && ix->parts[hash >> 56].room != 0)
		bgp__index_scan(ix, &it);
	return it;
}

static inline void
bgp__index_again(const struct bgp__index *ix, struct bgp__index_iter *it)
{
	it->at++;
	bgp__index_scan(ix, it);
}

#endif
