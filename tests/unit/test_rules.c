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

static enum bgp_loop
loop_of(const struct bgp_attr *attrs, size_t count, uint32_t router_id,
	uint32_t cluster_id, uint32_t local_as, unsigned own_as_allowed)
{
	struct bgp_loop_trace trace = { 0 };

	for (size_t i = 0; i < count; i++)
		bgp_loop_trace(&attrs[i], router_id, cluster_id, local_as,
			       &trace);
	return bgp_loop_judge(&trace, BGP_KIND_CLIENT, own_as_allowed);
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
	assert_int_equal(loop_of(attrs, 3, 0x0a000001, 1, 1, 0),
			 BGP_LOOP_ORIGINATOR);
	assert_int_equal(loop_of(attrs, 3, 1, 0x0a000002, 1, 0),
			 BGP_LOOP_CLUSTER);
	assert_int_equal(loop_of(attrs, 3, 1, 1, 7, 1), BGP_LOOP_AS);
	assert_int_equal(loop_of(attrs, 3, 1, 1, 7, 2), BGP_LOOP_NONE);
	assert_int_equal(loop_of(attrs, 0, 1, 1, 7, 0), BGP_LOOP_NONE);
	assert_int_equal(loop_of(attrs, 3, 0x0a000001, 0x0a000002, 7, 0),
			 BGP_LOOP_ORIGINATOR);
}

/* What the host itself announces is judged by nobody. */
static void
test_no_loop_of_our_own(void **state)
{
	const struct bgp_loop_trace all = { 255, true, true };

	(void)state;
	assert_int_equal(bgp_loop_judge(&all, BGP_KIND_LOCAL, 0),
			 BGP_LOOP_NONE);
	assert_int_equal(bgp_loop_judge(&all, BGP_KIND_EBGP, 0),
			 BGP_LOOP_ORIGINATOR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_tells_whom),
		cmocka_unit_test(test_who_is_stamped),
		cmocka_unit_test(test_loops),
		cmocka_unit_test(test_no_loop_of_our_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
