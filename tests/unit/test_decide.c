/*
 * test_decide.c - the decision, step by step and as a whole.
 *
 * One base path; per row the one field that makes it lose, and the step that
 * says so.  Then the three paths for which a pairwise scan goes wrong, in all
 * orders.  (Random sets stand in tests/model.)
 */
#include <stdbool.h>
#include <string.h>

#include "check.h"

#include "bgp/rib.h"

static struct bgp_candidate
base(void)
{
	struct bgp_candidate c = {
		.facts = { .local_pref = 100,
			   .med = 10,
			   .as_path_length = 3,
			   .neighbour_as = 64500,
			   .originator_id = 50,
			   .cluster_count = 1,
			   .origin = BGP_ORIGIN_EGP },
		.address = { .len = 4, .octets = { 192, 0, 2, 5 } },
		.router_id = 60,
		.igp_cost = 20,
		.path_id = 5,
	};

	return c;
}

static void
lose_local_pref(struct bgp_candidate *c)
{
	c->facts.local_pref--;
}

static void
lose_as_path(struct bgp_candidate *c)
{
	c->facts.as_path_length++;
}

static void
lose_origin(struct bgp_candidate *c)
{
	c->facts.origin = BGP_ORIGIN_INCOMPLETE;
}

static void
lose_med(struct bgp_candidate *c)
{
	c->facts.med++;
}

static void
lose_igp_cost(struct bgp_candidate *c)
{
	c->igp_cost++;
}

static void
lose_router_id(struct bgp_candidate *c)
{
	c->facts.originator_id++;
}

static void
lose_cluster_list(struct bgp_candidate *c)
{
	c->facts.cluster_count++;
}

static void
lose_address(struct bgp_candidate *c)
{
	c->address.octets[3]++;
}

static void
lose_path_id(struct bgp_candidate *c)
{
	c->path_id++;
}

static const struct {
	enum bgp_step step;
	void (*lose)(struct bgp_candidate *c);
} rows[] = {
	{ BGP_STEP_LOCAL_PREF, lose_local_pref },
	{ BGP_STEP_AS_PATH, lose_as_path },
	{ BGP_STEP_ORIGIN, lose_origin },
	{ BGP_STEP_MED, lose_med },
	{ BGP_STEP_IGP_COST, lose_igp_cost },
	{ BGP_STEP_ROUTER_ID, lose_router_id },
	{ BGP_STEP_CLUSTER_LIST, lose_cluster_list },
	{ BGP_STEP_ADDRESS, lose_address },
	{ BGP_STEP_PATH_ID, lose_path_id },
};

enum { ROWS = sizeof rows / sizeof *rows };

/* Each loser loses by its step, even when it wins all the later ones. */
static void
test_each_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct bgp_candidate c[2] = { base(), base() };
		struct bgp_decision d;
		uint16_t equal[2];

		rows[i].lose(&c[0]);
		for (size_t k = i + 1; k < ROWS; k++)
			rows[k].lose(&c[1]);
		bgp_decide(c, 2, false, equal, &d);
		assert_int_equal(d.best, 1);
		assert_int_equal(d.step, rows[i].step);
		assert_int_equal(d.equal_count,
				 rows[i].step > BGP_STEP_IGP_COST ? 2 : 1);
		assert_int_equal(equal[0], 1);
	}
}

static void
test_local_and_external_first(void **state)
{
	struct bgp_candidate c[2] = { base(), base() };
	struct bgp_decision d;
	uint16_t equal[2];

	(void)state;
	c[1].local = true;
	c[1].facts.as_path_length = 9;
	bgp_decide(c, 2, false, equal, &d);
	assert_int_equal(d.best, 1);
	assert_int_equal(d.step, BGP_STEP_LOCAL);
	c[1] = base();
	c[1].ebgp = true;
	c[1].igp_cost = 99;
	bgp_decide(c, 2, false, equal, &d);
	assert_int_equal(d.best, 1);
	assert_int_equal(d.step, BGP_STEP_EBGP);
}

static void
test_none_and_one(void **state)
{
	struct bgp_candidate c = base();
	struct bgp_decision d;
	uint16_t equal[1];

	(void)state;
	bgp_decide(&c, 0, false, equal, &d);
	assert_int_equal(d.step, BGP_STEP_NONE);
	assert_int_equal(d.best, 0);
	bgp_decide(&c, 1, false, equal, &d);
	assert_int_equal(d.step, BGP_STEP_ONLY);
	assert_int_equal(d.best, 0);
	assert_int_equal(d.equal_count, 1);
}

/* A beats C, C beats B, B beats A: only the whole set tells.  RFC 3345 */
static void
test_med_makes_the_order_partial(void **state)
{
	static const unsigned orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 },
					       { 1, 0, 2 }, { 1, 2, 0 },
					       { 2, 0, 1 }, { 2, 1, 0 } };
	struct bgp_candidate abc[3] = { base(), base(), base() }, c[3];
	struct bgp_decision d;
	uint16_t equal[3];

	(void)state;
	abc[0].facts.neighbour_as = abc[1].facts.neighbour_as = 1;
	abc[2].facts.neighbour_as = 2;
	abc[0].facts.med = 100;
	abc[1].facts.med = 50;
	abc[0].igp_cost = 10;
	abc[1].igp_cost = 30;
	abc[2].igp_cost = 20;
	for (unsigned o = 0; o < 6; o++) {
		for (unsigned i = 0; i < 3; i++)
			c[i] = abc[orders[o][i]];
		bgp_decide(c, 3, false, equal, &d);
		assert_int_equal(orders[o][d.best], 2);
		assert_int_equal(d.step, BGP_STEP_IGP_COST);
	}
	bgp_decide(abc, 3, true, equal, &d);
	assert_int_equal(d.step, BGP_STEP_MED);
}

/* The step is the one that left only the best, not one between two losers. */
static void
test_step_is_of_the_best(void **state)
{
	struct bgp_candidate c[3] = { base(), base(), base() };
	struct bgp_decision d;
	uint16_t equal[3];

	(void)state;
	c[0].address.octets[3] = 9;
	c[2].facts.originator_id = 7;
	bgp_decide(c, 3, false, equal, &d);
	assert_int_equal(d.best, 2);
	assert_int_equal(d.step, BGP_STEP_ROUTER_ID);
	assert_int_equal(d.equal_count, 3);
	assert_int_equal(equal[0], 2);
}

static void
test_texts(void **state)
{
	(void)state;
	assert_string_equal(bgp_step_text(BGP_STEP_MED), "med");
	assert_string_equal(bgp_step_text(BGP_STEP_PATH_ID), "path-id");
	assert_string_equal(bgp_step_text((enum bgp_step)99), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_step),
		cmocka_unit_test(test_local_and_external_first),
		cmocka_unit_test(test_none_and_one),
		cmocka_unit_test(test_med_makes_the_order_partial),
		cmocka_unit_test(test_step_is_of_the_best),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
