/*
 * test_index.c - every record is found by its hash, whatever came and went.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "check.h"

#include "libbgp/base/hash.h"
#include "libbgp/base/index.h"

enum { RECORDS = 6000 };

/* Few different hashes, so that many records share one. */
static uint64_t
few_hashes(const void *ctx, uint32_t record)
{
	(void)ctx;
	record %= 97;
	return bgp__hash(5, (const uint8_t *)&record, sizeof record);
}

static uint64_t
many_hashes(const void *ctx, uint32_t record)
{
	(void)ctx;
	return bgp__hash(5, (const uint8_t *)&record, sizeof record);
}

static const void *
at(const void *ctx, uint32_t record)
{
	(void)record;
	return ctx;
}

static const struct bgp__index_hooks few = { few_hashes, at };
static const struct bgp__index_hooks many = { many_hashes, at };

static bool
has(const struct bgp__index *ix, uint32_t record)
{
	struct bgp__index_iter it = bgp__index_first(
	    ix, ix->hooks->hash(NULL, record));

	while (it.record != 0 && it.record != record)
		bgp__index_again(ix, &it);
	return it.record == record;
}

static void
come_and_go(const struct bgp__index_hooks *hooks)
{
	static bool there[RECORDS];
	struct bgp__mem mem;
	struct bgp__index ix;
	uint32_t seed = 3, record;

	bgp__mem_init(&mem, NULL);
	bgp__index_init(&ix, &mem, hooks, NULL);
	for (unsigned step = 0; step < 100000; step++) {
		seed = seed * 1664525 + 1013904223;
		record = 1 + (seed >> 8) % (RECORDS - 1);
		assert_int_equal(has(&ix, record), there[record]);
		if (there[record])
			bgp__index_remove(&ix, hooks->hash(NULL, record),
					  record);
		else
			assert_int_equal(
			    bgp__index_add(&ix, hooks->hash(NULL, record),
					   record),
			    BGP_OK);
		there[record] = !there[record];
	}
	for (record = 1; record < RECORDS; record++) {
		assert_int_equal(has(&ix, record), there[record]);
		bgp__index_remove(&ix, hooks->hash(NULL, record), record);
		there[record] = false;
		assert_false(has(&ix, record));
	}
	bgp__index_fini(&ix);
	assert_int_equal(mem.octets, 0);
}

static void
test_many_hashes(void **state)
{
	(void)state;
	come_and_go(&many);
}

static void
test_few_hashes(void **state)
{
	(void)state;
	come_and_go(&few);
}

static void *
refuse(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	(void)old_len;
	if (new_len == 0) {
		free(ptr);
		return NULL;
	}
	return *(bool *)ctx ? NULL : realloc(ptr, new_len);
}

static void
test_refusal_keeps_what_is_there(void **state)
{
	bool refusing = false;
	struct bgp_allocator host = { refuse, &refusing };
	struct bgp__mem mem;
	struct bgp__index ix;
	uint32_t added = 0, refused = 0;

	(void)state;
	bgp__mem_init(&mem, &host);
	bgp__index_init(&ix, &mem, &many, NULL);
	for (uint32_t i = 1; i <= RECORDS; i++) {
		refusing = i % 2 == 0;
		if (bgp__index_add(&ix, many_hashes(NULL, i), i) == BGP_OK) {
			added++;
			assert_true(has(&ix, i));
		} else {
			refused++;
			assert_false(has(&ix, i));
		}
	}
	assert_true(added > RECORDS / 2 && refused > 0);
	bgp__index_fini(&ix);
	assert_int_equal(mem.octets, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_hashes),
		cmocka_unit_test(test_few_hashes),
		cmocka_unit_test(test_refusal_keeps_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
