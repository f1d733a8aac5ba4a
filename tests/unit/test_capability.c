/*
 * test_capability.c - every known capability taken apart, put together again
 * and printed.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

static const struct text_case {
	uint8_t code;
	const char *value;
	const char *text;
} cases[] = {
	{ 1, "0002 00 01", "mp ipv6-unicast" },
	{ 5, "0001 0001 0002 0001 0080 0002",
	  "ext-next-hop ipv4-unicast/2 vpnv4/2" },
	{ 8, "0001 04 03", "multiple-labels ipv4-labeled/3" },
	{ 9, "02", "role 2" },
	{ 64, "0078", "graceful-restart 120" },
	{ 64, "c078 0001 01 80 0002 01 00",
	  "graceful-restart 120/0xc0 "
	  "ipv4-unicast/0x80 ipv6-unicast/0x00" },
	{ 65, "00011170", "as4 70000" },
	{ 69, "0001 01 03", "add-path ipv4-unicast/0x03" },
	{ 71, "0001 01 80 000e10", "llgr ipv4-unicast/0x80/3600" },
	{ 73, "0372746100", "fqdn \"rta\" \"\"" },
	{ 75, "03 611b62", "software-version \"a.b\"" },
	{ 76, "0001 01 0004", "paths-limit ipv4-unicast/4" },
};

static void
test_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t value[255], back[255];
		struct bgp_capability cap = { cases[i].code, 0, value };
		struct bgp_capability_value v;
		char text[200];

		cap.len = (uint8_t)hex_octets(cases[i].value, value,
					      sizeof value);
		bgp_capability_text(&cap, text, sizeof text);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(bgp_capability_decode(&cap, &v), BGP_OK);
		assert_int_equal(bgp_capability_encode(&v, back, cap.len),
				 cap.len);
		assert_memory_equal(back, value, cap.len);
		assert_int_equal(bgp_capability_encode(&v, back, cap.len - 1u),
				 BGP_ERR_SPACE);
	}
}

static void
test_fields(void **state)
{
	static const uint8_t restart[] = { 0xc0, 0x78, 0, 2, 1, 0x80 };
	static const uint8_t llgr[] = { 0, 1, 1, 0x80, 0, 14, 16 };
	const struct bgp_capability gr = { 64, 6, restart };
	const struct bgp_capability ll = { 71, 7, llgr };
	struct bgp_capability_value v;

	(void)state;
	assert_int_equal(bgp_capability_decode(&gr, &v), BGP_OK);
	assert_int_equal(v.flags, BGP_RESTART_STATE | BGP_RESTART_NOTIFICATION);
	assert_int_equal(v.number, 120);
	assert_int_equal(v.tuple_count, 1);
	assert_int_equal(v.tuples[0].family, BGP_IPV6_UNICAST);
	assert_int_equal(v.tuples[0].flags, 0x80);
	assert_int_equal(bgp_capability_decode(&ll, &v), BGP_OK);
	assert_int_equal(v.tuples[0].value, 3600);
}

static void
test_refusals(void **state)
{
	static const uint8_t octets[255] = { 200 };
	struct bgp_capability cap = { 200, 2, octets };
	struct bgp_capability_value v = { .code = 200 };
	uint8_t buf[255];
	char text[100];

	(void)state;
	assert_int_equal(bgp_capability_decode(&cap, &v), BGP_ERR_NOENT);
	assert_int_equal(bgp_capability_encode(&v, buf, 255), BGP_ERR_NOENT);
	bgp_capability_text(&cap, text, sizeof text);
	assert_string_equal(text, "capability-200 c800");
	cap.code = 2;
	cap.len = 0;
	assert_int_equal(bgp_capability_decode(&cap, &v), BGP_ERR_NOENT);
	bgp_capability_text(&cap, text, sizeof text);
	assert_string_equal(text, "refresh");
	cap.len = 3;
	for (uint8_t i = 0; i < 4; i++) {
		static const uint8_t codes[] = { 65, 69, 73, 75 };

		cap.code = codes[i];
		assert_int_equal(bgp_capability_decode(&cap, &v),
				 BGP_ERR_MALFORMED);
	}
	v = (struct bgp_capability_value){ .code = 64, .number = 4096 };
	assert_int_equal(bgp_capability_encode(&v, buf, 255), BGP_ERR_INVALID);
	v = (struct bgp_capability_value){ .code = 9, .number = 256 };
	assert_int_equal(bgp_capability_encode(&v, buf, 255), BGP_ERR_INVALID);
	v = (struct bgp_capability_value){ .code = 71,
					   .tuple_count = 1,
					   .tuples = { { .value = 1 << 24 } } };
	assert_int_equal(bgp_capability_encode(&v, buf, 255), BGP_ERR_INVALID);
	v.tuple_count = 65;
	assert_int_equal(bgp_capability_encode(&v, buf, 255), BGP_ERR_INVALID);
	v = (struct bgp_capability_value){
		.code = 73, .text = { { octets, 200 }, { octets, 60 } }
	};
	assert_int_equal(bgp_capability_encode(&v, buf, 255), BGP_ERR_SPACE);
	for (size_t i = 0; i < 2; i++) {
		v.text[i].len = 256;
		assert_int_equal(bgp_capability_encode(&v, buf, 255),
				 BGP_ERR_INVALID);
		v.text[i].len = 0;
	}
}

/* As many tuples as an octet of length allows. */
static void
test_most_tuples(void **state)
{
	uint8_t octets[252] = { 0 };
	struct bgp_capability cap = { 69, sizeof octets, octets };
	struct bgp_capability_value v;

	(void)state;
	assert_int_equal(bgp_capability_decode(&cap, &v), BGP_OK);
	assert_int_equal(v.tuple_count, 63);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_most_tuples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
