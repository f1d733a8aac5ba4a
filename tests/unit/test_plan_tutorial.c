/*
 * test_plan_tutorial.c - the tutorial as users paste it: five nodes, the mesh,
 * three labelled reflectors, the mesh off; and the mistakes made on the way,
 * each found and named.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#include "examples/cluster.h"

static struct cluster cluster;
static struct bgp_plan *plan;

static void
clear(void)
{
	bgp_plan_del(plan);
	plan = NULL;
	cluster_clear(&cluster);
}

static int
clear_after(void **state)
{
	(void)state;
	clear();
	return 0;
}

static void
read_file(const char *name)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", PLAN_DATA, name);
	if (!cluster_read(&cluster, path))
		fail_msg("%s", cluster.error);
}

static void
read_text(const char *text)
{
	if (!cluster_read_text(&cluster, "text", text, strlen(text)))
		fail_msg("%s", cluster.error);
}

static void
make_plan(void)
{
	if (!cluster_plan(&cluster, &plan))
		fail_msg("%s", cluster.error);
}

/* All of one type; answers how many. */
static size_t
count_sessions(const char *node, const char *type, size_t *clients)
{
	struct bgp_plan_sessions *sessions;
	const struct bgp_planned *s;
	size_t count = 0;

	*clients = 0;
	assert_int_equal(
	    bgp_plan_sessions_new(plan, node, BGP_IPV4_UNICAST, &sessions),
	    BGP_OK);
	for (; (s = bgp_plan_sessions_at(sessions, count)) != NULL; count++) {
		assert_string_equal(s->type_text, type);
		*clients += s->client;
	}
	bgp_plan_sessions_del(sessions);
	return count;
}

/* Every line that is said, and the sums. */
static struct bgp_audit_summary
audit(const char *const *lines)
{
	struct bgp_audit_summary sum;
	const struct bgp_finding *finding;
	struct bgp_audit *a;
	size_t i = 0;
	char text[256];

	assert_int_equal(bgp_audit_new(plan, BGP_IPV4_UNICAST, &a), BGP_OK);
	for (; (finding = bgp_audit_at(a, i)) != NULL; i++) {
		bgp_finding_text(finding, text, sizeof text);
		if (lines[i] == NULL)
			fail_msg("unexpected: %s", text);
		assert_string_equal(text, lines[i]);
	}
	if (lines[i] != NULL)
		fail_msg("missing: %s", lines[i]);
	bgp_audit_summary(a, &sum);
	assert_int_equal(sum.findings, i);
	bgp_audit_del(a);
	return sum;
}

static const char *const content[] = { NULL };

/* ------------------------------------------------------------- the tutorial */

static void
test_mesh(void **state)
{
	struct bgp_audit_summary sum;
	size_t clients;

	(void)state;
	read_file("nodes.yaml");
	make_plan();
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(count_sessions(bgp_plan_node_at(plan, i),
						"node-to-node mesh", &clients),
				 4);
	sum = audit(content);
	assert_int_equal(sum.sessions, 5 * 4 / 2);
	assert_int_equal(sum.reached, 20);
	assert_int_equal(sum.redundant, 20);
	clear();
}

static void
test_reflectors(void **state)
{
	struct bgp_audit_summary sum;
	size_t clients;

	(void)state;
	read_file("nodes-labelled.yaml");
	read_file("reflectors.yaml");
	read_file("mesh-off.yaml");
	make_plan();
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(count_sessions(bgp_plan_node_at(plan, i),
						"node specific", &clients),
				 4);
		assert_int_equal(clients, 2);
	}
	for (size_t i = 3; i < 5; i++) {
		assert_int_equal(count_sessions(bgp_plan_node_at(plan, i),
						"node specific", &clients),
				 3);
		assert_int_equal(clients, 0);
	}
	sum = audit(content);
	assert_int_equal(sum.sessions, (5 - 3) * 3 + 3 * 2 / 2);
	assert_int_equal(sum.reached, 20);
	/* Content, whichever reflector is lost. */
	assert_int_equal(sum.redundant, 20);
	clear();
}

/* Before the mesh is off: reflectors are out of it already. */
static void
test_between(void **state)
{
	struct bgp_audit_summary sum;

	(void)state;
	read_file("nodes-labelled.yaml");
	read_file("reflectors.yaml");
	make_plan();
	sum = audit(content);
	assert_int_equal(sum.sessions, 9 + 1);
	assert_int_equal(sum.reached, 20);
	clear();
}

/* ------------------------------------------------------------- the mistakes */

#define NODE(name, ip, more)                 \
	"kind: Node\nmetadata: {name: " name \
	"}\nspec: {bgp: {ipv4Address: " ip more "}}\n---\n"
#define LABELLED(name, ip, label, more)                                     \
	"kind: Node\nmetadata: {name: " name ", labels: {" label ": ''}}\n" \
	"spec: {bgp: {ipv4Address: " ip more "}}\n---\n"
#define RR(id) ", routeReflectorClusterID: " id
#define PEER(name, spec) \
	"kind: BGPPeer\nmetadata: {name: " name "}\nspec: {" spec "}\n---\n"
#define MESH_OFF                                              \
	"kind: BGPConfiguration\nmetadata: {name: default}\n" \
	"spec: {nodeToNodeMeshEnabled: false}\n---\n"

static void
mistake(const char *text, const char *const *lines, uint64_t reached)
{
	struct bgp_audit_summary sum;

	read_text(text);
	make_plan();
	sum = audit(lines);
	assert_int_equal(sum.reached, reached);
	clear();
}

static void
test_mesh_off_too_early(void **state)
{
	static const char *const lines[] = {
		"a has no session: the mesh is off and no BGPPeer speaks of it",
		"b has no session: the mesh is off and no BGPPeer speaks of it",
		"a's routes do not reach b: no chain of sessions joins them "
		"(2 pairs of nodes)",
		NULL
	};

	(void)state;
	mistake(NODE("a", "10.0.0.1", "") NODE("b", "10.0.0.2", "") MESH_OFF,
		lines, 0);
}

static void
test_reflector_of_nobody(void **state)
{
	static const char *const lines[] = {
		"a has no session: a reflector is not in the mesh, and no "
		"BGPPeer speaks of it",
		"b's routes do not reach a: no chain of sessions joins them "
		"(2 pairs of nodes)",
		"a's routes do not reach b: no chain of sessions joins them "
		"(2 pairs of nodes)",
		NULL
	};

	(void)state;
	mistake(NODE("a", "10.0.0.1", RR("1.1.1.1")) NODE("b", "10.0.0.2", "")
		    NODE("c", "10.0.0.3", ""),
		lines, 2);
}

static void
test_reflector_without_client(void **state)
{
	static const char *const lines[] = {
		"a is a reflector that nobody is a client of",
		"b is a reflector that nobody is a client of", NULL
	};

	(void)state;
	mistake(NODE("a", "10.0.0.1", RR("1.1.1.1"))
		    NODE("b", "10.0.0.2", RR("1.1.1.1")) MESH_OFF PEER(
			"p", "nodeSelector: all(), peerSelector: all()"),
		lines, 2);
}

/* c hangs on a, d on b; both drop what bears their own cluster id. */
static void
test_split_client(void **state)
{
	static const char *const lines[] = {
		"a and b have the same cluster id but not the same clients: "
		"no client is shared",
		"d's routes do not reach a: its cluster id is in the "
		"CLUSTER_LIST",
		"d's routes do not reach c: its cluster id is in the "
		"CLUSTER_LIST",
		"c's routes do not reach b: its cluster id is in the "
		"CLUSTER_LIST",
		"c's routes do not reach d: its cluster id is in the "
		"CLUSTER_LIST",
		"a is a single point of failure (1 pair of nodes)",
		"b is a single point of failure (1 pair of nodes)",
		NULL
	};

	(void)state;
	mistake(
	    LABELLED("a", "10.0.0.1", "rr", RR("1.1.1.1")) LABELLED(
		"b", "10.0.0.2", "rr", RR("1.1.1.1")) NODE("c", "10.0.0.3", "")
		NODE("d", "10.0.0.4", "") MESH_OFF PEER(
		    "p", "node: a, peerIP: 10.0.0.3, asNumber: 64512")
		    PEER("q", "node: b, peerIP: 10.0.0.4, asNumber: 64512")
			PEER("r",
			     "nodeSelector: has(rr), peerSelector: has(rr)"),
	    lines, 8);
}

static void
test_one_sided(void **state)
{
	static const char *const lines[] = {
		"a expects a session with b, which does not expect it",
		"a has no session: both sides agree on none that it expects",
		"b has no session: the mesh is off and no BGPPeer speaks of "
		"it",
		"a's routes do not reach b: no chain of sessions joins them "
		"(2 pairs of nodes)",
		NULL
	};

	(void)state;
	mistake(NODE("a", "10.0.0.1", "") NODE("b", "10.0.0.2", "")
		    MESH_OFF PEER("p",
				  "node: a, peerIP: 10.0.0.2, asNumber: 64512, "
				  "reversePeering: Manual"),
		lines, 0);
}

static void
test_disagreement(void **state)
{
	static const char *const lines[] = {
		"a and b expect a session but disagree: AS numbers differ",
		"a has no session: both sides agree on none that it expects",
		"b has no session: both sides agree on none that it expects",
		"a's routes do not reach b: no chain of sessions joins them "
		"(2 pairs of nodes)",
		NULL
	};

	(void)state;
	mistake(
	    NODE("a", "10.0.0.1", "") NODE("b", "10.0.0.2", "")
		MESH_OFF PEER("p", "node: a, peerIP: 10.0.0.2, asNumber: 65001")
		    PEER("q", "node: b, peerIP: 10.0.0.1, asNumber: 64512"),
	    lines, 0);
}

static void
test_passwords(void **state)
{
	static const char *const lines[] = {
		"a and b expect a session but disagree: passwords differ",
		"a has no session: both sides agree on none that it expects",
		"b has no session: both sides agree on none that it expects",
		"a's routes do not reach b: no chain of sessions joins them "
		"(2 pairs of nodes)",
		NULL
	};

	(void)state;
	mistake(NODE("a", "10.0.0.1", "") NODE("b", "10.0.0.2", "")
		    MESH_OFF PEER(
			"p",
			"node: a, peerIP: 10.0.0.2, asNumber: 64512, password: "
			"{secretKeyRef: {name: n, key: k}}")
			PEER("q", "node: b, peerIP: 10.0.0.1, asNumber: 64512"),
		lines, 0);
}

static void
test_wrong_port(void **state)
{
	static const char *const lines[] = {
		"a and b expect a session but disagree: nobody dials the "
		"port the other listens on",
		"a has no session: both sides agree on none that it expects",
		"b has no session: both sides agree on none that it expects",
		"a's routes do not reach b: no chain of sessions joins them "
		"(2 pairs of nodes)",
		NULL
	};

	(void)state;
	mistake(
	    NODE("a", "10.0.0.1", "") NODE(
		"b", "10.0.0.2",
		"") "kind: BGPConfiguration\nmetadata: {name: default}\n"
		    "spec: {nodeToNodeMeshEnabled: no, listenPort: "
		    "1790}\n---\n" PEER(
			"p", "node: a, peerIP: '10.0.0.2:179', asNumber: 64512")
			PEER(
			    "q",
			    "node: b, peerIP: '10.0.0.1:179', asNumber: 64512"),
	    lines, 0);
}

static void
test_duplicate(void **state)
{
	static const char *const lines[] = {
		"a and b have two sessions with each other: of the mesh and "
		"of a BGPPeer",
		NULL
	};

	(void)state;
	mistake(NODE("a", "10.0.0.1", "") NODE("b", "10.0.0.2", "")
		    PEER("p", "node: a, peerIP: 10.0.0.2, asNumber: 64512"),
		lines, 2);
}

static void
test_shared_address(void **state)
{
	static const char *const lines[] = { "a and b have the same address",
					     NULL };

	(void)state;
	mistake(NODE("a", "10.0.0.1", "") NODE("b", "10.0.0.1", "")
		    NODE("c", "10.0.0.3", ""),
		lines, 6);
}

/* One reflector: all is reached, until it is lost. */
static void
test_single_point(void **state)
{
	static const char *const lines[] = {
		"a is a single point of failure (2 pairs of nodes)", NULL
	};

	(void)state;
	mistake(LABELLED("a", "10.0.0.1", "rr",
			 RR("1.1.1.1")) NODE("b", "10.0.0.2", "")
		    NODE("c", "10.0.0.3", "") MESH_OFF PEER(
			"p", "nodeSelector: '!has(rr)', peerSelector: has(rr)"),
		lines, 6);
}

/* No reflector in the middle: what a non-client says goes no further. */
static void
test_chain(void **state)
{
	static const char *const lines[] = {
		"a's routes do not reach c: a route from a non-client is not "
		"passed to a non-client (2 pairs of nodes)",
		NULL
	};

	(void)state;
	mistake(
	    NODE("a", "10.0.0.1", "") NODE("b", "10.0.0.2", "")
		NODE("c", "10.0.0.3", "") MESH_OFF PEER(
		    "p",
		    "nodeSelector: all(), peerIP: 10.0.0.2, asNumber: 64512"),
	    lines, 4);
}

/* Nodes below routers: who is reached beyond them is not for us to say. */
static void
test_outside(void **state)
{
	static const char *const lines[] = {
		"a's routes reach b by peers outside the cluster or not at "
		"all: no chain of sessions joins them (2 pairs of nodes)",
		NULL
	};

	(void)state;
	mistake(NODE("a", "10.0.0.1", "") NODE("b", "10.0.0.2", "")
		    MESH_OFF PEER("tor", "peerIP: 10.0.0.254, asNumber: 65100"),
		lines, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_mesh, clear_after),
		cmocka_unit_test_teardown(test_reflectors, clear_after),
		cmocka_unit_test_teardown(test_between, clear_after),
		cmocka_unit_test_teardown(test_mesh_off_too_early, clear_after),
		cmocka_unit_test_teardown(test_reflector_of_nobody,
					  clear_after),
		cmocka_unit_test_teardown(test_reflector_without_client,
					  clear_after),
		cmocka_unit_test_teardown(test_split_client, clear_after),
		cmocka_unit_test_teardown(test_one_sided, clear_after),
		cmocka_unit_test_teardown(test_disagreement, clear_after),
		cmocka_unit_test_teardown(test_passwords, clear_after),
		cmocka_unit_test_teardown(test_wrong_port, clear_after),
		cmocka_unit_test_teardown(test_duplicate, clear_after),
		cmocka_unit_test_teardown(test_shared_address, clear_after),
		cmocka_unit_test_teardown(test_single_point, clear_after),
		cmocka_unit_test_teardown(test_chain, clear_after),
		cmocka_unit_test_teardown(test_outside, clear_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
