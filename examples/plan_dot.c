/*
 * plan_dot.c - the peerings of planned sessions as a Graphviz graph.
 *
 * Sessions of every node come in, one side after the other; sorted by their
 * ends both sides lie together and become one line; the mesh is a line of its
 * own where it stands beside a BGPPeer's session.  A reflector is a bold box,
 * an arrow points to its client, the mesh is gray, what only one side declares
 * is red.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_print.h"

/* One side of a peering; the other is the same with ends swapped. */
struct edge {
	char *from, *to;
	bool client, outside, mesh, swapped;
};

static struct edge *edges;
static size_t edge_count, edge_room;

static void
fail(const char *reason)
{
	fprintf(stderr, "plan: --dot: %s\n", reason);
	exit(2);
}

static char *
keep(const char *text)
{
	size_t len = strlen(text) + 1;
	char *to = malloc(len);

	if (to == NULL)
		fail("out of memory");
	return memcpy(to, text, len);
}

static struct edge *
append(void)
{
	if (edge_count == PLAN_DOT_EDGES_MAX)
		fail("too many peerings to draw, choose one with --node");
	if (edge_count == edge_room) {
		edge_room = 2 * edge_room + 64;
		edges = realloc(edges, edge_room * sizeof *edges);
		if (edges == NULL)
			fail("out of memory");
	}
	return &edges[edge_count++];
}

static void
add_edge(const struct bgp_planned *s, const char *far)
{
	struct edge *e = append();
	bool swapped = strcmp(s->node, far) > 0;

	*e = (struct edge){ keep(swapped ? far : s->node),
			    keep(swapped ? s->node : far),
			    s->client,
			    s->peer_node == NULL,
			    s->type == BGP_PLANNED_MESH,
			    swapped };
}

void
plan_add_dot(const struct bgp_plan_sessions *sessions, const char *only)
{
	const struct bgp_planned *s;

	for (size_t i = 0; (s = bgp_plan_sessions_at(sessions, i)) != NULL;
	     i++) {
		char address[BGP_ADDR_TEXT_MAX];
		const char *far = s->peer_node;

		if (far == NULL) {
			bgp_addr_text(&s->peer, address, sizeof address);
			far = address;
		}
		if (only == NULL || strcmp(only, s->node) == 0 ||
		    strcmp(only, far) == 0)
			add_edge(s, far);
	}
}

/* -------------------------------------------------------------------- nodes */

static const char *
here(const struct edge *e)
{
	return e->swapped ? e->to : e->from;
}

static const char *
there(const struct edge *e)
{
	return e->swapped ? e->from : e->to;
}

static int
by_here(const void *a, const void *b)
{
	return strcmp(here(a), here(b));
}

static int
by_there(const void *a, const void *b)
{
	return strcmp(there(a), there(b));
}

static void
print_node(struct buffer *b, const char *name, const char *style)
{
	buffer_str(b, "\t");
	plan_print_quoted(b, name);
	buffer_str(b, style);
}

/* Each once: those with clients; those beyond the cluster. */
static void
print_nodes(struct buffer *b)
{
	const char *last = "";

	qsort(edges, edge_count, sizeof *edges, by_here);
	for (size_t i = 0; i < edge_count; i++)
		if (edges[i].client && strcmp(last, here(&edges[i])) != 0) {
			last = here(&edges[i]);
			print_node(b, last, " [shape=box, style=bold];\n");
		}
	qsort(edges, edge_count, sizeof *edges, by_there);
	last = "";
	for (size_t i = 0; i < edge_count; i++)
		if (edges[i].outside && strcmp(last, there(&edges[i])) != 0) {
			last = there(&edges[i]);
			print_node(b, last, " [style=dashed];\n");
		}
}

/* -------------------------------------------------------------------- edges */

static int
by_ends(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	int order = strcmp(x->from, y->from);

	if (order == 0)
		order = strcmp(x->to, y->to);
	return order != 0 ? order : (int)x->mesh - (int)y->mesh;
}

/* The peering of edges[i … end), both sides. */
static void
print_edge(struct buffer *b, size_t i, size_t end)
{
	const struct edge *e = &edges[i];
	bool forward = false, back = false, both[2] = { 0 };

	for (; i < end; i++) {
		both[edges[i].swapped] = true;
		forward = forward || (edges[i].client && !edges[i].swapped);
		back = back || (edges[i].client && edges[i].swapped);
	}
	buffer_str(b, "\t");
	plan_print_quoted(b, e->from);
	buffer_str(b, " -> ");
	plan_print_quoted(b, e->to);
	buffer_str(b,
		   forward && back ? " [dir=both"
		       : forward   ? " [dir=forward"
		       : back      ? " [dir=back"
				   : " [dir=none");
	if (!e->outside && !(both[0] && both[1]))
		buffer_str(b, ", color=red, style=dashed, label=\"one side\"");
	else if (e->mesh)
		buffer_str(b, ", color=gray");
	buffer_str(b, "];\n");
}

void
plan_print_dot(struct buffer *b, const struct bgp_plan *plan, const char *only)
{
	const char *node;
	size_t end;

	buffer_str(b,
		   "// an arrow points from a reflector to its client\n"
		   "digraph peerings {\n");
	for (size_t i = 0; (node = bgp_plan_node_at(plan, i)) != NULL; i++)
		if (only == NULL || strcmp(only, node) == 0)
			print_node(b, node, ";\n");
	if (edge_count > 0) {
		print_nodes(b);
		qsort(edges, edge_count, sizeof *edges, by_ends);
	}
	for (size_t i = 0; i < edge_count; i = end) {
		for (end = i + 1;
		     end < edge_count && by_ends(&edges[i], &edges[end]) == 0;
		     end++)
			;
		print_edge(b, i, end);
	}
	buffer_str(b, "}\n");
	for (size_t i = 0; i < edge_count; i++) {
		free(edges[i].from);
		free(edges[i].to);
	}
	free(edges);
	edges = NULL;
	edge_count = edge_room = 0;
}
