/*
 * fuzz_attr.c - any octets as the value of any attribute.
 *
 *   octet 0  type code
 *   octet 1  flags of the attribute, and the session's: AS4, eBGP
 *   the rest its value
 *
 * Whatever the octets, the text fits every buffer.  Where the decoder finds no
 * fault in them, the values that can be parsed read back as what they were.
 */
#include "check.h"

#include "bgp/codec.h"

enum { EBGP = 1, AS2 = 2 };

static const uint8_t origin[] = { 0x40, 1, 1, 0 };
static const uint8_t path[] = { 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xea };
static const uint8_t path2[] = { 0x40, 2, 4, 2, 1, 0xfd, 0xea };
static const uint8_t hop[] = { 0x40, 3, 4, 192, 0, 2, 1 };
static const uint8_t nlri[] = { 24, 203, 0, 113 };

static uint8_t *
put(uint8_t *p, const uint8_t *octets, size_t len)
{
	memcpy(p, octets, len);
	return p + len;
}

/* An otherwise sound UPDATE, in memory of exactly its size; its length. */
static size_t
build(uint8_t **out, const struct bgp_attr *attr, bool as2)
{
	uint8_t *msg = calloc(1, 23 + 100 + attr->len), *p = msg + 23;
	size_t len;

	CHECK(msg != NULL);
	if (attr->code != BGP_ATTR_ORIGIN)
		p = put(p, origin, sizeof origin);
	if (attr->code != BGP_ATTR_AS_PATH)
		p = as2 ? put(p, path2, sizeof path2)
			: put(p, path, sizeof path);
	if (attr->code != BGP_ATTR_NEXT_HOP)
		p = put(p, hop, sizeof hop);
	*p++ = attr->flags | BGP_ATTR_EXTENDED;
	*p++ = attr->code;
	*p++ = (uint8_t)(attr->len >> 8);
	*p++ = (uint8_t)attr->len;
	p = put(p, attr->value, attr->len);
	len = (size_t)(p - msg) - 23;
	msg[21] = (uint8_t)(len >> 8);
	msg[22] = (uint8_t)len;
	p = put(p, nlri, sizeof nlri);
	len = (size_t)(p - msg);
	*out = malloc(len);
	CHECK(*out != NULL);
	memcpy(*out, msg, len);
	free(msg);
	return len;
}

/* ------------------------------------------------------------- and back */

static void
check_communities(const struct bgp_attr *attr)
{
	char text[64];

	for (size_t at = 0; at < attr->len; at += 4) {
		const uint8_t *p = attr->value + at;
		uint32_t c = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3],
			 back;

		CHECK_TEXT(bgp_community_text, c);
		bgp_community_text(c, text, sizeof text);
		CHECK(bgp_community_parse(&back, text) == BGP_OK && back == c);
	}
}

static void
check_ext_communities(const struct bgp_attr *attr)
{
	char text[64];
	uint8_t back[8];

	for (size_t at = 0; at < attr->len; at += 8) {
		const uint8_t *p = attr->value + at;

		CHECK_TEXT(bgp_ext_community_text, p);
		bgp_ext_community_text(p, text, sizeof text);
		CHECK(bgp_ext_community_parse(back, text) == BGP_OK);
		CHECK(memcmp(back, p, 8) == 0);
	}
}

static void
check_large_communities(const struct bgp_attr *attr)
{
	char text[64];
	uint8_t back[12];

	for (size_t at = 0; at < attr->len; at += 12) {
		const uint8_t *p = attr->value + at;

		CHECK_TEXT(bgp_large_community_text, p);
		bgp_large_community_text(p, text, sizeof text);
		CHECK(bgp_large_community_parse(back, text) == BGP_OK);
		CHECK(memcmp(back, p, 12) == 0);
	}
}

/* Neighbouring sequences print as one, so the text is what stays. */
static void
check_path(const struct bgp_attr *attr)
{
	static char text[1 << 18], again[1 << 18];
	static uint8_t back[1 << 16];
	struct bgp_as_path_facts a, b;
	int len;

	CHECK_TEXT(bgp_as_path_text, attr->value, attr->len);
	CHECK(bgp_as_path_text(attr->value, attr->len, text, sizeof text) <
	      sizeof text);
	len = bgp_as_path_parse(text, back, sizeof back);
	CHECK(len >= 0);
	CHECK(bgp_as_path_text(back, (size_t)len, again, sizeof again) ==
	      strlen(text));
	CHECK(strcmp(text, again) == 0);
	bgp_as_path_facts(attr->value, attr->len, 65001, &a);
	bgp_as_path_facts(back, (size_t)len, 65001, &b);
	CHECK(a.length == b.length && a.neighbour_as == b.neighbour_as &&
	      a.local_as_found == b.local_as_found);
}

static void
check_address(const struct bgp_attr *attr)
{
	struct bgp_addr addr;
	char text[64];

	bgp_attr_text(attr, text, sizeof text);
	CHECK(bgp_addr_parse(&addr, text) == BGP_OK);
	CHECK(addr.len == attr->len);
	CHECK(memcmp(addr.octets, attr->value, addr.len) == 0);
}

static void
check_sound(const struct bgp_attr *attr, bool as2)
{
	switch (attr->code) {
	case BGP_ATTR_AS_PATH:
		if (!as2)
			check_path(attr);
		break;
	case BGP_ATTR_COMMUNITIES:
		check_communities(attr);
		break;
	case BGP_ATTR_ORIGINATOR_ID:
		check_address(attr);
		break;
	case BGP_ATTR_EXT_COMMUNITIES:
		check_ext_communities(attr);
		break;
	case BGP_ATTR_LARGE_COMMUNITIES:
		check_large_communities(attr);
		break;
	default:
		break;
	}
}

/* The first eight octets as a distinguisher of a known type. */
static void
check_rd(const uint8_t *octets)
{
	uint8_t back[8];
	char text[64];

	CHECK_TEXT(bgp_rd_text, octets);
	bgp_rd_text(octets, text, sizeof text);
	if (octets[0] == 0 && octets[1] <= 2)
		CHECK(bgp_rd_parse(back, text) == BGP_OK &&
		      memcmp(back, octets, 8) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static struct bgp_update update;
	struct bgp_codec codec = { .family_count = 1,
				   .families = {
				       { .family = BGP_IPV4_UNICAST } } };
	const struct bgp_attr *kept;
	struct bgp_fault fault;
	struct bgp_attr attr;
	uint8_t *msg;

	if (len < 2 || len > 4000)
		return 0;
	attr = (struct bgp_attr){ octets[1] & 0xe0, octets[0],
				  (uint16_t)(len - 2), octets + 2 };
	codec.ebgp = (octets[1] & EBGP) != 0;
	codec.as4 = (octets[1] & AS2) == 0;
	CHECK_TEXT(bgp_attr_name_text, attr.code);
	CHECK_TEXT(bgp_attr_text, &attr);
	if (attr.len >= 8)
		check_rd(attr.value);
	len = build(&msg, &attr, !codec.as4);
	bgp_update_decode(&codec, msg, len, &update, &fault);
	CHECK_TEXT(bgp_update_text, &codec, &update);
	kept = bgp_attr_find(update.attrs, update.attr_count, attr.code);
	if (fault.remedy == BGP_REMEDY_NONE && kept != NULL)
		check_sound(kept, !codec.as4);
	free(msg);
	return 0;
}
