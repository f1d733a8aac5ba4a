/*
 * test_session.c - the i-th allocation of a session fails, for every i.
 *
 * Each scene is played once to its end, then again and again with one
 * allocation failing, and with all failing from the i-th one on.  Whichever it
 * is: nothing crashes, nothing leaks, an enabled session is never left without
 * a timer, and once there is memory again both ends come up.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

#include "tests/pair/wire.h"

static struct {
	unsigned long asked, fail_at; /* 0: never */
	bool for_good;                /* all from fail_at on */
	bool refused;
	size_t octets;
} memory;

static void *
resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	void *fresh;

	(void)ctx;
	if (new_len == 0) {
		free(ptr);
		memory.octets -= old_len;
		return NULL;
	}
	memory.asked++;
	if (memory.fail_at != 0 &&
	    (memory.asked == memory.fail_at ||
	     (memory.for_good && memory.asked > memory.fail_at))) {
		memory.refused = true;
		return NULL;
	}
	fresh = realloc(ptr, new_len);
	assert_non_null(fresh);
	memory.octets += new_len - old_len;
	return fresh;
}

static struct world world;

static void
assert_sane(void)
{
	for (int i = 0; i < 2; i++) {
		struct bgp_session_info info;

		bgp_session_info(world.ends[i].session, &info);
		if (info.enabled && info.state == BGP_IDLE)
			assert_true(bgp_session_deadline(
					world.ends[i].session) != UINT64_MAX);
	}
}

/* ------------------------------------------------------------------ scenes */

static const uint8_t name_value[] = { 4, 'n', 'o', 'd', 'e', 0 };
static const struct bgp_capability name = { BGP_CAP_FQDN, 6, name_value };

static void
come_up(void)
{
	world_up(&world);
	world_after(&world, 100000);
}

static void
in_pieces(void)
{
	world.piece = 7;
	world_up(&world);
	world_after(&world, 100000);
}

static void
stop_and_start(void)
{
	world_up(&world);
	bgp_session_stop(world.ends[0].session, "a while", world.now_ms);
	world_after(&world, 3000);
	bgp_session_start(world.ends[0].session, world.now_ms);
	world_after(&world, 30000);
}

static void
reset_inside(struct end *end)
{
	static const struct bgp_notification why = {
		6, 4, 5, (const uint8_t *)"\4gone"
	};

	if (end->updates == 3)
		bgp_session_reset(end->session, &why, world.now_ms);
}

/* UPDATEs through a socket that takes nothing for a while. */
static void
send_much(void)
{
	uint8_t msg[23] = { 0 };

	memset(msg, 0xff, 16);
	msg[17] = 23;
	msg[18] = BGP_UPDATE;
	world.ends[1].on_update = reset_inside;
	world_up(&world);
	for (int i = 0; i < 100; i++)
		bgp_session_send(world.ends[0].session, msg, sizeof msg);
	world_after(&world, 60000);
}

static void
spoil(void)
{
	struct wire *wire;

	world_up(&world);
	wire = wire_stranger(&world, 1);
	wire_message(wire, 0, 77, 19);
	world_settle(&world);
	if (world.wire_count > 1) {
		wire_message(world.wires[0], 0, BGP_OPEN, 29);
		wire_message(world.wires[0], 1, BGP_NOTIFICATION, 200);
	}
	world_after(&world, 60000);
	wire_break(world.wires[0]);
	world_after(&world, 20000);
}

static void
fall_silent(void)
{
	world_up(&world);
	for (int i = 0; i < world.wire_count; i++)
		world.wires[i]->pipes[0].stuck = true;
	world_after(&world, 700000);
}

static const struct scene {
	const char *name;
	void (*play)(void);
	bool passive;
	uint16_t delay_open_s;
} scenes[] = {
	{ "come up", come_up, true, 0 },
	{ "come up at once", come_up, false, 0 },
	{ "come up with delay", come_up, false, 3 },
	{ "in pieces", in_pieces, true, 0 },
	{ "stop and start", stop_and_start, false, 0 },
	{ "send much", send_much, true, 0 },
	{ "spoil", spoil, true, 0 },
	{ "fall silent", fall_silent, true, 0 },
};

static void
recover(void)
{
	memory.fail_at = 0;
	world.piece = 0;
	for (int i = 0; i < 2; i++) {
		world.ends[i].on_update = NULL;
		bgp_session_start(world.ends[i].session, world.now_ms);
	}
	world_after(&world, 1000000);
	assert_sane();
	assert_true(world_is_up(&world));
}

/* true: the scene ran to its end before an allocation failed. */
static bool
run(const struct scene *scene, unsigned long fail_at, bool for_good)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	bool refused;

	memset(&memory, 0, sizeof memory);
	memory.fail_at = fail_at;
	memory.for_good = for_good;
	a.alloc.resize = b.alloc.resize = resize;
	a.capabilities = b.capabilities = &name;
	a.capability_count = b.capability_count = 1;
	b.passive = scene->passive;
	a.delay_open_s = b.delay_open_s = scene->delay_open_s;
	if (world_open(&world, &a, &b) == BGP_OK) {
		scene->play();
		assert_sane();
		refused = memory.refused;
		recover();
	} else {
		refused = memory.refused;
		assert_true(refused);
	}
	world_close(&world);
	assert_int_equal(memory.octets, 0);
	return !refused;
}

static void
test_every_allocation(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
		for (int for_good = 0; for_good < 2; for_good++) {
			unsigned long n = 1;

			while (!run(scenes + i, n, for_good != 0))
				n++;
			assert_true(n > 5);
			if (for_good == 0)
				print_message("# %s: %lu allocations\n",
					      scenes[i].name, n - 1);
		}
}

/* ------------------------------------------------- what has to be said then */

static struct wire *
stranger(struct end *end)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct wire *wire;

	memset(&memory, 0, sizeof memory);
	a.alloc.resize = b.alloc.resize = resize;
	b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	bgp_session_start(end->session, world.now_ms);
	wire = wire_stranger(&world, 1);
	world_settle(&world);
	return wire;
}

static void
exhaust(void)
{
	memory.fail_at = memory.asked + 1;
	memory.for_good = true;
}

/* No memory at all: Cease/Out of Resources, and then it is tried again. */
static void
test_cease(void **state)
{
	struct end *end = &world.ends[1];

	(void)state;
	for (int step = 0; step < 3; step++) {
		struct wire *wire = stranger(end);

		if (step > 0)
			wire_open(wire, 0, 90);
		if (step > 1)
			wire_message(wire, 0, BGP_KEEPALIVE, 19);
		world_settle(&world);
		exhaust();
		wire_write(wire, 0, "\xff", 1); /* a message's first octet */
		world_settle(&world);
		assert_int_equal(notified(end), 6 << 8 | 8);
		assert_int_equal(bgp_session_state(end->session), BGP_IDLE);
		assert_true(bgp_session_deadline(end->session) != UINT64_MAX);
		world_close(&world);
		assert_int_equal(memory.octets, 0);
	}
}

/* KEEPALIVEs of an idle session need none, and a session that is up lives on
 * without a free octet. */
static void
test_idle_needs_nothing(void **state)
{
	(void)state;
	stranger(&world.ends[1]);
	world_close(&world);
	memset(&memory, 0, sizeof memory);
	{
		struct bgp_session_options a = pair_options(0);
		struct bgp_session_options b = pair_options(1);

		a.alloc.resize = b.alloc.resize = resize;
		b.passive = true;
		assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	}
	world_up(&world);
	exhaust();
	world_after(&world, 3600000);
	assert_true(world_is_up(&world));
	assert_false(memory.refused);
	bgp_session_stop(world.ends[0].session, "no memory for this",
			 world.now_ms);
	world_settle(&world);
	assert_int_equal(world.ends[1].down.cause, BGP_DOWN_RECEIVED);
	assert_int_equal(world.ends[1].down.notification.subcode, 2);
	world_close(&world);
	assert_int_equal(memory.octets, 0);
}

/* The words may be lost, the reason is not. */
static void
test_long_words(void **state)
{
	struct wire *wire = stranger(&world.ends[1]);

	(void)state;
	wire_open(wire, 0, 90);
	wire_message(wire, 0, BGP_KEEPALIVE, 19);
	world_settle(&world);
	exhaust();
	wire->pipes[1].stuck = true;
	bgp_session_tick(
	    world.ends[1].session,
	    bgp_session_deadline(world.ends[1].session)); /* spare is used */
	wire->pipes[1].stuck = false;
	bgp_session_stop(world.ends[1].session,
			 "words that need much more "
			 "room than there is in the connection itself",
			 world.now_ms);
	world_settle(&world);
	assert_int_equal(notified(&world.ends[1]), 6 << 8 | 2);
	assert_int_equal(world.ends[1].notification_len, 21);
	assert_string_equal(world.ends[1].wrote, "OKKN");
	world_close(&world);
	assert_int_equal(memory.octets, 0);
}

/* An idle established session: 1.5 KB, and what the peer's OPEN said. */
static void
test_size(void **state)
{
	struct wire *wire;
	size_t sessions;

	(void)state;
	wire = stranger(&world.ends[1]);
	bgp_session_del(world.ends[0].session);
	world.ends[0].session = NULL;
	sessions = memory.octets;
	wire_open(wire, 0, 90);
	wire_message(wire, 0, BGP_KEEPALIVE, 19);
	world_settle(&world);
	print_message("# %zu octets, %zu of them before the peer's OPEN\n",
		      memory.octets, sessions);
	assert_in_range(memory.octets, 1000, 1536 + 3072);
	world_close(&world);
	assert_int_equal(memory.octets, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_allocation),
		cmocka_unit_test(test_cease),
		cmocka_unit_test(test_idle_needs_nothing),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
