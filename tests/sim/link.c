/*
 * link.c - connections: two sockets, and what lies between them.
 *
 * Octets towards an end lie in its buffer, of bounded capacity, from when the
 * sender's host wrote them until this end's host has read them; the first
 * `arrived` of them are there to be read.  FIN and RST travel as long as octets
 * do, FIN behind them.
 *
 *     host --write--> [ under way | arrived ] --read--> host
 *            room          ARRIVE
 *
 * A cut link holds back what travels, and so does a dark node: TCP sends it
 * again.  A socket that is gone answers RST.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

enum { HELD_BACK_MS = 250 };

static struct sim_end *
new_end(struct sim_world *world, struct sim_peer *peer)
{
	struct sim_end *end = NULL;

	for (unsigned i = 0; i < SIM_ENDS && end == NULL; i++)
		if (!world->ends[i].used) {
			end = &world->ends[i];
			end->number = i;
		}
	if (end == NULL)
		return NULL;
	free(end->octets);
	*end = (struct sim_end){
		.world = world,
		.number = end->number,
		.generation = ++world->generations,
		.used = true,
		.node = peer->node,
		.incarnation = peer->node->incarnation,
		.peer = peer,
		.open = true,
		.capacity = 512u << sim_below(&world->draw, 8),
	};
	return end;
}

struct sim_end *
sim_end_pair(struct sim_world *world, struct sim_peer *from,
	     struct sim_peer *to)
{
	struct sim_end *a = new_end(world, from), *b;

	if (a == NULL)
		return NULL;
	b = new_end(world, to);
	if (b == NULL) {
		a->used = false;
		return NULL;
	}
	a->dialled = true;
	a->other = b;
	b->other = a;
	return a;
}

/* ------------------------------------------------------------------- time */

static uint64_t
arrival(struct sim_end *to)
{
	struct sim_world *world = to->world;
	uint64_t at = world->clock.now_ms + world->latency_ms +
	    sim_below(&world->draw, world->latency_ms / 2 + 1);

	if (at < to->last_ms)
		at = to->last_ms;
	to->last_ms = at;
	return at;
}

static void
at_end(struct sim_end *end, uint64_t at_ms, enum sim_what what, size_t len)
{
	sim_clock_add(end->world, at_ms, what, end->number, end->generation,
		      (uint32_t)len, 0);
}

static uint64_t
soon(struct sim_end *end)
{
	const struct sim_node *node = end->node;

	return end->world->clock.now_ms +
	    sim_below(&end->world->draw, node->delay_ms + 1);
}

void
sim_end_read_soon(struct sim_end *end)
{
	if (end->reading || !end->used)
		return;
	end->reading = true;
	at_end(end, soon(end), SIM_READ, 0);
}

void
sim_end_write_soon(struct sim_end *end)
{
	if (end->writing || !end->used)
		return;
	end->writing = true;
	at_end(end, soon(end), SIM_WRITE, 0);
}

/* ----------------------------------------------------------------- octets */

size_t
sim_end_room(const struct sim_end *end)
{
	const struct sim_end *to = end->other;

	if (!end->open || end->reset)
		return SIZE_MAX / 2; /* whatever: nobody reads it */
	return to->len < to->capacity ? to->capacity - to->len : 0;
}

void
sim_end_push(struct sim_end *end, const uint8_t *octets, size_t len)
{
	struct sim_end *to = end->other;

	if (!end->open || end->reset || len == 0)
		return;
	if (to->len + len > to->room) {
		to->room = (to->len + len) * 2;
		to->octets = realloc(to->octets, to->room);
		SIM_CHECK(end->world, to->octets != NULL);
	}
	memcpy(to->octets + to->len, octets, len);
	to->len += len;
	at_end(to, arrival(to), SIM_ARRIVE, len);
}

void
sim_end_pull(struct sim_end *end, size_t len)
{
	struct sim_end *from = end->other;

	memmove(end->octets, end->octets + len, end->len - len);
	end->len -= len;
	end->arrived -= len;
	if (from->blocked) {
		from->blocked = false;
		sim_end_write_soon(from);
	}
}

/* ------------------------------------------------------------------ ends */

/* Two ends that both hosts are done with are free. */
static void
settle(struct sim_end *end)
{
	struct sim_end *other = end->other;

	if (end->open || other->open || end->conn != NULL ||
	    other->conn != NULL)
		return;
	sim_tap_fini(&end->tap);
	sim_tap_fini(&other->tap);
	end->used = other->used = false;
}

void
sim_end_close(struct sim_end *end)
{
	if (!end->open)
		return;
	end->open = false;
	end->len = end->arrived = 0;
	if (end->other->open)
		at_end(end->other, arrival(end->other), SIM_FIN, 0);
	settle(end);
}

void
sim_end_break(struct sim_end *end)
{
	if (!end->open)
		return;
	end->open = false;
	end->len = end->arrived = 0;
	if (end->other->open)
		at_end(end->other, arrival(end->other), SIM_RST, 0);
	settle(end);
}

void
sim_end_vanish(struct sim_end *end)
{
	end->open = false;
	end->len = end->arrived = 0;
	settle(end);
}

/* ----------------------------------------------------------------- events */

/* What comes to a socket that is not there. */
static void
answer_reset(struct sim_end *end)
{
	if (end->other->open)
		at_end(end->other, arrival(end->other), SIM_RST, 0);
}

static void
arrive(struct sim_end *end, size_t len)
{
	if (!end->open) {
		answer_reset(end);
		return;
	}
	if (end->reset)
		return;
	end->arrived += len;
	sim_end_read_soon(end);
}

void
sim_link_event(struct sim_world *world, const struct sim_event *event)
{
	struct sim_end *end = &world->ends[event->who];
	const struct sim_node *a = end->node;

	if (!end->used || end->generation != event->stamp)
		return;
	if (a->dark || world->cut[a->number][end->other->node->number]) {
		at_end(end, world->clock.now_ms + HELD_BACK_MS, event->what,
		       event->arg);
		return;
	}
	if (event->what == SIM_ARRIVE) {
		arrive(end, event->arg);
	} else if (!end->open) {
		return;
	} else if (event->what == SIM_FIN) {
		end->fin = true;
		sim_end_read_soon(end);
	} else {
		end->reset = true;
		end->len = end->arrived = 0;
		sim_end_read_soon(end);
	}
}
