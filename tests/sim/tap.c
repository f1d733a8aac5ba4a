/*
 * tap.c - read what one end was sent, as a receiver of its own.
 *
 * Every message must be one that is allowed there and clean to a decoder with
 * every check on: OPEN first and once, then KEEPALIVE, then anything, and
 * nothing behind a NOTIFICATION.  End-of-RIB comes once for each family, and
 * only for what was negotiated.  What UPDATEs say is kept as the routes that
 * the receiver holds.                         RFC 4271 8, RFC 4724 2, RFC 7606
 */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

void
sim_tap_fini(struct sim_tap *tap)
{
	free(tap->octets);
	free(tap->routes);
	*tap = (struct sim_tap){ .len = 0 };
}

/* ---------------------------------------------------------------- routes */

static struct sim_route *
find(struct sim_tap *tap, const struct sim_route *like)
{
	for (size_t i = 0; i < tap->count; i++)
		if (tap->routes[i].family == like->family &&
		    tap->routes[i].prefix == like->prefix &&
		    tap->routes[i].path_id == like->path_id)
			return &tap->routes[i];
	return NULL;
}

static void
hold(struct sim_end *end, const struct sim_route *route)
{
	struct sim_tap *tap = &end->tap;
	struct sim_route *place = find(tap, route);

	if (place == NULL) {
		if (tap->count == tap->routes_room) {
			tap->routes_room = tap->routes_room * 2 + 16;
			tap->routes = realloc(tap->routes,
					      tap->routes_room *
						  sizeof *tap->routes);
			SIM_CHECK(end->world, tap->routes != NULL);
		}
		place = &tap->routes[tap->count++];
	}
	*place = *route;
}

static void
drop(struct sim_end *end, const struct sim_route *route)
{
	struct sim_tap *tap = &end->tap;
	struct sim_route *place = find(tap, route);

	if (place != NULL)
		*place = tap->routes[--tap->count];
}

static void
take_attrs(struct sim_end *end, const struct bgp_update *update,
	   struct sim_route *route)
{
	int len = bgp_attrs_canonical(&end->tap.codec, update, route->attrs,
				      sizeof route->attrs);

	SIM_CHECK(end->world, len >= 0);
	route->attrs_len = (uint16_t)len;
}

static void
take_list(struct sim_end *end, struct bgp_nlri_list list,
	  struct sim_route *route, bool reach)
{
	struct bgp_nlri nlri;
	unsigned family, prefix;

	SIM_CHECK(end->world, list.next_hop.len <= sizeof route->hop);
	route->hop_len = reach ? (uint8_t)list.next_hop.len : 0;
	if (route->hop_len > 0)
		memcpy(route->hop, list.next_hop.octets, list.next_hop.len);
	while (bgp_nlri_next(&list, &nlri)) {
		SIM_CHECK(end->world, sim_nlri_number(&nlri, &family, &prefix));
		sim_route_set_nlri(route, &nlri);
		if (reach)
			hold(end, route);
		else
			drop(end, route);
	}
}

static void
take_eor(struct sim_end *end, bgp_family family)
{
	for (unsigned f = 0; f < SIM_FAMILIES; f++)
		if (sim_families[f] == family &&
		    bgp_codec_family(&end->tap.codec, family) != NULL) {
			end->tap.eor[f]++;
			SIM_CHECK(end->world, end->tap.eor[f] == 1);
			return;
		}
	sim_fail(end->world, "node %u: End-of-RIB of a strange family",
		 end->node->number);
}

/* -------------------------------------------------------------- messages */

static void
negotiate(struct sim_end *end)
{
	const struct sim_tap *mine = &end->other->tap;
	struct sim_tap *tap = &end->tap;
	struct bgp_open local, remote;
	struct bgp_fault fault;

	SIM_CHECK(end->world, mine->open_len > 0);
	SIM_CHECK(end->world,
		  bgp_open_decode(mine->open, mine->open_len, &local, &fault) ==
		      BGP_OK);
	SIM_CHECK(end->world,
		  bgp_open_decode(tap->open, tap->open_len, &remote, &fault) ==
		      BGP_OK);
	bgp_codec_negotiate(&local, &remote, &tap->codec);
	tap->codec.next_hop_check = true;
	tap->negotiated = true;
}

static void
take_update(struct sim_end *end, const uint8_t *msg, size_t len)
{
	struct sim_tap *tap = &end->tap;
	struct sim_route route = { .path_id = 0 };
	struct bgp_update update;
	struct bgp_fault fault;

	SIM_CHECK(end->world, tap->keepalive);
	if (!tap->negotiated)
		negotiate(end);
	SIM_CHECK(end->world, len <= tap->codec.message_in_max);
	SIM_CHECK(end->world,
		  bgp_update_decode(&tap->codec, msg, len, &update, &fault) ==
		      BGP_OK);
	if (fault.remedy != BGP_REMEDY_NONE)
		sim_fail(end->world, "node %u sent node %u: %s",
			 end->other->node->number, end->node->number,
			 fault.reason);
	for (unsigned i = 0; i < update.unreach_count; i++)
		take_list(end, update.unreach[i], &route, false);
	if (update.reach_count > 0)
		take_attrs(end, &update, &route);
	for (unsigned i = 0; i < update.reach_count; i++)
		take_list(end, update.reach[i], &route, true);
	if (update.eor != 0)
		take_eor(end, update.eor);
}

static void
take_open(struct sim_end *end, const uint8_t *msg, size_t len)
{
	struct sim_tap *tap = &end->tap;

	SIM_CHECK(end->world, tap->open_len == 0 && len <= sizeof tap->open);
	memcpy(tap->open, msg, len);
	tap->open_len = (uint16_t)len;
}

static void
take_refresh(struct sim_end *end, const uint8_t *msg, size_t len)
{
	struct bgp_refresh refresh;
	struct bgp_fault fault;

	SIM_CHECK(end->world, end->tap.keepalive);
	SIM_CHECK(end->world,
		  bgp_refresh_decode(msg, len, &refresh, &fault) == BGP_OK);
}

static void
take_message(struct sim_end *end, const uint8_t *msg, uint8_t type, size_t len)
{
	struct sim_tap *tap = &end->tap;
	struct sim_world *world = end->world;
	struct bgp_notification n;
	char text[64] = "";

	world->messages[type]++;
	if (type == BGP_NOTIFICATION &&
	    bgp_notification_decode(msg, len, &n) == BGP_OK)
		bgp_notification_text(&n, text, sizeof text);
	sim_note(world, "  %u <- %u: %c %zu %s", end->node->number,
		 end->other->node->number, "?OUNKR"[type], len, text);
	SIM_CHECK(world, !tap->notification);
	SIM_CHECK(world,
		  type == BGP_OPEN || type == BGP_NOTIFICATION ||
		      tap->open_len > 0);
	if (type != BGP_KEEPALIVE)
		world->changed_ms = world->clock.now_ms;
	if (type == BGP_OPEN)
		take_open(end, msg, len);
	else if (type == BGP_UPDATE)
		take_update(end, msg, len);
	else if (type == BGP_ROUTE_REFRESH)
		take_refresh(end, msg, len);
	else if (type == BGP_NOTIFICATION)
		tap->notification = true;
	else
		tap->keepalive = true;
}

/* The digest sees who was given which octets, and when. */
static void
digest(const struct sim_end *end, const uint8_t *octets, size_t len)
{
	struct sim_world *world = end->world;
	uint64_t d = world->digest ^
	    (world->clock.now_ms << 8 | end->node->number);

	for (size_t i = 0; i < len; i++)
		d = (d ^ octets[i]) * UINT64_C(0x100000001b3);
	world->digest = d;
	world->octets += len;
}

void
sim_tap_input(struct sim_end *end, const uint8_t *octets, size_t len)
{
	struct sim_tap *tap = &end->tap;
	struct bgp_fault fault;
	size_t at = 0;
	uint16_t msg_len;
	uint8_t type;
	int err;

	digest(end, octets, len);
	if (tap->len + len > tap->room) {
		tap->room = (tap->len + len) * 2;
		tap->octets = realloc(tap->octets, tap->room);
		SIM_CHECK(end->world, tap->octets != NULL);
	}
	memcpy(tap->octets + tap->len, octets, len);
	tap->len += len;
	while ((err = bgp_frame_decode(tap->octets + at, tap->len - at,
				       BGP_MESSAGE_EXT_MAX, &type, &msg_len,
				       &fault)) == BGP_OK) {
		take_message(end, tap->octets + at, type, msg_len);
		at += msg_len;
	}
	SIM_CHECK(end->world, err == BGP_ERR_SHORT);
	memmove(tap->octets, tap->octets + at, tap->len - at);
	tap->len -= at;
}
