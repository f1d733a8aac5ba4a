/*
 * vpn_attr_text.c - the attributes of VPN services as text.
 *
 *   pmsi_tunnel ingress-replication label 100 192.0.2.1
 *   pe_distinguisher_labels 192.0.2.1 label 100
 *   attr_set 64500 {origin igp; as_path 64501}
 *   d_path 64500:1:evpn 64501:2:vpn
 *                                   RFC 6514 5, 8; RFC 6368 5; RFC 7385;
 *                                   draft-ietf-bess-evpn-ipvpn-interworking
 */
#include "libbgp/codec/attr.h"
#include "libbgp/codec/attr_text.h"
#include "libbgp/codec/text.h"

enum { LABEL_LEN = 3 };

static void
text_label(struct bgp__text *t, const uint8_t *p)
{
	bgp__text_str(t, " label ");
	bgp__text_u32(t, (uint32_t)bgp__load16(p) << 4 | p[2] >> 4);
}

/* ------------------------------------------------------------- PMSI tunnel */

/* Tunnel types, and how many addresses make up an identifier; 0: hex. */
static const struct pmsi_type {
	const char *name;
	uint8_t addresses;
} pmsi_types[] = {
	[0] = { "no-tunnel", 0 }, /* RFC 6514 5 */
	[1] = { "rsvp-te-p2mp", 0 },
	[2] = { "mldp-p2mp", 0 },
	[3] = { "pim-ssm", 2 },
	[4] = { "pim-sm", 2 },
	[5] = { "bidir-pim", 2 },
	[6] = { "ingress-replication", 1 },
	[7] = { "mldp-mp2mp", 0 },
	[8] = { "transport", 0 },             /* RFC 7524 8 */
	[10] = { "assisted-replication", 1 }, /* RFC 9574 4 */
	[11] = { "bier", 0 },                 /* RFC 8556 2.1 */
};

enum { PMSI_TYPES = sizeof pmsi_types / sizeof pmsi_types[0] };

/* So many addresses of one family, or hex. */
static void
text_tunnel_id(struct bgp__text *t, const uint8_t *p, size_t len, size_t count)
{
	size_t step = count > 0 ? len / count : 0;

	if (len == 0)
		return;
	bgp__text_char(t, ' ');
	if (step * count != len || (step != 4 && step != 16)) {
		bgp__text_hex(t, p, len);
		return;
	}
	for (size_t at = 0; at < len; at += step) {
		if (at > 0)
			bgp__text_char(t, ' ');
		bgp__text_addr(t, p + at, step);
	}
}

/* Flags, type, label, identifier. */
void
bgp__text_pmsi(struct bgp__text *t, const struct bgp_attr *attr)
{
	const uint8_t *p = attr->value;
	size_t addresses = 0;

	if (attr->len < 5) {
		bgp__text_hex_value(t, attr);
		return;
	}
	if (p[1] < PMSI_TYPES && pmsi_types[p[1]].name != NULL) {
		bgp__text_str(t, pmsi_types[p[1]].name);
		addresses = pmsi_types[p[1]].addresses;
	} else {
		bgp__text_str(t, "type-");
		bgp__text_u32(t, p[1]);
	}
	if (p[0] != 0) {
		bgp__text_str(t, "/0x");
		bgp__text_hex(t, p, 1);
	}
	text_label(t, p + 2);
	text_tunnel_id(t, p + 5, attr->len - 5u, addresses);
}

/* Addresses of one kind, a label behind each.  Where both kinds would fit, as
 * in a multiple of 7 times 19, IPv4 it is. */
void
bgp__text_pe_labels(struct bgp__text *t, const struct bgp_attr *attr)
{
	size_t addr = attr->len % (4 + LABEL_LEN) == 0 ? 4 : 16;

	if (attr->len % (addr + LABEL_LEN) != 0) {
		bgp__text_hex_value(t, attr);
		return;
	}
	for (size_t at = 0; at < attr->len; at += addr + LABEL_LEN) {
		if (at > 0)
			bgp__text_char(t, ' ');
		bgp__text_addr(t, attr->value + at, addr);
		text_label(t, attr->value + at + addr);
	}
}

/* ---------------------------------------------------------------- ATTR_SET */

/* AS numbers inside have 4 octets, but not everyone writes them so. */
static void
text_inner(struct bgp__text *t, const struct bgp_attr *attr)
{
	static const struct bgp_codec wide = { .as4 = true };
	const char *name = bgp__attr_rules[attr->code].name;

	if (name != NULL) {
		bgp__text_str(t, name);
	} else {
		bgp__text_str(t, "attribute-");
		bgp__text_u32(t, attr->code);
	}
	if (attr->len == 0)
		return;
	bgp__text_char(t, ' ');
	if (attr->code == BGP_ATTR_SET)
		bgp__text_hex_value(t, attr); /* one in another: no deeper */
	else if (attr->code == BGP_ATTR_AS_PATH &&
		 bgp__check_as_path(&wide, attr) != BGP_REMEDY_NONE)
		bgp__text_path(t, attr->value, attr->len, 2);
	else
		bgp__text_attr(t, attr);
}

void
bgp__text_set(struct bgp__text *t, const struct bgp_attr *attr)
{
	struct bgp__reader r = bgp__reader(attr->value, attr->len);
	uint32_t as = bgp__read32(&r);
	size_t mark = t->len;
	struct bgp_attr inner;

	bgp__text_u32(t, as);
	bgp__text_str(t, " {");
	for (bool first = true; bgp__attr_next(&r, &inner); first = false) {
		if (!first)
			bgp__text_str(t, "; ");
		text_inner(t, &inner);
	}
	bgp__text_char(t, '}');
	if (r.bad || bgp__left(&r) > 0) {
		t->len = mark;
		bgp__text_hex_value(t, attr);
	}
}

/* ------------------------------------------------------------------ D-PATH */

/* The family by which a route came into a domain: a SAFI, 0 for a local one. */
static void
text_domain_type(struct bgp__text *t, unsigned type)
{
	static const struct {
		uint8_t type;
		const char *name;
	} names[] = {
		{ 0, "local" }, { 1, "ip" }, { 70, "evpn" }, { 128, "vpn" }
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (names[i].type == type) {
			bgp__text_str(t, names[i].name);
			return;
		}
	}
	bgp__text_u32(t, type);
}

/* One segment: a count, and domains of 4 + 2 + 1 octets. */
static void
text_domains(struct bgp__text *t, struct bgp__reader r)
{
	const uint8_t *p;

	for (bool first = true; (p = bgp__read(&r, 7)) != NULL; first = false) {
		if (!first)
			bgp__text_char(t, ' ');
		bgp__text_u32(t, bgp__load32(p));
		bgp__text_char(t, ':');
		bgp__text_u32(t, bgp__load16(p + 4));
		bgp__text_char(t, ':');
		text_domain_type(t, p[6]);
	}
}

/* Segments with a bar between them. */
void
bgp__text_d_path(struct bgp__text *t, const struct bgp_attr *attr)
{
	struct bgp__reader r = bgp__reader(attr->value, attr->len);
	size_t mark = t->len;

	for (bool first = true; bgp__left(&r) > 0 && !r.bad; first = false) {
		struct bgp__reader domains = bgp__read_sub(&r,
							   7u * bgp__read8(&r));

		if (!first)
			bgp__text_str(t, " | ");
		text_domains(t, domains);
	}
	if (r.bad) {
		t->len = mark;
		bgp__text_hex_value(t, attr);
	}
}
