/*
 * step.c - what a scenario does to a world, one step of eight octets at a time.
 *
 *   0 verb   1 wait before it   2 node   3 peer   4-7 arguments
 *
 * A step that makes no sense where it comes (a dead node, a pair that is none)
 * does nothing, so that any octets are a scenario and any steps may be left
 * out.
 */
#include <string.h>

#include "sim.h"

struct step {
	struct sim_world *world;
	struct sim_node *node;
	struct sim_peer *peer; /* NULL: no such pair */
	const uint8_t *octets;
	struct sim_draw draw; /* of the arguments */
};

/* ------------------------------------------------------------------ routes */

static void
make_path(struct step *s, struct sim_route *route)
{
	uint8_t path[2 + 4 * 4] = { BGP_AS_SEQUENCE };
	bool external = s->node->as == 65020;
	unsigned count = sim_below(&s->draw, 3);

	if (external)
		sim_store32(path + 2 + 4 * path[1]++, s->node->as);
	for (unsigned i = 0; i < count; i++)
		sim_store32(path + 2 + 4 * path[1]++,
			    64900 + sim_below(&s->draw, 3));
	if (sim_below(&s->draw, 24) == 0)
		sim_store32(path + 2 + 4 * path[1]++, 65000);
	if (path[1] == 0)
		sim_attr_set(route, 0x40, BGP_ATTR_AS_PATH, path, 0);
	else
		sim_attr_set(route, 0x40, BGP_ATTR_AS_PATH, path,
			     2u + 4u * path[1]);
}

/* The stamp first; then, at times, where the route may go. */
static void
make_communities(struct step *s, struct sim_route *route)
{
	uint8_t value[8];
	uint32_t kind = sim_below(&s->draw, 16);

	sim_store32(value,
		    0x40000000u | s->node->number << 16 |
			(++s->world->serial & 0xffff));
	sim_store32(value + 4, kind == 0 ? 0xffffff01u : 0xffffff02u);
	sim_attr_set(route, 0xc0, BGP_ATTR_COMMUNITIES, value,
		     kind < 2 ? 8 : 4);
}

/* As if another reflector had sent it. */
static void
make_reflected(struct step *s, struct sim_route *route)
{
	uint8_t list[12];
	unsigned count = 1 + sim_below(&s->draw, 3);

	for (unsigned i = 0; i < count; i++)
		sim_store32(list + 4 * i, 0x0c000000 + sim_below(&s->draw, 3));
	if (sim_below(&s->draw, 8) == 0)
		sim_store32(list, 0x0a0000ff);
	sim_attr_set_u32(route, 0x80, BGP_ATTR_ORIGINATOR_ID,
			 0x0a000001 + sim_below(&s->draw, 12));
	sim_attr_set(route, 0x80, BGP_ATTR_CLUSTER_LIST, list, 4 * count);
}

static void
make_route(struct step *s, struct sim_route *route)
{
	bool internal = s->node->as == 65000;
	uint8_t origin = (uint8_t)(sim_below(&s->draw, 6) / 3);

	memset(route, 0, sizeof *route);
	make_communities(s, route);
	sim_attr_set(route, 0x40, BGP_ATTR_ORIGIN, &origin, 1);
	make_path(s, route);
	if (sim_below(&s->draw, 2) == 0)
		sim_attr_set_u32(route, 0x80, BGP_ATTR_MED,
				 sim_below(&s->draw, 3));
	if (internal && (s->node->talker || sim_below(&s->draw, 4) == 0))
		sim_attr_set_u32(route, 0x40, BGP_ATTR_LOCAL_PREF,
				 100 + 10 * (sim_below(&s->draw, 5) / 4));
	route->label = (uint8_t)sim_below(&s->draw, 3);
}

static void
make_hop(struct step *s, struct sim_route *route)
{
	unsigned family = route->family;
	const struct bgp_addr *addr = &s->node->address;

	if (family == 1)
		addr = &s->node->address6;
	else if (sim_below(&s->draw, 2) == 0)
		addr = &s->node
			    ->hops[2 * SIM_NODES +
				   sim_below(&s->draw, SIM_EXTERNALS)]
			    .addr;
	sim_route_set_hop(route, addr);
}

static unsigned
family_at(const struct step *s)
{
	return s->octets[4] % s->world->family_count;
}

static unsigned
prefix_at(const struct step *s)
{
	return s->octets[5] % SIM_PREFIXES;
}

static void
say(struct step *s, bool there)
{
	unsigned f = family_at(s), p = prefix_at(s);
	unsigned path = s->octets[6] % SIM_PATHS;
	struct sim_route *route = &s->node->said[f][p][path];
	struct bgp_nlri nlri;
	uint8_t buf[SIM_NLRI_MAX];

	if (there) {
		make_route(s, route);
		sim_nlri(f, p, route->label, buf, &nlri);
		sim_route_set_nlri(route, &nlri);
		make_hop(s, route);
		if (s->node->as == 65000 && sim_below(&s->draw, 3) == 0)
			make_reflected(s, route);
	} else if (!s->node->said_there[f][p][path]) {
		return;
	}
	s->node->said_there[f][p][path] = there;
	sim_talker_tell(s->node, f, p, path);
}

static void
check_answer(const struct step *s, int err)
{
	SIM_CHECK(s->world,
		  err == BGP_OK || (err == BGP_ERR_NOMEM && s->node->failed));
}

static void
announce(struct step *s)
{
	unsigned f = family_at(s), p = prefix_at(s);
	struct sim_route route;
	struct bgp_nlri nlri;
	uint8_t buf[SIM_NLRI_MAX];
	int err;

	if (s->node->talker) {
		say(s, true);
		return;
	}
	make_route(s, &route);
	sim_nlri(f, p, route.label, buf, &nlri);
	sim_route_set_nlri(&route, &nlri);
	if (sim_below(&s->draw, 4) == 0) {
		make_hop(s, &route);
		route.hop_set = true;
	}
	err = sim_host_announce(s->node, f, p, &route);
	check_answer(s, err);
	if (err != BGP_OK)
		return;
	s->node->local[f][p] = route;
	s->node->local_there[f][p] = true;
}

static void
withdraw(struct step *s)
{
	unsigned f = family_at(s), p = prefix_at(s);
	struct bgp_nlri nlri;
	uint8_t buf[SIM_NLRI_MAX];
	int err;

	if (s->node->talker) {
		say(s, false);
		return;
	}
	sim_nlri(f, p, 0, buf, &nlri);
	err = bgp_speaker_withdraw(s->node->speaker, &nlri);
	if (!s->node->local_there[f][p]) {
		SIM_CHECK(s->world, err == BGP_ERR_NOENT);
		return;
	}
	SIM_CHECK(s->world, err == BGP_OK);
	s->node->local_there[f][p] = false;
}

static void
flip_hop(struct step *s)
{
	struct sim_hop *hop = &s->node->hops[s->octets[4] % SIM_HOPS];

	hop->up = s->octets[5] % 4 != 0;
	hop->cost = s->octets[6] % 3;
	if (!s->node->talker)
		sim_host_answer(s->node, s->octets[4] % SIM_HOPS);
}

/* ------------------------------------------------------------------- peers */

static bool
is_speaker_peer(const struct step *s)
{
	return s->peer != NULL && s->peer->present && !s->node->talker;
}

static void
enable(struct step *s)
{
	uint64_t now = s->world->clock.now_ms;
	int err;

	if (s->peer == NULL || !s->peer->present || s->peer->enabled)
		return;
	err = s->node->talker ? bgp_session_start(s->peer->session, now)
			      : bgp_peer_enable(s->peer->peer, now);
	SIM_CHECK(s->world, err == BGP_OK);
	s->peer->enabled = true;
}

static void
disable(struct step *s)
{
	uint64_t now = s->world->clock.now_ms;
	int err;

	if (s->peer == NULL || !s->peer->present || !s->peer->enabled)
		return;
	err = s->node->talker ? bgp_session_stop(s->peer->session, "step", now)
			      : bgp_peer_disable(s->peer->peer, "step", now);
	SIM_CHECK(s->world, err == BGP_OK);
	s->peer->enabled = false;
}

static void
restart(struct step *s)
{
	int err;

	if (!is_speaker_peer(s))
		return;
	err = bgp_peer_restart(s->peer->peer, NULL, s->world->clock.now_ms);
	SIM_CHECK(s->world, err == (s->peer->enabled ? BGP_OK : BGP_ERR_STATE));
}

static void
remove_peer(struct step *s)
{
	if (is_speaker_peer(s))
		sim_host_remove(s->peer);
}

static void
add_peer(struct step *s)
{
	if (s->peer == NULL || s->peer->present || s->node->talker)
		return;
	s->peer->enabled = true;
	sim_host_add(s->peer);
}

static void
reload(struct step *s)
{
	int err;

	if (!is_speaker_peer(s))
		return;
	if (s->octets[4] & 1) {
		err = bgp_peer_reload_out(s->peer->peer);
		if (!s->peer->up)
			SIM_CHECK(s->world, err == BGP_ERR_STATE);
		else
			check_answer(s, err);
		return;
	}
	err = bgp_peer_reload_in(s->peer->peer);
	check_answer(s, err);
}

/* Or the same again, unasked. */
static void
refresh(struct step *s)
{
	if (s->node->talker && (s->octets[5] & 3) == 3) {
		for (unsigned i = 0; i < SIM_PREFIXES * SIM_PATHS; i++)
			if (s->node
				->said_there[0][i / SIM_PATHS][i % SIM_PATHS])
				sim_talker_tell(s->node, 0, i / SIM_PATHS,
						i % SIM_PATHS);
		return;
	}
	if (s->node->talker && s->peer != NULL)
		sim_talker_refresh(s->peer, s->octets[4] % SIM_FAMILIES);
}

/* The rules of import may change under the speaker, which then is asked to
 * judge again. */
static void
edit_rule(struct step *s)
{
	unsigned number = s->octets[4] % (SIM_RULES / 2);
	struct sim_rule *rule = &s->node->rules[number];

	if (number == 0 || s->node->talker)
		return;
	rule->kind = s->octets[5] >= 224
	    ? SIM_RULE_NEXT_HOP
	    : (enum sim_rule_kind)(s->octets[5] % SIM_RULE_KINDS);
	rule->parameter = s->octets[6];
	for (unsigned i = 0; i < SIM_NODES; i++) {
		const struct sim_peer *peer = &s->node->peers[i];

		if (peer->present && peer->options.import_ctx == rule)
			check_answer(s, bgp_peer_reload_in(peer->peer));
	}
}

/* ------------------------------------------------------------- configure */

static void
set_rule(struct step *s, bgp_policy **policy, void **ctx, unsigned first)
{
	unsigned choice = s->octets[5] % 8u;

	*policy = choice < 6 ? sim_rule_policy : bgp_policy_accept;
	*ctx = choice < 4 ? &s->node->rules[first + choice] : NULL;
	if (choice >= 4)
		*policy = choice == 7 ? NULL : bgp_policy_accept;
}

static void
change(struct step *s, struct bgp_peer_options *o)
{
	static const uint16_t holds[] = { 9, 15, 30, 90 };
	unsigned value = s->octets[5];

	switch (s->octets[4] % 16u) {
	case 0:
	case 1:
	case 2:
		set_rule(s, &o->import_policy, &o->import_ctx, 0);
		break;
	case 3:
	case 4:
	case 5:
		set_rule(s, &o->export_policy, &o->export_ctx, 4);
		break;
	case 6:
		o->next_hop = (enum bgp_next_hop_mode)(value % 3);
		break;
	case 7:
		o->client = !o->client && s->peer->to->as == s->node->as;
		break;
	case 8:
		o->hold_time_s = holds[value % 4];
		break;
	case 9:
		o->passive = !o->passive;
		break;
	case 10:
		o->family_count = (uint8_t)(1 + value % SIM_FAMILIES);
		break;
	case 11:
		o->own_ipv6.len = o->own_ipv6.len != 0 ? 0 : 16;
		break;
	case 12:
		o->own_as_allowed = (uint8_t)(value % 3);
		break;
	case 13:
		o->ext_message = !o->ext_message;
		break;
	case 14:
		if (value & 1)
			o->no_refresh = !o->no_refresh;
		else
			o->families[0].add_path_receive =
			    !o->families[0].add_path_receive &&
			    s->peer->to->talker;
		break;
	default:
		o->idle_hold_s = (uint16_t)(value % 4);
		o->connect_retry_s = (uint16_t)(value % 16);
		o->delay_open_s = (uint16_t)(value / 64);
		break;
	}
}

static void
configure(struct step *s)
{
	struct bgp_peer_options o;
	int err;

	if (!is_speaker_peer(s))
		return;
	o = s->peer->options;
	change(s, &o);
	sim_note(s->world, "  option %u", s->octets[4] % 16u);
	err = bgp_peer_configure(s->peer->peer, &o, s->world->clock.now_ms);
	if (err != 1)
		check_answer(s, err);
	if (err >= 0)
		s->peer->options = o;
}

/* ------------------------------------------------------------------ faults */

static void
stall(struct step *s)
{
	if (s->peer == NULL)
		return;
	s->peer->stalled = !s->peer->stalled;
	for (unsigned i = 0; i < SIM_ENDS; i++)
		if (s->world->ends[i].used && s->world->ends[i].peer == s->peer)
			sim_end_read_soon(&s->world->ends[i]);
}

/* RST, once so many octets more were read. */
static void
break_soon(struct step *s)
{
	struct sim_end *end = s->peer != NULL ? sim_peer_end(s->peer) : NULL;

	if (end != NULL)
		end->cut_at = 1 + s->octets[4] % 100u;
}

static void
cut(struct step *s)
{
	bool *a, *b;

	if (s->peer == NULL)
		return;
	a = &s->world->cut[s->node->number][s->peer->to->number];
	b = &s->world->cut[s->peer->to->number][s->node->number];
	*a = *b = !*a;
}

static void
die(struct step *s)
{
	sim_host_kill(s->node, s->octets[4] & 1);
}

static void
stop(struct step *s)
{
	s->node->stopped = true;
}

static void
go_deaf(struct step *s)
{
	s->world->deaf[s->node->number] = !s->world->deaf[s->node->number];
}

static void
starve(struct step *s)
{
	if (!s->node->talker)
		s->node->fail_at = s->node->allocations + 1 +
		    s->octets[4] % 64u;
}

static void
rest(struct step *s)
{
	sim_world_rest(s->world);
}

/* ------------------------------------------------------------------- table */

static const struct {
	const char *name;
	void (*run)(struct step *s);
	unsigned until; /* of 256 */
} verbs[] = {
	{ "announce", announce, 80 },  { "withdraw", withdraw, 112 },
	{ "flip-hop", flip_hop, 128 }, { "configure", configure, 160 },
	{ "restart", restart, 164 },   { "disable", disable, 170 },
	{ "enable", enable, 178 },     { "remove", remove_peer, 182 },
	{ "add", add_peer, 190 },      { "reload", reload, 198 },
	{ "refresh", refresh, 204 },   { "edit-rule", edit_rule, 210 },
	{ "stall", stall, 218 },       { "break", break_soon, 224 },
	{ "cut", cut, 230 },           { "die", die, 234 },
	{ "stop", stop, 238 },         { "deaf", go_deaf, 241 },
	{ "starve", starve, 248 },     { "rest", rest, 256 },
};

static unsigned
verb_of(const uint8_t step[SIM_STEP_LEN])
{
	unsigned verb = 0;

	while (step[0] >= verbs[verb].until)
		verb++;
	return verb;
}

const char *
sim_step_name(const uint8_t step[SIM_STEP_LEN])
{
	return verbs[verb_of(step)].name;
}

static uint64_t
wait_of(const uint8_t step[SIM_STEP_LEN])
{
	return (uint64_t)step[1] * step[1] / 4;
}

void
sim_step(struct sim_world *world, const uint8_t step[SIM_STEP_LEN])
{
	struct step s = {
		.world = world,
		.node = &world->nodes[step[2] % world->node_count],
		.octets = step,
	};
	unsigned verb = verb_of(step);

	sim_world_run(world, world->clock.now_ms + wait_of(step));
	sim_oracle_hold(world);
	for (unsigned i = 0; i < SIM_STEP_LEN; i++)
		s.draw.state = s.draw.state << 8 | step[i];
	s.peer = &s.node->peers[step[3] % world->node_count];
	if (!s.peer->linked)
		s.peer = NULL;
	if (verbs[verb].run == rest) {
		rest(&s);
		return;
	}
	if (!s.node->alive && verbs[verb].run == enable)
		(void)sim_host_start(s.node);
	if (verbs[verb].run == enable)
		sim_host_resume(s.node);
	if (!s.node->alive || s.node->stopped)
		return;
	sim_note(world, "step %zu: %s node %u peer %u", world->at,
		 verbs[verb].name, s.node->number, step[3] % world->node_count);
	s.node->failed = s.node->failed && s.node->fail_at != 0;
	world->changed_ms = world->clock.now_ms;
	verbs[verb].run(&s);
	sim_host_rest(s.node);
}
