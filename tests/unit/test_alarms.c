/*
 * test_alarms.c - the first alarm is the first of all, whatever was set, moved
 * and removed.
 */
#include <stdbool.h>

#include "chance.h"
#include "check.h"

#include "libbgp/speaker/inside.h"

enum { LINKS = 300, STEPS = 30000 };

static struct bgp__link links[LINKS];
static bool filed[LINKS];

static uint64_t
first_of_all(void)
{
	uint64_t first = UINT64_MAX;

	for (unsigned i = 0; i < LINKS; i++)
		if (filed[i] && links[i].alarm_ms < first)
			first = links[i].alarm_ms;
	return first;
}

static void
test_first_is_first(void **state)
{
	struct bgp__alarms alarms = { .heap = NULL };
	struct bgp__mem mem;
	uint32_t count = 0;

	(void)state;
	bgp__mem_init(&mem, NULL);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned i = chance(LINKS), what = chance(10);

		if (!filed[i]) {
			assert_int_equal(
			    bgp__alarms_add(&alarms, &mem, &links[i]), BGP_OK);
			assert_true(links[i].alarm_ms == UINT64_MAX);
			filed[i] = true;
			count++;
		} else if (what < 3) {
			bgp__alarms_remove(&alarms, &links[i]);
			filed[i] = false;
			count--;
		} else {
			bgp__alarms_set(&alarms, &links[i], chance(500));
		}
		assert_int_equal(alarms.count, count);
		if (count > 0)
			assert_true(alarms.heap[0]->alarm_ms == first_of_all());
	}
	bgp__alarms_fini(&alarms, &mem);
	assert_int_equal(mem.octets, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_is_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
