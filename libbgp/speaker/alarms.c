/*
 * alarms.c - which session is due first, without asking them all.
 */
#include "libbgp/speaker/inside.h"

#define ROOM_MIN 16

static void
put(struct bgp__alarms *alarms, uint32_t at, struct bgp__link *link)
{
	alarms->heap[at] = link;
	link->alarm_at = at;
}

static void
sift_up(struct bgp__alarms *alarms, struct bgp__link *link)
{
	uint32_t at = link->alarm_at, up;

	for (; at > 0; at = up) {
		up = (at - 1) / 2;
		if (alarms->heap[up]->alarm_ms <= link->alarm_ms)
			break;
		put(alarms, at, alarms->heap[up]);
	}
	put(alarms, at, link);
}

static void
sift_down(struct bgp__alarms *alarms, struct bgp__link *link)
{
	uint32_t at = link->alarm_at, down;

	for (; (down = 2 * at + 1) < alarms->count; at = down) {
		if (down + 1 < alarms->count &&
		    alarms->heap[down + 1]->alarm_ms <
			alarms->heap[down]->alarm_ms)
			down++;
		if (alarms->heap[down]->alarm_ms >= link->alarm_ms)
			break;
		put(alarms, at, alarms->heap[down]);
	}
	put(alarms, at, link);
}

void
bgp__alarms_set(struct bgp__alarms *alarms, struct bgp__link *link,
		uint64_t at_ms)
{
	link->alarm_ms = at_ms;
	sift_up(alarms, link);
	sift_down(alarms, link);
}

int
bgp__alarms_add(struct bgp__alarms *alarms, struct bgp__mem *mem,
		struct bgp__link *link)
{
	uint32_t room = alarms->room != 0 ? alarms->room * 2 : ROOM_MIN;
	struct bgp__link **heap;

	if (alarms->count == alarms->room) {
		heap = bgp__mem_grow(mem, alarms->heap, alarms->room, room,
				     sizeof *heap);
		if (heap == NULL)
			return BGP_ERR_NOMEM;
		alarms->heap = heap;
		alarms->room = room;
	}
	link->alarm_at = alarms->count++;
	bgp__alarms_set(alarms, link, UINT64_MAX);
	return BGP_OK;
}

/* The last takes its place. */
void
bgp__alarms_remove(struct bgp__alarms *alarms, struct bgp__link *link)
{
	struct bgp__link *last = alarms->heap[--alarms->count];

	if (last == link)
		return;
	last->alarm_at = link->alarm_at;
	bgp__alarms_set(alarms, last, last->alarm_ms);
}

void
bgp__alarms_fini(struct bgp__alarms *alarms, struct bgp__mem *mem)
{
	bgp__mem_put(mem, alarms->heap, alarms->room * sizeof *alarms->heap);
}
