/*
 * drive.c - carry out what a cell of the FSM asks for.       RFC 4271 8.2.2
 *
 *   event -> bgp_fsm_step -> send -> timers -> state
 *                                 \-> the end of a connection:
 *                                     NOTIFICATION, close, down, state
 *
 * What a cell says of the whole session (ConnectRetry, damping, Idle) counts
 * only where no other connection lives; a loser of collision detection takes
 * nothing with it.  An enabled session never rests in Idle without IdleHold.
 */
#include <string.h>

#include "libbgp/session/session.h"

/* ------------------------------------------------------------ the session */

bool
bgp__session_passive(const struct bgp_session *session)
{
	return session->options.passive || session->events.connect == NULL;
}

static enum bgp_state
furthest(const struct bgp_session *session)
{
	enum bgp_state state = BGP_IDLE;

	for (const struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next)
		if (conn->live && conn->state > state)
			state = conn->state;
	return state == BGP_IDLE ? session->rest : state;
}

void
bgp__session_settle(struct bgp_session *session)
{
	enum bgp_state from = session->state;

	session->state = furthest(session);
	if (session->state == from)
		return;
	session->since_ms = session->now_ms;
	if (session->events.state != NULL)
		session->events.state(session->events.ctx, session, from,
				      session->state);
}

static void
cancel_attempt(struct bgp_session *session)
{
	bool told = session->connecting && !session->raise_connect;

	session->connecting = false;
	session->raise_connect = false;
	session->connect_failed = false;
	if (told && session->events.cancel != NULL)
		session->events.cancel(session->events.ctx, session);
}

static void
count_retry(struct bgp_session *session, uint32_t actions)
{
	if ((actions & BGP_FSM_RETRY_COUNT_0) != 0)
		session->retry_count = 0;
	if ((actions & BGP_FSM_RETRY_COUNT_UP) != 0)
		session->retry_count++;
}

static void
enter_idle(struct bgp_session *session, uint32_t actions)
{
	session->rest = BGP_IDLE;
	session->connect_retry_ms = BGP__NEVER;
	cancel_attempt(session);
	if (session->enabled)
		bgp__idle_hold_start(session, (actions & BGP_FSM_DAMP) != 0);
}

/* The session's part of a cell, while no connection lives. */
static void
rest(struct bgp_session *session, const struct bgp_fsm_step *step)
{
	count_retry(session, step->actions);
	if (step->next == BGP_IDLE) {
		enter_idle(session, step->actions);
		return;
	}
	session->idle_hold_ms = BGP__NEVER;
	session->rest = step->next;
	if ((step->actions & BGP_FSM_RETRY_START) != 0 &&
	    !bgp__session_passive(session))
		session->connect_retry_ms = bgp__after_jittered_s(
		    session, session->options.connect_retry_s);
	if ((step->actions & BGP_FSM_CONNECT) != 0)
		session->connecting = session->raise_connect = true;
	if (session->connecting) /* the attempt goes on */
		session->rest = BGP_CONNECT;
}

void
bgp__session_event(struct bgp_session *session, enum bgp_event event)
{
	uint32_t conditions = bgp__session_passive(session) ? BGP_FSM_IF_PASSIVE
							    : 0;
	struct bgp_fsm_step step = bgp_fsm_step(session->rest, event,
						conditions);

	if (step.actions == 0 && step.next == session->rest)
		return;
	rest(session, &step);
	bgp__session_settle(session);
}

void
bgp__session_event_all(struct bgp_session *session, enum bgp_event event,
		       const struct bgp_notification *why)
{
	bool any = false;

	if (event == BGP_EVENT_MANUAL_STOP) {
		session->enabled = false;
		session->idle_hold_ms = BGP__NEVER;
	}
	for (struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next) {
		if (!conn->live)
			continue;
		any = true;
		bgp__conn_event(conn, event, why);
	}
	if (!any)
		bgp__session_event(session, event);
}

/*
 * Where nothing but TCP failed, Idle is left at once by the passive start
 * (event 5): in Active the peer's own connection is welcome.  Two sessions
 * that waited in Idle between their attempts would refuse each other for ever.
 */
static void
wait_in_active(struct bgp_session *session)
{
	uint64_t again_ms = session->idle_hold_ms;

	if (!session->enabled || session->rest != BGP_IDLE)
		return;
	bgp__session_event(session, BGP_EVENT_AUTOMATIC_START_PASSIVE);
	session->connect_retry_ms = again_ms;
}

/* The attempt counts only while the session waits for nothing else. */
void
bgp__session_attempt_failed(struct bgp_session *session)
{
	session->connecting = false;
	session->connect_failed = false;
	if (session->rest != BGP_CONNECT ||
	    bgp__session_other(session, NULL) != NULL)
		return;
	session->last.cause = BGP_DOWN_CONNECT;
	bgp__session_event(session, BGP_EVENT_TCP_FAILS);
	wait_in_active(session);
}

/* -------------------------------------------------- the end of a connection */

static void
remember(struct bgp_session *session, const struct bgp_down *down)
{
	size_t len = down->notification.data_len;
	uint8_t *data = NULL;

	if (len > BGP__LAST_DATA_MAX)
		len = BGP__LAST_DATA_MAX;
	if (len > 0)
		data = bgp__mem_get(&session->mem, len);
	if (data != NULL)
		memcpy(data, down->notification.data, len);
	bgp__mem_put(&session->mem, session->last_data,
		     session->last.notification.data_len);
	session->last = *down;
	session->last_data = data;
	session->last.notification.data = data;
	session->last.notification.data_len = data != NULL ? (uint16_t)len : 0;
}

/* data: room for the type of the message that should not have come. */
static void
describe(const struct bgp_conn *conn, const struct bgp_fsm_step *step,
	 enum bgp_event event, const struct bgp_notification *why,
	 struct bgp_down *down, uint8_t *data)
{
	*down = (struct bgp_down){ .cause = BGP_DOWN_TRANSPORT };
	if ((step->actions & BGP_FSM_SEND_NOTIFICATION) != 0)
		down->cause = BGP_DOWN_SENT;
	else if (event == BGP_EVENT_NOTIFICATION ||
		 event == BGP_EVENT_NOTIFICATION_VERSION)
		down->cause = BGP_DOWN_RECEIVED;
	else
		return;
	if (why != NULL) {
		down->notification = *why;
		return;
	}
	down->notification.code = step->code;
	if (step->subcode != BGP_FSM_SUBCODE_GIVEN)
		down->notification.subcode = step->subcode;
	if (step->data != 0) { /* RFC 6608 3 */
		*data = conn->message;
		down->notification.data = data;
		down->notification.data_len = 1;
	}
}

static void
close_transport(struct bgp_conn *conn)
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

static void
come_down(struct bgp_session *session, const struct bgp_down *down)
{
	if (session->now_ms - session->up_ms >= BGP__STABLE_MS)
		session->idle_hold_s = session->options.idle_hold_s;
	if (session->events.down != NULL)
		session->events.down(session->events.ctx, session, down);
}

/* NOTIFICATION, close, down, state: in this order before the host's eyes. */
static void
finish(struct bgp_conn *conn, const struct bgp_fsm_step *step,
       enum bgp_event event, const struct bgp_notification *why)
{
	struct bgp_session *session = conn->session;
	bool was_up = conn->state == BGP_ESTABLISHED;
	struct bgp_conn *other = bgp__session_other(session, conn);
	bool whole = true;
	struct bgp_down down;
	uint8_t data;

	describe(conn, step, event, why, &down, &data);
	if (was_up)
		whole = bgp__conn_leave_stream(conn) == BGP_OK;
	if (down.cause == BGP_DOWN_SENT && whole)
		bgp__conn_send_notification(conn, &down.notification);
	if (was_up || other == NULL)
		remember(session, &down);
	close_transport(conn);
	if (was_up)
		come_down(session, &down);
	if (other == NULL)
		rest(session, step);
	bgp__session_settle(session);
	if (other != NULL)
		bgp__conn_confirm(other);
}

/* -------------------------------------------------------- one connection */

/* As configured, or the wait of collide.c. */
static uint64_t
delay_open_ms(const struct bgp_session *session)
{
	uint64_t ms = (uint64_t)session->options.delay_open_s * 1000;

	return ms == 0 && bgp__session_conn(session) != NULL
	    ? BGP__COLLISION_WAIT_MS
	    : ms;
}

static uint32_t
conditions(const struct bgp_conn *conn)
{
	const struct bgp_session *session = conn->session;
	uint32_t all = BGP_FSM_IF_SEND_HOLD | BGP_FSM_IF_BARE_NOTIFY;

	if (delay_open_ms(session) != 0)
		all |= BGP_FSM_IF_DELAY_OPEN;
	if (conn->delay_open_ms != BGP__NEVER)
		all |= BGP_FSM_IF_DELAYED;
	if (bgp__session_passive(session))
		all |= BGP_FSM_IF_PASSIVE;
	if (conn->hold_time_s != 0)
		all |= BGP_FSM_IF_HOLD;
	return all;
}

static void
set_timers(struct bgp_conn *conn, uint32_t actions)
{
	struct bgp_session *session = conn->session;

	if ((actions & BGP_FSM_RETRY_STOP) != 0)
		session->connect_retry_ms = BGP__NEVER;
	if ((actions & BGP_FSM_DELAY_START) != 0)
		conn->delay_open_ms = session->now_ms + delay_open_ms(session);
	if ((actions & BGP_FSM_DELAY_STOP) != 0)
		conn->delay_open_ms = BGP__NEVER;
	if ((actions & BGP_FSM_HOLD_LARGE) != 0)
		conn->hold_ms = session->now_ms + BGP__HOLD_LARGE_MS;
	if ((actions & BGP_FSM_HOLD_START) != 0)
		bgp__hold_start(conn);
	if ((actions & BGP_FSM_HOLD_STOP) != 0)
		conn->hold_ms = BGP__NEVER;
	if ((actions & BGP_FSM_KEEPALIVE_START) != 0)
		bgp__keepalive_start(conn);
	if ((actions & BGP_FSM_KEEPALIVE_STOP) != 0)
		conn->keepalive_ms = BGP__NEVER;
	if ((actions & BGP_FSM_SEND_HOLD_START) != 0)
		bgp__send_hold_start(conn);
}

static void
come_up(struct bgp_session *session)
{
	session->up_ms = session->now_ms;
	session->established_count++;
	cancel_attempt(session);
	if (session->events.established != NULL)
		session->events.established(session->events.ctx, session);
}

int
bgp__conn_event(struct bgp_conn *conn, enum bgp_event event,
		const struct bgp_notification *why)
{
	struct bgp_fsm_step step = bgp_fsm_step(conn->state, event,
						conditions(conn));
	enum bgp_state from = conn->state;

	if ((step.actions & BGP_FSM_SEND_OPEN) != 0 &&
	    bgp__conn_send_open(conn) < 0)
		return BGP_ERR_NOMEM;
	if ((step.actions & BGP_FSM_SEND_KEEPALIVE) != 0 &&
	    bgp__conn_send_keepalive(conn) < 0) {
		bgp__conn_nomem(conn);
		return BGP_OK;
	}
	if (step.next == BGP_IDLE || event == BGP_EVENT_TCP_FAILS) {
		finish(conn, &step, event, why);
		return BGP_OK;
	}
	set_timers(conn, step.actions);
	conn->state = step.next;
	bgp__session_settle(conn->session);
	if (step.next == BGP_ESTABLISHED && from != BGP_ESTABLISHED)
		come_up(conn->session);
	return BGP_OK;
}

void
bgp__conn_nomem(struct bgp_conn *conn)
{
	static const struct bgp_notification why = {
		.code = 6, .subcode = 8
	}; /* RFC 4486 4 */

	bgp__conn_event(conn, BGP_EVENT_AUTOMATIC_STOP, &why);
}
