/*
 * test_callbacks.c - what a host may do while it is being called.
 *
 * Functions marked [cb] work there; a stop or reset waits until the callback
 * has returned; all others answer BGP_ERR_STATE.
 */
#include <string.h>

#include "tests/unit/check.h"

#include "tests/pair/wire.h"

static struct world world;
static struct wire *wire;
static struct end *const end = &world.ends[1];
static const char *wanted; /* act at this event */
static int acted;

static int
close_world(void **state)
{
	(void)state;
	world_close(&world);
	wanted = NULL;
	acted = 0;
	return 0;
}

static void
open_world(void (*on_event)(struct end *end, const char *word))
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);

	b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	end->on_event = on_event;
	bgp_session_start(end->session, world.now_ms);
	wire = wire_stranger(&world, 1);
}

static void
talk(void)
{
	wire_open(wire, 0, 90);
	wire_message(wire, 0, BGP_KEEPALIVE, 19);
	wire_message(wire, 0, BGP_UPDATE, 23);
	wire_message(wire, 0, BGP_UPDATE, 23);
	world_settle(&world);
}

/* ----------------------------------------------------- answers of `update` */

static const struct {
	int answer;
	uint8_t subcode;
} answers[] = {
	{ BGP_ERR_NOMEM, 8 },
	{ BGP_ERR_LIMIT, 1 },
	{ BGP_ERR_INVALID, 8 },
};

static void
test_update_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		open_world(NULL);
		end->update_answer = answers[i].answer;
		talk();
		assert_int_equal(end->updates, 1); /* the rest is dropped */
		assert_int_equal(notified(end), 6u << 8 | answers[i].subcode);
		assert_true(logged(end, "update close down Idle"));
		world_close(&world);
	}
}

/* ----------------------------------------------- stop and reset, deferred */

static void
reset_now(struct end *e)
{
	static const struct bgp_notification why = { 6, 4, 3,
						     (const uint8_t *)"\2ok" };

	acted++;
	assert_int_equal(bgp_session_reset(e->session, &why, world.now_ms),
			 BGP_OK);
	assert_int_equal(bgp_session_state(e->session), BGP_ESTABLISHED);
	assert_non_null(bgp_session_codec(e->session));
}

static void
test_reset_from_update(void **state)
{
	(void)state;
	open_world(NULL);
	end->on_update = reset_now;
	talk();
	assert_int_equal(acted, 1);
	assert_int_equal(end->updates, 1);
	assert_int_equal(notified(end), 6 << 8 | 4);
	assert_memory_equal(end->notification + 21, "\2ok", 3);
	assert_true(logged(end, "update close down Idle"));
	assert_int_equal(bgp_session_state(end->session), BGP_ACTIVE);
}

static void
stop_at(struct end *e, const char *word)
{
	if (strcmp(word, wanted) != 0 || acted > 0)
		return;
	acted++;
	assert_int_equal(bgp_session_stop(e->session, "enough", world.now_ms),
			 BGP_OK);
}

static void
test_stop_from_everywhere(void **state)
{
	static const char *const words[] = { "OpenSent",    "OpenConfirm",
					     "Established", "established",
					     "output",      "update",
					     "close",       "down",
					     "Idle" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		acted = 0;
		wanted = words[i];
		open_world(stop_at);
		talk();
		wire_message(wire, 0, 99, 19); /* the end of those left */
		world_settle(&world);
		assert_int_equal(acted, 1);
		assert_int_equal(bgp_session_state(end->session), BGP_IDLE);
		assert_true(bgp_session_deadline(end->session) == UINT64_MAX);
		assert_null(wire->plugs[1].conn);
		world_close(&world);
	}
}

/* A stop that follows a reset counts; the reset's words are lost. */
static void
reset_and_stop(struct end *e)
{
	reset_now(e);
	assert_int_equal(bgp_session_stop(e->session, "x", world.now_ms),
			 BGP_OK);
	assert_int_equal(
	    bgp_session_reset(e->session,
			      &(struct bgp_notification){ .code = 6 },
			      world.now_ms),
	    BGP_OK);
}

static void
test_stop_beats_reset(void **state)
{
	(void)state;
	open_world(NULL);
	end->on_update = reset_and_stop;
	talk();
	assert_int_equal(notified(end), 6 << 8 | 2);
	assert_true(bgp_session_deadline(end->session) == UINT64_MAX);
}

/* ------------------------------------------------------ closed while read */

static void
close_now(struct end *e)
{
	struct bgp_conn *conn = wire->plugs[1].conn;

	(void)e;
	acted++;
	wire->plugs[1].conn = NULL;
	bgp_conn_closed(conn, world.now_ms);
}

static void
test_closed_from_update(void **state)
{
	(void)state;
	open_world(NULL);
	end->on_update = close_now;
	talk();
	assert_int_equal(end->updates, 1);
	assert_true(logged(end, "update down Idle"));
	assert_false(logged(end, "close"));
	assert_int_equal(end->down.cause, BGP_DOWN_TRANSPORT);
	assert_int_equal(end->notification_len, 0);
}

/* ------------------------------------------------------ what is forbidden */

static void
try_all(struct end *e)
{
	struct bgp_session_info info;
	static const uint8_t octet = 0xff;
	struct bgp_conn *conn;

	acted++;
	assert_int_equal(bgp_session_start(e->session, world.now_ms),
			 BGP_ERR_STATE);
	conn = wire->plugs[1].conn;
	assert_int_equal(
	    bgp_session_accept(e->session, NULL, world.now_ms, &conn),
	    BGP_ERR_STATE);
	assert_null(conn);
	conn = wire->plugs[1].conn;
	assert_int_equal(
	    bgp_session_connected(e->session, NULL, world.now_ms, &conn),
	    BGP_ERR_STATE);
	assert_null(conn);
	assert_int_equal(bgp_session_connect_failed(e->session, world.now_ms),
			 BGP_ERR_STATE);
	assert_int_equal(
	    bgp_conn_input(wire->plugs[1].conn, &octet, 1, world.now_ms),
	    BGP_ERR_STATE);
	assert_int_equal(bgp_session_tick(e->session, world.now_ms + 3600000),
			 BGP_ERR_STATE);
	bgp_session_info(e->session, &info);
	assert_int_equal(info.state, BGP_ESTABLISHED);
	assert_non_null(bgp_session_remote_open(e->session));
	assert_ptr_equal(bgp_conn_session(wire->plugs[1].conn), e->session);
	assert_ptr_equal(bgp_conn_user(wire->plugs[1].conn), &wire->plugs[1]);
}

static void
test_forbidden(void **state)
{
	(void)state;
	open_world(NULL);
	end->on_update = try_all;
	talk();
	assert_int_equal(acted, 2);
	assert_int_equal(end->updates, 2);
	assert_int_equal(bgp_session_state(end->session), BGP_ESTABLISHED);
}

/* ----------------------------------------------------- sending from inside */

static void
send_back(struct end *e)
{
	assert_int_equal(
	    bgp_session_send(e->session, e->last_update, e->last_update_len),
	    BGP_OK);
}

static void
test_send_from_update(void **state)
{
	(void)state;
	open_world(NULL);
	end->on_update = send_back;
	talk();
	assert_string_equal(end->wrote, "OKUU");
}

static void
flush_now(struct end *e, const char *word)
{
	(void)e;
	if (strcmp(word, "output") == 0)
		wire_flush(world.wires[world.wire_count - 1], 1);
}

static void
test_flush_from_output(void **state)
{
	(void)state;
	open_world(flush_now);
	end->on_update = send_back;
	talk();
	assert_string_equal(end->wrote, "OKUU");
}

/* --------------------------------------------------- connect fails at once */

static void
fail_at_once(struct end *e, const char *word)
{
	if (strcmp(word, "connect") != 0)
		return;
	acted++;
	e->want_connect = false;
	assert_int_equal(bgp_session_connect_failed(e->session, world.now_ms),
			 BGP_OK);
}

static void
test_connect_fails_at_once(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct bgp_session_info info;

	(void)state;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	end->on_event = fail_at_once;
	bgp_session_start(end->session, world.now_ms);
	assert_string_equal(end->log, "Connect connect failed Idle Active ");
	bgp_session_info(end->session, &info);
	assert_int_equal(info.last.cause, BGP_DOWN_CONNECT);
	world_after(&world, 300000); /* 1, 2, 4, ... 120 s, less a quarter */
	assert_in_range(acted, 8, 12);
}

/* ------------------------------------------------------ a host without any */

static void
test_no_callbacks(void **state)
{
	struct bgp_session_events events = { .size = sizeof events };
	struct bgp_session_options options = pair_options(1);
	struct bgp_session *session;
	struct bgp_conn *conn;
	uint8_t msg[100];

	(void)state;
	assert_int_equal(bgp_session_new(&session, &options, &events), BGP_OK);
	assert_int_equal(bgp_session_start(session, 1), BGP_OK);
	assert_int_equal(bgp_session_state(session), BGP_ACTIVE);
	assert_int_equal(bgp_session_accept(session, NULL, 2, &conn), BGP_OK);
	assert_non_null(conn);
	assert_int_equal(
	    bgp_conn_input(conn, msg, peer_open(0, 90, msg, sizeof msg), 3),
	    BGP_OK);
	assert_int_equal(bgp_session_state(session), BGP_OPENCONFIRM);
	assert_int_equal(bgp_session_stop(session, NULL, 4), BGP_OK);
	assert_int_equal(bgp_conn_input(conn, msg, 1, 5), BGP_ERR_STATE);
	bgp_conn_closed(conn, 6);
	assert_int_equal(bgp_session_del(session), BGP_OK);
	assert_int_equal(bgp_session_del(NULL), BGP_OK);
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, close_world)
	const struct CMUnitTest tests[] = {
		T(test_update_answers),        T(test_reset_from_update),
		T(test_stop_from_everywhere),  T(test_stop_beats_reset),
		T(test_closed_from_update),    T(test_forbidden),
		T(test_send_from_update),      T(test_flush_from_output),
		T(test_connect_fails_at_once), T(test_no_callbacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
