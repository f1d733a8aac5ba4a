/*
 * pair.c - do the two sides of each session fit together?
 *
 * An edge is usable when the far end has one back, the AS numbers are what the
 * other says, the passwords are equal, and somebody dials the port that the
 * other listens on.  What is odd becomes a finding.
 */
#include <string.h>

#include "libbgp/plan/audit.h"

static uint16_t
listens(const struct bgp_audit *audit, uint32_t rank)
{
	uint16_t port = bgp__plan_port(audit->plan, audit->plan->nodes[rank]);

	return port != 0 ? port : 179;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
dials(const struct bgp_audit *audit, const struct audit_edge *e)
{
	return !e->passive && e->port == listens(audit, e->to);
}

/* NULL: they agree. */
static const char *
disagree(const struct bgp_audit *audit, const struct audit_edge *a,
	 const struct audit_edge *b)
{
	if (a->peer_as != b->local_as || b->peer_as != a->local_as)
		return "AS numbers differ";
	if (!same(a->password, b->password))
		return "passwords differ";
	if (!dials(audit, a) && !dials(audit, b))
		return "nobody dials the port the other listens on";
	return NULL;
}

/* Marks the first two that fit; else says why none does. */
static void
match(struct bgp_audit *audit, struct audit_edge *there, uint32_t there_count,
      struct audit_edge *back, uint32_t back_count)
{
	const char *reason = NULL;

	for (uint32_t i = 0; i < there_count; i++)
		for (uint32_t k = 0; k < back_count; k++) {
			const char *why = disagree(audit, &there[i], &back[k]);

			if (why == NULL) {
				there[i].usable = back[k].usable = true;
				audit->nodes[there->from].usable++;
				audit->nodes[there->to].usable++;
				audit->sum.sessions++;
				return;
			}
			reason = reason != NULL ? reason : why;
		}
	if (there->passive && back->passive)
		bgp__audit_add(audit, BGP_FINDING_BOTH_PASSIVE, there->from,
			       there->to, NULL, 0);
	else
		bgp__audit_add(audit, BGP_FINDING_DISAGREE, there->from,
			       there->to, reason, 0);
}

/* All edges from one node to another, with those back. */
static void
pair(struct bgp_audit *audit, struct audit_edge *there, uint32_t there_count)
{
	uint32_t from = there->from, to = there->to, back_count;
	struct audit_edge *back = bgp__audit_edges(audit, to, from,
						   &back_count);
	bool both_mesh = audit->nodes[from].mesh && audit->nodes[to].mesh;

	if (back == NULL) {
		bgp__audit_add(audit, BGP_FINDING_ONE_SIDED, from, to,
			       both_mesh ? "beside the mesh" : NULL, 0);
		return;
	}
	if (from > to)
		return;
	if (both_mesh || there_count > 1 || back_count > 1)
		bgp__audit_add(audit, BGP_FINDING_DUPLICATE, from, to,
			       both_mesh ? "of the mesh and of a BGPPeer"
					 : "of BGPPeers, by different ports",
			       0);
	match(audit, there, there_count, back, back_count);
}

/* ---------------------------------------------------------- nodes by itself */

static uint32_t
count_clients(const struct bgp_audit *audit, uint32_t rank)
{
	const struct audit_node *node = &audit->nodes[rank];
	uint32_t clients = 0;

	for (uint32_t i = 0; i < node->count; i++)
		clients += audit->edges[node->first + i].client &&
		    audit->edges[node->first + i].usable;
	return clients;
}

static const char *
why_alone(const struct audit_node *node, bool reflector)
{
	if (node->count > 0)
		return "both sides agree on none that it expects";
	if (reflector)
		return "a reflector is not in the mesh, and no BGPPeer speaks "
		       "of it";
	return node->mesh ? "the mesh has nobody else"
			  : "the mesh is off and no BGPPeer speaks of it";
}

static void
look_at(struct bgp_audit *audit, uint32_t rank)
{
	const struct audit_node *node = &audit->nodes[rank];
	bool reflector = audit->plan->nodes[rank]->cluster_id != 0;
	bool meshed = node->mesh && audit->mesh_count > 1;

	if (!node->present || audit->sum.nodes < 2)
		return;
	if (node->usable == 0 && !meshed && node->outside == 0)
		bgp__audit_add(audit, BGP_FINDING_ALONE, rank, PLAN_NONE,
			       why_alone(node, reflector), 0);
	else if (reflector && count_clients(audit, rank) == 0)
		bgp__audit_add(audit, BGP_FINDING_NO_CLIENT, rank, PLAN_NONE,
			       NULL, 0);
}

/* ------------------------------------------------------------ split clients */

static int
by_cluster(const void *ctx, uint32_t a, uint32_t b)
{
	struct plan_node *const *nodes = ctx;
	uint32_t x = nodes[a]->cluster_id, y = nodes[b]->cluster_id;

	return x != y ? (x < y ? -1 : 1) : a < b ? -1 : a > b;
}

static bool
is_client(const struct bgp_audit *audit, uint32_t reflector, uint32_t client)
{
	uint32_t count;
	const struct audit_edge *e = bgp__audit_edges(audit, reflector, client,
						      &count);

	for (uint32_t i = 0; i < count; i++)
		if (e[i].usable && e[i].client)
			return true;
	return false;
}

/* Clients of one reflector that the other does not have. */
static uint32_t
not_shared(const struct bgp_audit *audit, uint32_t a, uint32_t b)
{
	const struct audit_node *node = &audit->nodes[a];
	uint32_t count = 0;

	for (uint32_t i = 0; i < node->count; i++) {
		const struct audit_edge *e = &audit->edges[node->first + i];

		count += e->usable && e->client && e->to != b &&
		    !is_client(audit, b, e->to);
	}
	return count;
}

/* Two of one cluster drop what the other reflects.               RFC 4456 8 */
static void
compare_reflectors(struct bgp_audit *audit, uint32_t a, uint32_t b)
{
	uint32_t a_count = count_clients(audit, a);
	uint32_t b_count = count_clients(audit, b);
	uint32_t a_only = not_shared(audit, a, b);
	uint32_t b_only = not_shared(audit, b, a);

	if (a_only + b_only == 0)
		return;
	bgp__audit_add(audit, BGP_FINDING_SPLIT_CLIENT, a, b,
		       a_only == a_count && b_only == b_count
			   ? "no client is shared"
			   : "some clients have one of them only",
		       0);
}

/* Those without clients are left out: beside each other stand two that have
 * some, and where neighbours in the order have the same, all have. */
static void
find_split_clients(struct bgp_audit *audit)
{
	const struct bgp_plan *plan = audit->plan;
	size_t len = 2 * (size_t)plan->node_count * sizeof(uint32_t);
	uint32_t *order = bgp__audit_get(audit, len), count = 0;

	if (order == NULL)
		return;
	for (uint32_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i]->cluster_id != 0 &&
		    count_clients(audit, i) > 0)
			order[count++] = i;
	bgp__plan_sort(order, order + plan->node_count, count, by_cluster,
		       plan->nodes);
	for (uint32_t i = 1; i < count; i++)
		if (plan->nodes[order[i - 1]]->cluster_id ==
		    plan->nodes[order[i]]->cluster_id)
			compare_reflectors(audit, order[i - 1], order[i]);
	bgp__mem_put(bgp__audit_mem(audit), order, len);
}

void
bgp__audit_pair(struct bgp_audit *audit)
{
	uint64_t mesh = audit->mesh_count;

	if (audit->err != BGP_OK)
		return;
	audit->sum.sessions = mesh > 0 ? mesh * (mesh - 1) / 2 : 0;
	for (uint32_t i = 0, end; i < audit->edge_count; i = end) {
		struct audit_edge *e = &audit->edges[i];

		for (end = i + 1; end < audit->edge_count &&
		     audit->edges[end].from == e->from &&
		     audit->edges[end].to == e->to;)
			end++;
		pair(audit, e, end - i);
	}
	for (uint32_t i = 0; i < audit->plan->node_count; i++)
		look_at(audit, i);
	find_split_clients(audit);
}
