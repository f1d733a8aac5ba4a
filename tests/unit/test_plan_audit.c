/*
 * test_plan_audit.c - the audit against routes passed from node to node, and
 * each of its findings against a plain look at the sessions, on random small
 * clusters of one AS, of few and of many.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "chance.h"
#include "plan_wire.h"

static struct cluster c;
static struct wire_sides sides;
static struct bgp_audit *audit;

/* ------------------------------------------------------- what must be found */

struct reach {
	uint64_t reached, redundant, pairs;
	bool between[NODES][NODES];
	uint64_t cut[NODES]; /* pairs that are lost without it */
};

static struct reach
wire_reach(void)
{
	struct reach r;
	int n = (int)c.input.node_count;

	memset(&r, 0, sizeof r);
	for (int origin = 0; origin < n; origin++) {
		bool safe[NODES];

		wire_propagate(&c, origin, -1);
		for (int at = 0; at < n; at++) {
			r.between[origin][at] = wire_reached(at);
			safe[at] = wire_reached(at);
			r.pairs += at != origin;
			r.reached += at != origin && safe[at];
		}
		for (int missing = 0; missing < n; missing++) {
			if (missing == origin)
				continue;
			wire_propagate(&c, origin, missing);
			for (int at = 0; at < n; at++) {
				if (at == missing || at == origin ||
				    wire_reached(at))
					continue;
				r.cut[missing] += r.between[origin][at];
				safe[at] = false;
			}
		}
		for (int at = 0; at < n; at++)
			r.redundant += at != origin && safe[at];
	}
	return r;
}

static bool
meshed(size_t a, size_t b)
{
	return sides.by_mesh[a][b].there && sides.by_mesh[b][a].there;
}

static bool
usable(size_t a, size_t b)
{
	return wire_fits(&sides.by_peer[a][b], &sides.by_peer[b][a]);
}

static bool
is_reflector(size_t a)
{
	return c.nodes[a].cluster_id != NULL;
}

/* Sessions of a node: with peers that agree, in the mesh, with others. */
static bool
has_session(size_t a)
{
	bool any = sides.outside[a] > 0;

	for (size_t b = 0; b < c.input.node_count; b++)
		any = any || usable(a, b) || meshed(a, b);
	return any;
}

static bool
is_client(size_t reflector, size_t client)
{
	return usable(reflector, client) &&
	    sides.by_peer[reflector][client].client;
}

static bool
has_client(size_t a)
{
	for (size_t b = 0; b < c.input.node_count; b++)
		if (is_client(a, b))
			return true;
	return false;
}

/* Equal cluster ids, clients, and not the same. */
static bool
is_split(size_t a, size_t b)
{
	if (!is_reflector(a) || !is_reflector(b) || !has_client(a) ||
	    !has_client(b) ||
	    strcmp(c.nodes[a].cluster_id, c.nodes[b].cluster_id) != 0)
		return false;
	for (size_t i = 0; i < c.input.node_count; i++)
		if (i != a && i != b && is_client(a, i) != is_client(b, i))
			return true;
	return false;
}

/* How often each kind of finding must be there; pairs of UNREACHED and its
 * like, 1 or 0 of SPLIT_CLIENT. */
static void
count_kinds(const struct reach *r, uint64_t *kinds)
{
	size_t n = c.input.node_count;

	memset(kinds, 0, (BGP_FINDING_SINGLE_POINT + 1) * sizeof *kinds);
	for (size_t a = 0; a < n; a++) {
		if (!has_session(a))
			kinds[BGP_FINDING_ALONE]++;
		else if (is_reflector(a) && !has_client(a))
			kinds[BGP_FINDING_NO_CLIENT]++;
		kinds[BGP_FINDING_SINGLE_POINT] += r->cut[a] > 0;
		for (size_t b = 0; b < n; b++) {
			const struct wire_link *there = &sides.by_peer[a][b];
			const struct wire_link *back = &sides.by_peer[b][a];

			kinds[BGP_FINDING_ONE_SIDED] += there->there &&
			    !back->there;
			if (a < b && is_split(a, b))
				kinds[BGP_FINDING_SPLIT_CLIENT] = 1;
			if (a != b && !r->between[a][b])
				kinds[sides.outside[a] > 0 &&
					      sides.outside[b] > 0
					  ? BGP_FINDING_OUTSIDE
					  : BGP_FINDING_UNREACHED]++;
			if (a >= b || !there->there || !back->there)
				continue;
			kinds[BGP_FINDING_DUPLICATE] += meshed(a, b);
			if (!usable(a, b))
				kinds[there->passive && back->passive
					  ? BGP_FINDING_BOTH_PASSIVE
					  : BGP_FINDING_DISAGREE]++;
		}
	}
}

/* ------------------------------------------------------------ what is found */

/* Is it true of the very nodes that it names? */
static void
check_finding(const struct bgp_finding *f, const struct reach *r, int round)
{
	int a = cluster_node(&c, f->node), b = cluster_node(&c, f->peer);

	if (f->kind == BGP_FINDING_SPLIT_CLIENT &&
	    !is_split((size_t)a, (size_t)b))
		fail_msg("round %d: %s and %s are not split", round, f->node,
			 f->peer);
	if ((f->kind == BGP_FINDING_UNREACHED ||
	     f->kind == BGP_FINDING_OUTSIDE) &&
	    r->between[a][b])
		fail_msg("round %d: %s reaches %s", round, f->node, f->peer);
	if (f->kind == BGP_FINDING_SINGLE_POINT)
		assert_int_equal(f->pairs, r->cut[a]);
	if (f->kind == BGP_FINDING_ALONE)
		assert_false(has_session((size_t)a));
}

static void
check_findings(const struct reach *r, int round)
{
	enum { KINDS = BGP_FINDING_SINGLE_POINT + 1 };
	uint64_t want[KINDS], got[KINDS] = { 0 };
	const struct bgp_finding *f;

	count_kinds(r, want);
	for (size_t i = 0; (f = bgp_audit_at(audit, i)) != NULL; i++) {
		check_finding(f, r, round);
		got[f->kind] += f->kind == BGP_FINDING_UNREACHED ||
			f->kind == BGP_FINDING_OUTSIDE
		    ? f->pairs
		    : 1;
	}
	if (got[BGP_FINDING_SPLIT_CLIENT] > 1)
		got[BGP_FINDING_SPLIT_CLIENT] = 1;
	for (int k = 0; k < KINDS; k++)
		if (got[k] != want[k])
			fail_msg("round %d: kind %d: %lu, not %lu", round, k,
				 (unsigned long)got[k], (unsigned long)want[k]);
}

/* ---------------------------------------------------------------- the rounds
 */

enum ases { ONE_AS, FEW_AS, MANY_AS };

static void
spread_as(enum ases ases)
{
	for (uint32_t i = 0; ases != ONE_AS && i < c.input.node_count; i++) {
		if (ases == FEW_AS && chance(3) == 0)
			c.nodes[i].as_number = 64513 + chance(2);
		if (ases == MANY_AS)
			c.nodes[i].as_number = chance(4) == 0 ? 64513
							      : 65001 + i;
	}
}

/* Two that know each other by an AS that may not be their own; without a mesh,
 * for which of two sessions with one neighbour counts is nobody's to say. */
static void
borrow_as(void)
{
	static const char *const names[] = { "n0", "n1" };
	static const char *const ips[] = { "10.0.0.7", "10.0.0.8" };
	uint32_t borrowed = 64512 + chance(3);

	c.configs[0] = (struct bgp_plan_config)BGP_PLAN_CONFIG_INIT;
	c.configs[0].name = "default";
	c.configs[0].mesh_off = true;
	c.input.config_count = 1;
	for (uint32_t i = 0; i < 2; i++) {
		struct bgp_plan_peer *p = &c.peers[i];

		*p = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
		p->name = i == 0 ? "p0" : "p1";
		p->node = names[i];
		p->peer_ip = ips[1 - i];
		p->as_number = i == 0 ? cluster_as(&c, &c.nodes[1]) : borrowed;
		p->local_as_number = i == 0 ? borrowed : 0;
		p->reverse_manual = true;
	}
}

static void
round_of(enum ases ases, int round)
{
	struct bgp_audit_summary sum;
	struct bgp_plan *plan;
	struct reach want;

	cluster_random(&c, true);
	spread_as(ases);
	for (size_t i = 0; i < c.input.peer_count; i++)
		if (chance(8) == 0)
			c.peers[i].reverse_manual = true;
	if (chance(4) == 0 && c.input.peer_count > 1)
		c.input.peer_count = chance(2);
	if (ases != ONE_AS && c.input.peer_count >= 2 && chance(4) == 0)
		borrow_as();
	plan = cluster_plan(&c);
	wire_read(&c, plan, &sides);
	wire_join(&c, &sides);
	want = wire_reach();
	assert_int_equal(bgp_audit_new(plan, BGP_IPV4_UNICAST, &audit), BGP_OK);
	bgp_audit_summary(audit, &sum);
	if (sum.pairs != want.pairs || sum.reached != want.reached ||
	    sum.redundant != want.redundant)
		fail_msg("round %d: %lu/%lu %lu/%lu %lu/%lu", round,
			 (unsigned long)sum.pairs, (unsigned long)want.pairs,
			 (unsigned long)sum.reached,
			 (unsigned long)want.reached,
			 (unsigned long)sum.redundant,
			 (unsigned long)want.redundant);
	check_findings(&want, round);
	bgp_audit_del(audit);
	bgp_plan_del(plan);
}

static void
rounds(enum ases ases, int count)
{
	cluster_seed(11 + (uint64_t)ases);
	chance_state = 11 + (uint64_t)ases;
	for (int round = 0; round < count; round++)
		round_of(ases, round);
}

static void
test_one_as(void **state)
{
	(void)state;
	rounds(ONE_AS, 1500);
}

static void
test_few_as(void **state)
{
	(void)state;
	rounds(FEW_AS, 1000);
}

static void
test_many_as(void **state)
{
	(void)state;
	rounds(MANY_AS, 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_as),
		cmocka_unit_test(test_few_as),
		cmocka_unit_test(test_many_as),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
