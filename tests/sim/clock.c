/*
 * clock.c - what happens next: a binary heap of events.
 *
 * Of two events at the same moment, the one that was added first comes first.
 */
#include <stdlib.h>

#include "sim.h"

static bool
is_before(const struct sim_event *a, const struct sim_event *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void
swap(struct sim_event *a, struct sim_event *b)
{
	struct sim_event kept = *a;

	*a = *b;
	*b = kept;
}

void
sim_clock_add(struct sim_world *world, uint64_t at_ms, enum sim_what what,
	      uint32_t who, uint32_t stamp, uint32_t arg, uint32_t arg2)
{
	struct sim_clock *clock = &world->clock;
	size_t i = clock->count;

	if (i == clock->room) {
		clock->room = clock->room * 2 + 256;
		clock->heap = realloc(clock->heap,
				      clock->room * sizeof *clock->heap);
		SIM_CHECK(world, clock->heap != NULL);
	}
	if (at_ms < clock->now_ms)
		at_ms = clock->now_ms;
	clock->heap[clock->count++] = (struct sim_event){
		at_ms, clock->order++, what, who, stamp, arg, arg2
	};
	for (; i > 0 && is_before(&clock->heap[i], &clock->heap[(i - 1) / 2]);
	     i = (i - 1) / 2)
		swap(&clock->heap[i], &clock->heap[(i - 1) / 2]);
}

static void
sift_down(struct sim_clock *clock)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < clock->count) {
		if (child + 1 < clock->count &&
		    is_before(&clock->heap[child + 1], &clock->heap[child]))
			child++;
		if (!is_before(&clock->heap[child], &clock->heap[i]))
			return;
		swap(&clock->heap[child], &clock->heap[i]);
		i = child;
	}
}

bool
sim_clock_next(struct sim_clock *clock, uint64_t until_ms,
	       struct sim_event *out)
{
	if (clock->count == 0 || clock->heap[0].at_ms > until_ms)
		return false;
	*out = clock->heap[0];
	clock->heap[0] = clock->heap[--clock->count];
	sift_down(clock);
	clock->now_ms = out->at_ms;
	return true;
}
