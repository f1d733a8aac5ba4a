/*
 * test_slab.c - indices stay with their records, free ones are used again, and
 * the last record gives all memory back.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#include "libbgp/base/slab.h"

struct record {
	uint32_t first;
	uint32_t value;
};

static void
test_records_do_not_move(void **state)
{
	enum { COUNT = 5000 };
	struct bgp__mem mem;
	struct bgp__slab slab;
	struct record *at[COUNT];

	(void)state;
	bgp__mem_init(&mem, NULL);
	bgp__slab_init(&slab, &mem, sizeof(struct record));
	for (uint32_t i = 1; i <= COUNT; i++) {
		assert_int_equal(bgp__slab_get(&slab), i);
		at[i - 1] = bgp__slab_at(&slab, i);
		assert_int_equal(at[i - 1]->value, 0);
		at[i - 1]->value = i;
	}
	for (uint32_t i = 1; i <= COUNT; i++) {
		assert_ptr_equal(bgp__slab_at(&slab, i), at[i - 1]);
		assert_int_equal(at[i - 1]->value, i);
	}
	for (uint32_t i = 1; i <= COUNT; i++)
		bgp__slab_put(&slab, i);
	assert_int_equal(mem.octets, 0);
	assert_int_equal(slab.used, 0);
}

static void
test_free_records_come_first_and_zero(void **state)
{
	struct bgp__mem mem;
	struct bgp__slab slab;
	struct record *record;

	(void)state;
	bgp__mem_init(&mem, NULL);
	bgp__slab_init(&slab, &mem, sizeof(struct record));
	for (int i = 0; i < 3; i++)
		bgp__slab_get(&slab);
	record = bgp__slab_at(&slab, 2);
	record->first = record->value = 7;
	bgp__slab_put(&slab, 2);
	assert_int_equal(record->value, 0);
	bgp__slab_put(&slab, 1);
	assert_int_equal(bgp__slab_get(&slab), 1);
	assert_int_equal(bgp__slab_get(&slab), 2);
	assert_int_equal(record->first, 0);
	assert_int_equal(slab.live, 3);
	bgp__slab_fini(&slab);
	assert_int_equal(mem.octets, 0);
}

static void *
refuse(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	int *left = ctx;

	(void)old_len;
	if (new_len == 0) {
		free(ptr);
		return NULL;
	}
	return (*left)-- > 0 ? realloc(ptr, new_len) : NULL;
}

static void
test_refusal_loses_nothing(void **state)
{
	int left;
	struct bgp_allocator host = { refuse, &left };
	struct bgp__mem mem;
	struct bgp__slab slab;

	(void)state;
	for (int allowed = 0; allowed < 3; allowed++) {
		left = allowed;
		bgp__mem_init(&mem, &host);
		bgp__slab_init(&slab, &mem, sizeof(struct record));
		assert_int_equal(bgp__slab_get(&slab), allowed < 2 ? 0 : 1);
		bgp__slab_fini(&slab);
		assert_int_equal(mem.octets, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_do_not_move),
		cmocka_unit_test(test_free_records_come_first_and_zero),
		cmocka_unit_test(test_refusal_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
