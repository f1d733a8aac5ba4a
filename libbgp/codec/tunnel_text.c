/*
 * tunnel_text.c - tunnels and segment routing policies as text.
 *
 *   vxlan {color 100 endpoint 192.0.2.1}
 *   sr-policy {preference 100 binding-sid 16001 segment-list {label 1}}
 *
 *   +-------------+--------+---------------------------- - -
 *   | tunnel type | length | sub-TLVs
 *   +-------------+--------+---------------------------- - -
 *                                                  RFC 9012 2, 3; RFC 9830 2.4
 */
#include "libbgp/codec/attr_text.h"
#include "libbgp/codec/text.h"
#include "libbgp/codec/tlv_text.h"

/* An MPLS label stack entry or an IPv6 address or none.       RFC 9830 2.4.2 */
static bool
text_sid(struct bgp__text *t, struct bgp__reader value,
	 const struct bgp__tlv_set *inner)
{
	if (bgp__left(&value) != 4)
		return bgp__tlv_addr(t, value, inner);
	bgp__text_u32(t, bgp__read32(&value) >> 12);
	return true;
}

/* Address family, then an address of it or none.                RFC 9012 3.1 */
static bool
text_endpoint(struct bgp__text *t, struct bgp__reader value,
	      const struct bgp__tlv_set *inner)
{
	unsigned afi = bgp__read16(&value);
	size_t len = bgp__left(&value);

	if (value.bad || len != (afi == 1 ? 4 : afi == 2 ? 16 : 0))
		return false;
	return bgp__tlv_addr(t, value, inner);
}

static const struct bgp__tlv_row segment_rows[] = {
	{ 1, "label", 2, 1, text_sid, NULL }, /* type A, RFC 9830 */
	{ 9, "weight", 2, 1, bgp__tlv_number, NULL },
	{ 13, "srv6", 2, 1, bgp__tlv_addr, NULL }, /* type B */
};

static const struct bgp__tlv_set segments = BGP__TLV_SET(BGP__TLV_8_8_16,
							 segment_rows);

/* head: flags and a reserved octet, or what the type has instead */
static const struct bgp__tlv_row sub_rows[] = {
	{ 1, "encapsulation", 0, 0, NULL, NULL },       /* RFC 9012 3.2 */
	{ 2, "protocol", 0, 0, bgp__tlv_number, NULL }, /* RFC 9012 3.4.1 */
	{ 4, "color", 4, 0, bgp__tlv_number, NULL },    /* RFC 9012 3.4.2 */
	{ 6, "endpoint", 4, 0, text_endpoint, NULL },   /* RFC 9012 3.1 */
	{ 7, "ds", 0, 0, bgp__tlv_number, NULL },       /* RFC 9012 3.3.1 */
	{ 8, "udp-port", 0, 0, bgp__tlv_number, NULL }, /* RFC 9012 3.3.2 */
	{ 9, "embedded-label", 0, 0, bgp__tlv_number, NULL },
	{ 10, "label-stack", 0, 0, NULL, NULL },           /* RFC 9012 3.6 */
	{ 12, "preference", 2, 1, bgp__tlv_number, NULL }, /* RFC 9830 2.4 */
	{ 13, "binding-sid", 2, 1, text_sid, NULL },
	{ 14, "enlp", 2, 1, bgp__tlv_number, NULL },
	{ 15, "priority", 0, 0, bgp__tlv_numbers8, NULL },
	{ 20, "srv6-binding-sid", 2, 1, bgp__tlv_addr, NULL },
	{ 128, "segment-list", 1, 0, bgp__tlv_tlvs, &segments },
	{ 129, "path-name", 1, 0, bgp__tlv_quoted, NULL },
	{ 130, "policy-name", 1, 0, bgp__tlv_quoted, NULL },
};

static const struct bgp__tlv_set subs = BGP__TLV_SET(BGP__TLV_8_8_16, sub_rows);

/* IANA "BGP Tunnel Encapsulation Attribute Tunnel Types" */
static const struct bgp__tlv_row tunnel_rows[] = {
	{ 1, "l2tpv3", 0, 0, bgp__tlv_tlvs, &subs },
	{ 2, "gre", 0, 0, bgp__tlv_tlvs, &subs },
	{ 7, "ip-in-ip", 0, 0, bgp__tlv_tlvs, &subs },
	{ 8, "vxlan", 0, 0, bgp__tlv_tlvs, &subs },
	{ 9, "nvgre", 0, 0, bgp__tlv_tlvs, &subs },
	{ 10, "mpls", 0, 0, bgp__tlv_tlvs, &subs },
	{ 11, "mpls-in-gre", 0, 0, bgp__tlv_tlvs, &subs },
	{ 12, "vxlan-gpe", 0, 0, bgp__tlv_tlvs, &subs },
	{ 13, "mpls-in-udp", 0, 0, bgp__tlv_tlvs, &subs },
	{ 15, "sr-policy", 0, 0, bgp__tlv_tlvs, &subs },
	{ 19, "geneve", 0, 0, bgp__tlv_tlvs, &subs },
};

static const struct bgp__tlv_set tunnels = BGP__TLV_SET(BGP__TLV_16_16,
							tunnel_rows);

void
bgp__text_tunnels(struct bgp__text *t, const struct bgp_attr *attr)
{
	if (!bgp__text_tlvs(t, bgp__reader(attr->value, attr->len), &tunnels))
		bgp__text_hex_value(t, attr);
}
