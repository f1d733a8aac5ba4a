/*
 * sort.c - put numbers in an order of the caller's, or of names.
 *
 * Merge sort, bottom up: no recursion, no worst case, and nothing to do where
 * the items are in order, as the mesh is.  The C library's qsort may allocate
 * behind the host's back.
 */
#include <string.h>

#include "libbgp/plan/plan.h"

struct order {
	int (*compare)(const void *ctx, uint32_t a, uint32_t b);
	const void *ctx;
};

static bool
sorted(const uint32_t *items, uint32_t count, const struct order *o)
{
	for (uint32_t i = 1; i < count; i++)
		if (o->compare(o->ctx, items[i - 1], items[i]) > 0)
			return false;
	return true;
}

/* from[0 … mid) and from[mid … end), both sorted, into to. */
static void
merge(uint32_t *to, const uint32_t *from, uint32_t mid, uint32_t end,
      const struct order *o)
{
	uint32_t a = 0, b = mid;

	while (a < mid && b < end)
		*to++ = o->compare(o->ctx, from[a], from[b]) <= 0 ? from[a++]
								  : from[b++];
	while (a < mid)
		*to++ = from[a++];
	while (b < end)
		*to++ = from[b++];
}

void
bgp__plan_sort(uint32_t *items, uint32_t *scratch, uint32_t count,
	       int (*compare)(const void *ctx, uint32_t a, uint32_t b),
	       const void *ctx)
{
	const struct order o = { compare, ctx };
	uint32_t *from = items, *to = scratch, *swap;

	if (sorted(items, count, &o))
		return;
	for (uint32_t run = 1; run < count; run *= 2) {
		for (uint32_t at = 0; at < count; at += 2 * run) {
			uint32_t left = count - at;

			merge(to + at, from + at, run < left ? run : left,
			      2 * run < left ? 2 * run : left, &o);
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, count * sizeof *items);
}

/* ------------------------------------------------------------------ by name */

const char *
bgp__plan_name(const struct plan_names *names, uint32_t i)
{
	const char *name;

	memcpy(&name, names->first + i * names->stride + sizeof(size_t),
	       sizeof name);
	return name != NULL ? name : "";
}

static int
by_name(const void *ctx, uint32_t a, uint32_t b)
{
	return strcmp(bgp__plan_name(ctx, a), bgp__plan_name(ctx, b));
}

struct plan_names
bgp__plan_names(const void *first, size_t count)
{
	struct plan_names names = { first, 0 };

	if (count > 0)
		memcpy(&names.stride, first, sizeof names.stride);
	return names;
}

int
bgp__plan_sort_names(const struct plan_names *names, uint32_t *order,
		     uint32_t *scratch, uint32_t count, const char *kind,
		     struct bgp_plan_fault *fault)
{
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	bgp__plan_sort(order, scratch, count, by_name, names);
	for (uint32_t i = 1; i < count; i++)
		if (by_name(names, order[i - 1], order[i]) == 0)
			return bgp__plan_fault(fault, BGP_ERR_EXIST, kind,
					       bgp__plan_name(names, order[i]),
					       "metadata.name",
					       "there is one already");
	return BGP_OK;
}
