/*
 * test_timers.c - every timer, to the millisecond.      RFC 4271 8.1.3, 10
 *
 * End 1 waits; the test is its peer and keeps the hold timer alive or does not.
 */
#include <string.h>

#include "tests/unit/check.h"

#include "tests/pair/wire.h"

static struct world world;
static struct wire *wire;
static struct end *const end = &world.ends[1];

static int
close_world(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

static void
open_world(const struct bgp_session_options *b)
{
	struct bgp_session_options a = pair_options(0);

	assert_int_equal(world_open(&world, &a, b), BGP_OK);
	bgp_session_start(end->session, world.now_ms);
}

static enum bgp_state
at(void)
{
	return bgp_session_state(end->session);
}

static void
keepalive(void)
{
	wire_message(wire, 0, BGP_KEEPALIVE, 19);
	world_settle(&world);
}

static void
establish(uint16_t ours, uint16_t theirs)
{
	struct bgp_session_options b = pair_options(1);

	b.passive = true;
	b.hold_time_s = ours;
	open_world(&b);
	wire = wire_stranger(&world, 1);
	wire_open(wire, 0, theirs);
	keepalive();
	assert_int_equal(at(), BGP_ESTABLISHED);
}

/* -------------------------------------------------------------------- hold */

/* To the last millisecond; what can be read at that very moment is read
 * before the timer counts. */
static void
test_hold_boundary(void **state)
{
	uint64_t start;

	(void)state;
	establish(90, 180);
	start = world.now_ms;
	world_until(&world, start + 89999);
	assert_int_equal(at(), BGP_ESTABLISHED);
	world.now_ms = start + 90000;
	keepalive();
	bgp_session_tick(end->session, world.now_ms);
	assert_int_equal(at(), BGP_ESTABLISHED);
	world_until(&world, start + 179999);
	assert_int_equal(at(), BGP_ESTABLISHED);
	world_until(&world, start + 180000);
	assert_int_equal(at(), BGP_ACTIVE);
	assert_int_equal(notified(end), 4 << 8);
	assert_int_equal(end->down.cause, BGP_DOWN_SENT);
	assert_int_equal(end->down.notification.code, 4);
}

/* An UPDATE counts as a sign of life, a ROUTE-REFRESH does not. */
static void
test_hold_restarts(void **state)
{
	uint64_t start;

	(void)state;
	establish(90, 90);
	start = world.now_ms;
	world_until(&world, start + 80000);
	wire_message(wire, 0, BGP_UPDATE, 23);
	world_until(&world, start + 160000);
	assert_int_equal(at(), BGP_ESTABLISHED);
	wire_message(wire, 0, BGP_ROUTE_REFRESH, 23);
	world_until(&world, start + 169999);
	assert_int_equal(at(), BGP_ESTABLISHED);
	world_until(&world, start + 170000);
	assert_int_equal(at(), BGP_ACTIVE);
}

/* A peer that connects and says nothing: four minutes. */
static void
test_hold_in_opensent(void **state)
{
	struct bgp_session_options b = pair_options(1);
	uint64_t start;

	(void)state;
	b.passive = true;
	open_world(&b);
	wire = wire_stranger(&world, 1);
	start = world.now_ms;
	world_until(&world, start + 239999);
	assert_int_equal(at(), BGP_OPENSENT);
	world_until(&world, start + 240000);
	assert_int_equal(at(), BGP_ACTIVE);
	assert_int_equal(notified(end), 4 << 8);
	assert_int_equal(end->downs, 0);
}

/* One that says its OPEN an octet a minute has no more time than that, and
 * octets that make no message do not keep an established session alive. */
static void
test_hold_trickle(void **state)
{
	struct bgp_session_options b = pair_options(1);
	uint8_t open[256];
	uint64_t start;

	(void)state;
	b.passive = true;
	open_world(&b);
	wire = wire_stranger(&world, 1);
	start = world.now_ms;
	peer_open(0, 90, open, sizeof open);
	for (unsigned i = 0; i < 4; i++) {
		wire_write(wire, 0, open + i, 1);
		world_until(&world, start + (i + 1) * 60000 - 1);
		assert_int_equal(at(), BGP_OPENSENT);
	}
	world_until(&world, start + 240000);
	assert_int_equal(at(), BGP_ACTIVE);
	assert_int_equal(notified(end), 4 << 8);
	world_close(&world);
	establish(90, 90);
	start = world.now_ms;
	for (unsigned i = 0; i < 9; i++) {
		wire_write(wire, 0, "\xff", 1);
		world_until(&world, start + (i + 1) * 10000 - 1);
		assert_int_equal(at(), BGP_ESTABLISHED);
	}
	world_until(&world, start + 90000);
	assert_int_equal(at(), BGP_ACTIVE);
	assert_int_equal(notified(end), 4 << 8);
}

static void
test_hold_zero(void **state)
{
	(void)state;
	establish(90, 0);
	assert_true(bgp_session_deadline(end->session) == UINT64_MAX);
	end->wrote_len = 0;
	world_after(&world, 86400000);
	assert_int_equal(at(), BGP_ESTABLISHED);
	assert_int_equal(end->wrote_len, 0);
}

/* The shortest one: a KEEPALIVE a second, neither more nor less. */
static void
test_hold_three(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct bgp_session_info info;

	(void)state;
	a.hold_time_s = 3;
	b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world_up(&world);
	world_after(&world, 600000);
	assert_int_equal(at(), BGP_ESTABLISHED);
	bgp_session_info(end->session, &info);
	assert_int_equal(info.hold_time_s, 3);
	assert_int_equal(info.messages_out[BGP_KEEPALIVE], 601);
}

static void
test_hold_longest(void **state)
{
	uint64_t start, next;

	(void)state;
	establish(65535, 65535);
	start = world.now_ms;
	next = bgp_session_deadline(end->session) - start;
	assert_in_range(next, 21845000u * 3 / 4, 21845000u);
	world_until(&world, start + 65534999);
	assert_int_equal(at(), BGP_ESTABLISHED);
	world_until(&world, start + 65535000);
	assert_int_equal(at(), BGP_ACTIVE);
}

/* ---------------------------------------------------------------- keepalive */

static void
test_keepalive_jitter(void **state)
{
	uint64_t low = UINT64_MAX, high = 0;

	(void)state;
	establish(90, 90);
	for (int i = 0; i < 300; i++) {
		uint64_t next = bgp_session_deadline(end->session);
		uint64_t wait = next - world.now_ms;

		low = wait < low ? wait : low;
		high = wait > high ? wait : high;
		keepalive();
		world_until(&world, next);
	}
	assert_in_range(low, 22500, 23500);
	assert_in_range(high, 29000, 30000);
}

/* ---------------------------------------------------------------- send hold */

/* The peer lives, but takes nothing: 8 minutes, RFC 9687. */
static void
test_send_hold(void **state)
{
	uint64_t start;
	struct bgp_session_info info;

	(void)state;
	establish(90, 90);
	world_settle(&world);
	start = world.now_ms;
	wire->pipes[1].stuck = true;
	while (world.now_ms < start + 470000) {
		world_after(&world, 10000);
		keepalive();
	}
	world_until(&world, start + 479999);
	assert_int_equal(at(), BGP_ESTABLISHED);
	bgp_session_info(end->session, &info);
	assert_int_equal(info.messages_out[BGP_KEEPALIVE], 2); /* one waits */
	world_until(&world, start + 480000);
	assert_int_equal(at(), BGP_ACTIVE);
	assert_int_equal(end->down.cause, BGP_DOWN_SENT);
	assert_int_equal(end->down.notification.code, 8);
}

/* A trickle is enough. */
static void
test_send_hold_trickle(void **state)
{
	struct bgp_span span;

	(void)state;
	establish(90, 90);
	wire->pipes[1].stuck = true;
	for (int i = 0; i < 40; i++) {
		world_after(&world, 30000);
		keepalive();
		if (bgp_conn_output(wire->plugs[1].conn, &span, 1) == 1)
			assert_int_equal(
			    bgp_conn_sent(wire->plugs[1].conn, 1, world.now_ms),
			    BGP_OK);
	}
	assert_int_equal(at(), BGP_ESTABLISHED);
}

static void
test_send_hold_configured(void **state)
{
	struct bgp_session_options b = pair_options(1);
	uint64_t start;

	(void)state;
	b.passive = true;
	b.hold_time_s = 30;
	b.send_hold_s = 31;
	open_world(&b);
	wire = wire_stranger(&world, 1);
	wire_open(wire, 0, 90);
	keepalive();
	world_settle(&world);
	start = world.now_ms;
	wire->pipes[1].stuck = true;
	world_after(&world, 20000);
	keepalive();
	world_until(&world, start + 30999);
	assert_int_equal(at(), BGP_ESTABLISHED);
	world_until(&world, start + 31000);
	assert_int_equal(end->down.notification.code, 8);
}

/* --------------------------------------------------------------- DelayOpen */

static void
open_delayed(bool passive)
{
	struct bgp_session_options b = pair_options(1);

	b.passive = passive;
	b.delay_open_s = 5;
	open_world(&b);
}

static void
test_delay_open(void **state)
{
	uint64_t start;

	(void)state;
	open_delayed(true);
	wire = wire_stranger(&world, 1);
	start = world.now_ms;
	world_until(&world, start + 4999);
	assert_int_equal(at(), BGP_ACTIVE);
	assert_int_equal(end->wrote_len, 0);
	world_until(&world, start + 5000);
	assert_int_equal(at(), BGP_OPENSENT);
	assert_string_equal(end->wrote, "O");
}

/* The peer speaks first: OPEN and KEEPALIVE at once. */
static void
test_delay_open_answered(void **state)
{
	(void)state;
	open_delayed(true);
	wire = wire_stranger(&world, 1);
	world_after(&world, 1000);
	wire_open(wire, 0, 90);
	world_settle(&world);
	assert_int_equal(at(), BGP_OPENCONFIRM);
	assert_string_equal(end->wrote, "OK");
	keepalive();
	assert_int_equal(at(), BGP_ESTABLISHED);
}

static void
test_delay_open_other_end(void **state)
{
	(void)state;
	open_delayed(false);
	world.hold_connects = true;
	bgp_session_start(world.ends[0].session, world.now_ms);
	wire = wire_connect(&world, 1);
	assert_int_equal(at(), BGP_CONNECT);
	wire_break(wire); /* while DelayOpenTimer runs */
	assert_int_equal(at(), BGP_ACTIVE);
}

static void
test_delay_open_silence(void **state)
{
	static const uint8_t types[] = { BGP_KEEPALIVE, BGP_UPDATE };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		open_delayed(true);
		wire = wire_stranger(&world, 1);
		wire_message(wire, 0, types[i], i == 0 ? 19 : 23);
		world_settle(&world);
		assert_int_equal(at(), BGP_IDLE);
		assert_int_equal(end->wrote_len, 0);
		assert_true(logged(end, "close failed Idle"));
		world_close(&world);
	}
	open_delayed(true);
	wire = wire_stranger(&world, 1);
	wire_message(wire, 0, 99, 19); /* here the peer is told why */
	world_settle(&world);
	assert_string_equal(end->wrote, "N");
	assert_int_equal(notified(end), 1 << 8 | 3);
}

/* ------------------------------------------------- IdleHold, ConnectRetry */

static uint64_t
spoil(void)
{
	assert_int_equal(at(), BGP_ACTIVE);
	wire = wire_stranger(&world, 1);
	wire_message(wire, 0, 99, 19);
	world_settle(&world);
	assert_int_equal(at(), BGP_IDLE);
	assert_null(wire_stranger(&world, 1)->plugs[1].conn); /* refused */
	return bgp_session_deadline(end->session) - world.now_ms;
}

static void
test_idle_hold_doubles(void **state)
{
	static const uint64_t waits[] = { 2, 4, 8, 16, 32, 64, 120, 120 };
	struct bgp_session_options b = pair_options(1);

	(void)state;
	b.passive = true;
	b.idle_hold_s = 2;
	open_world(&b);
	for (size_t i = 0; i < 8; i++) {
		uint64_t wait = spoil();

		assert_in_range(wait, waits[i] * 750, waits[i] * 1000);
		world_after(&world, wait - 1);
		assert_int_equal(at(), BGP_IDLE);
		world_after(&world, 1);
	}
	wire = wire_stranger(&world, 1); /* up for two minutes: forgiven */
	wire_open(wire, 0, 0);
	keepalive();
	world_after(&world, 120000);
	wire_break(wire); /* which is no fault */
	assert_int_equal(at(), BGP_ACTIVE);
	assert_in_range(spoil(), 1500, 2000);
}

/* A failed attempt is made again after 1 s, then 2, 4, ... connect_retry_s;
 * meanwhile the peer's own connection is welcome. */
static void
test_connect_refused(void **state)
{
	static const uint64_t waits[] = { 1, 2, 4, 8, 16, 20, 20 };
	struct bgp_session_options b = pair_options(1);

	(void)state;
	b.connect_retry_s = 20;
	open_world(&b);
	world.ends[0].deaf = true;
	world_settle(&world);
	assert_true(logged(end, "Connect connect failed Idle Active"));
	for (size_t i = 0; i < 7; i++) {
		uint64_t wait = bgp_session_deadline(end->session) -
		    world.now_ms;

		assert_in_range(wait, waits[i] * 750, waits[i] * 1000);
		assert_int_equal(at(), BGP_ACTIVE);
		assert_int_equal(end->failures, i + 1);
		world_after(&world, wait);
	}
	wire = wire_stranger(&world, 1);
	assert_int_equal(at(), BGP_OPENSENT);
	wire_break(wire);
	world.ends[0].deaf = false;
	bgp_session_start(world.ends[0].session, world.now_ms);
	world_after(&world, 20000);
	assert_int_equal(at(), BGP_ESTABLISHED);
	world_after(&world, 10000); /* up for so long: 1 s again */
	world.ends[0].deaf = true;
	wire_break(world.wires[world.wire_count - 1]);
	assert_in_range(bgp_session_deadline(end->session) - world.now_ms, 750,
			1000);
}

/* An attempt that leads nowhere is made anew. */
static void
test_connect_retry(void **state)
{
	struct bgp_session_options b = pair_options(1);
	uint64_t next;

	(void)state;
	open_world(&b);
	world.hold_connects = true;
	next = bgp_session_deadline(end->session);
	assert_in_range(next - world.now_ms, 90000, 120000);
	log_clear(end);
	world_until(&world, next);
	assert_string_equal(end->log, "failed connect ");
	assert_int_equal(end->failure.cause, BGP_DOWN_TIMEOUT);
	assert_int_equal(at(), BGP_CONNECT);
	assert_int_equal(bgp_session_stop(end->session, NULL, world.now_ms),
			 BGP_OK);
	assert_string_equal(end->log, "failed connect cancel Idle ");
	assert_true(bgp_session_deadline(end->session) == UINT64_MAX);
	assert_int_equal(bgp_session_connect_failed(end->session, world.now_ms),
			 BGP_ERR_STATE);
}

/* After OpenSent fails, Active listens until it is soon tried again. */
static void
test_opensent_fails(void **state)
{
	struct bgp_session_options b = pair_options(1);
	uint64_t next;

	(void)state;
	world.hold_connects = true;
	open_world(&b);
	world.hold_connects = true;
	wire = wire_begin(&world, 1);
	wire_plug(wire, 1);
	assert_int_equal(at(), BGP_OPENSENT);
	wire_break(wire);
	assert_int_equal(at(), BGP_ACTIVE);
	next = bgp_session_deadline(end->session);
	assert_in_range(next - world.now_ms, 750, 1000);
	log_clear(end);
	world_until(&world, next);
	assert_string_equal(end->log, "Connect connect ");
}

/* As often as the host wants, but never less than the peer may await. */
static void
test_keepalive_configured(void **state)
{
	static const struct {
		uint16_t wanted_s, peer_hold_s, most_s;
	} cases[] = { { 10, 90, 10 }, { 80, 90, 30 }, { 10, 9, 3 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct bgp_session_options b = pair_options(1);

		b.passive = true;
		b.keepalive_s = cases[i].wanted_s;
		open_world(&b);
		wire = wire_stranger(&world, 1);
		wire_open(wire, 0, cases[i].peer_hold_s);
		world_settle(&world);
		assert_in_range(
		    bgp_session_deadline(end->session) - world.now_ms,
		    cases[i].most_s * 750u, cases[i].most_s * 1000u);
		world_close(&world);
	}
}

/* A passive session has no timer that could make it connect. */
static void
test_passive_waits(void **state)
{
	struct bgp_session_options b = pair_options(1);

	(void)state;
	b.passive = true;
	open_world(&b);
	assert_int_equal(at(), BGP_ACTIVE);
	assert_true(bgp_session_deadline(end->session) == UINT64_MAX);
}

/* Same seed, same moments. */
static void
test_seed(void **state)
{
	struct bgp_session_options b = pair_options(1);
	uint64_t first;

	(void)state;
	open_world(&b);
	first = bgp_session_deadline(end->session);
	world_close(&world);
	open_world(&b);
	assert_true(bgp_session_deadline(end->session) == first);
	world_close(&world);
	b.seed = 77;
	open_world(&b);
	assert_true(bgp_session_deadline(end->session) != first);
}

/* ------------------------------------------------------------------ shown */

/* What is left, as of the moment asked for. */
static void
test_shown(void **state)
{
	struct bgp_session_timers t = BGP_SESSION_TIMERS_INIT;
	uint64_t start;

	(void)state;
	establish(90, 180);
	start = world.now_ms;
	assert_int_equal(bgp_session_timers(end->session, start + 1000, &t),
			 BGP_OK);
	assert_int_equal(t.hold_ms, 89000);
	assert_in_range(t.keepalive_ms, 21500, 29000);
	assert_int_equal(t.read_ms, 1000);
	assert_int_equal(t.written_ms, 1000);
	assert_true(t.idle_hold_ms == BGP_TIMER_OFF);
	assert_true(t.connect_retry_ms == BGP_TIMER_OFF);
	assert_int_equal(bgp_session_timers(end->session, start + 95000, &t),
			 BGP_OK);
	assert_int_equal(t.hold_ms, 0);
	t.size = 0;
	assert_int_equal(bgp_session_timers(end->session, start, &t),
			 BGP_ERR_INVALID);
	t.size = offsetof(struct bgp_session_timers, send_hold_ms);
	t.send_hold_ms = 7;
	assert_int_equal(bgp_session_timers(end->session, start, &t), BGP_OK);
	assert_int_equal(t.hold_ms, 90000);
	assert_int_equal(t.send_hold_ms, 7);
}

/* It is what a peer reads. */
static void
test_local_open(void **state)
{
	uint8_t msg[BGP_MESSAGE_MAX];
	struct bgp_open open;
	struct bgp_fault fault;
	int len;

	(void)state;
	establish(90, 180);
	len = bgp_session_local_open(end->session, msg, sizeof msg);
	assert_in_range(len, 29, sizeof msg);
	assert_int_equal(bgp_open_decode(msg, (size_t)len, &open, &fault),
			 BGP_OK);
	assert_int_equal(open.hold_time_s, 90);
	assert_true(open.as4);
	assert_int_equal(bgp_session_local_open(end->session, msg, 28),
			 BGP_ERR_SPACE);
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, close_world)
	const struct CMUnitTest tests[] = {
		T(test_hold_boundary),
		T(test_hold_restarts),
		T(test_hold_in_opensent),
		T(test_hold_trickle),
		T(test_hold_zero),
		T(test_hold_three),
		T(test_hold_longest),
		T(test_keepalive_jitter),
		T(test_send_hold),
		T(test_send_hold_trickle),
		T(test_send_hold_configured),
		T(test_delay_open),
		T(test_delay_open_answered),
		T(test_delay_open_other_end),
		T(test_delay_open_silence),
		T(test_idle_hold_doubles),
		T(test_connect_refused),
		T(test_connect_retry),
		T(test_opensent_fails),
		T(test_keepalive_configured),
		T(test_passive_waits),
		T(test_seed),
		T(test_shown),
		T(test_local_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
