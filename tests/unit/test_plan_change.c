/*
 * test_plan_change.c - from one plan to the next, make before break: the steps
 * of small changes one by one, a node that lives through random ones, and a
 * whole cluster that goes from mesh to reflectors.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "chance.h"
#include "plan_wire.h"

/* ---------------------------------------------------------- steps one by one
 */

/* Sessions of "a" before and after; b is at 10.0.0.2, c at .3. */
struct scene {
	struct bgp_plan_node nodes[3];
	struct bgp_plan_peer peers[2];
	struct bgp_plan_config config;
	size_t peer_count;
};

static struct scene
scene(void)
{
	static const char *const names[] = { "a", "b", "c" };
	static const char *const ips[] = { "10.0.0.1", "10.0.0.2", "10.0.0.3" };
	struct scene s = { .config = BGP_PLAN_CONFIG_INIT };

	for (int i = 0; i < 3; i++) {
		s.nodes[i] = (struct bgp_plan_node)BGP_PLAN_NODE_INIT;
		s.nodes[i].name = names[i];
		s.nodes[i].ipv4 = ips[i];
	}
	for (int i = 0; i < 2; i++) {
		s.peers[i] = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
		s.peers[i].name = i == 0 ? "p" : "q";
		s.peers[i].node = "a";
		s.peers[i].peer_ip = i == 0 ? "10.0.0.2" : "10.0.0.3";
		s.peers[i].as_number = 64512;
	}
	s.config.name = "default";
	s.config.mesh_off = true;
	s.peer_count = 1;
	return s;
}

static struct bgp_plan *
plan_of(const struct scene *s, struct bgp_plan_sessions **sessions)
{
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;
	struct bgp_plan *plan;

	input.nodes = s->nodes;
	input.node_count = 3;
	input.peers = s->peers;
	input.peer_count = s->peer_count;
	input.configs = &s->config;
	input.config_count = 1;
	assert_int_equal(bgp_plan_new(&plan, &input, NULL), BGP_OK);
	assert_int_equal(
	    bgp_plan_sessions_new(plan, "a", BGP_IPV4_UNICAST, sessions),
	    BGP_OK);
	return plan;
}

static void
write_step(char *out, const struct bgp_plan_step *step)
{
	static const char *const kinds[] = { "add", "modify", "wait",
					     "remove" };
	static const char *const impacts[] = { "", " refresh", " restart" };

	sprintf(out + strlen(out), "%s%s%s", out[0] != '\0' ? ", " : "",
		kinds[step->kind], impacts[step->impact]);
	if (step->from != NULL)
		sprintf(out + strlen(out), " %s", step->from->name);
	if (step->to != NULL)
		sprintf(out + strlen(out), "%s %s",
			step->from != NULL ? " ->" : "", step->to->name);
}

static void
expect_steps(const struct scene *before, const struct scene *after,
	     const char *want)
{
	struct bgp_plan_cursor cursor = { 0, 0, 0 };
	struct bgp_plan_sessions *from, *to;
	struct bgp_plan *old = plan_of(before, &from);
	struct bgp_plan *new = plan_of(after, &to);
	struct bgp_plan_step step;
	char got[1024] = "";

	while (bgp_plan_change(from, to, &cursor, &step))
		write_step(got, &step);
	assert_string_equal(got, want);
	assert_false(bgp_plan_change(from, to, &cursor, &step));
	bgp_plan_sessions_del(from);
	bgp_plan_sessions_del(to);
	bgp_plan_del(old);
	bgp_plan_del(new);
}

/* What changes of the session with b, and what it does to it. */
static void
test_impacts(void **state)
{
	static const char *const filter[] = { "f" }, *const other[] = { "g" };
	struct scene a = scene(), b;

	(void)state;
	expect_steps(&a, &a, "");
#define CHANGED(change, steps)               \
	do {                                 \
		b = a;                       \
		change;                      \
		expect_steps(&a, &b, steps); \
	} while (0)
#define RESTARTS                                          \
	"modify restart Node_10_0_0_2 -> Node_10_0_0_2, " \
	"wait Node_10_0_0_2"
#define REFRESHES "modify refresh Node_10_0_0_2 -> Node_10_0_0_2"
#define TOUCHES   "modify Node_10_0_0_2 -> Node_10_0_0_2"
	CHANGED(b.peers[0].as_number = 65001, RESTARTS);
	CHANGED(b.nodes[0].as_number = 65001, RESTARTS);
	CHANGED(b.peers[0].no_source = true, RESTARTS);
	CHANGED(b.peers[0].ttl_security_hops = 1, RESTARTS);
	CHANGED(b.peers[0].restart_ms = 1000, RESTARTS);
	CHANGED(b.peers[0].keepalive_ms = 1000, RESTARTS);
	CHANGED(b.peers[0].password = "x", RESTARTS);
	CHANGED(b.peers[0].next_hop = BGP_NEXT_HOP_SELF, REFRESHES);
	CHANGED(b.peers[0].allowed_local_as = 1, REFRESHES);
	CHANGED(b.peers[0].filters = filter;
		b.peers[0].filter_count = 1, REFRESHES);
	CHANGED(b.nodes[0].cluster_id = "1.1.1.1", REFRESHES);
	CHANGED(b.peers[0].reachable_by = "10.0.0.254", TOUCHES);
	CHANGED(b.peers[0].name = "other", TOUCHES);
	CHANGED(b.peers[0].password = "", "");
	a.peers[0].password = "x";
	a.peers[0].filters = filter;
	a.peers[0].filter_count = 1;
	a.nodes[0].cluster_id = "1.1.1.1";
	CHANGED(b.peers[0].password = "y", RESTARTS);
	CHANGED(b.peers[0].filters = other, REFRESHES);
	CHANGED(b.nodes[0].cluster_id = "2.2.2.2", REFRESHES);
	/* A client that is one no more. */
	CHANGED(b.nodes[0].cluster_id = NULL, REFRESHES);
}

/* Another port is the same session; another address is not. */
static void
test_places(void **state)
{
	struct scene a = scene(), b = scene();

	(void)state;
	b.peers[0].peer_ip = "10.0.0.2:1790";
	expect_steps(&a, &b, "modify Node_10_0_0_2 -> Node_10_0_0_2_port_1790");
	b = a;
	b.peers[0].peer_ip = "10.0.0.2:179";
	expect_steps(&a, &b, "modify Node_10_0_0_2 -> Node_10_0_0_2_port_179");
	b.peers[0].peer_ip = "10.0.0.9";
	expect_steps(&a, &b,
		     "add Node_10_0_0_9, wait Node_10_0_0_9, "
		     "remove Node_10_0_0_2");
	/* The mesh's becomes the BGPPeer's, and what has none goes last. */
	a.peer_count = 0;
	a.config.mesh_off = false;
	b = scene();
	expect_steps(&a, &b,
		     "modify Mesh_10_0_0_2 -> Node_10_0_0_2, "
		     "remove Mesh_10_0_0_3");
	/* Both at once; then the mesh goes and the other stays. */
	b.config.mesh_off = false;
	expect_steps(&a, &b, "add Node_10_0_0_2, wait Node_10_0_0_2");
	a = b;
	b.config.mesh_off = true;
	expect_steps(&a, &b, "remove Mesh_10_0_0_2, remove Mesh_10_0_0_3");
	/* Two with one address, of which one moves to another port. */
	a = b = scene();
	a.peer_count = b.peer_count = 2;
	a.peers[1].peer_ip = "10.0.0.2:1790";
	b.peers[1].peer_ip = "10.0.0.2:1791";
	expect_steps(
	    &a, &b,
	    "add Node_10_0_0_2_port_1791, "
	    "wait Node_10_0_0_2_port_1791, remove Node_10_0_0_2_port_1790");
}

/* All at once: what can only help, then what restarts, then what takes away. */
static void
test_order(void **state)
{
	struct scene a = scene(), b;

	(void)state;
	a.peer_count = 2;
	a.nodes[0].cluster_id = "1.1.1.1";
	b = a;
	b.peers[0].as_number = 65001; /* restarts, is a client no more */
	b.peers[1].peer_ip = "10.0.0.4";
	expect_steps(&a, &b,
		     "add Node_10_0_0_4, wait Node_10_0_0_4, "
		     "modify restart Node_10_0_0_2 -> Node_10_0_0_2, "
		     "wait Node_10_0_0_2, remove Node_10_0_0_3");
}

static void
test_from_and_to_nothing(void **state)
{
	struct bgp_plan_cursor cursor = { 0, 0, 0 };
	struct scene a = scene();
	struct bgp_plan_sessions *s;
	struct bgp_plan *plan = plan_of(&a, &s);
	struct bgp_plan_step step;
	char got[256] = "";

	(void)state;
	while (bgp_plan_change(NULL, s, &cursor, &step))
		write_step(got, &step);
	cursor = (struct bgp_plan_cursor){ 0, 0, 0 };
	while (bgp_plan_change(s, NULL, &cursor, &step))
		write_step(got, &step);
	assert_string_equal(got,
			    "add Node_10_0_0_2, wait Node_10_0_0_2, "
			    "remove Node_10_0_0_2");
	cursor = (struct bgp_plan_cursor){ 0, 0, 0 };
	assert_false(bgp_plan_change(NULL, NULL, &cursor, &step));
	bgp_plan_sessions_del(s);
	bgp_plan_del(plan);
}

/* ------------------------------------------------------------ a node's life */

/* A session as the node lives it. */
struct life {
	bool there, up, stale;
	const struct bgp_planned *as; /* how it is configured now */
};

/* Sessions of both plans by address and port. */
struct node_life {
	struct life lives[64];
	size_t count;
};

/* The session that is configured so now. */
static struct life *
life_of(struct node_life *n, const struct bgp_planned *as)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->lives[i].there && n->lives[i].as == as)
			return &n->lives[i];
	fail_msg("no session is %s", as->name);
	return NULL;
}

static void
be_born(struct node_life *n, const struct bgp_planned *as, bool up)
{
	assert_true(n->count < 64);
	n->lives[n->count++] = (struct life){ true, up, false, as };
}

/* Anything that waits may come up, in any order. */
static void
events(struct node_life *n)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->lives[i].there && chance(3) == 0) {
			n->lives[i].up = true;
			n->lives[i].stale = false;
		}
}

/* Is a route heard over any session to this address there? */
static bool
carries(const struct node_life *n, uint64_t mask)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->lives[i].there &&
		    (n->lives[i].up || n->lives[i].stale) &&
		    mask >> (n->lives[i].as->peer.octets[3] % 64) & 1)
			return true;
	return false;
}

/* Bits of the peers of a plan. */
static uint64_t
peers_of(const struct bgp_plan_sessions *sessions)
{
	const struct bgp_planned *s;
	uint64_t mask = 0;

	for (size_t i = 0; (s = bgp_plan_sessions_at(sessions, i)) != NULL; i++)
		mask |= UINT64_C(1) << (s->peer.octets[3] % 64);
	return mask;
}

static void
live_step(struct node_life *n, const struct bgp_plan_step *step)
{
	struct life *life;

	switch (step->kind) {
	case BGP_CHANGE_ADD:
		be_born(n, step->to, false);
		break;
	case BGP_CHANGE_MODIFY:
		life = life_of(n, step->from);
		life->as = step->to;
		if (step->impact == BGP_IMPACT_RESTART) {
			life->stale = life->up || life->stale;
			life->up = false;
		}
		break;
	case BGP_CHANGE_WAIT:
		life = life_of(n, step->to);
		life->up = true;
		life->stale = false;
		break;
	case BGP_CHANGE_REMOVE:
		life_of(n, step->from)->there = false;
		break;
	}
}

/* routes: sets of peers that tell each route; both plans carry it when each
 * has one of them. */
static void
live_through(const struct bgp_plan_sessions *from,
	     const struct bgp_plan_sessions *to)
{
	struct bgp_plan_cursor cursor = { 0, 0, 0 };
	struct node_life n = { .count = 0 };
	struct bgp_plan_step step;
	const struct bgp_planned *s, *old;
	uint64_t routes[16], before = peers_of(from), after = peers_of(to);
	size_t route_count = 0, final = 0;

	for (size_t i = 0; (s = bgp_plan_sessions_at(from, i)) != NULL; i++)
		be_born(&n, s, true);
	while (route_count < 16)
		routes[route_count++] = (uint64_t)chance(1u << 20) << 5;
	while (bgp_plan_change(from, to, &cursor, &step)) {
		live_step(&n, &step);
		if (chance(2))
			events(&n);
		for (size_t i = 0; i < route_count; i++)
			if ((routes[i] & before) != 0 &&
			    (routes[i] & after) != 0)
				assert_true(carries(&n, routes[i]));
	}
	for (size_t i = 0; i < n.count; i++)
		final += n.lives[i].there;
	for (size_t i = 0; (s = bgp_plan_sessions_at(to, i)) != NULL; i++) {
		for (size_t k = 0; k < n.count; k++) {
			old = n.lives[k].as;
			if (!n.lives[k].there || !n.lives[k].up ||
			    strcmp(old->name, s->name) != 0 ||
			    old->peer_as != s->peer_as ||
			    old->passive != s->passive ||
			    old->client != s->client)
				continue;
			n.lives[k].there = false;
			final--;
			break;
		}
	}
	assert_int_equal(final, 0);
}

static void
test_change(void **state)
{
	static struct cluster a, b;

	(void)state;
	cluster_seed(19);
	chance_state = 19;
	for (int round = 0; round < 3000; round++) {
		struct bgp_plan *old, *new;

		cluster_random(&a, true);
		old = cluster_plan(&a);
		cluster_random(&b, chance(2) == 0);
		new = cluster_plan(&b);
		for (size_t i = 0; i < 2; i++) {
			struct bgp_plan_sessions *from, *to;

			bgp_plan_sessions_new(old, i == 0 ? "n0" : "n1",
					      BGP_IPV4_UNICAST, &from);
			bgp_plan_sessions_new(new, i == 0 ? "n0" : "n1",
					      BGP_IPV4_UNICAST, &to);
			live_through(from, to);
			bgp_plan_sessions_del(from);
			bgp_plan_sessions_del(to);
		}
		bgp_plan_del(old);
		bgp_plan_del(new);
	}
}

/* --------------------------------------------------------- a cluster's life */

/* Every node follows its own steps at its own pace; a session is up some time
 * after both sides have it, and down as soon as one has not. */
struct member {
	struct bgp_plan_sessions *from, *to;
	struct bgp_plan_cursor cursor;
	const struct bgp_planned *has[NODES]; /* as it is configured now */
	const struct bgp_planned *waits; /* for this one, NULL: it goes on */
	bool done;
};

static struct cluster life;
static struct member members[NODES];
static bool up[NODES][NODES];

/* n nodes, the first r of them reflectors from stage 1 on; 2: the mesh is off.
 */
static struct bgp_plan *
stage(int number, uint32_t n, uint32_t r)
{
	static const struct bgp_label label = { "rr", "" };
	static char names[NODES][8], ips[NODES][16];

	memset(&life, 0, sizeof life);
	life.input = (struct bgp_plan_input)BGP_PLAN_INPUT_INIT;
	life.input.nodes = life.nodes;
	life.input.node_count = n;
	life.input.peers = life.peers;
	life.input.peer_count = number > 0 ? 2 : 0;
	life.input.configs = life.configs;
	life.input.config_count = 1;
	for (uint32_t i = 0; i < n; i++) {
		sprintf(names[i], "n%u", i);
		sprintf(ips[i], "10.0.0.%u", 7 + i);
		life.nodes[i] = (struct bgp_plan_node)BGP_PLAN_NODE_INIT;
		life.nodes[i].name = names[i];
		life.nodes[i].ipv4 = ips[i];
		if (number == 0 || i >= r)
			continue;
		life.nodes[i].cluster_id = "1.0.0.1";
		life.nodes[i].labels = &label;
		life.nodes[i].label_count = 1;
	}
	for (int i = 0; i < 2; i++) {
		life.peers[i] = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
		life.peers[i].name = i == 0 ? "peer-to-rrs" : "rr-mesh";
		life.peers[i].node_selector = i == 0 ? "!has(rr)" : "has(rr)";
		life.peers[i].peer_selector = "has(rr)";
	}
	life.configs[0] = (struct bgp_plan_config)BGP_PLAN_CONFIG_INIT;
	life.configs[0].name = "default";
	life.configs[0].mesh_off = number == 2;
	return cluster_plan(&life);
}

static void
configure(size_t at, const struct bgp_planned *s, bool has)
{
	int far = cluster_node(&life, s->peer_node);

	assert_true(far >= 0);
	members[at].has[far] = has ? s : NULL;
	if (!has)
		up[at][far] = up[far][at] = false;
}

static void
take_step(size_t at)
{
	struct member *m = &members[at];
	struct bgp_plan_step step;

	if (m->waits != NULL &&
	    !up[at][cluster_node(&life, m->waits->peer_node)])
		return;
	m->waits = NULL;
	if (!bgp_plan_change(m->from, m->to, &m->cursor, &step)) {
		m->done = true;
		return;
	}
	if (step.kind == BGP_CHANGE_WAIT)
		m->waits = step.to;
	else if (step.kind == BGP_CHANGE_REMOVE)
		configure(at, step.from, false);
	else
		configure(at, step.to, true);
	assert_true(step.impact != BGP_IMPACT_RESTART);
}

static void
come_up(uint32_t n)
{
	uint32_t a = chance(n), b = chance(n);

	if (a != b && members[a].has[b] != NULL && members[b].has[a] != NULL)
		up[a][b] = up[b][a] = true;
}

/* Does everybody hear everybody now? */
static bool
all_reached(uint32_t n)
{
	bool all = true;

	memset(wire_links, 0, sizeof wire_links);
	for (uint32_t a = 0; a < n; a++)
		for (uint32_t b = 0; b < n; b++)
			if (up[a][b])
				wire_links[a][b] = wire_link_of(
				    members[a].has[b]);
	for (uint32_t origin = 0; origin < n && all; origin++) {
		wire_propagate(&life, (int)origin, -1);
		for (uint32_t at = 0; at < n; at++)
			all = all && (at == origin || wire_reached((int)at));
	}
	return all;
}

static void
begin(struct bgp_plan *old, struct bgp_plan *new, uint32_t n)
{
	const struct bgp_planned *s;

	memset(members, 0, sizeof members);
	memset(up, 0, sizeof up);
	for (uint32_t i = 0; i < n; i++) {
		struct member *m = &members[i];

		assert_int_equal(bgp_plan_sessions_new(old, life.nodes[i].name,
						       BGP_IPV4_UNICAST,
						       &m->from),
				 BGP_OK);
		assert_int_equal(bgp_plan_sessions_new(new, life.nodes[i].name,
						       BGP_IPV4_UNICAST,
						       &m->to),
				 BGP_OK);
		for (size_t k = 0;
		     (s = bgp_plan_sessions_at(m->from, k)) != NULL; k++) {
			configure(i, s, true);
			up[i][cluster_node(&life, s->peer_node)] = true;
		}
	}
}

/* Answers whether every route was there at every moment. */
static bool
migrate(int from, int to, uint32_t n, uint32_t r)
{
	struct bgp_plan *old = stage(from, n, r), *new = stage(to, n, r);
	uint32_t busy = n;
	bool kept;

	begin(old, new, n);
	kept = all_reached(n);
	assert_true(kept);
	for (int tries = 0; busy > 0; tries++) {
		assert_true(tries < 100000);
		if (chance(2))
			come_up(n);
		else
			take_step(chance(n));
		kept = kept && all_reached(n);
		busy = 0;
		for (uint32_t i = 0; i < n; i++)
			busy += !members[i].done;
	}
	assert_true(all_reached(n));
	for (uint32_t i = 0; i < n; i++) {
		bgp_plan_sessions_del(members[i].from);
		bgp_plan_sessions_del(members[i].to);
	}
	bgp_plan_del(old);
	bgp_plan_del(new);
	return kept;
}

/* Label and add BGPPeers, wait for all, then the mesh off: nothing is lost.
 * All in one go: the wait of a node is no wait for its reflectors' others. */
static void
test_mesh_to_reflectors(void **state)
{
	int lost = 0;

	(void)state;
	chance_state = 23;
	for (int round = 0; round < 40; round++) {
		uint32_t r = 1 + chance(3), n = r + 1 + chance(3);

		assert_true(migrate(0, 1, n, r));
		assert_true(migrate(1, 2, n, r));
		assert_true(migrate(2, 1, n, r));
		assert_true(migrate(1, 0, n, r));
		lost += !migrate(0, 2, n + 1, r);
	}
	assert_true(lost > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_impacts),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_from_and_to_nothing),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_mesh_to_reflectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
