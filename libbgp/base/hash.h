/*
 * hash.h - keyed hashes of octets that peers choose.
 *
 * Of octets SipHash-1-3 (Aumasson, Bernstein 2012): one round for each word
 * taken in, three at the end.  Who does not know the seed can choose neither
 * octets that collide nor octets whose hash the seed has no part in, as
 * multiplication by known constants would let him.  Of prefixes, which are
 * short and many, products with secret words.  The answer depends on nothing
 * but octets and seed: the same on every machine.
 */
#ifndef BGP_BASE_HASH_H
#define BGP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bgp/types.h"

__extension__ typedef unsigned __int128 bgp__u128;

/* Both halves of the product: mixes numbers that nobody chooses to collide. */
static inline uint64_t
bgp__fold(uint64_t a, uint64_t b)
{
	bgp__u128 m = (bgp__u128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static inline uint64_t
bgp__load64le(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

struct bgp__sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t
bgp__rotate(uint64_t word, unsigned left)
{
	return word << left | word >> (64 - left);
}

static inline void
bgp__sip_round(struct bgp__sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = bgp__rotate(s->v1, 13) ^ s->v0;
	s->v3 = bgp__rotate(s->v3, 16) ^ s->v2;
	s->v0 = bgp__rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = bgp__rotate(s->v1, 17) ^ s->v2;
	s->v3 = bgp__rotate(s->v3, 21) ^ s->v0;
	s->v2 = bgp__rotate(s->v2, 32);
}

/* The key is the seed and, for want of 64 more bits of the host's, the seed
 * turned round. */
static inline struct bgp__sip
bgp__sip_begin(uint64_t seed)
{
	uint64_t other = bgp__rotate(seed, 32) ^ UINT64_C(0x9fb21c651e98df25);

	return (struct bgp__sip){
		seed ^ UINT64_C(0x736f6d6570736575),
		other ^ UINT64_C(0x646f72616e646f6d),
		seed ^ UINT64_C(0x6c7967656e657261),
		other ^ UINT64_C(0x7465646279746573),
	};
}

static inline void
bgp__sip_take(struct bgp__sip *s, uint64_t word)
{
	s->v3 ^= word;
	bgp__sip_round(s);
	s->v0 ^= word;
}

static inline uint64_t
bgp__sip_end(struct bgp__sip *s)
{
	s->v2 ^= 0xff;
	bgp__sip_round(s);
	bgp__sip_round(s);
	bgp__sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/*
 * Keys of a length that is always the same: products with words that nobody
 * but the host's seed knows.  Where a factor is a public constant an operand
 * can be chosen that makes the product 0; here he who chooses the operand does
 * not know what it would have to be.
 */
struct bgp__secret {
	uint64_t words[4];
};

struct bgp__secret bgp__secret_of(uint64_t seed);

static inline uint64_t
bgp__hash_word(const struct bgp__secret *secret, uint64_t word)
{
	const uint64_t *s = secret->words;

	return bgp__fold(bgp__fold(word ^ s[0], s[1]) ^ s[2], s[3]);
}

static inline uint64_t
bgp__hash_words(const struct bgp__secret *secret, uint64_t a, uint64_t b,
		uint64_t c)
{
	const uint64_t *s = secret->words;

	return bgp__fold(bgp__fold(a ^ s[0], b ^ s[1]) ^ c ^ s[2], s[3]);
}

uint64_t bgp__hash(uint64_t seed, const uint8_t *octets, size_t len);

/* Of all that bgp_addr_compare compares. */
static inline uint64_t
bgp__hash_addr(uint64_t seed, const struct bgp_addr *addr)
{
	return bgp__hash(seed ^ addr->scope, addr->octets, addr->len);
}

#endif
