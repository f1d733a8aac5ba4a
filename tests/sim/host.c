/*
 * host.c - the process around a speaker: its life, its memory, what it does
 * when it is called back.
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

enum { SPIN_MAX = 20000, FILL_MAX = 1024 };

/* ----------------------------------------------------------------- memory */

void *
sim_host_resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	struct sim_node *node = ctx;
	void *fresh;

	if (new_len == 0) {
		node->octets -= ptr != NULL ? old_len : 0;
		free(ptr);
		return NULL;
	}
	if (++node->allocations == node->fail_at) {
		node->failed = true;
		sim_note(node->world, "  %u has no memory", node->number);
		return NULL;
	}
	/* Always elsewhere, so that what points to the old octets shows. */
	fresh = malloc(new_len);
	SIM_CHECK(node->world, fresh != NULL);
	memset(fresh, 0xa5, new_len < FILL_MAX ? new_len : FILL_MAX);
	if (ptr != NULL)
		memcpy(fresh, ptr, old_len < new_len ? old_len : new_len);
	node->octets += new_len - (ptr != NULL ? old_len : 0);
	free(ptr);
	return fresh;
}

/* -------------------------------------------------------------- callbacks */

static struct sim_peer *
of(const struct bgp_peer *peer)
{
	return bgp_peer_user(peer);
}

static void
on_connect(void *ctx, struct bgp_peer *peer)
{
	(void)ctx;
	sim_host_connect(of(peer));
}

static void
on_cancel(void *ctx, struct bgp_peer *peer)
{
	(void)ctx;
	sim_host_cancel(of(peer));
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	sim_host_close(conn);
}

static void
on_output(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	sim_host_output(conn);
}

void
sim_host_state(struct sim_peer *peer, enum bgp_state to)
{
	struct sim_world *world = peer->node->world;
	bool up = to == BGP_ESTABLISHED;

	sim_note(world, "  %u: %u is %s", peer->node->number, peer->to->number,
		 bgp_state_text(to));
	if (up != peer->up)
		world->changed_ms = world->clock.now_ms;
	peer->up = up;
}

static void
on_state(void *ctx, struct bgp_peer *peer, enum bgp_state from,
	 enum bgp_state to)
{
	struct sim_node *node = ctx;

	SIM_CHECK(node->world, from != to);
	SIM_CHECK(node->world, of(peer)->up == (from == BGP_ESTABLISHED));
	sim_host_state(of(peer), to);
}

static void
on_fault(void *ctx, struct bgp_peer *peer, const struct bgp_fault *fault,
	 struct bgp_span msg)
{
	const struct sim_node *node = ctx;

	(void)msg;
	sim_fail(node->world, "node %u finds fault with %u: %s", node->number,
		 of(peer)->to->number, fault->reason);
}

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	struct sim_node *node = ctx;
	struct sim_fib *fib;
	unsigned family, prefix;

	SIM_CHECK(node->world, sim_nlri_number(&route->nlri, &family, &prefix));
	fib = &node->fib[family][prefix];
	SIM_CHECK(node->world, fib->there == (route->op != BGP_FIB_INSTALL));
	SIM_CHECK(node->world,
		  (route->op == BGP_FIB_REMOVE) == (route->attrs == NULL));
	SIM_CHECK(node->world,
		  route->next_hop_count <= node->options.equal_paths);
	fib->there = route->op != BGP_FIB_REMOVE;
	fib->count = (uint8_t)route->next_hop_count;
	for (size_t i = 0; i < route->next_hop_count; i++)
		fib->hops[i] = route->next_hops[i];
}

int
sim_node_hop(const struct sim_node *node, const struct bgp_addr *addr)
{
	for (int i = 0; i < SIM_HOPS; i++)
		if (bgp_addr_compare(&node->hops[i].addr, addr) == 0)
			return i;
	return -1;
}

void
sim_host_answer(struct sim_node *node, unsigned hop)
{
	const struct sim_hop *h = &node->hops[hop];

	if (h->watched && node->alive && node->asks_hops)
		SIM_CHECK(node->world,
			  bgp_speaker_next_hop(node->speaker, &h->addr, h->up,
					       h->cost) == BGP_OK);
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	struct sim_node *node = ctx;
	struct sim_world *world = node->world;
	int hop = sim_node_hop(node, addr);

	SIM_CHECK(world, hop >= 0 && !node->hops[hop].watched);
	node->hops[hop].watched = true;
	sim_note(world, "  %u watches hop %d", node->number, hop);
	if (node->eager_hops)
		sim_host_answer(node, (unsigned)hop);
	else
		sim_clock_add(
		    world,
		    world->clock.now_ms +
			sim_below(&world->draw, node->delay_ms * 8 + 1),
		    SIM_HOP, node->number, node->incarnation, (uint32_t)hop, 0);
	world->changed_ms = world->clock.now_ms;
}

static void
on_unwatch(void *ctx, const struct bgp_addr *addr)
{
	struct sim_node *node = ctx;
	int hop = sim_node_hop(node, addr);

	SIM_CHECK(node->world, hop >= 0 && node->hops[hop].watched);
	node->hops[hop].watched = false;
}

static const struct bgp_speaker_events events = {
	.size = sizeof events,
	.connect = on_connect,
	.cancel = on_cancel,
	.close = on_close,
	.output = on_output,
	.peer_state = on_state,
	.peer_fault = on_fault,
	.route = on_route,
	.next_hop_watch = on_watch,
	.next_hop_unwatch = on_unwatch,
};

/* ------------------------------------------------------------------- life */

bool
sim_host_add(struct sim_peer *peer)
{
	struct sim_node *node = peer->node;
	uint64_t now = node->world->clock.now_ms;
	int err;

	if (node->talker) {
		peer->present = sim_talker_add(peer);
		return peer->present;
	}
	peer->octets_in = peer->octets_out = 0;
	peer->up = peer->dialling = false;
	peer->life++;
	peer->options.user = peer;
	err = bgp_peer_add(node->speaker, &peer->options, &peer->peer);
	SIM_CHECK(node->world,
		  err == BGP_OK || (err == BGP_ERR_NOMEM && node->failed));
	peer->present = err == BGP_OK;
	if (peer->present && peer->enabled)
		SIM_CHECK(node->world,
			  bgp_peer_enable(peer->peer, now) == BGP_OK);
	return peer->present;
}

void
sim_host_remove(struct sim_peer *peer)
{
	struct sim_node *node = peer->node;

	if (node->talker) {
		sim_talker_remove(peer);
	} else {
		bgp_peer_remove(peer->peer, node->world->clock.now_ms);
		peer->peer = NULL;
	}
	peer->present = peer->dialling = peer->up = false;
	peer->attempt++;
}

int
sim_host_announce(struct sim_node *node, unsigned family, unsigned prefix,
		  const struct sim_route *route)
{
	const struct bgp_addr hop = sim_route_hop(route);
	struct bgp_attr attrs[16];
	struct bgp_nlri nlri;
	uint8_t buf[SIM_NLRI_MAX];

	sim_nlri(family, prefix, route->label, buf, &nlri);
	return bgp_speaker_announce(node->speaker, &nlri, &hop, attrs,
				    sim_attr_views(route, attrs, 16));
}

/* The peers of its configuration, and its own routes. */
static void
populate(struct sim_node *node)
{
	for (unsigned i = 0; i < SIM_NODES; i++)
		if (node->peers[i].linked && node->peers[i].present)
			sim_host_add(&node->peers[i]);
	for (unsigned i = 0; i < SIM_FAMILIES * SIM_PREFIXES; i++) {
		unsigned f = i / SIM_PREFIXES, p = i % SIM_PREFIXES;

		if (!node->talker && node->local_there[f][p] &&
		    sim_host_announce(node, f, p, &node->local[f][p]) != BGP_OK)
			node->local_there[f][p] = false;
	}
}

/* A process that was stopped goes on. */
void
sim_host_resume(struct sim_node *node)
{
	if (!node->stopped)
		return;
	node->stopped = false;
	node->resumed_ms = node->world->clock.now_ms;
	sim_host_rest(node);
}

bool
sim_host_start(struct sim_node *node)
{
	struct bgp_speaker_events with = events;
	int err;

	node->incarnation++;
	node->tick_ms = UINT64_MAX;
	node->dark = node->stopped = false;
	memset(node->fib, 0, sizeof node->fib);
	for (unsigned i = 0; i < SIM_HOPS; i++)
		node->hops[i].watched = false;
	if (!node->talker) {
		with.ctx = node;
		if (!node->asks_hops)
			with.next_hop_watch = with.next_hop_unwatch = NULL;
		node->options.alloc.resize = sim_host_resize;
		node->options.alloc.ctx = node;
		err = bgp_speaker_new(&node->speaker, &node->options, &with);
		SIM_CHECK(node->world,
			  err == BGP_OK ||
			      (err == BGP_ERR_NOMEM && node->failed));
		if (err != BGP_OK) {
			SIM_CHECK(node->world, node->octets == 0);
			return false;
		}
	}
	node->alive = true;
	populate(node);
	sim_host_rest(node);
	return true;
}

void
sim_host_kill(struct sim_node *node, bool dark)
{
	struct sim_world *world = node->world;

	for (unsigned i = 0; i < SIM_NODES; i++) {
		struct sim_peer *peer = &node->peers[i];

		if (peer->present && node->talker)
			sim_talker_remove(peer);
		peer->dialling = peer->up = false;
		peer->attempt++;
	}
	bgp_speaker_del(node->speaker);
	SIM_CHECK(world, node->octets == 0);
	node->speaker = NULL;
	node->alive = false;
	node->dark = dark;
	for (unsigned i = 0; i < SIM_ENDS; i++) {
		struct sim_end *end = &world->ends[i];

		if (!end->used || end->node != node)
			continue;
		end->conn = NULL;
		if (dark)
			sim_end_vanish(end);
		else
			sim_end_break(end);
	}
}

/* ------------------------------------------------------------------- time */

void
sim_host_rest(struct sim_node *node)
{
	struct sim_world *world = node->world;
	uint64_t at;

	if (!node->alive || node->stopped)
		return;
	at = node->talker ? sim_talker_deadline(node)
			  : bgp_speaker_deadline(node->speaker);
	if (at == UINT64_MAX)
		return;
	if (at < world->clock.now_ms)
		at = world->clock.now_ms;
	at += sim_below(&world->draw, node->delay_ms + 1);
	if (at >= node->tick_ms)
		return;
	node->tick_ms = at;
	sim_clock_add(world, at, SIM_TICK, node->number, node->incarnation, 0,
		      0);
}

static void
tick(struct sim_node *node)
{
	uint64_t now = node->world->clock.now_ms;

	if (node->ticks_at_ms != now)
		node->ticks = 0;
	node->ticks_at_ms = now;
	SIM_CHECK(node->world, ++node->ticks < SPIN_MAX);
	node->tick_ms = UINT64_MAX;
	if (node->talker)
		sim_talker_tick(node);
	else
		bgp_speaker_tick(node->speaker, now);
}

void
sim_host_event(struct sim_world *world, const struct sim_event *event)
{
	struct sim_node *node = &world->nodes[event->who];

	if (event->what == SIM_HOP)
		sim_host_answer(node, event->arg);
	else if (node->tick_ms == event->at_ms)
		tick(node);
}
