/*
 * nlri_key.c - the part of an NLRI that names its route.
 *
 *   labeled   [bits][label …][prefix]               -> [bits'][prefix]
 *   VPN       [bits][label …][RD][prefix]           -> [bits'][RD][prefix]
 *   EVPN 1    RD ESI tag label                      -> without the label
 *        2    RD ESI tag 48 MAC bits IP label …     -> RD tag 48 MAC bits IP
 *        5    RD ESI tag bits prefix gw label       -> RD tag bits prefix
 *        6, 7 … flags, 8 … reserved, time, flags    -> without these
 *   VPLS      RD site offset size label             -> without the label
 *   others                                          -> as they stand
 *
 * A withdrawal may have other labels than the announcement, or none that means
 * anything, and must still find it.
 *                    RFC 4364 4.3.1, 4761 3.2.2, 7432 7, 8277 2.4, 9136 3.1,
 * 9251 9
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/nlri.h"

enum { RD_LEN = 8, ESI_LEN = 10, TAG_LEN = 4, LABEL_LEN = 3 };

size_t
bgp__labels_len(const struct bgp_nlri *nlri)
{
	unsigned longest = (BGP_AFI(nlri->family) == 1 ? 32u : 128u) +
	    (BGP_SAFI(nlri->family) == 128 ? RD_LEN * 8 : 0);
	size_t len = LABEL_LEN;

	if (nlri->labels != 0 && nlri->labels * LABEL_LEN * 8 <= nlri->bits)
		return nlri->labels * (size_t)LABEL_LEN;
	while (nlri->bits > len * 8 + longest &&
	       (nlri->octets[len - 1] & 1) == 0)
		len += LABEL_LEN;
	return len;
}

/* Length in bits and octets without the `head` octets of labels. */
static void
write_bits(struct bgp__writer *w, const struct bgp_nlri *nlri, size_t head)
{
	unsigned bits = nlri->bits - (unsigned)head * 8;
	size_t len = (bits + 7) / 8;

	bgp__write8(w, bits);
	bgp__write(w, nlri->octets + head, len);
	if (!w->bad && bits % 8 != 0)
		w->at[-1] &= (uint8_t)(0xff00u >> bits % 8);
}

/* Type, distinguisher, and from the tag on so many octets. */
static void
write_without_segment(struct bgp__writer *w, const uint8_t *p, size_t len)
{
	bgp__write8(w, p[0]);
	bgp__write(w, p + 2, RD_LEN);
	bgp__write(w, p + 2 + RD_LEN + ESI_LEN, len);
}

static void
write_evpn(struct bgp__writer *w, const struct bgp_nlri *nlri)
{
	const uint8_t *p = nlri->octets;
	bool sound = bgp__evpn_is_sound(p, nlri->len);

	if (sound && p[0] == 1) /* all but the label */
		bgp__write(w, p, nlri->len - LABEL_LEN);
	else if (sound && p[0] == 2) /* tag, 48, MAC, bits, address */
		write_without_segment(w, p, TAG_LEN + 1 + 6 + 1 + p[31] / 8u);
	else if (sound && p[0] == 5) /* tag, bits, prefix */
		write_without_segment(w, p,
				      TAG_LEN + 1 + (p[1] == 34 ? 4 : 16));
	else if (sound && (p[0] == 6 || p[0] == 7)) /* all but the flags */
		bgp__write(w, p, nlri->len - 1u);
	else if (sound && p[0] == 8) /* reserved, response time, flags */
		bgp__write(w, p, nlri->len - 6u);
	else
		bgp__write(w, p, nlri->len);
}

/* Octets of labels in front, for the families that have them. */
static size_t
labels_of(const struct bgp_nlri *nlri)
{
	if (!bgp__family_has_labels(nlri->family) || nlri->bits < LABEL_LEN * 8)
		return 0;
	return bgp__labels_len(nlri);
}

int
bgp_nlri_key(const struct bgp_nlri *nlri, uint8_t *buf, size_t size)
{
	const struct bgp__family *row = bgp__family_find(nlri->family);
	struct bgp__writer w = bgp__writer(buf, size);

	/* Where no row says so, NLRI that have bits are counted in them. */
	if ((row != NULL ? row->form == BGP_NLRI_BITS : nlri->bits != 0) &&
	    nlri->len >= (nlri->bits + 7u) / 8)
		write_bits(&w, nlri, labels_of(nlri));
	else if (nlri->family == BGP_FAMILY(25, 70) && nlri->len > 2)
		write_evpn(&w, nlri);
	else if (nlri->family == BGP_FAMILY(25, 65) && nlri->len == 19)
		bgp__write(&w, nlri->octets, 19 - LABEL_LEN);
	else
		bgp__write(&w, nlri->octets, nlri->len);
	return w.bad ? BGP_ERR_SPACE : (int)bgp__written(&w);
}
