/*
 * hop.h - the next hop of a family, by its length.
 */
#ifndef BGP_CODEC_HOP_H
#define BGP_CODEC_HOP_H

#include "bgp/codec.h"

/*
 * Of a length that is not sound, is it that of another agreement: an IPv6 next
 * hop of IPv4 NLRI where RFC 8950 was not negotiated.  The NLRI behind it can
 * be located, so RFC 7606 7.11 asks for no reset.
 */
bool bgp__next_hop_is_foreign(const struct bgp_family_codec *family,
			      size_t len);

/* May a next hop of this family have so many octets?  RFC 4760 3, 8950 3 */
bool bgp__next_hop_is_sound(const struct bgp_family_codec *family, size_t len);

/* Could a host have this address, whose length is sound?   RFC 4271 6.3 */
bool bgp__next_hop_is_host(const struct bgp_codec *codec, bgp_family family,
			   struct bgp_span hop);

/*
 * An address as a next hop of the family is written, behind a distinguisher of
 * 0 where it must have one (RFC 4364 4.3.2).  Answers octets, at most 24; 0:
 * the family has no such next hop.
 */
size_t bgp__next_hop_write(const struct bgp_family_codec *family,
			   const struct bgp_addr *addr, uint8_t *buf);

#endif
