/*
 * hash.c - a keyed hash of octets: words as they come, the last with the
 * length in its first octet, as SipHash pads.
 */
#include "libbgp/base/hash.h"

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
	struct bgp__sip s = bgp__sip_begin(seed);
	size_t left = len;

	for (; left >= 8; left -= 8, octets += 8)
		bgp__sip_take(&s, bgp__load64le(octets));
	bgp__sip_take(&s, load_tail(octets, left) | (uint64_t)len << 56);
	return bgp__sip_end(&s);
}

/* Odd, so that no factor is 0. */
struct bgp__secret
bgp__secret_of(uint64_t seed)
{
	struct bgp__secret out;

	for (uint8_t i = 0; i < 4; i++)
		out.words[i] = bgp__hash(seed, &i, 1) | 1;
	return out;
}
