/*
 * test_host.c - what a host does, and what peers do to a speaker that is not
 * looked after at once.
 */
#include <string.h>

#include "rig.h"

/* ----------------------------------------------------------------- groups */

/* A peer of which several paths are received falls behind with withdrawals
 * unread: they are read again as they were written. */
static void
test_falls_behind_with_add_path_in(void **state)
{
	struct bgp_peer_options o;

	(void)state;
	rig_init(NULL, NULL);
	o = rig_options(0, true);
	o.families[0].add_path_receive = true;
	rig_add(0, &o);
	for (unsigned p = 1; p < 3; p++) {
		o = rig_options(p, true);
		rig_add(p, &o);
	}
	rig_up(0, 2);
	rig_up(1, 0);
	rig_up(2, 0);
	for (uint8_t k = 0; k < 10; k++)
		rig_announce(1, k, 1);
	rig_settle(true);
	assert_int_equal(rig_held(0), 10);
	for (uint8_t k = 0; k < 5; k++)
		rig_withdraw(1, k);
	rig_settle(false);
	rig_refresh(0);
	rig_refresh(2);
	rig_settle(true);
	assert_int_equal(rig_held(0), 5);
	assert_int_equal(rig_held(2), 5);
	rig_fini();
}

/* --------------------------------------------------------------- a crowd */

/* Requests in a row melt: what is being sent already is sent once more. */
static void
test_refreshes_melt(void **state)
{
	enum { REQUESTS = 1000 };
	struct bgp_peer_options o;
	unsigned before;

	(void)state;
	rig_init(NULL, NULL);
	for (unsigned p = 0; p < 2; p++) {
		o = rig_options(p, true);
		rig_add(p, &o);
		rig_up(p, 0);
	}
	for (uint8_t k = 0; k < 100; k++)
		rig_announce(0, k, k);
	rig_settle(true);
	assert_int_equal(rig_held(1), 100);
	before = rig.peers[1].updates;
	for (unsigned i = 0; i < REQUESTS; i++)
		assert_int_equal(rig_refresh(1), BGP_OK);
	rig_settle(true);
	assert_int_equal(rig.peers[1].updates - before, 200);
	for (unsigned i = 0; i < REQUESTS; i++) {
		rig_refresh(1);
		rig_withdraw(0, (uint8_t)(i % 50));
	}
	rig_settle(true);
	assert_int_equal(rig_held(1), 50);
	rig_fini();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_falls_behind_with_add_path_in),
		cmocka_unit_test(test_refreshes_melt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
