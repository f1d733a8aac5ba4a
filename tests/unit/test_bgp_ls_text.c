/*
 * test_bgp_ls_text.c - link-state routes and attributes as text; what is cut or
 * unknown prints as hex.                                              RFC 9552
 */
#include "text_case.h"

#define LS    BGP_FAMILY(16388, 71)
#define LSVPN BGP_FAMILY(16388, 72)

/* protocol IS-IS level 2, identifier 1 */
#define HEAD "02 0000000000000001"
/* AS 65000, BGP-LS id 0.0.0.1, area 0, IS-IS system */
#define LOCAL                                             \
	"0100 0022 0200 0004 0000fde8 0201 0004 00000001" \
	"0202 0004 00000000 0203 0006 000000000001"

static void
test_nlri(void **state)
{
	static const struct text_case cases[] = {
		{ LS, "0001 002f" HEAD LOCAL,
		  "node isis-l2 id 1 local {as 65000 bgp-ls-id 0.0.0.1 "
		  "area 0.0.0.0 igp-router 0000.0000.0001}" },
		{ LS, "0001 0009" HEAD, "node isis-l2 id 1" },
		{ LS,
		  "0001 0018 03 0000000000000000 0100 000b"
		  "0203 0007 00000000000102",
		  "node ospf id 0 local {igp-router 0000.0000.0001.02}" },
		{ LS,
		  "0001 0019 06 0000000000000000 0100 000c"
		  "0203 0008 c0000201 0a000001",
		  "node ospfv3 id 0 local {igp-router 192.0.2.1/10.0.0.1}" },
		{ LS,
		  "0001 0016 07 0000000000000000 0101 0009"
		  "0203 0005 c000020101",
		  "node bgp id 0 remote {igp-router c000020101}" },
		{ LS,
		  "0002 0049" HEAD
		  "0100 0010 0204 0004 c0000201 0205 0004 0000fde8"
		  "0101 000c 0203 0004 c0000202 0201 0000"
		  "0102 0008 00000001 00000002"
		  "0103 0004 0a000001 0104 0004 0a000002",
		  "link isis-l2 id 1 local {bgp-router 192.0.2.1 "
		  "member-as 65000} remote {igp-router 192.0.2.2 bgp-ls-id} "
		  "link-ids 1,2 interface 10.0.0.1 neighbor 10.0.0.2" },
		{ LS,
		  "0002 0031" HEAD "0105 0010 20010db8000000000000000000000001"
		  "0106 0010 20010db8000000000000000000000002",
		  "link isis-l2 id 1 interface 2001:db8::1 "
		  "neighbor 2001:db8::2" },
		{ LS,
		  "0003 001a" HEAD "0107 0002 0002 0108 0001 01"
		  "0109 0002 080a",
		  "prefix isis-l2 id 1 topology 2 ospf-route-type 1 "
		  "prefix 10.0.0.0/8" },
		{ LS, "0004 0012" HEAD "0109 0005 2020010db8",
		  "prefix isis-l2 id 1 prefix 2001:db8::/32" },
		{ LS, "0003 0012" HEAD "0109 0005 21c0000201",
		  "prefix isis-l2 id 1 prefix 21c0000201" },
		{ LS, "0003 000f" HEAD "0109 0002 100a",
		  "prefix isis-l2 id 1 prefix 100a" },
		{ LS, "0003 000d" HEAD "0109 0000",
		  "prefix isis-l2 id 1 prefix" },
		{ LS,
		  "0006 001d 08 0000000000000000"
		  "0206 0010 20010db8000000000000000000000001",
		  "srv6-sid protocol-8 id 0 sid 2001:db8::1" },
		{ LS, "0001 0009 00 0000000000000000", "node protocol-0 id 0" },
		{ LS, "0001 000f" HEAD "0300 0002 aabb",
		  "node isis-l2 id 1 tlv-768 aabb" },
		{ LSVPN, "0001 0011 0000 fbf4 00000001" HEAD,
		  "64500:1 node isis-l2 id 1" },
		/* not what they should be */
		{ LS, "0005 0009" HEAD,
		  "00050009"
		  "020000000000000001" },
		{ LS, "0000 0000", "00000000" },
		{ LS, "0001 0008 0200000000000000",
		  "000100080200000000000000" },
		{ LS, "0001 000b" HEAD "0100",
		  "0001000b0200000000000000010100" },
		{ LS, "0001 0009" HEAD "ff", "00010009020000000000000001ff" },
		{ LS, "0001", "0001" },
		{ LS, "0001 0000 ff", "00010000ff" },
		{ LS, "0007 0000", "00070000" },
		{ LSVPN, "0001 0007 0000 fbf4 000000",
		  "000100070000fbf4000000" },
	};

	(void)state;
	expect_nlri_texts(cases, COUNT(cases));
}

static void
test_attribute(void **state)
{
	static const struct text_case cases[] = {
		{ 29, "0402 0002 7231", "node-name \"r1\"" },
		{ 29, "0402 0002 0a22", "node-name \"..\"" },
		{ 29, "0447 0003 00000a 0444 0004 000003e8",
		  "igp-metric 10 te-metric 1000" },
		{ 29, "0447 0009 000000000000000000",
		  "igp-metric 000000000000000000" },
		{ 29, "0440 0004 00000001", "admin-group 00000001" },
		{ 29, "0404 0004 c0000201 0405 0000",
		  "local-router 192.0.2.1 local-router none" },
		{ 29, "0404 0003 c00002", "local-router c00002" },
		/* 1 Gbit/s, 0, a half, 2^63 */
		{ 29,
		  "0441 0004 4cee6b28 0442 0004 00000000 0443 0008"
		  "3f000000 5f000000",
		  "max-bandwidth 125000000 reservable-bandwidth 0 "
		  "unreserved-bandwidth 0,9223372036854775808" },
		{ 29, "0441 0004 ff800000", "max-bandwidth ff800000" },
		{ 29, "0441 0004 7f800000", "max-bandwidth 7f800000" },
		{ 29, "0441 0004 00000001", "max-bandwidth 00000001" },
		{ 29, "0441 0003 000000", "max-bandwidth 000000" },
		{ 29, "0441 0000", "max-bandwidth" },
		{ 29, "0448 0008 00000001 00000002 0448 0003 000001 0448 0000",
		  "srlg 1,2 srlg 000001 srlg" },
		{ 29, "040b 0002 0001 0482 0008 0000000000000007",
		  "sr-algorithms 0,1 extended-tags 7" },
		/* adjacency SID with flags and weight */
		{ 29, "044b 0007 30 00 0000 005dc0",
		  "adjacency-sid/0x3000 24000" },
		{ 29, "044b 0008 00 00 0000 00000005", "adjacency-sid 5" },
		{ 29, "044b 0003 300000", "adjacency-sid 300000" },
		{ 29, "040a 000c 80 00 001f40 0489 0003 003e80",
		  "sr-capabilities/0x80 16000/8000" },
		{ 29,
		  "040c 0017 00 00 001f40 0489 0003 003e80"
		  "000064 0489 0004 00000001",
		  "sr-local-block 16000/8000,1/100" },
		{ 29, "040a 0009 0000 001f40 0488 0000",
		  "sr-capabilities 0000001f4004880000" },
		{ 29, "040a 0009 0000 001f40 0489 0000",
		  "sr-capabilities 0000001f4004890000" },
		{ 29, "040a 0009 0000 001f40 0489 0004",
		  "sr-capabilities 0000001f4004890004" },
		{ 29, "040a 0002 0000", "sr-capabilities 0000" },
		{ 29, "045a 0004 80 000064", "delay/0x80 100" },
		{ 29, "ffff 0000", "tlv-65535" },
		{ 29, "0402 0003 7231", "040200037231" },
		{ 29, "0402 00", "040200" },
	};

	(void)state;
	expect_attr_texts(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nlri),
		cmocka_unit_test(test_attribute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
