/*
 * bitset.c - a set of 32-bit indices, one bit each, with its members counted.
 */
#include <string.h>

#include "libbgp/base/bitset.h"

/* Both rows stand in one block, the words first. */
static size_t
block_len(uint32_t word_count)
{
	return ((size_t)word_count + word_count / 64) * sizeof(uint64_t);
}

int
bgp__bitset_reserve(struct bgp__bitset *set, struct bgp__mem *mem,
		    uint32_t bits)
{
	uint32_t want = (bits / 64 + 64) & ~UINT32_C(63);
	uint32_t half = (set->word_count + set->word_count / 2) & ~UINT32_C(63);
	uint64_t *words;

	if (bits <= set->word_count * UINT64_C(64))
		return BGP_OK;
	if (want < half)
		want = half;
	words = bgp__mem_get(mem, block_len(want));
	if (words == NULL)
		return BGP_ERR_NOMEM;
	if (set->word_count != 0) {
		memcpy(words, set->words, set->word_count * sizeof *words);
		memcpy(words + want, set->sum,
		       set->word_count / 64 * sizeof *words);
	}
	bgp__mem_put(mem, set->words, block_len(set->word_count));
	set->words = words;
	set->sum = words + want;
	set->word_count = want;
	return BGP_OK;
}

void
bgp__bitset_fini(struct bgp__bitset *set, struct bgp__mem *mem)
{
	bgp__mem_put(mem, set->words, block_len(set->word_count));
	memset(set, 0, sizeof *set);
}

void
bgp__bitset_fill(struct bgp__bitset *set, uint32_t from, uint32_t to)
{
	while (from < to) {
		if (from % 64 == 0 && to - from >= 64) {
			set->count += (uint32_t)__builtin_popcountll(
			    ~set->words[from / 64]);
			set->words[from / 64] = UINT64_MAX;
			set->sum[from / 4096] |= UINT64_C(1) << from / 64 % 64;
			from += 64;
		} else {
			bgp__bitset_add(set, from++);
		}
	}
}

/* The larger block is kept, so no room is needed. */
void
bgp__bitset_take(struct bgp__bitset *set, struct bgp__bitset *other,
		 struct bgp__mem *mem)
{
	struct bgp__bitset less = *other;

	if (other->word_count > set->word_count) {
		less = *set;
		*set = *other;
	}
	memset(other, 0, sizeof *other);
	for (uint32_t w = 0; w < less.word_count; w++) {
		uint64_t more = less.words[w] & ~set->words[w];

		set->words[w] |= more;
		set->count += (uint32_t)__builtin_popcountll(more);
	}
	for (uint32_t w = 0; w < less.word_count / 64; w++)
		set->sum[w] |= less.sum[w];
	bgp__bitset_fini(&less, mem);
}

/* The lowest bit >= from of a row of words. */
static uint32_t
row_next(const uint64_t *row, uint32_t count, uint32_t from)
{
	uint32_t w = from / 64;
	uint64_t rest;

	if (w >= count)
		return BGP__BITSET_END;
	rest = row[w] & UINT64_MAX << from % 64;
	while (rest == 0) {
		if (++w == count)
			return BGP__BITSET_END;
		rest = row[w];
	}
	return w * 64 + (uint32_t)__builtin_ctzll(rest);
}

uint32_t
bgp__bitset_next(const struct bgp__bitset *set, uint32_t from)
{
	uint32_t w = from / 64;
	uint64_t rest;

	if (set->count == 0 || w >= set->word_count)
		return BGP__BITSET_END;
	rest = set->words[w] & UINT64_MAX << from % 64;
	if (rest != 0)
		return w * 64 + (uint32_t)__builtin_ctzll(rest);
	w = row_next(set->sum, set->word_count / 64, w + 1);
	if (w == BGP__BITSET_END)
		return BGP__BITSET_END;
	return w * 64 + (uint32_t)__builtin_ctzll(set->words[w]);
}
