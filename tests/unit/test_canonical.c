/*
 * test_canonical.c - the same said in two ways gives the same octets.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

static struct bgp_codec codec;
static struct bgp_update update;
static uint8_t buf[2 * BGP_ATTR_BLOCK_MAX];

/* Decodes the attributes with a prefix and makes them canonical. */
static int
canonical(const char *attrs)
{
	static uint8_t msg[BGP_MESSAGE_EXT_MAX];
	struct bgp_fault fault;
	size_t len = hex_octets(attrs, msg + 23, sizeof msg - 40);

	memset(msg, 0xff, 19);
	memset(msg + 19, 0, 2);
	msg[21] = (uint8_t)(len >> 8);
	msg[22] = (uint8_t)len;
	memcpy(msg + 23 + len, "\30\313\0\161", 4);
	assert_int_equal(
	    bgp_update_decode(&codec, msg, 27 + len, &update, &fault), BGP_OK);
	return bgp_attrs_canonical(&codec, &update, buf, sizeof buf);
}

/* A smaller buffer has no room, and nothing behind it is written. */
static void
expect(const char *attrs, const char *wanted)
{
	uint8_t octets[4000];
	size_t len = hex_octets(wanted, octets, sizeof octets);

	assert_int_equal(canonical(attrs), len);
	assert_memory_equal(buf, octets, len);
	for (size_t size = 0; size < len; size++) {
		buf[size] = 0xa5;
		assert_int_equal(
		    bgp_attrs_canonical(&codec, &update, buf, size),
		    BGP_ERR_SPACE);
		assert_int_equal(buf[size], 0xa5);
	}
}

static int
set_up(void **state)
{
	(void)state;
	codec = (struct bgp_codec){ .as4 = true,
				    .family_count = 1,
				    .families = {
					{ .family = BGP_IPV4_UNICAST } } };
	return 0;
}

static void
test_order_and_header(void **state)
{
	(void)state;
	/* order, Extended Length, low bits, Partial on a well-known one */
	expect("8004040000000a 400304c0000201 5f010001 00 60020602010000fdea",
	       "40010100 40020602010000fdea 8004040000000a");
	/* Partial stays on a known transitive one, comes to an unknown one */
	expect("40010100 400200 400304c0000201 e00804fdea0001 c0630101",
	       "40010100 400200 e00804fdea0001 e0630101");
	/* and is no matter for a non-transitive one */
	expect("40010100 400200 400304c0000201 a0040400000001",
	       "40010100 400200 80040400000001");
	/* unknown and non-transitive: gone */
	expect("40010100 400200 400304c0000201 80630101", "40010100 400200");
}

static void
test_long_value(void **state)
{
	char attrs[2000] = "40010100 400200 400304c0000201 d0080100";
	int len;

	(void)state;
	for (int i = 0; i < 64; i++)
		strcat(attrs, "fdea0001");
	len = canonical(attrs);
	assert_int_equal(len, 7 + 4 + 256);
	assert_memory_equal(buf + 7, "\320\10\1\0\375\352", 6);
}

/* RFC 6793 4.2.3 on a session of 2-octet AS numbers. */
static void
test_as4(void **state)
{
	(void)state;
	codec.as4 = false;
	expect("40010100 4002040201fdea 400304c0000201",
	       "40010100 40020602010000fdea");
	expect("40010100 400206020200015ba0 400304c0000201"
	       "c01106020100011170",
	       "40010100 40020a02020000000100011170");
	expect("40010100 4002040201fdea 400304c0000201 c00706fdeac0000201",
	       "40010100 40020602010000fdea c007080000fdeac0000201");
	/* AS_TRANS aggregated: the AS4_ ones say who and what */
	expect("40010100 400206020200015ba0 400304c0000201"
	       "c007065ba0c0000201 c01106020100011170 c0120800011171c0000202",
	       "40010100 40020a02020000000100011170 c0070800011171c0000202");
	/* another aggregated since: neither counts */
	expect("40010100 400206020200015ba0 400304c0000201"
	       "c00706fdeac0000201 c01106020100011170 c0120800011171c0000202",
	       "40010100 40020a02020000000100005ba0 c007080000fdeac0000201");
	/* without AS4_AGGREGATOR nothing tells against AS4_PATH */
	expect("40010100 400206020200015ba0 400304c0000201"
	       "c00706fdeac0000201 c01106020100011170",
	       "40010100 40020a02020000000100011170 c007080000fdeac0000201");
	/* without AGGREGATOR nothing is aggregated */
	expect("40010100 4002040201fdea 400304c0000201"
	       "c0120800011171c0000202",
	       "40010100 40020602010000fdea");
}

static void
test_nothing(void **state)
{
	(void)state;
	update.attr_count = 0;
	assert_int_equal(bgp_attrs_canonical(&codec, &update, buf, 0), 0);
}

/* A path whose 4-octet form passes the length field. */
static void
test_path_too_long(void **state)
{
	static uint8_t value[65000];
	static uint8_t big[200000];

	(void)state;
	codec.as4 = false;
	for (size_t at = 0; at + 512 <= sizeof value; at += 512) {
		value[at] = BGP_AS_SEQUENCE;
		value[at + 1] = 255;
	}
	update.attr_count = 1;
	update.attrs[0] = (struct bgp_attr){ 0x50, BGP_ATTR_AS_PATH, 512 * 100,
					     value };
	assert_int_equal(bgp_attrs_canonical(&codec, &update, big, sizeof big),
			 BGP_ERR_SPACE);
	update.attrs[0].len = 512 * 60;
	assert_int_equal(bgp_attrs_canonical(&codec, &update, big, sizeof big),
			 4 + 1022 * 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_order_and_header, set_up),
		cmocka_unit_test_setup(test_long_value, set_up),
		cmocka_unit_test_setup(test_as4, set_up),
		cmocka_unit_test_setup(test_nothing, set_up),
		cmocka_unit_test_setup(test_path_too_long, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
