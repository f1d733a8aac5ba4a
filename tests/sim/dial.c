/*
 * dial.c - one host dials, the other accepts, each when it gets to it.
 *
 *   connect --DIAL--> listening? --ACCEPT--> bgp_peer_accept
 *                         |--CONNECTED--> bgp_peer_connected
 *                         `--FAILED-----> bgp_peer_connect_failed
 *
 * A dial into a cut link or to a dark node is not answered for 20 s.
 */
#include "sim.h"

enum { NO_ANSWER_MS = 20000 };

static void
at_peer(struct sim_peer *peer, uint64_t wait_ms, enum sim_what what)
{
	struct sim_world *world = peer->node->world;

	sim_clock_add(world, world->clock.now_ms + wait_ms, what,
		      peer->node->number, peer->node->incarnation,
		      peer->to->number, peer->attempt);
}

static uint32_t
wait_of(const struct sim_node *node)
{
	struct sim_world *world = node->world;

	return world->latency_ms + sim_below(&world->draw, node->delay_ms + 1);
}

void
sim_host_connect(struct sim_peer *peer)
{
	peer->attempt++;
	peer->dialling = true;
	at_peer(peer, wait_of(peer->node), SIM_DIAL);
}

void
sim_host_cancel(struct sim_peer *peer)
{
	peer->attempt++;
	peer->dialling = false;
}

static void
dial(struct sim_peer *peer)
{
	struct sim_world *world = peer->node->world;
	struct sim_node *to = peer->to;
	struct sim_peer *back = &to->peers[peer->node->number];
	struct sim_end *end = NULL;

	if (to->dark || world->cut[peer->node->number][to->number]) {
		at_peer(peer, NO_ANSWER_MS, SIM_FAILED);
		return;
	}
	if (to->alive && !world->deaf[to->number] && back->present)
		end = sim_end_pair(world, peer, back);
	if (end == NULL) {
		at_peer(peer, world->latency_ms, SIM_FAILED);
		return;
	}
	sim_clock_add(world, world->clock.now_ms + wait_of(peer->node),
		      SIM_CONNECTED, end->number, end->generation,
		      peer->attempt, 0);
	sim_clock_add(
	    world, world->clock.now_ms + wait_of(to) - world->latency_ms,
	    SIM_ACCEPT, end->other->number, end->other->generation, 0, 0);
}

static void
hand_in(struct sim_end *end, struct bgp_conn *conn)
{
	end->conn = conn;
	if (conn == NULL) {
		sim_end_break(end);
		return;
	}
	sim_end_read_soon(end);
	sim_end_write_soon(end);
}

static void
accept(struct sim_end *end)
{
	struct bgp_conn *conn = NULL;
	struct sim_peer *peer = end->peer;
	uint64_t now = end->world->clock.now_ms;

	end->handed = true;
	end->life = peer->life;
	if (!peer->present || end->reset) {
		sim_end_break(end);
		return;
	}
	if (peer->node->talker)
		bgp_session_accept(peer->session, end, now, &conn);
	else
		bgp_peer_accept(peer->peer, &peer->node->address, end, now,
				&conn);
	hand_in(end, conn);
}

static void
fail(struct sim_peer *peer)
{
	uint64_t now = peer->node->world->clock.now_ms;

	peer->dialling = false;
	if (peer->node->talker)
		bgp_session_connect_failed(peer->session, now);
	else
		bgp_peer_connect_failed(peer->peer, now);
}

static void
connected(struct sim_end *end, uint32_t attempt)
{
	struct bgp_conn *conn = NULL;
	struct sim_peer *peer = end->peer;
	uint64_t now = end->world->clock.now_ms;

	end->handed = true;
	end->life = peer->life;
	if (!peer->dialling || peer->attempt != attempt) {
		sim_end_break(end);
		return;
	}
	if (end->reset) {
		sim_end_break(end);
		fail(peer);
		return;
	}
	peer->dialling = false;
	if (peer->node->talker)
		bgp_session_connected(peer->session, end, now, &conn);
	else
		bgp_peer_connected(peer->peer, &peer->node->address, end, now,
				   &conn);
	hand_in(end, conn);
}

void
sim_dial_event(struct sim_world *world, const struct sim_event *event)
{
	struct sim_end *end;
	struct sim_peer *peer;

	if (event->what == SIM_ACCEPT || event->what == SIM_CONNECTED) {
		end = &world->ends[event->who];
		if (!end->open)
			return;
		if (event->what == SIM_ACCEPT)
			accept(end);
		else
			connected(end, event->arg);
		return;
	}
	peer = &world->nodes[event->who].peers[event->arg];
	if (!peer->dialling || peer->attempt != event->arg2)
		return;
	if (event->what == SIM_DIAL)
		dial(peer);
	else
		fail(peer);
}
