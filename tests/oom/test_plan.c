/*
 * test_plan.c - the i-th allocation of the planner fails, for every i.
 *
 * Plan, update, sessions, audit: each succeeds or says NOMEM, nothing leaks,
 * and what was held answers as before.
 */
#include <stdio.h>
#include <string.h>

#include "../unit/check.h"
#include "../unit/chance.h"
#include "../unit/plan_cluster.h"

static struct cluster c;
static const bgp_family families[] = { BGP_IPV4_UNICAST, BGP_IPV6_UNICAST };

/* What the plan answers of every node, or an error. */
static int
ask_all(struct bgp_plan *plan, uint64_t *sum)
{
	struct bgp_plan_sessions *sessions;
	const struct bgp_planned *s;
	int err = BGP_OK;

	for (size_t i = 0; i < 2 * c.input.node_count && err == BGP_OK; i++) {
		err = bgp_plan_sessions_new(plan, c.nodes[i / 2].name,
					    families[i % 2], &sessions);
		if (err != BGP_OK)
			break;
		for (size_t k = 0;
		     (s = bgp_plan_sessions_at(sessions, k)) != NULL; k++)
			*sum = *sum * 31 + (uint64_t)s->name[7] + s->peer_as +
			    s->local_as + s->passive + s->cluster_id +
			    strlen(s->name);
		bgp_plan_sessions_del(sessions);
	}
	return err;
}

static int
audit_all(struct bgp_plan *plan, uint64_t *sum)
{
	struct bgp_audit_summary s;
	struct bgp_audit *audit;
	int err = BGP_OK;

	for (int f = 0; f < 2 && err == BGP_OK; f++) {
		err = bgp_audit_new(plan, families[f], &audit);
		if (err != BGP_OK)
			break;
		bgp_audit_summary(audit, &s);
		*sum = *sum * 31 + s.reached * 7 + s.redundant + s.findings;
		bgp_audit_del(audit);
	}
	return err;
}

/* Plans and asks; with memory again the answers are whole. */
static bool
plan_and_ask(size_t granted)
{
	struct stingy memory = { granted, 0, false };
	struct bgp_plan_input input = c.input;
	uint64_t first = 0, again = 0;
	struct bgp_plan *plan;
	int err;

	input.allocator = (struct bgp_allocator){ stingy_resize, &memory };
	err = bgp_plan_new(&plan, &input, NULL);
	if (err == BGP_OK) {
		err = ask_all(plan, &first);
		if (err == BGP_OK)
			err = audit_all(plan, &first);
		memory.left = SIZE_MAX;
		assert_int_equal(ask_all(plan, &again), BGP_OK);
		assert_int_equal(audit_all(plan, &again), BGP_OK);
		assert_true(err != BGP_OK || first == again);
	} else {
		assert_null(plan);
	}
	bgp_plan_del(plan);
	/* A selector's block that is not made smaller is no loss. */
	assert_true(err == BGP_OK || (err == BGP_ERR_NOMEM && memory.refused));
	assert_int_equal(memory.octets, 0);
	return !memory.refused;
}

static void
test_everything(void **state)
{
	(void)state;
	cluster_seed(17);
	for (int round = 0; round < 20; round++) {
		cluster_random(&c, false);
		for (size_t i = 0; !plan_and_ask(i); i++)
			;
	}
}

/* A node becomes another, or all is as it was. */
static bool
update(size_t granted, const struct bgp_plan_node *fresh)
{
	struct stingy memory = { SIZE_MAX, 0, false };
	struct bgp_plan_input input = c.input;
	uint64_t before = 0, after = 0;
	struct bgp_plan *plan;
	int err;

	input.allocator = (struct bgp_allocator){ stingy_resize, &memory };
	assert_int_equal(bgp_plan_new(&plan, &input, NULL), BGP_OK);
	assert_int_equal(ask_all(plan, &before), BGP_OK);
	memory.left = granted;
	err = bgp_plan_update(plan, fresh, NULL);
	memory.left = SIZE_MAX;
	assert_int_equal(err, memory.refused ? BGP_ERR_NOMEM : BGP_OK);
	assert_int_equal(ask_all(plan, &after), BGP_OK);
	if (err != BGP_OK)
		assert_true(before == after);
	bgp_plan_del(plan);
	assert_int_equal(memory.octets, 0);
	return !memory.refused;
}

static void
test_update(void **state)
{
	(void)state;
	cluster_seed(18);
	for (int round = 0; round < 200; round++) {
		struct bgp_plan_node fresh, old;

		cluster_random(&c, false);
		old = c.nodes[0];
		cluster_random_node(&c, 0, false);
		fresh = c.nodes[0];
		c.nodes[0] = old;
		for (size_t i = 0; !update(i, &fresh); i++)
			;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_update),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
