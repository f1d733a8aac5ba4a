/*
 * speaker_host.c - what the speaker asks of its host, and the turn.
 *
 *     a turn:  accepts, dials, reads     sockets -> speaker
 *              bgp_speaker_tick          decide, tell
 *              conn_set_turn             speaker -> sockets
 *
 * The speaker's callbacks only start things; its answers come later, from the
 * loop, where every call is allowed.
 */
#include "speaker_host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define FAULT_LOG_MS 1000 /* a warning for each peer, the others for debug */
#define FAULT_OCTETS 32   /* shown of the message, from the fault on */

/* --------------------------------------------------------------- callbacks */

static void
on_connect(void *ctx, struct bgp_peer *peer)
{
	struct neighbor *n = bgp_peer_user(peer);
	const struct neighbor_config *config = n->config;
	struct bgp_peer_info info;
	struct endpoint remote = { .port = config->port };
	struct socket_guard guard = { config->password, config->gtsm_hops };

	(void)ctx;
	bgp_peer_info(peer, &info);
	remote.addr = info.address;
	dial_start(&n->dial, &remote, &config->bind, &guard);
}

static void
on_cancel(void *ctx, struct bgp_peer *peer)
{
	struct neighbor *n = bgp_peer_user(peer);

	(void)ctx;
	dial_cancel(&n->dial);
}

static void
on_close(void *ctx, struct bgp_conn *bgp)
{
	(void)ctx;
	conn_close(bgp);
}

static void
on_output(void *ctx, struct bgp_conn *bgp)
{
	(void)ctx;
	conn_output(bgp);
}

static void
log_up(struct bgp_peer *peer)
{
	struct bgp_peer_info info;
	char addr[BGP_ADDR_TEXT_MAX], id[BGP_ADDR_TEXT_MAX];

	bgp_peer_info(peer, &info);
	bgp_addr_text(&info.address, addr, sizeof addr);
	bgp_id_text(info.session.peer_router_id, id, sizeof id);
	log_line(LOG_INFO, "%s: up, %s, AS %u, router id %s", info.name, addr,
		 info.session.peer_as, id);
}

static void
log_down(const struct neighbor *n, const char *what, const struct bgp_down *why)
{
	char text[OPTION_TEXT_MAX];

	neighbor_error_text(n, why, text, sizeof text);
	log_line(LOG_INFO, "%s: %s: %s", bgp_peer_name(n->peer), what, text);
}

/* Whoever is of a range can cause these lines: one a second of those that are
 * not known to be what they say. */
static void
log_failed(struct neighbor *n)
{
	struct speaker_host *host = n->host;
	struct bgp_peer_info info;
	unsigned left_out;

	bgp_peer_info(n->peer, &info);
	if (!n->config->range || n->came_up)
		log_down(n, "did not come up", &info.session.last);
	else if (log_limit(&host->failed_log, host->loop->now_ms, FAULT_LOG_MS,
			   &left_out))
		log_down(n,
			 left_out > 0 ? "did not come up, nor did others"
				      : "did not come up",
			 &info.session.last);
}

static void
on_peer_state(void *ctx, struct bgp_peer *peer, enum bgp_state from,
	      enum bgp_state to)
{
	struct neighbor *n = bgp_peer_user(peer);
	bool tried = from == BGP_OPENSENT || from == BGP_OPENCONFIRM;

	(void)ctx;
	log_line(LOG_DEBUG, "%s: %s -> %s", bgp_peer_name(peer),
		 bgp_state_text(from), bgp_state_text(to));
	if (to == BGP_ESTABLISHED || from == BGP_ESTABLISHED)
		clock_gettime(CLOCK_REALTIME, &n->since);
	if (to == BGP_ESTABLISHED) {
		n->came_up = true;
		log_up(peer);
	}
	if (tried && to < BGP_OPENSENT && !n->disabled)
		log_failed(n);
}

static void
on_peer_down(void *ctx, struct bgp_peer *peer, const struct bgp_down *why)
{
	(void)ctx;
	log_down(bgp_peer_user(peer), "down", why);
}

static void
on_peer_fault(void *ctx, struct bgp_peer *peer, const struct bgp_fault *fault,
	      struct bgp_span msg)
{
	struct neighbor *n = bgp_peer_user(peer);
	enum log_level level = LOG_DEBUG;
	char attr[BGP_FAMILY_TEXT_MAX], octets[2 * FAULT_OCTETS + 1] = "";
	unsigned left_out = 0;

	(void)ctx;
	if (log_limit(&n->fault_log, n->host->loop->now_ms, FAULT_LOG_MS,
		      &left_out))
		level = LOG_WARNING;
	bgp_attr_name_text(fault->attribute, attr, sizeof attr);
	for (size_t i = 0; i < FAULT_OCTETS && fault->offset + i < msg.len; i++)
		snprintf(octets + 2 * i, 3, "%02x",
			 msg.octets[fault->offset + i]);
	log_line(level,
		 "%s: UPDATE with a fault, %s: %s: %s, at octet %u: %s "
		 "(%u before)",
		 bgp_peer_name(peer), bgp_remedy_text(fault->remedy), attr,
		 fault->reason, fault->offset, octets, left_out);
}

/* One client can make many such routes: they have the pace of faults. */
static void
on_too_long(void *ctx, struct bgp_peer *peer, uint32_t count,
	    const struct bgp_nlri *nlri)
{
	struct neighbor *n = bgp_peer_user(peer);
	enum log_level level = LOG_DEBUG;
	char route[BGP_FAMILY_TEXT_MAX + 256];
	unsigned left_out = 0;

	(void)ctx;
	if (log_limit(&n->long_log, n->host->loop->now_ms, FAULT_LOG_MS,
		      &left_out))
		level = LOG_WARNING;
	bgp_nlri_text(nlri, route, sizeof route);
	log_line(level,
		 "%s: %s is too long for its messages and those of %u more "
		 "(%u before)",
		 bgp_peer_name(peer), route, count - 1, left_out);
}

/* -------------------------------------------------------------------- turn */

static uint64_t
deadline(void *ctx)
{
	struct speaker_host *host = ctx;
	uint64_t first = bgp_speaker_deadline(host->speaker);

	if (host->oldest != NULL && host->oldest->expire_ms < first)
		first = host->oldest->expire_ms;
	if (host->paused && host->resume_ms < first)
		first = host->resume_ms;
	return first;
}

static void
turn(void *ctx)
{
	struct speaker_host *host = ctx;

	neighbors_expire(host);
	listeners_resume(host);
	bgp_speaker_tick(host->speaker, host->loop->now_ms);
}

static void
on_conn_received(void *ctx, struct conn *conn)
{
	(void)ctx;
	neighbor_count(conn->owner);
}

static void
on_conn_gone(void *ctx, struct conn *conn, int error)
{
	(void)ctx;
	neighbor_conn_gone(conn->owner, error);
}

/* ---------------------------------------------------------------- lifetime */

static int
hook_up(struct speaker_host *host)
{
	struct loop_hook ticks = { deadline, turn, host };
	struct loop_hook writes = { conn_set_deadline, conn_set_turn,
				    &host->conns };

	if (conn_set_open(&host->conns, host->loop) != 0)
		return -1;
	host->conns.received = on_conn_received;
	host->conns.gone = on_conn_gone;
	host->conns.ctx = host;
	return loop_hook(host->loop, &ticks) == 0 &&
		loop_hook(host->loop, &writes) == 0
	    ? 0
	    : -1;
}

int
speaker_host_open(struct speaker_host *host, struct loop *loop,
		  const struct bgp_speaker_options *options)
{
	struct bgp_speaker_events events = {
		.size = sizeof events,
		.ctx = host,
		.connect = on_connect,
		.cancel = on_cancel,
		.close = on_close,
		.output = on_output,
		.peer_state = on_peer_state,
		.peer_down = on_peer_down,
		.peer_fault = on_peer_fault,
		.too_long = on_too_long,
	};
	int err;

	memset(host, 0, sizeof *host);
	host->loop = loop;
	host->local_as = options->local_as;
	err = bgp_speaker_new(&host->speaker, options, &events);
	if (err != BGP_OK) {
		log_line(LOG_ERROR, "speaker: %s", bgp_err_text(err));
		return -1;
	}
	if (hook_up(host) == 0)
		return 0;
	log_line(LOG_ERROR, "speaker: %s", strerror(errno));
	return -1;
}

void
speaker_host_close(struct speaker_host *host)
{
	speaker_host_listen(host, NULL, 0);
	bgp_speaker_del(host->speaker);
	host->speaker = NULL;
	conn_set_close(&host->conns);
	neighbors_close(host);
	neighbor_list_free(&host->configs);
}

void
speaker_host_end(struct speaker_host *host)
{
	speaker_host_listen(host, NULL, 0);
	host->ending = true;
	for (size_t i = 0; i < host->slot_count; i++)
		if (host->slots[i] != NULL)
			bgp_peer_disable(host->slots[i]->peer, NULL,
					 host->loop->now_ms);
}

bool
speaker_host_is_ended(const struct speaker_host *host)
{
	return host->ending && host->conns.count == 0;
}
