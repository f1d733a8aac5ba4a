/*
 * test_update.c - UPDATE decoding: the split, the lists, and every remedy of
 * RFC 7606 where the message as a whole decides.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

#define ORIGIN  "40010100"
#define PATH    "4002060201 0000fdea"
#define HOP     "400304c0000201"
#define SOUND   ORIGIN PATH HOP
#define PREFIX  "18cb0071" /* 203.0.113.0/24 */
#define MP_HEAD "0002 01 10 20010db8000000000000000000000001 00"
#define MP      "800e1a" MP_HEAD "20 20010db8"

static uint8_t msg[BGP_MESSAGE_MAX];
static size_t msg_len;
static struct bgp_update update;
static struct bgp_fault fault;
static struct bgp_codec codec;

static int
set_up(void **state)
{
	(void)state;
	codec = (struct bgp_codec){ .as4 = true,
				    .ebgp = true,
				    .local_as = 65001,
				    .peer_as = 65002,
				    .family_count = 2,
				    .families = {
					{ .family = BGP_IPV4_UNICAST },
					{ .family = BGP_IPV6_UNICAST } } };
	return 0;
}

/* Puts the three fields together and decodes. */
static int
decode(const char *withdrawn, const char *attrs, const char *nlri)
{
	uint8_t *p = msg + 19;
	size_t len;

	memset(msg, 0xff, 16);
	msg[18] = BGP_UPDATE;
	len = hex_octets(withdrawn, p + 2, 500);
	p[0] = (uint8_t)(len >> 8);
	p[1] = (uint8_t)len;
	p += 2 + len;
	len = hex_octets(attrs, p + 2, 3000);
	p[0] = (uint8_t)(len >> 8);
	p[1] = (uint8_t)len;
	p += 2 + len;
	p += hex_octets(nlri, p, 500);
	msg_len = (size_t)(p - msg);
	msg[16] = (uint8_t)(msg_len >> 8);
	msg[17] = (uint8_t)msg_len;
	memset(&update, 0xa5, sizeof update);
	return bgp_update_decode(&codec, msg, msg_len, &update, &fault);
}

static void
expect(enum bgp_remedy remedy, uint8_t subcode)
{
	assert_int_equal(fault.remedy, remedy);
	if (remedy == BGP_REMEDY_NONE) {
		assert_null(fault.reason);
		return;
	}
	assert_non_null(fault.reason);
	assert_int_equal(fault.code, 3);
	assert_int_equal(fault.subcode, subcode);
	assert_in_range(fault.offset, 0, msg_len);
	if (remedy == BGP_REMEDY_RESET) {
		assert_int_equal(update.reach_count, 0);
		assert_int_equal(update.unreach_count, 0);
		assert_int_equal(update.attr_count, 0);
	}
	if (remedy == BGP_REMEDY_WITHDRAW) {
		assert_int_equal(update.reach_count, 0);
		assert_int_not_equal(update.unreach_count, 0);
	}
}

static void
expect_prefixes(struct bgp_nlri_list list, const char *text)
{
	char all[200] = "";
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri)) {
		struct bgp_prefix prefix;
		size_t len = strlen(all);

		assert_int_equal(bgp_nlri_prefix(&nlri, &prefix), BGP_OK);
		if (len > 0)
			all[len++] = ' ';
		bgp_prefix_text(&prefix, all + len, sizeof all - len);
	}
	assert_string_equal(all, text);
}

static void
test_plain(void **state)
{
	(void)state;
	assert_int_equal(decode("0a0a00 080b", SOUND "8004040000000a",
				PREFIX "00 20c0000263"),
			 BGP_OK);
	expect(BGP_REMEDY_NONE, 0);
	assert_int_equal(update.eor, 0);
	assert_int_equal(update.unreach_count, 1);
	expect_prefixes(update.unreach[0], "10.0.0.0/10 11.0.0.0/8");
	assert_int_equal(update.reach_count, 1);
	expect_prefixes(update.reach[0],
			"203.0.113.0/24 0.0.0.0/0 192.0.2.99/32");
	assert_int_equal(update.reach[0].next_hop.len, 4);
	assert_memory_equal(update.reach[0].next_hop.octets, "\300\0\2\1", 4);
	assert_int_equal(update.attr_count, 3);
	assert_int_equal(update.attrs[0].code, BGP_ATTR_ORIGIN);
	assert_int_equal(update.attrs[1].code, BGP_ATTR_AS_PATH);
	assert_int_equal(update.attrs[2].code, BGP_ATTR_MED);
	assert_null(update.recalled);
}

static void
test_multiprotocol(void **state)
{
	(void)state;
	assert_int_equal(
	    decode("", MP ORIGIN PATH "800f08 0002 01 20 20010db9", ""),
	    BGP_OK);
	expect(BGP_REMEDY_NONE, 0);
	assert_int_equal(update.reach_count, 1);
	expect_prefixes(update.reach[0], "2001:db8::/32");
	assert_int_equal(update.reach[0].next_hop.len, 16);
	assert_int_equal(update.unreach_count, 1);
	expect_prefixes(update.unreach[0], "2001:db9::/32");
	assert_int_equal(update.attr_count, 2);
}

static void
test_add_path(void **state)
{
	struct bgp_nlri nlri;

	(void)state;
	codec.families[0].add_path_in = true;
	assert_int_equal(decode("", SOUND, "00000007" PREFIX "ffffffff 00"),
			 BGP_OK);
	assert_true(update.reach[0].add_path);
	assert_true(bgp_nlri_next(&update.reach[0], &nlri));
	assert_int_equal(nlri.path_id, 7);
	assert_int_equal(nlri.bits, 24);
	assert_true(bgp_nlri_next(&update.reach[0], &nlri));
	assert_int_equal(nlri.path_id, 0xffffffff);
	assert_false(bgp_nlri_next(&update.reach[0], &nlri));
	decode("", SOUND, "00000007");
	expect(BGP_REMEDY_RESET, 10);
}

static void
test_end_of_rib(void **state)
{
	(void)state;
	assert_int_equal(decode("", "", ""), BGP_OK);
	assert_int_equal(update.eor, BGP_IPV4_UNICAST);
	assert_int_equal(decode("", "800f03 0002 01", ""), BGP_OK);
	assert_int_equal(update.eor, BGP_IPV6_UNICAST);
	assert_int_equal(decode("", "800f03 0019 46", ""), BGP_OK);
	assert_int_equal(update.eor, 0);
	/* with anything beside it, it is none */
	assert_int_equal(decode("", "800f03 0002 01" ORIGIN, ""), BGP_OK);
	assert_int_equal(update.eor, 0);
	assert_int_equal(decode("080a", "800f03 0002 01", ""), BGP_OK);
	assert_int_equal(update.eor, 0);
	assert_int_equal(decode("", ORIGIN, ""), BGP_OK); /* row A10 */
	assert_int_equal(update.eor, 0);
	codec.family_count = 0;
	assert_int_equal(decode("", "", ""), BGP_OK);
	assert_int_equal(update.eor, 0);
}

/* Rows A1 to A3 and A8, and lists that cannot be read. */
static void
test_resets(void **state)
{
	static const struct {
		const char *withdrawn, *attrs, *nlri;
		uint8_t subcode;
	} cases[] = {
		{ "210a000000", SOUND, PREFIX, 10 },
		{ "200a0000", SOUND, PREFIX, 10 },
		{ "", SOUND, "21cb007100ff", 10 },
		{ "", SOUND, "18cb00", 10 },
		{ "", SOUND MP MP, PREFIX, 1 },
		{ "", SOUND "800f03000201800f03000201", PREFIX, 1 },
		{ "", SOUND "c00f03000201", PREFIX, 9 },
		{ "", SOUND "800f020002", PREFIX, 9 },
		{ "", SOUND "800f05000201200a", PREFIX, 9 },
		{ "", SOUND "800f050002018100", PREFIX, 9 },
		{ "", "c00e1a" MP_HEAD "2020010db8" SOUND, "", 9 },
		{ "", "800e0400020100" SOUND, "", 9 },
		{ "", "800e050002011000" SOUND, "", 9 },
		{ "", "800e0a00020100002020010db8" SOUND, "", 9 },
		{ "", "800e060002010100 00" SOUND, "", 9 },
		{ "", "800e19" MP_HEAD "2020010d" SOUND, "", 9 },
		{ "", "800e16" MP_HEAD "81" SOUND, "", 9 },
		/* an MP attribute that overruns takes its routes with it */
		{ "", SOUND "800f09000201", PREFIX, 9 },
		/* no reachable NLRI: RFC 7606 5.2 */
		{ "080a", "40010103" PATH HOP, "", 6 },
		{ "", SOUND "40", "", 1 },
		{ "", "800e15" MP_HEAD, "", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(
		    decode(cases[i].withdrawn, cases[i].attrs, cases[i].nlri),
		    BGP_ERR_MALFORMED);
		expect(BGP_REMEDY_RESET, cases[i].subcode);
	}
}

static void
test_lengths_that_do_not_fit(void **state)
{
	size_t sound;

	(void)state;
	decode("080a", SOUND, PREFIX);
	sound = msg_len;
	for (size_t len = 19; len < sound - 4; len++) {
		assert_int_equal(
		    bgp_update_decode(&codec, msg, len, &update, &fault),
		    BGP_ERR_MALFORMED);
		expect(BGP_REMEDY_RESET, 1);
	}
	assert_int_equal(bgp_update_decode(&codec, msg, 5, &update, &fault),
			 BGP_ERR_MALFORMED);
}

/* Rows A4 to A6 and B: the routes go, the session stays. */
static void
test_withdraws(void **state)
{
	static const struct {
		const char *attrs;
		uint8_t subcode;
	} cases[] = {
		{ SOUND "40", 1 },
		{ SOUND "4004", 1 },
		{ SOUND "500400", 1 },
		{ SOUND "800405", 1 },
		{ SOUND "5001ffff", 1 },
		{ "", 3 },
		{ PATH HOP, 3 },
		{ ORIGIN HOP, 3 },
		{ ORIGIN PATH, 3 },
		{ "c0010100" PATH HOP, 4 },
		{ SOUND "4063 01 00", 2 },
		{ ORIGIN PATH "400305c000020100", 5 },
		{ ORIGIN PATH "c00304c0000201", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(decode("080a", cases[i].attrs, PREFIX),
				 BGP_OK);
		expect(BGP_REMEDY_WITHDRAW, cases[i].subcode);
		assert_int_equal(update.unreach_count, 2);
		expect_prefixes(update.unreach[0], "10.0.0.0/8");
		expect_prefixes(update.unreach[1], "203.0.113.0/24");
	}
	/* all four lists at once */
	assert_int_equal(
	    decode("080a", "40010103" PATH HOP MP "800f08 0002 01 20 20010db9",
		   PREFIX),
	    BGP_OK);
	expect(BGP_REMEDY_WITHDRAW, 6);
	assert_int_equal(update.unreach_count, 4);
}

static void
test_missing_names_the_type(void **state)
{
	(void)state;
	decode("", PATH HOP, PREFIX);
	assert_int_equal(fault.attribute, BGP_ATTR_ORIGIN);
	assert_int_equal(fault.data_len, 1);
	assert_int_equal(fault.data[0], BGP_ATTR_ORIGIN);
	decode("", ORIGIN PATH, PREFIX);
	assert_int_equal(fault.data[0], BGP_ATTR_NEXT_HOP);
}

/* Row A9: the first one counts, whatever comes after it. */
static void
test_duplicates(void **state)
{
	const struct bgp_attr *med;

	(void)state;
	assert_int_equal(decode("",
				SOUND "8004040000000a 80040100 c06300"
				      "c06301ff 40010103",
				PREFIX),
			 BGP_OK);
	expect(BGP_REMEDY_DISCARD, 1);
	assert_int_equal(update.reach_count, 1);
	assert_int_equal(update.attr_count, 4);
	med = bgp_attr_find(update.attrs, update.attr_count, BGP_ATTR_MED);
	assert_non_null(med);
	assert_int_equal(med->value[3], 10);
	assert_null(bgp_attr_find(update.attrs, update.attr_count, 77));
}

/* An attribute that is discarded is gone, the next is read where it stands. */
static void
test_discards(void **state)
{
	(void)state;
	assert_int_equal(decode("",
				SOUND "40060100"
				      "40050400000064"
				      "8004040000000a",
				PREFIX),
			 BGP_OK);
	expect(BGP_REMEDY_DISCARD, 5);
	assert_int_equal(fault.attribute, BGP_ATTR_ATOMIC_AGGREGATE);
	assert_int_equal(update.attr_count, 3);
	assert_int_equal(update.attrs[2].code, BGP_ATTR_MED);
	codec.ebgp = false;
	decode("", SOUND "40050400000064", PREFIX);
	expect(BGP_REMEDY_NONE, 0);
	assert_int_equal(update.attr_count, 3);
}

/* Rows B10, B11: transitive is carried, non-transitive forgotten quietly. */
static void
test_unrecognised(void **state)
{
	(void)state;
	assert_int_equal(decode("", SOUND "c06302aabb 80640100 c01c00", PREFIX),
			 BGP_OK);
	expect(BGP_REMEDY_NONE, 0);
	assert_int_equal(update.attr_count, 4);
	assert_int_equal(update.attrs[2].code, 0x63);
	assert_int_equal(update.attrs[2].len, 2);
	assert_int_equal(update.attrs[3].code, 28);
}

/* Row A16 and RFC 7606 s9: nothing of a family that was not negotiated. */
static void
test_families_not_negotiated(void **state)
{
	(void)state;
	codec.family_count = 1;
	codec.families[0].family = BGP_FAMILY(25, 70);
	assert_int_equal(
	    decode("080a", SOUND MP "800f08 0002 01 20 20010db9", PREFIX),
	    BGP_OK);
	expect(BGP_REMEDY_NONE, 0);
	assert_int_equal(update.reach_count, 0);
	assert_int_equal(update.unreach_count, 0);
	assert_int_equal(decode("", "40010103" PATH HOP, PREFIX), BGP_OK);
	assert_int_equal(fault.remedy, BGP_REMEDY_WITHDRAW);
	assert_int_equal(update.unreach_count, 0);
}

static void
test_ipv6_next_hop_of_ipv4(void **state)
{
	static const char *const mp = ORIGIN PATH
	    "800e1a"
	    "0001 01 10"
	    "20010db8000000000000000000000001 00 200a000001";

	(void)state;
	/* the NLRI can be located, and so be withdrawn: RFC 7606 7.11 */
	assert_int_equal(decode("", mp, ""), BGP_OK);
	expect(BGP_REMEDY_WITHDRAW, 9);
	expect_prefixes(update.unreach[0], "10.0.0.1/32");
	codec.families[0].ext_next_hop = true;
	assert_int_equal(decode("", mp, ""), BGP_OK);
	expect(BGP_REMEDY_NONE, 0);
	assert_int_equal(update.reach[0].family, BGP_IPV4_UNICAST);
	assert_int_equal(update.reach[0].next_hop.len, 16);
}

/* Next hops that are no host's, where the host wants to know.   RFC 4271 6.3 */
static void
test_next_hop_check(void **state)
{
	static const struct {
		const char *hop;
		enum bgp_remedy remedy;
	} four[] = {
		{ "c0000201", BGP_REMEDY_NONE },
		{ "01000000", BGP_REMEDY_NONE },
		{ "dfffffff", BGP_REMEDY_NONE },
		{ "00000001", BGP_REMEDY_WITHDRAW },
		{ "00000000", BGP_REMEDY_WITHDRAW },
		{ "7f000001", BGP_REMEDY_WITHDRAW },
		{ "e0000001", BGP_REMEDY_WITHDRAW },
		{ "f0000001", BGP_REMEDY_WITHDRAW },
		{ "ffffffff", BGP_REMEDY_WITHDRAW },
	}, six[] = {
		{ "20010db8000000000000000000000001", BGP_REMEDY_NONE },
		{ "00000000000000000000000000000002", BGP_REMEDY_NONE },
		{ "fe800000000000000000000000000001", BGP_REMEDY_NONE },
		{ "00000000000000000000000000000000", BGP_REMEDY_WITHDRAW },
		{ "00000000000000000000000000000001", BGP_REMEDY_WITHDRAW },
		{ "ff020000000000000000000000000001", BGP_REMEDY_WITHDRAW },
		{ "00000000000000000000ffffc0000201", BGP_REMEDY_WITHDRAW },
	};
	char attrs[200];

	(void)state;
	for (int check = 0; check < 2; check++) {
		codec.next_hop_check = check != 0;
		for (size_t i = 0; i < sizeof four / sizeof four[0]; i++) {
			snprintf(attrs, sizeof attrs, ORIGIN PATH "400304%s",
				 four[i].hop);
			decode("", attrs, PREFIX);
			expect(check ? four[i].remedy : BGP_REMEDY_NONE, 8);
		}
		for (size_t i = 0; i < sizeof six / sizeof six[0]; i++) {
			snprintf(attrs, sizeof attrs,
				 "800e1a 000201 10 %s 00"
				 "20 20010db8" ORIGIN PATH,
				 six[i].hop);
			decode("", attrs, "");
			expect(check ? six[i].remedy : BGP_REMEDY_NONE, 8);
			snprintf(attrs, sizeof attrs,
				 "800e2a 000201 20 %s"
				 "fe800000000000000000000000000001 00"
				 "20 20010db8" ORIGIN PATH,
				 six[i].hop);
			decode("", attrs, "");
			expect(check ? six[i].remedy : BGP_REMEDY_NONE, 8);
		}
	}
	decode("", ORIGIN PATH, PREFIX); /* one is missing already */
	expect(BGP_REMEDY_WITHDRAW, 3);
}

/* Our own address, and a loopback where the session itself is on one. */
static void
test_next_hop_options(void **state)
{
	(void)state;
	codec.next_hop_check = true;
	codec.local_addrs[1] = (struct bgp_addr){ .len = 4,
						  .octets = { 192, 0, 2, 1 } };
	decode("", SOUND, PREFIX);
	expect(BGP_REMEDY_WITHDRAW, 8);
	decode("", ORIGIN PATH "400304c0000202", PREFIX);
	expect(BGP_REMEDY_NONE, 0);
	codec.local_addrs[1] = (struct bgp_addr){
		.len = 16, .octets = { 0x20, 1, 0x0d, 0xb8, [15] = 1 }
	};
	decode("", MP ORIGIN PATH, "");
	expect(BGP_REMEDY_WITHDRAW, 8);
	decode("", ORIGIN PATH "400304 7f000002", PREFIX);
	expect(BGP_REMEDY_WITHDRAW, 8);
	codec.next_hop_loopback = true;
	decode("", ORIGIN PATH "400304 7f000002", PREFIX);
	expect(BGP_REMEDY_NONE, 0);
	decode("",
	       "800e1a 000201 10 00000000000000000000000000000001 00"
	       "20 20010db8" ORIGIN PATH,
	       "");
	expect(BGP_REMEDY_NONE, 0);
	decode("",
	       "800e1a 000201 10 00000000000000000000000000000000 00"
	       "20 20010db8" ORIGIN PATH,
	       "");
	expect(BGP_REMEDY_WITHDRAW, 8);
}

/* Behind distinguishers, and in front of labels an IPv4 host in an IPv6
 * address (RFC 4659 3.2.1.2); of flow specifications none is looked at. */
static void
test_next_hop_of_families(void **state)
{
	static const struct {
		bgp_family family;
		uint8_t form;
		const char *hop;
		const char *nlri;
		enum bgp_remedy remedy;
	} cases[] = {
#define VPN_NLRI "70 000641 0000fdea00000001 cb0071"
#define ZEROS    "0000000000000000"
		{ BGP_FAMILY(1, 128), 0, "0c" ZEROS "c0000201", VPN_NLRI, 0 },
		{ BGP_FAMILY(1, 128), 0, "0c" ZEROS "00000000", VPN_NLRI,
		  BGP_REMEDY_WITHDRAW },
		{ BGP_FAMILY(2, 128), 0, "18" ZEROS "20010db8" ZEROS "00000001",
		  VPN_NLRI, 0 },
		{ BGP_FAMILY(2, 128), 0, "18" ZEROS ZEROS ZEROS, VPN_NLRI,
		  BGP_REMEDY_WITHDRAW },
		{ BGP_FAMILY(2, 128), 0, "18" ZEROS ZEROS "0000ffffc0000201",
		  VPN_NLRI, 0 },
		{ BGP_FAMILY(2, 128), 0, "18" ZEROS ZEROS "0000ffff7f000001",
		  VPN_NLRI, BGP_REMEDY_WITHDRAW },
		{ BGP_FAMILY(2, 128), 0,
		  "30" ZEROS ZEROS "0000ffffc0000201" ZEROS
		  "fe80000000000000" ZEROS,
		  VPN_NLRI, 0 },
		{ BGP_FAMILY(2, 4), 0, "10" ZEROS "0000ffffc0000201",
		  "38 000641 20010db8", 0 },
		{ BGP_FAMILY(2, 129), 0, "18" ZEROS ZEROS "0000ffffc0000201",
		  "40 0000fdea00000001", 0 },
		{ BGP_FAMILY(1, 132), 0, "04 00000000", "00",
		  BGP_REMEDY_WITHDRAW },
		{ BGP_FAMILY(1, 133), 0, "04 00000000", "03 010810", 0 },
		{ BGP_FAMILY(1, 133), 0, "00", "03 010810", 0 },
		{ BGP_FAMILY(1, 129), 0, "00", "40 0000fdea00000001", 0 },
		{ BGP_FAMILY(999, 1), BGP_NLRI_LEN8, "01 00", "01aa", 0 },
	};

	(void)state;
	codec.next_hop_check = true;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t octets[100];
		char attrs[300], mp[200];

		snprintf(mp, sizeof mp, "%04x %02x %s 00 %s",
			 (unsigned)BGP_AFI(cases[i].family),
			 (unsigned)BGP_SAFI(cases[i].family), cases[i].hop,
			 cases[i].nlri);
		snprintf(attrs, sizeof attrs, ORIGIN PATH "800e%02x %s",
			 (unsigned)hex_octets(mp, octets, sizeof octets), mp);
		codec.families[1].family = cases[i].family;
		codec.families[1].form = cases[i].form;
		decode("", attrs, "");
		if (fault.remedy != cases[i].remedy)
			fail_msg("case %zu: %s", i, fault.reason);
	}
}

#define RD      "0000fdea00000001"
#define ESI     "00000000000000000000"
#define EVPN(n) "001946 04 c0000201 00" n

/* The types of the NLRI in a list, "3 5". */
static void
expect_types(struct bgp_nlri_list list, const char *text)
{
	struct bgp_nlri nlri;
	char all[100] = "";

	while (bgp_nlri_next(&list, &nlri))
		snprintf(all + strlen(all), sizeof all - strlen(all), " %u",
			 nlri.octets[0]);
	assert_string_equal(all + 1, text);
}

/* NLRI of types that are not known are left out, or carried where the host says
 * so; the others stay.                                     RFC 7606 5.4 */
static void
test_unknown_types(void **state)
{
#define MIXED                           \
	"0311" RD "00000000 20c0000201" \
	"6302aabb"                      \
	"0914" RD "00000000" RD

	(void)state;
	codec.families[1].family = BGP_FAMILY(25, 70);
	assert_int_equal(decode("", ORIGIN PATH "800e36" EVPN(MIXED), ""),
			 BGP_OK);
	expect(BGP_REMEDY_DISCARD, 9);
	expect_types(update.reach[0], "3 9");
	decode("", "800f30 001946" MIXED, "");
	expect(BGP_REMEDY_DISCARD, 9);
	expect_types(update.unreach[0], "3 9");
	/* nothing else: no list */
	decode("", ORIGIN PATH "800e0d" EVPN("6302aabb"), "");
	expect(BGP_REMEDY_DISCARD, 9);
	assert_int_equal(update.reach_count, 0);
	decode("", "800f07 001946 6302aabb", "");
	expect(BGP_REMEDY_DISCARD, 9);
	assert_int_equal(update.unreach_count, 0);
	codec.families[1].unknown_types = true;
	decode("", ORIGIN PATH "800e36" EVPN(MIXED), "");
	expect(BGP_REMEDY_NONE, 0);
	expect_types(update.reach[0], "3 99 9");
}

/* A value that cannot be takes the routes of the message with it; withdrawn, it
 * names no route.                                            RFC 7606 2 */
static void
test_unusable_nlri(void **state)
{
#define TWO_INDICES                                            \
	"0522" RD "00000000000000000001 00000000 20 c0000200 " \
	"c0000201 000010"
#define ONE_INDEX "0522" RD ESI "00000000 20 c0000200 c0000201 000010"

	(void)state;
	codec.families[1].family = BGP_FAMILY(25, 70);
	codec.families[1].unknown_types = true;
	decode("", ORIGIN PATH "800e2d" EVPN(ONE_INDEX), "");
	expect(BGP_REMEDY_NONE, 0);
	decode("", ORIGIN PATH "800e55" EVPN(ONE_INDEX TWO_INDICES "6302aabb"),
	       "");
	expect(BGP_REMEDY_WITHDRAW, 9);
	expect_types(update.unreach[0], "5 99");
	decode("", "800f2b 001946" TWO_INDICES "6302aabb", "");
	expect(BGP_REMEDY_DISCARD, 9);
	expect_types(update.unreach[0], "99");
	/* and what has no end resets */
	decode("", ORIGIN PATH "800e2f" EVPN(TWO_INDICES "63ff"), "");
	expect(BGP_REMEDY_RESET, 9);
}

/* A family that the library does not know: carried where its form is given,
 * left out where nobody can tell its NLRI apart. */
static void
test_opaque_family(void **state)
{
	static const char *const attrs = "800e10 03e7 01 07 01020304050607 00"
					 "01 02aabb" ORIGIN PATH
					 "800f06 03e7 01 01 01 cc";

	(void)state;
	codec.families[1].family = BGP_FAMILY(999, 1);
	codec.families[1].form = BGP_NLRI_TYPE8_LEN8;
	assert_int_equal(decode("", attrs, ""), BGP_OK);
	expect(BGP_REMEDY_NONE, 0);
	assert_int_equal(update.reach_count, 1);
	assert_int_equal(update.reach[0].next_hop.len, 7);
	assert_int_equal(update.unreach_count, 1);
	codec.families[1].form = BGP_NLRI_KNOWN;
	assert_int_equal(decode("", attrs, ""), BGP_OK);
	expect(BGP_REMEDY_NONE, 0);
	assert_int_equal(update.reach_count, 0);
	assert_int_equal(update.unreach_count, 0);
}

/* What a fault shows of a message fits into a NOTIFICATION. */
static void
test_data_is_cut(void **state)
{
	static uint8_t big[6000];

	(void)state;
	memset(big, 0xff, 19);
	memcpy(big + 19, "\0\0\23\210\120\1\23\204", 8);
	memcpy(big + 23 + 5000, "\10\12", 2);
	assert_int_equal(
	    bgp_update_decode(&codec, big, 23 + 5002, &update, &fault), BGP_OK);
	assert_int_equal(fault.remedy, BGP_REMEDY_WITHDRAW);
	assert_int_equal(fault.subcode, 5);
	assert_int_equal(fault.data_len, 4096 - 21);
	codec.message_out_max = 4500;
	bgp_update_decode(&codec, big, 23 + 5002, &update, &fault);
	assert_int_equal(fault.data_len, 4500 - 21);
	codec.message_out_max = BGP_MESSAGE_EXT_MAX;
	bgp_update_decode(&codec, big, 23 + 5002, &update, &fault);
	assert_int_equal(fault.data_len, 5000);
}

static const void *
remember(void *ctx, const struct bgp_update *u)
{
	assert_int_equal(u->reach_count, 1);
	assert_int_equal(u->reach[0].next_hop.octets - u->block.octets, 16);
	assert_int_not_equal(u->attr_count, 0);
	++*(int *)ctx;
	return ctx;
}

static void
test_recall(void **state)
{
	int asked = 0;

	(void)state;
	codec.recall = remember;
	codec.recall_ctx = &asked;
	/* the malformed ORIGIN is not looked at: the block is known */
	assert_int_equal(decode("", "40010103" PATH HOP, PREFIX), BGP_OK);
	expect(BGP_REMEDY_NONE, 0);
	assert_ptr_equal(update.recalled, &asked);
	assert_int_equal(asked, 1);
	/* but what depends on the NLRI is */
	decode("", ORIGIN PATH "400303c00002", PREFIX);
	assert_int_equal(asked, 2);
	expect(BGP_REMEDY_WITHDRAW, 5);
	/* and a message with a fault of its own is not asked about */
	decode("", SOUND "40", PREFIX);
	assert_int_equal(asked, 2);
	/* nor is one without attributes */
	decode("", "", "");
	assert_int_equal(asked, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_plain, set_up),
		cmocka_unit_test_setup(test_multiprotocol, set_up),
		cmocka_unit_test_setup(test_add_path, set_up),
		cmocka_unit_test_setup(test_end_of_rib, set_up),
		cmocka_unit_test_setup(test_resets, set_up),
		cmocka_unit_test_setup(test_lengths_that_do_not_fit, set_up),
		cmocka_unit_test_setup(test_withdraws, set_up),
		cmocka_unit_test_setup(test_missing_names_the_type, set_up),
		cmocka_unit_test_setup(test_duplicates, set_up),
		cmocka_unit_test_setup(test_discards, set_up),
		cmocka_unit_test_setup(test_unrecognised, set_up),
		cmocka_unit_test_setup(test_families_not_negotiated, set_up),
		cmocka_unit_test_setup(test_ipv6_next_hop_of_ipv4, set_up),
		cmocka_unit_test_setup(test_next_hop_check, set_up),
		cmocka_unit_test_setup(test_next_hop_options, set_up),
		cmocka_unit_test_setup(test_next_hop_of_families, set_up),
		cmocka_unit_test_setup(test_unknown_types, set_up),
		cmocka_unit_test_setup(test_unusable_nlri, set_up),
		cmocka_unit_test_setup(test_opaque_family, set_up),
		cmocka_unit_test_setup(test_data_is_cut, set_up),
		cmocka_unit_test_setup(test_recall, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
