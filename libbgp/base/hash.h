/*
 * hash.h - a seeded hash of octets.
 *
 * Folds the two halves of a 128-bit product, sixteen octets a step.  Seeded by
 * the host, so that a peer cannot choose colliding prefixes; not a MAC.  The
 * answer depends on nothing but octets and seed: the same on every machine.
 */
#ifndef BGP_BASE_HASH_H
#define BGP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 bgp__u128;

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

/* Odd constants with about as many ones as zeros. */
#define BGP__HASH_K0 UINT64_C(0xa24baed4963ee407)
#define BGP__HASH_K1 UINT64_C(0x9fb21c651e98df25)

/* Of two words; the seed may have what else tells keys apart mixed in. */
static inline uint64_t
bgp__hash_words(uint64_t seed, uint64_t a, uint64_t b)
{
	uint64_t h = bgp__fold(seed ^ BGP__HASH_K0, b ^ BGP__HASH_K1);

	return bgp__fold(bgp__fold(a ^ h, BGP__HASH_K1), BGP__HASH_K0);
}

uint64_t bgp__hash(uint64_t seed, const uint8_t *octets, size_t len);

#endif
