/*
 * drive.c - every event of a session goes through the table.  RFC 4271 8.2.2
 *
 *   raise --> [event][event] --> conditions --> bgp_fsm_step --> bgp__actions
 *     ^                                                              |
 *     '--- an executor that raises another: it waits for its turn <--'
 *
 * An event is carried out to its end before the next one is looked at, so that
 * no cell stands on another.  One carried out raises two others at most (a
 * collision), and each of them ends a connection: BGP__EVENTS_MAX cannot be
 * passed by BGP_SESSION_CONNS_MAX connections.
 *
 * The queue lives on the stack of the call that begins it: between calls
 * nothing waits.  An enabled session never rests in Idle without IdleHold.
 */
#include <assert.h>

#include "libbgp/session/act.h"

struct event {
	struct bgp_conn *conn;
	enum bgp_event event;
	uint32_t conditions; /* beside those that can be read off */
	bool has_why;
	struct bgp_notification why; /* data: as long as the outermost call */
};

struct bgp__events {
	struct event event[BGP__EVENTS_MAX];
	unsigned first, count;
};

/* -------------------------------------------------------------- conditions */

bool
bgp__session_passive(const struct bgp_session *session)
{
	return session->options.passive || session->events.connect == NULL;
}

/* As configured, or the wait of collide.c. */
uint64_t
bgp__delay_open_ms(const struct bgp_session *session)
{
	uint64_t ms = (uint64_t)session->options.delay_open_s * 1000;

	return ms == 0 && bgp__session_conn(session) != NULL
	    ? BGP__COLLISION_WAIT_MS
	    : ms;
}

/* What the graceful restart capability says, len 0: it is not there. */
static struct bgp_span
restart_of(const struct bgp_capability *caps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (caps[i].code == BGP_CAP_GRACEFUL_RESTART &&
		    caps[i].len >= 2)
			return (struct bgp_span){ caps[i].value, caps[i].len };
	return (struct bgp_span){ NULL, 0 };
}

/* The host offered graceful restart among its capabilities, and the peer has
 * it for some family.  A NOTIFICATION keeps the routes only where both sides
 * set N, and never a Hard Reset.                 RFC 4724 4.2, RFC 8538 3, 4 */
static bool
retains(const struct bgp_conn *conn, enum bgp_event event,
	const struct bgp_notification *why)
{
	const struct bgp_session_options *options = &conn->session->options;
	const struct bgp_open *open = &conn->agreed->open;
	struct bgp_span ours = restart_of(options->capabilities,
					  options->capability_count);
	struct bgp_span theirs = restart_of(open->capabilities,
					    open->capability_count);

	if (ours.len == 0 || theirs.len < 6)
		return false;
	if (event != BGP_EVENT_NOTIFICATION &&
	    event != BGP_EVENT_NOTIFICATION_VERSION)
		return true;
	return (ours.octets[0] & theirs.octets[0] & BGP_RESTART_NOTIFICATION) !=
	    0 &&
	    (why == NULL || why->code != 6 || why->subcode != 9);
}

uint32_t
bgp__conditions(const struct bgp_session *session, const struct bgp_conn *conn,
		enum bgp_event event, const struct bgp_notification *why)
{
	uint32_t all = BGP_FSM_IF_SEND_HOLD | BGP_FSM_IF_BARE_NOTIFY;

	if (bgp__session_passive(session))
		all |= BGP_FSM_IF_PASSIVE;
	if (session->damped)
		all |= BGP_FSM_IF_DAMPED;
	if (bgp__delay_open_ms(session) != 0)
		all |= BGP_FSM_IF_DELAY_OPEN;
	if (conn == NULL)
		return all;
	if (conn->delay_open_ms != BGP__NEVER)
		all |= BGP_FSM_IF_DELAYED;
	if (conn->hold_time_s != 0)
		all |= BGP_FSM_IF_HOLD;
	if (conn->state == BGP_ESTABLISHED && retains(conn, event, why))
		all |= BGP_FSM_IF_RETAIN;
	return all;
}

/* ------------------------------------------------------------------- state */

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
	session->change_count++;
	if (session->events.state != NULL)
		session->events.state(session->events.ctx, session, from,
				      session->state);
}

/* Out of Idle again at once where damping has nothing against it, to Active:
 * there the peer's connection is welcome, and ours is soon tried again. */
static void
enter_idle(struct bgp_session *session)
{
	session->rest = BGP_IDLE;
	session->listens = false;
	session->connect_retry_ms = BGP__NEVER;
	bgp__attempt_cancel(session);
	if (session->enabled)
		bgp__session_event(session,
				   BGP_EVENT_AUTOMATIC_START_DAMPED_PASSIVE);
}

static void
rest(struct bgp_session *session, enum bgp_state next)
{
	if (next == BGP_IDLE)
		enter_idle(session);
	else /* an attempt goes on */
		session->rest = session->connecting ? BGP_CONNECT : next;
}

static void
come_up(struct bgp_conn *conn)
{
	struct bgp_session *session = conn->session;

	session->up_ms = session->now_ms;
	session->established_count++;
	bgp__last_open_drop(session);
	conn->update_actions = bgp_fsm_step(BGP_ESTABLISHED, BGP_EVENT_UPDATE,
					    bgp__conditions(session, conn,
							    BGP_EVENT_UPDATE,
							    NULL))
				   .actions;
	bgp__attempt_cancel(session);
	if (session->events.established != NULL)
		session->events.established(session->events.ctx, session);
}

/* -------------------------------------------------------------------- step */

/* What is over, and was not reported by an action. */
static void
end(struct bgp__step *step)
{
	struct bgp_conn *conn = step->conn;
	bool was_up = step->from == BGP_ESTABLISHED;

	if (!conn->closing)
		bgp__end_close(conn);
	if (!was_up && step->whole && step->event != BGP_EVENT_MANUAL_STOP)
		bgp__end_report(step, false);
}

static void
conclude(struct bgp__step *step)
{
	struct bgp_session *session = step->session;
	struct bgp_conn *conn = step->conn;
	struct bgp_conn *other;

	if (step->ending)
		end(step);
	else if (conn != NULL)
		conn->state = step->cell.next;
	if (step->whole)
		rest(session, step->cell.next);
	bgp__session_settle(session);
	if (conn != NULL && !step->ending && conn->live &&
	    step->cell.next == BGP_ESTABLISHED && step->from != BGP_ESTABLISHED)
		come_up(conn);
	other = step->ending ? bgp__session_other(session, conn) : NULL;
	if (other != NULL)
		bgp__conn_confirm(other);
}

/* An attempt that the host was asked for is over. */
static bool
is_attempt(const struct bgp__step *step)
{
	return step->conn == NULL && step->from == BGP_CONNECT &&
	    (step->event == BGP_EVENT_TCP_FAILS ||
	     (step->event == BGP_EVENT_CONNECT_RETRY_EXPIRES &&
	      step->session->connecting));
}

static void
begin(struct bgp__step *step)
{
	if (!step->ending && !is_attempt(step))
		return;
	bgp__end_describe(step);
	if (step->whole || step->from == BGP_ESTABLISHED)
		bgp__end_remember(step);
	if (step->conn == NULL)
		bgp__end_report(step, false);
}

static void
carry_out(struct bgp__step *step)
{
	for (size_t i = 0; i < bgp__action_count && !step->superseded; i++)
		if ((step->cell.actions & bgp__actions[i].bit) != 0)
			bgp__actions[i].run(step);
}

static void
run(struct bgp_session *session, const struct event *e)
{
	struct bgp_conn *conn = e->conn;
	struct bgp__step step = { .session = session,
				  .conn = conn,
				  .event = e->event,
				  .why = e->has_why ? &e->why : NULL,
				  .from = conn != NULL ? conn->state
						       : session->rest };

	if (conn != NULL && !conn->live)
		return;
	step.cell = bgp_fsm_step(
	    step.from, step.event,
	    e->conditions |
		bgp__conditions(session, conn, step.event, step.why));
	if (conn == NULL && step.cell.actions == 0)
		return;
	step.ending = conn != NULL &&
	    (step.cell.next == BGP_IDLE || step.event == BGP_EVENT_TCP_FAILS ||
	     (step.cell.actions & BGP_FSM_DROP) != 0);
	step.whole = conn == NULL ||
	    (step.ending && bgp__session_other(session, conn) == NULL);
	begin(&step);
	carry_out(&step);
	if (!step.superseded)
		conclude(&step);
}

/* ------------------------------------------------------------------- queue */

static void
raise(struct bgp_session *session, const struct event *event)
{
	struct bgp__events events = { .count = 0 };
	struct bgp__events *queue = session->queue;
	bool outermost = queue == NULL;

	if (outermost)
		queue = session->queue = &events;
	assert(queue->count < BGP__EVENTS_MAX);
	queue
	    ->event[(queue->first + queue->count++) % BGP__EVENTS_MAX] = *event;
	while (outermost && queue->count > 0) {
		struct event next = queue->event[queue->first];

		queue->first = (queue->first + 1) % BGP__EVENTS_MAX;
		queue->count--;
		run(session, &next);
	}
	if (outermost)
		session->queue = NULL;
}

void
bgp__conn_event(struct bgp_conn *conn, enum bgp_event event,
		const struct bgp_notification *why)
{
	struct event e = { .conn = conn,
			   .event = event,
			   .has_why = why != NULL };

	if (why != NULL)
		e.why = *why;
	raise(conn->session, &e);
}

void
bgp__conn_second_open(struct bgp_conn *conn, bool loses)
{
	struct event e = { .conn = conn,
			   .event = BGP_EVENT_OPEN,
			   .conditions = BGP_FSM_IF_SECOND |
			       (loses ? BGP_FSM_IF_COLLISION_LOST : 0) };

	raise(conn->session, &e);
}

void
bgp__session_event(struct bgp_session *session, enum bgp_event event)
{
	struct event e = { .event = event };

	raise(session, &e);
}

void
bgp__session_event_all(struct bgp_session *session, enum bgp_event event,
		       const struct bgp_notification *why)
{
	bool any = false;

	if (event == BGP_EVENT_MANUAL_STOP) {
		session->enabled = session->damped = false;
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

/* The attempt counts only while the session waits for nothing else. */
void
bgp__session_attempt_failed(struct bgp_session *session)
{
	session->connecting = false;
	session->connect_failed = false;
	if (session->rest == BGP_CONNECT &&
	    bgp__session_other(session, NULL) == NULL)
		bgp__session_event(session, BGP_EVENT_TCP_FAILS);
}

void
bgp__conn_nomem(struct bgp_conn *conn)
{
	static const struct bgp_notification why = {
		.code = 6, .subcode = 8
	}; /* RFC 4486 4 */

	bgp__conn_event(conn, BGP_EVENT_AUTOMATIC_STOP, &why);
}
