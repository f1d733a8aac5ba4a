/*
 * find.c - from a name or an address to the node.
 *
 * By halving in arrays that are kept sorted; nothing here allocates.
 */
#include <string.h>

#include "libbgp/plan/plan.h"

uint32_t
bgp__plan_rank(const struct bgp_plan *plan, const char *name)
{
	uint32_t low = 0, high = plan->node_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int order = strcmp(plan->nodes[mid]->name, name);

		if (order == 0)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return PLAN_NONE;
}

uint32_t
bgp__plan_owner(const struct bgp_plan *plan, const struct bgp_addr *addr)
{
	int f = bgp__plan_family(addr);
	uint32_t low = 0, high = plan->address_count[f];

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		uint32_t rank = plan->owners[f][mid];

		if (bgp_addr_compare(&plan->nodes[rank]->address[f].addr,
				     addr) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct address_order {
	const struct bgp_plan *plan;
	int f;
};

static int
by_address(const void *ctx, uint32_t a, uint32_t b)
{
	const struct address_order *o = ctx;
	struct plan_node *const *nodes = o->plan->nodes;
	int order = bgp_addr_compare(&nodes[a]->address[o->f].addr,
				     &nodes[b]->address[o->f].addr);

	return order != 0 ? order : a < b ? -1 : a > b;
}

/* In a name '_' stands for '.' and ':', and sorts behind digits. */
static char
spoken(char c)
{
	return c == '.' || c == ':' ? '_' : c;
}

static int
by_mesh_name(const void *ctx, uint32_t a, uint32_t b)
{
	const struct address_order *o = ctx;
	const char *x = o->plan->nodes[a]->address[o->f].text;
	const char *y = o->plan->nodes[b]->address[o->f].text;

	while (*x != '\0' && *x == *y) {
		x++;
		y++;
	}
	return spoken(*x) - spoken(*y);
}

void
bgp__plan_sort_addresses(struct bgp_plan *plan)
{
	for (int f = 0; f < PLAN_FAMILIES; f++) {
		struct address_order o = { plan, f };
		uint32_t count = 0;

		for (uint32_t i = 0; i < plan->node_count; i++)
			if (plan->nodes[i]->address[f].addr.len != 0)
				plan->owners[f][count++] = i;
		plan->address_count[f] = count;
		memcpy(plan->spoken[f], plan->owners[f],
		       count * sizeof *plan->spoken[f]);
		bgp__plan_sort(plan->owners[f], plan->scratch, count,
			       by_address, &o);
		bgp__plan_sort(plan->spoken[f], plan->scratch, count,
			       by_mesh_name, &o);
	}
}
