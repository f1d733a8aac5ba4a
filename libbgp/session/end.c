/*
 * end.c - a connection, an attempt or a session comes to its end.
 *
 *   NOTIFICATION on the wire -> close -> down or attempt_failed -> state
 *
 * in this order before the host's eyes.  Of two live connections the end of the
 * one that collision detection took is no end of anything else: it is neither
 * reported nor remembered.                                  RFC 4271 6, 8.2.2
 */
#include <string.h>

#include "libbgp/session/act.h"

static enum bgp_down_cause
cause_of(const struct bgp__step *step)
{
	if ((step->cell.actions & BGP_FSM_SEND_NOTIFICATION) != 0)
		return BGP_DOWN_SENT;
	if (step->event == BGP_EVENT_NOTIFICATION ||
	    step->event == BGP_EVENT_NOTIFICATION_VERSION)
		return BGP_DOWN_RECEIVED;
	if (step->event == BGP_EVENT_CONNECT_RETRY_EXPIRES)
		return BGP_DOWN_TIMEOUT;
	return step->conn == NULL ? BGP_DOWN_CONNECT : BGP_DOWN_TRANSPORT;
}

void
bgp__end_describe(struct bgp__step *step)
{
	const struct bgp_conn *conn = step->conn;
	struct bgp_notification *n = &step->down.notification;

	step->down = (struct bgp_down){
		.cause = cause_of(step),
		.at_ms = step->session->now_ms,
		.state = step->from,
		.expected_as = step->session->options.peer_as,
		.peer_as = conn != NULL && conn->agreed != NULL
		    ? conn->agreed->open.as
		    : 0
	};
	if (step->down.cause != BGP_DOWN_SENT &&
	    step->down.cause != BGP_DOWN_RECEIVED)
		return;
	if (step->why != NULL) {
		*n = *step->why;
		return;
	}
	n->code = step->cell.code;
	if (step->cell.subcode != BGP_FSM_SUBCODE_GIVEN)
		n->subcode = step->cell.subcode;
	if (step->cell.data != 0) {
		step->down_data = conn->message;
		n->data = &step->down_data;
		n->data_len = 1;
	}
}

void
bgp__last_open_drop(struct bgp_session *session)
{
	if (session->last_agreed != NULL)
		bgp__mem_put(&session->mem, session->last_agreed,
			     session->last_agreed->size);
	session->last_agreed = NULL;
}

static void
keep_open(struct bgp_session *session, struct bgp_conn *conn)
{
	if (conn == NULL || conn->agreed == NULL)
		return;
	bgp__last_open_drop(session);
	session->last_agreed = conn->agreed;
	conn->agreed = NULL;
}

void
bgp__end_remember(struct bgp__step *step)
{
	struct bgp_session *session = step->session;
	size_t len = step->down.notification.data_len;
	uint8_t *data = NULL;

	if (len > BGP__LAST_DATA_MAX)
		len = BGP__LAST_DATA_MAX;
	if (len > 0)
		data = bgp__mem_get(&session->mem, len);
	if (data != NULL)
		memcpy(data, step->down.notification.data, len);
	bgp__mem_put(&session->mem, session->last_data,
		     session->last.notification.data_len);
	session->last = step->down;
	session->last_data = data;
	session->last.notification.data = data;
	session->last.notification.data_len = data != NULL ? (uint16_t)len : 0;
	keep_open(session, step->conn);
}

void
bgp__end_close(struct bgp_conn *conn)
{
	struct bgp_session *session = conn->session;

	bgp__conn_forget(conn);
	if (session->born != NULL && *session->born == conn)
		conn->gone = true; /* accept answers BGP_ERR_ENDED instead */
	if (conn->gone)
		return;
	conn->closing = true;
	if (session->events.close != NULL)
		session->events.close(session->events.ctx, conn);
}

void
bgp__end_report(struct bgp__step *step, bool retain)
{
	struct bgp_session *session = step->session;
	const struct bgp_session_events *events = &session->events;

	step->down.retain = retain;
	session->last.retain = retain;
	if (step->from != BGP_ESTABLISHED) {
		session->failed_count++;
		if (events->attempt_failed != NULL)
			events->attempt_failed(events->ctx, session,
					       &step->down);
		return;
	}
	if (session->now_ms - session->up_ms >= BGP__STABLE_MS)
		session->idle_hold_s = session->options.idle_hold_s;
	if (session->now_ms - session->up_ms >= BGP__UP_MS)
		session->retry_wait_s = BGP__RETRY_FIRST_S;
	if (events->down != NULL)
		events->down(events->ctx, session, &step->down);
}

void
bgp__attempt_cancel(struct bgp_session *session)
{
	bool asked = session->connecting && !session->raise_connect;

	session->connecting = false;
	session->raise_connect = false;
	session->connect_failed = false;
	if (asked && session->events.cancel != NULL)
		session->events.cancel(session->events.ctx, session);
}
