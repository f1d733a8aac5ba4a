/*
 * community_text.c - communities of every kind as people write them.
 *
 *   64500:1  no-export             RFC 1997
 *   rt:64500:1  soo:192.0.2.1:7    RFC 4360, 5668; hex where not understood
 *   64500:1:2                      RFC 8092
 */
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

/* The pair behind a type and subtype octet: who, and which of theirs. */
static void
text_administrator(struct bgp__text *t, const uint8_t *octets)
{
	switch (octets[0] & 0x3f) {
	case 0: /* 2-octet AS, 4-octet value: RFC 4360 3.1 */
		text_pair(t, bgp__load16(octets + 2), bgp__load32(octets + 4));
		break;
	case 1: /* IPv4 address, 2-octet value: RFC 4360 3.2 */
		bgp__text_ipv4(t, octets + 2);
		bgp__text_char(t, ':');
		bgp__text_u32(t, bgp__load16(octets + 6));
		break;
	default: /* 4-octet AS, 2-octet value: RFC 5668 2 */
		text_pair(t, bgp__load32(octets + 2), bgp__load16(octets + 6));
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
	text_administrator(t, octets);
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
