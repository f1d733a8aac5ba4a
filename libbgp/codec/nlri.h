/*
 * nlri.h - NLRI of one family: told apart once, walked without doubt.
 */
#ifndef BGP_CODEC_NLRI_H
#define BGP_CODEC_NLRI_H

#include "bgp/codec.h"
#include "libbgp/codec/family.h"

/* How the NLRI of a session's family are delimited; 0: nobody knows. */
uint8_t bgp__nlri_form(const struct bgp_family_codec *family);

/* Labels up to the first with the bottom-of-stack bit; 0: no label has it. */
unsigned bgp__labels_count(const uint8_t *octets, unsigned bits);

/*
 * Octets of the labels in front of a prefix, or distinguisher and prefix, of a
 * family that has labels.  Without a stack that was negotiated it is one,
 * whatever its bottom-of-stack bit; more only where what is behind one is too
 * long for a prefix, as RFC 3107 had it. bits >= 24, and octets for all of
 * them.                RFC 8277 2.2, 2.3
 */
size_t bgp__labels_len(const struct bgp_nlri *nlri);

/*
 * The worst of all NLRI of a list; MALFORMED also where they do not fill it.
 *
 *   MALFORMED   nobody knows which routes these are: the session is reset
 *   UNUSABLE    they can be told apart, and so be withdrawn
 *   ODD         this one is left out, the others stay
 *   UNKNOWN     the same, unless the host wants it
 *
 *                                              RFC 7606 2, 3(j), 5.3, 5.4 */
enum bgp__nlri_verdict bgp__nlri_list_judge(const struct bgp_nlri_list *list);

#endif
