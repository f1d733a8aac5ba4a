/*
 * test_tunnel_text.c - tunnels and segment routing policies as text.
 *                                                         RFC 9012, RFC 9830
 */
#include "text_case.h"

static void
test_tunnels(void **state)
{
	static const struct text_case cases[] = {
		{ 23, "", "" },
		{ 23, "0008 0000", "vxlan {}" },
		{ 23,
		  "0008 0016 04 08 030b 0000 00000064"
		  "06 0a 00000000 0001 c0000201",
		  "vxlan {color 100 endpoint 192.0.2.1}" },
		{ 23,
		  "0002 0018 06 16 00000000 0002"
		  "20010db8000000000000000000000001",
		  "gre {endpoint 2001:db8::1}" },
		{ 23, "0002 0008 06 06 00000000 0000", "gre {endpoint none}" },
		{ 23, "0002 000a 06 08 00000000 0001 c000",
		  "gre {endpoint 000000000001c000}" },
		{ 23, "0002 0007 06 05 00000000 00",
		  "gre {endpoint 0000000000}" },
		{ 23, "000a 0000 000d 0004 08 02 19eb",
		  "mpls {} mpls-in-udp {udp-port 6635}" },
		{ 23, "0063 0002 aabb", "tlv-99 aabb" },
		{ 23, "0008 0003 01 0a 00", "vxlan 010a00" },
		{ 23, "0008 0003 01 01 aa", "vxlan {encapsulation aa}" },
		{ 23, "0008 0004", "00080004" },
		{ 23,
		  "000f 0052"
		  "0c 06 0000 00000064"
		  "0d 06 8000 03e81000"
		  "0d 02 0000"
		  "14 12 0000 20010db8000000000000000000000001"
		  "0f 02 0a00"
		  "80 0011 00 09 06 0000 00000001 01 06 0000 03e82000"
		  "82 0004 00 706f6c"
		  "81 0003 00 6370 0e 03 000001",
		  "sr-policy {preference 100 binding-sid/0x80 16001 "
		  "binding-sid none srv6-binding-sid 2001:db8::1 "
		  "priority 10,0 segment-list {weight 1 label 16002} "
		  "policy-name \"pol\" path-name \"cp\" enlp 1}" },
		{ 23,
		  "000f 0018 80 0015 00 0d 12 0000"
		  "20010db8000000000000000000000001",
		  "sr-policy {segment-list {srv6 2001:db8::1}}" },
		{ 23, "000f 0006 80 0003 00 01 06",
		  "sr-policy {segment-list 000106}" },
		{ 23, "000f 0004 0d 02 00 00", "sr-policy {binding-sid none}" },
		{ 23, "000f 0007 0d 05 00 00 aabbcc",
		  "sr-policy {binding-sid 0000aabbcc}" },
	};

	(void)state;
	expect_attr_texts(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tunnels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
