/*
 * gather.c - the sessions of every node into one list of edges.
 *
 * Node by node, so that one node's sessions are in memory at a time; what
 * remains of each is an edge of a few octets, sorted by far end.
 */
#include "libbgp/plan/audit.h"

static int
by_far_end(const void *ctx, uint32_t a, uint32_t b)
{
	const struct audit_edge *edges = ctx;

	return edges[a].to < edges[b].to ? -1 : edges[a].to > edges[b].to;
}

static struct audit_edge *
append(struct bgp_audit *audit)
{
	uint32_t room = 2 * audit->edge_room + 64;
	struct audit_edge *fresh;

	if (audit->edge_count >= BGP_AUDIT_EDGES_MAX) {
		audit->err = BGP_ERR_LIMIT;
		return NULL;
	}
	if (audit->edge_count < audit->edge_room)
		return &audit->edges[audit->edge_count++];
	fresh = bgp__mem_resize(bgp__audit_mem(audit), audit->edges,
				audit->edge_room * sizeof *fresh,
				room * sizeof *fresh);
	if (fresh == NULL) {
		audit->err = BGP_ERR_NOMEM;
		return NULL;
	}
	audit->edges = fresh;
	audit->edge_room = room;
	return &audit->edges[audit->edge_count++];
}

static void
take(struct bgp_audit *audit, uint32_t from, const struct bgp_planned *s)
{
	struct bgp_plan *plan = audit->plan;
	struct audit_edge *e;

	if (s->peer_node == NULL) {
		audit->nodes[from].outside++;
		audit->sum.outside++;
		return;
	}
	e = append(audit);
	if (e != NULL)
		*e = (struct audit_edge){
			from,
			plan->owners[audit->f][bgp__plan_owner(plan, &s->peer)],
			s->peer_as,
			s->local_as,
			s->password,
			s->port,
			s->passive,
			s->client,
			false
		};
}

/* Sorts the edges of one node, which are the last ones. */
static void
sort_edges(struct bgp_audit *audit, const struct audit_node *node)
{
	size_t len = node->count *
	    (sizeof(struct audit_edge) + 2 * sizeof(uint32_t));
	struct audit_edge *edges, *copy;
	uint32_t *order;

	if (node->count < 2)
		return;
	edges = audit->edges + node->first;
	copy = bgp__audit_get(audit, len);
	if (copy == NULL)
		return;
	order = (uint32_t *)(copy + node->count);
	for (uint32_t i = 0; i < node->count; i++) {
		order[i] = i;
		copy[i] = edges[i];
	}
	bgp__plan_sort(order, order + node->count, node->count, by_far_end,
		       copy);
	for (uint32_t i = 0; i < node->count; i++)
		edges[i] = copy[order[i]];
	bgp__mem_put(bgp__audit_mem(audit), copy, len);
}

static void
gather_node(struct bgp_audit *audit, uint32_t rank)
{
	struct audit_node *node = &audit->nodes[rank];
	const struct plan_node *planned = audit->plan->nodes[rank];
	struct bgp_plan_sessions *sessions;

	node->first = audit->edge_count;
	node->present = planned->address[audit->f].addr.len != 0;
	node->mesh = node->present && audit->plan->mesh &&
	    planned->cluster_id == 0;
	audit->sum.nodes += node->present;
	audit->mesh_count += node->mesh;
	audit->err = bgp__plan_sessions_of(audit->plan, rank, audit->f, false,
					   &sessions);
	if (audit->err != BGP_OK)
		return;
	for (uint32_t i = 0; i < sessions->count && audit->err == BGP_OK; i++)
		take(audit, rank, &sessions->list[i]);
	bgp_plan_sessions_del(sessions);
	node->count = audit->edge_count - node->first;
	if (audit->err == BGP_OK)
		sort_edges(audit, node);
}

/* One address of two nodes: whoever dials it reaches one of them. */
static void
find_shared(struct bgp_audit *audit)
{
	const struct bgp_plan *plan = audit->plan;
	const uint32_t *owners = plan->owners[audit->f];

	for (uint32_t i = 1; i < plan->address_count[audit->f]; i++)
		if (bgp_addr_compare(
			&plan->nodes[owners[i - 1]]->address[audit->f].addr,
			&plan->nodes[owners[i]]->address[audit->f].addr) == 0)
			bgp__audit_add(audit, BGP_FINDING_ADDRESS,
				       owners[i - 1], owners[i], NULL, 0);
}

void
bgp__audit_gather(struct bgp_audit *audit)
{
	audit->nodes = bgp__audit_get(
	    audit, audit->plan->node_count * sizeof *audit->nodes);
	for (uint32_t i = 0; i < audit->plan->node_count; i++) {
		if (audit->err != BGP_OK)
			return;
		gather_node(audit, i);
	}
	find_shared(audit);
}

struct audit_edge *
bgp__audit_edges(const struct bgp_audit *audit, uint32_t from, uint32_t to,
		 uint32_t *count)
{
	const struct audit_node *node = &audit->nodes[from];
	struct audit_edge *edges = audit->edges + node->first;
	uint32_t low = 0, high = node->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (edges[mid].to < to)
			low = mid + 1;
		else
			high = mid;
	}
	for (*count = 0;
	     low + *count < node->count && edges[low + *count].to == to;)
		++*count;
	return *count > 0 ? edges + low : NULL;
}
