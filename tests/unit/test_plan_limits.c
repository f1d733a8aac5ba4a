/*
 * test_plan_limits.c - the audit at its bounds, which are made small here.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"

#include "bgp/plan.h"

#undef BGP_AUDIT_EDGES_MAX
#undef BGP_AUDIT_FINDINGS_MAX
#undef BGP_AUDIT_STEPS_MAX
#define BGP_AUDIT_EDGES_MAX    40u
#define BGP_AUDIT_FINDINGS_MAX 3
#define BGP_AUDIT_STEPS_MAX    1000

/* In the place of the library's. */
#include "libbgp/plan/audit.c"
#include "libbgp/plan/gather.c"
#include "libbgp/plan/group.c"
#include "libbgp/plan/spread.c"

enum { NODES = 20 };

static struct bgp_audit_summary sum;
static size_t listed;

/* count nodes; all to all by a BGPPeer, or in pairs beside a mesh with an AS
 * each, or alone. */
enum scene { ALL_TO_ALL, PAIRS, NOBODY };

static int
audit_of(enum scene scene, size_t count)
{
	static char names[NODES][8], ips[NODES][16], far[NODES][16];
	struct bgp_plan_node nodes[NODES];
	struct bgp_plan_peer peers[NODES];
	struct bgp_plan_config config = BGP_PLAN_CONFIG_INIT;
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;
	struct bgp_audit *audit;
	struct bgp_plan *plan;
	int err;

	for (size_t i = 0; i < count; i++) {
		sprintf(names[i], "n%zu", i);
		sprintf(ips[i], "10.0.0.%zu", i + 1);
		sprintf(far[i], "10.0.0.%zu", (i ^ 1) + 1);
		nodes[i] = (struct bgp_plan_node)BGP_PLAN_NODE_INIT;
		nodes[i].name = names[i];
		nodes[i].ipv4 = ips[i];
		nodes[i].as_number = scene == PAIRS ? 65001 + (uint32_t)i : 0;
		peers[i] = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
		peers[i].name = names[i];
		peers[i].node = names[i];
		peers[i].peer_ip = far[i];
		peers[i].as_number = 65001 + (uint32_t)(i ^ 1);
	}
	if (scene == ALL_TO_ALL) {
		peers[0] = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
		peers[0].name = "p";
		peers[0].peer_selector = "all()";
	}
	config.name = "default";
	config.mesh_off = scene != PAIRS;
	input.nodes = nodes;
	input.node_count = count;
	input.peers = peers;
	input.peer_count = scene == PAIRS ? count : scene == ALL_TO_ALL;
	input.configs = &config;
	input.config_count = 1;
	assert_int_equal(bgp_plan_new(&plan, &input, NULL), BGP_OK);
	err = bgp_audit_new(plan, BGP_IPV4_UNICAST, &audit);
	if (err == BGP_OK) {
		bgp_audit_summary(audit, &sum);
		for (listed = 0; bgp_audit_at(audit, listed) != NULL;)
			listed++;
	} else {
		assert_null(audit);
	}
	bgp_audit_del(audit);
	bgp_plan_del(plan);
	return err;
}

static void
test_edges(void **state)
{
	(void)state;
	assert_int_equal(audit_of(ALL_TO_ALL, 6), BGP_OK);
	assert_int_equal(sum.sessions, 15);
	assert_int_equal(sum.reached, 30);
	assert_int_equal(audit_of(ALL_TO_ALL, 7), BGP_ERR_LIMIT);
}

/* 20 edges, and 380 ways of the mesh. */
static void
test_ways(void **state)
{
	(void)state;
	assert_int_equal(audit_of(PAIRS, 20), BGP_ERR_LIMIT);
}

static void
test_steps(void **state)
{
	(void)state;
	assert_int_equal(audit_of(PAIRS, 4), BGP_OK);
	assert_int_equal(sum.redundant, 12);
	assert_int_equal(audit_of(PAIRS, 12), BGP_ERR_LIMIT);
}

/* Ten are alone, and none hears another: three are listed, all are counted. */
static void
test_findings(void **state)
{
	(void)state;
	assert_int_equal(audit_of(NOBODY, 10), BGP_OK);
	assert_int_equal(listed, 3);
	assert_int_equal(sum.findings, 11);
	assert_int_equal(sum.reached, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
