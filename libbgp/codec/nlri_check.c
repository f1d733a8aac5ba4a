/*
 * nlri_check.c - can an NLRI be what its lengths say.
 *
 *   labeled   [bits] [label] [prefix]
 *   VPN       [bits] [label] [distinguisher, 8] [prefix]
 *   VPLS      [length, 2] [distinguisher, 8] [site …, or an address]
 *   BGP-LS    [type, 2] [length, 2] [distinguisher] [protocol, id] [TLV …]
 *
 * Each checker gets one NLRI whose octets are all there; the rows of family.c
 * name them.
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/nlri.h"

enum { LABEL_BITS = 24, RD_BITS = 64, RD_LEN = 8 };

/*
 * Without a stack that was negotiated there is one label, whatever its
 * bottom-of-stack bit, and the rest is a prefix.  Only where it is too long for
 * one it may be a stack of RFC 3107, whose labels end with the one that says
 * so.  What cannot be either has a length that is inconsistent with its family:
 * nobody knows where its prefix is.  RFC 7606 5.3, 8277 2.2, 2.3, 4364 4.3.4
 */
enum bgp__nlri_verdict
bgp__check_nlri_labeled(const struct bgp_nlri_list *list, const uint8_t *nlri,
			size_t len)
{
	unsigned least = BGP_SAFI(list->family) == 128 ? RD_BITS : 0;
	unsigned most = least + (BGP_AFI(list->family) == 1 ? 32 : 128);
	unsigned bits = nlri[0], labels = 1;

	(void)len;
	if (list->labels != 0 || bits - LABEL_BITS > most)
		labels = bgp__labels_count(nlri + 1, bits);
	if (labels == 0 || bits - labels * LABEL_BITS < least ||
	    bits - labels * LABEL_BITS > most)
		return BGP__NLRI_MALFORMED;
	return BGP__NLRI_SOUND;
}

/*
 * Behind the distinguisher: a site with a block of labels (9 octets, RFC 4761
 * 3.2.2), one with TLVs behind it (7 and more, RFC 6624 4), or the address of a
 * router (RFC 6074 3.2.2.1).
 */
enum bgp__nlri_verdict
bgp__check_nlri_vpls(const struct bgp_nlri_list *list, const uint8_t *nlri,
		     size_t len)
{
	(void)list;
	(void)nlri;
	len -= 2;
	return len == RD_LEN + 4 || len >= RD_LEN + 7 ? BGP__NLRI_SOUND
						      : BGP__NLRI_UNUSABLE;
}

/* --------------------------------------------------------------- link state */

enum { LS_LOCAL_NODE = 256, LS_REMOTE_NODE = 257 };

/* TLVs that fill it, in ascending order of types; what is in descriptors of
 * nodes too.  Unknown ones are none of ours.           RFC 9552 5.1, 8.2.2 */
static bool
descriptors_are_sound(struct bgp__reader r, bool nodes)
{
	unsigned last = 0;

	while (bgp__left(&r) > 0) {
		unsigned type = bgp__read16(&r);
		struct bgp__reader value = bgp__read_sub(&r, bgp__read16(&r));

		if (r.bad || type < last)
			return false;
		if (nodes &&
		    (type == LS_LOCAL_NODE || type == LS_REMOTE_NODE) &&
		    !descriptors_are_sound(value, false))
			return false;
		last = type;
	}
	return true;
}

/* What is malformed is left out alone; types that are not known are kept, for
 * RFC 9552 5.1 wants them propagated. */
enum bgp__nlri_verdict
bgp__check_nlri_link_state(const struct bgp_nlri_list *list,
			   const uint8_t *nlri, size_t len)
{
	struct bgp__reader r = bgp__reader(nlri + 4, len - 4);
	unsigned type = bgp__load16(nlri);

	if (BGP_SAFI(list->family) == 72)
		bgp__read(&r, RD_LEN);
	if (!r.bad && (type == 0 || type > 6))
		return BGP__NLRI_SOUND;
	bgp__read(&r, 1 + 8);
	return !r.bad && descriptors_are_sound(r, true) ? BGP__NLRI_SOUND
							: BGP__NLRI_ODD;
}
