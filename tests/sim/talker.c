/*
 * talker.c - a node of bare sessions: it says what the scenario says, with
 * path ids where that was agreed, and keeps no RIB.
 *
 * Of a prefix it has up to three paths; a peer without ADD-PATH is told the
 * first of them only.
 */
#include <string.h>

#include "sim.h"

static const struct bgp_codec *
codec_of(const struct sim_peer *peer)
{
	return peer->present ? bgp_session_codec(peer->session) : NULL;
}

static void
send(struct sim_peer *peer, const struct bgp_update_parts *parts)
{
	uint8_t msg[BGP_MESSAGE_MAX];
	size_t taken;
	int len = bgp_update_encode(codec_of(peer), parts, msg, sizeof msg,
				    &taken);
	int err;

	SIM_CHECK(peer->node->world, len > 0);
	err = bgp_session_send(peer->session, msg, (size_t)len);
	SIM_CHECK(peer->node->world, err == BGP_OK);
}

static void
tell(struct sim_peer *peer, unsigned family, unsigned prefix, unsigned path)
{
	struct sim_node *node = peer->node;
	const struct bgp_codec *codec = codec_of(peer);
	const struct bgp_family_codec *agreed;
	const struct sim_route *route = &node->said[family][prefix][path];
	struct bgp_attr attrs[32];
	struct bgp_nlri nlri;
	struct bgp_update_parts parts = { .family = sim_families[family],
					  .nlri = &nlri,
					  .nlri_count = 1,
					  .attrs = attrs };
	uint8_t buf[SIM_NLRI_MAX];

	agreed = codec != NULL ? bgp_codec_family(codec, sim_families[family])
			       : NULL;
	if (agreed == NULL || (!agreed->add_path_out && path > 0))
		return;
	sim_nlri(family, prefix, route->label, buf, &nlri);
	nlri.path_id = agreed->add_path_out ? path + 1 : 0;
	parts.unreach = !node->said_there[family][prefix][path];
	if (!parts.unreach) {
		parts.next_hop.octets = route->hop;
		parts.next_hop.len = route->hop_len;
		parts.attr_count = sim_attr_views(route, attrs, 32);
	}
	send(peer, &parts);
}

void
sim_talker_tell(struct sim_node *node, unsigned family, unsigned prefix,
		unsigned path)
{
	for (unsigned i = 0; i < SIM_NODES; i++)
		if (node->peers[i].present)
			tell(&node->peers[i], family, prefix, path);
}

static void
tell_all(struct sim_peer *peer, unsigned family)
{
	for (unsigned p = 0; p < SIM_PREFIXES; p++)
		for (unsigned i = 0; i < SIM_PATHS; i++)
			if (peer->node->said_there[family][p][i])
				tell(peer, family, p, i);
}

void
sim_talker_refresh(struct sim_peer *peer, unsigned family)
{
	const struct bgp_refresh refresh = { .family = sim_families[family] };
	const struct bgp_codec *codec = codec_of(peer);
	uint8_t msg[64];
	int len = bgp_refresh_encode(&refresh, msg, sizeof msg);

	if (codec == NULL || bgp_codec_family(codec, refresh.family) == NULL)
		return;
	SIM_CHECK(peer->node->world,
		  bgp_session_send(peer->session, msg, (size_t)len) == BGP_OK);
}

/* -------------------------------------------------------------- callbacks */

static void
on_connect(void *ctx, struct bgp_session *session)
{
	(void)session;
	sim_host_connect(ctx);
}

static void
on_cancel(void *ctx, struct bgp_session *session)
{
	(void)session;
	sim_host_cancel(ctx);
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

static void
on_state(void *ctx, struct bgp_session *session, enum bgp_state from,
	 enum bgp_state to)
{
	(void)session;
	(void)from;
	sim_host_state(ctx, to);
}

static void
on_established(void *ctx, struct bgp_session *session)
{
	struct sim_peer *peer = ctx;
	const struct bgp_codec *codec = bgp_session_codec(session);
	struct bgp_update_parts eor = { .nlri_count = 0 };

	for (unsigned f = 0; f < SIM_FAMILIES; f++) {
		if (bgp_codec_family(codec, sim_families[f]) == NULL)
			continue;
		tell_all(peer, f);
		eor.family = sim_families[f];
		send(peer, &eor);
	}
}

static int
on_update(void *ctx, struct bgp_session *session,
	  const struct bgp_update *update, const struct bgp_fault *fault,
	  struct bgp_span msg)
{
	const struct sim_peer *peer = ctx;

	(void)session;
	(void)update;
	(void)msg;
	SIM_CHECK(peer->node->world, fault->remedy == BGP_REMEDY_NONE);
	return BGP_OK;
}

static void
on_refresh(void *ctx, struct bgp_session *session,
	   const struct bgp_refresh *refresh)
{
	(void)session;
	for (unsigned f = 0; f < SIM_FAMILIES; f++)
		if (sim_families[f] == refresh->family && refresh->subtype == 0)
			tell_all(ctx, f);
}

/* ------------------------------------------------------------------- life */

static const struct bgp_session_events events = {
	.size = sizeof events,
	.connect = on_connect,
	.cancel = on_cancel,
	.close = on_close,
	.output = on_output,
	.state = on_state,
	.established = on_established,
	.update = on_update,
	.refresh = on_refresh,
};

static struct bgp_session_options
options_of(const struct sim_peer *peer)
{
	const struct bgp_peer_options *o = &peer->options;
	struct bgp_session_options out = BGP_SESSION_OPTIONS_INIT;

	out.alloc.resize = sim_host_resize;
	out.alloc.ctx = peer->node;
	out.seed = peer->node->options.seed + peer->to->number;
	out.local_as = peer->node->as;
	out.peer_as = o->peer_as;
	out.router_id = peer->node->options.router_id;
	out.hold_time_s = o->hold_time_s;
	out.connect_retry_s = o->connect_retry_s;
	out.idle_hold_s = o->idle_hold_s;
	out.passive = o->passive;
	out.no_refresh = o->no_refresh;
	out.ext_message = o->ext_message;
	out.family_count = o->family_count;
	memcpy(out.families, o->families, sizeof out.families);
	return out;
}

bool
sim_talker_add(struct sim_peer *peer)
{
	struct bgp_session_options options = options_of(peer);
	struct bgp_session_events with = events;
	struct sim_world *world = peer->node->world;

	with.ctx = peer;
	peer->octets_in = peer->octets_out = 0;
	peer->life++;
	peer->up = peer->dialling = false;
	SIM_CHECK(world,
		  bgp_session_new(&peer->session, &options, &with) == BGP_OK);
	peer->present = true;
	if (peer->enabled)
		SIM_CHECK(world,
			  bgp_session_start(peer->session,
					    world->clock.now_ms) == BGP_OK);
	return true;
}

/* Without another word: its sockets break. */
void
sim_talker_remove(struct sim_peer *peer)
{
	struct sim_world *world = peer->node->world;

	bgp_session_del(peer->session);
	peer->session = NULL;
	for (unsigned i = 0; i < SIM_ENDS; i++) {
		struct sim_end *end = &world->ends[i];

		if (!end->used || end->peer != peer)
			continue;
		end->conn = NULL;
		sim_end_break(end);
	}
}

uint64_t
sim_talker_deadline(const struct sim_node *node)
{
	uint64_t at, first = UINT64_MAX;

	for (unsigned i = 0; i < SIM_NODES; i++) {
		if (!node->peers[i].present)
			continue;
		at = bgp_session_deadline(node->peers[i].session);
		first = at < first ? at : first;
	}
	return first;
}

void
sim_talker_tick(struct sim_node *node)
{
	uint64_t now = node->world->clock.now_ms;

	for (unsigned i = 0; i < SIM_NODES; i++)
		if (node->peers[i].present &&
		    bgp_session_deadline(node->peers[i].session) <= now)
			bgp_session_tick(node->peers[i].session, now);
}
