/*
 * group.c - nodes that cannot be told apart stand for each other.
 *
 * A leaf passes nothing on: all its sessions are iBGP and none of its peers is
 * its client.  In a mesh of several ASes a node passes on what it hears, but to
 * nodes of the mesh alone, and they hear the same from the same node by a path
 * that is not longer; so one that has no sessions beside the mesh is a leaf
 * too.
 *
 * Leaves with the same peers, seen the same way, are one group: a route of one
 * goes where a route of any other goes.  Two of each group are enough to know
 * what happens between groups and within one; so 5000 clients of three
 * reflectors are five speakers.
 */
#include "libbgp/base/hash.h"
#include "libbgp/plan/audit.h"

/* What a group has in common, as a hash to sort by. */
struct sorter {
	const struct bgp_audit *audit;
	const uint64_t *hashes;
};

static bool
mesh_is_ibgp(const struct bgp_audit *audit)
{
	uint32_t as_number = 0;

	for (uint32_t i = 0; i < audit->plan->node_count; i++) {
		uint32_t own = bgp__plan_as(audit->plan, audit->plan->nodes[i]);

		if (!audit->nodes[i].mesh)
			continue;
		if (as_number != 0 && own != as_number)
			return false;
		as_number = own;
	}
	return true;
}

static bool
is_leaf(const struct bgp_audit *audit, const struct audit_node *node,
	bool ibgp_mesh)
{
	if (node->mesh && !ibgp_mesh)
		return node->usable == 0;
	for (uint32_t i = 0; i < node->count; i++) {
		const struct audit_edge *e = &audit->edges[node->first + i];

		if (e->usable && (e->client || e->peer_as != e->local_as))
			return false;
	}
	return true;
}

/* How the far end sees us. */
static bool
seen_as_client(const struct bgp_audit *audit, const struct audit_edge *e)
{
	uint32_t count;
	const struct audit_edge *back = bgp__audit_edges(audit, e->to, e->from,
							 &count);

	for (uint32_t i = 0; i < count; i++)
		if (back[i].usable)
			return back[i].client;
	return false;
}

/* ------------------------------------------------------------ whose AS is it?
 */

static int
by_as(const void *ctx, uint32_t a, uint32_t b)
{
	const struct bgp_plan *plan = ctx;
	uint32_t x = bgp__plan_as(plan, plan->nodes[a]);
	uint32_t y = bgp__plan_as(plan, plan->nodes[b]);

	return x < y ? -1 : x > y;
}

/* Does a session use an AS that is not its node's? */
static bool
borrows_as(const struct bgp_audit *audit)
{
	const struct bgp_plan *plan = audit->plan;

	for (uint32_t i = 0; i < audit->edge_count; i++) {
		const struct audit_edge *e = &audit->edges[i];

		if (e->usable &&
		    e->local_as != bgp__plan_as(plan, plan->nodes[e->from]))
			return true;
	}
	return false;
}

static void
mark_lone_as(struct bgp_audit *audit, uint32_t *order, uint32_t *scratch)
{
	const struct bgp_plan *plan = audit->plan;
	uint32_t n = plan->node_count;

	if (borrows_as(audit))
		return;
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	bgp__plan_sort(order, scratch, n, by_as, plan);
	for (uint32_t i = 0; i < n; i++)
		audit->nodes[order[i]].lone_as = (i == 0 ||
						  by_as(plan, order[i - 1],
							order[i]) != 0) &&
		    (i + 1 == n || by_as(plan, order[i], order[i + 1]) != 0);
}

/* Where nothing depends on a node's AS it counts as none: without sessions, or
 * in the mesh alone and with an AS that is nobody else's. */
static uint32_t
as_that_counts(const struct bgp_audit *audit, uint32_t rank)
{
	const struct audit_node *node = &audit->nodes[rank];

	if (node->usable == 0 && (!node->mesh || node->lone_as))
		return 0;
	return bgp__plan_as(audit->plan, audit->plan->nodes[rank]);
}

/* ----------------------------------------------------------------- the groups
 */

/* The next usable edge from i on, or NULL. */
static const struct audit_edge *
next_usable(const struct bgp_audit *audit, const struct audit_node *node,
	    uint32_t *i)
{
	while (*i < node->count) {
		const struct audit_edge *e = &audit
						  ->edges[node->first + (*i)++];

		if (e->usable)
			return e;
	}
	return NULL;
}

static uint64_t
hash_of(const struct bgp_audit *audit, uint32_t rank)
{
	const struct audit_node *node = &audit->nodes[rank];
	const struct plan_node *planned = audit->plan->nodes[rank];
	uint64_t h = bgp__fold(
	    planned->cluster_id + UINT64_C(0x9e3779b97f4a7c15),
	    as_that_counts(audit, rank) + UINT64_C(0xd1b54a32d192ed03));
	const struct audit_edge *e;

	h ^= (uint64_t)node->mesh << 1 | (uint64_t)(node->outside > 0) << 2;
	for (uint32_t i = 0; (e = next_usable(audit, node, &i)) != NULL;)
		h = bgp__fold(h ^ e->to ^ (uint64_t)e->local_as << 32,
			      UINT64_C(0x9e3779b97f4a7c15) +
				  seen_as_client(audit, e));
	return h;
}

static bool
alike(const struct bgp_audit *audit, uint32_t a, uint32_t b)
{
	const struct audit_node *x = &audit->nodes[a], *y = &audit->nodes[b];
	const struct plan_node *p = audit->plan->nodes[a];
	const struct plan_node *q = audit->plan->nodes[b];
	const struct audit_edge *e, *d;
	uint32_t i = 0, k = 0;

	if (!x->leaf || !y->leaf || x->mesh != y->mesh ||
	    (x->outside > 0) != (y->outside > 0) || x->usable != y->usable ||
	    p->cluster_id != q->cluster_id ||
	    as_that_counts(audit, a) != as_that_counts(audit, b))
		return false;
	while ((e = next_usable(audit, x, &i)) != NULL) {
		d = next_usable(audit, y, &k);
		if (d == NULL || d->to != e->to || d->local_as != e->local_as ||
		    seen_as_client(audit, d) != seen_as_client(audit, e))
			return false;
	}
	return true;
}

static int
by_hash(const void *ctx, uint32_t a, uint32_t b)
{
	const struct sorter *s = ctx;

	if (s->audit->nodes[a].leaf != s->audit->nodes[b].leaf)
		return s->audit->nodes[a].leaf ? 1 : -1;
	if (s->hashes[a] != s->hashes[b])
		return s->hashes[a] < s->hashes[b] ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* ----------------------------------------------------------------- speakers */

static struct audit_speaker *
add_speaker(struct bgp_audit *audit, uint32_t rank, uint32_t weight)
{
	uint32_t i = audit->speaker_count++;
	struct audit_speaker *s = &audit->speakers[i];

	*s = (struct audit_speaker){
		.rank = rank,
		.group = i,
		.weight = weight,
		.second = PLAN_NONE,
		.cluster_id = audit->plan->nodes[rank]->cluster_id
	};
	return s;
}

/* Runs of like nodes become one or two speakers each. */
static void
choose(struct bgp_audit *audit, const uint32_t *order, uint32_t count)
{
	for (uint32_t i = 0, end; i < count; i = end) {
		struct audit_speaker *s;

		for (end = i + 1;
		     end < count && alike(audit, order[i], order[end]);)
			end++;
		s = add_speaker(audit, order[i], end - i);
		if (end - i > 1) {
			s->second = audit->speaker_count;
			add_speaker(audit, order[i + 1], 0)->group = s->group;
		}
	}
}

/* Places in the order of addresses: of the family, and of IPv4 for router ids
 * (RFC 4271 9.1.2.2 f and g). */
static void
set_orders(struct bgp_audit *audit, const uint32_t *places)
{
	const struct bgp_plan *plan = audit->plan;

	for (uint32_t i = 0; i < plan->address_count[audit->f]; i++) {
		uint32_t at = places[plan->owners[audit->f][i]];

		if (at != PLAN_NONE)
			audit->speakers[at].address_order = (uint16_t)i;
	}
	for (uint32_t i = 0; i < plan->address_count[PLAN_V4]; i++) {
		uint32_t at = places[plan->owners[PLAN_V4][i]];

		if (at != PLAN_NONE)
			audit->speakers[at].router_order = (uint16_t)i;
	}
}

/* --------------------------------------------------------------------- ways */

static struct audit_way *
add_way(struct bgp_audit *audit)
{
	uint32_t room = 2 * audit->way_room + 64;
	struct audit_way *fresh;

	if (audit->way_count >= 4 * BGP_AUDIT_EDGES_MAX) {
		audit->err = BGP_ERR_LIMIT;
		return NULL;
	}
	if (audit->way_count < audit->way_room)
		return &audit->ways[audit->way_count++];
	fresh = bgp__mem_resize(bgp__audit_mem(audit), audit->ways,
				audit->way_room * sizeof *fresh,
				room * sizeof *fresh);
	if (fresh == NULL) {
		audit->err = BGP_ERR_NOMEM;
		return NULL;
	}
	audit->ways = fresh;
	audit->way_room = room;
	return &audit->ways[audit->way_count++];
}

static void
add_edges(struct bgp_audit *audit, uint32_t rank, const uint32_t *places)
{
	const struct audit_node *node = &audit->nodes[rank];
	const struct audit_edge *e;

	for (uint32_t i = 0; (e = next_usable(audit, node, &i)) != NULL;) {
		struct audit_way *w;

		if (places[e->to] == PLAN_NONE)
			continue;
		w = add_way(audit);
		if (w == NULL)
			return;
		*w = (struct audit_way){ places[e->to], e->local_as,
					 e->peer_as != e->local_as, e->client,
					 seen_as_client(audit, e) };
	}
}

/* The mesh among speakers; a BGPPeer's session beside it is listed already. */
static void
add_mesh(struct bgp_audit *audit, uint32_t at)
{
	const struct plan_node *const *nodes = (const struct plan_node *const *)
						   audit->plan->nodes;
	uint32_t rank = audit->speakers[at].rank;
	uint32_t own = bgp__plan_as(audit->plan, nodes[rank]);
	struct audit_way *w;

	for (uint32_t i = 0; i < audit->speaker_count; i++) {
		uint32_t far = audit->speakers[i].rank;

		if (i == at || !audit->nodes[rank].mesh ||
		    !audit->nodes[far].mesh)
			continue;
		w = add_way(audit);
		if (w == NULL)
			return;
		*w = (struct audit_way){
			i, own, own != bgp__plan_as(audit->plan, nodes[far]),
			false, false
		};
	}
}

static void
add_ways(struct bgp_audit *audit, const uint32_t *places)
{
	for (uint32_t i = 0; i < audit->speaker_count; i++) {
		struct audit_speaker *s = &audit->speakers[i];

		if (audit->err != BGP_OK)
			return;
		s->first = audit->way_count;
		add_edges(audit, s->rank, places);
		add_mesh(audit, i);
		s->count = audit->way_count - s->first;
	}
}

/* ----------------------------------------------------------------- the step */

/* Scratch of one run, in one block: hashes, order, its scratch, places. */
static void
group(struct bgp_audit *audit, uint64_t *hashes)
{
	uint32_t n = audit->plan->node_count, count = 0;
	uint32_t *order = (uint32_t *)(hashes + n), *places = order + 2 * n;
	struct sorter s = { audit, hashes };
	bool ibgp_mesh = mesh_is_ibgp(audit);

	mark_lone_as(audit, order, order + n);
	for (uint32_t i = 0; i < n; i++) {
		struct audit_node *node = &audit->nodes[i];

		places[i] = PLAN_NONE;
		node->leaf = is_leaf(audit, node, ibgp_mesh);
		hashes[i] = node->leaf ? hash_of(audit, i) : 0;
		if (node->present)
			order[count++] = i;
	}
	bgp__plan_sort(order, order + n, count, by_hash, &s);
	choose(audit, order, count);
	for (uint32_t i = 0; i < audit->speaker_count; i++)
		places[audit->speakers[i].rank] = i;
	set_orders(audit, places);
	add_ways(audit, places);
}

void
bgp__audit_group(struct bgp_audit *audit)
{
	uint32_t n = audit->plan->node_count;
	size_t len = n * (sizeof(uint64_t) + 3 * sizeof(uint32_t));
	uint64_t *scratch;

	if (audit->err != BGP_OK || n == 0)
		return;
	audit->speakers = bgp__audit_get(audit, n * sizeof *audit->speakers);
	scratch = bgp__audit_get(audit, len);
	if (audit->speakers != NULL && scratch != NULL)
		group(audit, scratch);
	bgp__mem_put(bgp__audit_mem(audit), scratch, len);
}
