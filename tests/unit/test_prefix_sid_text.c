/*
 * test_prefix_sid_text.c - the segment identifiers of a prefix as text.
 *                                                         RFC 8669, RFC 9252
 */
#include "text_case.h"

#define SID "00 20010db8000000000000000000000001 00 0013 00"

static void
test_prefix_sid(void **state)
{
	static const struct text_case cases[] = {
		{ 40, "01 0007 00 0000 00000064", "label-index 100" },
		{ 40, "01 0007 00 8000 00000064", "label-index/0x8000 100" },
		{ 40, "01 0003 00 0000", "label-index 000000" },
		{ 40, "03 0008 0000 003e80 001f40", "srgb 16000/8000" },
		{ 40, "03 000e 0000 003e80 001f40 00c350 0003e8",
		  "srgb 16000/8000,50000/1000" },
		{ 40, "03 0002 0000", "srgb 0000" },
		{ 40, "03 0007 0000 003e80 001f", "srgb 0000003e80001f" },
		{ 40, "05 0022 00 01 001e" SID "01 0006 28 18 10 00 10 40",
		  "srv6-l3 {sid 2001:db8::1 behavior 19 "
		  "{structure 40,24,16,0,16,64}}" },
		{ 40, "06 0019 00 01 0015" SID,
		  "srv6-l2 {sid 2001:db8::1 behavior 19}" },
		{ 40, "05 001a 00 01 0016" SID "01",
		  "srv6-l3 {sid 0020010db800000000000000000000000100001300"
		  "01}" },
		{ 40, "05 0006 00 01 0002 aabb", "srv6-l3 {sid aabb}" },
		{ 40, "05 0004 00 02 0000", "srv6-l3 {tlv-2}" },
		{ 40, "05 0000 63 0001 aa", "srv6-l3 tlv-99 aa" },
		{ 40, "01 00", "0100" },
	};

	(void)state;
	expect_attr_texts(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefix_sid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
