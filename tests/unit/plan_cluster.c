/*
 * plan_cluster.c - random small clusters.
 *
 * Small enough that names, addresses, zones and ports meet often.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "chance.h"
#include "plan_cluster.h"

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

/* The last does not parse, and selects nothing. */
static const char *const selectors[] = {
	"has(rr)",
	"!has(rr)",
	"all()",
	"zone == 'a'",
	"zone != 'a'",
	"has(rr) && zone == 'b'",
	"zone in {'a', 'c'}",
	"broken ==",
};

static const char *
label_of(const struct bgp_plan_node *n, const char *key)
{
	for (size_t i = 0; i < n->label_count; i++)
		if (strcmp(n->labels[i].key, key) == 0)
			return n->labels[i].value;
	return NULL;
}

bool
cluster_selects(const char *selector, const struct bgp_plan_node *n)
{
	bool rr = label_of(n, "rr") != NULL;
	const char *zone = label_of(n, "zone");
	char z = zone != NULL ? zone[0] : '-';
	const bool answers[] = { rr,
				 !rr,
				 true,
				 z == 'a',
				 z != 'a',
				 rr && z == 'b',
				 z == 'a' || z == 'c',
				 false };

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (strcmp(selector, selectors[i]) == 0)
			return answers[i];
	fail_msg("%s", selector);
	return false;
}

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

void
cluster_random_node(struct cluster *c, uint32_t i, bool tame)
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
			format("172.16.0.%u", 1 + chance(3), 0)
		};
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
	if (p->peer_ip != NULL && chance(3) == 0)
		p->reachable_by = p->peer_ip[0] == '[' ? "fd00::fe"
						       : "10.0.0.254";
	p->filter_count = chance(3);
	p->filters = c->filters[i];
	for (size_t k = 0; k < p->filter_count; k++)
		c->filters[i][k] = format("filter%u", chance(9), 0);
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
	if (!d->mesh_off && chance(2) == 0)
		d->mesh_restart_ms = chance(100000);
	c->input.config_count = chance(4) != 0;
	for (uint32_t i = 0; !tame && i < NODES; i++) {
		struct bgp_plan_config
		    *own = &c->configs[c->input.config_count];

		if (chance(6) != 0)
			continue;
		*own = (struct bgp_plan_config)BGP_PLAN_CONFIG_INIT;
		own->name = format("node.n%u", i, 0);
		own->listen_port = (uint16_t)(chance(2) ? 179 : 1790);
		c->input.config_count++;
	}
}

void
cluster_seed(uint64_t seed)
{
	chance_state = seed;
}

void
cluster_random(struct cluster *c, bool tame)
{
	text_used = 0;
	memset(c, 0, sizeof *c);
	c->input = (struct bgp_plan_input)BGP_PLAN_INPUT_INIT;
	c->input.node_count = 2 + chance(NODES - 1);
	c->input.peer_count = chance(PEERS + 1);
	random_configs(c, tame);
	for (uint32_t i = 0; i < c->input.node_count; i++)
		cluster_random_node(c, i, tame);
	for (uint32_t i = 0; i < c->input.peer_count; i++)
		random_peer(c, i, tame);
	c->input.nodes = c->nodes;
	c->input.peers = c->peers;
	c->input.configs = c->configs;
}

struct bgp_plan *
cluster_plan(const struct cluster *c)
{
	struct bgp_plan_fault fault = { "", "", "", 0, "" };
	struct bgp_plan *plan;
	int err = bgp_plan_new(&plan, &c->input, &fault);

	if (err != BGP_OK)
		fail_msg("%d %s %s %s %s", err, fault.kind, fault.name,
			 fault.field, fault.reason);
	return plan;
}

int
cluster_node(const struct cluster *c, const char *name)
{
	for (size_t i = 0; i < c->input.node_count; i++)
		if (name != NULL && strcmp(c->nodes[i].name, name) == 0)
			return (int)i;
	return -1;
}

uint32_t
cluster_as(const struct cluster *c, const struct bgp_plan_node *node)
{
	uint32_t as_number = 64512;

	for (size_t i = 0; i < c->input.config_count; i++)
		if (strcmp(c->configs[i].name, "default") == 0 &&
		    c->configs[i].as_number != 0)
			as_number = c->configs[i].as_number;
	return node->as_number != 0 ? node->as_number : as_number;
}
