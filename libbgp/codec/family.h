/*
 * family.h - the address families that the library knows, one row each.
 */
#ifndef BGP_CODEC_FAMILY_H
#define BGP_CODEC_FAMILY_H

#include "bgp/codec.h"

struct bgp__family {
	bgp_family family;
	const char *name;
	uint8_t form;       /* enum bgp_nlri_form */
	uint16_t bits_min;  /* BGP_NLRI_BITS: least length in bits */
	uint16_t bits_max;  /* BGP_NLRI_BITS: greatest length in bits */
	uint16_t next_hops; /* bit n: a next hop of 4 * n octets is sound */
	uint16_t ext_next_hops; /* the same, where RFC 8950 was negotiated */
	bool (*check)(const uint8_t *nlri, size_t len); /* NULL: none */
};

/* The row, or NULL where the family is not known by name. */
const struct bgp__family *bgp__family_find(bgp_family family);

/* One EVPN route with its type and length; types that are not known are
 * sound.                                            RFC 7432 7, 9136 3 */
bool bgp__evpn_is_sound(const uint8_t *nlri, size_t len);

#endif
