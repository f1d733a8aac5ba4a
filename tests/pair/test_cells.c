/*
 * test_cells.c - the 174 cells of the FSM, each driven through a session.
 *
 * A session is brought to a state by what a host and a peer do; then one event
 * is raised in it, and what can be seen is held against the cell that
 * bgp_fsm_step gives under the conditions of that moment: the octets written,
 * events.close, down and attempt_failed, the state, counters and timers.  Idle,
 * Connect and Active are driven twice: with a connection (DelayOpen keeps it
 * there) and at rest.  An OPEN that leads on comes from the peer, the others
 * are raised by hand, since no peer could raise most of them there.
 */
#include <string.h>

#include "tests/unit/check.h"

#include "libbgp/session/act.h"
#include "tests/pair/wire.h"

static struct world world;
static struct wire *wire;
static struct end *const end = &world.ends[1];

struct seen {
	uint32_t retry_count, downs, failures;
	size_t wrote_len;
	enum bgp_state state;
};

/* ------------------------------------------------------------------ states */

static void
make(uint16_t delay_open_s)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);

	b.delay_open_s = delay_open_s;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world.hold_connects = true;
}

/* A connection in this state; NULL: the session rests in it. */
static struct bgp_conn *
reach(enum bgp_state state, bool at_rest)
{
	bool delayed = state == BGP_CONNECT || state == BGP_ACTIVE;

	make(delayed && !at_rest ? 5 : 0);
	if (state == BGP_IDLE)
		return NULL;
	bgp_session_start(end->session, world.now_ms);
	if (at_rest && state == BGP_ACTIVE)
		bgp_session_connect_failed(end->session, world.now_ms);
	if (at_rest)
		return NULL;
	if (state == BGP_CONNECT) {
		wire = wire_begin(&world, 1);
		wire_plug(wire, 1);
	} else {
		bgp_session_connect_failed(end->session, world.now_ms);
		wire = wire_stranger(&world, 1);
	}
	if (state >= BGP_OPENCONFIRM)
		wire_open(wire, 0, 90);
	if (state >= BGP_ESTABLISHED)
		wire_message(wire, 0, BGP_KEEPALIVE, 19);
	wire_flush(wire, 1);
	while (wire_deliver(wire, 0, 0))
		continue;
	wire_flush(wire, 1);
	assert_int_equal(wire->plugs[1].conn->state, state);
	return wire->plugs[1].conn;
}

/* ----------------------------------------------------------------- raising */

/* An OPEN after which the cell leads on has to be there. */
static bool
needs_open(enum bgp_state state, enum bgp_event event)
{
	return (event == BGP_EVENT_OPEN && state == BGP_OPENSENT) ||
	    (event == BGP_EVENT_OPEN_DELAYED &&
	     (state == BGP_CONNECT || state == BGP_ACTIVE));
}

static void
raise(struct bgp_conn *conn, enum bgp_state state, enum bgp_event event)
{
	if (conn != NULL && needs_open(state, event)) {
		wire_open(wire, 0, 90);
		wire_deliver(wire, 0, 0);
		wire_flush(wire, 1);
		return;
	}
	assert_true(bgp__session_enter(end->session, world.now_ms));
	if (conn != NULL)
		conn->message = BGP_KEEPALIVE;
	if (event == BGP_EVENT_MANUAL_STOP)
		end->session->enabled = false;
	if (conn != NULL)
		bgp__conn_event(conn, event, NULL);
	else
		bgp__session_event(end->session, event);
	bgp__session_leave(end->session);
	if (conn != NULL && wire->plugs[1].conn != NULL)
		wire_flush(wire, 1);
}

/* ------------------------------------------------------------------- seeing */

static void
see(struct seen *seen)
{
	*seen = (struct seen){ end->session->retry_count, end->downs,
			       end->failures, end->wrote_len,
			       bgp_session_state(end->session) };
}

static void
check_written(const struct bgp_fsm_step *cell, const struct seen *before)
{
	char want[4] = "";

	if ((cell->actions & BGP_FSM_SEND_OPEN) != 0)
		strcat(want, "O");
	if ((cell->actions & BGP_FSM_SEND_KEEPALIVE) != 0)
		strcat(want, "K");
	if ((cell->actions & BGP_FSM_SEND_NOTIFICATION) != 0)
		strcat(want, "N");
	end->wrote[end->wrote_len] = '\0';
	assert_string_equal(end->wrote + before->wrote_len, want);
	if (want[0] != 'N')
		return;
	assert_int_equal(end->notification[19], cell->code);
	assert_int_equal(
	    end->notification[20],
	    cell->subcode == BGP_FSM_SUBCODE_GIVEN ? 0 : cell->subcode);
	assert_int_equal(end->notification_len, cell->data != 0 ? 22 : 21);
}

static void
check_timers(const struct bgp_conn *conn, uint32_t actions)
{
	if ((actions & BGP_FSM_HOLD_LARGE) != 0)
		assert_int_equal(conn->hold_ms, world.now_ms + 240000);
	if ((actions & BGP_FSM_HOLD_START) != 0)
		assert_int_equal(conn->hold_ms, world.now_ms + 90000);
	if ((actions & BGP_FSM_HOLD_STOP) != 0)
		assert_true(conn->hold_ms == BGP__NEVER);
	if ((actions & BGP_FSM_KEEPALIVE_START) != 0)
		assert_in_range(conn->keepalive_ms, world.now_ms + 22500,
				world.now_ms + 30000);
	if ((actions & BGP_FSM_KEEPALIVE_STOP) != 0)
		assert_true(conn->keepalive_ms == BGP__NEVER);
	if ((actions & BGP_FSM_SEND_HOLD_START) != 0)
		assert_int_equal(conn->send_hold_ms, world.now_ms + 480000);
	if ((actions & BGP_FSM_DELAY_START) != 0)
		assert_int_equal(conn->delay_open_ms, world.now_ms + 5000);
	if ((actions & BGP_FSM_DELAY_STOP) != 0)
		assert_true(conn->delay_open_ms == BGP__NEVER);
}

static void
check_counter(uint32_t actions, const struct seen *before)
{
	uint32_t want = before->retry_count;

	if ((actions & BGP_FSM_RETRY_COUNT_0) != 0)
		want = 0;
	if ((actions & BGP_FSM_RETRY_COUNT_UP) != 0)
		want++;
	/* Out of Idle again at once: event 7 counts anew. */
	if (end->session->enabled && end->session->rest == BGP_ACTIVE &&
	    logged(end, "Idle Active"))
		want = 0;
	assert_int_equal(end->session->retry_count, want);
}

/* Idle is left again, unless the host stopped it or the peer is damped. */
static void
check_state(const struct bgp_fsm_step *cell)
{
	const struct bgp_session *session = end->session;
	enum bgp_state state = bgp_session_state(session);

	if (cell->next != BGP_IDLE || !session->enabled) {
		assert_int_equal(state, cell->next);
		return;
	}
	assert_int_equal(state, session->damped ? BGP_IDLE : BGP_ACTIVE);
	if (session->damped)
		assert_true((cell->actions & BGP_FSM_DAMP) != 0);
	if (session->damped)
		assert_true(session->idle_hold_ms != BGP__NEVER);
}

static void
check(enum bgp_state state, enum bgp_event event, bool at_rest)
{
	struct bgp_conn *conn = reach(state, at_rest);
	uint32_t conditions = bgp__conditions(end->session, conn, event, NULL);
	struct bgp_fsm_step cell;
	struct seen before;
	bool ended, lost;

	if (conn != NULL && needs_open(state, event))
		conditions |= BGP_FSM_IF_HOLD; /* the OPEN says so */
	cell = bgp_fsm_step(state, event, conditions);
	log_clear(end);
	see(&before);
	raise(conn, state, event);
	ended = conn != NULL && wire->plugs[1].conn == NULL;
	lost = (cell.actions &
		(BGP_FSM_DELETE_ROUTES | BGP_FSM_RETAIN_ROUTES)) != 0;
	check_written(&cell, &before);
	check_counter(cell.actions, &before);
	check_state(&cell);
	assert_int_equal(end->downs - before.downs, lost ? 1 : 0);
	if (conn == NULL) {
		world_close(&world);
		return;
	}
	assert_int_equal(ended,
			 cell.next == BGP_IDLE ||
			     event == BGP_EVENT_TCP_FAILS ||
			     (cell.actions & BGP_FSM_DROP) != 0);
	assert_int_equal(logged(end, "close"), ended);
	assert_int_equal(end->failures - before.failures,
			 ended && !lost && event != BGP_EVENT_MANUAL_STOP);
	if (!ended)
		check_timers(conn, cell.actions);
	world_close(&world);
}

static void
test_connections(void **unused)
{
	(void)unused;
	for (int state = BGP_CONNECT; state <= BGP_ESTABLISHED; state++)
		for (int event = 1; event <= BGP_EVENT_COUNT; event++)
			check((enum bgp_state)state, (enum bgp_event)event,
			      false);
}

/* Without a connection no message and none of its timers can be. */
static bool
is_of_session(int event)
{
	return event <= BGP_EVENT_CONNECT_RETRY_EXPIRES ||
	    event == BGP_EVENT_IDLE_HOLD_EXPIRES ||
	    event == BGP_EVENT_TCP_VALID || event == BGP_EVENT_TCP_INVALID;
}

static void
test_rest(void **unused)
{
	(void)unused;
	for (int event = 1; event <= BGP_EVENT_COUNT; event++)
		check(BGP_IDLE, (enum bgp_event)event, true);
	for (int event = 1; event <= BGP_EVENT_COUNT; event++)
		if (is_of_session(event)) {
			check(BGP_CONNECT, (enum bgp_event)event, true);
			check(BGP_ACTIVE, (enum bgp_event)event, true);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
