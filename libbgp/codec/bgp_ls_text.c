/*
 * bgp_ls_text.c - link-state routes and their attribute as text.
 *
 *   node isis-l2 id 0 local {as 65000 igp-router 0000.0000.0001}
 *   link ospf id 0 local {…} remote {…} interface 10.0.0.1 neighbor 10.0.0.2
 *   prefix ospf id 0 local {…} prefix 10.0.0.0/8
 *   node-name "r1" igp-metric 10 max-bandwidth 1250000000
 *
 *   +------+-----+----+----------+------------+--------------------- - -
 *   | type | len | RD | protocol | identifier | TLVs of descriptors
 *   +------+-----+----+----------+------------+--------------------- - -
 *              SAFI 72 only
 *
 * Types by IANA's registry "BGP-LS Parameters".      RFC 9552 5, 9085, 9086,
 *                                                    9104, 9514, 8571
 */
#include <string.h>

#include "libbgp/codec/attr_text.h"
#include "libbgp/codec/family.h"
#include "libbgp/codec/text.h"
#include "libbgp/codec/tlv_text.h"

/* ------------------------------------------------------------------- values */

static void
text_system(struct bgp__text *t, const uint8_t *p)
{
	for (size_t i = 0; i < 6; i += 2) {
		if (i > 0)
			bgp__text_char(t, '.');
		bgp__text_hex(t, p + i, 2);
	}
}

/* A router by its length: OSPF id, IS-IS system, its pseudonode, OSPF
 * designated router with its interface.                    RFC 9552 5.2.1.4 */
static bool
text_router(struct bgp__text *t, struct bgp__reader value,
	    const struct bgp__tlv_set *inner)
{
	size_t len = bgp__left(&value);

	(void)inner;
	if (len != 4 && len != 6 && len != 7 && len != 8)
		return false;
	if (len == 4 || len == 8) {
		bgp__text_ipv4(t, value.at);
		if (len == 8) {
			bgp__text_char(t, '/');
			bgp__text_ipv4(t, value.at + 4);
		}
		return true;
	}
	text_system(t, value.at);
	if (len == 7) {
		bgp__text_char(t, '.');
		bgp__text_hex(t, value.at + 6, 1);
	}
	return true;
}

static bool
text_id(struct bgp__text *t, struct bgp__reader value,
	const struct bgp__tlv_set *inner)
{
	(void)inner;
	if (bgp__left(&value) != 4)
		return false;
	bgp__text_ipv4(t, value.at);
	return true;
}

static bool
text_prefix(struct bgp__text *t, struct bgp__reader value, size_t addr_len)
{
	uint8_t addr[16] = { 0 };
	unsigned bits = bgp__read8(&value);
	size_t len = bgp__left(&value);

	if (value.bad || bits > addr_len * 8 || len != (bits + 7) / 8)
		return false;
	memcpy(addr, value.at, len);
	bgp__prefix_mask(addr, sizeof addr, bits);
	bgp__text_addr(t, addr, addr_len);
	bgp__text_char(t, '/');
	bgp__text_u32(t, bits);
	return true;
}

static bool
text_prefix4(struct bgp__text *t, struct bgp__reader value,
	     const struct bgp__tlv_set *inner)
{
	(void)inner;
	return text_prefix(t, value, 4);
}

static bool
text_prefix6(struct bgp__text *t, struct bgp__reader value,
	     const struct bgp__tlv_set *inner)
{
	(void)inner;
	return text_prefix(t, value, 16);
}

/* The whole part of an IEEE 754 number; false: it is negative, not finite or
 * beyond 64 bits. */
static bool
text_rate(struct bgp__text *t, struct bgp__reader *r)
{
	uint32_t v = bgp__read32(r);
	uint64_t mantissa = (v & 0x7fffff) | 0x800000;
	int shift = (int)(v >> 23 & 0xff) - 127 - 23;

	if (v == 0) {
		bgp__text_char(t, '0');
		return true;
	}
	if (v >> 31 != 0 || shift < -63 || shift > 40)
		return false;
	bgp__text_u64(t, shift < 0 ? mantissa >> -shift : mantissa << shift);
	return true;
}

/* Octets per second, fractions left out.                     RFC 5305 3.4 */
static bool
text_rates(struct bgp__text *t, struct bgp__reader value,
	   const struct bgp__tlv_set *inner)
{
	(void)inner;
	return bgp__tlv_list(t, value, text_rate);
}

/* How many labels (3), then the first in a TLV of its own (1161). */
static bool
text_range(struct bgp__text *t, struct bgp__reader *r)
{
	struct bgp__reader size = bgp__read_sub(r, 3);

	if (bgp__read16(r) != 1161)
		return false;
	return bgp__tlv_labels(t, bgp__read_sub(r, bgp__read16(r)), size);
}

/* Ranges of labels, "16000/8000" each.                      RFC 9085 2.1.2 */
static bool
text_ranges(struct bgp__text *t, struct bgp__reader value,
	    const struct bgp__tlv_set *inner)
{
	(void)inner;
	return bgp__tlv_list(t, value, text_range);
}

/* ------------------------------------------------------------------- tables */

#define SID_HEAD 4, 3 /* flags, weight or algorithm, two reserved */

static const struct bgp__tlv_row node_rows[] = {
	{ 512, "as", 0, 0, bgp__tlv_number, NULL },
	{ 513, "bgp-ls-id", 0, 0, text_id, NULL },
	{ 514, "area", 0, 0, text_id, NULL },
	{ 515, "igp-router", 0, 0, text_router, NULL },
	{ 516, "bgp-router", 0, 0, text_id, NULL },        /* RFC 9086 4.1 */
	{ 517, "member-as", 0, 0, bgp__tlv_number, NULL }, /* RFC 9086 4.2 */
};

static const struct bgp__tlv_set nodes = BGP__TLV_SET(BGP__TLV_16_16,
						      node_rows);

#define DESCRIPTORS(prefix)                                          \
	{ 256, "local", 0, 0, bgp__tlv_tlvs, &nodes },               \
	    { 257, "remote", 0, 0, bgp__tlv_tlvs, &nodes },          \
	    { 258, "link-ids", 0, 0, bgp__tlv_numbers32, NULL },     \
	    { 259, "interface", 0, 0, bgp__tlv_addr, NULL },         \
	    { 260, "neighbor", 0, 0, bgp__tlv_addr, NULL },          \
	    { 261, "interface", 0, 0, bgp__tlv_addr, NULL },         \
	    { 262, "neighbor", 0, 0, bgp__tlv_addr, NULL },          \
	    { 263, "topology", 0, 0, bgp__tlv_numbers16, NULL },     \
	    { 264, "ospf-route-type", 0, 0, bgp__tlv_number, NULL }, \
	    { 265, "prefix", 0, 0, prefix, NULL },                   \
	{                                                            \
		518, "sid", 0, 0, bgp__tlv_addr, NULL                \
	} /* RFC 9514 6.1 */

static const struct bgp__tlv_row descriptor4_rows[] = {
	DESCRIPTORS(text_prefix4),
};

static const struct bgp__tlv_row descriptor6_rows[] = {
	DESCRIPTORS(text_prefix6),
};

static const struct bgp__tlv_set descriptors4 = BGP__TLV_SET(BGP__TLV_16_16,
							     descriptor4_rows);
static const struct bgp__tlv_set descriptors6 = BGP__TLV_SET(BGP__TLV_16_16,
							     descriptor6_rows);

static const struct bgp__tlv_row attribute_rows[] = {
	/* of nodes: RFC 9552 5.3.1 */
	{ 263, "topology", 0, 0, bgp__tlv_numbers16, NULL },
	{ 1024, "node-flags", 0, 0, NULL, NULL },
	{ 1025, "opaque-node", 0, 0, NULL, NULL },
	{ 1026, "node-name", 0, 0, bgp__tlv_quoted, NULL },
	{ 1027, "isis-area", 0, 0, NULL, NULL },
	{ 1028, "local-router", 0, 0, bgp__tlv_addr, NULL },
	{ 1029, "local-router", 0, 0, bgp__tlv_addr, NULL },
	{ 1030, "remote-router", 0, 0, bgp__tlv_addr, NULL },
	{ 1031, "remote-router", 0, 0, bgp__tlv_addr, NULL },
	{ 1034, "sr-capabilities", 2, 1, text_ranges, NULL }, /* RFC 9085 */
	{ 1035, "sr-algorithms", 0, 0, bgp__tlv_numbers8, NULL },
	{ 1036, "sr-local-block", 2, 1, text_ranges, NULL },
	{ 1038, "srv6-capabilities", 0, 0, NULL, NULL }, /* RFC 9514 */
	/* of links: RFC 9552 5.3.2 */
	{ 1088, "admin-group", 0, 0, NULL, NULL },
	{ 1089, "max-bandwidth", 0, 0, text_rates, NULL },
	{ 1090, "reservable-bandwidth", 0, 0, text_rates, NULL },
	{ 1091, "unreserved-bandwidth", 0, 0, text_rates, NULL },
	{ 1092, "te-metric", 0, 0, bgp__tlv_number, NULL },
	{ 1093, "protection", 0, 0, NULL, NULL },
	{ 1094, "mpls-protocols", 0, 0, NULL, NULL },
	{ 1095, "igp-metric", 0, 0, bgp__tlv_number, NULL },
	{ 1096, "srlg", 0, 0, bgp__tlv_numbers32, NULL },
	{ 1097, "opaque-link", 0, 0, NULL, NULL },
	{ 1098, "link-name", 0, 0, bgp__tlv_quoted, NULL },
	{ 1099, "adjacency-sid", SID_HEAD, bgp__tlv_number, NULL },
	{ 1100, "lan-adjacency-sid", 0, 0, NULL, NULL }, /* RFC 9085 */
	{ 1101, "peer-node-sid", SID_HEAD, bgp__tlv_number, NULL },
	{ 1102, "peer-adjacency-sid", SID_HEAD, bgp__tlv_number, NULL },
	{ 1103, "peer-set-sid", SID_HEAD, bgp__tlv_number, NULL },
	{ 1106, "srv6-end-x-sid", 0, 0, NULL, NULL },   /* RFC 9514 */
	{ 1114, "delay", 1, 1, bgp__tlv_number, NULL }, /* RFC 8571 */
	{ 1116, "delay-variation", 1, 1, bgp__tlv_number, NULL },
	{ 1117, "loss", 1, 1, bgp__tlv_number, NULL },
	{ 1118, "residual-bandwidth", 0, 0, text_rates, NULL },
	{ 1119, "available-bandwidth", 0, 0, text_rates, NULL },
	{ 1120, "used-bandwidth", 0, 0, text_rates, NULL },
	{ 1173, "extended-admin-group", 0, 0, NULL, NULL }, /* RFC 9104 */
	/* of prefixes: RFC 9552 5.3.3 */
	{ 1152, "igp-flags", 0, 0, NULL, NULL },
	{ 1153, "tags", 0, 0, bgp__tlv_numbers32, NULL },
	{ 1154, "extended-tags", 0, 0, bgp__tlv_numbers64, NULL },
	{ 1155, "prefix-metric", 0, 0, bgp__tlv_number, NULL },
	{ 1156, "forwarding-address", 0, 0, bgp__tlv_addr, NULL },
	{ 1157, "opaque-prefix", 0, 0, NULL, NULL },
	{ 1158, "prefix-sid", SID_HEAD, bgp__tlv_number, NULL },
	{ 1162, "srv6-locator", 0, 0, NULL, NULL }, /* RFC 9514 */
	{ 1170, "prefix-flags", 0, 0, NULL, NULL }, /* RFC 9085 */
	{ 1171, "source-router", 0, 0, bgp__tlv_addr, NULL },
	{ 1250, "srv6-behavior", 0, 0, NULL, NULL }, /* RFC 9514 */
	{ 1252, "srv6-structure", 0, 0, bgp__tlv_numbers8, NULL },
};

static const struct bgp__tlv_set attributes = BGP__TLV_SET(BGP__TLV_16_16,
							   attribute_rows);

/* Routes and protocols by number.                  RFC 9552 5.2, 9514 6 */
static const char *const routes[] = { NULL,     "node", "link",    "prefix",
				      "prefix", NULL,   "srv6-sid" };
static const char *const protocols[] = {
	NULL, "isis-l1", "isis-l2", "ospf", "direct", "static", "ospfv3", "bgp"
};

enum {
	ROUTES = sizeof routes / sizeof routes[0],
	PROTOCOLS = sizeof protocols / sizeof protocols[0]
};

/* --------------------------------------------------------------------- text */

void
bgp__text_bgp_ls(struct bgp__text *t, const struct bgp_attr *attr)
{
	if (!bgp__text_tlvs(t, bgp__reader(attr->value, attr->len),
			    &attributes))
		bgp__text_hex_value(t, attr);
}

/* Protocol and identifier, then the descriptors. */
static bool
text_body(struct bgp__text *t, unsigned type, struct bgp__reader r)
{
	unsigned protocol = bgp__read8(&r);
	uint64_t id = (uint64_t)bgp__read32(&r) << 32;

	id |= bgp__read32(&r);
	if (r.bad)
		return false;
	bgp__text_str(t, routes[type]);
	bgp__text_char(t, ' ');
	if (protocol > 0 && protocol < PROTOCOLS) {
		bgp__text_str(t, protocols[protocol]);
	} else {
		bgp__text_str(t, "protocol-");
		bgp__text_u32(t, protocol);
	}
	bgp__text_str(t, " id ");
	bgp__text_u64(t, id);
	if (bgp__left(&r) > 0)
		bgp__text_char(t, ' ');
	return bgp__text_tlvs(t, r, type == 4 ? &descriptors6 : &descriptors4);
}

bool
bgp__text_nlri_link_state(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	struct bgp__reader r = bgp__reader(nlri->octets, nlri->len);
	unsigned type = bgp__read16(&r);
	struct bgp__reader body = bgp__read_sub(&r, bgp__read16(&r));
	size_t mark = t->len;

	if (bgp__left(&r) > 0 || type >= ROUTES || routes[type] == NULL)
		return false;
	if (BGP_SAFI(nlri->family) == 72) { /* RFC 9552 5.2 */
		const uint8_t *rd = bgp__read(&body, 8);

		if (rd == NULL)
			return false;
		bgp__text_rd(t, rd);
		bgp__text_char(t, ' ');
	}
	if (text_body(t, type, body))
		return true;
	t->len = mark;
	return false;
}
