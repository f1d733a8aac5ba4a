/*
 * test_refresh.c - ROUTE-REFRESH, its markers, filters kept raw.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

static void
test_both_ways(void **state)
{
	static const uint8_t orf[] = { 1, 0x40, 0, 1, 0x80 };

	(void)state;
	for (uint8_t subtype = 0; subtype <= 2; subtype++) {
		struct bgp_refresh in = { BGP_FAMILY(2, 1),
					  subtype,
					  { orf,
					    subtype == 0 ? sizeof orf : 0 } },
				   out;
		struct bgp_fault fault;
		uint8_t buf[64];
		int len = bgp_refresh_encode(&in, buf, sizeof buf);

		assert_int_equal(len, 23 + (int)in.orf.len);
		assert_int_equal(
		    bgp_refresh_decode(buf, (size_t)len, &out, &fault), BGP_OK);
		assert_int_equal(out.family, BGP_FAMILY(2, 1));
		assert_int_equal(out.subtype, subtype);
		assert_int_equal(out.orf.len, in.orf.len);
		assert_int_equal(bgp_refresh_encode(&in, buf, 22),
				 BGP_ERR_SPACE);
	}
}

static void
test_faults(void **state)
{
	static uint8_t msg[65535];
	struct bgp_refresh out;
	struct bgp_fault fault;
	size_t len = hex_message("05 0001 01 01 00", msg, sizeof msg);

	(void)state;
	assert_int_equal(bgp_refresh_decode(msg, len, &out, &fault),
			 BGP_ERR_MALFORMED);
	assert_int_equal(fault.code, 7);
	assert_int_equal(fault.subcode, 1);
	assert_int_equal(fault.data_len, len);
	msg[21] = 2;
	assert_int_equal(bgp_refresh_decode(msg, len, &out, &fault),
			 BGP_ERR_MALFORMED);
	assert_int_equal(fault.subcode, 1);
	assert_int_equal(bgp_refresh_decode(msg, sizeof msg, &out, &fault),
			 BGP_ERR_MALFORMED);
	assert_int_equal(fault.data_len, 4096 - 21);
	assert_int_equal(bgp_refresh_decode(msg, 22, &out, &fault),
			 BGP_ERR_MALFORMED);
	/* other subtypes may have a body: whoever knows them, reads it */
	msg[21] = 3;
	assert_int_equal(bgp_refresh_decode(msg, len, &out, &fault), BGP_OK);
	out.orf.len = 65535 - 22;
	assert_int_equal(bgp_refresh_encode(&out, msg, sizeof msg),
			 BGP_ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
