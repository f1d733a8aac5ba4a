/*
 * timers.c - when each timer runs out.        RFC 4271 8.1.3, 10, RFC 9687 6
 *
 * A timer is an absolute moment, BGP__NEVER while it is off.  Chance comes from
 * the seed alone.
 *
 *   ConnectRetry  IdleHold             of the session
 *   Hold  Keepalive  DelayOpen  SendHold  of each connection
 */
#include "libbgp/base/mutate.h"
#include "libbgp/session/inside.h"
#include "libbgp/session/session.h"

/* splitmix64 */
static uint64_t
next_random(struct bgp_session *session)
{
	uint64_t z = session->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t
jitter(struct bgp_session *session, uint64_t ms)
{
	return ms - next_random(session) % (ms / 4 + 1);
}

uint64_t
bgp__after_s(const struct bgp_session *session, uint32_t seconds)
{
	return session->now_ms + (uint64_t)seconds * 1000;
}

uint64_t
bgp__after_jittered_s(struct bgp_session *session, uint32_t seconds)
{
	return session->now_ms + jitter(session, (uint64_t)seconds * 1000);
}

/* A third of the hold time, or what the host wants less, and never more often
 * than once a second.  RFC 4271 4.4 */
void
bgp__keepalive_start(struct bgp_conn *conn)
{
	uint64_t want = (uint64_t)conn->session->options.keepalive_s * 1000;
	uint64_t third = (uint64_t)conn->hold_time_s * 1000 / 3;
	uint64_t ms = jitter(conn->session,
			     want != 0 && want < third ? want : third);

	conn->keepalive_ms = BGP__NEVER;
	if (conn->hold_time_s != 0)
		conn->keepalive_ms = conn->session->now_ms +
		    (ms < 1000 ? 1000 : ms);
}

void
bgp__hold_start(struct bgp_conn *conn)
{
	conn->hold_ms = conn->hold_time_s == 0 || BGP__MUTATED(HOLD)
	    ? BGP__NEVER
	    : bgp__after_s(conn->session, conn->hold_time_s);
}

/* Off where the hold time is 0, because then nothing has to be sent. */
void
bgp__send_hold_start(struct bgp_conn *conn)
{
	uint32_t seconds = conn->session->options.send_hold_s;

	if (seconds == 0)
		seconds = 2u * conn->hold_time_s;
	if (conn->session->options.send_hold_s == 0 &&
	    seconds < BGP__SEND_HOLD_MIN_S)
		seconds = BGP__SEND_HOLD_MIN_S;
	conn->send_hold_ms = conn->hold_time_s == 0
	    ? BGP__NEVER
	    : bgp__after_s(conn->session, seconds);
}

/* The wait in Idle after a fault of the peer: it doubles while they follow one
 * another. */
void
bgp__idle_hold_start(struct bgp_session *session)
{
	uint32_t limit = BGP__IDLE_HOLD_MAX_S;
	uint32_t wait = session->idle_hold_s;

	if (limit < session->options.idle_hold_s)
		limit = session->options.idle_hold_s;
	if (wait > limit)
		wait = limit;
	session->idle_hold_s = (uint16_t)(wait * 2 < limit ? wait * 2 : limit);
	session->idle_hold_ms = BGP__MUTATED(IDLE_HOLD)
	    ? BGP__NEVER
	    : bgp__after_jittered_s(session, wait);
}

void
bgp__connect_retry_start(struct bgp_session *session, bool soon)
{
	uint32_t limit = session->options.connect_retry_s;
	uint32_t wait = session->retry_wait_s < limit ? session->retry_wait_s
						      : limit;

	if (soon)
		session->retry_wait_s = (uint16_t)(wait * 2 < limit ? wait * 2
								    : limit);
	session->connect_retry_ms = BGP__MUTATED(IDLE_HOLD)
	    ? BGP__NEVER
	    : bgp__after_jittered_s(session, soon ? wait : limit);
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t
bgp__conn_deadline(const struct bgp_conn *conn)
{
	if (!conn->live)
		return BGP__NEVER;
	return earlier(
	    conn->confirm_ms,
	    earlier(earlier(conn->hold_ms, conn->keepalive_ms),
		    earlier(conn->delay_open_ms, conn->send_hold_ms)));
}

uint64_t
bgp_session_deadline(const struct bgp_session *session)
{
	uint64_t at = earlier(session->connect_retry_ms, session->idle_hold_ms);

	for (const struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next)
		at = earlier(at, bgp__conn_deadline(conn));
	return at;
}

void
bgp__session_alarm(struct bgp_session *session, uint64_t at_ms,
		   void (*alarm)(void *ctx, uint64_t at_ms))
{
	session->alarm_ms = at_ms;
	session->alarm = alarm;
}

void
bgp__session_check_alarm(struct bgp_session *session)
{
	uint64_t at_ms;

	if (session->alarm == NULL)
		return;
	at_ms = bgp_session_deadline(session);
	if (at_ms >= session->alarm_ms)
		return;
	session->alarm_ms = at_ms;
	session->alarm(session->events.ctx, at_ms);
}

static bool
expire(struct bgp_session *session, uint64_t *timer)
{
	if (*timer > session->now_ms)
		return false;
	*timer = BGP__NEVER;
	return true;
}

/* One after another while the connection lives. */
static void
tick_conn(struct bgp_session *session, struct bgp_conn *conn)
{
	const struct {
		uint64_t *timer;
		enum bgp_event event;
	} timers[] = {
		{ &conn->confirm_ms, BGP_EVENT_KEEPALIVE },
		{ &conn->hold_ms, BGP_EVENT_HOLD_EXPIRES },
		{ &conn->send_hold_ms, BGP_EVENT_SEND_HOLD_EXPIRES },
		{ &conn->delay_open_ms, BGP_EVENT_DELAY_OPEN_EXPIRES },
		{ &conn->keepalive_ms, BGP_EVENT_KEEPALIVE_EXPIRES },
	};

	for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++)
		if (conn->live && expire(session, timers[i].timer))
			bgp__conn_event(conn, timers[i].event, NULL);
}

int
bgp_session_tick(struct bgp_session *session, uint64_t now_ms)
{
	if (!bgp__session_enter(session, now_ms))
		return BGP_ERR_STATE;
	for (struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next)
		tick_conn(session, conn);
	if (expire(session, &session->connect_retry_ms))
		bgp__session_event(session, BGP_EVENT_CONNECT_RETRY_EXPIRES);
	if (expire(session, &session->idle_hold_ms))
		bgp__session_event(session, BGP_EVENT_IDLE_HOLD_EXPIRES);
	bgp__session_leave(session);
	return BGP_OK;
}
