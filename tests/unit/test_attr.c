/*
 * test_attr.c - every row of the attribute table: flags, lengths and values
 * from inside and from outside the AS.                    RFC 7606 7 and others
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "libbgp/codec/attr.h"

enum {
	OK = BGP_REMEDY_NONE,
	DISC = BGP_REMEDY_DISCARD,
	TAW = BGP_REMEDY_WITHDRAW,
	SR = BGP_REMEDY_RESET
};

#define AS2   1 /* on a session of 2-octet AS numbers */
#define FIRST 2 /* the leftmost AS is checked */

static const struct value_case {
	uint8_t flags, code;
	uint8_t ibgp, ebgp; /* remedies */
	const char *value;
	int context;
} values[] = {
	/* RFC 7606 7.1 */
	{ 0x40, 1, OK, OK, "00", 0 },
	{ 0x40, 1, OK, OK, "02", 0 },
	{ 0x40, 1, TAW, TAW, "03", 0 },
	{ 0x40, 1, TAW, TAW, "", 0 },
	{ 0x40, 1, TAW, TAW, "0000", 0 },
	{ 0xc0, 1, TAW, TAW, "00", 0 },
	{ 0x00, 1, TAW, TAW, "00", 0 },
	{ 0x60, 1, OK, OK, "00", 0 },
	{ 0x5f, 1, OK, OK, "00", 0 },
	/* RFC 7606 7.2, 7607, 5065 */
	{ 0x40, 2, OK, OK, "", 0 },
	{ 0x40, 2, OK, OK, "0201 0000fdea", 0 },
	{ 0x40, 2, OK, OK, "0102 0000fdea 00000001 0201 00000001", 0 },
	{ 0x40, 2, TAW, TAW, "0001 0000fdea", 0 },
	{ 0x40, 2, TAW, TAW, "0501 0000fdea", 0 },
	{ 0x40, 2, TAW, TAW, "0200", 0 },
	{ 0x40, 2, TAW, TAW, "0202 0000fdea", 0 },
	{ 0x40, 2, TAW, TAW, "0201 0000fdea 02", 0 },
	{ 0x40, 2, TAW, TAW, "0201 fdea", 0 },
	{ 0x40, 2, TAW, TAW, "0202 0000fdea 00000000", 0 },
	{ 0x40, 2, OK, TAW, "0301 0000fdea", 0 },
	{ 0x40, 2, OK, TAW, "0401 0000fdea", 0 },
	{ 0x40, 2, OK, OK, "0201 fdea", AS2 },
	{ 0x40, 2, TAW, TAW, "0201 0000", AS2 },
	{ 0x40, 2, TAW, TAW, "0201 0000fdea", AS2 },
	{ 0x40, 2, OK, OK, "0201 0000fdea", FIRST },
	{ 0x40, 2, OK, OK, "0201 fdea", FIRST | AS2 },
	{ 0x40, 2, OK, TAW, "0201 0000fdeb", FIRST },
	{ 0x40, 2, OK, TAW, "0101 0000fdea", FIRST },
	{ 0x40, 2, OK, TAW, "", FIRST },
	/* RFC 7606 7.3 to 7.5 */
	{ 0x40, 3, OK, OK, "c0000201", 0 },
	{ 0x40, 3, TAW, TAW, "c00002", 0 },
	{ 0x80, 4, OK, OK, "00000001", 0 },
	{ 0x80, 4, TAW, TAW, "000001", 0 },
	{ 0xc0, 4, TAW, TAW, "00000001", 0 },
	{ 0x40, 5, OK, DISC, "00000001", 0 },
	{ 0x40, 5, TAW, DISC, "01", 0 },
	{ 0x80, 5, TAW, DISC, "00000001", 0 },
	/* RFC 7606 7.6, 7.7, 7607 */
	{ 0x40, 6, OK, OK, "", 0 },
	{ 0x40, 6, DISC, DISC, "00", 0 },
	{ 0xc0, 6, DISC, DISC, "", 0 },
	{ 0xc0, 7, OK, OK, "0000fdea c0000201", 0 },
	{ 0xc0, 7, DISC, DISC, "fdea c0000201", 0 },
	{ 0xc0, 7, DISC, DISC, "00000000 c0000201", 0 },
	{ 0xc0, 7, DISC, DISC, "", 0 },
	{ 0xc0, 7, OK, OK, "fdea c0000201", AS2 },
	{ 0xc0, 7, DISC, DISC, "0000 c0000201", AS2 },
	{ 0xc0, 7, DISC, DISC, "0000fdea c0000201", AS2 },
	{ 0x40, 7, DISC, DISC, "0000fdea c0000201", 0 },
	/* RFC 7606 7.8 to 7.10 */
	{ 0xc0, 8, OK, OK, "fdea0001 ffffff01", 0 },
	{ 0xe0, 8, OK, OK, "fdea0001", 0 },
	{ 0xc0, 8, TAW, TAW, "", 0 },
	{ 0xc0, 8, TAW, TAW, "fdea00", 0 },
	{ 0x80, 9, OK, DISC, "c0000201", 0 },
	{ 0x80, 9, TAW, DISC, "", 0 },
	{ 0x80, 10, OK, DISC, "c0000201", 0 },
	{ 0x80, 10, TAW, DISC, "", 0 },
	{ 0x80, 10, TAW, DISC, "c000020101", 0 },
	/* RFC 7606 7.14, 7.15 */
	{ 0xc0, 16, OK, OK, "800b000000000000", 0 },
	{ 0xc0, 16, TAW, TAW, "", 0 },
	{ 0xc0, 16, TAW, TAW, "00", 0 },
	{ 0xc0, 25, OK, OK, "0002 20010db8000000000000000000000001 0001", 0 },
	{ 0xc0, 25, TAW, TAW, "", 0 },
	{ 0xc0, 25, TAW, TAW, "00", 0 },
	/* RFC 6793 6 */
	{ 0xc0, 17, DISC, DISC, "0201 00011170", 0 },
	{ 0xc0, 17, OK, OK, "0201 00011170", AS2 },
	{ 0xc0, 17, OK, OK, "0301 00011170", AS2 },
	{ 0xc0, 17, DISC, DISC, "0201 000111", AS2 },
	{ 0xc0, 17, DISC, DISC, "0200 00000000", AS2 },
	{ 0xc0, 17, DISC, DISC, "0601 00011170", AS2 },
	{ 0xc0, 17, DISC, DISC, "", AS2 },
	{ 0xc0, 18, DISC, DISC, "00011170 c0000201", 0 },
	{ 0xc0, 18, OK, OK, "00011170 c0000201", AS2 },
	{ 0xc0, 18, DISC, DISC, "00000000 c0000201", AS2 },
	{ 0xc0, 18, DISC, DISC, "1170 c0000201", AS2 },
	/* RFC 6514 5, 7385 */
	{ 0xc0, 22, OK, OK, "00 00 000000", 0 },
	{ 0xc0, 22, TAW, TAW, "00 00 000000 01", 0 },
	{ 0xc0, 22, OK, OK, "00 06 000010 c0000201", 0 },
	{ 0xc0, 22, TAW, TAW, "00 06 000010 c00002", 0 },
	{ 0xc0, 22, OK, OK, "00 01 000010 c0000201 00000001 c0000202", 0 },
	{ 0xc0, 22, TAW, TAW, "00 01 000010 c0000201", 0 },
	{ 0xc0, 22, OK, OK, "00 03 000000 c0000201 e0000001", 0 },
	{ 0xc0, 22, TAW, TAW, "00 05 000000 c0000201", 0 },
	{ 0xc0, 22, OK, OK,
	  "00 04 000000 20010db8000000000000000000000001"
	  "ff020000000000000000000000000001",
	  0 },
	{ 0xc0, 22, OK, OK, "00 06 000010 20010db8000000000000000000000001",
	  0 },
	{ 0xc0, 22, OK, OK,
	  "00 01 000010 c0000201 00000001"
	  "20010db8000000000000000000000001",
	  0 },
	{ 0xc0, 22, OK, OK, "00 02 000000 0600", 0 },
	{ 0xc0, 22, OK, OK, "00 7f 000000 01", 0 },
	{ 0xc0, 22, TAW, TAW, "00 06 0000", 0 },
	/* RFC 9012 13 */
	{ 0xc0, 23, OK, OK, "0008 0004 0102aabb", 0 },
	{ 0xc0, 23, OK, OK, "0008 0006 800003aabbcc 000f 0000", 0 },
	{ 0xc0, 23, TAW, TAW, "0008 0004 0103aabb", 0 },
	{ 0xc0, 23, TAW, TAW, "0008 0003 800001", 0 },
	{ 0xc0, 23, TAW, TAW, "0008 0005 0102aabb", 0 },
	{ 0xc0, 23, TAW, TAW, "0008 00", 0 },
	{ 0xc0, 23, DISC, DISC, "", 0 },
	{ 0x80, 23, DISC, DISC, "0008 0000", 0 },
	/* RFC 7311 3.2 */
	{ 0x80, 26, OK, OK, "01 000b 0000000000000001", 0 },
	{ 0x80, 26, OK, OK, "02 0003 01 000b 0000000000000001", 0 },
	{ 0x80, 26, DISC, DISC, "01 000a 00000000000001", 0 },
	{ 0x80, 26, DISC, DISC, "01 000b 00000000", 0 },
	{ 0x80, 26, DISC, DISC, "02 0002", 0 },
	{ 0x80, 26, DISC, DISC, "02 00", 0 },
	{ 0x80, 26, DISC, DISC, "", 0 },
	{ 0xc0, 26, DISC, DISC, "01 000b 0000000000000001", 0 },
	/* RFC 6514 8 */
	{ 0xc0, 27, OK, OK, "c0000201 000010", 0 },
	{ 0xc0, 27, OK, OK, "20010db8000000000000000000000001 000010", 0 },
	{ 0xc0, 27, TAW, TAW, "c0000201 000010 00", 0 },
	/* RFC 9552 8.2.2 */
	{ 0x80, 29, OK, OK, "0400 0001 01 0401 0000", 0 },
	{ 0x80, 29, DISC, DISC, "0400 0002 01", 0 },
	{ 0x80, 29, DISC, DISC, "0400 0001 01 04", 0 },
	{ 0x80, 29, DISC, DISC, "", 0 },
	/* RFC 8092 6 */
	{ 0xc0, 32, OK, OK, "000000000000000100000002", 0 },
	{ 0xc0, 32, TAW, TAW, "", 0 },
	{ 0xc0, 32, TAW, TAW, "00000000", 0 },
	/* RFC 9234 5 */
	{ 0xc0, 35, OK, OK, "0000fdea", 0 },
	{ 0xc0, 35, TAW, TAW, "fdea", 0 },
	/* D-PATH */
	{ 0xc0, 36, OK, OK, "01 00000001 0001 80", 0 },
	{ 0xc0, 36, TAW, TAW, "02 00000001 0001 80", 0 },
	{ 0xc0, 36, TAW, TAW, "00 00000001 0001 80", 0 },
	{ 0xc0, 36, TAW, TAW, "", 0 },
	/* RFC 8669 6, 9252 7 */
	{ 0xc0, 40, OK, OK, "01 0007 00 0000 00000001", 0 },
	{ 0xc0, 40, DISC, DISC, "01 0006 00 0000 000000", 0 },
	{ 0xc0, 40, OK, OK, "03 0008 0000 003e80000064", 0 },
	{ 0xc0, 40, DISC, DISC, "03 0007 0000 003e800000", 0 },
	{ 0xc0, 40, DISC, DISC, "03 0002 0000", 0 },
	{ 0xc0, 40, DISC, DISC, "09 0002 00", 0 },
	{ 0xc0, 40, OK, OK, "09 0002 0000", 0 },
	{ 0xc0, 40, OK, OK, "05 0001 00", 0 },
	{ 0xc0, 40, OK, OK, "05 0007 00 ff 0003 010203", 0 },
	{ 0xc0, 40, TAW, TAW, "05 0000", 0 },
	{ 0xc0, 40, TAW, TAW, "06 0007 00 ff 0004 010203", 0 },
	{ 0xc0, 40, OK, OK,
	  "05 0019 00 01 0015 00"
	  "20010db8000000000000000000000001 00 0013 00",
	  0 },
	{ 0xc0, 40, TAW, TAW,
	  "05 0018 00 01 0014 00"
	  "20010db8000000000000000000000001 00 0013",
	  0 },
	{ 0xc0, 40, OK, OK,
	  "05 0022 00 01 001e 00"
	  "20010db8000000000000000000000001 00 0013 00 01 0006"
	  "281810001040",
	  0 },
	{ 0xc0, 40, TAW, TAW,
	  "05 0021 00 01 001d 00"
	  "20010db8000000000000000000000001 00 0013 00 01 0005"
	  "2818100010",
	  0 },
	{ 0xc0, 40, DISC, DISC, "", 0 },
/* RFC 9252 3.2.1, 7: SIDs that nobody can use */
#define SID             "20010db8000000000000000000000001 00 0013 00"
#define SRV6(structure) "05 0022 00 01 001e 00" SID "01 0006" structure
	{ 0xc0, 40, OK, OK, SRV6("281810000000"), 0 },
	{ 0xc0, 40, OK, OK, SRV6("281810001040"), 0 },
	{ 0xc0, 40, OK, OK, SRV6("281818001840"), 0 },
	{ 0xc0, 40, TAW, TAW, SRV6("281820002040"), 0 }, /* over 24 bits */
	{ 0xc0, 40, TAW, TAW, SRV6("281810001041"), 0 }, /* behind the end */
	{ 0xc0, 40, TAW, TAW, SRV6("281810000001"), 0 }, /* none, from 1 on */
	{ 0xc0, 40, OK, OK, SRV6("282020180000"), 0 },   /* 128 bits */
	{ 0xc0, 40, TAW, TAW, SRV6("282020190000"), 0 },
	{ 0xc0, 40, TAW, TAW, SRV6("282020191040"), 0 },
	/* another one can be used; of a second TLV of the type none counts */
	{ 0xc0, 40, OK, OK,
	  "05 0043 00 01 001e 00" SID "01 0006 282020190000"
	  "01 001e 00" SID "01 0006 281810000000",
	  0 },
	{ 0xc0, 40, OK, OK,
	  SRV6("282020190000") "06 0022 00 01 001e 00" SID
			       "01 0006 281810000000",
	  0 },
	{ 0xc0, 40, TAW, TAW, SRV6("282020190000") SRV6("281810000000"), 0 },
	{ 0xc0, 40, OK, OK, "05 0005 00 02 0001 00", 0 },
	{ 0xc0, 40, OK, OK, "05 0020 00 01 001c 00" SID "09 0004 ffffffff", 0 },
	/* RFC 7606 7.16 */
	{ 0xc0, 128, OK, OK, "0000fdea", 0 },
	{ 0xc0, 128, OK, OK, "0000fdea 40010100 40050400000064", 0 },
	{ 0xc0, 128, OK, OK, "0000fdea 4002040201fdea", 0 },
	{ 0xc0, 128, OK, OK, "0000fdea 4002060201 0000fdea", 0 },
	{ 0xc0, 128, OK, OK, "0000fdea c0800100", 0 },
	{ 0xc0, 128, TAW, TAW, "0000fdea 40010103", 0 },
	{ 0xc0, 128, TAW, TAW, "0000fdea 40010200", 0 },
	{ 0xc0, 128, TAW, TAW, "0000fdea 40", 0 },
	{ 0xc0, 128, TAW, TAW, "0000", 0 },
	/* not recognised: the deprecated ones, 0, 255; the value is not read */
	{ 0xc0, 28, OK, OK, "", 0 },
	{ 0xc0, 255, OK, OK, "00", 0 },
	{ 0xc0, 0, OK, OK, "00", 0 },
	{ 0x80, 12, OK, OK, "00", 0 },
	{ 0x40, 99, TAW, TAW, "00", 0 },
	{ 0x00, 0, TAW, TAW, "00", 0 },
	/* RFC 7606 5.3 */
	{ 0xc0, 14, SR, SR, "0002010000", 0 },
	{ 0x80, 14, SR, SR, "00", 0 },
	{ 0x80, 15, SR, SR, "0002", 0 },
	{ 0x80, 15, OK, OK, "000201", 0 },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		const struct value_case *c = &values[i];
		uint8_t value[200];
		struct bgp_attr attr = { c->flags, c->code, 0, value };
		struct bgp_codec codec = { .as4 = (c->context & AS2) == 0,
					   .first_as_check = (c->context &
							      FIRST) != 0,
					   .peer_as = 65002 };
		struct bgp__verdict v;

		attr.len = (uint16_t)hex_octets(c->value, value, sizeof value);
		v = bgp__attr_judge(&codec, &attr);
		if (v.remedy != c->ibgp)
			fail_msg("row %zu, attribute %u %s: %s", i, c->code,
				 c->value, bgp_remedy_text(v.remedy));
		codec.ebgp = true;
		v = bgp__attr_judge(&codec, &attr);
		if (v.remedy != c->ebgp)
			fail_msg("row %zu, eBGP, attribute %u %s: %s", i,
				 c->code, c->value, bgp_remedy_text(v.remedy));
		assert_int_equal(v.remedy != BGP_REMEDY_NONE, v.reason != NULL);
	}
}

/* A wide AS of the peer shows as AS_TRANS on a 2-octet session. */
static void
test_first_as_of_wide_peer(void **state)
{
	struct bgp_codec codec = { .ebgp = true,
				   .first_as_check = true,
				   .peer_as = 70000 };
	static const uint8_t trans[] = { 2, 1, 0x5b, 0xa0 };
	static const uint8_t other[] = { 2, 1, 0x11, 0x70 };
	struct bgp_attr attr = { 0x40, 2, 4, trans };

	(void)state;
	assert_int_equal(bgp__attr_judge(&codec, &attr).remedy, OK);
	attr.value = other;
	assert_int_equal(bgp__attr_judge(&codec, &attr).remedy, TAW);
	codec.peer_as = 0; /* not known: not checked */
	assert_int_equal(bgp__attr_judge(&codec, &attr).remedy, OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_first_as_of_wide_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
