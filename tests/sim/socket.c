/*
 * socket.c - a host reads, writes and closes its sockets, when it gets to it.
 *
 * Reads come in pieces of any size, writes may be taken in part, and what a
 * host was asked to close may stay open for a while.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/* ------------------------------------------------------------------ write */

static size_t
choose(struct sim_end *end, size_t whole)
{
	size_t room = sim_end_room(end), len = whole < room ? whole : room;

	if (len > 1 && sim_below(&end->world->draw, 4) == 0)
		len = 1 + sim_below(&end->world->draw, (uint32_t)len);
	return len;
}

/* Gives the socket what it takes; false: nothing was to be had, or taken. */
static bool
write_some(struct sim_end *end, struct bgp_conn *conn)
{
	struct sim_world *world = end->world;
	struct bgp_span spans[4];
	size_t max = 1 + sim_below(&world->draw, 4), whole = 0, len, left;
	size_t count = bgp_conn_output(conn, spans, max);

	SIM_CHECK(world, count <= max);
	for (size_t i = 0; i < count; i++)
		whole += spans[i].len;
	if (whole == 0)
		return false;
	left = len = choose(end, whole);
	if (len == 0) {
		end->blocked = true;
		return false;
	}
	for (size_t i = 0; i < count && left > 0; i++) {
		size_t n = spans[i].len < left ? spans[i].len : left;

		sim_end_push(end, spans[i].octets, n);
		left -= n;
	}
	SIM_CHECK(world,
		  bgp_conn_sent(conn, len, world->clock.now_ms) == BGP_OK);
	if (end->life == end->peer->life)
		end->peer->octets_out += len;
	return true;
}

static void
write_all(struct sim_end *end, struct bgp_conn *conn)
{
	uint32_t generation = end->generation;

	while (end->generation == generation && end->conn == conn &&
	       !end->closing && write_some(end, conn))
		;
}

void
sim_host_output(struct bgp_conn *conn)
{
	struct sim_end *end = bgp_conn_user(conn);

	end->conn = conn;
	if (!end->node->eager_output)
		sim_end_write_soon(end);
	else if (!end->writing) {
		end->writing = true;
		write_all(end, conn);
		end->writing = false;
	}
}

/* ------------------------------------------------------------------ close */

/* The library is done with it, and now the host is. */
static void
finish(struct sim_end *end)
{
	struct bgp_conn *conn = end->conn;

	end->closing = true;
	while (!end->reset && write_some(end, conn))
		;
	end->conn = NULL;
	bgp_conn_closed(conn, end->world->clock.now_ms);
	sim_end_close(end);
}

void
sim_host_close(struct bgp_conn *conn)
{
	struct sim_end *end = bgp_conn_user(conn);
	struct sim_world *world = end->world;

	SIM_CHECK(world, end->open && !end->closing);
	end->conn = conn;
	end->closing = true;
	if (end->node->eager_close)
		finish(end);
	else
		sim_clock_add(
		    world,
		    world->clock.now_ms +
			sim_below(&world->draw, end->node->delay_ms * 4 + 1),
		    SIM_CLOSE, end->number, end->generation, 0, 0);
}

/* The transport ended without the library. */
static void
lose(struct sim_end *end)
{
	struct bgp_conn *conn = end->conn;

	end->conn = NULL;
	bgp_conn_closed(conn, end->world->clock.now_ms);
	if (end->reset)
		sim_end_vanish(end);
	else
		sim_end_close(end);
}

/* ------------------------------------------------------------------- read */

static void
feed(struct sim_end *end, size_t len)
{
	uint8_t *exact = malloc(len);
	uint32_t generation = end->generation;

	SIM_CHECK(end->world, exact != NULL);
	memcpy(exact, end->octets, len);
	sim_end_pull(end, len);
	sim_tap_input(end, exact, len);
	end->peer->heard_ms = end->world->clock.now_ms;
	if (bgp_conn_input(end->conn, exact, len, end->world->clock.now_ms) ==
		BGP_OK &&
	    end->life == end->peer->life)
		end->peer->octets_in += len;
	free(exact);
	if (end->generation == generation && end->cut_at > 0 &&
	    (end->cut_at -= len) == 0 && end->open) {
		end->reset = end->other->reset = true;
		sim_end_read_soon(end);
		sim_end_read_soon(end->other);
	}
}

static void
read_some(struct sim_end *end)
{
	size_t len = end->arrived;
	uint32_t generation = end->generation;

	if (end->conn == NULL || end->closing || !end->open)
		return;
	if (end->reset) {
		lose(end);
		return;
	}
	if (end->peer->stalled)
		return;
	if (len > end->node->read_max)
		len = 1 + sim_below(&end->world->draw, end->node->read_max);
	if (end->cut_at > 0 && len > end->cut_at)
		len = (size_t)end->cut_at;
	if (len > 0)
		feed(end, len);
	if (end->generation != generation || end->conn == NULL || !end->open)
		return;
	if (end->arrived > 0)
		sim_end_read_soon(end);
	else if (end->fin && end->len == 0 && !end->closing && !end->reset)
		lose(end);
}

void
sim_socket_event(struct sim_world *world, const struct sim_event *event)
{
	struct sim_end *end = &world->ends[event->who];

	switch (event->what) {
	case SIM_READ:
		end->reading = false;
		read_some(end);
		break;
	case SIM_WRITE:
		if (end->conn != NULL && end->open && !end->closing)
			write_all(end, end->conn);
		end->writing = false;
		break;
	default:
		if (end->conn != NULL && end->closing)
			finish(end);
		break;
	}
}
