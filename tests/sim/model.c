/*
 * model.c - what a node should choose, and what it should send to whom.
 *
 * Written from RFC 4271 9 and RFC 4456 alone, without haste: candidates are a
 * list, each step of the decision strikes out whoever is worse than another
 * that is still there, and an export changes a copy.
 */
#include <string.h>

#include "sim.h"

enum { CANDIDATES_MAX = SIM_NODES * SIM_PATHS + 1 };

#define NO_EXPORT    0xffffff01u /* RFC 1997 */
#define NO_ADVERTISE 0xffffff02u

struct candidate {
	struct sim_route route; /* as import left it */
	const struct sim_peer *from;
	bool struck;
	uint32_t cost;
	struct bgp_addr hop;
};

/* --------------------------------------------------------------- eligible */

static bool
list_has(const struct sim_route *route, uint8_t code, uint32_t id)
{
	unsigned len;
	const uint8_t *value = sim_attr(route, code, &len);

	for (unsigned i = 0; i + 4 <= len; i += 4)
		if (sim_load32(value + i) == id)
			return true;
	return false;
}

static unsigned
count_as(const struct sim_route *route, uint32_t as)
{
	unsigned len, found = 0;
	const uint8_t *path = sim_attr(route, BGP_ATTR_AS_PATH, &len);

	for (unsigned at = 0; at + 2 <= len; at += 2 + 4u * path[at + 1])
		for (unsigned i = 0; i < path[at + 1]; i++)
			found += sim_load32(path + at + 2 + 4 * i) == as;
	return found;
}

static uint32_t
cluster_of(const struct sim_node *node)
{
	return node->options.cluster_id != 0 ? node->options.cluster_id
					     : node->options.router_id;
}

/* The address in a next hop, which may have a distinguisher in front. */
static bool
is_hop(const struct sim_route *route, const struct bgp_addr *addr)
{
	return route->hop_len >= addr->len &&
	    memcmp(route->hop + route->hop_len - addr->len, addr->octets,
		   addr->len) == 0 &&
	    (route->hop_len == addr->len || route->hop_len == 8 + addr->len);
}

/* RFC 4271 6.3: what leads to its receiver counts as withdrawn. */
bool
sim_model_takes(const struct sim_peer *from, const struct sim_route *route)
{
	return !is_hop(route, &from->node->address);
}

/* RFC 4271 5.1.3: what leads to a peer, as its address is known, is not sent
 * to it. */
bool
sim_model_leads_to(const struct sim_peer *to, const struct sim_route *route)
{
	return is_hop(route, &to->to->address);
}

bool
sim_model_loops(const struct sim_peer *from, const struct sim_route *route)
{
	const struct sim_node *node = from->node;

	return list_has(route, BGP_ATTR_ORIGINATOR_ID,
			node->options.router_id) ||
	    list_has(route, BGP_ATTR_CLUSTER_LIST, cluster_of(node)) ||
	    count_as(route, node->as) > from->options.own_as_allowed;
}

static bool
is_external(const struct sim_peer *peer)
{
	return peer->node->as != peer->to->as;
}

/* iBGP without a policy takes all, eBGP without one nothing.      RFC 8212 */
static bool
judge(const struct sim_peer *peer, bool import, struct sim_route *route)
{
	bgp_policy *policy = import ? peer->options.import_policy
				    : peer->options.export_policy;
	const struct sim_rule *rule = import ? peer->options.import_ctx
					     : peer->options.export_ctx;

	if (policy == NULL)
		return !is_external(peer);
	return policy == bgp_policy_accept ||
	    sim_rule_model(rule, route, !import);
}

static bool
is_reachable(const struct sim_node *node, struct candidate *c)
{
	int hop;

	c->hop = sim_route_hop(&c->route);
	c->cost = 0;
	if (!node->asks_hops || c->hop.len == 0)
		return true;
	hop = sim_node_hop(node, &c->hop);
	SIM_CHECK(node->world, hop >= 0);
	c->cost = node->hops[hop].cost;
	return node->hops[hop].up;
}

/* ---------------------------------------------------------------- gather */

static unsigned
gather_from(const struct sim_peer *peer, unsigned family, unsigned prefix,
	    struct candidate *to)
{
	const struct sim_end *end = sim_peer_end(peer);
	unsigned count = 0;

	for (size_t i = 0; end != NULL && i < end->tap.count; i++) {
		const struct sim_route *route = &end->tap.routes[i];
		struct candidate *c = &to[count];

		if (route->family != family || route->prefix != prefix)
			continue;
		c->route = *route;
		c->from = peer;
		c->struck = false;
		if (sim_model_takes(peer, route) &&
		    !sim_model_loops(peer, route) &&
		    judge(peer, true, &c->route) && is_reachable(peer->node, c))
			count++;
	}
	return count;
}

static unsigned
gather(const struct sim_node *node, unsigned family, unsigned prefix,
       struct candidate *to)
{
	unsigned count = 0;

	if (node->local_there[family][prefix]) {
		to[0].route = node->local[family][prefix];
		to[0].from = NULL;
		to[0].struck = false;
		count += is_reachable(node, &to[0]);
	}
	for (unsigned i = 0; i < SIM_NODES; i++)
		if (node->peers[i].present)
			count += gather_from(&node->peers[i], family, prefix,
					     to + count);
	return count;
}

/* ------------------------------------------------------------- decision */

/* The neighbouring AS, 0: ours. */
static uint32_t
neighbour(const struct sim_route *route)
{
	unsigned len;
	const uint8_t *path = sim_attr(route, BGP_ATTR_AS_PATH, &len);

	return len >= 6 && path[0] == BGP_AS_SEQUENCE ? sim_load32(path + 2)
						      : 0;
}

/* A set counts as one. */
static uint32_t
path_length(const struct sim_route *route)
{
	unsigned len, sum = 0;
	const uint8_t *path = sim_attr(route, BGP_ATTR_AS_PATH, &len);

	for (unsigned at = 0; at + 2 <= len; at += 2 + 4u * path[at + 1])
		sum += path[at] == BGP_AS_SET ? 1 : path[at + 1];
	return sum;
}

static uint32_t
router_id(const struct candidate *c, const struct sim_node *node)
{
	uint32_t own = c->from != NULL ? c->from->to->options.router_id
				       : node->options.router_id;

	return sim_attr_u32(&c->route, BGP_ATTR_ORIGINATOR_ID, own);
}

static unsigned
cluster_count(const struct candidate *c)
{
	unsigned len;

	sim_attr(&c->route, BGP_ATTR_CLUSTER_LIST, &len);
	return len / 4;
}

static unsigned
origin(const struct candidate *c)
{
	unsigned len;
	const uint8_t *value = sim_attr(&c->route, BGP_ATTR_ORIGIN, &len);

	return len == 1 ? value[0] : 0;
}

static int
compare_peers(const struct candidate *a, const struct candidate *b)
{
	static const struct bgp_addr none;

	return bgp_addr_compare(a->from != NULL ? &a->from->to->address : &none,
				b->from != NULL ? &b->from->to->address
						: &none);
}

static bool
med_is_worse(const struct sim_node *node, const struct candidate *a,
	     const struct candidate *b)
{
	return (node->options.compare_med ||
		neighbour(&a->route) == neighbour(&b->route)) &&
	    sim_attr_u32(&a->route, BGP_ATTR_MED, 0) >
	    sim_attr_u32(&b->route, BGP_ATTR_MED, 0);
}

enum { STEP_COST = 6, STEPS = 11 };

/* Is a worse than b in this step?      RFC 4271 9.1.1, 9.1.2.2, RFC 4456 9 */
static bool
is_worse(const struct sim_node *node, unsigned step, const struct candidate *a,
	 const struct candidate *b)
{
	bool ae = a->from != NULL && is_external(a->from);
	bool be = b->from != NULL && is_external(b->from);

	switch (step) {
	case 0:
		return sim_attr_u32(&a->route, BGP_ATTR_LOCAL_PREF, 100) <
		    sim_attr_u32(&b->route, BGP_ATTR_LOCAL_PREF, 100);
	case 1:
		return a->from != NULL && b->from == NULL;
	case 2:
		return path_length(&a->route) > path_length(&b->route);
	case 3:
		return origin(a) > origin(b);
	case 4:
		return med_is_worse(node, a, b);
	case 5:
		return !ae && be;
	case STEP_COST:
		return a->cost > b->cost;
	case 7:
		return router_id(a, node) > router_id(b, node);
	case 8:
		return cluster_count(a) > cluster_count(b);
	case 9:
		return compare_peers(a, b) > 0;
	default:
		return a->route.path_id > b->route.path_id;
	}
}

static void
strike_out(const struct sim_node *node, unsigned step, struct candidate *c,
	   unsigned count)
{
	bool worse[CANDIDATES_MAX] = { false };

	for (unsigned a = 0; a < count; a++)
		for (unsigned b = 0; b < count && !c[a].struck; b++)
			if (!c[b].struck && is_worse(node, step, &c[a], &c[b]))
				worse[a] = true;
	for (unsigned a = 0; a < count; a++)
		c[a].struck |= worse[a];
}

static void
note_equal(const struct candidate *c, unsigned count, struct sim_best *out)
{
	for (unsigned i = 0; i < count; i++) {
		if (c[i].struck)
			continue;
		out->equal_count++;
		if (c[i].hop.len > 0)
			out->hops[out->hop_count++] = c[i].hop;
	}
}

void
sim_model_best(const struct sim_node *node, unsigned family, unsigned prefix,
	       struct sim_best *out)
{
	struct candidate c[CANDIDATES_MAX];
	unsigned count = gather(node, family, prefix, c), left = 0;

	out->there = false;
	out->equal_count = out->hop_count = 0;
	for (unsigned step = 0; step < STEPS; step++) {
		strike_out(node, step, c, count);
		if (step == STEP_COST)
			note_equal(c, count, out);
	}
	for (unsigned i = 0; i < count; i++) {
		if (c[i].struck)
			continue;
		left++;
		out->there = true;
		out->from = c[i].from;
		out->route = c[i].route;
	}
	SIM_CHECK(node->world, left == (count > 0));
}

/* --------------------------------------------------------------- export */

/* RFC 4456 6: from a non-client only to clients. */
static bool
may_go(const struct sim_best *best, const struct sim_peer *to)
{
	if (best->from == NULL || is_external(best->from) || is_external(to))
		return true;
	if (best->from->options.client && to->options.client)
		return !to->node->options.no_client_to_client;
	return best->from->options.client || to->options.client;
}

static bool
in_scope(const struct sim_route *route, bool external)
{
	if (list_has(route, BGP_ATTR_COMMUNITIES, NO_ADVERTISE))
		return false;
	return !external || !list_has(route, BGP_ATTR_COMMUNITIES, NO_EXPORT);
}

/* RFC 4456 8 */
static void
reflect(const struct sim_best *best, const struct sim_peer *to,
	struct sim_route *route)
{
	uint8_t list[SIM_ATTRS_MAX];
	unsigned len;
	const uint8_t *old = sim_attr(route, BGP_ATTR_CLUSTER_LIST, &len);

	sim_store32(list, cluster_of(to->node));
	if (len > 0)
		memcpy(list + 4, old, len);
	sim_attr_set(route, BGP_ATTR_OPTIONAL, BGP_ATTR_CLUSTER_LIST, list,
		     len + 4);
	if (sim_attr(route, BGP_ATTR_ORIGINATOR_ID, &len) == NULL)
		sim_attr_set_u32(route, BGP_ATTR_OPTIONAL,
				 BGP_ATTR_ORIGINATOR_ID,
				 best->from->to->options.router_id);
}

/* RFC 4271 5.1.2, 5.1.5, 9.2: ours in front; what is ours stays here. */
static void
go_outside(const struct sim_peer *to, struct sim_route *route)
{
	struct bgp_attr views[64];
	uint8_t path[SIM_ATTRS_MAX] = { BGP_AS_SEQUENCE, 1 };
	struct sim_route copy = *route;
	size_t count = sim_attr_views(&copy, views, 64);
	unsigned len;
	const uint8_t *old = sim_attr(&copy, BGP_ATTR_AS_PATH, &len);

	for (size_t i = 0; i < count; i++)
		if (views[i].code == BGP_ATTR_LOCAL_PREF ||
		    ((views[i].flags & 0xc0) == BGP_ATTR_OPTIONAL &&
		     views[i].code != BGP_ATTR_MED))
			sim_attr_drop(route, views[i].code);
	sim_store32(path + 2, to->node->as);
	if (len > 0 && old[0] == BGP_AS_SEQUENCE && old[1] < 255) {
		path[1] = (uint8_t)(old[1] + 1);
		memcpy(path + 6, old + 2, len - 2);
		len += 4;
	} else {
		if (len > 0)
			memcpy(path + 6, old, len);
		len += 6;
	}
	sim_attr_set(route, BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH, path, len);
}

/* RFC 4271 5.1.3, RFC 4456 10; labels belong to the next hop, RFC 8277 3.2.1.
 * false: there is none that can be sent. */
static bool
choose_hop(const struct sim_peer *to, struct sim_route *route)
{
	enum bgp_next_hop_mode mode = to->options.next_hop;
	bool self = route->hop_len == 0 ||
	    (route->family != 2 && !route->hop_set &&
	     mode != BGP_NEXT_HOP_KEEP &&
	     (is_external(to) || mode == BGP_NEXT_HOP_SELF));

	if (self)
		sim_route_set_hop(route,
				  route->family == 1 ? &to->options.own_ipv6
						     : &to->node->address);
	if (route->family == 0)
		return route->hop_len == 4;
	return route->hop_len >= 12;
}

bool
sim_model_export(const struct sim_best *best, const struct sim_peer *to,
		 unsigned family, struct sim_route *out)
{
	bool external = is_external(to), reflected;

	(void)family;
	if (!best->there || best->from == to || !may_go(best, to) ||
	    !in_scope(&best->route, external))
		return false;
	*out = best->route;
	out->path_id = 0;
	if (external && best->from != NULL)
		sim_attr_drop(out, BGP_ATTR_MED); /* RFC 4271 5.1.4 */
	if (!judge(to, false, out) || !in_scope(out, external))
		return false;
	reflected = !external && best->from != NULL && !is_external(best->from);
	if (external)
		go_outside(to, out);
	else if (reflected)
		reflect(best, to, out);
	else if (sim_attr_u32(out, BGP_ATTR_LOCAL_PREF, 0) == 0)
		sim_attr_set_u32(out, BGP_ATTR_TRANSITIVE, BGP_ATTR_LOCAL_PREF,
				 100);
	return choose_hop(to, out);
}
