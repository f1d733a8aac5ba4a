/*
 * test_frame.c - a stream is cut where its headers say, and a header that
 * cannot be is refused before its body arrives.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

static uint8_t type;
static uint16_t msg_len;
static struct bgp_fault fault;

static int
decode(uint16_t len, uint8_t msg_type, uint16_t max)
{
	uint8_t header[19];

	memset(header, 0xff, 16);
	header[16] = (uint8_t)(len >> 8);
	header[17] = (uint8_t)len;
	header[18] = msg_type;
	return bgp_frame_decode(header, sizeof header, max, &type, &msg_len,
				&fault);
}

static void
test_waits_for_the_whole(void **state)
{
	uint8_t msg[64];
	size_t len = hex_message("02 0000 0000", msg, sizeof msg);

	(void)state;
	for (size_t n = 0; n < len; n++) {
		assert_int_equal(bgp_frame_decode(msg, n, BGP_MESSAGE_MAX,
						  &type, &msg_len, &fault),
				 BGP_ERR_SHORT);
		assert_int_equal(msg_len, n < 19 ? 0 : 23);
		assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
	}
	for (size_t n = len; n < len + 5; n++) {
		assert_int_equal(bgp_frame_decode(msg, n, BGP_MESSAGE_MAX,
						  &type, &msg_len, &fault),
				 BGP_OK);
		assert_int_equal(type, BGP_UPDATE);
		assert_int_equal(msg_len, 23);
	}
}

static void
test_bad_marker(void **state)
{
	uint8_t msg[19];

	(void)state;
	for (int i = 0; i < 16; i++) {
		assert_int_equal(bgp_keepalive_encode(msg, sizeof msg), 19);
		msg[i] = 0xfe;
		assert_int_equal(bgp_frame_decode(msg, 19, BGP_MESSAGE_MAX,
						  &type, &msg_len, &fault),
				 BGP_ERR_MALFORMED);
		assert_int_equal(fault.remedy, BGP_REMEDY_RESET);
		assert_int_equal(fault.code, 1);
		assert_int_equal(fault.subcode, 1);
	}
}

static void
test_lengths(void **state)
{
	static const struct {
		uint8_t type;
		uint16_t min, max, max_ext;
	} rules[] = {
		{ BGP_OPEN, 29, 4096, 4096 },
		{ BGP_UPDATE, 23, 4096, 65535 },
		{ BGP_NOTIFICATION, 21, 4096, 65535 },
		{ BGP_KEEPALIVE, 19, 19, 19 },
		{ BGP_ROUTE_REFRESH, 23, 4096, 65535 },
	};

	(void)state;
	for (size_t i = 0; i < 5; i++)
		for (uint32_t len = 0; len <= 65535; len++) {
			bool fits = len >= rules[i].min;
			uint16_t n = (uint16_t)len;

			assert_int_equal(decode(n, rules[i].type, 4096) ==
					     BGP_ERR_MALFORMED,
					 !fits || len > rules[i].max);
			assert_int_equal(decode(n, rules[i].type, 65535) ==
					     BGP_ERR_MALFORMED,
					 !fits || len > rules[i].max_ext);
		}
	assert_int_equal(decode(4097, BGP_UPDATE, 4096), BGP_ERR_MALFORMED);
	assert_int_equal(fault.code, 1);
	assert_int_equal(fault.subcode, 2);
	assert_int_equal(fault.data_len, 2);
}

static void
test_types(void **state)
{
	(void)state;
	for (int t = 0; t < 256; t++) {
		if (t >= 1 && t <= 5)
			continue;
		assert_int_equal(decode(23, (uint8_t)t, 4096),
				 BGP_ERR_MALFORMED);
		assert_int_equal(fault.code, 1);
		assert_int_equal(fault.subcode, 3);
		assert_int_equal(fault.data_len, 1);
	}
}

static void
test_keepalive(void **state)
{
	uint8_t msg[19];

	(void)state;
	assert_int_equal(bgp_keepalive_encode(msg, 18), BGP_ERR_SPACE);
	assert_int_equal(bgp_keepalive_encode(msg, 19), 19);
	assert_int_equal(msg[17], 19);
	assert_int_equal(msg[18], 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waits_for_the_whole),
		cmocka_unit_test(test_bad_marker),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_keepalive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
