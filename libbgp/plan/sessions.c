/*
 * sessions.c - the sessions of one node, in two orders.
 *
 * In: the plan.  Out: a list by name for the reader, by address and port for
 * comparing two plans.
 */
#include <string.h>

#include "libbgp/plan/builder.h"

static int
by_name(const void *ctx, uint32_t a, uint32_t b)
{
	const struct bgp_planned *list = ctx;
	int order = strcmp(list[a].name, list[b].name);

	return order != 0 ? order : a < b ? -1 : a > b;
}

static int
by_place(const void *ctx, uint32_t a, uint32_t b)
{
	const struct bgp_planned *list = ctx;
	int order = bgp__planned_compare(&list[a], &list[b]);

	return order != 0 ? order : by_name(ctx, a, b);
}

static void
settle(struct plan_builder *b)
{
	struct bgp_plan_sessions *s = b->out;
	uint32_t *scratch;

	if (b->err != BGP_OK || s->count == 0)
		return;
	s->by_name = bgp__mem_get(&b->plan->mem,
				  3 * (size_t)s->count * sizeof *s->by_name);
	if (s->by_name == NULL) {
		b->err = BGP_ERR_NOMEM;
		return;
	}
	s->by_place = s->by_name + s->count;
	scratch = s->by_place + s->count;
	for (uint32_t i = 0; i < s->count; i++)
		s->by_name[i] = s->by_place[i] = i;
	bgp__plan_sort(s->by_name, scratch, s->count, by_name, s->list);
	bgp__plan_sort(s->by_place, scratch, s->count, by_place, s->list);
}

int
bgp__planned_compare(const struct bgp_planned *a, const struct bgp_planned *b)
{
	int order = bgp_addr_compare(&a->peer, &b->peer);

	return order != 0 ? order : (int)a->port - (int)b->port;
}

/* ------------------------------------------------------------------- public */

static void
build(struct plan_builder *b)
{
	if (!b->out->enabled)
		return;
	bgp__plan_pass_forward(b, true);
	bgp__plan_pass_forward(b, false);
	bgp__plan_pass_back(b);
	bgp__plan_pass_mesh(b);
	settle(b);
	bgp__mem_put(&b->plan->mem, b->table, b->table_room * sizeof *b->table);
}

int
bgp__plan_sessions_of(struct bgp_plan *plan, uint32_t rank, int f, bool mesh,
		      struct bgp_plan_sessions **out)
{
	struct plan_builder b = { .plan = plan,
				  .node = plan->nodes[rank],
				  .rank = rank,
				  .f = f,
				  .mesh = mesh };

	*out = NULL;
	b.out = bgp__mem_get(&plan->mem, sizeof *b.out);
	if (b.out == NULL)
		return BGP_ERR_NOMEM;
	b.out->plan = plan;
	b.out->enabled = b.node->address[f].addr.len != 0;
	build(&b);
	if (b.err != BGP_OK)
		bgp_plan_sessions_del(b.out);
	else
		*out = b.out;
	return b.err;
}

int
bgp_plan_sessions_new(struct bgp_plan *plan, const char *node,
		      bgp_family family, struct bgp_plan_sessions **out)
{
	uint32_t rank = bgp__plan_rank(plan, node);

	*out = NULL;
	if (family != BGP_IPV4_UNICAST && family != BGP_IPV6_UNICAST)
		return BGP_ERR_INVALID;
	if (rank == PLAN_NONE)
		return BGP_ERR_NOENT;
	return bgp__plan_sessions_of(
	    plan, rank, family == BGP_IPV4_UNICAST ? PLAN_V4 : PLAN_V6, true,
	    out);
}

void
bgp_plan_sessions_del(struct bgp_plan_sessions *s)
{
	struct bgp__mem *mem;

	if (s == NULL)
		return;
	mem = &s->plan->mem;
	bgp__mem_put(mem, s->list, s->room * sizeof *s->list);
	bgp__mem_put(mem, s->by_name,
		     3 * (size_t)s->count * sizeof *s->by_name);
	bgp__mem_put(mem, s, sizeof *s);
}

const struct bgp_planned *
bgp_plan_sessions_at(const struct bgp_plan_sessions *s, size_t i)
{
	return i < s->count ? &s->list[s->by_name[i]] : NULL;
}

bool
bgp_plan_sessions_enabled(const struct bgp_plan_sessions *s)
{
	return s->enabled;
}
