/*
 * oracle.c - at rest, everything is as it should be.
 *
 * For every node: what it shows as received is what its links brought; its best
 * are those of the naive model over that, and so is its forwarding table; and
 * what each of its peers was sent is what the model says of them.  Where that
 * holds for every node, the network as a whole is a stable solution of what was
 * announced.  A community that every announcement carries says that nothing is
 * left of an older one.                    R1 to R3, R6 to R9, R11, R13, R16
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/* -------------------------------------------------------------- sessions */

static bool
offers(const struct sim_peer *peer, unsigned family)
{
	for (unsigned i = 0; i < peer->options.family_count; i++)
		if (peer->options.families[i].family == sim_families[family])
			return true;
	return false;
}

bool
sim_pair_expected(const struct sim_peer *peer)
{
	const struct sim_node *node = peer->node, *to = peer->to;
	const struct sim_peer *back = &to->peers[node->number];
	bool common = false;

	if (!node->alive || !to->alive || !peer->present || !back->present ||
	    !peer->enabled || !back->enabled ||
	    peer->options.peer_as != to->as ||
	    back->options.peer_as != node->as)
		return false;
	for (unsigned f = 0; f < SIM_FAMILIES; f++)
		common = common || (offers(peer, f) && offers(back, f));
	return common;
}

struct sim_end *
sim_peer_end(const struct sim_peer *peer)
{
	struct sim_world *world = peer->node->world;

	for (unsigned i = 0; peer->up && i < SIM_ENDS; i++) {
		struct sim_end *end = &world->ends[i];

		if (end->used && end->peer == peer && end->conn != NULL &&
		    end->tap.keepalive && !end->closing)
			return end;
	}
	return NULL;
}

/* Beside the one that carries the session there may be one on which no OPEN
 * ever came: its other end went dark, and it waits for four minutes.  RFC 4271
 * 8 */
static bool
is_other(const struct sim_end *end, const struct sim_peer *peer,
	 const struct sim_end *carrier)
{
	return end->used && end != carrier && end->peer == peer &&
	    end->conn != NULL && end->tap.open_len > 0;
}

static void
check_session(const struct sim_peer *peer)
{
	const struct sim_world *world = peer->node->world;
	const struct sim_end *end = sim_peer_end(peer);
	struct bgp_peer_info info;

	if (peer->node->talker || !peer->present)
		return;
	bgp_peer_info(peer->peer, &info);
	if (info.session.octets_in != peer->octets_in ||
	    info.session.octets_out != peer->octets_out)
		sim_fail(world,
			 "node %u counts %llu/%llu octets with %u, "
			 "not %llu/%llu",
			 peer->node->number,
			 (unsigned long long)info.session.octets_in,
			 (unsigned long long)info.session.octets_out,
			 peer->to->number, (unsigned long long)peer->octets_in,
			 (unsigned long long)peer->octets_out);
	SIM_CHECK(world, (info.session.state == BGP_ESTABLISHED) == peer->up);
	if (!peer->up)
		return;
	SIM_CHECK(world, end != NULL && end->other->conn != NULL);
	for (unsigned i = 0; i < SIM_ENDS; i++)
		SIM_CHECK(world, !is_other(&world->ends[i], peer, end));
}

static uint16_t
hold_time(const struct sim_peer *peer)
{
	struct bgp_session_info session;
	struct bgp_peer_info info;

	if (peer->node->talker) {
		bgp_session_info(peer->session, &session);
		return session.hold_time_s;
	}
	bgp_peer_info(peer->peer, &info);
	return info.session.hold_time_s;
}

void
sim_oracle_hold(const struct sim_world *world)
{
	uint64_t now = world->clock.now_ms, late;

	for (unsigned i = 0; i < world->node_count * SIM_NODES; i++) {
		const struct sim_node *node = &world->nodes[i / SIM_NODES];
		const struct sim_peer *peer = &node->peers[i % SIM_NODES];

		late = 1000 + 4 * node->delay_ms;
		if (!peer->present || !peer->up || node->stopped ||
		    now - node->resumed_ms < late)
			continue;
		late += 1000u * hold_time(peer);
		if (now - peer->heard_ms > late)
			sim_fail(world,
				 "node %u has %u up, last heard %u s ago",
				 node->number, peer->to->number,
				 (unsigned)((now - peer->heard_ms) / 1000));
	}
}

/* ---------------------------------------------------------------- routes */

static void
differ(const struct sim_peer *peer, const char *what,
       const struct sim_route *is, const struct sim_route *should)
{
	char a[900] = "nothing", b[900] = "nothing";

	if (is != NULL)
		sim_route_text(is, a, sizeof a);
	if (should != NULL)
		sim_route_text(should, b, sizeof b);
	sim_fail(peer->node->world,
		 "%s, node %u with %u:\n  is     %s\n  "
		 "should %s",
		 what, peer->node->number, peer->to->number, a, b);
}

static const struct sim_route *
find(const struct sim_end *end, unsigned family, unsigned prefix,
     uint32_t path_id)
{
	for (size_t i = 0; i < end->tap.count; i++)
		if (end->tap.routes[i].family == family &&
		    end->tap.routes[i].prefix == prefix &&
		    end->tap.routes[i].path_id == path_id)
			return &end->tap.routes[i];
	return NULL;
}

/* The community of the announcement: the node and a serial number. */
static uint32_t
stamp_of(const struct sim_route *route)
{
	unsigned len;
	const uint8_t *value = sim_attr(route, BGP_ATTR_COMMUNITIES, &len);

	return len >= 4 ? sim_load32(value) : 0;
}

static bool
is_said(const struct sim_world *world, const struct sim_route *route)
{
	uint32_t stamp = stamp_of(route);
	const struct sim_node *node = &world->nodes[stamp >> 16 & 7];
	unsigned f = route->family, p = route->prefix;

	if (node->alive && !node->talker)
		return node->local_there[f][p] &&
		    stamp_of(&node->local[f][p]) == stamp;
	for (unsigned i = 0; i < SIM_PATHS && node->alive; i++)
		if (node->said_there[f][p][i] &&
		    stamp_of(&node->said[f][p][i]) == stamp)
			return true;
	return false;
}

/* What is held of a peer is still said by somebody. */
static void
check_fresh(const struct sim_peer *peer)
{
	const struct sim_end *end = sim_peer_end(peer);

	for (size_t i = 0; end != NULL && i < end->tap.count; i++)
		if (!is_said(peer->node->world, &end->tap.routes[i]))
			differ(peer, "stale", &end->tap.routes[i], NULL);
}

/* ------------------------------------------------------------ Adj-RIB-In */

static void
check_adj_in(const struct sim_peer *peer, unsigned family)
{
	const struct sim_world *world = peer->node->world;
	const struct sim_end *end = sim_peer_end(peer);
	const struct sim_route *held;
	struct sim_route shown = { .path_id = 0 };
	struct bgp_cursor cursor;
	struct bgp_route route;
	size_t count = 0, want = 0;
	int more;

	for (size_t i = 0; end != NULL && i < end->tap.count; i++)
		want += end->tap.routes[i].family == family &&
		    sim_model_takes(peer, &end->tap.routes[i]);
	if (bgp_cursor_init(&cursor, bgp_speaker_rib(peer->node->speaker),
			    BGP_VIEW_ADJ_IN, sim_families[family],
			    bgp_peer_rib(peer->peer)) != BGP_OK) {
		SIM_CHECK(world, want == 0);
		return;
	}
	while ((more = bgp_cursor_next(&cursor, &route)) != 0) {
		if (more != 1)
			continue;
		count++;
		sim_route_set_nlri(&shown, &route.nlri);
		sim_route_of_attrs(&shown, route.attrs);
		sim_note(world, "  %u holds %u/%u of %u: accepted %d, best %d",
			 peer->node->number, family, shown.prefix,
			 peer->to->number, route.accepted, route.best);
		held = end != NULL
		    ? find(end, family, shown.prefix, shown.path_id)
		    : NULL;
		if (held == NULL || !sim_route_equal(held, &shown))
			differ(peer, "received", &shown, held);
		if ((route.loop != BGP_LOOP_NONE) !=
		    sim_model_loops(peer, held))
			differ(peer, "loop", &shown, held);
	}
	if (count != want)
		sim_fail(world,
			 "node %u shows %zu routes of family %u from "
			 "%u, not %zu",
			 peer->node->number, count, family, peer->to->number,
			 want);
}

/* --------------------------------------------------------------- Loc-RIB */

static void
check_best(const struct sim_node *node, unsigned family, unsigned prefix,
	   const struct sim_best *best)
{
	const struct sim_peer *peer = best->there && best->from != NULL
	    ? best->from
	    : &node->peers[0];
	struct bgp_cursor cursor;
	struct bgp_route route;
	struct sim_route shown = { .path_id = 0 };
	struct bgp_nlri nlri;
	uint8_t buf[SIM_NLRI_MAX];
	int err;

	sim_nlri(family, prefix, 0, buf, &nlri);
	if (bgp_cursor_init(&cursor, bgp_speaker_rib(node->speaker),
			    BGP_VIEW_LOC_RIB, sim_families[family],
			    NULL) != BGP_OK) {
		SIM_CHECK(node->world, !best->there);
		return;
	}
	err = bgp_cursor_find(&cursor, &nlri);
	if (err == BGP_OK)
		err = bgp_cursor_next(&cursor, &route);
	if (err != 1) {
		if (best->there)
			differ(peer, "best is lost", NULL, &best->route);
		return;
	}
	sim_route_set_nlri(&shown, &route.nlri);
	shown.path_id = best->route.path_id;
	sim_route_of_attrs(&shown, route.attrs);
	if (!best->there)
		differ(peer, "best", &shown, NULL);
	if (!sim_route_equal(&shown, &best->route) ||
	    bgp_peer_of(route.peer) !=
		(best->from != NULL ? best->from->peer : NULL))
		differ(peer, "best", &shown, &best->route);
}

static void
check_fib(const struct sim_node *node, unsigned family, unsigned prefix,
	  const struct sim_best *best)
{
	const struct sim_fib *fib = &node->fib[family][prefix];
	unsigned want = best->hop_count, found = 0;

	if (best->there && best->from == NULL)
		return;
	SIM_CHECK(node->world, fib->there == best->there);
	if (!fib->there)
		return;
	if (want > node->options.equal_paths)
		want = node->options.equal_paths;
	if (fib->count != want)
		sim_fail(node->world,
			 "node %u installs %u next hops of %u/%u, "
			 "not %u",
			 node->number, fib->count, family, prefix, want);
	for (unsigned i = 0; i < fib->count; i++)
		for (unsigned j = 0; j < best->hop_count; j++)
			if (bgp_addr_compare(&fib->hops[i], &best->hops[j]) ==
			    0) {
				found++;
				break;
			}
	SIM_CHECK(node->world, found == fib->count);
}

/* ----------------------------------------------------------- Adj-RIB-Out */

static void
check_told(const struct sim_peer *peer, unsigned family, unsigned prefix,
	   const struct sim_best *best, unsigned *count)
{
	const struct sim_end *end = sim_peer_end(
	    &peer->to->peers[peer->node->number]);
	const struct sim_route *is;
	struct sim_route should;
	bool there;

	if (end == NULL || !end->tap.negotiated ||
	    bgp_codec_family(&end->tap.codec, sim_families[family]) == NULL)
		return;
	there = sim_model_export(best, peer, family, &should);
	is = find(end, family, prefix, 0);
	*count += there;
	there = there && !sim_model_leads_to(peer, &should);
	if ((is != NULL) != there || (there && !sim_route_equal(is, &should)))
		differ(peer, "sent", is, there ? &should : NULL);
}

static void
check_counts(const struct sim_peer *peer, unsigned family, unsigned told)
{
	const struct sim_world *world = peer->node->world;
	const struct sim_end *back = sim_peer_end(
	    &peer->to->peers[peer->node->number]);
	struct bgp_peer_info info;

	if (!peer->up || back == NULL || !back->tap.negotiated)
		return;
	bgp_peer_info(peer->peer, &info);
	for (unsigned i = 0; i < info.family_count; i++) {
		if (info.families[i].family != sim_families[family])
			continue;
		if (info.families[i].routes_out != told ||
		    !info.families[i].eor_in || !info.families[i].eor_out ||
		    info.families[i].behind || back->tap.eor[family] != 1)
			sim_fail(world,
				 "node %u to %u, family %u: %u routes of %u, "
				 "eor in %d out %d, behind %d",
				 peer->node->number, peer->to->number, family,
				 info.families[i].routes_out, told,
				 info.families[i].eor_in,
				 info.families[i].eor_out,
				 info.families[i].behind);
	}
}

/* ---------------------------------------------------------------- talker */

/* What came of a talker is all that it says, once for each. */
static void
check_talker(const struct sim_peer *peer)
{
	const struct sim_end *end = sim_peer_end(
	    &peer->to->peers[peer->node->number]);
	const struct bgp_family_codec *agreed;
	const struct sim_route *is;
	size_t count = 0;

	if (end == NULL || !end->tap.negotiated)
		return;
	for (unsigned i = 0; i < SIM_FAMILIES * SIM_PREFIXES * SIM_PATHS; i++) {
		unsigned f = i / SIM_PATHS / SIM_PREFIXES;
		unsigned p = i / SIM_PATHS % SIM_PREFIXES, n = i % SIM_PATHS;

		agreed = bgp_codec_family(&end->tap.codec, sim_families[f]);
		if (agreed == NULL || (!agreed->add_path_in && n > 0) ||
		    !peer->node->said_there[f][p][n])
			continue;
		count++;
		is = find(end, f, p, agreed->add_path_in ? n + 1 : 0);
		if (is == NULL ||
		    stamp_of(is) != stamp_of(&peer->node->said[f][p][n]))
			differ(peer, "said", is, &peer->node->said[f][p][n]);
	}
	SIM_CHECK(peer->node->world, count == end->tap.count);
}

/* ------------------------------------------------------------------ nodes */

static void
check_memory(const struct sim_node *node)
{
	struct bgp_speaker_info info;

	bgp_speaker_info(node->speaker, &info);
	if (info.octets != node->octets)
		sim_fail(node->world, "node %u names %zu octets of %zu",
			 node->number, info.octets, node->octets);
}

static void
check_node(const struct sim_node *node)
{
	struct sim_best best;
	unsigned told[SIM_NODES];

	check_memory(node);
	for (unsigned f = 0; f < SIM_FAMILIES; f++) {
		memset(told, 0, sizeof told);
		for (unsigned i = 0; i < SIM_NODES; i++)
			if (node->peers[i].present)
				check_adj_in(&node->peers[i], f);
		for (unsigned p = 0; p < SIM_PREFIXES; p++) {
			sim_model_best(node, f, p, &best);
			check_best(node, f, p, &best);
			check_fib(node, f, p, &best);
			for (unsigned i = 0; i < SIM_NODES; i++)
				if (node->peers[i].present)
					check_told(&node->peers[i], f, p, &best,
						   &told[i]);
		}
		for (unsigned i = 0; i < SIM_NODES; i++)
			if (node->peers[i].present)
				check_counts(&node->peers[i], f, told[i]);
	}
}

void
sim_oracle(struct sim_world *world)
{
	for (unsigned i = 0; i < world->node_count; i++) {
		const struct sim_node *node = &world->nodes[i];

		if (!node->alive)
			continue;
		for (unsigned j = 0; j < SIM_NODES; j++) {
			if (!node->peers[j].present)
				continue;
			check_session(&node->peers[j]);
			check_fresh(&node->peers[j]);
			if (node->talker)
				check_talker(&node->peers[j]);
		}
		if (!node->talker)
			check_node(node);
	}
}
