/*
 * reply_session.c - of a protocol: capabilities, timers, messages, in the words
 * of BIRD where it has them.
 *
 *     Local capabilities
 *       Multiprotocol
 *         AF announced: ipv4 ipv6
 *       Route refresh
 *     Hold timer:       71.204/90
 */
#include <stdio.h>
#include <string.h>

#include "reply.h"

#define AFS_MAX 400 /* octets of a line of families */

/* ------------------------------------------------------------- capabilities */

static const struct {
	uint8_t code;
	const char *name;
} names[] = {
	{ BGP_CAP_REFRESH, "Route refresh" },
	{ BGP_CAP_EXT_NEXT_HOP, "Extended next hop" },
	{ BGP_CAP_EXT_MESSAGE, "Extended message" },
	{ BGP_CAP_MULTIPLE_LABELS, "Multiple labels" },
	{ BGP_CAP_ROLE, "Role" },
	{ BGP_CAP_GRACEFUL_RESTART, "Graceful restart" },
	{ BGP_CAP_AS4, "4-octet AS numbers" },
	{ BGP_CAP_ADD_PATH, "ADD-PATH" },
	{ BGP_CAP_ENHANCED_REFRESH, "Enhanced refresh" },
	{ BGP_CAP_LLGR, "Long-lived graceful restart" },
};

const char *
reply_channel(bgp_family family)
{
	if (family == BGP_IPV4_UNICAST)
		return "ipv4";
	return family == BGP_IPV6_UNICAST ? "ipv6" : families_table(family);
}

/* One more name behind the others; left out where there is no room. */
static void
add_family(char *afs, bgp_family family)
{
	size_t len = strlen(afs);

	snprintf(afs + len, AFS_MAX - len, " %s", reply_channel(family));
}

static void
multiprotocol(const struct bgp_open *open, struct reply_text *text)
{
	struct bgp_capability_value value;
	char afs[AFS_MAX] = "";

	for (uint8_t i = 0; i < open->capability_count; i++)
		if (open->capabilities[i].code == BGP_CAP_MP &&
		    bgp_capability_decode(&open->capabilities[i], &value) ==
			BGP_OK)
			add_family(afs, (bgp_family)value.number);
	if (afs[0] == '\0')
		return;
	reply_line(text, 1006, "      Multiprotocol");
	reply_line(text, 1006, "        AF announced:%s", afs);
}

static void
restart_details(const struct bgp_capability_value *value,
		struct reply_text *text)
{
	char afs[AFS_MAX] = "";

	for (uint8_t i = 0; i < value->tuple_count; i++)
		add_family(afs, value->tuples[i].family);
	reply_line(text, 1006, "        Restart time: %u", value->number);
	reply_line(text, 1006, "        AF supported:%s", afs);
}

static void
add_path_details(const struct bgp_capability_value *value,
		 struct reply_text *text)
{
	char rx[AFS_MAX] = "", tx[AFS_MAX] = "";

	for (uint8_t i = 0; i < value->tuple_count; i++) {
		if (value->tuples[i].flags & 1)
			add_family(rx, value->tuples[i].family);
		if (value->tuples[i].flags & 2)
			add_family(tx, value->tuples[i].family);
	}
	if (rx[0] != '\0')
		reply_line(text, 1006, "        RX:%s", rx);
	if (tx[0] != '\0')
		reply_line(text, 1006, "        TX:%s", tx);
}

static void
capability(const struct bgp_capability *cap, struct reply_text *text)
{
	struct bgp_capability_value value;
	char other[128];
	size_t i = 0;

	if (cap->code == BGP_CAP_MP)
		return; /* all of them in one line, above */
	while (i < sizeof names / sizeof names[0] && names[i].code != cap->code)
		i++;
	if (i == sizeof names / sizeof names[0]) {
		bgp_capability_text(cap, other, sizeof other);
		reply_line(text, 1006, "      %s", other);
		return;
	}
	reply_line(text, 1006, "      %s", names[i].name);
	if (bgp_capability_decode(cap, &value) != BGP_OK)
		return;
	if (cap->code == BGP_CAP_GRACEFUL_RESTART)
		restart_details(&value, text);
	if (cap->code == BGP_CAP_ADD_PATH)
		add_path_details(&value, text);
}

static void
capabilities(const char *whose, const struct bgp_open *open,
	     struct reply_text *text)
{
	reply_line(text, 1006, "    %s capabilities", whose);
	multiprotocol(open, text);
	for (uint8_t i = 0; i < open->capability_count; i++)
		capability(&open->capabilities[i], text);
}

static void
opens(const struct bgp_session *session, struct reply_text *text)
{
	const struct bgp_open *remote = bgp_session_remote_open(session);
	uint8_t msg[BGP_MESSAGE_MAX];
	struct bgp_fault fault;
	struct bgp_open local;
	int len = bgp_session_local_open(session, msg, sizeof msg);

	if (remote == NULL)
		return;
	if (len > 0 &&
	    bgp_open_decode(msg, (size_t)len, &local, &fault) == BGP_OK)
		capabilities("Local", &local, text);
	capabilities("Neighbor", remote, text);
}

/* ------------------------------------------------------------------- timers */

/* "71.204/90": what is left, of how much. */
static void
timer(struct reply_text *text, const char *name, uint64_t left_ms,
      unsigned of_s)
{
	if (left_ms != BGP_TIMER_OFF)
		reply_line(text, 1006, "    %-17s %llu.%03llu/%u", name,
			   (unsigned long long)(left_ms / 1000),
			   (unsigned long long)(left_ms % 1000), of_s);
}

static void
ago(struct reply_text *text, const char *name, uint64_t ms)
{
	if (ms != BGP_TIMER_OFF)
		reply_line(text, 1006, "    %-17s %llu.%03llu s ago", name,
			   (unsigned long long)(ms / 1000),
			   (unsigned long long)(ms % 1000));
}

static void
timers(const struct neighbor *n, const struct bgp_peer_info *info,
       struct reply_text *text)
{
	struct bgp_session_timers t = BGP_SESSION_TIMERS_INIT;
	unsigned hold_s = info->session.hold_time_s;

	if (bgp_session_timers(bgp_peer_session(n->peer), n->host->loop->now_ms,
			       &t) != BGP_OK)
		return;
	timer(text, "Hold timer:", t.hold_ms, hold_s);
	timer(text, "Keepalive timer:", t.keepalive_ms, hold_s / 3);
	timer(text, "Send hold timer:", t.send_hold_ms,
	      hold_s > 240 ? 2 * hold_s : 480);
	timer(text, "Connect delay:", t.connect_retry_ms, NEIGHBOR_RETRY_S);
	timer(text, "Error wait:", t.idle_hold_ms, t.idle_hold_s);
	ago(text, "Last read:", t.read_ms);
	ago(text, "Last written:", t.written_ms);
}

/* ----------------------------------------------------------------- messages */

static void
messages(struct reply_text *text, const char *name, const uint64_t *count,
	 uint64_t octets)
{
	reply_line(text, 1006,
		   "    %-17s %llu OPEN, %llu UPDATE, %llu NOTIFICATION, "
		   "%llu KEEPALIVE, %llu ROUTE-REFRESH, %llu octets",
		   name, (unsigned long long)count[BGP_OPEN],
		   (unsigned long long)count[BGP_UPDATE],
		   (unsigned long long)count[BGP_NOTIFICATION],
		   (unsigned long long)count[BGP_KEEPALIVE],
		   (unsigned long long)count[BGP_ROUTE_REFRESH],
		   (unsigned long long)octets);
}

void
reply_session(const struct neighbor *n, const struct bgp_peer_info *info,
	      struct reply_text *text)
{
	const struct bgp_session_info *s = &info->session;
	char id[BGP_ADDR_TEXT_MAX];

	if (s->state == BGP_ESTABLISHED) {
		bgp_id_text(s->peer_router_id, id, sizeof id);
		reply_line(text, 1006, "    Neighbor ID:      %s", id);
	}
	opens(bgp_peer_session(n->peer), text);
	timers(n, info, text);
	messages(text, "Received:", s->messages_in, s->octets_in);
	messages(text, "Sent:", s->messages_out, s->octets_out);
	reply_line(text, 1006,
		   "    UPDATE faults:    %u discarded, %u withdrawn, %u reset",
		   s->faults[BGP_REMEDY_DISCARD],
		   s->faults[BGP_REMEDY_WITHDRAW], s->faults[BGP_REMEDY_RESET]);
	reply_line(text, 1006,
		   "    Established:      %u times, %u connections refused",
		   s->established_count, n->refused);
	if (n->config->prefix_limit != 0)
		reply_line(text, 1006, "    Import limit:     %u",
			   n->config->prefix_limit);
}
