/*
 * flowspec_text.c - a flow specification as its components read.
 *
 *   dst 203.0.113.0/24 proto =6 dst-port >=80&<=90,=443 tcp-flags =0x02
 *
 *   +------+---------------------------------------+------+- -
 *   | type | prefix, or (operator, value) …        | type | …
 *   +------+---------------------------------------+------+- -
 *
 * An operator says with its bits whether it is the last (0x80), joined to the
 * one before by AND (0x40), how wide its value is (0x30), and what it asks.
 *                                              RFC 8955 4.2, 8; RFC 8956 3
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/family.h"
#include "libbgp/codec/text.h"

enum { OP_LAST = 0x80, OP_AND = 0x40, OP_NOT = 2, OP_MATCH = 1 };

enum kind { KIND_NONE, KIND_PREFIX, KIND_NUMBER, KIND_MASK };

/* The components by type. */
static const struct component {
	const char *name;
	uint8_t kind;
} components[] = {
	[1] = { "dst", KIND_PREFIX },
	[2] = { "src", KIND_PREFIX },
	[3] = { "proto", KIND_NUMBER },
	[4] = { "port", KIND_NUMBER },
	[5] = { "dst-port", KIND_NUMBER },
	[6] = { "src-port", KIND_NUMBER },
	[7] = { "icmp-type", KIND_NUMBER },
	[8] = { "icmp-code", KIND_NUMBER },
	[9] = { "tcp-flags", KIND_MASK },
	[10] = { "length", KIND_NUMBER },
	[11] = { "dscp", KIND_NUMBER },
	[12] = { "fragment", KIND_MASK },
	[13] = { "flow-label", KIND_NUMBER }, /* RFC 8956 3.7 */
};

enum { COMPONENTS = sizeof components / sizeof components[0] };

static uint64_t
read_value(struct bgp__reader *r, unsigned op)
{
	uint64_t v = 0;

	for (unsigned left = 1u << (op >> 4 & 3); left > 0; left--)
		v = v << 8 | bgp__read8(r);
	return v;
}

static void
text_number(struct bgp__text *t, unsigned op, uint64_t value)
{
	static const char *const ask[] = { "false", "=",  ">",  ">=",
					   "<",     "<=", "!=", "true" };

	bgp__text_str(t, ask[op & 7]);
	if ((op & 7) != 0 && (op & 7) != 7)
		bgp__text_u64(t, value);
}

static void
text_mask(struct bgp__text *t, unsigned op, uint64_t value)
{
	uint8_t octets[8];
	size_t len = (size_t)1 << (op >> 4 & 3);

	if ((op & OP_NOT) != 0)
		bgp__text_char(t, '!');
	if ((op & OP_MATCH) != 0)
		bgp__text_char(t, '=');
	bgp__store32(octets, (uint32_t)(value >> 32));
	bgp__store32(octets + 4, (uint32_t)value);
	bgp__text_str(t, "0x");
	bgp__text_hex(t, octets + 8 - len, len);
}

static void
text_operators(struct bgp__text *t, struct bgp__reader *r, unsigned kind)
{
	unsigned op = 0;

	for (bool first = true; !r->bad && (op & OP_LAST) == 0; first = false) {
		uint64_t value;

		op = bgp__read8(r);
		value = read_value(r, op);
		if (!first)
			bgp__text_char(t, (op & OP_AND) != 0 ? '&' : ',');
		if (kind == KIND_MASK)
			text_mask(t, op, value);
		else
			text_number(t, op, value);
	}
}

/* Length, in IPv6 an offset, and the bits between the two.     RFC 8956 3.1 */
static void
text_prefix(struct bgp__text *t, struct bgp__reader *r, uint16_t afi)
{
	uint8_t addr[16] = { 0 };
	unsigned longest = afi == 1 ? 32 : 128;
	unsigned bits = bgp__read8(r);
	unsigned offset = afi == 1 ? 0 : bgp__read8(r);
	const uint8_t *p;

	if (bits > longest || offset > bits) {
		r->bad = true;
		return;
	}
	p = bgp__read(r, (bits - offset + 7) / 8);
	if (p == NULL)
		return;
	memcpy(addr, p, (bits - offset + 7) / 8);
	bgp__prefix_mask(addr, sizeof addr, bits - offset);
	bgp__text_addr(t, addr, longest / 8);
	bgp__text_char(t, '/');
	bgp__text_u32(t, bits - offset);
	if (offset != 0) {
		bgp__text_str(t, " from bit ");
		bgp__text_u32(t, offset);
	}
}

/* All components; false: this is no flow specification. */
static bool
text_components(struct bgp__text *t, struct bgp__reader r, uint16_t afi)
{
	while (bgp__left(&r) > 0 && !r.bad) {
		unsigned type = bgp__read8(&r);

		if (type >= COMPONENTS || components[type].name == NULL)
			return false;
		bgp__text_str(t, components[type].name);
		bgp__text_char(t, ' ');
		if (components[type].kind == KIND_PREFIX)
			text_prefix(t, &r, afi);
		else
			text_operators(t, &r, components[type].kind);
		if (bgp__left(&r) > 0)
			bgp__text_char(t, ' ');
	}
	return !r.bad;
}

bool
bgp__text_nlri_flow(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	struct bgp__reader r = bgp__reader(nlri->octets, nlri->len);
	struct bgp__text nowhere = bgp__text(NULL, 0);
	const uint8_t *rd = NULL;
	uint8_t first = bgp__read8(&r);

	if (first >= 0xf0)
		bgp__read8(&r);
	if (BGP_SAFI(nlri->family) == 134)
		rd = bgp__read(&r, 8);
	if (r.bad || !text_components(&nowhere, r, BGP_AFI(nlri->family)))
		return false;
	if (rd != NULL) {
		bgp__text_rd(t, rd);
		bgp__text_char(t, ' ');
	}
	return text_components(t, r, BGP_AFI(nlri->family));
}
