/*
 * prefix_sid_text.c - the segment identifiers of a prefix as text.
 *
 *   label-index 100 srgb 16000/8000
 *   srv6-l3 {sid 2001:db8:: behavior 19 {structure 40,24,16,0,16,64}}
 *                                        RFC 8669 3, RFC 9252 2, 3
 */
#include "libbgp/codec/attr_text.h"
#include "libbgp/codec/text.h"
#include "libbgp/codec/tlv_text.h"

enum { SID_LEN = 21 }; /* reserved, SID, flags, behavior (2), reserved */

/* The first label and how many, three octets each.               RFC 8669 3.2
 */
static bool
text_block(struct bgp__text *t, struct bgp__reader *r)
{
	struct bgp__reader first = bgp__read_sub(r, 3);

	return bgp__tlv_labels(t, first, bgp__read_sub(r, 3));
}

static bool
text_srgb(struct bgp__text *t, struct bgp__reader value,
	  const struct bgp__tlv_set *inner)
{
	(void)inner;
	return bgp__tlv_list(t, value, text_block);
}

/* SID and behavior, then sub-sub-TLVs.                           RFC 9252 3.1
 */
static bool
text_sid(struct bgp__text *t, struct bgp__reader value,
	 const struct bgp__tlv_set *inner)
{
	const uint8_t *p = bgp__read(&value, SID_LEN);

	if (p == NULL)
		return false;
	bgp__text_ipv6(t, p + 1);
	bgp__text_str(t, " behavior ");
	bgp__text_u32(t, bgp__load16(p + 18));
	if (bgp__left(&value) == 0)
		return true;
	bgp__text_char(t, ' ');
	return bgp__tlv_tlvs(t, value, inner);
}

static const struct bgp__tlv_row structure_rows[] = {
	{ 1, "structure", 0, 0, bgp__tlv_numbers8, NULL }, /* RFC 9252 3.2.1 */
};

static const struct bgp__tlv_set structures = BGP__TLV_SET(BGP__TLV_8_16,
							   structure_rows);

static const struct bgp__tlv_row service_rows[] = {
	{ 1, "sid", 0, 0, text_sid, &structures },
};

static const struct bgp__tlv_set services = BGP__TLV_SET(BGP__TLV_8_16,
							 service_rows);

static const struct bgp__tlv_row rows[] = {
	{ 1, "label-index", 3, 6, bgp__tlv_number, NULL }, /* RFC 8669 3.1 */
	{ 3, "srgb", 2, 3, text_srgb, NULL },              /* RFC 8669 3.2 */
	{ 5, "srv6-l3", 1, 0, bgp__tlv_tlvs, &services },  /* RFC 9252 2 */
	{ 6, "srv6-l2", 1, 0, bgp__tlv_tlvs, &services },
};

static const struct bgp__tlv_set sids = BGP__TLV_SET(BGP__TLV_8_16, rows);

void
bgp__text_prefix_sid(struct bgp__text *t, const struct bgp_attr *attr)
{
	if (!bgp__text_tlvs(t, bgp__reader(attr->value, attr->len), &sids))
		bgp__text_hex_value(t, attr);
}
