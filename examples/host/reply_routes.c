/*
 * reply_routes.c - the RIB as BIRD's tables, a few routes in each step.
 *
 *     Table master4:
 *     10.2.0.0/16   unicast [Node… 13:11:06.880 from 127.0.1.2] * (100) [i]
 *     	via 192.0.2.1 on none
 *
 *     Table l2vpn-evpn:
 *     [3]:[64500:1]:[0]:[192.0.2.5]  [Node… from 127.0.1.2] * (100) [i]
 *
 * The time is when the session came up: the RIB keeps none of its own.  A
 * reflector installs nothing, hence no interface.
 */
#include <stdio.h>
#include <string.h>

#include "reply.h"

#define ROUTES_LOOKED_AT 64 /* of one step */

static const char *
table_name(const struct reply *reply)
{
	return families_table(families_at(reply->table).family);
}

/* ------------------------------------------------------------------ a route */

/* "[AS64500i]": the AS that originated it, and ORIGIN. */
static void
origin_text(const struct bgp_attrs *attrs, char *buf, size_t size)
{
	static const char letters[] = "ie?";
	struct bgp_attrs_facts facts;
	struct bgp_attr path;
	char as[16] = "";
	char text[BGP_MESSAGE_MAX];

	bgp_attrs_facts(attrs, &facts);
	if (bgp_attrs_get(attrs, BGP_ATTR_AS_PATH, &path) && path.len > 0) {
		const char *last;

		bgp_as_path_text(path.value, path.len, text, sizeof text);
		last = strrchr(text, ' ');
		last = last ? last + 1 : text;
		if (*last >= '0' && *last <= '9')
			snprintf(as, sizeof as, "AS%.12s", last);
	}
	snprintf(buf, size, "[%s%c]", as, letters[facts.origin % 3]);
}

static void
source_text(const struct reply *reply, const struct bgp_route *route, char *buf,
	    size_t size)
{
	const struct bgp_peer *peer = bgp_peer_of(route->peer);
	const struct neighbor *n;
	struct bgp_peer_info info;
	char addr[BGP_ADDR_TEXT_MAX], since[32];

	if (peer == NULL) {
		reply_since(&reply->source->started, since, sizeof since);
		snprintf(buf, size, "local %s", since);
		return;
	}
	bgp_peer_info(peer, &info);
	bgp_addr_text(&info.address, addr, sizeof addr);
	n = bgp_peer_user(peer);
	reply_since(&n->since, since, sizeof since);
	snprintf(buf, size, "%s %s from %s", info.name, since, addr);
}

static void
show_next_hop(const struct bgp_attrs *attrs, struct reply_text *text)
{
	struct bgp_addr addrs[2];
	char hop[BGP_ADDR_TEXT_MAX];

	if (reply_next_hops(attrs, addrs) == 0)
		return;
	bgp_addr_text(&addrs[0], hop, sizeof hop);
	reply_line(text, 1007, "\tvia %s on none", hop);
}

static void
show(struct reply *reply, const struct bgp_route *route, bool same_network,
     const char *why, struct reply_text *text)
{
	bgp_family family = route->nlri.family;
	const char *type = family == BGP_IPV4_UNICAST ||
		family == BGP_IPV6_UNICAST
	    ? "unicast "
	    : "";
	char source[160], origin[24];

	source_text(reply, route, source, sizeof source);
	origin_text(route->attrs, origin, sizeof origin);
	reply_line(text, 1007, "%-20s %s[%s]%s (100) %s",
		   same_network ? "" : reply->last, type, source,
		   route->best ? " *" : "", origin);
	show_next_hop(route->attrs, text);
	if (why != NULL)
		reply_line(text, 1008, "\tNot %s: %s",
			   reply->command.why ? "sent" : "accepted", why);
	if (!reply->command.all)
		return;
	reply_line(text, 1008, "\tType: BGP univ");
	reply_attrs(route->attrs, text);
}

/* ------------------------------------------------------------------ a table */

static void
head(struct reply *reply, struct reply_text *text)
{
	if (reply->tables++ > 0)
		reply_line(text, 1007, "%s", "");
	reply_line(text, 1007, "Table %s:", table_name(reply));
	reply->headed = true;
}

static bool
is_shown(const struct command *command, const struct bgp_route *route)
{
	if (command->view == BGP_VIEW_ADJ_IN &&
	    route->accepted == command->filtered)
		return false;
	return !command->primary || route->best;
}

static void
meet(struct reply *reply, const struct bgp_route *route,
     struct reply_text *text)
{
	char net[REPLY_NET_MAX];
	const char *why = NULL;
	bool same;

	if (!is_shown(&reply->command, route))
		return;
	if (reply->command.why && (why = reply_why_kept(reply, route)) == NULL)
		return;
	if (!route->accepted && reply->command.filtered)
		why = reply_why_filtered(route);
	bgp_nlri_text(&route->nlri, net, sizeof net);
	same = reply->routes > 0 && strcmp(net, reply->last) == 0;
	strcpy(reply->last, net);
	reply->routes++;
	reply->networks += !same;
	if (reply->command.count)
		return;
	if (!reply->headed)
		head(reply, text);
	show(reply, route, same, why, text);
}

static struct bgp_peer *
peer_of(const struct reply *reply)
{
	struct neighbor *n;

	if (reply->neighbor_id == 0)
		return NULL;
	n = speaker_host_slot(reply->source->host, reply->slot);
	return n->peer;
}

/* Puts the cursor into the next table that has something; false: no more. */
static bool
open_table(struct reply *reply)
{
	const struct command *command = &reply->command;
	struct bgp_cursor *cursor = &reply->cursor;

	for (; reply->table < families_count(); reply->table++) {
		bgp_family family = families_at(reply->table).family;

		if (command->family != 0 && command->family != family)
			continue;
		if (bgp_cursor_init(
			cursor, bgp_speaker_rib(reply->source->host->speaker),
			command->why ? BGP_VIEW_LOC_RIB : command->view, family,
			command->why ? NULL : bgp_peer_rib(peer_of(reply))) !=
		    BGP_OK)
			continue;
		if (command->has_prefix &&
		    bgp_cursor_seek(cursor, &command->prefix,
				    command->longest) != BGP_OK)
			continue;
		return true;
	}
	return false;
}

static void
close_table(struct reply *reply, struct reply_text *text)
{
	if (reply->command.count)
		reply_line(text, 1007,
			   "%u of %u routes for %u networks in table %s",
			   reply->routes, reply->routes, reply->networks,
			   table_name(reply));
	reply->all_routes += reply->routes;
	reply->all_networks += reply->networks;
	reply->routes = reply->networks = 0;
	reply->headed = reply->open = false;
	reply->table++;
}

/* ------------------------------------------------------------------- answer */

static bool
finish(const struct reply *reply, struct reply_text *text)
{
	const struct command *command = &reply->command;

	if (command->count && command->family == 0)
		reply_end(
		    text, 14,
		    "Total: %u of %u routes for %u networks in %zu tables",
		    reply->all_routes, reply->all_routes, reply->all_networks,
		    families_count());
	else if (command->has_prefix && reply->all_routes == 0)
		reply_end(text, 8001, "Network not found");
	else
		reply_end(text, 0, "%s", "");
	return false;
}

static bool
walk(struct reply *reply, struct reply_text *text)
{
	size_t room = text->size - text->len;
	struct bgp_route route;
	int next;

	for (int i = 0; i < ROUTES_LOOKED_AT; i++) {
		if (!reply->open && !open_table(reply))
			return finish(reply, text);
		reply->open = true;
		next = bgp_cursor_next(&reply->cursor, &route);
		if (next == BGP_CURSOR_PAUSE)
			break;
		if (next == 1)
			meet(reply, &route, text);
		else
			close_table(reply, text);
		/* One route has room in what was free before the step. */
		if (room - (text->size - text->len) > REPLY_STEP_MAX / 4)
			break;
	}
	return true;
}

/* Finds the neighbour that the command names. */
static bool
find_neighbor(struct reply *reply)
{
	struct speaker_host *host = reply->source->host;

	for (; reply->slot < host->slot_count; reply->slot++) {
		struct neighbor *n = speaker_host_slot(host, reply->slot);

		if (n == NULL ||
		    !command_names(&reply->command, bgp_peer_name(n->peer)))
			continue;
		reply->neighbor_id = n->id;
		return true;
	}
	return false;
}

bool
reply_routes(struct reply *reply, struct reply_text *text)
{
	struct neighbor *n;

	if (reply->command.name[0] != '\0' && reply->neighbor_id == 0 &&
	    !find_neighbor(reply)) {
		reply_end(text, 8003, "No protocols match");
		return false;
	}
	if (reply->neighbor_id != 0) {
		n = speaker_host_slot(reply->source->host, reply->slot);
		if (n == NULL || n->id != reply->neighbor_id) {
			reply_end(text, 8004, "Stopped due to reconfiguration");
			return false;
		}
	}
	return walk(reply, text);
}
