/*
 * test_field_text.c - routes of MVPN and MUP as text; what has other fields
 * than its type prints as hex.          RFC 6514 4, draft-ietf-bess-mup-safi 3
 */
#include "text_case.h"

#define MVPN4 BGP_FAMILY(1, 5)
#define MVPN6 BGP_FAMILY(2, 5)
#define MUP4  BGP_FAMILY(1, 85)
#define MUP6  BGP_FAMILY(2, 85)
#define RD    "0000fbf400000001"
#define IP6   "20010db8000000000000000000000001"

static void
test_mvpn(void **state)
{
	static const struct text_case cases[] = {
		{ MVPN4, "01 0c" RD "c0000201",
		  "[intra-as-pmsi]:[64500:1]:[192.0.2.1]" },
		{ MVPN6, "01 18" RD IP6,
		  "[intra-as-pmsi]:[64500:1]:[2001:db8::1]" },
		{ MVPN4, "02 0c" RD "0000fbf5",
		  "[inter-as-pmsi]:[64500:1]:[as 64501]" },
		{ MVPN4, "03 16" RD "20c0000202 20e8000001 c0000201",
		  "[s-pmsi]:[64500:1]:[192.0.2.2]:[232.0.0.1]:[192.0.2.1]" },
		{ MVPN4, "03 0e" RD "00 00 c0000201",
		  "[s-pmsi]:[64500:1]:[*]:[*]:[192.0.2.1]" },
		{ MVPN4, "04 12 01 0c" RD "c0000201 c0000203",
		  "[leaf]:[intra-as-pmsi]:[64500:1]:[192.0.2.1]:"
		  "[192.0.2.3]" },
		{ MVPN4, "05 12" RD "20c0000202 20e8000001",
		  "[source-active]:[64500:1]:[192.0.2.2]:[232.0.0.1]" },
		{ MVPN4, "06 16" RD "0000fbf5 20c0000202 20e8000001",
		  "[shared-tree-join]:[64500:1]:[as 64501]:[192.0.2.2]:"
		  "[232.0.0.1]" },
		{ MVPN6, "07 2e" RD "0000fbf5 80" IP6 "80" IP6,
		  "[source-tree-join]:[64500:1]:[as 64501]:[2001:db8::1]:"
		  "[2001:db8::1]" },
		/* no such routes */
		{ MVPN4, "00 00", "0000" },
		{ MVPN4, "08 00", "0800" },
		{ MVPN4, "01 0b" RD "c00002", "010b" RD "c00002" },
		{ MVPN4, "01 04 00000000", "010400000000" },
		{ MVPN4, "01 0c" RD "c00002", "010c" RD "c00002" },
		{ MVPN4, "01 00 ff", "0100ff" },
		{ MVPN4, "02 0d" RD "0000fbf500", "020d" RD "0000fbf500" },
		{ MVPN4, "05 12" RD "21c0000202 20e8000001",
		  "0512" RD "21c000020220e8000001" },
		{ MVPN4, "05 11" RD "18c00002 20e8000001",
		  "0511" RD "18c0000220e8000001" },
		{ MVPN4, "04 0a 04 04 0000 0000 c0000203",
		  "040a040400000000c0000203" },
		{ MVPN4, "04 0a 00 04 0000 0000 c0000203",
		  "040a000400000000c0000203" },
		{ MVPN4, "04 0a 09 04 0000 0000 c0000203",
		  "040a090400000000c0000203" },
		{ MVPN4, "04 06 01 00 c0000203", "04060100c0000203" },
		{ MVPN4, "04 02 01 0c", "0402010c" },
	};

	(void)state;
	expect_nlri_texts(cases, COUNT(cases));
}

static void
test_mup(void **state)
{
	static const struct text_case cases[] = {
		{ MUP4, "01 0001 0c" RD "18 c00002",
		  "[isd]:[64500:1]:[192.0.2.0/24]" },
		{ MUP6, "01 0001 0d" RD "20 20010db8",
		  "[isd]:[64500:1]:[2001:db8::/32]" },
		{ MUP4, "01 0002 0c" RD "c0000201",
		  "[dsd]:[64500:1]:[192.0.2.1]" },
		{ MUP4, "01 0003 17" RD "20 0a000001 12345678 09 20 c0000201",
		  "[t1st]:[64500:1]:[10.0.0.1/32]:[teid 305419896]:[qfi 9]:"
		  "[192.0.2.1]" },
		{ MUP4,
		  "01 0003 1c" RD
		  "20 0a000001 12345678 09 20 c0000201 20 c0000202",
		  "[t1st]:[64500:1]:[10.0.0.1/32]:[teid 305419896]:[qfi 9]:"
		  "[192.0.2.1]:[192.0.2.2]" },
		{ MUP4, "01 0004 11" RD "40 c0000201 12345678",
		  "[t2st]:[64500:1]:[192.0.2.1]:[teid 305419896/32]" },
		{ MUP4, "01 0004 0e" RD "24 c0000201 ff",
		  "[t2st]:[64500:1]:[192.0.2.1]:[teid 4026531840/4]" },
		{ MUP6, "01 0004 19" RD "80" IP6,
		  "[t2st]:[64500:1]:[2001:db8::1]:[teid 0/0]" },
		/* no such routes */
		{ MUP4, "02 0001 00", "02000100" },
		{ MUP4, "01 0000 00", "01000000" },
		{ MUP4, "01 0005 00", "01000500" },
		{ MUP4, "01 0001 0e" RD "21 c000020100",
		  "0100010e" RD "21c000020100" },
		{ MUP4, "01 0001 09" RD "20", "01000109" RD "20" },
		{ MUP4, "01 0004 0c" RD "18 c00002", "0100040c" RD "18c00002" },
		{ MUP4, "01 0004 12" RD "48 c0000201 1234567800",
		  "01000412" RD "48c00002011234567800" },
		{ MUP4, "01 0004 0d" RD "28 c0000201",
		  "0100040d" RD "28c0000201" },
		{ MUP4, "01 0001", "010001" },
		{ MUP4, "01 0001 00 ff", "01000100ff" },
	};

	(void)state;
	expect_nlri_texts(cases, COUNT(cases));
}

/* Length, then a service or a member.       RFC 4761 3.2.2, RFC 6074 3.2.2 */
static void
test_vpls(void **state)
{
	static const struct text_case cases[] = {
		{ BGP_FAMILY(25, 65), "0011" RD "0002 0001 0008 000641",
		  "64500:1 site 2 offset 1 size 8 label 100" },
		{ BGP_FAMILY(25, 65), "000c" RD "c0000201",
		  "64500:1 192.0.2.1" },
		{ BGP_FAMILY(25, 65), "0001 aa", "0001aa" },
	};

	(void)state;
	expect_nlri_texts(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mvpn),
		cmocka_unit_test(test_mup),
		cmocka_unit_test(test_vpls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
