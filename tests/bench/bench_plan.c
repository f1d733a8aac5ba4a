/*
 * bench_plan.c - what it costs to plan, to plan again and to verify a cluster.
 *
 *   bench_plan [--compare FILE] [NODES [PEERS]]
 *
 * 5000 nodes in 60 racks and 20 BGPPeers with selectors, unless told otherwise.
 * Times are CPU time of this process; memory is what the planner asked for.
 * The last part reads YAML of four times as many nodes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgp/plan.h"
#include "bench.h"
#include "examples/cluster.h"

enum { RACKS = 60, REFLECTORS = 6, NODES_MAX = 20000, PEERS_MAX = 1000 };

static unsigned node_count = 5000, peer_count = 20;

/* ----------------------------------------------------------------- measuring
 */

static struct {
	size_t octets, most;
} memory;

static void *
counted_resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	void *fresh;

	(void)ctx;
	if (new_len == 0) {
		free(ptr);
		memory.octets -= old_len;
		return NULL;
	}
	fresh = realloc(ptr, new_len);
	if (fresh == NULL)
		return NULL;
	memory.octets += new_len - old_len;
	if (memory.octets > memory.most)
		memory.most = memory.octets;
	return fresh;
}

/* "what   12.34 ms, more" */
static void
report(const char *what, double ns, const char *more)
{
	char unit[96];

	snprintf(unit, sizeof unit, "ms, %s", more);
	bench_figure(what, ns / 1e6, unit);
}

/* -------------------------------------------------------------- the cluster */

/* How the nodes are joined. */
enum shape {
	BY_RACK,  /* all to the reflectors, each rack by its own BGPPeers */
	PER_RACK, /* two reflectors a rack, which mesh with each other */
	MESH,
	MESH_OF_AS, /* every node with an AS of its own */
	TO_ROUTERS  /* every node to a router beyond the cluster */
};

static struct bgp_plan_node nodes[NODES_MAX];
static struct bgp_plan_peer peers[PEERS_MAX];
static struct bgp_plan_config config;
static struct bgp_label labels[NODES_MAX][2];
static char texts[NODES_MAX][4][40], selectors[PEERS_MAX][2][96];
static char peer_names[PEERS_MAX][16];

static bool
is_reflector(enum shape shape, unsigned i)
{
	return shape == BY_RACK ? i < REFLECTORS
	    : shape == PER_RACK ? i < 2 * RACKS
				: false;
}

static void
make_node(enum shape shape, unsigned i)
{
	struct bgp_plan_node *n = &nodes[i];

	sprintf(texts[i][0], "node-%05u", i);
	sprintf(texts[i][1], "10.1.%u.%u/16", i / 256, i % 256);
	sprintf(texts[i][2], "fd00::%x:%x/64", i / 256, i % 256);
	sprintf(texts[i][3], "r%u", i % RACKS);
	*n = (struct bgp_plan_node)BGP_PLAN_NODE_INIT;
	n->name = texts[i][0];
	n->ipv4 = texts[i][1];
	n->ipv6 = texts[i][2];
	labels[i][0] = (struct bgp_label){ "rack", texts[i][3] };
	labels[i][1] = (struct bgp_label){ "rr", "" };
	n->labels = labels[i];
	n->label_count = is_reflector(shape, i) ? 2 : 1;
	n->cluster_id = is_reflector(shape, i) ? "1.1.1.1" : NULL;
	if (shape == PER_RACK && is_reflector(shape, i)) {
		static char ids[2 * RACKS][16];

		sprintf(ids[i], "1.1.1.%u", 1 + i % RACKS);
		n->cluster_id = ids[i];
	}
	if (shape == MESH_OF_AS || shape == TO_ROUTERS)
		n->as_number = 4200000000u + i;
}

/* Each BGPPeer speaks of some racks, every rack is spoken of. */
static void
make_peer(enum shape shape, unsigned i)
{
	struct bgp_plan_peer *p = &peers[i];

	sprintf(peer_names[i], "p%u", i);
	*p = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
	p->name = peer_names[i];
	p->node_selector = selectors[i][0];
	p->peer_selector = selectors[i][1];
	sprintf(selectors[i][0], "has(rr) || rack in {'r%u', 'r%u', 'r%u'}", i,
		i + 20, i + 40);
	strcpy(selectors[i][1], "has(rr)");
	if (shape == PER_RACK && i < RACKS) {
		sprintf(selectors[i][0], "rack == 'r%u' && !has(rr)", i);
		sprintf(selectors[i][1], "rack == 'r%u' && has(rr)", i);
	} else if (shape == PER_RACK) {
		strcpy(selectors[i][0], "has(rr)");
	} else if (shape == TO_ROUTERS) {
		sprintf(selectors[i][0], "rack == 'r%u'", i);
		p->peer_selector = NULL;
		p->peer_ip = "192.0.2.1";
		p->as_number = 65000;
	}
}

static struct bgp_plan *
make_plan(enum shape shape, unsigned count)
{
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;
	struct bgp_plan *plan;

	input.allocator.resize = counted_resize;
	input.nodes = nodes;
	input.node_count = count;
	input.peers = peers;
	input.peer_count = shape == PER_RACK ? RACKS + 1
	    : shape == TO_ROUTERS            ? RACKS
	    : shape == BY_RACK               ? peer_count
					     : 0;
	input.configs = &config;
	input.config_count = 1;
	config = (struct bgp_plan_config)BGP_PLAN_CONFIG_INIT;
	config.name = "default";
	config.mesh_off = shape != MESH && shape != MESH_OF_AS;
	for (unsigned i = 0; i < count; i++)
		make_node(shape, i);
	for (unsigned i = 0; i < input.peer_count; i++)
		make_peer(shape, i);
	if (bgp_plan_new(&plan, &input, NULL) != BGP_OK)
		bench_fail("bgp_plan_new");
	return plan;
}

/* ------------------------------------------------------------------- planning
 */

static size_t
plan_node(struct bgp_plan *plan, unsigned i, bgp_family family)
{
	struct bgp_plan_sessions *sessions;
	size_t count = 0;

	if (bgp_plan_sessions_new(plan, nodes[i].name, family, &sessions) !=
	    BGP_OK)
		bench_fail("bgp_plan_sessions_new");
	while (bgp_plan_sessions_at(sessions, count) != NULL)
		count++;
	bgp_plan_sessions_del(sessions);
	return count;
}

static void
bench_all(enum shape shape, const char *what)
{
	double from = bench_cpu_ns();
	struct bgp_plan *plan = make_plan(shape, node_count);
	char more[64];
	size_t count = 0;

	for (unsigned i = 0; i < node_count; i++)
		count += plan_node(plan, i, BGP_IPV4_UNICAST) +
		    plan_node(plan, i, BGP_IPV6_UNICAST);
	snprintf(more, sizeof more, "%zu sides of sessions", count);
	report(what, bench_cpu_ns() - from, more);
	bgp_plan_del(plan);
}

/* A label comes and goes; the node is planned again each time. */
static void
bench_update(void)
{
	enum { TIMES = 200 };
	struct bgp_plan *plan = make_plan(BY_RACK, node_count);
	unsigned last = node_count - 1;
	double from = bench_cpu_ns();

	for (int i = 0; i < TIMES; i++) {
		nodes[last].label_count = (size_t)(i % 2);
		if (bgp_plan_update(plan, &nodes[last], NULL) != BGP_OK)
			bench_fail("bgp_plan_update");
		(void)plan_node(plan, last, BGP_IPV4_UNICAST);
	}
	bench_figure("planned again, one label changed",
		     (bench_cpu_ns() - from) / TIMES / 1e3, "us");
	bgp_plan_del(plan);
}

static void
bench_memory(unsigned count)
{
	struct bgp_plan *plan = make_plan(BY_RACK, count);
	size_t held = memory.octets;
	char what[64], more[64];

	memory.most = memory.octets;
	for (unsigned i = 0; i < count; i++)
		(void)plan_node(plan, i, BGP_IPV4_UNICAST);
	snprintf(what, sizeof what, "memory of %u nodes", count);
	snprintf(more, sizeof more, "KiB, %.1f octets a node, %.1f KiB at most",
		 (double)held / count, (double)memory.most / 1024);
	bench_figure(what, (double)held / 1024, more);
	bgp_plan_del(plan);
}

/* ------------------------------------------------------------------ verifying
 */

static void
bench_audit(enum shape shape, const char *what)
{
	struct bgp_plan *plan = make_plan(shape, node_count);
	struct bgp_audit_summary sum;
	struct bgp_audit *audit;
	double from = bench_cpu_ns();
	char more[96];
	int err = bgp_audit_new(plan, BGP_IPV4_UNICAST, &audit);

	if (err != BGP_OK)
		bench_fail(bgp_err_text(err));
	bgp_audit_summary(audit, &sum);
	snprintf(more, sizeof more, "%llu sessions, %llu of %llu pairs",
		 (unsigned long long)sum.sessions,
		 (unsigned long long)sum.reached,
		 (unsigned long long)sum.pairs);
	report(what, bench_cpu_ns() - from, more);
	bgp_audit_del(audit);
	bgp_plan_del(plan);
}

/* -------------------------------------------------------------------- reading
 */

static void
bench_yaml(void)
{
	unsigned count = 4 * node_count;
	size_t room = (size_t)count * 640, len = 0;
	struct cluster cluster = { .warn = NULL };
	char *text = malloc(room), more[64];
	double from;

	if (text == NULL)
		bench_fail("malloc");
	for (unsigned i = 0; i < count; i++) {
		len += (size_t)sprintf(
		    text + len,
		    "apiVersion: projectcalico.org/v3\nkind: Node\nmetadata:\n"
		    "  name: node-%05u\n  labels:\n",
		    i);
		for (int k = 0; k < 9; k++)
			len += (size_t)sprintf(
			    text + len,
			    "    example.org/label-%d: a-value-of-some-len\n",
			    k);
		len += (size_t)sprintf(text + len,
				       "spec:\n  bgp:\n"
				       "    ipv4Address: 10.%u.%u.%u/8\n---\n",
				       i / 65536, i / 256 % 256, i % 256);
	}
	from = bench_cpu_ns();
	if (!cluster_read_text(&cluster, "text", text, len))
		bench_fail(cluster.error);
	snprintf(more, sizeof more, "%.1f MB, %zu nodes", (double)len / 1e6,
		 cluster.node_count);
	report("YAML read", bench_cpu_ns() - from, more);
	cluster_clear(&cluster);
	free(text);
}

int
main(int argc, char **argv)
{
	argc = bench_begin(argc, argv);
	if (argc > 1)
		node_count = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		peer_count = (unsigned)strtoul(argv[2], NULL, 10);
	if (node_count < 2 * RACKS || node_count > NODES_MAX ||
	    peer_count > PEERS_MAX) {
		fprintf(stderr,
			"usage: bench_plan [--compare FILE] [NODES "
			"[PEERS]]: %d to %d nodes, up to %d BGPPeers\n",
			2 * RACKS, NODES_MAX, PEERS_MAX);
		return 2;
	}
	printf("%u nodes, %u BGPPeers, both families\n", node_count,
	       peer_count);
	bench_all(BY_RACK, "planned, reflectors");
	bench_all(PER_RACK, "planned, two reflectors a rack");
	bench_all(MESH, "planned, mesh");
	bench_update();
	bench_memory(node_count / 4);
	bench_memory(node_count / 2);
	bench_memory(node_count);
	bench_audit(BY_RACK, "verified, reflectors");
	bench_audit(PER_RACK, "verified, two reflectors a rack");
	bench_audit(MESH, "verified, mesh");
	bench_audit(MESH_OF_AS, "verified, mesh, an AS each");
	bench_audit(TO_ROUTERS, "verified, routers outside");
	bench_yaml();
	return 0;
}
