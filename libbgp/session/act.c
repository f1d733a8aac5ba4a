/*
 * act.c - an executor for each action that a cell can ask for.
 *                                        RFC 4271 8.2.2, RFC 4724 5, RFC 9687
 *
 *   BGP_FSM_… bits of one cell --> bgp__actions, from the first to the last
 *
 * The order is the one in which they can be seen: what is sent, the transport,
 * the routes, then what runs from now on.  What a cell says of the session
 * (ConnectRetry, damping) counts only where no other connection lives: a loser
 * of collision detection takes nothing with it.  tests/unit/test_actions.c
 * holds that no bit is without an executor.
 */
#include "libbgp/session/act.h"

/* ------------------------------------------------- requests for a connection
 */

static void
refuse_tcp(struct bgp__step *step)
{
	step->session->admitted = false;
}

/* Also the second one of 6.8: it is one of the session's from its first
 * event. */
static void
accept_tcp(struct bgp__step *step)
{
	step->session->admitted = true;
}

static void
collide(struct bgp__step *step)
{
	step->superseded = !bgp__conn_collide(step->conn);
}

/* ---------------------------------------------------------------- messages */

/* There is no memory: 6/8 instead; at its first event the connection is as if
 * it had never been. */
static void
give_up(struct bgp__step *step)
{
	struct bgp_session *session = step->session;

	step->superseded = true;
	if (session->born != NULL && *session->born == step->conn) {
		bgp__conn_forget(step->conn);
		step->conn->gone = true;
	} else {
		bgp__conn_nomem(step->conn);
	}
}

static void
send_open(struct bgp__step *step)
{
	if (bgp__conn_send_open(step->conn) < 0)
		give_up(step);
}

static void
send_keepalive(struct bgp__step *step)
{
	if (bgp__conn_send_keepalive(step->conn) < 0)
		give_up(step);
}

/* Never inside a message of the stream; without memory to complete that one
 * the end is silent. */
static void
send_notification(struct bgp__step *step)
{
	if (bgp__conn_leave_stream(step->conn) == BGP_OK)
		bgp__conn_send_notification(step->conn,
					    &step->down.notification);
}

/* ----------------------------------------------- the end of a connection */

static void
stop_retry(struct bgp__step *step)
{
	step->session->connect_retry_ms = BGP__NEVER;
}

static void
stop_delay(struct bgp__step *step)
{
	if (step->conn != NULL)
		step->conn->delay_open_ms = BGP__NEVER;
}

static void
stop_hold(struct bgp__step *step)
{
	step->conn->hold_ms = BGP__NEVER;
}

static void
stop_keepalive(struct bgp__step *step)
{
	step->conn->keepalive_ms = BGP__NEVER;
}

/* The timers of the connection, and the stream that it read. */
static void
release(struct bgp__step *step)
{
	if (step->conn == NULL)
		return;
	bgp__conn_leave_stream(step->conn);
	bgp__conn_forget(step->conn);
}

/* At rest the attempt is dropped, which a new one replaces without a word. */
static void
drop(struct bgp__step *step)
{
	if (step->conn != NULL)
		bgp__end_close(step->conn);
	else if ((step->cell.actions & BGP_FSM_CONNECT) == 0)
		bgp__attempt_cancel(step->session);
}

static void
delete_routes(struct bgp__step *step)
{
	bgp__end_report(step, false);
}

static void
retain_routes(struct bgp__step *step)
{
	bgp__end_report(step, true);
}

/* ------------------------------------------------------ the whole session */

static void
clear_retries(struct bgp__step *step)
{
	if (step->whole)
		step->session->retry_count = 0;
}

static void
count_retry(struct bgp__step *step)
{
	if (step->whole)
		step->session->retry_count++;
}

/*
 * DampPeerOscillations: faults of protocol or negotiation, ours to name or the
 * peer's, and what we cannot hold of it (6/1, 6/8).  A transport that ended, a
 * Cease, a peer that fell silent or that the host wants anew did nothing that
 * waiting would mend.                                        RFC 4271 8.1.1
 */
bool
bgp__down_is_fault(const struct bgp_down *down)
{
	const struct bgp_notification *n = &down->notification;

	switch (n->code) {
	case 1: /* header */
	case 2: /* OPEN */
	case 3: /* UPDATE */
	case 5: /* FSM */
	case 7: /* ROUTE-REFRESH */
		return true;
	case 6: /* Cease */
		return down->cause == BGP_DOWN_SENT &&
		    (n->subcode == 1 || n->subcode == 8);
	default:
		return false;
	}
}

/* A message that ended it without a word of ours. */
static bool
is_odd_message(const struct bgp__step *step)
{
	return step->down.cause == BGP_DOWN_TRANSPORT &&
	    step->event >= BGP_EVENT_OPEN &&
	    step->event <= BGP_EVENT_UPDATE_ERROR;
}

static void
damp(struct bgp__step *step)
{
	/* A host that resets a session at rest waits a moment, lest one that
	 * does so at every change of state never end. */
	if (step->conn == NULL && step->event == BGP_EVENT_AUTOMATIC_STOP) {
		step->session->damped = true;
		step->session->idle_hold_ms = bgp__after_jittered_s(
		    step->session, step->session->options.idle_hold_s);
		return;
	}
	if (!step->whole || !step->session->enabled ||
	    (!bgp__down_is_fault(&step->down) && !is_odd_message(step)))
		return;
	step->session->damped = true;
	step->session->damped_count++;
	bgp__idle_hold_start(step->session);
}

static void
init(struct bgp__step *step)
{
	step->session->idle_hold_ms = BGP__NEVER;
	step->session->damped = false;
}

/* While an attempt is under way, the time it has; between two, a short wait
 * that grows. */
static void
start_retry(struct bgp__step *step)
{
	if (!step->whole || bgp__session_passive(step->session))
		return;
	bgp__connect_retry_start(step->session, step->cell.next == BGP_ACTIVE);
}

static void
connect(struct bgp__step *step)
{
	step->session->connecting = step->session->raise_connect = true;
}

static void
listen(struct bgp__step *step)
{
	step->session->listens = true;
}

/* ------------------------------------------------------------- a connection */

static void
start_delay(struct bgp__step *step)
{
	step->conn->delay_open_ms = step->session->now_ms +
	    bgp__delay_open_ms(step->session);
}

static void
hold_large(struct bgp__step *step)
{
	step->conn->hold_ms = step->session->now_ms + BGP__HOLD_LARGE_MS;
}

static void
start_hold(struct bgp__step *step)
{
	bgp__hold_start(step->conn);
}

static void
start_keepalive(struct bgp__step *step)
{
	bgp__keepalive_start(step->conn);
}

static void
start_send_hold(struct bgp__step *step)
{
	bgp__send_hold_start(step->conn);
}

/* From now on messages count for the connection. */
static void
complete_init(struct bgp__step *step)
{
	step->conn->open_ms = step->session->now_ms;
}

/* Who it is; internal or external follows from the AS.        RFC 4271 6.2 */
static void
set_kind(struct bgp__step *step)
{
	const struct bgp_open *open = &step->conn->agreed->open;

	step->session->peer_as = open->as;
	step->session->peer_router_id = open->router_id;
}

static void
process_update(struct bgp__step *step)
{
	bgp__conn_process_update(step->conn);
}

const struct bgp__action bgp__actions[] = {
	{ BGP_FSM_REFUSE_TCP, refuse_tcp },
	{ BGP_FSM_ACCEPT_TCP, accept_tcp },
	{ BGP_FSM_TRACK, accept_tcp },
	{ BGP_FSM_COLLIDE, collide },
	{ BGP_FSM_SEND_OPEN, send_open },
	{ BGP_FSM_SEND_KEEPALIVE, send_keepalive },
	{ BGP_FSM_SEND_NOTIFICATION, send_notification },
	{ BGP_FSM_RETRY_STOP, stop_retry },
	{ BGP_FSM_DELAY_STOP, stop_delay },
	{ BGP_FSM_HOLD_STOP, stop_hold },
	{ BGP_FSM_KEEPALIVE_STOP, stop_keepalive },
	{ BGP_FSM_RELEASE, release },
	{ BGP_FSM_DROP, drop },
	{ BGP_FSM_DELETE_ROUTES, delete_routes },
	{ BGP_FSM_RETAIN_ROUTES, retain_routes },
	{ BGP_FSM_RETRY_COUNT_0, clear_retries },
	{ BGP_FSM_RETRY_COUNT_UP, count_retry },
	{ BGP_FSM_DAMP, damp },
	{ BGP_FSM_INIT, init },
	{ BGP_FSM_COMPLETE_INIT, complete_init },
	{ BGP_FSM_RETRY_START, start_retry },
	{ BGP_FSM_DELAY_START, start_delay },
	{ BGP_FSM_HOLD_LARGE, hold_large },
	{ BGP_FSM_HOLD_START, start_hold },
	{ BGP_FSM_KEEPALIVE_START, start_keepalive },
	{ BGP_FSM_SEND_HOLD_START, start_send_hold },
	{ BGP_FSM_CONNECT, connect },
	{ BGP_FSM_LISTEN, listen },
	{ BGP_FSM_SET_KIND, set_kind },
	{ BGP_FSM_PROCESS_UPDATE, process_update },
};

const size_t bgp__action_count = sizeof bgp__actions / sizeof bgp__actions[0];
