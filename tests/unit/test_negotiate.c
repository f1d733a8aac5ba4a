/*
 * test_negotiate.c - what two OPENs agree on, seen from both sides.
 */
#include <string.h>

#include "check.h"

#include "bgp/codec.h"

#define CAP(code, text)                                         \
	{                                                       \
		code, sizeof(text) - 1, (const uint8_t *)(text) \
	}

static struct bgp_open a, b;
static struct bgp_codec ab, ba;

static void
set(struct bgp_open *open, uint32_t as, const struct bgp_capability *caps,
    size_t count)
{
	memset(open, 0, sizeof *open);
	open->as = as;
	open->capability_count = (uint8_t)count;
	memcpy(open->capabilities, caps, count * sizeof caps[0]);
}

static void
negotiate(void)
{
	bgp_codec_negotiate(&a, &b, &ab);
	bgp_codec_negotiate(&b, &a, &ba);
}

static void
test_no_capabilities(void **state)
{
	(void)state;
	memset(&a, 0, sizeof a);
	memset(&b, 0, sizeof b);
	a.as = b.as = 64512;
	negotiate();
	assert_int_equal(ab.family_count, 1);
	assert_int_equal(ab.families[0].family, BGP_IPV4_UNICAST);
	assert_false(ab.ebgp);
	assert_false(ab.as4);
	assert_int_equal(ab.message_in_max, 4096);
	assert_int_equal(ab.message_out_max, 4096);
	assert_null(ab.recall);
}

static void
test_both_rich(void **state)
{
	const struct bgp_capability ours[] = {
		CAP(BGP_CAP_MP, "\0\2\0\1"),
		CAP(BGP_CAP_MP, "\0\1\0\1"),
		CAP(BGP_CAP_MP, "\0\1\0\1"),
		CAP(BGP_CAP_MP, "\0\31\0\106"),
		CAP(BGP_CAP_AS4, "\0\0\0\1"),
		CAP(BGP_CAP_EXT_MESSAGE, ""),
		CAP(BGP_CAP_ADD_PATH, "\0\1\1\3\0\2\1\1"),
		CAP(BGP_CAP_EXT_NEXT_HOP, "\0\1\0\1\0\2"),
	};
	const struct bgp_capability theirs[] = {
		CAP(BGP_CAP_MP, "\0\1\0\1"),
		CAP(BGP_CAP_MP, "\0\2\0\1"),
		CAP(BGP_CAP_AS4, "\0\0\0\2"),
		/* the first tuple of a family counts; 4 is no value */
		CAP(BGP_CAP_ADD_PATH, "\0\1\1\2\0\1\1\1\0\2\1\4"),
		CAP(BGP_CAP_EXT_NEXT_HOP,
		    "\0\1\0\2\0\2\0\2\0\1\0\2"
		    "\0\1\0\1\0\1\0\1\0\1\0\2"),
		/* no family: the OPEN was not decoded here */
		CAP(BGP_CAP_MP, "\0"),
	};

	(void)state;
	set(&a, 1, ours, 8);
	set(&b, 2, theirs, 6);
	negotiate();
	assert_int_equal(ab.family_count, 2);
	assert_int_equal(ab.families[0].family, BGP_IPV6_UNICAST);
	assert_int_equal(ba.families[0].family, BGP_IPV4_UNICAST);
	assert_true(ab.ebgp);
	assert_true(ab.as4);
	assert_int_equal(ab.local_as, 1);
	assert_int_equal(ab.peer_as, 2);
	assert_int_equal(ab.message_in_max, 65535);
	assert_int_equal(ab.message_out_max, 4096);
	assert_int_equal(ba.message_in_max, 4096);
	/* Who hears no such word may not be sent long messages, and sends
	 * none. */
	assert_int_equal(ba.message_out_max, 4096);
	assert_true(bgp_codec_family(&ab, BGP_IPV4_UNICAST)->add_path_in);
	assert_false(bgp_codec_family(&ab, BGP_IPV4_UNICAST)->add_path_out);
	assert_false(bgp_codec_family(&ba, BGP_IPV4_UNICAST)->add_path_in);
	assert_true(bgp_codec_family(&ba, BGP_IPV4_UNICAST)->add_path_out);
	assert_false(bgp_codec_family(&ab, BGP_IPV6_UNICAST)->add_path_in);
	assert_true(bgp_codec_family(&ab, BGP_IPV4_UNICAST)->ext_next_hop);
	assert_false(bgp_codec_family(&ab, BGP_IPV6_UNICAST)->ext_next_hop);
	assert_null(bgp_codec_family(&ab, BGP_FAMILY(25, 70)));
	a.capability_count--;
	negotiate();
	assert_false(bgp_codec_family(&ab, BGP_IPV4_UNICAST)->ext_next_hop);
}

static void
test_long_messages(void **state)
{
	const struct bgp_capability caps[] = { CAP(BGP_CAP_EXT_MESSAGE, "") };

	(void)state;
	set(&a, 1, caps, 1);
	set(&b, 1, caps, 1);
	negotiate();
	assert_int_equal(ab.message_in_max, 65535);
	assert_int_equal(ab.message_out_max, 65535);
	assert_int_equal(ba.message_in_max, 65535);
	assert_int_equal(ba.message_out_max, 65535);
}

/* One side silent about families: IPv4 unicast is what may be common. */
static void
test_one_side_without_mp(void **state)
{
	const struct bgp_capability six[] = { CAP(BGP_CAP_MP, "\0\2\0\1") };
	const struct bgp_capability four[] = { CAP(BGP_CAP_MP, "\0\1\0\1") };

	(void)state;
	set(&a, 1, six, 1);
	set(&b, 1, six, 0);
	negotiate();
	assert_int_equal(ab.family_count, 0);
	assert_int_equal(ba.family_count, 0);
	set(&a, 1, four, 1);
	negotiate();
	assert_int_equal(ab.family_count, 1);
	assert_int_equal(ba.family_count, 1);
}

static void
test_families_are_bounded(void **state)
{
	static uint8_t value[BGP_CAPABILITIES_MAX][4];
	struct bgp_capability caps[40];

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		value[i][1] = 1;
		value[i][3] = (uint8_t)(i + 1);
		caps[i] = (struct bgp_capability){ BGP_CAP_MP, 4, value[i] };
	}
	set(&a, 1, caps, 40);
	set(&b, 1, caps, 40);
	negotiate();
	assert_int_equal(ab.family_count, BGP_FAMILIES_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_capabilities),
		cmocka_unit_test(test_both_rich),
		cmocka_unit_test(test_long_messages),
		cmocka_unit_test(test_one_side_without_mp),
		cmocka_unit_test(test_families_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
