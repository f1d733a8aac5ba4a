/*
 * world.c - a network from its scenario, its run, its rest and its end.
 *
 * The head of a scenario, octet by octet:
 *
 *   0-7   seed of latency, pieces and delays     12  families
 *   8     topology: see sim/README.md            13  latency
 *   9     speakers, 2 to 5                       14  options of speakers
 *   10    talkers, 0 to 2                        15  hold time
 *   11    how hosts behave
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

enum {
	AS = 65000,
	EDGE_AS = 65010,
	TALKER_AS = 65020,
	CLUSTER = 0x0a0000ff,
	CALM_MS = 2000,   /* nothing but KEEPALIVEs for so long: rest */
	REST_MS = 900000, /* and it has to come in that time */
	AFTER_MS = 12000, /* and lasts */
};

/* ------------------------------------------------------------------ nodes */

static void
make_hops(struct sim_node *node)
{
	static const struct bgp_addr node4 = { .len = 4,
					       .octets = { 192, 0, 2 } };
	static const struct bgp_addr external = { .len = 4,
						  .octets = { 203, 0, 113 } };
	static const struct bgp_addr node6 = {
		.len = 16, .octets = { 0x20, 1, 0xd, 0xb8 }
	};

	for (unsigned i = 0; i < SIM_HOPS; i++) {
		struct sim_hop *h = &node->hops[i];

		h->addr = i < SIM_NODES ? node4
		    : i < 2 * SIM_NODES ? node6
					: external;
		h->addr.octets[h->addr.len - 1] = (uint8_t)(i % SIM_NODES + 1);
		h->up = true;
		h->cost = sim_below(&node->world->draw, 3);
	}
}

static void
make_style(struct sim_node *node, uint8_t style)
{
	static const uint32_t delays[] = { 0, 1, 10, 100 };
	static const uint32_t reads[] = { 1, 30, 4096, 65536 };
	struct sim_draw *draw = &node->world->draw;

	node->asks_hops = (style & 1) != 0;
	node->eager_hops = (style & 2) != 0;
	node->eager_output = (style & 4) && sim_below(draw, 2) == 0;
	node->eager_close = (style & 8) && sim_below(draw, 2) == 0;
	node->delay_ms = delays[(style >> 4) % 4];
	node->read_max = node->delay_ms > 10
	    ? 65536
	    : reads[sim_below(draw, 4) | (style >> 6) % 4u];
}

static void
make_node(struct sim_world *world, unsigned number, uint32_t as, bool talker)
{
	const uint8_t *head = world->scenario->head;
	struct sim_node *node = &world->nodes[number];
	struct bgp_speaker_options o = BGP_SPEAKER_OPTIONS_INIT;

	node->world = world;
	node->number = number;
	node->talker = talker;
	node->as = as;
	make_hops(node);
	make_style(node, head[11]);
	node->address = node->hops[number].addr;
	node->address6 = node->hops[SIM_NODES + number].addr;
	o.seed = sim_draw(&world->draw);
	o.local_as = as;
	o.router_id = 0x0a000001 + (number * 5 & 7);
	o.budget = head[14] & 1 ? 1 + (head[14] >> 4) : 2048;
	o.equal_paths = head[14] & 2 ? 4 : 1;
	o.compare_med = (head[14] & 4) != 0;
	o.no_client_to_client = (head[14] & 8) != 0 && number == 0;
	node->options = o;
	for (unsigned i = 0; i < SIM_RULES; i++) {
		node->rules[i].kind = (enum sim_rule_kind)(
		    sim_below(&world->draw, SIM_RULE_KINDS));
		node->rules[i].parameter = (uint8_t)sim_draw(&world->draw);
	}
	node->rules[0].kind = SIM_RULE_ACCEPT;
	node->rules[1 + 4 * (number & 1)].kind = SIM_RULE_NEXT_HOP;
	for (unsigned i = 0; i < SIM_NODES; i++) {
		node->peers[i].node = node;
		node->peers[i].to = &world->nodes[i];
	}
}

/* ---------------------------------------------------------------- topology */

static void
link_one(struct sim_world *world, unsigned from, unsigned to, bool client)
{
	static const uint16_t holds[] = { 9, 30, 90, 15 };
	struct sim_peer *peer = &world->nodes[from].peers[to];
	struct bgp_peer_options o = BGP_PEER_OPTIONS_INIT;

	o.address = peer->to->address;
	o.peer_as = peer->to->as;
	o.client = client && peer->to->as == peer->node->as;
	o.own_ipv6 = peer->node->address6;
	o.hold_time_s = holds[world->scenario->head[15] % 4];
	o.connect_retry_s = 5;
	o.family_count = (uint8_t)world->family_count;
	for (unsigned f = 0; f < SIM_FAMILIES; f++) {
		memset(&o.families[f], 0, sizeof o.families[f]);
		o.families[f].family = sim_families[f];
		/* From talkers only: nobody else has more than one path. */
		o.families[f].add_path_receive = peer->to->talker;
		o.families[f].add_path_send = peer->node->talker;
	}
	if (peer->to->as != peer->node->as) {
		o.import_policy = o.export_policy = sim_rule_policy;
		o.import_ctx = o.export_ctx = &peer->node->rules[0];
	}
	peer->options = o;
	peer->linked = peer->present = peer->enabled = true;
}

/* clients: bit 0, `to` is a client of `from`; bit 1, the other way. */
static void
link_two(struct sim_world *world, unsigned from, unsigned to, unsigned clients)
{
	if (from == to || world->nodes[from].peers[to].linked)
		return;
	link_one(world, from, to, clients & 1);
	link_one(world, to, from, clients & 2);
}

static void
full_mesh(struct sim_world *world, unsigned count)
{
	for (unsigned a = 0; a < count; a++)
		for (unsigned b = a + 1; b < count; b++)
			link_two(world, a, b, 0);
}

static void
reflector_pair(struct sim_world *world, unsigned count, bool one_cluster)
{
	link_two(world, 0, 1, 0);
	for (unsigned c = 2; c < count; c++) {
		link_two(world, 0, c, 1);
		link_two(world, 1, c, 1);
	}
	if (one_cluster)
		world->nodes[0].options.cluster_id =
		    world->nodes[1].options.cluster_id = CLUSTER;
}

/* Node 0 above 1 and 2, those above the rest. */
static void
two_tiers(struct sim_world *world, unsigned count)
{
	for (unsigned i = 1; i < count && i < 3; i++)
		link_two(world, 0, i, 1);
	for (unsigned i = 3; i < count; i++) {
		link_two(world, 1, i, 1);
		link_two(world, 2, i, 1);
	}
}

static void
ebgp_edge(struct sim_world *world, unsigned count)
{
	full_mesh(world, count - 1);
	link_two(world, 0, count - 1, 0);
	if (count > 2)
		link_two(world, 1, count - 1, 0);
}

static void
link_all(struct sim_world *world, unsigned topology, unsigned count,
	 unsigned talkers)
{
	switch (topology) {
	case 0:
		full_mesh(world, count);
		break;
	case 1:
	case 2:
		reflector_pair(world, count, topology == 1);
		break;
	case 3:
		two_tiers(world, count);
		break;
	default:
		ebgp_edge(world, count);
		break;
	}
	for (unsigned t = count; t < count + talkers; t++) {
		unsigned client = world->scenario->head[10] >> 4 & 1;

		for (unsigned i = t; i < t + 2; i++)
			if (world->nodes[i % count].as == AS)
				link_two(world, i % count, t, client);
	}
}

void
sim_world_build(struct sim_world *world)
{
	const uint8_t *head = world->scenario->head;
	unsigned count = 2 + head[9] % 4u, talkers = head[10] % 3u;
	unsigned topology = head[8] % 5u;
	static const uint32_t latencies[] = { 1, 3, 20, 200 };

	for (unsigned i = 0; i < 8; i++)
		world->draw.state = world->draw.state << 8 | head[i];
	world->trace = getenv("SIM_TRACE") != NULL;
	world->clock.now_ms = 1000;
	world->latency_ms = latencies[head[13] % 4];
	world->family_count = 1 + head[12] % SIM_FAMILIES;
	world->node_count = count + talkers;
	for (unsigned i = 0; i < count; i++)
		make_node(world, i,
			  topology == 4 && i == count - 1 ? EDGE_AS : AS,
			  false);
	for (unsigned i = count; i < count + talkers; i++)
		make_node(world, i,
			  head[10] >> (5 + i - count) & 1 ? TALKER_AS : AS,
			  true);
	link_all(world, topology, count, talkers);
	for (unsigned i = 0; i < world->node_count; i++)
		SIM_CHECK(world, sim_host_start(&world->nodes[i]));
}

/* --------------------------------------------------------------------- run */

/* Whose process an event is for; NULL: the kernel's. */
static struct sim_node *
node_of(struct sim_world *world, const struct sim_event *event, bool *gone)
{
	struct sim_end *end = &world->ends[event->who];

	*gone = false;
	switch (event->what) {
	case SIM_ARRIVE:
	case SIM_FIN:
	case SIM_RST:
		return NULL;
	case SIM_READ:
	case SIM_WRITE:
	case SIM_CLOSE:
	case SIM_ACCEPT:
	case SIM_CONNECTED:
		*gone = !end->used || end->generation != event->stamp;
		return end->node;
	default:
		*gone = world->nodes[event->who].incarnation != event->stamp ||
		    !world->nodes[event->who].alive;
		return &world->nodes[event->who];
	}
}

static void
happen(struct sim_world *world, const struct sim_event *event)
{
	bool gone;
	struct sim_node *node = node_of(world, event, &gone);

	if (node == NULL) {
		sim_link_event(world, event);
		return;
	}
	if (gone)
		return;
	if (node->stopped && event->what == SIM_TICK) {
		node->tick_ms = UINT64_MAX;
		return;
	}
	if (node->stopped) {
		sim_clock_add(world, event->at_ms + 250, event->what,
			      event->who, event->stamp, event->arg,
			      event->arg2);
		return;
	}
	if (event->what == SIM_READ || event->what == SIM_WRITE ||
	    event->what == SIM_CLOSE)
		sim_socket_event(world, event);
	else if (event->what == SIM_TICK || event->what == SIM_HOP)
		sim_host_event(world, event);
	else
		sim_dial_event(world, event);
	sim_host_rest(node);
}

void
sim_world_run(struct sim_world *world, uint64_t until_ms)
{
	struct sim_event event;

	while (sim_clock_next(&world->clock, until_ms, &event)) {
		world->events++;
		happen(world, &event);
	}
	world->clock.now_ms = until_ms;
}

/* -------------------------------------------------------------------- rest */

static void
heal(struct sim_world *world)
{
	memset(world->cut, 0, sizeof world->cut);
	memset(world->deaf, 0, sizeof world->deaf);
	for (unsigned i = 0; i < world->node_count; i++) {
		struct sim_node *node = &world->nodes[i];

		node->fail_at = 0;
		sim_host_resume(node);
		for (unsigned j = 0; j < SIM_NODES; j++)
			node->peers[j].stalled = false;
		if (!node->alive)
			SIM_CHECK(world, sim_host_start(node));
		sim_host_rest(node);
	}
	for (unsigned i = 0; i < SIM_ENDS; i++) {
		world->ends[i].cut_at = 0;
		sim_end_read_soon(&world->ends[i]);
	}
	world->changed_ms = world->clock.now_ms;
}

/* Neither dials: they stay as they were. */
static bool
both_wait(const struct sim_peer *peer)
{
	return peer->options.passive &&
	    peer->to->peers[peer->node->number].options.passive;
}

/* NULL: all that should be up is. */
static const struct sim_peer *
missing(const struct sim_world *world)
{
	for (unsigned i = 0; i < world->node_count; i++)
		for (unsigned j = 0; j < SIM_NODES; j++) {
			const struct sim_peer *peer = &world->nodes[i].peers[j];

			if (peer->present &&
			    sim_pair_expected(peer) != peer->up &&
			    (peer->up || !both_wait(peer)))
				return peer;
		}
	return NULL;
}

static bool
is_calm(const struct sim_world *world)
{
	if (world->clock.now_ms - world->changed_ms < CALM_MS)
		return false;
	for (unsigned i = 0; i < SIM_ENDS; i++)
		if (world->ends[i].used &&
		    (world->ends[i].len > 0 || world->ends[i].tap.len > 0))
			return false;
	for (unsigned i = 0; i < world->node_count; i++) {
		const struct sim_node *node = &world->nodes[i];

		if (!node->talker && bgp_speaker_deadline(node->speaker) == 0)
			return false;
	}
	return true;
}

void
sim_world_rest(struct sim_world *world)
{
	const struct sim_peer *peer = NULL;
	uint64_t until_ms = world->clock.now_ms + REST_MS, changed_ms;

	sim_note(world, "rest");
	sim_oracle_hold(world);
	heal(world);
	while ((peer = missing(world)) != NULL || !is_calm(world)) {
		if (world->clock.now_ms > until_ms)
			break;
		sim_world_run(world, world->clock.now_ms + 97);
	}
	if (peer != NULL)
		sim_fail(world, "node %u has %u %s for %u s",
			 peer->node->number, peer->to->number,
			 peer->up ? "up, unexpected," : "down", REST_MS / 1000);
	if (!is_calm(world)) {
		world->restless++;
		return;
	}
	world->rests++;
	sim_oracle(world);
	changed_ms = world->changed_ms;
	sim_world_run(world, world->clock.now_ms + AFTER_MS);
	if (world->changed_ms != changed_ms)
		sim_fail(world, "no rest after rest");
}

/* --------------------------------------------------------------------- end */

static void
empty(struct sim_node *node)
{
	struct bgp_nlri nlri;
	uint8_t buf[SIM_NLRI_MAX];

	for (unsigned i = 0; i < SIM_FAMILIES * SIM_PREFIXES; i++) {
		unsigned f = i / SIM_PREFIXES, p = i % SIM_PREFIXES;

		if (!node->local_there[f][p])
			continue;
		sim_nlri(f, p, 0, buf, &nlri);
		SIM_CHECK(node->world,
			  bgp_speaker_withdraw(node->speaker, &nlri) == BGP_OK);
		node->local_there[f][p] = false;
	}
	for (unsigned i = 0; i < SIM_NODES; i++)
		if (node->peers[i].present)
			sim_host_remove(&node->peers[i]);
	sim_host_rest(node);
}

/* With its peers and routes gone, a speaker holds nothing of them. */
static void
check_empty(const struct sim_node *node)
{
	struct bgp_speaker_info info;

	if (node->talker)
		return;
	bgp_speaker_info(node->speaker, &info);
	SIM_CHECK(node->world, info.peer_count == 0);
	SIM_CHECK(node->world, info.destination_count == 0);
	SIM_CHECK(node->world, info.path_count == 0);
	SIM_CHECK(node->world, info.attrs_count == 0);
	SIM_CHECK(node->world, info.group_count == 0);
	SIM_CHECK(node->world, info.octets_sessions == 0);
	for (unsigned i = 0; i < SIM_HOPS; i++)
		SIM_CHECK(node->world, !node->hops[i].watched);
	for (unsigned i = 0; i < SIM_FAMILIES * SIM_PREFIXES; i++)
		SIM_CHECK(node->world,
			  !node->fib[i / SIM_PREFIXES][i % SIM_PREFIXES].there);
}

void
sim_world_end(struct sim_world *world)
{
	for (unsigned i = 0; i < world->node_count; i++)
		empty(&world->nodes[i]);
	sim_world_run(world, world->clock.now_ms + CALM_MS);
	for (unsigned i = 0; i < world->node_count; i++) {
		check_empty(&world->nodes[i]);
		sim_host_kill(&world->nodes[i], false);
	}
	for (unsigned i = 0; i < SIM_ENDS; i++) {
		sim_tap_fini(&world->ends[i].tap);
		free(world->ends[i].octets);
	}
	free(world->clock.heap);
}

void
sim_run(const struct sim_scenario *scenario, struct sim_result *out)
{
	struct sim_world *world = calloc(1, sizeof *world);

	if (world == NULL)
		abort();
	world->scenario = scenario;
	sim_world_build(world);
	for (world->at = 0; world->at < scenario->count; world->at++)
		sim_step(world, scenario->steps[world->at]);
	sim_world_rest(world);
	*out = (struct sim_result){
		.digest = world->digest,
		.octets = world->octets,
		.events = world->events,
		.virtual_ms = world->clock.now_ms,
		.rests = world->rests,
		.restless = world->restless,
	};
	memcpy(out->messages, world->messages, sizeof out->messages);
	sim_world_end(world);
	free(world);
}
