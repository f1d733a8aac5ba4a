/*
 * community_text.c - communities of every kind as people write them.
 *
 *   64500:1  no-export             RFC 1997
 *   rt:64500:1  soo:192.0.2.1:7    RFC 4360, 5668; hex where not understood
 *   64500:1:2                      RFC 8092
 *
 * Route distinguishers have the same three layouts as extended communities,
 * with the type where those have type and subtype.                RFC 4364 4.2
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/codec/text.h"

/* The names of well-known communities.                IANA, RFC 1997, 7611 … */
static const struct well_known {
	uint32_t value;
	const char *name;
} well_known[] = {
	{ 0xffff0000, "graceful-shutdown" },   /* RFC 8326 */
	{ 0xffff0001, "accept-own" },          /* RFC 7611 */
	{ 0xffff0006, "llgr-stale" },          /* RFC 9494 */
	{ 0xffff0007, "no-llgr" },             /* RFC 9494 */
	{ 0xffff029a, "blackhole" },           /* RFC 7999 */
	{ 0xffffff01, "no-export" },           /* RFC 1997 */
	{ 0xffffff02, "no-advertise" },        /* RFC 1997 */
	{ 0xffffff03, "no-export-subconfed" }, /* RFC 1997 */
	{ 0xffffff04, "no-peer" },             /* RFC 3765 */
};

static void
text_pair(struct bgp__text *t, uint32_t a, uint32_t b)
{
	bgp__text_u32(t, a);
	bgp__text_char(t, ':');
	bgp__text_u32(t, b);
}

void
bgp__text_community(struct bgp__text *t, const uint8_t *octets)
{
	uint32_t value = bgp__load32(octets);

	for (size_t i = 0; i < sizeof well_known / sizeof well_known[0]; i++) {
		if (well_known[i].value == value) {
			bgp__text_str(t, well_known[i].name);
			return;
		}
	}
	text_pair(t, value >> 16, value & 0xffff);
}

void
bgp__text_large_community(struct bgp__text *t, const uint8_t *octets)
{
	text_pair(t, bgp__load32(octets), bgp__load32(octets + 4));
	bgp__text_char(t, ':');
	bgp__text_u32(t, bgp__load32(octets + 8));
}

/* A 4-octet AS number that 2 octets would have held is marked. */
static void
text_wide_as(struct bgp__text *t, uint32_t as)
{
	bgp__text_u32(t, as);
	if (as <= 65535)
		bgp__text_char(t, 'L');
}

/* The pair behind a type and subtype octet: who, and which of theirs. */
static void
text_administrator(struct bgp__text *t, unsigned layout, const uint8_t *octets)
{
	switch (layout) {
	case 0: /* 2-octet AS, 4-octet value: RFC 4360 3.1 */
		text_pair(t, bgp__load16(octets + 2), bgp__load32(octets + 4));
		break;
	case 1: /* IPv4 address, 2-octet value: RFC 4360 3.2 */
		bgp__text_ipv4(t, octets + 2);
		bgp__text_char(t, ':');
		bgp__text_u32(t, bgp__load16(octets + 6));
		break;
	default: /* 4-octet AS, 2-octet value: RFC 5668 2 */
		text_wide_as(t, bgp__load32(octets + 2));
		bgp__text_char(t, ':');
		bgp__text_u32(t, bgp__load16(octets + 6));
	}
}

void
bgp__text_ext_community(struct bgp__text *t, const uint8_t *octets)
{
	bool plain = octets[0] <= 2; /* transitive, one of the three above */

	if (plain && octets[1] == 2)
		bgp__text_str(t, "rt:"); /* RFC 4360 4 */
	else if (plain && octets[1] == 3)
		bgp__text_str(t, "soo:"); /* RFC 4360 5 */
	else {
		bgp__text_hex(t, octets, 8);
		return;
	}
	text_administrator(t, octets[0], octets);
}

/* Type, subtype, an IPv6 address, two octets.                    RFC 5701 2 */
void
bgp__text_ipv6_ext_community(struct bgp__text *t, const uint8_t *octets)
{
	if (octets[0] == 0 && (octets[1] == 2 || octets[1] == 3)) {
		bgp__text_str(t, octets[1] == 2 ? "rt:[" : "soo:[");
		bgp__text_ipv6(t, octets + 2);
		bgp__text_str(t, "]:");
		bgp__text_u32(t, bgp__load16(octets + 18));
	} else {
		bgp__text_hex(t, octets, 20);
	}
}

void
bgp__text_rd(struct bgp__text *t, const uint8_t *rd)
{
	if (bgp__load16(rd) <= 2)
		text_administrator(t, bgp__load16(rd), rd);
	else
		bgp__text_hex(t, rd, 8);
}

size_t
bgp_community_text(uint32_t community, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);
	uint8_t octets[4];

	bgp__store32(octets, community);
	bgp__text_community(&t, octets);
	return bgp__text_end(&t);
}

size_t
bgp_large_community_text(const uint8_t octets[12], char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_large_community(&t, octets);
	return bgp__text_end(&t);
}

size_t
bgp_ext_community_text(const uint8_t octets[8], char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_ext_community(&t, octets);
	return bgp__text_end(&t);
}

size_t
bgp_rd_text(const uint8_t octets[8], char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_rd(&t, octets);
	return bgp__text_end(&t);
}

/* -------------------------------------------------------------------- parse */

int
bgp_community_parse(uint32_t *out, const char *text)
{
	uint32_t high, low;

	for (size_t i = 0; i < sizeof well_known / sizeof well_known[0]; i++) {
		if (strcmp(well_known[i].name, text) == 0) {
			*out = well_known[i].value;
			return BGP_OK;
		}
	}
	if (!bgp__parse_u32(&text, 65535, &high) || *text++ != ':' ||
	    !bgp__parse_u32(&text, 65535, &low) || *text != '\0')
		return BGP_ERR_INVALID;
	*out = high << 16 | low;
	return BGP_OK;
}

int
bgp_large_community_parse(uint8_t out[12], const char *text)
{
	uint32_t part[3];

	for (size_t i = 0; i < 3; i++)
		if ((i > 0 && *text++ != ':') ||
		    !bgp__parse_u32(&text, UINT32_MAX, &part[i]))
			return BGP_ERR_INVALID;
	if (*text != '\0')
		return BGP_ERR_INVALID;
	for (size_t i = 0; i < 3; i++)
		bgp__store32(out + 4 * i, part[i]);
	return BGP_OK;
}

/* "64500:1", "70000:1", "1L:1" or "192.0.2.1:7" to its layout and octets 2 to
 * 7; to the end of the text. */
static bool
parse_administrator(const char *text, uint8_t *layout, uint8_t *octets)
{
	uint32_t who, value;
	bool wide = false;

	if (bgp__parse_ipv4(&text, octets + 2)) {
		*layout = 1;
	} else if (bgp__parse_u32(&text, UINT32_MAX, &who)) {
		wide = who > 65535 || *text == 'L';
		text += *text == 'L';
		*layout = wide ? 2 : 0;
		if (wide)
			bgp__store32(octets + 2, who);
		else
			bgp__store16(octets + 2, who);
	} else {
		return false;
	}
	if (*text++ != ':' ||
	    !bgp__parse_u32(&text, *layout == 0 ? UINT32_MAX : 65535, &value) ||
	    *text != '\0')
		return false;
	if (*layout == 0)
		bgp__store32(octets + 4, value);
	else
		bgp__store16(octets + 6, value);
	return true;
}

static bool
parse_hex(const char *text, uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < 2 * len; i++) {
		int v = bgp__hex_digit(text[i]);

		if (v < 0)
			return false;
		octets[i / 2] = (uint8_t)(octets[i / 2] << 4 | v);
	}
	return text[2 * len] == '\0';
}

int
bgp_ext_community_parse(uint8_t out[8], const char *text)
{
	uint8_t octets[8] = { 0 };

	if (bgp__parse_word(&text, "rt:"))
		octets[1] = 2;
	else if (bgp__parse_word(&text, "soo:"))
		octets[1] = 3;
	if (octets[1] != 0 ? !parse_administrator(text, octets, octets)
			   : !parse_hex(text, octets, sizeof octets))
		return BGP_ERR_INVALID;
	memcpy(out, octets, sizeof octets);
	return BGP_OK;
}

int
bgp_rd_parse(uint8_t out[8], const char *text)
{
	uint8_t octets[8] = { 0 };

	if (!parse_administrator(text, octets + 1, octets))
		return BGP_ERR_INVALID;
	memcpy(out, octets, sizeof octets);
	return BGP_OK;
}
