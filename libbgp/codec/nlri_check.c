/*
 * nlri_check.c - can an NLRI be what its lengths say.
 *
 *   labeled   [bits] [label] [prefix]
 *   VPN       [bits] [label] [distinguisher, 8] [prefix]
 *
 * Each checker gets one NLRI whose octets are all there; the rows of family.c
 * name them.
 */
#include "libbgp/codec/nlri.h"

enum { LABEL_BITS = 24, RD_BITS = 64 };

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
