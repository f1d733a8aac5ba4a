/*
 * status.c - what runs at this moment, for a status page.
 *
 * Timers are moments inside; outside they are what is left of them, so that a
 * host need not know what a moment is of.  Of two connections the one that is
 * further is shown.
 */
#include <string.h>

#include "libbgp/base/sized.h"
#include "libbgp/session/session.h"

static uint64_t
left(uint64_t at_ms, uint64_t now_ms)
{
	if (at_ms == BGP__NEVER)
		return BGP_TIMER_OFF;
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

/* 0: it never was. */
static uint64_t
ago(uint64_t at_ms, uint64_t count, uint64_t now_ms)
{
	if (count == 0)
		return BGP_TIMER_OFF;
	return now_ms > at_ms ? now_ms - at_ms : 0;
}

static const struct bgp_conn *
furthest(const struct bgp_session *session)
{
	const struct bgp_conn *best = NULL;

	for (const struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next)
		if (conn->live && (best == NULL || conn->state > best->state))
			best = conn;
	return best;
}

int
bgp_session_timers(const struct bgp_session *session, uint64_t now_ms,
		   struct bgp_session_timers *out)
{
	const struct bgp_conn *conn = furthest(session);
	struct bgp_session_timers all = {
		.hold_ms = left(conn ? conn->hold_ms : BGP__NEVER, now_ms),
		.keepalive_ms = left(conn ? conn->keepalive_ms : BGP__NEVER,
				     now_ms),
		.send_hold_ms = left(conn ? conn->send_hold_ms : BGP__NEVER,
				     now_ms),
		.delay_open_ms = left(conn ? conn->delay_open_ms : BGP__NEVER,
				      now_ms),
		.connect_retry_ms = left(session->connect_retry_ms, now_ms),
		.idle_hold_ms = left(session->idle_hold_ms, now_ms),
		.read_ms = ago(session->read_ms, session->octets_in, now_ms),
		.written_ms = ago(session->written_ms, session->octets_out,
				  now_ms),
		.retry_count = session->retry_count,
		.idle_hold_s = session->idle_hold_s
	};
	size_t size = out->size;

	if (bgp__sized_invalid(sizeof all, out) != NULL)
		return BGP_ERR_INVALID;
	all.size = size;
	memcpy(out, &all, size < sizeof all ? size : sizeof all);
	return BGP_OK;
}

int
bgp_session_local_open(const struct bgp_session *session, uint8_t *buf,
		       size_t size)
{
	struct bgp__local_open local;
	int err = bgp__open_build(&session->options, &local);

	return err == BGP_OK ? bgp_open_encode(&local.open, buf, size) : err;
}
