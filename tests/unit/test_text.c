/*
 * test_text.c - attributes, NLRI and whole UPDATEs as text, and what can be
 * read back.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

static void
test_attrs(void **state)
{
	static const struct {
		uint8_t code;
		const char *value, *text;
	} cases[] = {
		{ 1, "00", "igp" },
		{ 1, "01", "egp" },
		{ 1, "02", "incomplete" },
		{ 1, "03", "03" },
		{ 1, "0000", "0000" },
		{ 2, "", "" },
		{ 2, "0202 00000001 00011170 0102 00000003 00000004",
		  "1 70000 {3 4}" },
		{ 2, "0301 00000001 0402 00000002 00000003 0201 00000004",
		  "(1) [2 3] 4" },
		{ 2, "0902 00000001 00000002", "1 2" },
		{ 2, "0203 00000001", "" }, /* cut: no number is made up */
		{ 3, "c0000201", "192.0.2.1" },
		{ 4, "0000000a", "10" },
		{ 4, "0a", "0a" },
		{ 6, "", "" },
		{ 7, "00011170 c0000201", "70000 192.0.2.1" },
		{ 7, "fdea c0000201", "65002 192.0.2.1" },
		{ 7, "00", "00" },
		{ 8, "fdea0001 ffffff01 ffff029a",
		  "65002:1 no-export blackhole" },
		{ 8, "fdea00", "fdea00" },
		{ 9, "c0000201", "192.0.2.1" },
		{ 9, "20010db8000000000000000000000001", "2001:db8::1" },
		{ 9, "c000020100", "c000020100" },
		{ 10, "c0000201 c0000202", "192.0.2.1 192.0.2.2" },
		{ 16,
		  "0002fdea00000001 0103c00002010007 0202000111700001"
		  "020300000001000a 030c000000000008",
		  "rt:65002:1 soo:192.0.2.1:7 rt:70000:1 soo:1L:10 "
		  "030c000000000008" },
		{ 25,
		  "0002 20010db8000000000000000000000001 0007"
		  "0003 20010db8000000000000000000000002 0008"
		  "0102 00000000000000000000000000000000 0000"
		  "0009 00000000000000000000000000000000 0000",
		  "rt:[2001:db8::1]:7 soo:[2001:db8::2]:8 "
		  "0102000000000000000000000000000000000000 "
		  "0009000000000000000000000000000000000000" },
		{ 26, "01 000b 00000000000003e8", "1000" },
		{ 26, "02 0004 ff 01 000b 00000000000003e8", "1000" },
		{ 26, "02 0004 ff", "020004ff" },
		{ 26, "01 0002", "010002" },
		{ 26, "01 000b 0000", "01000b0000" },
		{ 32, "0000fdea 00000001 00000002", "65002:1:2" },
		{ 35, "0000fdea", "65002" },
		{ 22, "00 06 000010 c0000201",
		  "ingress-replication label 1 192.0.2.1" },
		{ 99, "00ff", "00ff" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t value[200];
		struct bgp_attr attr = { 0xc0, cases[i].code, 0, value };
		char text[300];

		attr.len = (uint16_t)hex_octets(cases[i].value, value,
						sizeof value);
		assert_int_equal(bgp_attr_text(&attr, text, sizeof text),
				 strlen(cases[i].text));
		assert_string_equal(text, cases[i].text);
	}
}

static void
test_names(void **state)
{
	char text[32];

	(void)state;
	bgp_attr_name_text(BGP_ATTR_ORIGIN, text, sizeof text);
	assert_string_equal(text, "origin");
	bgp_attr_name_text(99, text, sizeof text);
	assert_string_equal(text, "attribute-99");
}

#define RD "0000fdea00000001"

static void
test_nlri(void **state)
{
	static const struct {
		bgp_family family;
		uint16_t bits;
		const char *octets, *text;
	} cases[] = {
		{ BGP_IPV4_UNICAST, 24, "cb0071", "203.0.113.0/24" },
		{ BGP_IPV4_UNICAST, 24, "cb00", "18cb00" },
		{ BGP_IPV6_UNICAST, 33, "20010db8ff", "2001:db8:8000::/33" },
		{ BGP_FAMILY(1, 4), 48, "000641 cb0071",
		  "203.0.113.0/24 label 100" },
		{ BGP_FAMILY(1, 4), 24, "000641", "0.0.0.0/0 label 100" },
		/* without bottom of stack: one label all the same */
		{ BGP_FAMILY(1, 4), 48, "000640 0a0000",
		  "10.0.0.0/24 label 100" },
		{ BGP_FAMILY(1, 4), 128, "000640 000650 000660 000671 0a000001",
		  "10.0.0.1/32 label 100 label 101 label 102 label 103" },
		{ BGP_FAMILY(1, 4), 64, "000641 0a00000001",
		  "400006410a00000001" },
		{ BGP_FAMILY(1, 4), 23, "000640", "17000640" },
		{ BGP_FAMILY(1, 4), 48, "000641 cb00", "30000641cb00" },
		{ BGP_FAMILY(2, 4), 56, "000641 20010db8",
		  "2001:db8::/32 label 100" },
		{ BGP_FAMILY(1, 128), 112, "000641" RD "cb0071",
		  "65002:1:203.0.113.0/24 label 100" },
		{ BGP_FAMILY(1, 128), 112, "000641 0001c00002010007 cb0071",
		  "192.0.2.1:7:203.0.113.0/24 label 100" },
		{ BGP_FAMILY(1, 128), 112, "000641 0002000111700007 cb0071",
		  "70000:7:203.0.113.0/24 label 100" },
		{ BGP_FAMILY(1, 128), 112, "000641 0009000111700007 cb0071",
		  "0009000111700007:203.0.113.0/24 label 100" },
		{ BGP_FAMILY(1, 128), 128, "000641" RD "cb00710000",
		  "80000641" RD "cb00710000" },
		{ BGP_FAMILY(2, 128), 120, "000641" RD "20010db8",
		  "65002:1:2001:db8::/32 label 100" },
		{ BGP_FAMILY(1, 128), 80, "000641 0000fdea000000",
		  "500006410000fdea000000" },
		{ BGP_FAMILY(1, 129), 88, RD "e00001", "65002:1:224.0.1.0/24" },
		{ BGP_FAMILY(1, 128), 112, "000641" RD "cb00",
		  "70000641" RD "cb00" },
		{ BGP_FAMILY(1, 129), 88, RD "e000", "58" RD "e000" },
		{ BGP_FAMILY(2, 129), 88, RD "200100", "65002:1:2001::/24" },
		{ BGP_FAMILY(1, 129), 104, RD "e000010101",
		  "68" RD "e000010101" },
		{ BGP_FAMILY(1, 129), 56, "0000fdea000000",
		  "380000fdea000000" },
		{ BGP_FAMILY(1, 132), 0, "", "default" },
		{ BGP_FAMILY(1, 132), 96, "0000fdea 0002fdea00000001",
		  "65002 rt:65002:1/96" },
		{ BGP_FAMILY(1, 132), 8, "00", "0800" },
		{ BGP_FAMILY(1, 132), 97, "0000fdea 0002fdea0000000100",
		  "610000fdea0002fdea0000000100" },
		{ BGP_FAMILY(1, 132), 40, "0000fdea", "280000fdea" },
		{ BGP_FAMILY(25, 65), 0, "0011" RD "0002 0001 0008 000641",
		  "65002:1 site 2 offset 1 size 8 label 100" },
		{ BGP_FAMILY(25, 65), 0, "0001 00", "000100" },
		{ BGP_FAMILY(1, 73), 96, "00000001 0000000a c0000201",
		  "distinguisher 1 color 10 192.0.2.1" },
		{ BGP_FAMILY(2, 73), 192,
		  "00000001 0000000a"
		  "20010db8000000000000000000000001",
		  "distinguisher 1 color 10 2001:db8::1" },
		{ BGP_FAMILY(1, 73), 32, "00000001", "2000000001" },
		{ BGP_FAMILY(25, 70), 0,
		  "0119" RD "00112233445566778899"
		  "00000005 000640",
		  "[1]:[65002:1]:"
		  "[00:11:22:33:44:55:66:77:88:99]:[5] label 100" },
		{ BGP_FAMILY(25, 70), 0,
		  "0228" RD "00000000000000000000"
		  "00000000 30 020000000001 20 c0000201 000640 000650",
		  "[2]:[65002:1]:[0]:[02:00:00:00:00:01]:[192.0.2.1]"
		  " label 100 label 101" },
		{ BGP_FAMILY(25, 70), 0,
		  "0221" RD "00000000000000000000"
		  "00000000 30 020000000001 00 000640",
		  "[2]:[65002:1]:[0]:[02:00:00:00:00:01] label 100" },
		{ BGP_FAMILY(25, 70), 0, "0311" RD "00000000 20 c0000201",
		  "[3]:[65002:1]:[0]:[192.0.2.1]" },
		{ BGP_FAMILY(25, 70), 0,
		  "0417" RD "00112233445566778899"
		  "20 c0000201",
		  "[4]:[65002:1]:"
		  "[00:11:22:33:44:55:66:77:88:99]:[192.0.2.1]" },
		{ BGP_FAMILY(25, 70), 0,
		  "0522" RD "00000000000000000000"
		  "00000000 18 cb007100 00000000 000640",
		  "[5]:[65002:1]:[0]:[203.0.113.0/24] label 100" },
		{ BGP_FAMILY(25, 70), 0,
		  "053a" RD "00000000000000000000"
		  "00000000 20 20010db8000000000000000000000000"
		  "00000000000000000000000000000000 000640",
		  "[5]:[65002:1]:[0]:[2001:db8::/32] label 100" },
		{ BGP_FAMILY(25, 70), 0, "0602aabb", "0602aabb" },
		{ BGP_FAMILY(25, 70), 0, "0102aabb", "0102aabb" },
		{ BGP_FAMILY(25, 70), 0, "01", "01" },
		{ BGP_FAMILY(25, 70), 0, "0003aa", "0003aa" },
		{ BGP_FAMILY(25, 70), 0, "0001aa", "0001aa" },
		{ BGP_FAMILY(1, 133), 0, "0b 0118cb0071 038106 058150",
		  "dst 203.0.113.0/24 proto =6 dst-port =80" },
		{ BGP_FAMILY(1, 133), 0, "0c 04 0350 455a 9101bb 098102",
		  "port >=80&<=90,=443 tcp-flags =0x02" },
		{ BGP_FAMILY(1, 133), 0, "f008 0200 0c 0202 810f",
		  "src 0.0.0.0/0 fragment !0x02,=0x0f" },
		{ BGP_FAMILY(1, 133), 0, "09 0a a0 00000000 0b 87 00",
		  "length false dscp true" },
		{ BGP_FAMILY(1, 133), 0, "0a 07 b1 0000000000000001",
		  "icmp-type =1" },
		{ BGP_FAMILY(2, 133), 0, "0d 01 20 00 20010db8 0d a1 00000001",
		  "dst 2001:db8::/32 flow-label =1" },
		{ BGP_FAMILY(2, 133), 0, "05 02 18 08 abcd",
		  "src abcd::/16 from bit 8" },
		{ BGP_FAMILY(1, 134), 0, "0b" RD "038106", "65002:1 proto =6" },
		{ BGP_FAMILY(1, 134), 0, "03 038106", "03038106" },
		{ BGP_FAMILY(1, 133), 0, "03010810", "dst 16.0.0.0/8" },
		{ BGP_FAMILY(1, 133), 0, "02 0121", "020121" },
		{ BGP_FAMILY(2, 133), 0, "03 012021", "03012021" },
		{ BGP_FAMILY(1, 133), 0, "03 0118cb", "030118cb" },
		{ BGP_FAMILY(1, 133), 0, "07 0121 cb00710000",
		  "070121cb00710000" },
		{ BGP_FAMILY(1, 133), 0, "02 0306", "020306" },
		{ BGP_FAMILY(1, 133), 0, "02 0e00", "020e00" },
		{ BGP_FAMILY(1, 133), 0, "02 0000", "020000" },
		{ BGP_FAMILY(999, 1), 0, "0102", "0102" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t octets[100];
		struct bgp_nlri nlri = {
			cases[i].family, 0, cases[i].bits, 0, 0, octets
		};
		char text[200];

		nlri.len = (uint16_t)hex_octets(cases[i].octets, octets,
						sizeof octets);
		bgp_nlri_text(&nlri, text, sizeof text);
		assert_string_equal(text, cases[i].text);
	}
}

static void
test_update(void **state)
{
	static struct bgp_update update;
	struct bgp_codec codec = { .as4 = true,
				   .family_count = 3,
				   .families = { { .family = BGP_IPV4_UNICAST,
						   .add_path_in = true },
						 { .family = BGP_IPV6_UNICAST },
						 { .family = BGP_FAMILY(1, 128),
						   .ext_next_hop = true } } };
	static const struct {
		const char *body, *text;
	} cases[] = {
		{ "02 0000 0000", "end-of-rib ipv4-unicast" },
		{ "02 0006 00000007 080a 0000",
		  "withdraw ipv4-unicast 10.0.0.0/8 path 7" },
		{ "02 0000 001b 40010100 400206020100011170 400600"
		  "400304c0000201 c06301ff 00000001 18cb0071 00000002 00",
		  "announce ipv4-unicast 203.0.113.0/24 path 1 0.0.0.0/0 "
		  "path 2 via 192.0.2.1; origin igp; as_path 70000; "
		  "atomic_aggregate; attribute-99 ff" },
		{ "02 0000 0038 800e2a 000201 20"
		  "20010db8000000000000000000000001"
		  "fe800000000000000000000000000001 00 2020010db8"
		  "40010100 4002040201fdea",
		  "announce ipv6-unicast 2001:db8::/32 via 2001:db8::1 "
		  "fe80::1; origin igp; as_path 65002" },
		{ "02 0000 0052 800e44 000180 30 0000000000000000"
		  "20010db8000000000000000000000001 0000000000000000"
		  "fe800000000000000000000000000001 00"
		  "70000641" RD "cb0071 40010100 4002040201fdea",
		  "announce vpnv4 65002:1:203.0.113.0/24 label 100 via "
		  "2001:db8::1 fe80::1; origin igp; as_path 65002" },
		{ "02 0000 002f 800e21 000180 0c 0000000000000000c0000201 00"
		  "78000641" RD "cb00711c 40010100 4002040201fdea",
		  "announce vpnv4 65002:1:203.0.113.28/32 label 100 via "
		  "192.0.2.1; origin igp; as_path 65002" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t msg[300];
		struct bgp_fault fault;
		char text[300];
		size_t len = hex_message(cases[i].body, msg, sizeof msg);

		codec.as4 = i < 3;
		assert_int_equal(
		    bgp_update_decode(&codec, msg, len, &update, &fault),
		    BGP_OK);
		assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
		bgp_update_text(&codec, &update, text, sizeof text);
		assert_string_equal(text, cases[i].text);
	}
}

static void
test_communities(void **state)
{
	static const char *const sound[] = { "0:0",        "65535:65535",
					     "no-export",  "graceful-shutdown",
					     "llgr-stale", "64500:1" };
	static const char *const bad[] = {
		"",        "1",     "1:",   ":1",         "65536:1",
		"1:65536", "1:1:1", "1:1 ", "no-exports", "-1:1"
	};
	uint32_t c = 7;
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++) {
		assert_int_equal(bgp_community_parse(&c, sound[i]), BGP_OK);
		bgp_community_text(c, text, sizeof text);
		assert_string_equal(text, sound[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(bgp_community_parse(&c, bad[i]),
				 BGP_ERR_INVALID);
	assert_true(c == (64500u << 16 | 1));
}

static void
test_other_values(void **state)
{
	static const char *const large[] = {
		"0:0:0", "4294967295:4294967295:4294967295"
	};
	static const char *const ext[] = { "rt:64500:4294967295", "rt:1L:1",
					   "soo:192.0.2.1:7", "rt:70000:65535",
					   "030c000000000008" };
	static const char *const rd[] = { "64500:1", "192.0.2.1:7", "70000:1",
					  "1L:65535", "0:0" };
	static const char *const bad[] = { "",
					   "1",
					   "1:2",
					   "1:2:3:4",
					   "1:4294967296:1",
					   "rt:",
					   "rt:1",
					   "rt:1:1:1",
					   "rt:70000:65536",
					   "rt:192.0.2.1:65536",
					   "rt:x:1",
					   "rt:1:x",
					   "030c00000000000",
					   "030c00000000000g",
					   "030c0000000000080",
					   "1L:65536" };
	uint8_t octets[12];
	char text[64];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(bgp_large_community_parse(octets, large[i]),
				 BGP_OK);
		bgp_large_community_text(octets, text, sizeof text);
		assert_string_equal(text, large[i]);
	}
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(bgp_ext_community_parse(octets, ext[i]),
				 BGP_OK);
		bgp_ext_community_text(octets, text, sizeof text);
		assert_string_equal(text, ext[i]);
		assert_int_equal(bgp_rd_parse(octets, rd[i]), BGP_OK);
		bgp_rd_text(octets, text, sizeof text);
		assert_string_equal(text, rd[i]);
	}
	memset(octets, 7, sizeof octets);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(bgp_large_community_parse(octets, bad[i]),
				 BGP_ERR_INVALID);
		assert_int_equal(bgp_ext_community_parse(octets, bad[i]),
				 BGP_ERR_INVALID);
		if (strcmp(bad[i], "1:2") != 0)
			assert_int_equal(bgp_rd_parse(octets, bad[i]),
					 BGP_ERR_INVALID);
		assert_int_equal(octets[11], 7);
		assert_int_equal(octets[0], 7);
	}
}

static void
test_as_paths(void **state)
{
	static const char *const sound[] = {
		"", "1", "1 2 4294967295", "1 {2 3} 4", "(1 2) [3] 4", "{1} {2}"
	};
	static const char *const bad[] = { "0",   "1 0",        "{",   "{}",
					   "{1",  "1}",         "{1]", "a",
					   "1,2", "4294967296", "-1",  "( )",
					   "01" };
	static char long_text[3000];
	uint8_t buf[2000];
	char text[3000];
	int len;

	(void)state;
	for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++) {
		len = bgp_as_path_parse(sound[i], buf, sizeof buf);
		assert_true(len >= 0);
		bgp_as_path_text(buf, (size_t)len, text, sizeof text);
		assert_string_equal(text, sound[i]);
		for (int size = 0; size < len; size++)
			assert_int_equal(
			    bgp_as_path_parse(sound[i], buf, (size_t)size),
			    BGP_ERR_SPACE);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(bgp_as_path_parse(bad[i], buf, sizeof buf),
				 BGP_ERR_INVALID);
	assert_int_equal(bgp_as_path_parse("  1   2  ", buf, sizeof buf), 10);
	/* 256 numbers: two sequences, but a set cannot be cut in two */
	for (int i = 0; i < 256; i++)
		strcat(long_text, i == 0 ? "1" : " 1");
	assert_int_equal(bgp_as_path_parse(long_text, buf, sizeof buf),
			 2 + 4 * 255 + 2 + 4);
	assert_int_equal(buf[1], 255);
	assert_int_equal(buf[2 + 4 * 255 + 1], 1);
	text[0] = '{';
	strcpy(text + 1, long_text);
	strcat(text, "}");
	assert_int_equal(bgp_as_path_parse(text, buf, sizeof buf),
			 BGP_ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attrs),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_nlri),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_communities),
		cmocka_unit_test(test_other_values),
		cmocka_unit_test(test_as_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
