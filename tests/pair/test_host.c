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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_falls_behind_with_add_path_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
