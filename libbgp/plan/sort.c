/*
 * sort.c - put numbers in an order of the caller's.
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
		*to++ = o->compare(o->ctx, from[a], from[b]) <= 0 ? from[a++] :
								    from[b++];
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
