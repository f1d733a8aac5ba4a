/*
 * test_rules.c - RFC 4456 as a table, cell by cell, and its loops.
 */
#include <stdbool.h>

#include "check.h"

#include "bgp/reflect.h"

static void
test_who_tells_whom(void **state)
{
	static const bool want[4][4] = {
		[BGP_KIND_LOCAL] = { false, true, true, true },
		[BGP_KIND_EBGP] = { false, true, true, true },
		[BGP_KIND_CLIENT] = { false, true, true, true },
		[BGP_KIND_NON_CLIENT] = { false, true, true, false },
	};

	(void)state;
	for (unsigned a = 0; a < 4; a++)
		for (unsigned b = 0; b < 4; b++)
			assert_int_equal(bgp_reflect_allowed((enum bgp_kind)a,
							     (enum bgp_kind)b,
							     true),
					 want[a][b]);
	assert_false(
	    bgp_reflect_allowed(BGP_KIND_CLIENT, BGP_KIND_CLIENT, false));
	assert_true(
	    bgp_reflect_allowed(BGP_KIND_NON_CLIENT, BGP_KIND_CLIENT, false));
}

static void
test_who_is_stamped(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 4; a++)
		for (unsigned b = 0; b < 4; b++)
			assert_int_equal(bgp_reflect_stamped((enum bgp_kind)a,
							     (enum bgp_kind)b),
					 a >= BGP_KIND_CLIENT &&
					     b >= BGP_KIND_CLIENT);
}

static void
test_loops(void **state)
{
	static const uint8_t id[] = { 10, 0, 0, 1 };
	static const uint8_t clusters[] = { 1, 1, 1, 1, 10, 0, 0, 2 };
	static const uint8_t path[] = {
		2, 3, 0, 0, 0, 7, 0, 0, 0, 9, 0, 0, 0, 7
	};
	const struct bgp_attr attrs[] = {
		{ 0x40, BGP_ATTR_AS_PATH, sizeof path, path },
		{ 0x80, BGP_ATTR_ORIGINATOR_ID, sizeof id, id },
		{ 0x80, BGP_ATTR_CLUSTER_LIST, sizeof clusters, clusters },
	};

	(void)state;
	assert_int_equal(bgp_reflect_loop(attrs, 3, 0x0a000001, 1, 1, 0),
			 BGP_LOOP_ORIGINATOR);
	assert_int_equal(bgp_reflect_loop(attrs, 3, 1, 0x0a000002, 1, 0),
			 BGP_LOOP_CLUSTER);
	assert_int_equal(bgp_reflect_loop(attrs, 3, 1, 1, 7, 1), BGP_LOOP_AS);
	assert_int_equal(bgp_reflect_loop(attrs, 3, 1, 1, 7, 2), BGP_LOOP_NONE);
	assert_int_equal(bgp_reflect_loop(attrs, 0, 1, 1, 7, 0), BGP_LOOP_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_tells_whom),
		cmocka_unit_test(test_who_is_stamped),
		cmocka_unit_test(test_loops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
