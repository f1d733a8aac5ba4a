/*
 * guard.c - what may happen while a callback runs, and what has to wait.
 *
 *   enter ... events, callbacks ... leave: deferred, connect, output, free
 *
 * A callback may ask for the end of the very connection whose message is being
 * read.  It is noted and carried out once the callback has returned; memory is
 * freed when the outermost call ends, so that no loop loses its ground.
 *
 * A session of its own has a guard of its own: while it is busy, who knocks is
 * in a callback.  One of a speaker has the speaker's: a callback of any object
 * there shuts the doors of all, and what is asked of another session waits in
 * the guard's list until the outermost call has nothing half done.
 */
#include <string.h>

#include "libbgp/session/inside.h"
#include "libbgp/session/session.h"

static void
run_later(struct bgp__later *later)
{
	struct bgp_session *session = (void *)((char *)later -
					       offsetof(struct bgp_session,
							later));

	if (bgp__session_enter(session, session->now_ms))
		bgp__session_leave(session);
}

void
bgp__session_guard_init(struct bgp_session *session)
{
	session->guard = &session->own_guard;
	session->later.run = run_later;
}

void
bgp__session_lend_guard(struct bgp_session *session, struct bgp__guard *guard)
{
	session->guard = guard;
}

bool
bgp__session_enter(struct bgp_session *session, uint64_t now_ms)
{
	if (session->busy || bgp__guard_refuses(session->guard))
		return false;
	session->busy = true;
	bgp__guard_begin(session->guard);
	if (now_ms > session->now_ms)
		session->now_ms = now_ms;
	return true;
}

void
bgp__session_note(struct bgp_session *session)
{
	if (session->busy)
		return; /* its own call looks when it ends */
	if (session->guard->calls > 0 || bgp__guard_refuses(session->guard))
		bgp__guard_later(session->guard, &session->later);
	else if (bgp__session_enter(session, session->now_ms))
		bgp__session_leave(session);
}

/* ---------------------------------------------------------------- deferred */

int
bgp__session_defer(struct bgp_session *session, enum bgp_event event,
		   const struct bgp_notification *why)
{
	struct bgp__deferred *d = &session->deferred;
	uint8_t *data = NULL;

	if (d->any &&
	    (d->event == BGP_EVENT_MANUAL_STOP ||
	     event != BGP_EVENT_MANUAL_STOP))
		return BGP_OK; /* the first reason counts, a stop most */
	if (why->data_len > 0) {
		data = bgp__mem_get(&session->mem, why->data_len);
		if (data == NULL)
			return BGP_ERR_NOMEM;
		memcpy(data, why->data, why->data_len);
	}
	bgp__mem_put(&session->mem, d->data, d->data_len);
	*d = (struct bgp__deferred){ true,         event,         why->code,
				     why->subcode, why->data_len, data };
	bgp__session_note(session);
	return BGP_OK;
}

static void
run_deferred(struct bgp_session *session)
{
	struct bgp__deferred d = session->deferred;
	struct bgp_notification why = { d.code, d.subcode, d.data_len, d.data };

	session->deferred = (struct bgp__deferred){ .any = false };
	bgp__session_event_all(session, d.event, &why);
	bgp__mem_put(&session->mem, d.data, d.data_len);
}

static void
run_gone(struct bgp_session *session)
{
	session->conn_gone = false;
	for (struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next)
		if (conn->gone && conn->live)
			bgp__conn_event(conn, BGP_EVENT_TCP_FAILS, NULL);
}

/* A stop goes before a start: together they are a restart. */
void
bgp__session_deferred(struct bgp_session *session)
{
	while (session->deferred.any || session->connect_failed ||
	       session->conn_gone || session->start || session->taken_later) {
		if (session->taken_later)
			bgp__session_taken(session);
		if (session->deferred.any)
			run_deferred(session);
		if (session->conn_gone)
			run_gone(session);
		if (session->connect_failed)
			bgp__session_attempt_failed(session);
		if (session->start && !session->deferred.any)
			bgp__session_begin(session);
	}
}

/* ------------------------------------------------------------------- leave */

static bool
raise_connect(struct bgp_session *session)
{
	if (!session->raise_connect)
		return false;
	session->raise_connect = false;
	session->events.connect(session->events.ctx, session);
	return true;
}

static bool
raise_output(struct bgp_session *session)
{
	bool any = false;

	for (struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next) {
		if (!conn->raise || !conn->live)
			continue;
		conn->raise = false;
		any = true;
		if (session->events.output != NULL)
			session->events.output(session->events.ctx, conn);
	}
	return any;
}

static void
sweep(struct bgp_session *session)
{
	struct bgp_conn **at = &session->conns;

	while (*at != NULL) {
		struct bgp_conn *conn = *at;

		if (!conn->gone) {
			at = &conn->next;
			continue;
		}
		*at = conn->next;
		if (session->born != NULL && *session->born == conn)
			*session->born = NULL;
		bgp__conn_free(conn);
	}
}

void
bgp__session_leave(struct bgp_session *session)
{
	bool more = true;

	while (more) {
		bgp__session_deferred(session);
		more = raise_connect(session);
		more |= raise_output(session);
	}
	sweep(session);
	session->born = NULL;
	session->busy = false;
	if (session->dead) {
		bgp__session_free(session);
		return;
	}
	bgp__session_check_alarm(session);
	bgp__guard_end(session->guard);
}
