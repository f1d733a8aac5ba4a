/*
 * test_guard.c - what a guard refuses, and when what waits is carried out.
 */
#include <string.h>

#include "check.h"

#include "libbgp/base/guard.h"

struct thing {
	struct bgp__later later; /* first: run knows its thing by it */
	struct bgp__guard *guard;
	char name;
	struct thing *then; /* what it asks for when it runs */
};

static char order[16];

static void
run(struct bgp__later *later)
{
	struct thing *thing = (struct thing *)later;

	assert_false(later->waits);
	assert_int_equal(thing->guard->calls, 1);
	assert_false(bgp__guard_middle(thing->guard));
	order[strlen(order)] = thing->name;
	if (thing->then != NULL)
		bgp__guard_later(thing->guard, &thing->then->later);
	thing->then = NULL;
}

static struct thing
thing(struct bgp__guard *guard, char name)
{
	return (struct thing){ { NULL, run, false }, guard, name, NULL };
}

static void
test_refuses_in_callbacks(void **state)
{
	struct bgp__guard guard = { 0 };

	(void)state;
	assert_false(bgp__guard_refuses(&guard));
	bgp__guard_begin(&guard);
	assert_false(bgp__guard_refuses(&guard));
	bgp__guard_callback_begin(&guard);
	assert_true(bgp__guard_refuses(&guard));
	assert_true(bgp__guard_middle(&guard));
	bgp__guard_callback_end(&guard);
	assert_false(bgp__guard_refuses(&guard));
	bgp__guard_end(&guard);
	assert_int_equal(guard.calls, 0);
}

/* A policy within a callback that was raised at rest: in the middle again. */
static void
test_middle_within_raised(void **state)
{
	struct bgp__guard guard = { 0 };

	(void)state;
	bgp__guard_raise_begin(&guard);
	assert_true(bgp__guard_refuses(&guard));
	assert_false(bgp__guard_middle(&guard));
	bgp__guard_callback_begin(&guard);
	assert_true(bgp__guard_middle(&guard));
	bgp__guard_callback_end(&guard);
	assert_false(bgp__guard_middle(&guard));
	bgp__guard_raise_end(&guard);
	assert_false(bgp__guard_refuses(&guard));
}

static void
test_later_at_the_outermost_end(void **state)
{
	struct bgp__guard guard = { 0 };
	struct thing a = thing(&guard, 'a'), b = thing(&guard, 'b'),
		     c = thing(&guard, 'c');

	(void)state;
	memset(order, 0, sizeof order);
	a.then = &c;
	bgp__guard_begin(&guard);
	bgp__guard_begin(&guard);
	bgp__guard_later(&guard, &a.later);
	bgp__guard_later(&guard, &b.later);
	bgp__guard_later(&guard, &a.later);
	bgp__guard_end(&guard);
	assert_string_equal(order, "");
	bgp__guard_end(&guard);
	assert_string_equal(order, "abc");
	assert_null(guard.first);
}

static void
test_forget(void **state)
{
	struct bgp__guard guard = { 0 };
	struct thing t[4];

	(void)state;
	for (unsigned gone = 0; gone < 4; gone++) {
		memset(order, 0, sizeof order);
		bgp__guard_begin(&guard);
		for (unsigned i = 0; i < 3; i++) {
			t[i] = thing(&guard, (char)('a' + i));
			bgp__guard_later(&guard, &t[i].later);
		}
		t[3] = thing(&guard, 'd');
		bgp__guard_forget(&guard, &t[gone].later);
		bgp__guard_later(&guard, &t[3].later);
		bgp__guard_end(&guard);
		assert_int_equal(strlen(order), gone < 3 ? 3 : 4);
		assert_null(strchr(order, "abc."[gone]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refuses_in_callbacks),
		cmocka_unit_test(test_middle_within_raised),
		cmocka_unit_test(test_later_at_the_outermost_end),
		cmocka_unit_test(test_forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
