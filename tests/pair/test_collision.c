/*
 * test_collision.c - both ends connect at once, or three times, or not at all.
 *
 * The random part moves octets and lets hosts look at their sockets in any
 * order: both ends must agree on one connection at the first attempt, without
 * an established session that goes down again.
 */
#include <string.h>

#include "tests/unit/check.h"

#include "tests/pair/wire.h"

static struct world world;

static int
close_world(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

static struct wire *
wire_of(int end)
{
	for (int i = 0; i < world.wire_count; i++) {
		struct wire *wire = world.wires[i];
		struct bgp_conn *conn = wire->plugs[end].conn;

		if (conn != NULL &&
		    bgp_session_state(bgp_conn_session(conn)) ==
			BGP_ESTABLISHED)
			return wire;
	}
	return NULL;
}

static int
live_wires(int end)
{
	int count = 0;

	for (int i = 0; i < world.wire_count; i++)
		count += world.wires[i]->plugs[end].conn != NULL;
	return count;
}

static void
assert_agreed(void)
{
	assert_true(world_is_up(&world));
	assert_int_equal(live_wires(0), 1);
	assert_int_equal(live_wires(1), 1);
	assert_ptr_equal(wire_of(0), wire_of(1));
}

/* ------------------------------------------------------- in an orderly way */

static void
test_simultaneous_open(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct bgp_session_options a = pair_options(i & 1);
		struct bgp_session_options b = pair_options(!(i & 1));

		if (i & 2) /* equal identifiers: the larger AS */
			a.router_id = b.router_id;
		assert_int_equal(world_open(&world, &a, &b), BGP_OK);
		world_up(&world);
		assert_agreed();
		assert_int_equal(world.wire_count, 2);
		assert_int_equal(wire_of(0)->initiator,
				 a.local_as > b.local_as ? 0 : 1);
		assert_int_equal(world.ends[0].downs, 0);
		assert_int_equal(world.ends[1].downs, 0);
		world_close(&world);
	}
}

static void
test_both_passive(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);

	(void)state;
	a.passive = b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world_up(&world);
	assert_int_equal(world.wire_count, 0);
	assert_int_equal(bgp_session_state(world.ends[0].session), BGP_ACTIVE);
	assert_true(bgp_session_deadline(world.ends[0].session) == UINT64_MAX);
}

/* Refused connections get no octet. */
static void
test_third_connection(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct wire *third;

	(void)state;
	b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	bgp_session_start(world.ends[1].session, world.now_ms);
	assert_non_null(wire_stranger(&world, 1)->plugs[1].conn);
	assert_non_null(wire_stranger(&world, 1)->plugs[1].conn);
	third = wire_stranger(&world, 1);
	assert_null(third->plugs[1].conn);
	world_settle(&world);
	assert_int_equal(third->pipes[1].len, 0);
	assert_string_equal(world.ends[1].wrote, "OO");
}

/* A second connection beside an established one is told 6/7; the first one
 * does not notice. */
static void
test_beside_established(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct end *end = &world.ends[1];
	struct wire *second;

	(void)state;
	b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world_up(&world);
	log_clear(end);
	end->wrote_len = 0;
	second = wire_stranger(&world, 1);
	assert_non_null(second->plugs[1].conn);
	wire_open(second, 0, 90);
	world_settle(&world);
	assert_int_equal(notified(end), 6 << 8 | 7);
	assert_string_equal(end->log, "close ");
	assert_agreed();
	/* one that says nothing hears our OPEN, and later why it must go */
	end->wrote_len = 0;
	memset(end->wrote, 0, sizeof end->wrote);
	second = wire_stranger(&world, 1);
	world_after(&world, 2000);
	assert_string_equal(end->wrote, "O");
	wire_open(second, 0, 90);
	world_settle(&world);
	assert_string_equal(end->wrote, "ON");
	assert_int_equal(notified(end), 6 << 8 | 7);
	assert_agreed();
	assert_int_equal(end->downs, 0);
}

/* The first one breaks while the second one waits: the second takes over. */
static void
test_second_takes_over(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct end *end = &world.ends[1];
	struct wire *second;

	(void)state;
	b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world_up(&world);
	second = wire_stranger(&world, 1);
	log_clear(end);
	wire_break(world.wires[0]);
	assert_string_equal(end->log, "down Active ");
	wire_open(second, 0, 90);
	wire_message(second, 0, BGP_KEEPALIVE, 19);
	world_settle(&world);
	assert_int_equal(bgp_session_state(end->session), BGP_ESTABLISHED);
	assert_int_equal(end->established, 2);
}

/* A confirmed connection waits for a stronger one, but not for ever. */
static void
test_wait_ends(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct end *end = &world.ends[1];
	struct wire *weak, *strong;

	(void)state;
	b.router_id = 1; /* end 0 is dominant */
	world.hold_connects = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world.hold_connects = true;
	bgp_session_start(end->session, world.now_ms);
	weak = wire_begin(&world, 1);
	wire_plug(weak, 1);
	strong = wire_stranger(&world, 1);
	wire_open(weak, 0, 90);
	wire_message(weak, 0, BGP_KEEPALIVE, 19);
	weak->plugs[0].waits = false;
	world_settle(&world);
	assert_int_equal(bgp_session_state(end->session), BGP_OPENCONFIRM);
	world_after(&world, 1999);
	assert_int_equal(bgp_session_state(end->session), BGP_OPENCONFIRM);
	world_after(&world, 1);
	assert_int_equal(bgp_session_state(end->session), BGP_ESTABLISHED);
	wire_open(strong, 0, 90);
	world_settle(&world);
	assert_null(strong->plugs[1].conn);
	assert_int_equal(bgp_session_state(end->session), BGP_ESTABLISHED);
}

/* The peer's UPDATE shows that it is established: so are we. */
static void
test_wait_ends_with_update(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct end *end = &world.ends[1];
	struct wire *weak;

	(void)state;
	b.router_id = 1;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world.hold_connects = true;
	bgp_session_start(end->session, world.now_ms);
	weak = wire_begin(&world, 1);
	wire_plug(weak, 1);
	wire_stranger(&world, 1);
	wire_open(weak, 0, 90);
	wire_message(weak, 0, BGP_KEEPALIVE, 19);
	wire_message(weak, 0, BGP_UPDATE, 23);
	world_settle(&world);
	assert_int_equal(bgp_session_state(end->session), BGP_ESTABLISHED);
	assert_int_equal(end->updates, 1);
}

/* ------------------------------------------------------------- in any order */

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return *seed >> 33;
}

/* Something that can happen next, in one place. */
static bool
step(uint64_t *seed)
{
	uint64_t r = next_random(seed);
	int from = (int)(r & 1);
	struct wire *wire;

	if (world.ends[from].want_connect) {
		wire_begin(&world, from);
		return true;
	}
	if (world.wire_count == 0)
		return false;
	wire = world.wires[(r >> 1) % (uint64_t)world.wire_count];
	if (wire->plugs[from].waits) {
		wire_plug(wire, from);
		return true;
	}
	if ((r & 64) != 0)
		return wire_flush(wire, from);
	return wire_deliver(wire, from, (r & 128) != 0 ? 0 : 1 + r % 40);
}

static void
run_any_order(uint64_t seed)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);

	if (seed & 1)
		b.router_id = a.router_id;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world.hold_connects = true;
	for (int i = 0; i < 2; i++)
		bgp_session_start(world.ends[i].session, world.now_ms);
	for (int i = 0; i < 2000; i++)
		step(&seed);
	world.hold_connects = false;
	world_after(&world, 5000);
}

static void
test_any_order(void **state)
{
	int downs = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		run_any_order(seed * 7919);
		downs += (int)(world.ends[0].downs + world.ends[1].downs);
		assert_agreed();
		world_close(&world);
	}
	assert_int_equal(downs, 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, close_world)
	const struct CMUnitTest tests[] = {
		T(test_simultaneous_open),     T(test_both_passive),
		T(test_third_connection),      T(test_beside_established),
		T(test_second_takes_over),     T(test_wait_ends),
		T(test_wait_ends_with_update), T(test_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
