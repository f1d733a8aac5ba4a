/*
 * test_actions.c - the table of the FSM and what carries it out agree.
 *
 * Every action that a cell asks for has exactly one executor, every executor is
 * asked for by some cell, and every condition that a cell looks at is one that
 * a session can set.  A bit that is added to one side only fails here.
 */
#include "check.h"

#include "libbgp/session/act.h"
#include "libbgp/session/fsm_table.h"

static uint32_t
asked(void)
{
	uint32_t all = 0;

	for (int event = 1; event <= BGP_EVENT_COUNT; event++)
		for (int state = 0; state < BGP_STATE_COUNT; state++)
			all |= bgp__fsm_cells[event][state].actions;
	for (size_t i = 0; i < bgp__fsm_choice_count; i++)
		all |= bgp__fsm_choices[i].cell.actions;
	return all;
}

static void
test_every_action(void **state)
{
	uint32_t done = 0;

	(void)state;
	for (size_t i = 0; i < bgp__action_count; i++) {
		uint32_t bit = bgp__actions[i].bit;

		assert_int_equal(bit & (bit - 1), 0);
		assert_int_equal(done & bit, 0);
		assert_non_null(bgp__actions[i].run);
		done |= bit;
	}
	assert_int_equal(done, asked());
	assert_int_equal(done, 0x3fffffff); /* all that bgp/fsm.h names */
}

/* What is seen first, goes first. */
static void
test_order(void **state)
{
	static const uint32_t order[] = {
		BGP_FSM_COLLIDE,        BGP_FSM_SEND_OPEN,
		BGP_FSM_SEND_KEEPALIVE, BGP_FSM_SEND_NOTIFICATION,
		BGP_FSM_DROP,           BGP_FSM_DELETE_ROUTES,
		BGP_FSM_DAMP,           BGP_FSM_HOLD_START,
		BGP_FSM_PROCESS_UPDATE
	};
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < bgp__action_count && at < 9; i++)
		if (bgp__actions[i].bit == order[at])
			at++;
	assert_int_equal(at, 9);
}

/* A session in which all is so that a cell may ask for it. */
static uint32_t
settable(void)
{
	static const uint8_t restart[] = { 0x40, 90, 0, 1, 1, 0 };
	struct bgp_capability cap = { BGP_CAP_GRACEFUL_RESTART, 6, restart };
	struct bgp__agreement agreed = { .size = 0 };
	struct bgp_session session = { .damped = true };
	struct bgp_conn conn = { .session = &session,
				 .state = BGP_ESTABLISHED,
				 .agreed = &agreed,
				 .hold_time_s = 90,
				 .delay_open_ms = 1 };

	session.options.passive = true;
	session.options.delay_open_s = 1;
	session.options.capabilities = &cap;
	session.options.capability_count = 1;
	agreed.open.capabilities[0] = cap;
	agreed.open.capability_count = 1;
	return bgp__conditions(&session, &conn, BGP_EVENT_TCP_FAILS, NULL) |
	    BGP_FSM_IF_SECOND | BGP_FSM_IF_COLLISION_LOST; /* collide.c */
}

static void
test_every_condition(void **state)
{
	uint32_t looked_at = 0;

	(void)state;
	for (size_t i = 0; i < bgp__fsm_choice_count; i++)
		looked_at |= bgp__fsm_choices[i].all;
	assert_int_equal(looked_at, settable());
	assert_int_equal(looked_at, 0x3ff); /* all that bgp/fsm.h names */
}

/* RFC 8538 4: both say N, and it is no Hard Reset. */
static void
test_retain(void **state)
{
	uint8_t ours[] = { 0x40, 90 }, theirs[] = { 0x40, 90, 0, 1, 1, 0 };
	struct bgp_capability our_cap = { BGP_CAP_GRACEFUL_RESTART, 2, ours };
	struct bgp__agreement agreed = { .size = 0 };
	struct bgp_session session = { .busy = false };
	struct bgp_conn conn = { .session = &session,
				 .state = BGP_ESTABLISHED,
				 .agreed = &agreed };
	struct bgp_notification why = { .code = 4 };

#define RETAINS(event)                                                \
	((bgp__conditions(&session, &conn, BGP_EVENT_##event, &why) & \
	  BGP_FSM_IF_RETAIN) != 0)

	(void)state;
	session.options.capabilities = &our_cap;
	agreed.open.capabilities[0] = (struct bgp_capability){
		BGP_CAP_GRACEFUL_RESTART, 6, theirs
	};
	agreed.open.capability_count = 1;
	assert_false(RETAINS(TCP_FAILS)); /* we did not offer it */
	session.options.capability_count = 1;
	assert_true(RETAINS(TCP_FAILS));
	assert_true(RETAINS(NOTIFICATION));
	why = (struct bgp_notification){ .code = 6, .subcode = 9 };
	assert_false(RETAINS(NOTIFICATION));
	why.subcode = 4;
	theirs[0] = 0;
	assert_false(RETAINS(NOTIFICATION));
	assert_true(RETAINS(TCP_CONFIRMED));
	agreed.open.capabilities[0].len = 2; /* for no family */
	assert_false(RETAINS(TCP_FAILS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_action),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_every_condition),
		cmocka_unit_test(test_retain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
