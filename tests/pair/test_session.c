/*
 * test_session.c - two sessions meet, talk, part and meet again.
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

/* End 1 is passive, so that there is one connection. */
static void
open_quiet(void)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);

	b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
}

static void
assert_up(int end)
{
	assert_int_equal(bgp_session_state(world.ends[end].session),
			 BGP_ESTABLISHED);
}

/* --------------------------------------------------------------- coming up */

static void
test_establish(void **state)
{
	const struct bgp_codec *codec;
	struct bgp_session_info info;

	(void)state;
	open_quiet();
	world_up(&world);
	assert_string_equal(
	    world.ends[0].log,
	    "Connect connect OpenSent "
	    "output OpenConfirm Established established output ");
	assert_string_equal(world.ends[1].log,
			    "Active OpenSent output "
			    "OpenConfirm Established established ");
	codec = bgp_session_codec(world.ends[0].session);
	assert_non_null(codec);
	assert_true(codec->as4 && codec->ebgp);
	assert_int_equal(codec->family_count, 2);
	assert_int_equal(codec->peer_as, 64501);
	assert_int_equal(
	    bgp_session_remote_open(world.ends[0].session)->router_id,
	    0xc0000202);
	bgp_session_info(world.ends[1].session, &info);
	assert_int_equal(info.hold_time_s, 90);
	assert_int_equal(info.peer_as, 64500);
	assert_int_equal(info.established_count, 1);
	assert_int_equal(info.messages_in[BGP_OPEN], 1);
	assert_int_equal(info.last.cause, BGP_DOWN_NONE);
}

static void
test_keepalives_hold(void **state)
{
	struct bgp_session_info info;

	(void)state;
	open_quiet();
	world_up(&world);
	world_after(&world, 3600 * 1000);
	assert_up(0);
	assert_up(1);
	bgp_session_info(world.ends[0].session, &info);
	assert_in_range(info.messages_out[BGP_KEEPALIVE], 120, 162);
	assert_in_range(info.messages_in[BGP_KEEPALIVE], 120, 162);
}

/* -------------------------------------------------------------- parting */

static void
test_stop_and_start(void **state)
{
	struct end *a = &world.ends[0], *b = &world.ends[1];
	char text[200];

	(void)state;
	open_quiet();
	world_up(&world);
	log_clear(a);
	log_clear(b);
	assert_int_equal(
	    bgp_session_stop(a->session, "maintenance", world.now_ms), BGP_OK);
	world_settle(&world);
	assert_string_equal(a->log, "close down Idle ");
	assert_string_equal(b->log, "close down Idle Active "); /* no fault */
	assert_int_equal(a->down.cause, BGP_DOWN_SENT);
	assert_int_equal(b->down.cause, BGP_DOWN_RECEIVED);
	bgp_notification_text(&b->down.notification, text, sizeof text);
	assert_string_equal(text,
			    "Cease/Administrative Shutdown \"maintenance\"");
	assert_true(bgp_session_deadline(a->session) == UINT64_MAX);
	world_after(&world, 600000);
	assert_int_equal(bgp_session_state(a->session), BGP_IDLE);
	assert_int_equal(bgp_session_state(b->session), BGP_ACTIVE);
	assert_int_equal(bgp_session_start(a->session, world.now_ms), BGP_OK);
	assert_int_equal(bgp_session_start(a->session, world.now_ms),
			 BGP_ERR_STATE);
	world_after(&world, 30000);
	assert_up(0);
	assert_up(1);
}

/* RFC 9003 goes with Cease/4 too. */
static void
test_restart_text(void **state)
{
	struct end *a = &world.ends[0], *b = &world.ends[1];
	char text[256];

	(void)state;
	open_quiet();
	assert_int_equal(bgp_session_restart(a->session, "x", world.now_ms),
			 BGP_ERR_STATE);
	world_up(&world);
	assert_int_equal(
	    bgp_session_restart(a->session, "new key", world.now_ms), BGP_OK);
	world_settle(&world);
	assert_int_equal(b->down.notification.code, 6);
	assert_int_equal(b->down.notification.subcode, 4);
	bgp_notification_text(&b->down.notification, text, sizeof text);
	assert_non_null(strstr(text, "new key"));
	world_after(&world, 1000);
	assert_true(world_is_up(&world)); /* nobody is at fault */
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, close_world)
	const struct CMUnitTest tests[] = {
		T(test_establish),
		T(test_keepalives_hold),
		T(test_stop_and_start),
		T(test_restart_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
