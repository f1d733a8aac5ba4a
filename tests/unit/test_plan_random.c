/*
 * test_plan_random.c - the planner against a second one that is slow and plain,
 * the audit against routes passed from node to node, and changes of plan
 * against nodes that live through them; all on random small clusters.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "chance.h"

#include "bgp/plan.h"

enum { NODES = 8, PEERS = 5, LABELS = 3, ENTRIES = 4096 };

/* ---------------------------------------------------------- random clusters */

struct cluster {
	struct bgp_plan_node nodes[NODES];
	struct bgp_plan_peer peers[PEERS];
	struct bgp_plan_config configs[NODES + 1];
	struct bgp_label labels[NODES][LABELS];
	struct bgp_plan_workload workloads[NODES];
	struct bgp_plan_input input;
};

static char text_pool[1 << 16];
static size_t text_used;

static const char *
format(const char *pattern, uint32_t a, uint32_t b)
{
	char *text = text_pool + text_used;

	text_used += (size_t)sprintf(text, pattern, a, b) + 1;
	assert_true(text_used < sizeof text_pool);
	return text;
}

static const char *const selectors[] = {
	"has(rr)", "!has(rr)", "all()", "zone == 'a'", "zone != 'a'",
	"has(rr) && zone == 'b'", "zone in {'a', 'c'}", "broken ==",
};

static void
random_labels(struct cluster *c, uint32_t i, bool reflector)
{
	static const char *const zones[] = { "a", "b", "c" };
	size_t n = 0;

	if (reflector)
		c->labels[i][n++] = (struct bgp_label){ "rr", "true" };
	if (chance(4) != 0)
		c->labels[i][n++] = (struct bgp_label){ "zone",
			zones[chance(3)] };
	c->nodes[i].labels = c->labels[i];
	c->nodes[i].label_count = n;
}

static void
random_node(struct cluster *c, uint32_t i, bool tame)
{
	struct bgp_plan_node *n = &c->nodes[i];
	bool reflector = chance(3) == 0;

	*n = (struct bgp_plan_node)BGP_PLAN_NODE_INIT;
	n->name = format("n%u", i, 0);
	random_labels(c, i, chance(8) == 0 ? !reflector : reflector);
	if (tame || chance(8) != 0)
		n->ipv4 = format("10.0.0.%u/24", 7 + i, 0);
	if (chance(2) == 0)
		n->ipv6 = format("fd00::%x", 14 + i, 0);
	if (!tame && chance(20) == 0)
		n->ipv4 = "10.0.0.8";
	if (reflector)
		n->cluster_id = format("1.0.0.%u", 1 + chance(2), 0);
	if (!tame && chance(5) == 0)
		n->as_number = 64512 + chance(2);
	if (!tame && chance(5) == 0) {
		c->workloads[i] = (struct bgp_plan_workload){
			format("p%u", chance(PEERS), 0),
			format("172.16.0.%u", 1 + chance(3), 0) };
		n->workloads = &c->workloads[i];
		n->workload_count = 1;
	}
}

static void
random_far(struct bgp_plan_peer *p, bool tame)
{
	uint32_t kind = chance(tame ? 6 : 8);

	if (kind < 5) {
		p->peer_selector = selectors[chance(tame ? 7 : 8)];
		return;
	}
	p->as_number = 64512 + (tame ? 0 : chance(2));
	if (kind == 5)
		p->peer_ip = format("10.0.0.%u", 7 + chance(NODES + 2), 0);
	else if (kind == 6)
		p->peer_ip = format("[fd00::%x]:%u", 14 + chance(NODES),
		    chance(2) ? 179 : 1790);
	else
		p->workload_selector = "all()";
	if (!tame && chance(4) == 0)
		p->local_as_number = 64513;
	if (!tame && chance(4) == 0)
		p->as_number = kind == 7 ? p->as_number : 0;
	p->allowed_local_as = (uint8_t)chance(3);
}

static void
random_peer(struct cluster *c, uint32_t i, bool tame)
{
	struct bgp_plan_peer *p = &c->peers[i];
	uint32_t local = chance(6);

	*p = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
	p->name = format("p%u", i, 0);
	if (local < 4)
		p->node_selector = selectors[chance(8)];
	else if (local == 4)
		p->node = format("n%u", chance(NODES + 1), 0);
	random_far(p, tame);
	if (tame)
		return;
	p->reverse_manual = chance(5) == 0;
	p->no_source = chance(4) == 0;
	p->ttl_security_hops = (uint8_t)(chance(3) == 0 ? 2 : 0);
	if (chance(3) == 0)
		p->next_hop = (enum bgp_next_hop_mode)chance(3);
	else
		p->keep_original_next_hop = chance(2) == 0;
	if (chance(4) == 0)
		p->password = format("secret%u", i, 0);
	if (chance(4) == 0)
		p->restart_ms = 1000 * (int64_t)chance(100) + 499 + chance(3);
	if (chance(4) == 0)
		p->keepalive_ms = chance(100000);
}

static void
random_configs(struct cluster *c, bool tame)
{
	struct bgp_plan_config *d = &c->configs[0];

	*d = (struct bgp_plan_config)BGP_PLAN_CONFIG_INIT;
	d->name = "default";
	d->mesh_off = chance(3) != 0;
	if (!tame && chance(3) == 0)
		d->listen_port = (uint16_t)(chance(2) ? 179 : 1790);
	if (!tame && chance(3) == 0)
		d->as_number = 64513;
	if (!d->mesh_off && chance(2) == 0)
		d->mesh_password = "mesh";
	c->input.config_count = chance(4) != 0;
	for (uint32_t i = 0; !tame && i < NODES; i++) {
		struct bgp_plan_config *own =
		    &c->configs[c->input.config_count];

		if (chance(6) != 0)
			continue;
		*own = (struct bgp_plan_config)BGP_PLAN_CONFIG_INIT;
		own->name = format("node.n%u", i, 0);
		own->listen_port = (uint16_t)(chance(2) ? 179 : 1790);
		c->input.config_count++;
	}
}

/* tame: one AS, one port, an IPv4 address for everybody. */
static void
random_cluster(struct cluster *c, bool tame)
{
	text_used = 0;
	memset(c, 0, sizeof *c);
	c->input = (struct bgp_plan_input)BGP_PLAN_INPUT_INIT;
	c->input.node_count = 2 + chance(NODES - 1);
	c->input.peer_count = chance(PEERS + 1);
	random_configs(c, tame);
	for (uint32_t i = 0; i < c->input.node_count; i++)
		random_node(c, i, tame);
	for (uint32_t i = 0; i < c->input.peer_count; i++)
		random_peer(c, i, tame);
	c->input.nodes = c->nodes;
	c->input.peers = c->peers;
	c->input.configs = c->configs;
}

static struct bgp_plan *
plan_of(const struct cluster *c)
{
	struct bgp_plan_fault fault = { "", "", "", 0, "" };
	struct bgp_plan *plan;
	int err = bgp_plan_new(&plan, &c->input, &fault);

	if (err != BGP_OK)
		fail_msg("%d %s %s %s %s", err, fault.kind, fault.name,
		    fault.field, fault.reason);
	return plan;
}

/* -------------------------------------------------------- the plain planner */

/* Calico's table, one row per key, for the whole cluster at once. */
struct entry {
	const char *local; /* NULL: global */
	char ip[64];
	uint16_t port;
	uint32_t as_number, local_as;
	const char *cluster;
	bool calico_node, workload;
	const struct bgp_plan_peer *peer;
	uint8_t allow;
};

static struct entry table[ENTRIES];
static size_t table_count;

static const struct bgp_plan_config *
config_named(const struct cluster *c, const char *name)
{
	for (size_t i = 0; i < c->input.config_count; i++)
		if (strcmp(c->configs[i].name, name) == 0)
			return &c->configs[i];
	return NULL;
}

static uint32_t
global_as(const struct cluster *c)
{
	const struct bgp_plan_config *d = config_named(c, "default");

	return d != NULL && d->as_number != 0 ? d->as_number : 64512;
}

static uint16_t
global_port(const struct cluster *c)
{
	const struct bgp_plan_config *d = config_named(c, "default");

	return d != NULL ? d->listen_port : 0;
}

static uint16_t
own_port(const struct cluster *c, const struct bgp_plan_node *n)
{
	char name[32];
	const struct bgp_plan_config *own;

	sprintf(name, "node.%s", n->name);
	own = config_named(c, name);
	return own != NULL ? own->listen_port : 0;
}

static uint32_t
as_of(const struct cluster *c, const struct bgp_plan_node *n)
{
	return n->as_number != 0 ? n->as_number : global_as(c);
}

static uint16_t
port_of(const struct cluster *c, const struct bgp_plan_node *n)
{
	return own_port(c, n) != 0 ? own_port(c, n) : global_port(c);
}

/* The address of a node without its length; "" for none. */
static const char *
ip_of(const struct bgp_plan_node *n, int family, char *buf)
{
	const char *text = family == 4 ? n->ipv4 : n->ipv6;

	strcpy(buf, text != NULL ? text : "");
	if (strchr(buf, '/') != NULL)
		*strchr(buf, '/') = '\0';
	return buf;
}

static bool
selects(const char *selector, const struct bgp_plan_node *n)
{
	struct bgp_selector *s;
	bool answer;

	if (bgp_selector_new(&s, selector, NULL, NULL) != BGP_OK)
		return false;
	answer = bgp_selector_match(s, n->labels, n->label_count);
	bgp_selector_del(s);
	return answer;
}

static bool
is_local(const struct bgp_plan_peer *p, const struct bgp_plan_node *n)
{
	if (p->node_selector != NULL)
		return selects(p->node_selector, n);
	return p->node != NULL && strcmp(p->node, n->name) == 0;
}

static void
put_entry(const struct entry *e)
{
	for (size_t i = 0; i < table_count; i++) {
		struct entry *old = &table[i];
		bool same_key = strcmp(old->ip, e->ip) == 0 &&
		    old->port == e->port;

		if (same_key && (old->local == NULL ||
		    (e->local != NULL && strcmp(old->local, e->local) == 0)))
			return;
	}
	assert_true(table_count < ENTRIES);
	table[table_count++] = *e;
}

static void
split(const char *peer_ip, char *ip, uint16_t *port)
{
	const char *end;

	*port = 0;
	if (peer_ip[0] != '[') {
		strcpy(ip, peer_ip);
		return;
	}
	end = strchr(peer_ip, ']');
	memcpy(ip, peer_ip + 1, (size_t)(end - peer_ip - 1));
	ip[end - peer_ip - 1] = '\0';
	*port = (uint16_t)atoi(end + 2);
}

static bool
with_ip(const struct cluster *c, const struct bgp_plan_node *n, const char *ip,
	uint32_t as_number, uint16_t port)
{
	char v4[64], v6[64];

	if (strcmp(ip_of(n, 4, v4), ip) != 0 && strcmp(ip_of(n, 6, v6), ip) != 0)
		return false;
	if (as_of(c, n) != (as_number != 0 ? as_number : global_as(c)))
		return false;
	if (port == 0)
		return true;
	if (own_port(c, n) != 0 && own_port(c, n) != port)
		return false;
	return global_port(c) == 0 || global_port(c) == port;
}

static void
put_node_as_peer(const struct cluster *c, const char *local,
		 const struct bgp_plan_node *far, int family,
		 const struct bgp_plan_peer *p)
{
	struct entry e = { .local = local, .peer = p };

	ip_of(far, family, e.ip);
	e.port = port_of(c, far);
	e.as_number = as_of(c, far);
	e.cluster = far->cluster_id;
	if (e.ip[0] != '\0')
		put_entry(&e);
}

static void
put_ip(const struct cluster *c, const char *local,
       const struct bgp_plan_peer *p)
{
	struct entry e = { .local = local, .peer = p,
		.as_number = p->as_number, .local_as = p->local_as_number,
		.allow = p->allowed_local_as };

	split(p->peer_ip, e.ip, &e.port);
	for (size_t i = 0; i < c->input.node_count && e.port == 0; i++)
		if (with_ip(c, &c->nodes[i], e.ip, p->as_number, 0)) {
			e.port = port_of(c, &c->nodes[i]);
			break;
		}
	for (size_t i = 0; i < c->input.node_count; i++) {
		char v4[64], v6[64];

		if (strcmp(ip_of(&c->nodes[i], 4, v4), e.ip) == 0 ||
		    strcmp(ip_of(&c->nodes[i], 6, v6), e.ip) == 0)
			e.calico_node = true;
	}
	put_entry(&e);
}

static void
put_forward(const struct cluster *c, const struct bgp_plan_node *here,
	    bool global, const struct bgp_plan_peer *p)
{
	const char *local = global ? NULL : here->name;

	if (p->workload_selector != NULL) {
		for (size_t i = 0; i < here->workload_count; i++) {
			struct entry e = { .local = local, .peer = p,
				.as_number = p->as_number,
				.local_as = p->local_as_number,
				.workload = true };

			strcpy(e.ip, here->workloads[i].address);
			if (strcmp(here->workloads[i].peer, p->name) == 0)
				put_entry(&e);
		}
		return;
	}
	if (p->peer_selector == NULL) {
		put_ip(c, local, p);
		return;
	}
	for (size_t i = 0; i < c->input.node_count; i++)
		for (int family = 4; family <= 6; family += 2)
			if (selects(p->peer_selector, &c->nodes[i]))
				put_node_as_peer(c, local, &c->nodes[i], family,
				    p);
}

static bool
is_global(const struct bgp_plan_peer *p)
{
	return p->node == NULL && p->node_selector == NULL;
}

static void
put_back(const struct cluster *c, const struct bgp_plan_node *here,
	 const struct bgp_plan_peer *p)
{
	bool v4 = true, v6 = true;
	uint16_t port;
	char ip[64];

	if (p->reverse_manual || p->workload_selector != NULL)
		return;
	if (p->peer_selector != NULL) {
		if (!selects(p->peer_selector, here))
			return;
	} else {
		split(p->peer_ip, ip, &port);
		v6 = strchr(ip, ':') != NULL;
		v4 = !v6;
		if (!with_ip(c, here, ip, p->as_number, port))
			return;
	}
	for (size_t i = 0; i < c->input.node_count; i++) {
		if (!is_global(p) && !is_local(p, &c->nodes[i]))
			continue;
		if (v4)
			put_node_as_peer(c, here->name, &c->nodes[i], 4, p);
		if (v6)
			put_node_as_peer(c, here->name, &c->nodes[i], 6, p);
	}
}

/* The table as the agent on one node has it. */
static void
fill_table(const struct cluster *c, const struct bgp_plan_node *here)
{
	table_count = 0;
	for (size_t i = 0; i < c->input.peer_count; i++)
		if (is_global(&c->peers[i]))
			put_forward(c, here, true, &c->peers[i]);
	for (size_t i = 0; i < c->input.peer_count; i++)
		if (!is_global(&c->peers[i]) && is_local(&c->peers[i], here))
			put_forward(c, here, false, &c->peers[i]);
	for (size_t i = 0; i < c->input.peer_count; i++)
		put_back(c, here, &c->peers[i]);
}

static void
mangle(char *out, const char *prefix, const char *ip, uint16_t port)
{
	size_t len = (size_t)sprintf(out, "%s%s", prefix, ip);

	for (size_t i = 0; i < len; i++)
		if (out[i] == '.' || out[i] == ':')
			out[i] = '_';
	if (port != 0)
		sprintf(out + len, "_port_%u", port);
}

static int32_t
seconds(int64_t ms)
{
	return ms < 0 ? -1 : (int32_t)((double)ms / 1000 + 0.5);
}

/* One line with everything in it. */
static void
describe(char *out, const char *name, const char *type, const char *ip,
	 uint32_t port, uint32_t peer_as, uint32_t local_as, const char *source,
	 bool passive, const char *cluster, int next_hop, int ttl, int allow,
	 int restart, int keepalive, const char *password)
{
	sprintf(out, "%s|%s|%s|%u|%u|%u|%s|%d|%s|%d|%d|%d|%d|%d|%s", name, type,
	    ip, port, peer_as, local_as, source, passive, cluster, next_hop,
	    ttl, allow, restart, keepalive,
	    password != NULL ? password : "");
}

static void
describe_entry(const struct cluster *c, const struct bgp_plan_node *here,
	       int family, const struct entry *e, char *out)
{
	const struct bgp_plan_peer *p = e->peer;
	const char *prefix = e->workload ? "Local_Workload_" :
	    e->local == NULL		 ? "Global_" :
					   "Node_";
	uint32_t local_as = e->local_as != 0 ? e->local_as : as_of(c, here);
	bool ibgp = e->as_number == local_as, client;
	char name[128], own[64];
	int next_hop = e->workload ? 0 : (int)p->next_hop;
	bool passive;

	ip_of(here, family, own);
	mangle(name, prefix, e->ip, e->port);
	client = ibgp && here->cluster_id != NULL &&
	    (e->cluster == NULL || strcmp(e->cluster, here->cluster_id) != 0);
	passive = e->workload ||
	    (e->local == NULL && e->calico_node && strcmp(e->ip, own) > 0);
	if (!e->workload && p->keep_original_next_hop && !ibgp)
		next_hop = 2;
	describe(out, name,
	    e->workload	       ? "local workload" :
		e->local == NULL ? "global" :
				   "node specific",
	    e->ip, e->port != 0 ? e->port : 179, e->as_number, local_as,
	    e->workload || p->no_source ? "" : own, passive,
	    client ? here->cluster_id : "", next_hop,
	    e->workload ? 0 : p->ttl_security_hops, e->allow,
	    e->workload ? -1 : seconds(p->restart_ms),
	    e->workload ? -1 : seconds(p->keepalive_ms),
	    e->workload ? NULL : p->password);
}

static size_t
plain_plan(const struct cluster *c, const struct bgp_plan_node *here,
	   int family, char lines[][512])
{
	const struct bgp_plan_config *d = config_named(c, "default");
	char own[64], ip[64], name[128];
	size_t n = 0;

	if (ip_of(here, family, own)[0] == '\0')
		return 0;
	fill_table(c, here);
	for (size_t i = 0; i < table_count; i++)
		if ((strchr(table[i].ip, ':') != NULL) == (family == 6) &&
		    strcmp(table[i].ip, own) != 0)
			describe_entry(c, here, family, &table[i], lines[n++]);
	for (size_t i = 0; i < c->input.node_count; i++) {
		const struct bgp_plan_node *far = &c->nodes[i];

		ip_of(far, family, ip);
		if ((d != NULL && d->mesh_off) || here->cluster_id != NULL ||
		    far->cluster_id != NULL || ip[0] == '\0' ||
		    strcmp(ip, own) == 0)
			continue;
		mangle(name, "Mesh_", ip, 0);
		describe(lines[n++], name, "node-to-node mesh", ip,
		    port_of(c, far) != 0 ? port_of(c, far) : 179,
		    as_of(c, far), as_of(c, here), own, strcmp(ip, own) > 0, "",
		    0, 0, 0, -1, -1, d != NULL ? d->mesh_password : NULL);
	}
	qsort(lines, n, sizeof *lines, (int (*)(const void *, const void *))
	    strcmp);
	return n;
}

/* ---------------------------------------------------- planner against plain */

static size_t
planned(struct bgp_plan *plan, const char *node, int family, char lines[][512])
{
	struct bgp_plan_sessions *sessions;
	const struct bgp_planned *s;
	size_t n = 0;

	assert_int_equal(bgp_plan_sessions_new(plan, node,
	    family == 4 ? BGP_IPV4_UNICAST : BGP_IPV6_UNICAST, &sessions),
	    BGP_OK);
	for (; (s = bgp_plan_sessions_at(sessions, n)) != NULL; n++) {
		char ip[64], source[64] = "", id[16] = "";

		bgp_addr_text(&s->peer, ip, sizeof ip);
		if (s->source.len != 0)
			bgp_addr_text(&s->source, source, sizeof source);
		if (s->client)
			bgp_id_text(s->cluster_id, id, sizeof id);
		describe(lines[n], s->name, s->type_text, ip, s->port,
		    s->peer_as, s->local_as, source, s->passive, id,
		    (int)s->next_hop, s->ttl_security_hops,
		    s->allowed_local_as, s->restart_s, s->keepalive_s,
		    s->password);
		if (n > 0)
			assert_true(strcmp(
			    bgp_plan_sessions_at(sessions, n - 1)->name,
			    s->name) <= 0);
	}
	bgp_plan_sessions_del(sessions);
	qsort(lines, n, sizeof *lines, (int (*)(const void *, const void *))
	    strcmp);
	return n;
}

static void
compare_all(const struct cluster *c, struct bgp_plan *plan, int round)
{
	static char want[256][512], got[256][512];

	for (size_t i = 0; i < c->input.node_count; i++)
		for (int family = 4; family <= 6; family += 2) {
			size_t n = plain_plan(c, &c->nodes[i], family, want);
			size_t m = planned(plan, c->nodes[i].name, family, got);

			for (size_t k = 0; k < n && k < m; k++)
				if (strcmp(want[k], got[k]) != 0)
					fail_msg("round %d: %s\n%s\n%s", round,
					    c->nodes[i].name, want[k], got[k]);
			assert_int_equal(n, m);
		}
}

static void
test_plain_planner(void **state)
{
	static struct cluster c;

	(void)state;
	chance_state = 7;
	for (int round = 0; round < 3000; round++) {
		struct bgp_plan *plan;

		random_cluster(&c, false);
		plan = plan_of(&c);
		compare_all(&c, plan, round);
		/* A node changes in place; the answer is that of a new plan. */
		random_node(&c, chance((uint32_t)c.input.node_count), false);
		for (size_t i = 0; i < c.input.node_count; i++)
			assert_int_equal(bgp_plan_update(plan, &c.nodes[i],
			    NULL), BGP_OK);
		compare_all(&c, plan, round);
		bgp_plan_del(plan);
	}
}

/* --------------------------------------------------- audit against the wire */

/* One side of a session as a plain node sees it. */
struct link {
	bool there;
	bool ebgp, client;
	uint32_t local_as, peer_as, port;
	bool passive;
	const char *password;
};

/* What one node told another. */
struct told {
	bool there;
	int originator;
	int clusters[NODES], cluster_count;
	uint32_t path[NODES];
	int path_len;
};

static struct link links[NODES][NODES];
static struct link by_mesh[NODES][NODES]; /* where a BGPPeer's does not fit */
static struct told heard[NODES][NODES]; /* [at][from] */
static size_t wire_nodes;

static int
node_named(const struct cluster *c, const char *name)
{
	for (size_t i = 0; i < c->input.node_count; i++)
		if (name != NULL && strcmp(c->nodes[i].name, name) == 0)
			return (int)i;
	return -1;
}

static void
read_links(const struct cluster *c, struct bgp_plan *plan)
{
	memset(links, 0, sizeof links);
	memset(by_mesh, 0, sizeof by_mesh);
	wire_nodes = c->input.node_count;
	for (size_t i = 0; i < wire_nodes; i++) {
		struct bgp_plan_sessions *sessions;
		const struct bgp_planned *s;

		assert_int_equal(bgp_plan_sessions_new(plan, c->nodes[i].name,
		    BGP_IPV4_UNICAST, &sessions), BGP_OK);
		for (size_t k = 0;
		    (s = bgp_plan_sessions_at(sessions, k)) != NULL; k++) {
			int far = node_named(c, s->peer_node);
			struct link l = { true, s->peer_as != s->local_as,
				s->client, s->local_as, s->peer_as, s->port,
				s->passive, s->password };

			if (far >= 0 && s->type == BGP_PLANNED_MESH)
				by_mesh[i][far] = l;
			else if (far >= 0)
				links[i][far] = l;
		}
		bgp_plan_sessions_del(sessions);
	}
}

/* Mesh sessions fit always; the others where both sides say the same. */
static void
drop_misfits(void)
{
	for (size_t a = 0; a < wire_nodes; a++)
		for (size_t b = 0; b < a; b++) {
			struct link *x = &links[a][b], *y = &links[b][a];

			if (x->there && y->there && x->peer_as == y->local_as &&
			    y->peer_as == x->local_as &&
			    (!x->passive || !y->passive))
				continue;
			*x = by_mesh[a][b];
			*y = by_mesh[b][a];
		}
}

static uint64_t
rank_of(int at, const struct told *t, int from)
{
	bool ebgp = links[at][from].ebgp;

	return (uint64_t)t->path_len << 48 | (uint64_t)!ebgp << 40 |
	    (uint64_t)t->originator << 32 | (uint64_t)t->cluster_count << 16 |
	    (uint64_t)from;
}

/* The neighbour whose path is best, or -1. */
static int
best_of(int at)
{
	int best = -1;

	for (int from = 0; from < (int)wire_nodes; from++)
		if (heard[at][from].there &&
		    (best < 0 || rank_of(at, &heard[at][from], from) <
			rank_of(at, &heard[at][best], best)))
			best = from;
	return best;
}

static int
cluster_number(const struct cluster *c, int at)
{
	const char *id = c->nodes[at].cluster_id;

	return id != NULL ? atoi(strrchr(id, '.') + 1) : 0;
}

/* What `from` tells `to` now; all zero: nothing. */
static struct told
tell(const struct cluster *c, int origin, int from, int to)
{
	const struct link *l = &links[from][to];
	struct told t;
	int best = from == origin ? from : best_of(from);

	memset(&t, 0, sizeof t);
	if (!l->there || best < 0 || to == origin)
		return t;
	t = heard[from][best];
	if (from == origin) {
		memset(&t, 0, sizeof t);
		t.there = true;
	}
	if (l->ebgp) {
		t.path[t.path_len++] = l->local_as;
		t.originator = from;
		t.cluster_count = 0;
		return t;
	}
	if (from == origin || links[from][best].ebgp) {
		t.originator = from;
		return t;
	}
	if (!l->client && !links[from][best].client)
		t.there = false;
	t.clusters[t.cluster_count++] = cluster_number(c, from);
	return t;
}

static bool
loops(const struct cluster *c, int at, const struct told *t)
{
	int own = cluster_number(c, at);

	for (int i = 0; i < t->cluster_count; i++)
		if (own != 0 && t->clusters[i] == own)
			return true;
	for (int i = 0; i < t->path_len; i++)
		if (t->path[i] == as_of(c, &c->nodes[at]))
			return true;
	return false;
}

/* Messages in random order until nothing is new. */
static void
propagate(const struct cluster *c, int origin, int missing)
{
	int quiet = 0, pairs = (int)(wire_nodes * wire_nodes), i;

	memset(heard, 0, sizeof heard);
	for (int tries = 0; quiet < pairs; tries++) {
		bool changed = false;
		int shift = (int)chance((uint32_t)pairs);

		assert_true(tries < 1000);
		for (i = 0; i < pairs; i++) {
			int k = (i + shift) % pairs;
			int from = k / (int)wire_nodes, to = k % (int)wire_nodes;
			struct told t, *old = &heard[to][from];

			if (from == missing || to == missing || from == to)
				continue;
			t = tell(c, origin, from, to);
			if (!t.there || loops(c, to, &t))
				memset(&t, 0, sizeof t);
			if (memcmp(&t, old, sizeof t) != 0) {
				*old = t;
				changed = true;
			}
		}
		quiet = changed ? 0 : pairs;
	}
}

struct reach {
	uint64_t reached, redundant, pairs;
};

static struct reach
wire_reach(const struct cluster *c)
{
	struct reach r = { 0, 0, 0 };
	int n = (int)wire_nodes;

	for (int origin = 0; origin < n; origin++) {
		bool first[NODES], safe[NODES];

		propagate(c, origin, -1);
		for (int at = 0; at < n; at++) {
			first[at] = safe[at] = best_of(at) >= 0;
			r.pairs += at != origin;
			r.reached += at != origin && first[at];
		}
		for (int missing = 0; missing < n; missing++) {
			if (missing == origin)
				continue;
			propagate(c, origin, missing);
			for (int at = 0; at < n; at++)
				if (at != missing && best_of(at) < 0)
					safe[at] = false;
		}
		for (int at = 0; at < n; at++)
			r.redundant += at != origin && safe[at];
	}
	return r;
}

static void
audit_round(struct cluster *c, bool many_as, int round)
{
	struct bgp_audit_summary sum;
	struct bgp_audit *audit;
	struct bgp_plan *plan;
	struct reach want;

	random_cluster(c, true);
	for (size_t i = 0; many_as && i < c->input.node_count; i++)
		if (chance(3) == 0)
			c->nodes[i].as_number = 64513 + chance(2);
	for (size_t i = 0; i < c->input.peer_count; i++)
		if (chance(8) == 0)
			c->peers[i].reverse_manual = true;
	plan = plan_of(c);
	read_links(c, plan);
	drop_misfits();
	want = wire_reach(c);
	assert_int_equal(bgp_audit_new(plan, BGP_IPV4_UNICAST, &audit), BGP_OK);
	bgp_audit_summary(audit, &sum);
	if (sum.pairs != want.pairs || sum.reached != want.reached ||
	    sum.redundant != want.redundant)
		fail_msg("round %d: %lu/%lu %lu/%lu %lu/%lu", round,
		    (unsigned long)sum.pairs, (unsigned long)want.pairs,
		    (unsigned long)sum.reached, (unsigned long)want.reached,
		    (unsigned long)sum.redundant,
		    (unsigned long)want.redundant);
	bgp_audit_del(audit);
	bgp_plan_del(plan);
}

static void
test_audit_against_wire(void **state)
{
	static struct cluster c;

	(void)state;
	chance_state = 11;
	for (int round = 0; round < 1500; round++)
		audit_round(&c, false, round);
}

static void
test_audit_with_many_as(void **state)
{
	static struct cluster c;

	(void)state;
	chance_state = 13;
	for (int round = 0; round < 1000; round++)
		audit_round(&c, true, round);
}

/* ------------------------------------------------------------------- memory */

static void
everything(const struct cluster *c, const struct bgp_allocator *host,
	   struct stingy *memory)
{
	struct bgp_plan_input input = c->input;
	struct bgp_plan_sessions *sessions = NULL;
	struct bgp_audit *audit = NULL;
	struct bgp_plan *plan = NULL;
	int err;

	input.allocator = *host;
	err = bgp_plan_new(&plan, &input, NULL);
	for (size_t i = 0; err == BGP_OK && i < c->input.node_count; i++) {
		err = bgp_plan_update(plan, &c->nodes[i], NULL);
		if (err != BGP_OK)
			break;
		err = bgp_plan_sessions_new(plan, c->nodes[i].name,
		    BGP_IPV4_UNICAST, &sessions);
		bgp_plan_sessions_del(sessions);
	}
	if (err == BGP_OK)
		err = bgp_audit_new(plan, BGP_IPV4_UNICAST, &audit);
	bgp_audit_del(audit);
	if (err == BGP_ERR_NOMEM && plan != NULL) {
		/* What was held works on. */
		memory->left = SIZE_MAX;
		assert_int_equal(bgp_audit_new(plan, BGP_IPV4_UNICAST, &audit),
		    BGP_OK);
		bgp_audit_del(audit);
	}
	bgp_plan_del(plan);
	assert_true(err == BGP_OK || err == BGP_ERR_NOMEM);
	assert_true(err == BGP_OK || memory->refused);
}

static void
test_memory(void **state)
{
	static struct cluster c;

	(void)state;
	chance_state = 17;
	for (int round = 0; round < 20; round++) {
		random_cluster(&c, false);
		for (size_t i = 0;; i++) {
			struct stingy memory = { i, 0, false };
			struct bgp_allocator host = { stingy_resize, &memory };

			everything(&c, &host, &memory);
			assert_int_equal(memory.octets, 0);
			if (!memory.refused)
				break;
		}
	}
}

/* ------------------------------------------------------------------- change */

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
		if (n->lives[i].there && (n->lives[i].up || n->lives[i].stale) &&
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
	chance_state = 19;
	for (int round = 0; round < 3000; round++) {
		struct bgp_plan *old, *new;

		random_cluster(&a, true);
		old = plan_of(&a);
		random_cluster(&b, chance(2) == 0);
		new = plan_of(&b);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_planner),
		cmocka_unit_test(test_audit_against_wire),
		cmocka_unit_test(test_audit_with_many_as),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
