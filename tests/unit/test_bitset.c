/*
 * test_bitset.c - a set of indices against a plain array of booleans.
 */
#include <stdbool.h>
#include <string.h>

#include "check.h"

#include "libbgp/base/bitset.h"

enum { BITS = 20000 };

static uint32_t
next_of(const bool *plain, uint32_t from)
{
	while (from < BITS && !plain[from])
		from++;
	return from < BITS ? from : BGP__BITSET_END;
}

static void
compare(const struct bgp__bitset *set, const bool *plain)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < BITS; i++) {
		assert_int_equal(bgp__bitset_test(set, i), plain[i]);
		count += plain[i];
	}
	assert_int_equal(set->count, count);
	for (uint32_t i = 0; i < BITS; i += 37)
		assert_int_equal(bgp__bitset_next(set, i), next_of(plain, i));
}

static void
test_against_plain(void **state)
{
	static bool plain[BITS];
	struct bgp__mem mem;
	struct bgp__bitset set = { 0 };
	uint32_t seed = 1, i;

	(void)state;
	bgp__mem_init(&mem, NULL);
	assert_int_equal(bgp__bitset_reserve(&set, &mem, BITS), BGP_OK);
	for (unsigned step = 0; step < 60000; step++) {
		seed = seed * 1664525 + 1013904223;
		i = (seed >> 8) % BITS;
		plain[i] = seed >> 28 < 5;
		if (plain[i])
			bgp__bitset_add(&set, i);
		else
			bgp__bitset_remove(&set, i);
		if (step % 10000 == 0)
			compare(&set, plain);
	}
	compare(&set, plain);
	bgp__bitset_fini(&set, &mem);
	assert_int_equal(mem.octets, 0);
}

static void
test_growth_keeps_members(void **state)
{
	struct bgp__mem mem;
	struct bgp__bitset set = { 0 };

	(void)state;
	bgp__mem_init(&mem, NULL);
	assert_int_equal(bgp__bitset_next(&set, 0), BGP__BITSET_END);
	assert_int_equal(bgp__bitset_reserve(&set, &mem, 1), BGP_OK);
	bgp__bitset_add(&set, 0);
	for (uint32_t bits = 2; bits < 200000; bits = bits * 2 + 1) {
		assert_int_equal(bgp__bitset_reserve(&set, &mem, bits), BGP_OK);
		bgp__bitset_add(&set, bits - 1);
		assert_true(bgp__bitset_test(&set, 0));
	}
	assert_int_equal(bgp__bitset_next(&set, 1), 1);
	assert_false(bgp__bitset_test(&set, UINT32_MAX - 1));
	bgp__bitset_fini(&set, &mem);
	assert_int_equal(mem.octets, 0);
}

static void
test_fill(void **state)
{
	static bool plain[BITS];
	struct bgp__mem mem;
	struct bgp__bitset set = { 0 };

	(void)state;
	bgp__mem_init(&mem, NULL);
	assert_int_equal(bgp__bitset_reserve(&set, &mem, BITS), BGP_OK);
	bgp__bitset_add(&set, 700);
	bgp__bitset_fill(&set, 63, 9001);
	for (uint32_t i = 63; i < 9001; i++)
		plain[i] = true;
	compare(&set, plain);
	/* Over words that are empty, full, and neither. */
	bgp__bitset_remove(&set, 1000);
	bgp__bitset_fill(&set, 1, 9500);
	for (uint32_t i = 1; i < 9500; i++)
		plain[i] = true;
	compare(&set, plain);
	bgp__bitset_fini(&set, &mem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_plain),
		cmocka_unit_test(test_growth_keeps_members),
		cmocka_unit_test(test_fill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
