/*
 * test_vpn_attr_text.c - PMSI tunnels, distinguisher labels, attribute sets and
 * domain paths as text.
 */
#include "text_case.h"

/* RFC 6514 5 */
static void
test_pmsi(void **state)
{
	static const struct text_case cases[] = {
		{ 22, "00 00 000000", "no-tunnel label 0" },
		{ 22, "01 06 000640 c0000201",
		  "ingress-replication/0x01 label 100 192.0.2.1" },
		{ 22, "00 06 000640 20010db8000000000000000000000001",
		  "ingress-replication label 100 2001:db8::1" },
		{ 22, "00 06 000640 c00002",
		  "ingress-replication label 100 c00002" },
		{ 22, "00 03 000000 c0000201 e8000001",
		  "pim-ssm label 0 192.0.2.1 232.0.0.1" },
		{ 22, "00 03 000000 c0000201 e80001",
		  "pim-ssm label 0 c0000201e80001" },
		{ 22, "00 02 000000 060001", "mldp-p2mp label 0 060001" },
		{ 22, "00 09 000000 aa", "type-9 label 0 aa" },
		{ 22, "00 ff 000000", "type-255 label 0" },
		{ 22, "00 06 0000", "00060000" },
		/* RFC 6514 8 */
		{ 27, "c0000201 000640 c0000202 000650",
		  "192.0.2.1 label 100 192.0.2.2 label 101" },
		{ 27, "20010db8000000000000000000000001 000640",
		  "2001:db8::1 label 100" },
		{ 27, "c0000201 0006", "c00002010006" },
	};

	(void)state;
	expect_attr_texts(cases, COUNT(cases));
}

/* RFC 6368 5 */
static void
test_set(void **state)
{
	static const struct text_case cases[] = {
		{ 128, "0000fbf4", "64500 {}" },
		{ 128, "0000fbf4 400101 00 400206 02010000fbf5 800404 0000000a",
		  "64500 {origin igp; as_path 64501; med 10}" },
		{ 128, "0000fbf4 400204 0201fbf5", "64500 {as_path 64501}" },
		{ 128, "0000fbf4 400600 c06302 aabb",
		  "64500 {atomic_aggregate; attribute-99 aabb}" },
		{ 128, "0000fbf4 c08004 0000fbf5",
		  "64500 {attr_set 0000fbf5}" },
		{ 128, "0000fbf4 400102 00", "0000fbf440010200" },
		{ 128, "0000fb", "0000fb" },
	};

	(void)state;
	expect_attr_texts(cases, COUNT(cases));
}

static void
test_d_path(void **state)
{
	static const struct text_case cases[] = {
		{ 36, "02 0000fbf4 0001 46 0000fbf5 0002 80",
		  "64500:1:evpn 64501:2:vpn" },
		{ 36, "01 0000fbf4 0001 00 01 0000fbf5 0002 01",
		  "64500:1:local | 64501:2:ip" },
		{ 36, "01 0000fbf4 0001 05", "64500:1:5" },
		{ 36, "02 0000fbf4 0001 46", "020000fbf4000146" },
		{ 36, "", "" },
	};

	(void)state;
	expect_attr_texts(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pmsi),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_d_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
