/*
 * nlri_text.c - NLRI as people write them.
 *
 *   203.0.113.0/24                             unicast, multicast
 *   203.0.113.0/24 label 100                   labeled
 *   64500:1:203.0.113.0/24 label 100           VPN: distinguisher, prefix
 *   64500 rt:64500:1/96                        route target: origin AS, target
 *   64500:1 site 2 offset 1 size 8 label 100   VPLS
 *   64500:1 192.0.2.1                          VPLS: member
 *   distinguisher 1 color 10 192.0.2.1         SR policy
 *   [2]:[64500:1]:[0]:[02:00:00:00:00:01]:[192.0.2.1] label 100     EVPN
 *
 * A text function answers false where the NLRI is not what it should be; then
 * the hex of the whole stands for it.
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/codec/nlri.h"
#include "libbgp/codec/text.h"

enum { RD_LEN = 8, LABEL_LEN = 3 };

/* A prefix of an AFI from its octets and bits. */
static bool
text_prefix(struct bgp__text *t, uint16_t afi, const uint8_t *octets,
	    size_t len, unsigned bits)
{
	uint8_t full[16] = { 0 };
	size_t addr_len = afi == 1 ? 4 : 16;

	if (bits > addr_len * 8 || len < (bits + 7) / 8)
		return false;
	memcpy(full, octets, (bits + 7) / 8);
	bgp__prefix_mask(full, sizeof full, bits);
	bgp__text_addr(t, full, addr_len);
	bgp__text_char(t, '/');
	bgp__text_u32(t, bits);
	return true;
}

static uint32_t
label_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 12 | (uint32_t)p[1] << 4 | p[2] >> 4;
}

static void
text_label(struct bgp__text *t, const uint8_t *p)
{
	bgp__text_str(t, " label ");
	bgp__text_u32(t, label_at(p));
}

bool
bgp__text_nlri_prefix(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	return text_prefix(t, BGP_AFI(nlri->family), nlri->octets, nlri->len,
			   nlri->bits);
}

static void
text_labels(struct bgp__text *t, const uint8_t *octets, size_t len)
{
	for (size_t at = 0; at < len; at += LABEL_LEN)
		text_label(t, octets + at);
}

bool
bgp__text_nlri_labeled(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	size_t len;

	if (nlri->bits < LABEL_LEN * 8 || nlri->len * 8u < nlri->bits)
		return false;
	len = bgp__labels_len(nlri);
	if (!text_prefix(t, BGP_AFI(nlri->family), nlri->octets + len,
			 nlri->len - len, nlri->bits - (unsigned)len * 8))
		return false;
	text_labels(t, nlri->octets, len);
	return true;
}

/* Labels or none, a distinguisher, a prefix. */
static bool
text_vpn(struct bgp__text *t, const struct bgp_nlri *nlri, size_t labels)
{
	size_t head = labels + RD_LEN;
	unsigned bits = nlri->bits - (unsigned)head * 8;

	if (nlri->bits < head * 8 || nlri->len < (nlri->bits + 7u) / 8 ||
	    bits > (BGP_AFI(nlri->family) == 1 ? 32 : 128))
		return false;
	bgp__text_rd(t, nlri->octets + labels);
	bgp__text_char(t, ':');
	text_prefix(t, BGP_AFI(nlri->family), nlri->octets + head,
		    nlri->len - head, bits);
	text_labels(t, nlri->octets, labels);
	return true;
}

bool
bgp__text_nlri_vpn(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	if (nlri->bits < (LABEL_LEN + RD_LEN) * 8 ||
	    nlri->len * 8u < nlri->bits)
		return false;
	return text_vpn(t, nlri, bgp__labels_len(nlri));
}

bool
bgp__text_nlri_vpn_plain(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	return text_vpn(t, nlri, 0);
}

/* Origin AS, then as much of a route target as there are bits.   RFC 4684 4 */
bool
bgp__text_nlri_rtc(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	uint8_t target[8] = { 0 };

	if (nlri->bits == 0) {
		bgp__text_str(t, "default");
		return true;
	}
	if (nlri->bits < 32 || nlri->bits > 96 ||
	    nlri->len != (nlri->bits + 7u) / 8)
		return false;
	bgp__text_u32(t, bgp__load32(nlri->octets));
	bgp__text_char(t, ' ');
	memcpy(target, nlri->octets + 4, nlri->len - 4u);
	bgp__text_ext_community(t, target);
	bgp__text_char(t, '/');
	bgp__text_u32(t, nlri->bits);
	return true;
}

/* Length, distinguisher, site, offset, size, label base; or, where nothing but
 * the members is told, distinguisher and address.  RFC 4761 3.2.2, 6074 3.2.2
 */
bool
bgp__text_nlri_vpls(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	static const char *const name[] = { " site ", " offset ", " size " };
	const uint8_t *p = nlri->octets + 2;

	if (nlri->len != 19 && nlri->len != 14)
		return false;
	bgp__text_rd(t, p);
	if (nlri->len == 14) {
		bgp__text_char(t, ' ');
		bgp__text_ipv4(t, p + RD_LEN);
		return true;
	}
	for (size_t i = 0; i < 3; i++) {
		bgp__text_str(t, name[i]);
		bgp__text_u32(t, bgp__load16(p + RD_LEN + 2 * i));
	}
	text_label(t, p + RD_LEN + 6);
	return true;
}

/* RFC 9830 2.1 */
bool
bgp__text_nlri_sr_policy(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	if (nlri->len != 12 && nlri->len != 24)
		return false;
	bgp__text_str(t, "distinguisher ");
	bgp__text_u32(t, bgp__load32(nlri->octets));
	bgp__text_str(t, " color ");
	bgp__text_u32(t, bgp__load32(nlri->octets + 4));
	bgp__text_char(t, ' ');
	bgp__text_addr(t, nlri->octets + 8, nlri->len - 8u);
	return true;
}

/* --------------------------------------------------------------------- EVPN */

static void
text_octets(struct bgp__text *t, const uint8_t *p, size_t len)
{
	bgp__text_str(t, ":[");
	for (size_t i = 0; i < len; i++) {
		if (i > 0)
			bgp__text_char(t, ':');
		bgp__text_hex(t, p + i, 1);
	}
	bgp__text_char(t, ']');
}

static void
text_tag(struct bgp__text *t, const uint8_t *p)
{
	bgp__text_str(t, ":[");
	bgp__text_u32(t, bgp__load32(p));
	bgp__text_char(t, ']');
}

/* A length in bits and its address; answers the octets of both. */
static size_t
text_ip(struct bgp__text *t, const uint8_t *p)
{
	size_t len = p[0] / 8u;

	if (len > 0) {
		bgp__text_str(t, ":[");
		bgp__text_addr(t, p + 1, len);
		bgp__text_char(t, ']');
	}
	return 1 + len;
}

static void
text_mac_ip(struct bgp__text *t, const uint8_t *p, const uint8_t *end)
{
	text_tag(t, p + 18);
	text_octets(t, p + 23, 6);
	p += 29;
	p += text_ip(t, p);
	text_labels(t, p, (size_t)(end - p));
}

static void
text_ip_prefix(struct bgp__text *t, const uint8_t *p, size_t len)
{
	bool ipv4 = len == 34;

	text_tag(t, p + 18);
	bgp__text_str(t, ":[");
	text_prefix(t, ipv4 ? 1 : 2, p + 23, ipv4 ? 4 : 16, p[22]);
	bgp__text_char(t, ']');
	text_label(t, p + len - LABEL_LEN);
}

/* The body behind the distinguisher, of types whose lengths were checked. */
static void
text_evpn_body(struct bgp__text *t, unsigned type, const uint8_t *p, size_t len)
{
	switch (type) {
	case 1:
		text_octets(t, p + RD_LEN, 10);
		text_tag(t, p + 18);
		text_label(t, p + 22);
		break;
	case 2:
		text_mac_ip(t, p, p + len);
		break;
	case 3:
		text_tag(t, p + RD_LEN);
		text_ip(t, p + 12);
		break;
	case 4:
		text_octets(t, p + RD_LEN, 10);
		text_ip(t, p + 18);
		break;
	default:
		text_ip_prefix(t, p, len);
	}
}

bool
bgp__text_nlri_evpn(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	const uint8_t *p = nlri->octets;

	if (nlri->len < 2 || nlri->len != 2u + p[1] || p[0] < 1 || p[0] > 5 ||
	    !bgp__evpn_is_sound(p, nlri->len))
		return false;
	bgp__text_char(t, '[');
	bgp__text_u32(t, p[0]);
	bgp__text_str(t, "]:[");
	bgp__text_rd(t, p + 2);
	bgp__text_char(t, ']');
	text_evpn_body(t, p[0], p + 2, p[1]);
	return true;
}

/* ---------------------------------------------------------------- by family */

void
bgp__text_nlri(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	const struct bgp__family *row = bgp__family_find(nlri->family);
	uint8_t bits = (uint8_t)nlri->bits;

	if (row != NULL && row->text(t, nlri))
		return;
	if (row != NULL && row->form == BGP_NLRI_BITS)
		bgp__text_hex(t, &bits, 1);
	bgp__text_hex(t, nlri->octets, nlri->len);
}

size_t
bgp_nlri_text(const struct bgp_nlri *nlri, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_nlri(&t, nlri);
	return bgp__text_end(&t);
}
