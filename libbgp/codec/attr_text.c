/*
 * attr_text.c - attributes as people write them.
 *
 *   as_path 64500 {64501 64502}   communities 64500:1 no-export
 *   med 10                        aggregator 64500 192.0.2.1
 *
 * AS numbers are taken in 4-octet form, as bgp_attrs_canonical writes them.
 */
#include "libbgp/codec/attr_text.h"
#include "libbgp/base/octets.h"
#include "libbgp/codec/attr.h"
#include "libbgp/codec/text.h"

void
bgp__text_hex_value(struct bgp__text *t, const struct bgp_attr *attr)
{
	bgp__text_hex(t, attr->value, attr->len);
}

void
bgp__text_nothing(struct bgp__text *t, const struct bgp_attr *attr)
{
	(void)t;
	(void)attr;
}

void
bgp__text_origin(struct bgp__text *t, const struct bgp_attr *attr)
{
	static const char *const name[] = { "igp", "egp", "incomplete" };

	if (attr->len == 1 && attr->value[0] < 3)
		bgp__text_str(t, name[attr->value[0]]);
	else
		bgp__text_hex_value(t, attr);
}

void
bgp__text_number(struct bgp__text *t, const struct bgp_attr *attr)
{
	if (attr->len == 4)
		bgp__text_u32(t, bgp__load32(attr->value));
	else
		bgp__text_hex_value(t, attr);
}

void
bgp__text_address(struct bgp__text *t, const struct bgp_attr *attr)
{
	bgp__text_addr(t, attr->value, attr->len);
}

void
bgp__text_aggregator(struct bgp__text *t, const struct bgp_attr *attr)
{
	bool narrow = attr->len == 6;

	if (attr->len != 8 && !narrow) {
		bgp__text_hex_value(t, attr);
		return;
	}
	bgp__text_u32(
	    t, narrow ? bgp__load16(attr->value) : bgp__load32(attr->value));
	bgp__text_char(t, ' ');
	bgp__text_ipv4(t, attr->value + (narrow ? 2 : 4));
}

/* The metric of the first TLV of type 1.                         RFC 7311 3 */
void
bgp__text_aigp(struct bgp__text *t, const struct bgp_attr *attr)
{
	struct bgp__reader r = bgp__reader(attr->value, attr->len);

	while (bgp__left(&r) >= 3) {
		uint8_t type = bgp__read8(&r);
		uint16_t len = bgp__read16(&r);

		if (type == 1 && len == 11 && bgp__left(&r) >= 8) {
			bgp__text_u64(t,
				      (uint64_t)bgp__load32(r.at) << 32 |
					  bgp__load32(r.at + 4));
			return;
		}
		if (len < 3 || bgp__read(&r, len - 3u) == NULL)
			break;
	}
	bgp__text_hex_value(t, attr);
}

void
bgp__text_as_path(struct bgp__text *t, const struct bgp_attr *attr)
{
	bgp__text_path(t, attr->value, attr->len, 4);
}

/* -------------------------------------------------------------------- lists */

typedef void text_item(struct bgp__text *t, const uint8_t *item);

/* Items of one width with blanks between them. */
static void
text_list(struct bgp__text *t, const struct bgp_attr *attr, size_t width,
	  text_item *item)
{
	if (attr->len % width != 0) {
		bgp__text_hex_value(t, attr);
		return;
	}
	for (size_t at = 0; at < attr->len; at += width) {
		if (at > 0)
			bgp__text_char(t, ' ');
		item(t, attr->value + at);
	}
}

void
bgp__text_addresses(struct bgp__text *t, const struct bgp_attr *attr)
{
	text_list(t, attr, 4, bgp__text_ipv4);
}

void
bgp__text_communities(struct bgp__text *t, const struct bgp_attr *attr)
{
	text_list(t, attr, 4, bgp__text_community);
}

void
bgp__text_ext_communities(struct bgp__text *t, const struct bgp_attr *attr)
{
	text_list(t, attr, 8, bgp__text_ext_community);
}

void
bgp__text_ipv6_ext_communities(struct bgp__text *t, const struct bgp_attr *attr)
{
	text_list(t, attr, 20, bgp__text_ipv6_ext_community);
}

void
bgp__text_large_communities(struct bgp__text *t, const struct bgp_attr *attr)
{
	text_list(t, attr, 12, bgp__text_large_community);
}

/* -------------------------------------------------------------- by its code */

void
bgp__text_attr(struct bgp__text *t, const struct bgp_attr *attr)
{
	const struct bgp__attr_rule *rule = &bgp__attr_rules[attr->code];

	if (rule->text != NULL)
		rule->text(t, attr);
	else
		bgp__text_hex_value(t, attr);
}

size_t
bgp_attr_text(const struct bgp_attr *attr, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_attr(&t, attr);
	return bgp__text_end(&t);
}
