/*
 * test_plan_random.c - the planner against a second one that is slow and plain,
 * on random small clusters.
 *
 * The second one keeps Calico's table as it is, compares strings with strings
 * and knows nothing of ranks, bits and hashes; selectors it reads by itself.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "chance.h"
#include "plan_cluster.h"

enum { ENTRIES = 4096 };

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
is_local(const struct bgp_plan_peer *p, const struct bgp_plan_node *n)
{
	if (p->node_selector != NULL)
		return cluster_selects(p->node_selector, n);
	return p->node != NULL && strcmp(p->node, n->name) == 0;
}

static void
put_entry(const struct entry *e)
{
	for (size_t i = 0; i < table_count; i++) {
		struct entry *old = &table[i];
		bool same_key = strcmp(old->ip, e->ip) == 0 &&
		    old->port == e->port;

		if (same_key &&
		    (old->local == NULL ||
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

	if (strcmp(ip_of(n, 4, v4), ip) != 0 &&
	    strcmp(ip_of(n, 6, v6), ip) != 0)
		return false;
	if (cluster_as(c, n) != (as_number != 0 ? as_number : global_as(c)))
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
	e.as_number = cluster_as(c, far);
	e.cluster = far->cluster_id;
	if (e.ip[0] != '\0')
		put_entry(&e);
}

static void
put_ip(const struct cluster *c, const char *local,
       const struct bgp_plan_peer *p)
{
	struct entry e = { .local = local,
			   .peer = p,
			   .as_number = p->as_number,
			   .local_as = p->local_as_number,
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
			struct entry e = { .local = local,
					   .peer = p,
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
			if (cluster_selects(p->peer_selector, &c->nodes[i]))
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
		if (!cluster_selects(p->peer_selector, here))
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
	 int restart, int keepalive, const char *password, const char *resource,
	 const char *gateway, const char *const *filters, size_t filter_count)
{
	out += sprintf(out,
		       "%s|%s|%s|%u|%u|%u|%s|%d|%s|%d|%d|%d|%d|%d|%s|%s|%s",
		       name, type, ip, port, peer_as, local_as, source, passive,
		       cluster, next_hop, ttl, allow, restart, keepalive,
		       password != NULL ? password : "",
		       resource != NULL ? resource : "", gateway);
	for (size_t i = 0; i < filter_count; i++)
		out += sprintf(out, "|%s", filters[i]);
}

static void
describe_entry(const struct cluster *c, const struct bgp_plan_node *here,
	       int family, const struct entry *e, char *out)
{
	const struct bgp_plan_peer *p = e->peer;
	const char *prefix = e->workload ? "Local_Workload_"
	    : e->local == NULL           ? "Global_"
					 : "Node_";
	uint32_t local_as = e->local_as != 0 ? e->local_as
					     : cluster_as(c, here);
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
		 e->workload            ? "local workload"
		     : e->local == NULL ? "global"
					: "node specific",
		 e->ip, e->port != 0 ? e->port : 179, e->as_number, local_as,
		 e->workload || p->no_source ? "" : own, passive,
		 client ? here->cluster_id : "", next_hop,
		 e->workload ? 0 : p->ttl_security_hops, e->allow,
		 e->workload ? -1 : seconds(p->restart_ms),
		 e->workload ? -1 : seconds(p->keepalive_ms),
		 e->workload ? NULL : p->password, p->name,
		 e->workload || p->reachable_by == NULL ? "" : p->reachable_by,
		 p->filters, p->filter_count);
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
			 cluster_as(c, far), cluster_as(c, here), own,
			 strcmp(ip, own) > 0, "", 0, 0, 0,
			 d != NULL ? seconds(d->mesh_restart_ms) : -1, -1,
			 d != NULL ? d->mesh_password : NULL, NULL, "", NULL,
			 0);
	}
	qsort(lines, n, sizeof *lines,
	      (int (*)(const void *, const void *))strcmp);
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
					       family == 4 ? BGP_IPV4_UNICAST
							   : BGP_IPV6_UNICAST,
					       &sessions),
			 BGP_OK);
	for (; (s = bgp_plan_sessions_at(sessions, n)) != NULL; n++) {
		char ip[64], source[64] = "", id[16] = "", gateway[64] = "";

		bgp_addr_text(&s->peer, ip, sizeof ip);
		if (s->source.len != 0)
			bgp_addr_text(&s->source, source, sizeof source);
		if (s->reachable_by.len != 0)
			bgp_addr_text(&s->reachable_by, gateway,
				      sizeof gateway);
		if (s->client)
			bgp_id_text(s->cluster_id, id, sizeof id);
		describe(lines[n], s->name, s->type_text, ip, s->port,
			 s->peer_as, s->local_as, source, s->passive, id,
			 (int)s->next_hop, s->ttl_security_hops,
			 s->allowed_local_as, s->restart_s, s->keepalive_s,
			 s->password, s->resource, gateway, s->filters,
			 s->filter_count);
		if (n > 0)
			assert_true(
			    strcmp(bgp_plan_sessions_at(sessions, n - 1)->name,
				   s->name) <= 0);
	}
	bgp_plan_sessions_del(sessions);
	qsort(lines, n, sizeof *lines,
	      (int (*)(const void *, const void *))strcmp);
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
						 c->nodes[i].name, want[k],
						 got[k]);
			assert_int_equal(n, m);
		}
}

static void
test_plain_planner(void **state)
{
	static struct cluster c;

	(void)state;
	cluster_seed(7);
	chance_state = 7;
	for (int round = 0; round < 3000; round++) {
		struct bgp_plan *plan;

		cluster_random(&c, false);
		plan = cluster_plan(&c);
		compare_all(&c, plan, round);
		/* A node changes in place; the answer is that of a new plan. */
		cluster_random_node(&c, chance((uint32_t)c.input.node_count),
				    false);
		for (size_t i = 0; i < c.input.node_count; i++)
			assert_int_equal(
			    bgp_plan_update(plan, &c.nodes[i], NULL), BGP_OK);
		compare_all(&c, plan, round);
		bgp_plan_del(plan);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_planner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
