/*
 * reply_protocols.c - neighbours as BIRD's protocols, one in each step.
 *
 *     name   proto  table  state           since         info
 *     Node…  BGP    ---    up|start|down   13:11:02.533  Active  Socket: …
 */
#include <stdio.h>

#include "down.h"
#include "reply.h"

static const char *
proto_state(const struct neighbor *n, enum bgp_state state)
{
	if (n->disabled)
		return "down";
	return state == BGP_ESTABLISHED ? "up" : "start";
}

/* A peer that is only waited for is Passive, in the words of BIRD. */
static const char *
bgp_state(const struct neighbor *n, enum bgp_state state)
{
	bool passive = n->config->passive || n->config->range;

	if (n->disabled)
		return "Down";
	if (passive && (state == BGP_IDLE || state == BGP_ACTIVE))
		return "Passive";
	return bgp_state_text(state);
}

static void
row(const struct neighbor *n, const struct bgp_peer_info *info,
    struct reply_text *text)
{
	char since[32], error[DOWN_TEXT_MAX] = "";
	enum bgp_state state = info->session.state;

	reply_since(&n->since, since, sizeof since);
	if (!n->disabled && state != BGP_ESTABLISHED)
		neighbor_error_text(n, &info->session.last, error,
				    sizeof error);
	reply_line(text, 1002, "%-10s %-10s %-10s %-6s %-13s %-13s %s",
		   info->name, "BGP", "---", proto_state(n, state), since,
		   n->disabled ? "" : bgp_state(n, state), error);
}

static void
channels(const struct bgp_peer_info *info, struct reply_text *text)
{
	for (uint32_t i = 0; i < info->family_count; i++) {
		bgp_family family = info->families[i].family;
		uint32_t in = info->families[i].paths_in;
		uint32_t accepted = info->families[i].paths_accepted;

		reply_line(text, 1006, "  Channel %s", reply_channel(family));
		reply_line(text, 1006, "    State:          UP");
		reply_line(text, 1006, "    Table:          %s",
			   families_table(family));
		reply_line(text, 1006, "    Preference:     100");
		reply_line(text, 1006,
			   "    Routes:         %u imported, "
			   "%u filtered, %u exported, %u preferred",
			   accepted, in - accepted,
			   info->families[i].routes_out,
			   info->families[i].paths_best);
		if (info->families[i].too_long > 0)
			reply_line(text, 1006, "    Too long:       %u",
				   info->families[i].too_long);
		reply_line(text, 1006, "    End of RIB:     %s, %s",
			   info->families[i].eor_in ? "received" : "awaited",
			   info->families[i].eor_out ? "sent" : "not sent");
	}
}

static const char *
kind_text(enum bgp_kind kind)
{
	switch (kind) {
	case BGP_KIND_EBGP:
		return "external";
	case BGP_KIND_CLIENT:
		return "internal route-reflector";
	default:
		return "internal";
	}
}

static void
details(const struct neighbor *n, const struct bgp_peer_info *info,
	struct reply_text *text)
{
	const struct bgp_session_info *s = &info->session;
	char addr[BGP_ADDR_TEXT_MAX], error[DOWN_TEXT_MAX];

	bgp_addr_text(&info->address, addr, sizeof addr);
	reply_line(text, 1006, "  BGP state:          %s",
		   bgp_state(n, s->state));
	reply_line(text, 1006, "    Neighbor address: %s", addr);
	reply_line(text, 1006, "    Neighbor port:    %u", n->config->port);
	reply_line(text, 1006, "    Neighbor AS:      %u", s->peer_as);
	reply_line(text, 1006, "    Local AS:         %u", n->host->local_as);
	if (s->state == BGP_ESTABLISHED)
		reply_line(text, 1006, "    Session:          %s",
			   kind_text(info->kind));
	reply_session(n, info, text);
	if (neighbor_error_text(n, &s->last, error, sizeof error) != 0)
		reply_line(text, 1006, "    Last error:       %s", error);
	reply_line(text, 1006, "    Memory:           %zu octets",
		   info->octets);
	channels(info, text);
	reply_line(text, 1006, "%s", "");
}

/* The next neighbour that the command names; NULL: no more. */
static struct neighbor *
next(struct reply *reply)
{
	struct speaker_host *host = reply->source->host;

	while (reply->slot < host->slot_count) {
		struct neighbor *n = speaker_host_slot(host, reply->slot++);

		if (n != NULL &&
		    command_names(&reply->command, bgp_peer_name(n->peer)))
			return n;
	}
	return NULL;
}

bool
reply_protocols(struct reply *reply, struct reply_text *text)
{
	struct neighbor *n = next(reply);
	struct bgp_peer_info info;

	if (n == NULL && reply->found == 0 && reply->command.name[0] != '\0') {
		reply_end(text, 8003, "No protocols match");
		return false;
	}
	if (reply->found == 0)
		reply_line(text, 2002, "%-10s %-10s %-10s %-6s %-13s %s",
			   "name", "proto", "table", "state", "since", "info");
	if (n == NULL) {
		reply_end(text, 0, "%s", "");
		return false;
	}
	reply->found++;
	bgp_peer_info(n->peer, &info);
	row(n, &info, text);
	if (reply->command.all)
		details(n, &info, text);
	return true;
}

/* ------------------------------------------------ enable, disable, … reload */

static void
reload(const struct command *command, struct bgp_peer *peer)
{
	if (command->reload_in)
		bgp_peer_reload_in(peer);
	if (command->reload_out)
		bgp_peer_reload_out(peer);
}

static void
change(const struct command *command, struct neighbor *n,
       struct reply_text *text)
{
	const char *name = bgp_peer_name(n->peer);

	switch (command->verb) {
	case COMMAND_ENABLE:
		if (neighbor_enable(n))
			reply_line(text, 11, "%s: enabled", name);
		else
			reply_line(text, 10, "%s: already enabled", name);
		break;
	case COMMAND_DISABLE:
		if (neighbor_disable(n, command->text))
			reply_line(text, 9, "%s: disabled", name);
		else
			reply_line(text, 8, "%s: already disabled", name);
		break;
	case COMMAND_RESTART:
		if (neighbor_restart(n))
			reply_line(text, 12, "%s: restarted", name);
		else
			reply_line(text, 8, "%s: already disabled", name);
		break;
	default:
		reload(command, n->peer);
		reply_line(text, 15, "%s: reloading", name);
	}
}

bool
reply_change(struct reply *reply, struct reply_text *text)
{
	struct neighbor *n = next(reply);

	if (n != NULL) {
		reply->found++;
		change(&reply->command, n, text);
		return true;
	}
	if (reply->found == 0)
		reply_end(text, 8003, "No protocols match");
	else
		reply_end(text, 0, "%s", "");
	return false;
}
