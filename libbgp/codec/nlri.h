/*
 * nlri.h - NLRI of one family: told apart once, walked without doubt.
 */
#ifndef BGP_CODEC_NLRI_H
#define BGP_CODEC_NLRI_H

#include "bgp/codec.h"
#include "libbgp/codec/family.h"

/* How the NLRI of a session's family are delimited; 0: nobody knows. */
uint8_t bgp__nlri_form(const struct bgp_family_codec *family);

/*
 * Octets of the labels in front of a prefix and `behind` more bits.  One,
 * whatever its bottom-of-stack bit; more only where what is behind one is too
 * long for a prefix.  bits >= 24, and octets for all of them. RFC 8277 2.2, 2.3
 */
size_t bgp__labels_len(const struct bgp_nlri *nlri, unsigned behind);

/* Whether the octets of a list are whole NLRI of its family and nothing else.
 * RFC 7606 5.3 */
bool bgp__nlri_list_is_sound(const struct bgp_nlri_list *list);

#endif
