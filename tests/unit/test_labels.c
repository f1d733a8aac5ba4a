/*
 * test_labels.c - stacks of labels, from the capability to the wire and back.
 *                                                                 RFC 8277 2
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

#define LABELED  BGP_FAMILY(1, 4)
#define LABELED6 BGP_FAMILY(2, 4)
#define VPNV4    BGP_FAMILY(1, 128)

#define CAP(code, text)                                         \
	{                                                       \
		code, sizeof(text) - 1, (const uint8_t *)(text) \
	}

static struct bgp_codec codec;
static struct bgp_update update;
static struct bgp_fault fault;

/* ----------------------------------------------------------------- negotiate
 */

/* Families are IPv4 labeled and IPv6 unicast. */
static void
negotiate(struct bgp_capability ours, struct bgp_capability theirs)
{
	struct bgp_open a = { .as = 1,
			      .capability_count = 3,
			      .capabilities = { CAP(BGP_CAP_MP, "\0\1\0\4"),
						CAP(BGP_CAP_MP, "\0\2\0\1"),
						ours } };
	struct bgp_open b = a;

	b.capabilities[2] = theirs;
	bgp_codec_negotiate(&a, &b, &codec);
}

static void
expect_labels(uint8_t in, uint8_t out)
{
	assert_int_equal(codec.families[0].labels_in, in);
	assert_int_equal(codec.families[0].labels_out, out);
	assert_int_equal(codec.families[1].labels_in, 0);
	assert_int_equal(codec.families[1].labels_out, 0);
}

static void
test_negotiate(void **state)
{
	const struct bgp_capability three = CAP(8, "\0\1\4\3");
	const struct bgp_capability any = CAP(8, "\0\2\1\4\0\1\4\377");
	const struct bgp_capability one = CAP(8, "\0\1\4\1\0\1\4\2");
	const struct bgp_capability other = CAP(8, "\0\1\200\2");
	const struct bgp_capability none = CAP(2, "");

	(void)state;
	negotiate(three, any);
	expect_labels(3, 255);
	negotiate(any, three);
	expect_labels(255, 3);
	negotiate(three, none);
	expect_labels(0, 0);
	negotiate(none, three);
	expect_labels(0, 0);
	negotiate(three, other);
	expect_labels(0, 0);
	/* the first tuple counts, and one label is no stack */
	negotiate(three, one);
	expect_labels(0, 0);
}

/* -------------------------------------------------------------------- decode
 */

#define HEAD "02 0000 0000 40010100 4002060201 0000fdea"

/* An UPDATE whose MP_REACH has this next hop and these NLRI. */
static void
decode(bgp_family family, uint8_t labels, const char *hop, const char *nlri)
{
	static uint8_t msg[500];
	size_t at = hex_message(HEAD, msg, sizeof msg), len;
	uint8_t *p = msg + at + 3;

	codec = (struct bgp_codec){ .as4 = true,
				    .family_count = 1,
				    .families = { { .family = family,
						    .labels_in = labels,
						    .labels_out = labels } } };
	p[0] = 0;
	p[1] = (uint8_t)BGP_AFI(family);
	p[2] = (uint8_t)family;
	p[3] = (uint8_t)hex_octets(hop, p + 4, 50);
	p += 4 + p[3];
	*p++ = 0;
	p += hex_octets(nlri, p, 200);
	len = (size_t)(p - msg);
	msg[at] = 0x80;
	msg[at + 1] = BGP_ATTR_MP_REACH;
	msg[at + 2] = (uint8_t)(len - at - 3);
	msg[22] = (uint8_t)(len - 23);
	bgp_update_decode(&codec, msg, len, &update, &fault);
}

#define RD   "0000fbf400000001"
#define HOP  "0000000000000000 c0000201"
#define HOP6 "20010db8000000000000000000000001"

static void
test_decode(void **state)
{
	static const struct {
		bgp_family family;
		uint8_t labels;
		const char *nlri;
		enum bgp_remedy remedy;
		const char *text; /* of the first */
	} cases[] = {
		{ LABELED, 2, "20 000641 0a", 0, "10.0.0.0/8 label 100" },
		{ LABELED, 2, "38 000640 000651 0a", 0,
		  "10.0.0.0/8 label 100 label 101" },
		{ LABELED, 2, "48 000640 000651 0a0000", 0,
		  "10.0.0.0/24 label 100 label 101" },
		{ LABELED, 0, "38 000640 000651 0a", 0,
		  "0.6.81.10/32 label 100" },
		{ LABELED, 255, "68 000640 000650 000660 000671 0a", 0,
		  "10.0.0.0/8 label 100 label 101 label 102 label 103" },
		{ LABELED, 2, "18 000641", 0, "0.0.0.0/0 label 100" },
		{ LABELED6, 2, "50 000640 000651 20010db8", 0,
		  "2001:db8::/32 label 100 label 101" },
		{ VPNV4, 2, "78 000640 000651" RD "0a", 0,
		  "64500:1:10.0.0.0/8 label 100 label 101" },
		/* more than we take: withdrawn, not lost */
		{ LABELED, 2, "20 000641 0a 50 000640 000650 000661 0a",
		  BGP_REMEDY_WITHDRAW, NULL },
		/* no label is the last, or too much is behind it */
		{ LABELED, 2, "20 000640 0a", BGP_REMEDY_RESET, NULL },
		{ LABELED, 2, "40 000641 0a00000000", BGP_REMEDY_RESET, NULL },
		{ VPNV4, 2, "58 000640" RD, BGP_REMEDY_RESET, NULL },
		{ VPNV4, 2, "58 000640 000651 0000fbf40000", BGP_REMEDY_RESET,
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bgp_nlri nlri;
		char text[200];

		decode(cases[i].family, cases[i].labels,
		       cases[i].family == VPNV4          ? HOP
			   : cases[i].family == LABELED6 ? HOP6
							 : "c0000201",
		       cases[i].nlri);
		if (fault.remedy != cases[i].remedy)
			fail_msg("%s: %s", cases[i].nlri, fault.reason);
		if (fault.remedy == BGP_REMEDY_WITHDRAW)
			assert_int_equal(update.unreach_count, 1);
		if (cases[i].text == NULL)
			continue;
		assert_true(bgp_nlri_next(&update.reach[0], &nlri));
		bgp_nlri_text(&nlri, text, sizeof text);
		assert_string_equal(text, cases[i].text);
	}
}

/* A stack of a family without labels means nothing. */
static void
test_no_labels(void **state)
{
	(void)state;
	decode(BGP_FAMILY(1, 2), 2, "c0000201", "08 0a");
	assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
	assert_int_equal(update.reach[0].labels, 0);
}

/* The key of a route is the same however many labels it has. */
static void
test_key(void **state)
{
	static const char *const same[] = { "20 000641 0a",
					    "38 000640 000651 0a",
					    "50 000640 000650 000661 0a" };
	uint8_t first[20], key[20];
	struct bgp_nlri nlri;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		decode(LABELED, 3, "c0000201", same[i]);
		assert_true(bgp_nlri_next(&update.reach[0], &nlri));
		assert_int_equal(nlri.labels, i + 1);
		assert_int_equal(bgp_nlri_key(&nlri, i == 0 ? first : key, 20),
				 2);
		if (i > 0)
			assert_memory_equal(first, key, 2);
	}
	/* made by hand: more labels than there are octets for */
	nlri.bits = 32;
	assert_int_equal(bgp_nlri_key(&nlri, key, 20), 2);
}

/* -------------------------------------------------------------------- encode
 */

static void
encode(uint8_t labels_out, bool unreach, bool add_path, const char *wanted,
       size_t wanted_taken)
{
	static uint8_t msg[500], octets[500];
	static const uint8_t hop[] = { 192, 0, 2, 1 };
	struct bgp_update_parts parts = { .family = LABELED,
					  .unreach = unreach,
					  .next_hop = { hop, 4 } };
	struct bgp_nlri nlri[2];
	size_t taken, len;
	int n;

	decode(LABELED, 255, "c0000201",
	       "20 000641 0a 50 000640 000650 000661 0a");
	for (size_t i = 0; i < 2; i++)
		assert_true(bgp_nlri_next(&update.reach[0], &nlri[i]));
	parts.attrs = update.attrs;
	parts.attr_count = update.attr_count;
	parts.nlri = nlri;
	parts.nlri_count = 2;
	codec.families[0].labels_out = labels_out;
	codec.families[0].add_path_out = add_path;
	n = bgp_update_encode(&codec, &parts, msg, sizeof msg, &taken);
	assert_true(n > 0);
	assert_int_equal(taken, wanted_taken);
	/* the NLRI end the message, or the attribute in front of the rest */
	len = hex_octets(wanted, octets, sizeof octets);
	assert_memory_equal(msg + n - len - (unreach ? 0 : 13), octets, len);
	/* alone, the second finds no room */
	parts.nlri = nlri + wanted_taken;
	parts.nlri_count = 2 - wanted_taken;
	if (parts.nlri_count > 0)
		assert_int_equal(
		    bgp_update_encode(&codec, &parts, msg, sizeof msg, &taken),
		    BGP_ERR_SPACE);
}

static void
test_encode(void **state)
{
	(void)state;
	encode(255, false, false, "20 000641 0a 50 000640 000650 000661 0a", 2);
	encode(3, false, false, "20 000641 0a 50 000640 000650 000661 0a", 2);
	encode(3, false, true,
	       "00000000 20 000641 0a 00000000 50 000640 "
	       "000650 000661 0a",
	       2);
	encode(2, false, false, "20 000641 0a", 1);
	encode(0, false, false, "20 000641 0a", 1);
	encode(0, true, false, "20 800000 0a 20 800000 0a", 2);
}

/* A single label ends its stack, also where it came without saying so; what a
 * withdrawal has in its place stays.                      RFC 8277 2.2, 2.4 */
static void
test_bottom_of_stack(void **state)
{
	static const struct {
		const char *nlri, *sent;
		bool unreach;
	} cases[] = {
		{ "000640 0a", "20 000641 0a", false },
		{ "000641 0a", "20 000641 0a", false },
		{ "800000 0a", "20 800001 0a", false },
		{ "800000 0a", "20 800000 0a", true },
		{ "000000 0a", "20 000000 0a", true },
		{ "000640 0a", "20 000641 0a", true },
		{ "800640 0a", "20 800641 0a", true },
		{ "800040 0a", "20 800041 0a", true },
		{ "010000 0a", "20 010001 0a", true },
		{ "000640 000650 0a000001", "50 000640 000651 0a000001",
		  false },
		{ "0064", "10 0064", false },
	};
	static const uint8_t hop[] = { 192, 0, 2, 1 };

	(void)state;
	codec = (struct bgp_codec){ .as4 = true };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t octets[20], wanted[20], msg[100];
		struct bgp_nlri nlri = { .family = LABELED, .octets = octets };
		struct bgp_update_parts parts = { .family = LABELED,
						  .unreach = cases[i].unreach,
						  .next_hop = { hop, 4 },
						  .nlri = &nlri,
						  .nlri_count = 1 };
		size_t taken, len;
		int n;

		nlri.len = (uint16_t)hex_octets(cases[i].nlri, octets, 20);
		nlri.bits = (uint16_t)(nlri.len * 8);
		len = hex_octets(cases[i].sent, wanted, sizeof wanted);
		n = bgp_update_encode(&codec, &parts, msg, sizeof msg, &taken);
		assert_in_range(n, len, sizeof msg);
		assert_memory_equal(msg + n - len, wanted, len);
	}
}

static void
test_refusals(void **state)
{
	static const uint8_t octets[4] = { 0 };
	struct bgp_nlri nlri = { .family = LABELED,
				 .bits = 32,
				 .len = 4,
				 .labels = 2,
				 .octets = octets };
	struct bgp_update_parts parts = { .family = LABELED,
					  .unreach = true,
					  .nlri = &nlri,
					  .nlri_count = 1 };
	uint8_t msg[100];
	size_t taken;

	(void)state;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, msg, sizeof msg, &taken),
	    BGP_ERR_INVALID);
	nlri.labels = 1;
	nlri.len = 3;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, msg, sizeof msg, &taken),
	    BGP_ERR_INVALID);
	nlri.bits = 256;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, msg, sizeof msg, &taken),
	    BGP_ERR_INVALID);
	nlri.bits = 32;
	nlri.len = 4;
	assert_int_equal(bgp_update_encode(&codec, &parts, msg, 30, &taken),
			 BGP_ERR_SPACE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_negotiate),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_no_labels),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_bottom_of_stack),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
