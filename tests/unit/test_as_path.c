/*
 * test_as_path.c - what the decision asks of a path, and the path of a 2-octet
 * session made whole from AS4_PATH and taken apart again.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "libbgp/codec/as_path.h"
#include "libbgp/codec/attr.h"

static void
test_facts(void **state)
{
	static const struct {
		const char *path;
		uint32_t length, neighbour, has_7;
	} cases[] = {
		{ "", 0, 0, 0 },
		{ "0201 00000007", 1, 7, 1 },
		{ "0202 00000001 00000007 0103 00000002 00000003 00000004", 3,
		  1, 1 },
		{ "0101 00000007", 1, 0, 1 },
		{ "0301 00000007 0201 00000009", 1, 9, 1 },
		{ "0402 00000001 00000002 0101 00000003 0201 00000009", 2, 0,
		  0 },
		{ "0200 0201 00000009", 1, 9, 0 },
		/* what is not whole is not counted */
		{ "0202 00000007", 0, 0, 0 },
		{ "0201 00000007 02", 1, 7, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bgp_as_path_facts facts;
		uint8_t value[64];
		size_t len = hex_octets(cases[i].path, value, sizeof value);

		bgp_as_path_facts(value, len, 7, &facts);
		assert_int_equal(facts.length, cases[i].length);
		assert_int_equal(facts.neighbour_as, cases[i].neighbour);
		assert_int_equal(facts.local_as_found, cases[i].has_7);
		bgp_as_path_facts(value, len, 0, &facts);
		assert_false(facts.local_as_found);
	}
}

static void
expect_text(const struct bgp__writer *w, const char *text)
{
	char buf[200];

	assert_false(w->bad);
	bgp_as_path_text(w->from, bgp__written(w), buf, sizeof buf);
	assert_string_equal(buf, text);
}

/* RFC 6793 4.2.3: what AS4_PATH spans is taken from it, the rest is kept. */
static void
test_widen(void **state)
{
	static const struct {
		const char *path, *as4_path, *text;
	} cases[] = {
		{ "", NULL, "" },
		{ "0202 0001 5ba0", NULL, "1 23456" },
		{ "0202 0001 5ba0", "0201 00011170", "1 70000" },
		{ "0202 5ba0 5ba0", "0202 00011170 00011171", "70000 70001" },
		/* AS4_PATH is longer: it is not of this path */
		{ "0201 0001", "0202 00011170 00011171", "1" },
		{ "", "0201 00011170", "" },
		/* a set counts one */
		{ "0201 0001 0103 0002 0003 5ba0",
		  "0103 00000002 00000003 00011170", "1 {2 3 70000}" },
		{ "0202 0001 0002 0102 0003 5ba0 0201 0004",
		  "0102 00000003 00011170 0201 00000004", "1 2 {3 70000} 4" },
		{ "0101 0009 0201 5ba0", "0201 00011170", "{9} 70000" },
		{ "0201 0009 0101 5ba0", "0101 00011170", "9 {70000}" },
		{ "0401 fde8 0202 0001 5ba0", "0201 00011170",
		  "[65000] 1 70000" },
		/* segments that end at the seam */
		{ "0201 0001 0201 5ba0", "0201 00011170", "1 70000" },
		{ "0201 0009 0201 0001 0201 5ba0", "0201 00011170",
		  "9 1 70000" },
		/* confederation segments before the span stay, those of
		 * AS4_PATH have no business there */
		{ "0301 fde8 0202 0001 5ba0", "0201 00011170",
		  "(65000) 1 70000" },
		{ "0301 fde8 0201 5ba0", "0201 00011170", "(65000) 70000" },
		{ "0201 5ba0 0301 fde8", "0301 0000fde8 0201 00011170",
		  "70000" },
		{ "0202 0001 0002", "0301 0000fde8", "1 2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t two[64], four[64], buf[200];
		struct bgp__writer w = bgp__writer(buf, sizeof buf);
		struct bgp_attr path = { 0x40, 2, 0, two };
		struct bgp_attr as4_path = { 0xc0, 17, 0, four };

		path.len = (uint16_t)hex_octets(cases[i].path, two, sizeof two);
		if (cases[i].as4_path != NULL)
			as4_path.len = (uint16_t)hex_octets(cases[i].as4_path,
							    four, sizeof four);
		bgp__as_path_widen(
		    &w, &path, cases[i].as4_path != NULL ? &as4_path : NULL);
		expect_text(&w, cases[i].text);
	}
}

/* A sequence that would pass 255 numbers at the seam stays two. */
static void
test_seam_of_long_sequences(void **state)
{
	static uint8_t two[2 + 2 * 255], four[2 + 4 * 255], buf[4000];
	struct bgp_attr path = { 0x40, 2, sizeof two, two };
	struct bgp_attr as4_path = { 0xc0, 17, sizeof four, four };

	(void)state;
	memset(two, 1, sizeof two);
	memset(four, 2, sizeof four);
	two[0] = four[0] = BGP_AS_SEQUENCE;
	two[1] = 255;
	for (unsigned n = 1; n <= 255; n++) {
		struct bgp__writer w = bgp__writer(buf, sizeof buf);
		struct bgp_as_path_facts facts;

		four[1] = (uint8_t)n;
		as4_path.len = (uint16_t)(2 + 4 * n);
		bgp__as_path_widen(&w, &path, &as4_path);
		assert_int_equal(bgp__written(&w), 2 + 4 * 255);
		bgp_as_path_facts(buf, bgp__written(&w), 0x02020202, &facts);
		assert_int_equal(facts.length, 255);
		assert_true(facts.local_as_found);
	}
}

static void
test_seam_of_two_long_sequences(void **state)
{
	static uint8_t two[2 * (2 + 2 * 200)], four[2 + 4 * 200], buf[4000];
	struct bgp_attr path = { 0x40, 2, sizeof two, two };
	struct bgp_attr as4_path = { 0xc0, 17, sizeof four, four };
	struct bgp__writer w = bgp__writer(buf, sizeof buf);

	(void)state;
	memset(two, 1, sizeof two);
	memset(four, 2, sizeof four);
	two[0] = two[402] = four[0] = BGP_AS_SEQUENCE;
	two[1] = two[403] = four[1] = 200;
	bgp__as_path_widen(&w, &path, &as4_path);
	assert_int_equal(bgp__written(&w), 2 * (2 + 4 * 200));
	assert_int_equal(buf[1], 200);
	assert_int_equal(buf[2 + 4 * 200 + 1], 200);
}

static void
test_narrow(void **state)
{
	static const struct {
		const char *path, *narrow, *as4_path;
		bool wide;
	} cases[] = {
		{ "", "", "", false },
		{ "0202 00000001 0000ffff", "0202 0001 ffff",
		  "0202 00000001 0000ffff", false },
		{ "0202 00000001 00010000", "0202 0001 5ba0",
		  "0202 00000001 00010000", true },
		/* wide inside the confederation only: AS4_PATH tells nothing */
		{ "0301 00010000 0401 00010000 0201 00000001",
		  "0301 5ba0 0401 5ba0 0201 0001", "0201 00000001", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t value[64], wanted[64], buf[64];
		struct bgp__writer w = bgp__writer(buf, sizeof buf);
		struct bgp_attr path = { 0x40, 2, 0, value };
		size_t len;

		path.len = (uint16_t)hex_octets(cases[i].path, value,
						sizeof value);
		assert_int_equal(bgp__as_path_narrow(&w, &path), cases[i].wide);
		len = hex_octets(cases[i].narrow, wanted, sizeof wanted);
		assert_int_equal(bgp__written(&w), len);
		assert_memory_equal(buf, wanted, len);
		w = bgp__writer(buf, sizeof buf);
		bgp__as4_path_write(&w, &path);
		len = hex_octets(cases[i].as4_path, wanted, sizeof wanted);
		assert_int_equal(bgp__written(&w), len);
		assert_memory_equal(buf, wanted, len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_widen),
		cmocka_unit_test(test_seam_of_long_sequences),
		cmocka_unit_test(test_seam_of_two_long_sequences),
		cmocka_unit_test(test_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
