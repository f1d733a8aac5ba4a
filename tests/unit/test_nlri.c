/*
 * test_nlri.c - lists of NLRI in every form: what is whole passes and is walked
 * to its end, what is cut anywhere does not pass.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hex.h"

#include "libbgp/codec/nlri.h"

#define RD       "0001000000000001"
#define ESI      "00000000000000000000"
#define TAG      "00000000"
#define MAC      "30 020000000001"
#define IP4      "20 c0000201"
#define IP6_BODY "20010db8000000000000000000000001"
#define IP6      "80" IP6_BODY

static const struct list_case {
	bgp_family family;
	uint8_t form; /* of a family that has no row */
	int count;    /* NLRI in it, -1: malformed */
	const char *octets;
} cases[] = {
	{ BGP_IPV4_UNICAST, 0, 3, "00 080a 20c0000201" },
	{ BGP_IPV4_UNICAST, 0, -1, "21c000020100" },
	{ BGP_IPV4_UNICAST, 0, -1, "ff" },
	{ BGP_IPV6_UNICAST, 0, 1, IP6 },
	{ BGP_IPV6_UNICAST, 0, -1, "81 20010db800000000000000000000000100" },
	{ BGP_FAMILY(1, 2), 0, 1, "20e0000001" },
	{ BGP_FAMILY(1, 4), 0, 2, "18000641 2000064100" },
	{ BGP_FAMILY(1, 4), 0, -1, "17000641" },
	{ BGP_FAMILY(1, 4), 0, 1, "38 000640 c0000201" },
	{ BGP_FAMILY(1, 4), 0, -1, "39 000640 c000020100" },
	{ BGP_FAMILY(1, 4), 0, -1, "39 000641 c000020100" },
	{ BGP_FAMILY(1, 4), 0, 1, "50 000640 000651 c0000201" },
	{ BGP_FAMILY(1, 4), 0, -1, "51 000640 000651 c000020100" },
	{ BGP_FAMILY(2, 4), 0, 1, "98 000641" IP6_BODY },
	{ BGP_FAMILY(2, 4), 0, -1, "99 000641" IP6_BODY "00" },
	{ BGP_FAMILY(1, 128), 0, 1, "60 000641" RD "0a" },
	{ BGP_FAMILY(1, 128), 0, -1, "57 000641" RD },
	{ BGP_FAMILY(1, 128), 0, 1, "78 000640" RD "c0000201" },
	{ BGP_FAMILY(1, 128), 0, -1, "79 000641" RD "c000020100" },
	{ BGP_FAMILY(1, 128), 0, 1, "90 000640 000651" RD "c0000201" },
	{ BGP_FAMILY(1, 128), 0, -1, "ff 000640" RD IP6_BODY RD },
	{ BGP_FAMILY(2, 128), 0, 1, "d8 000641" RD IP6_BODY },
	{ BGP_FAMILY(2, 128), 0, -1, "d9 000641" RD IP6_BODY "00" },
	{ BGP_FAMILY(1, 132), 0, 2, "00 20 00000016" },
	{ BGP_FAMILY(1, 132), 0, -1, "1f 00000016" },
	{ BGP_FAMILY(1, 132), 0, -1, "61 00000016000200010001000100" },
	{ BGP_FAMILY(1, 133), 0, 1, "03 010810" },
	{ BGP_FAMILY(1, 133), 0, 1, "f003 010810" },
	{ BGP_FAMILY(1, 133), 0, -1, "00" },
	{ BGP_FAMILY(1, 133), 0, -1, "f000" },
	{ BGP_FAMILY(1, 133), 0, -1, "f0" },
	{ BGP_FAMILY(25, 65), 0, 1, "0011" RD "000100010008c35001" },
	{ BGP_FAMILY(25, 65), 0, -1, "00" },
	{ BGP_FAMILY(16388, 71), 0, 1, "0001 0009 03" RD },
	{ BGP_FAMILY(16388, 71), 0, -1, "0001 00" },
	{ BGP_FAMILY(1, 85), 0, 1, "01 0002 0c" RD "c0000201" },
	{ BGP_FAMILY(1, 85), 0, -1, "01 0003" },
	{ BGP_FAMILY(1, 73), 0, 1, "60 000000010000000a c0000201" },
	{ BGP_FAMILY(1, 73), 0, -1, "40 000000010000000a" },
	{ BGP_FAMILY(1, 5), 0, 1, "01 0c" RD "c0000201" },
	{ BGP_FAMILY(1, 5), 0, -1, "05" },
	/* RFC 7432 7, 9136 3.1 */
	{ BGP_FAMILY(25, 70), 0, 1, "01 19" RD ESI TAG "000010" },
	{ BGP_FAMILY(25, 70), 0, -1, "01 18" RD ESI TAG "0000" },
	{ BGP_FAMILY(25, 70), 0, 1, "02 21" RD ESI TAG MAC "00 000010" },
	{ BGP_FAMILY(25, 70), 0, 1, "02 25" RD ESI TAG MAC IP4 "000010" },
	{ BGP_FAMILY(25, 70), 0, 1,
	  "02 28" RD ESI TAG MAC IP4 "000010 000020" },
	{ BGP_FAMILY(25, 70), 0, 1,
	  "02 34" RD ESI TAG MAC IP6 "000010 000020" },
	{ BGP_FAMILY(25, 70), 0, -1, "02 20" RD ESI TAG MAC "00 0000" },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "02 21" RD ESI TAG "20020000000001 00 000010" },
	{ BGP_FAMILY(25, 70), 0, -1, "02 21" RD ESI TAG MAC "01 000010" },
	{ BGP_FAMILY(25, 70), 0, -1, "02 26" RD ESI TAG MAC IP4 "00001000" },
	{ BGP_FAMILY(25, 70), 0, 1, "03 11" RD TAG IP4 },
	{ BGP_FAMILY(25, 70), 0, 1, "03 1d" RD TAG IP6 },
	{ BGP_FAMILY(25, 70), 0, -1, "03 0c" RD TAG },
	{ BGP_FAMILY(25, 70), 0, -1, "03 12" RD TAG IP4 "00" },
	{ BGP_FAMILY(25, 70), 0, -1, "03 11" RD TAG "21c0000201" },
	{ BGP_FAMILY(25, 70), 0, 1, "04 17" RD ESI IP4 },
	{ BGP_FAMILY(25, 70), 0, 1, "04 23" RD ESI IP6 },
	{ BGP_FAMILY(25, 70), 0, -1, "04 12" RD ESI },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "04 22" RD ESI "80"
	  "20010db80000000000000000000000" },
	{ BGP_FAMILY(25, 70), 0, 1,
	  "05 22" RD ESI TAG "20c0000200 00000000 000010" },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "05 22" RD ESI TAG "21c0000200 00000000 000010" },
	{ BGP_FAMILY(25, 70), 0, 1,
	  "05 3a" RD ESI TAG IP6 "00000000000000000000000000000000 000010" },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "05 3a" RD ESI TAG "8120010db8000000000000000000000001"
	  "00000000000000000000000000000000 000010" },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "05 23" RD ESI TAG "20c0000200 00000000 00001000" },
	{ BGP_FAMILY(25, 70), 0, 2, "63 01 aa 64 00" },
	/* RFC 9251 9, 9572 3 */
	{ BGP_FAMILY(25, 70), 0, 1,
	  "06 18" RD TAG "00"
	  "20e0000001" IP4 "02" },
	{ BGP_FAMILY(25, 70), 0, 1, "06 14" RD TAG "00 00" IP4 "02" },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "06 17" RD TAG "00"
	  "20e0000001" IP4 },
	{ BGP_FAMILY(25, 70), 0, -1, "06 10" RD TAG "00 00 00 02" },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "06 18" RD TAG "00"
	  "21e0000001" IP4 "02" },
	{ BGP_FAMILY(25, 70), 0, 1, "07 1e" RD ESI TAG "00 00" IP4 "02" },
	{ BGP_FAMILY(25, 70), 0, -1, "07 1d" RD ESI TAG "00 00" IP4 },
	{ BGP_FAMILY(25, 70), 0, 1,
	  "08 23" RD ESI TAG "00 00" IP4 "00000000 0a 02" },
	{ BGP_FAMILY(25, 70), 0, -1, "08 1e" RD ESI TAG "00 00" IP4 "02" },
	{ BGP_FAMILY(25, 70), 0, 1, "09 14" RD TAG "0102030405060708" },
	{ BGP_FAMILY(25, 70), 0, -1, "09 13" RD TAG "01020304050607" },
	{ BGP_FAMILY(25, 70), 0, 1, "0a 1b" RD TAG IP4 "20e0000001" IP4 },
	{ BGP_FAMILY(25, 70), 0, -1, "0a 1c" RD TAG IP4 "20e0000001" IP4 "00" },
	{ BGP_FAMILY(25, 70), 0, 1,
	  "0b 16"
	  "0914" RD TAG "010203" IP4 },
	{ BGP_FAMILY(25, 70), 0, 1,
	  "0b 22"
	  "0914" RD TAG "010203" IP6 },
	{ BGP_FAMILY(25, 70), 0, -1, "0b 05" IP4 },
	{ BGP_FAMILY(25, 70), 0, -1, "0b 11" IP6 },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "0b 06"
	  "00"
	  "21c0000201" },
	{ BGP_FAMILY(25, 70), 0, -1,
	  "0b 12"
	  "00"
	  "7f20010db8000000000000000000000001" },
	/* families of the host */
	{ BGP_FAMILY(999, 1), BGP_NLRI_BITS, 2,
	  "ff"
	  "0000000000000000000000000000000000000000000000000000000000000000"
	  "00" },
	{ BGP_FAMILY(999, 1), BGP_NLRI_LEN8, 2, "02aabb 00" },
	{ BGP_FAMILY(999, 1), BGP_NLRI_LEN8, -1, "03aabb" },
	{ BGP_FAMILY(999, 1), BGP_NLRI_LEN16, 2, "0002aabb 0000" },
	{ BGP_FAMILY(999, 1), BGP_NLRI_TYPE8_LEN8, 2, "0102aabb 0100" },
	{ BGP_FAMILY(999, 1), 0, -1, "00" },
};

static struct bgp_nlri_list
list_of(const struct list_case *c, const uint8_t *octets, size_t len)
{
	struct bgp_family_codec family = { .family = c->family,
					   .form = c->form };
	struct bgp_nlri_list list = { .family = c->family,
				      .len = (uint16_t)len,
				      .octets = octets,
				      .form = bgp__nlri_form(&family) };

	return list;
}

static int
walk(struct bgp_nlri_list list)
{
	const uint8_t *end = list.octets + list.len;
	struct bgp_nlri nlri = { 0 };
	int count = 0;

	for (; bgp_nlri_next(&list, &nlri); count++) {
		assert_int_equal(nlri.family, list.family);
		assert_ptr_equal(nlri.octets + nlri.len, list.octets);
		assert_int_equal(nlri.path_id, list.add_path ? 9 : 0);
	}
	assert_ptr_equal(list.octets, end);
	return count;
}

static void
test_plain(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t octets[200];
		size_t len = hex_octets(cases[i].octets, octets, sizeof octets);
		struct bgp_nlri_list list = list_of(&cases[i], octets, len);

		if ((bgp__nlri_list_judge(&list) == BGP__NLRI_MALFORMED) !=
		    (cases[i].count < 0))
			fail_msg("case %zu: %s", i, cases[i].octets);
		if (cases[i].count < 0)
			continue;
		assert_int_equal(walk(list), cases[i].count);
		/* put together by hand, without the form */
		if (cases[i].form == 0) {
			list.form = 0;
			assert_int_equal(walk(list), cases[i].count);
		}
	}
}

/* With path ids, and cut at every octet, in memory of that size. */
static void
test_add_path_and_cuts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t octets[200] = { 0, 0, 0, 9 };
		size_t len = 4 +
		    hex_octets(cases[i].octets, octets + 4, sizeof octets - 4);
		struct bgp_nlri_list list = list_of(&cases[i], octets, len);

		if (cases[i].count != 1)
			continue;
		list.add_path = true;
		assert_int_equal(bgp__nlri_list_judge(&list), BGP__NLRI_SOUND);
		assert_int_equal(walk(list), 1);
		for (size_t cut = 1; cut < len; cut++) {
			uint8_t *copy = malloc(cut);
			struct bgp_nlri nlri;

			assert_non_null(copy);
			memcpy(copy, octets, cut);
			list.octets = copy;
			list.len = (uint16_t)cut;
			assert_int_equal(bgp__nlri_list_judge(&list),
					 BGP__NLRI_MALFORMED);
			assert_false(bgp_nlri_next(&list, &nlri));
			free(copy);
		}
	}
}

/* What stands inside: the verdict of each checker. */
static const struct verdict_case {
	bgp_family family;
	enum bgp__nlri_verdict verdict;
	const char *octets;
} verdicts[] = {
#define OK   BGP__NLRI_SOUND
#define BAD  BGP__NLRI_UNUSABLE
#define FS4  BGP_FAMILY(1, 133)
#define FS6  BGP_FAMILY(2, 133)
#define FSV4 BGP_FAMILY(1, 134)
#define FSV6 BGP_FAMILY(2, 134)
	/* RFC 8955 4.3 */
	{ FS4, OK, "0b 0118c00002 038106 048119" },
	{ FS4, OK, "12 0118c00002 0218cb0071 040389458b911f90" },
	{ FS4, OK, "09 0120c0000201 0c8005" },
	{ FS4, BAD, "07 0121c000020100" },       /* a prefix of 33 bits */
	{ FS4, BAD, "04 0118c000" },             /* cut */
	{ FS4, BAD, "01 01" },                   /* no length */
	{ FS4, BAD, "03 0d8106" },               /* a type of IPv6 */
	{ FS4, BAD, "03 008106" },               /* type 0 */
	{ FS4, BAD, "03 ff8106" },               /* unknown */
	{ FS4, BAD, "06 048119 038106" },        /* wrong order */
	{ FS4, BAD, "06 038106 038106" },        /* a type twice */
	{ FS4, BAD, "05 0301200a40" },           /* no end of the list */
	{ FS4, BAD, "03 039106" },               /* a value that is cut */
	{ FS4, BAD, "02 0381" },                 /* none */
	{ FS4, OK, "0a 03b1 0000000000000006" }, /* wider than it needs */
	{ FS4, OK, "03 098102" },                /* flags of one octet */
	{ FS4, OK, "04 09910002" },              /* of two */
	{ FS4, BAD, "06 09a100000002" },         /* of four */
	{ FS4, BAD, "04 0b910002" },             /* DSCP of two */
	{ FS4, BAD, "04 0c910002" },             /* fragment of two */
	{ FS4, OK, "f003 038106" },
	{ FS4, BAD, "f003 0d8106" },
	/* RFC 8956 3 */
	{ FS6, OK, "12 01200020010db8 026840123456789a 038106" },
	{ FS6, OK, "0f 01200020010db8 0268412468acf134" },
	{ FS6, OK, "03 010000" },
	{ FS6, OK, "06 0da100000001" },
	{ FS6, OK, "13 018000" IP6_BODY },
	{ FS6, BAD, "14 018100" IP6_BODY "00" },
	{ FS6, BAD, "03 012020" }, /* nothing is left to match */
	{ FS6, BAD, "03 010001" },
	{ FS6, BAD, "03 012021" },
	{ FS6, BAD, "02 0120" },
	{ FS6, BAD, "06 0ea100000001" },
	/* RFC 8955 8 */
	{ FSV4, OK, "0d" RD "0118cb0071" },
	{ FSV4, BAD, "08" RD },
	{ FSV4, BAD, "07 00010000000000" },
	{ FSV4, BAD, "0b" RD "0d8106" },
	{ FSV6, OK, "0b" RD "010000" },
/* RFC 6514 4 */
#define MVPN BGP_FAMILY(1, 5)
	{ MVPN, OK, "01 0c" RD "c0000201" },
	{ MVPN, OK, "01 18" RD IP6_BODY },
	{ MVPN, BAD, "01 08" RD },
	{ MVPN, BAD, "01 0d" RD "c000020100" },
	{ MVPN, OK, "02 0c" RD "0000fdea" },
	{ MVPN, BAD, "02 0b" RD "00fdea" },
	{ MVPN, OK, "03 16" RD "20c0000201 20e8000001 c0000202" },
	{ MVPN, OK, "03 0e" RD "00 00 c0000202" },
	{ MVPN, BAD, "03 12" RD "21c0000201 00 c0000202" },
	{ MVPN, BAD, "03 0f" RD "0800 00 c0000202" },
	{ MVPN, OK, "04 12 010c" RD "c0000201 c0000202" },
	{ MVPN, BAD, "04 11 010b" RD "c00002 c0000202" },
	{ MVPN, BAD, "04 10 040a 010c" RD "c0000202" },
	{ MVPN, BAD, "04 06 0000 c0000202" },
	{ MVPN, BAD, "04 06 0800 c0000202" },
	{ MVPN, BAD, "04 02 01ff" },
	{ MVPN, BAD, "04 0e 010c" RD "c0000201" },
	{ MVPN, OK, "05 12" RD "20c0000201 20e8000001" },
	{ MVPN, BAD, "05 0a" RD "00 00" },
	{ MVPN, BAD, "05 16" RD "20c0000201 20e8000001 aabbccdd" },
	{ MVPN, OK, "06 16" RD "0000fdea 20c0000201 20e8000001" },
	{ MVPN, OK, "07 16" RD "0000fdea 20c0000201 20e8000001" },
	{ MVPN, BGP__NLRI_UNKNOWN, "00 00" },
	{ MVPN, BGP__NLRI_UNKNOWN, "08 02 aabb" },
/* draft-ietf-bess-mup-safi 3.1 */
#define MUP BGP_FAMILY(1, 85)
	{ MUP, OK, "01 0001 0c" RD "18cb0071" },
	{ MUP, BAD, "01 0001 0e" RD "21cb00710000" },
	{ MUP, BAD, "01 0001 0b" RD "18cb00" },
	{ MUP, OK, "01 0002 0c" RD "c0000201" },
	{ MUP, OK, "01 0003 18" RD "200a000001 12345678 09 20c0000201 00" },
	{ MUP, BAD, "01 0003 12" RD "200a000001 12345678 09" },
	{ MUP, OK,
	  "01 0003 1c" RD "200a000001 12345678 09 20c0000201 20c0000202" },
	{ MUP, OK, "01 0003 17" RD "200a000001 12345678 09 20c0000201" },
	{ MUP, BAD, "01 0003 0d" RD "200a000001" },
	{ MUP, OK, "01 0004 0f" RD "30c00002011234" },
	{ MUP, BAD, "01 0004 0c" RD "18c00002" },
	{ MUP, BAD, "01 0004 12" RD "41c00002011234567880" },
	{ MUP, OK, "01 0004 11" RD "40c000020112345678" },
	{ MUP, BGP__NLRI_UNKNOWN, "02 0001 0c" RD "18cb0071" },
	{ MUP, BGP__NLRI_UNKNOWN, "01 0000 00" },
	{ MUP, BGP__NLRI_UNKNOWN, "01 0005 00" },
	{ BGP_FAMILY(2, 85), OK, "01 0001 0d" RD "20 20010db8" },
/* RFC 4761 3.2.2, 6074 3.2.2.1, 6624 4 */
#define VPLS BGP_FAMILY(25, 65)
	{ VPLS, OK, "0011" RD "000100010008c35001" },
	{ VPLS, OK, "000c" RD "c0000201" },
	{ VPLS, OK, "000f" RD "00010001c35001" },
	{ VPLS, BAD, "000d" RD "c000020100" },
	{ VPLS, BAD, "0007 00010000000000" },
/* RFC 9552 8.2.2 */
#define LS  BGP_FAMILY(16388, 71)
#define LSV BGP_FAMILY(16388, 72)
#define ODD BGP__NLRI_ODD
	{ LS, OK, "0001 000d 03" RD "01000000" },
	{ LS, ODD, "0001 0008" RD },
	{ LS, ODD, "0001 000d 03" RD "01000001" },
	{ LS, ODD, "0001 000c 03" RD "010000" },
	{ LS, OK, "0002 0011 03" RD "01000000 01010000" },
	{ LS, ODD, "0002 0011 03" RD "01010000 01000000" },
	{ LS, OK, "0001 0015 03" RD "01000008 02000000 02010000" },
	{ LS, ODD, "0001 0015 03" RD "01000008 02010000 02000000" },
	{ LS, ODD, "0001 0015 03" RD "01010008 02010000 02000000" },
	{ LS, OK, "0001 0015 03" RD "01020008 02010000 02000000" },
	{ LS, OK, "0000 0000" },
	{ LS, OK, "0007 0001 ff" },
	{ LS, ODD, "0006 0001 ff" },
	{ LSV, OK, "0001 0011" RD "03" RD },
	{ LSV, ODD, "0001 0009 03" RD },
	{ LSV, ODD, "0007 0000" },
	{ BGP_FAMILY(25, 70), BGP__NLRI_UNKNOWN, "0000" },
	{ BGP_FAMILY(25, 70), BGP__NLRI_UNKNOWN, "0c00" },
	{ BGP_FAMILY(25, 70), BAD,
	  "05 3a" RD "00000000000000000001" TAG IP6 IP6_BODY "000010" },
	{ BGP_FAMILY(25, 70), OK, "05 3a" RD ESI TAG IP6 IP6_BODY "000010" },
};

static void
test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		const struct verdict_case *c = &verdicts[i];
		uint8_t octets[100];
		struct bgp_family_codec family = { .family = c->family };
		struct bgp_nlri_list list = { .family = c->family,
					      .octets = octets };

		list.len = (uint16_t)hex_octets(c->octets, octets,
						sizeof octets);
		list.form = bgp__nlri_form(&family);
		if (bgp__nlri_list_judge(&list) != c->verdict)
			fail_msg("case %zu: %s is %d", i, c->octets,
				 (int)bgp__nlri_list_judge(&list));
	}
}

/* Keys of two NLRI that are, or are not, the same route. */
static const struct pair {
	bgp_family family;
	uint16_t bits_a;
	const char *a;
	uint16_t bits_b;
	const char *b;
	bool same;
} pairs[] = {
	{ BGP_IPV4_UNICAST, 9, "0a80", 9, "0aff", true },
	{ BGP_IPV4_UNICAST, 9, "0a80", 10, "0a80", false },
	{ BGP_IPV4_UNICAST, 0, "", 8, "00", false },
	{ BGP_FAMILY(1, 4), 32, "000641 0a", 32, "800000 0a", true },
	{ BGP_FAMILY(1, 4), 32, "000641 0a", 32, "000641 0b", false },
	{ BGP_FAMILY(1, 4), 80, "000640 000651 0a000001", 56, "800000 0a000001",
	  true },
	{ BGP_FAMILY(1, 4), 16, "0641", 16, "0642", false },
	{ BGP_FAMILY(1, 128), 96, "000641" RD "0a", 96, "800000" RD "0a",
	  true },
	{ BGP_FAMILY(1, 128), 96, "000641" RD "0a", 96,
	  "000641 0001000000000002 0a", false },
	{ BGP_FAMILY(25, 65), 0, "0011" RD "000100010008c35001", 0,
	  "0011" RD "000100010008000000", true },
	{ BGP_FAMILY(25, 65), 0, "0011" RD "000100010008c35001", 0,
	  "0011" RD "000200010008c35001", false },
	{ BGP_FAMILY(25, 65), 0, "0001aa", 0, "0001ab", false },
	{ BGP_FAMILY(25, 70), 0, "0119" RD ESI TAG "000010", 0,
	  "0119" RD ESI TAG "000020", true },
	{ BGP_FAMILY(25, 70), 0, "0119" RD ESI TAG "000010", 0,
	  "0119" RD "00000000000000000001" TAG "000010", false },
	{ BGP_FAMILY(25, 70), 0, "0225" RD ESI TAG MAC IP4 "000010", 0,
	  "0228" RD "00000000000000000001" TAG MAC IP4 "000020 000030", true },
	{ BGP_FAMILY(25, 70), 0, "0221" RD ESI TAG MAC "00 000010", 0,
	  "0225" RD ESI TAG MAC IP4 "000010", false },
	{ BGP_FAMILY(25, 70), 0, "0311" RD TAG IP4, 0, "0311" RD "00000001" IP4,
	  false },
	{ BGP_FAMILY(25, 70), 0, "0522" RD ESI TAG "20c0000200 00000000 000010",
	  0, "0522" RD "00000000000000000001" TAG "20c0000200 0a000001 000020",
	  true },
	{ BGP_FAMILY(25, 70), 0, "0522" RD ESI TAG "20c0000200 00000000 000010",
	  0, "0522" RD ESI TAG "1fc0000200 00000000 000010", false },
	{ BGP_FAMILY(25, 70), 0,
	  "053a" RD ESI TAG IP6 "00000000000000000000000000000000 000010", 0,
	  "053a" RD ESI TAG IP6 "00000000000000000000000000000001 000020",
	  true },
	{ BGP_FAMILY(25, 70), 0, "0614" RD TAG "0000" IP4 "01", 0,
	  "0614" RD TAG "0000" IP4 "02", true },
	{ BGP_FAMILY(25, 70), 0, "071e" RD ESI TAG "0000" IP4 "01", 0,
	  "071e" RD ESI TAG "0000" IP4 "02", true },
	{ BGP_FAMILY(25, 70), 0, "0823" RD ESI TAG "0000" IP4 "00000000 0a 01",
	  0, "0823" RD ESI TAG "0000" IP4 "00000001 0b 02", true },
	{ BGP_FAMILY(25, 70), 0, "0914" RD TAG RD, 0,
	  "0914" RD TAG "0000000000000000", false },
	{ BGP_FAMILY(25, 70), 0, "01 02 aabb", 0, "01 02 aabc", false },
	{ BGP_FAMILY(25, 70), 0, "63 02 aabb", 0, "63 02 aabc", false },
	{ BGP_FAMILY(25, 70), 0, "01", 0, "02", false },
	{ BGP_FAMILY(999, 1), 0, "0102", 0, "0103", false },
	{ BGP_FAMILY(999, 1), 15, "0102", 15, "0103", true },
	{ BGP_FAMILY(999, 1), 15, "0102", 16, "0102", false },
	{ BGP_IPV4_UNICAST, 24, "0a", 24, "0b", false },
};

static void
test_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		uint8_t a[80], b[80], key_a[80], key_b[80];
		struct bgp_nlri nlri = {
			pairs[i].family, 0, pairs[i].bits_a, 0, 0, a
		};
		int len_a, len_b;

		nlri.len = (uint16_t)hex_octets(pairs[i].a, a, sizeof a);
		len_a = bgp_nlri_key(&nlri, key_a, sizeof key_a);
		assert_in_range(len_a, 1, nlri.len + 1);
		for (int size = 0; size < len_a; size++)
			assert_int_equal(
			    bgp_nlri_key(&nlri, key_b, (size_t)size),
			    BGP_ERR_SPACE);
		nlri.octets = b;
		nlri.bits = pairs[i].bits_b;
		nlri.len = (uint16_t)hex_octets(pairs[i].b, b, sizeof b);
		len_b = bgp_nlri_key(&nlri, key_b, sizeof key_b);
		if ((len_a == len_b &&
		     memcmp(key_a, key_b, (size_t)len_a) == 0) != pairs[i].same)
			fail_msg("pair %zu: %s, %s", i, pairs[i].a, pairs[i].b);
	}
}

/* Lists that were never checked, or that nobody can read, end. */
static void
test_unchecked(void **state)
{
	static const uint8_t octets[] = { 32, 10, 0 };
	struct bgp_nlri_list list = { .family = BGP_IPV4_UNICAST,
				      .len = 3,
				      .octets = octets,
				      .form = BGP_NLRI_BITS };
	struct bgp_nlri nlri;

	(void)state;
	assert_false(bgp_nlri_next(&list, &nlri));
	list.family = BGP_FAMILY(999, 1);
	list.form = BGP_NLRI_KNOWN;
	assert_false(bgp_nlri_next(&list, &nlri));
}

static void
test_prefix(void **state)
{
	static const uint8_t octets[] = { 203, 0, 113, 255 };
	struct bgp_nlri nlri = { BGP_IPV4_UNICAST, 0, 25, 4, 0, octets };
	struct bgp_prefix prefix;
	char text[64];

	(void)state;
	assert_int_equal(bgp_nlri_prefix(&nlri, &prefix), BGP_OK);
	assert_memory_equal(prefix.octets, "\313\0\161\200", 4);
	bgp_nlri_text(&nlri, text, sizeof text);
	assert_string_equal(text, "203.0.113.128/25");
	nlri.family = BGP_FAMILY(2, 2);
	assert_int_equal(bgp_nlri_prefix(&nlri, &prefix), BGP_OK);
	assert_int_equal(prefix.len, 16);
	nlri.bits = 129;
	assert_int_equal(bgp_nlri_prefix(&nlri, &prefix), BGP_ERR_INVALID);
	nlri.bits = 33;
	assert_int_equal(bgp_nlri_prefix(&nlri, &prefix), BGP_ERR_INVALID);
	nlri.bits = 25;
	nlri.family = BGP_FAMILY(1, 3);
	assert_int_equal(bgp_nlri_prefix(&nlri, &prefix), BGP_ERR_INVALID);
	nlri.family = BGP_FAMILY(25, 1);
	assert_int_equal(bgp_nlri_prefix(&nlri, &prefix), BGP_ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_add_path_and_cuts),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_unchecked),
		cmocka_unit_test(test_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
