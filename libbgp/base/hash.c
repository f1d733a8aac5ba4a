/*
 * hash.c - a seeded hash of octets.
 */
#include "libbgp/base/hash.h"

#define K0 BGP__HASH_K0
#define K1 BGP__HASH_K1

static uint64_t
load_tail(const uint8_t *p, size_t len)
{
	uint64_t v = 0;

	while (len > 0)
		v = v << 8 | p[--len];
	return v;
}

uint64_t
bgp__hash(uint64_t seed, const uint8_t *octets, size_t len)
{
	uint64_t h = bgp__fold(seed ^ K0, (uint64_t)len ^ K1);
	size_t left = len;

	for (; left >= 16; left -= 16, octets += 16)
		h = bgp__fold(bgp__load64le(octets) ^ K0 ^ h,
			      bgp__load64le(octets + 8) ^ K1);
	if (left >= 8) {
		h = bgp__fold(bgp__load64le(octets) ^ h, K0);
		octets += 8;
		left -= 8;
	}
	if (left > 0)
		h = bgp__fold(load_tail(octets, left) ^ h, K1);
	return bgp__fold(h, K0);
}
