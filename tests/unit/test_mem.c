/*
 * test_mem.c - the host's allocator is asked for what it is told, and what is
 * in use is counted to the octet.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#include "libbgp/base/mem.h"

static void
test_count(void **state)
{
	struct bgp__mem mem;
	uint8_t *p;

	(void)state;
	bgp__mem_init(&mem, NULL);
	p = bgp__mem_get(&mem, 100);
	assert_non_null(p);
	assert_int_equal(p[99], 0);
	assert_int_equal(mem.octets, 100);
	p = bgp__mem_resize(&mem, p, 100, 40);
	assert_int_equal(mem.octets, 40);
	assert_int_equal(mem.peak, 100);
	assert_int_equal(mem.blocks, 1);
	assert_null(bgp__mem_resize(&mem, p, 40, 0));
	assert_int_equal(mem.octets, 0);
	assert_int_equal(mem.blocks, 0);
	bgp__mem_put(&mem, NULL, 7);
	assert_null(bgp__mem_get(&mem, 0));
	assert_int_equal(mem.octets, 0);
}

static void *
refuse(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	(void)ctx;
	(void)ptr;
	(void)old_len;
	(void)new_len;
	return NULL;
}

static void
test_refusal_counts_nothing(void **state)
{
	struct bgp_allocator host = { refuse, NULL };
	struct bgp__mem mem;

	(void)state;
	bgp__mem_init(&mem, &host);
	assert_null(bgp__mem_get(&mem, 1));
	assert_int_equal(mem.octets, 0);
	assert_int_equal(mem.peak, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_refusal_counts_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
