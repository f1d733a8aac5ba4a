/*
 * test_encode.c - UPDATEs as others will read them: which fields, how full, and
 * what a 2-octet peer gets.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

static struct bgp_codec codec;
static uint8_t buf[BGP_MESSAGE_EXT_MAX];

static const uint8_t hop4[] = { 192, 0, 2, 1 };
static const uint8_t hop6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
static const uint8_t origin[] = { 0 };
static const uint8_t path[] = { 2, 2, 0, 0, 0, 1, 0, 1, 0x11, 0x70 };
static const uint8_t aggregator[] = { 0, 1, 0x11, 0x70, 192, 0, 2, 9 };
static const uint8_t community[] = { 0xff, 0xff, 0xff, 1 };
static const uint8_t large[12] = { 1 };

static const struct bgp_attr attrs[] = {
	{ 0x40, 1, 1, origin },
	{ 0x40, 2, sizeof path, path },
	{ 0xc0, 7, sizeof aggregator, aggregator },
	{ 0xc0, 8, 4, community },
	{ 0xc0, 32, 12, large },
};

static int
set_up(void **state)
{
	(void)state;
	codec = (struct bgp_codec){ .as4 = true,
				    .family_count = 3,
				    .message_out_max = BGP_MESSAGE_MAX,
				    .families = {
					{ .family = BGP_IPV4_UNICAST },
					{ .family = BGP_IPV6_UNICAST },
					{ .family = BGP_FAMILY(25, 70) } } };
	return 0;
}

static void
expect(const struct bgp_update_parts *parts, size_t wanted_taken,
       const char *body)
{
	uint8_t wanted[4096];
	size_t len = hex_message(body, wanted, sizeof wanted), taken;

	assert_int_equal(
	    bgp_update_encode(&codec, parts, buf, sizeof buf, &taken), len);
	assert_memory_equal(buf, wanted, len);
	assert_int_equal(taken, wanted_taken);
	for (size_t size = 0; size < len; size++)
		if (bgp_update_encode(&codec, parts, buf, size, &taken) >= 0)
			assert_in_range(taken, 1, wanted_taken);
}

static void
test_classic(void **state)
{
	/* host bits behind the length go out as zero */
	static const uint8_t octets[] = { 203, 0, 113, 0xff };
	const struct bgp_nlri nlri[] = {
		{ BGP_IPV4_UNICAST, 7, 24, 3, 0, octets },
		{ BGP_IPV4_UNICAST, 8, 0, 0, 0, NULL },
		{ BGP_IPV4_UNICAST, 9, 28, 4, 0, octets },
	};
	struct bgp_update_parts parts = {
		BGP_IPV4_UNICAST, false, { hop4, 4 }, attrs, 2, nlri, 3
	};

	(void)state;
	expect(&parts, 3,
	       "02 0000 0018 40010100 40020a02020000000100011170"
	       "400304c0000201 18cb0071 00 1ccb0071f0");
	codec.families[0].add_path_out = true;
	expect(&parts, 3,
	       "02 0000 0018 40010100 40020a02020000000100011170"
	       "400304c0000201 00000007 18cb0071 00000008 00"
	       "00000009 1ccb0071f0");
	parts.unreach = true;
	expect(&parts, 3,
	       "02 0016 00000007 18cb0071 00000008 00"
	       "00000009 1ccb0071f0 0000");
	/* NEXT_HOP stands before what is behind it, and at the end */
	parts.unreach = false;
	codec.families[0].add_path_out = false;
	parts.attr_count = 1;
	expect(&parts, 3,
	       "02 0000 000b 40010100 400304c0000201"
	       "18cb0071 00 1ccb0071f0");
	parts.attrs = attrs + 2;
	parts.attr_count = 2;
	expect(&parts, 3,
	       "02 0000 0019 400304c0000201"
	       "c00708 00011170c0000209 c00804ffffff01 18cb0071 00 1ccb0071f0");
}

static void
test_multiprotocol(void **state)
{
	static const uint8_t octets[] = { 0x20, 1, 0xd, 0xb8 };
	const struct bgp_nlri nlri[] = { { BGP_IPV6_UNICAST, 0, 32, 4, 0,
					   octets } };
	struct bgp_update_parts parts = {
		BGP_IPV6_UNICAST, false, { hop6, 16 }, attrs, 1, nlri, 1
	};

	(void)state;
	expect(&parts, 1,
	       "02 0000 0021 800e1a 0002 01 10"
	       "20010db8000000000000000000000001 00 2020010db8 40010100");
	parts.unreach = true;
	expect(&parts, 1, "02 0000 000b 800f08 0002 01 2020010db8");
	/* IPv4 with an IPv6 next hop: RFC 8950 */
	parts.unreach = false;
	parts.family = BGP_IPV4_UNICAST;
	expect(&parts, 1,
	       "02 0000 0021 800e1a 0001 01 10"
	       "20010db8000000000000000000000001 00 2020010db8 40010100");
}

/* What is not counted in bits goes out as it stands. */
static void
test_opaque(void **state)
{
	static const uint8_t evpn[] = { 0x77, 2, 0xaa, 0xbb };
	const struct bgp_nlri nlri[] = { { BGP_FAMILY(25, 70), 5, 0, 4, 0,
					   evpn } };
	struct bgp_update_parts parts = {
		BGP_FAMILY(25, 70), false, { hop4, 4 }, attrs, 1, nlri, 1
	};
	size_t taken;

	(void)state;
	expect(&parts, 1,
	       "02 0000 0014 800e0d 0019 46 04 c0000201 00"
	       "7702aabb 40010100");
	codec.families[2].add_path_out = true;
	expect(&parts, 1,
	       "02 0000 0018 800e11 0019 46 04 c0000201 00"
	       "00000005 7702aabb 40010100");
	parts.family = BGP_FAMILY(999, 9);
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, buf, sizeof buf, &taken),
	    BGP_ERR_INVALID);
	codec.families[0].family = BGP_FAMILY(999, 9);
	codec.families[0].form = BGP_NLRI_TYPE8_LEN8;
	expect(&parts, 1,
	       "02 0000 0014 800e0d 03e7 09 04 c0000201 00"
	       "7702aabb 40010100");
}

static void
test_end_of_rib(void **state)
{
	struct bgp_update_parts parts = { .family = BGP_IPV4_UNICAST };
	size_t taken;

	(void)state;
	expect(&parts, 0, "02 0000 0000");
	parts.family = BGP_IPV6_UNICAST;
	expect(&parts, 0, "02 0000 0006 800f03 0002 01");
	parts.attrs = attrs;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, buf, sizeof buf, &taken),
	    BGP_ERR_INVALID);
}

/* RFC 6793 4.2.2: AS_TRANS, and the AS4_ ones in their place. */
static void
test_two_octet_peer(void **state)
{
	static const uint8_t narrow[] = { 2, 1, 0, 0, 0, 1 };
	static const uint8_t by[] = { 0, 0, 0, 1, 192, 0, 2, 9 };
	const struct bgp_nlri nlri = { BGP_IPV4_UNICAST, 0, 0, 0, 0, NULL };
	const struct bgp_attr small[] = { { 0x40, 2, sizeof narrow, narrow },
					  { 0xc0, 7, sizeof by, by } };
	struct bgp_update_parts parts = {
		BGP_IPV4_UNICAST, false, { hop4, 4 }, attrs, 5, &nlri, 1
	};

	(void)state;
	codec.as4 = false;
	expect(&parts, 1,
	       "02 0000 004b 40010100 400206020200015ba0"
	       "400304c0000201 c007065ba0c0000209 c00804ffffff01"
	       "c0110a02020000000100011170 c0120800011170c0000209"
	       "c0200c010000000000000000000000 00");
	parts.attr_count = 3;
	expect(&parts, 1,
	       "02 0000 0035 40010100 400206020200015ba0"
	       "400304c0000201 c007065ba0c0000209"
	       "c0110a02020000000100011170 c0120800011170c0000209 00");
	parts.attrs = small;
	parts.attr_count = 2;
	expect(&parts, 1,
	       "02 0000 0017 40020402010001 400304c0000201"
	       "c007060001c0000209 00");
}

/* A message is filled to its limit, and the rest is left for the next. */
static void
test_many(void **state)
{
	static uint8_t octets[3000][16];
	static struct bgp_nlri nlri[3000];
	static const uint16_t limits[] = { 0, 4096, 65535 };
	struct bgp_update_parts parts = {
		BGP_IPV6_UNICAST, false, { hop6, 16 }, attrs, 5, nlri, 3000
	};

	(void)state;
	for (size_t i = 0; i < 3000; i++) {
		octets[i][14] = (uint8_t)(i >> 8);
		octets[i][15] = (uint8_t)i;
		nlri[i] = (struct bgp_nlri){ BGP_IPV6_UNICAST, 0, 128, 16, 0,
					     octets[i] };
	}
	for (size_t l = 0; l < 6; l++) {
		size_t max = limits[l / 2] == 0 ? 4096 : limits[l / 2];
		size_t done = 0, taken, messages = 0;

		codec.message_out_max = limits[l / 2];
		parts.unreach = l % 2 != 0;
		for (; done < 3000; done += taken, messages++) {
			struct bgp_update update;
			struct bgp_fault fault;
			struct bgp_nlri one;
			int len;

			parts.nlri = nlri + done;
			parts.nlri_count = 3000 - done;
			len = bgp_update_encode(&codec, &parts, buf, sizeof buf,
						&taken);
			assert_in_range(
			    len, done + taken == 3000 ? 24 : max - 17, max);
			assert_int_equal(bgp_update_decode(&codec, buf,
							   (size_t)len, &update,
							   &fault),
					 BGP_OK);
			assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
			for (size_t i = 0; i < taken; i++) {
				assert_true(bgp_nlri_next(
				    parts.unreach ? &update.unreach[0]
						  : &update.reach[0],
				    &one));
				assert_memory_equal(one.octets,
						    octets[done + i], 16);
			}
		}
		assert_in_range(messages, 1, 3000 * 17 / (max - 150) + 1);
	}
}

/* RFC 8654 4: what may be discarded goes before the route does. */
static void
test_discards_before_it_gives_up(void **state)
{
	static const uint8_t zeros[4050];
	const struct bgp_nlri nlri = { BGP_IPV4_UNICAST, 0, 0, 0, 0, NULL };
	const struct bgp_attr many[] = { { 0x40, 1, 1, origin },
					 { 0x40, 6, 0, NULL },
					 { 0xc0, 40, 4000, zeros },
					 { 0xc0, 99, 40, zeros } };
	struct bgp_update_parts parts = {
		BGP_IPV4_UNICAST, false, { hop4, 4 }, many, 4, &nlri, 1
	};
	struct bgp_update update;
	struct bgp_fault fault;
	size_t taken;
	int len;

	(void)state;
	len = bgp_update_encode(&codec, &parts, buf, 4080, &taken);
	assert_true(len > 0 && len < 100);
	assert_int_equal(taken, 1);
	bgp_update_decode(&codec, buf, (size_t)len, &update, &fault);
	assert_null(bgp_attr_find(update.attrs, update.attr_count, 40));
	assert_non_null(bgp_attr_find(update.attrs, update.attr_count, 99));
	/* and not when there is room */
	len = bgp_update_encode(&codec, &parts, buf, 4096, &taken);
	assert_true(len > 4000);
}

/* An AGGREGATOR that is none goes out as the host gave it. */
static void
test_odd_aggregator(void **state)
{
	static const uint8_t six[] = { 0, 1, 192, 0, 2, 9 };
	const struct bgp_attr odd = { 0xc0, 7, sizeof six, six };
	const struct bgp_nlri nlri = { BGP_IPV4_UNICAST, 0, 0, 0, 0, NULL };
	struct bgp_update_parts parts = {
		BGP_IPV4_UNICAST, false, { hop4, 4 }, &odd, 1, &nlri, 1
	};

	(void)state;
	codec.as4 = false;
	expect(&parts, 1,
	       "02 0000 0010 400304c0000201 c007060001c0000209"
	       "00");
}

static void
test_refusals(void **state)
{
	static uint8_t huge[5000];
	static const uint8_t octets[] = { 10 };
	struct bgp_attr big = { 0xc0, 99, sizeof huge, huge };
	struct bgp_nlri nlri = { BGP_IPV4_UNICAST, 0, 8, 1, 0, octets };
	struct bgp_update_parts parts = {
		BGP_IPV4_UNICAST, false, { hop4, 4 }, &big, 1, &nlri, 1
	};
	size_t taken = 9;

	(void)state;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, buf, sizeof buf, &taken),
	    BGP_ERR_SPACE);
	assert_int_equal(taken, 0);
	parts.family = BGP_IPV6_UNICAST;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, buf, sizeof buf, &taken),
	    BGP_ERR_SPACE);
	parts.attrs = attrs;
	nlri.bits = 9;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, buf, sizeof buf, &taken),
	    BGP_ERR_INVALID);
	nlri.bits = 256;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, buf, sizeof buf, &taken),
	    BGP_ERR_INVALID);
	nlri.bits = 8;
	parts.next_hop.len = 256;
	assert_int_equal(
	    bgp_update_encode(&codec, &parts, buf, sizeof buf, &taken),
	    BGP_ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_classic, set_up),
		cmocka_unit_test_setup(test_multiprotocol, set_up),
		cmocka_unit_test_setup(test_opaque, set_up),
		cmocka_unit_test_setup(test_end_of_rib, set_up),
		cmocka_unit_test_setup(test_two_octet_peer, set_up),
		cmocka_unit_test_setup(test_many, set_up),
		cmocka_unit_test_setup(test_discards_before_it_gives_up,
				       set_up),
		cmocka_unit_test_setup(test_odd_aggregator, set_up),
		cmocka_unit_test_setup(test_refusals, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
