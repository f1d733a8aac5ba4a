/*
 * bitset.h - a set of 32-bit indices, one bit each, with its members counted.
 *
 * A second row of words has one bit for every word that is not zero, so that
 * finding the next member of a sparse set touches 1/4096 of its octets.
 *
 *   sum    [ 1 0 0 1 … ]            one bit a word
 *   words  [ .1.. ][ 0 ][ 0 ][ 1… ]
 *
 * Room is made by bgp__bitset_reserve alone; setting a bit cannot fail.
 */
#ifndef BGP_BASE_BITSET_H
#define BGP_BASE_BITSET_H

#include <stdbool.h>

#include "libbgp/base/mem.h"

#define BGP__BITSET_END UINT32_MAX

struct bgp__bitset {
	uint64_t *words, *sum;
	uint32_t word_count; /* words; a multiple of 64 */
	uint32_t count;      /* members */
};

/* Room for indices below `bits`; what is in the set stays. */
int bgp__bitset_reserve(struct bgp__bitset *set, struct bgp__mem *mem,
			uint32_t bits);
void bgp__bitset_fini(struct bgp__bitset *set, struct bgp__mem *mem);

/* Adds from … to - 1. */
void bgp__bitset_fill(struct bgp__bitset *set, uint32_t from, uint32_t to);

/* Adds the members of another set, which is then empty and has no room. */
void bgp__bitset_take(struct bgp__bitset *set, struct bgp__bitset *other,
		      struct bgp__mem *mem);

/* The first member >= from, or BGP__BITSET_END. */
uint32_t bgp__bitset_next(const struct bgp__bitset *set, uint32_t from);

static inline size_t
bgp__bitset_octets(const struct bgp__bitset *set)
{
	return ((size_t)set->word_count + set->word_count / 64) *
	    sizeof(uint64_t);
}

/* An index beyond the room is not a member. */
static inline bool
bgp__bitset_test(const struct bgp__bitset *set, uint32_t i)
{
	return i / 64 < set->word_count && (set->words[i / 64] >> i % 64 & 1);
}

static inline void
bgp__bitset_add(struct bgp__bitset *set, uint32_t i)
{
	uint64_t *word = &set->words[i / 64], bit = UINT64_C(1) << i % 64;

	set->count += (*word & bit) == 0;
	*word |= bit;
	set->sum[i / 4096] |= UINT64_C(1) << i / 64 % 64;
}

static inline void
bgp__bitset_remove(struct bgp__bitset *set, uint32_t i)
{
	uint64_t *word, bit = UINT64_C(1) << i % 64;

	if (!bgp__bitset_test(set, i))
		return;
	word = &set->words[i / 64];
	*word &= ~bit;
	set->count--;
	if (*word == 0)
		set->sum[i / 4096] &= ~(UINT64_C(1) << i / 64 % 64);
}

#endif
