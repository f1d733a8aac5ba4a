/*
 * test_open.c - OPEN: fields, parameters in both forms, capabilities, faults.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

static uint8_t msg[BGP_MESSAGE_MAX];
static struct bgp_open open;
static struct bgp_fault fault;

static int
decode(const char *hex)
{
	size_t len = hex_message(hex, msg, sizeof msg);

	return bgp_open_decode(msg, len, &open, &fault);
}

static void
test_plain(void **state)
{
	(void)state;
	assert_int_equal(decode("01 04 fdea 005a c0000201 00"), BGP_OK);
	assert_int_equal(open.version, 4);
	assert_int_equal(open.my_as, 65002);
	assert_int_equal(open.as, 65002);
	assert_false(open.as4);
	assert_int_equal(open.hold_time_s, 90);
	assert_int_equal(open.router_id, 0xc0000201);
	assert_int_equal(open.capability_count, 0);
	assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
}

/* Together in one parameter, one in each, or in the form of RFC 9072. */
static void
test_parameter_forms(void **state)
{
	static const char *const forms[] = {
		"01 04 5ba0 005a c0000201 0e 02 0c 010400010001 410400011170",
		"01 04 5ba0 005a c0000201 10"
		"02 06 010400010001  02 06 410400011170",
		"01 04 5ba0 005a c0000201 ff ff 000f"
		"02 000c 010400010001 410400011170",
		"01 04 5ba0 005a c0000201 01 ff 0012"
		"02 0006 010400010001 02 0006 410400011170",
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(decode(forms[i]), BGP_OK);
		assert_int_equal(open.capability_count, 2);
		assert_int_equal(open.capabilities[0].code, BGP_CAP_MP);
		assert_int_equal(open.capabilities[0].len, 4);
		assert_true(open.as4);
		assert_int_equal(open.my_as, BGP_AS_TRANS);
		assert_int_equal(open.as, 70000);
	}
}

static void
test_faults(void **state)
{
	static const struct {
		uint8_t subcode;
		const char *hex;
	} cases[] = {
		{ 1, "01 03 fdea 005a c0000201 00" },
		{ 2, "01 04 0000 005a c0000201 00" },
		{ 2, "01 04 5ba0 005a c0000201 08 0206 4104 00000000" },
		{ 3, "01 04 fdea 005a 00000000 00" },
		{ 6, "01 04 fdea 0001 c0000201 00" },
		{ 6, "01 04 fdea 0002 c0000201 00" },
		{ 4, "01 04 fdea 005a c0000201 03 010100" },
		/* 255 is a type like any other when it is not the first one */
		{ 4, "01 04 fdea 005a c0000201 04 0200 ff00" },
		{ 0, "01 04 fdea 005a c0000201 01" },
		{ 0, "01 04 fdea 005a c0000201 00 00" },
		{ 0, "01 04 fdea 005a c0000201 01 02" },
		{ 0, "01 04 fdea 005a c0000201 02 0201" },
		{ 0, "01 04 fdea 005a c0000201 03 020141" },
		{ 0, "01 04 fdea 005a c0000201 04 02024101" },
		{ 0, "01 04 fdea 005a c0000201 ff" },
		{ 0, "01 04 fdea 005a c0000201 ff ff" },
		{ 0, "01 04 fdea 005a c0000201 ff ff 00" },
		{ 0, "01 04 fdea 005a c0000201 ff ff 0001 02" },
		{ 0, "01 04 fdea 005a c0000201 ff ff 0002 0001" },
		{ 0, "01 04 fdea 005a c0000201 ff ff 0001" },
		/* capabilities of a wrong length */
		{ 0, "01 04 fdea 005a c0000201 05 0203 0101 00" },
		{ 0, "01 04 fdea 005a c0000201 05 0203 0201 00" },
		{ 0, "01 04 fdea 005a c0000201 05 0203 0501 00" },
		{ 0, "01 04 fdea 005a c0000201 05 0203 0601 00" },
		{ 0, "01 04 fdea 005a c0000201 04 0202 0900" },
		{ 0, "01 04 fdea 005a c0000201 05 0203 4001 00" },
		{ 0, "01 04 fdea 005a c0000201 07 0205 4003 000000" },
		{ 0, "01 04 fdea 005a c0000201 04 0202 4100" },
		{ 0, "01 04 fdea 005a c0000201 05 0203 4501 00" },
		{ 0, "01 04 fdea 005a c0000201 05 0203 4601 00" },
		{ 0, "01 04 fdea 005a c0000201 05 0203 4701 00" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(decode(cases[i].hex), BGP_ERR_MALFORMED);
		assert_int_equal(fault.remedy, BGP_REMEDY_RESET);
		assert_int_equal(fault.code, 2);
		assert_int_equal(fault.subcode, cases[i].subcode);
		assert_non_null(fault.reason);
	}
	decode(cases[0].hex);
	assert_int_equal(fault.data_len, 2);
	assert_memory_equal(fault.data, "\0\4", 2);
	assert_int_equal(bgp_open_decode(msg, 28, &open, &fault),
			 BGP_ERR_MALFORMED);
}

/* Unknown ones are kept, whatever they hold; their number has a bound. */
static void
test_unknown_and_many(void **state)
{
	size_t len;

	(void)state;
	assert_int_equal(decode("01 04 fdea 005a c0000201 07 0205 f003 010203"),
			 BGP_OK);
	assert_int_equal(open.capabilities[0].code, 0xf0);
	assert_memory_equal(open.capabilities[0].value, "\1\2\3", 3);

	len = hex_message("01 04 fdea 005a c0000201 ff ff 0103 02 0100", msg,
			  sizeof msg);
	for (int n = 0; n <= 129; n++) {
		size_t all = len + 2 * (size_t)n;
		int err;

		msg[30] = (uint8_t)((2 * n + 3) >> 8);
		msg[31] = (uint8_t)(2 * n + 3);
		msg[33] = (uint8_t)(2 * n >> 8);
		msg[34] = (uint8_t)(2 * n);
		for (int i = 0; i < n; i++)
			memcpy(msg + len + 2 * i, "\361", 2);
		err = bgp_open_decode(msg, all, &open, &fault);
		assert_int_equal(err, n <= 128 ? BGP_OK : BGP_ERR_MALFORMED);
	}
	assert_int_equal(fault.code, 2);
	assert_int_equal(fault.subcode, 0);
}

static void
round_trip(uint8_t count, uint8_t cap_len)
{
	static uint8_t value[255];
	static struct bgp_open in, back;
	uint8_t buf[BGP_MESSAGE_MAX];
	int len;

	memset(&in, 0, sizeof in);
	in.version = 4;
	in.as = 70000;
	in.hold_time_s = 180;
	in.router_id = 1;
	in.capability_count = count;
	for (uint8_t i = 0; i < count; i++) {
		in.capabilities[i].code = (uint8_t)(128 + i % 100);
		in.capabilities[i].len = cap_len;
		in.capabilities[i].value = value;
	}
	len = bgp_open_encode(&in, buf, sizeof buf);
	if (29 + count * (cap_len + 2) + 6 > 4096) {
		assert_int_equal(len, BGP_ERR_SPACE);
		return;
	}
	assert_true(len > 0);
	assert_int_equal(bgp_open_decode(buf, (size_t)len, &back, &fault), 0);
	assert_int_equal(back.my_as, BGP_AS_TRANS);
	assert_int_equal(back.hold_time_s, 180);
	assert_int_equal(back.capability_count, count);
	for (uint8_t i = 0; i < count; i++) {
		assert_int_equal(back.capabilities[i].code, 128 + i % 100);
		assert_int_equal(back.capabilities[i].len, cap_len);
	}
	assert_int_equal(bgp_open_encode(&in, buf, (size_t)len - 1),
			 BGP_ERR_SPACE);
}

static void
test_encode(void **state)
{
	(void)state;
	for (int count = 0; count <= 128; count += 16)
		for (int len = 0; len <= 255; len += 15)
			round_trip((uint8_t)count, (uint8_t)len);
	round_trip(1, 251); /* the last that needs one octet */
	round_trip(1, 252);
	open.capability_count = 129;
	assert_int_equal(bgp_open_encode(&open, msg, sizeof msg),
			 BGP_ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_parameter_forms),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_unknown_and_many),
		cmocka_unit_test(test_encode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
