/*
 * test_collision.c - which of two connections goes, in all 36 cells.
 *
 *   2 (who initiated the old one) x 3 (identifiers <, >, =)
 *     x 2 (order in which the other end sees the OPENs) x 3 (state)
 *
 * Both ends are asked; they have to keep the same connection.
 *                                                  RFC 4271 6.8, RFC 6286 2.3
 */
#include "check.h"

#include "libbgp/session/collision.h"

#define SMALL 0x0a000001u
#define LARGE 0xc0000201u

/* Who initiated the connection that stays; BOTH: nothing is decided. */
enum { US, THEM, BOTH };

/* The answer of one end, as the initiator of the survivor seen from "us". */
static int
survivor(enum bgp__collision answer, bool old_is_ours, bool new_is_ours)
{
	switch (answer) {
	case BGP__COLLISION_OLD:
		return new_is_ours ? US : THEM;
	case BGP__COLLISION_NEW:
		return old_is_ours ? US : THEM;
	default:
		return BOTH;
	}
}

static int
ask_us(enum bgp_state state, bool old_is_ours, uint32_t us, uint32_t them,
       uint32_t us_as, uint32_t them_as)
{
	struct bgp__collision_case c = { state, !old_is_ours, false,  us,
					 them,  us_as,        them_as };

	return survivor(bgp__collision_decide(&c), old_is_ours, !old_is_ours);
}

/* Their answer, turned round: what they initiated, THEM initiated. */
static int
ask_them(enum bgp_state state, bool old_is_ours, uint32_t us, uint32_t them,
	 uint32_t us_as, uint32_t them_as)
{
	struct bgp__collision_case c = { state, old_is_ours, false, them,
					 us,    them_as,     us_as };
	int answer = survivor(bgp__collision_decide(&c), !old_is_ours,
			      old_is_ours);

	return answer == BOTH ? BOTH : answer == US ? THEM : US;
}

static const struct id_case {
	uint32_t us, them, us_as, them_as;
	int dominant;
} id_cases[] = {
	{ SMALL, LARGE, 64500, 64500, THEM },
	{ LARGE, SMALL, 64500, 64501, US },
	{ LARGE, LARGE, 64500, 64501, THEM }, /* RFC 6286 2.3 */
	{ LARGE, LARGE, 4200000000u, 64501, US },
	{ 1, 0x80000000u, 64500, 64500, THEM }, /* unsigned, host order */
};

#define CASES (sizeof id_cases / sizeof id_cases[0])

/* One cell; order: whether the other end has the OPENs the other way round. */
static void
check_cell(enum bgp_state state, bool old_is_ours, const struct id_case *ids,
	   bool other_order)
{
	int us = ask_us(state, old_is_ours, ids->us, ids->them, ids->us_as,
			ids->them_as);
	bool their_old_is_ours = other_order && state == BGP_OPENCONFIRM
	    ? !old_is_ours
	    : old_is_ours;
	int them = ask_them(state, their_old_is_ours, ids->us, ids->them,
			    ids->us_as, ids->them_as);

	assert_int_equal(us, them);
	if (state == BGP_OPENSENT)
		assert_int_equal(us, BOTH);
	if (state == BGP_OPENCONFIRM)
		assert_int_equal(us, ids->dominant);
	if (state == BGP_ESTABLISHED)
		assert_int_equal(us, old_is_ours ? US : THEM);
}

static void
test_all_cells(void **unused)
{
	(void)unused;
	for (int state = BGP_OPENSENT; state <= BGP_ESTABLISHED; state++)
		for (size_t i = 0; i < CASES; i++)
			for (int bits = 0; bits < 4; bits++)
				check_cell((enum bgp_state)state,
					   (bits & 1) != 0, id_cases + i,
					   (bits & 2) != 0);
}

static void
test_not_detectable(void **unused)
{
	(void)unused;
	for (int state = BGP_IDLE; state <= BGP_OPENSENT; state++)
		assert_int_equal(ask_us((enum bgp_state)state, true, SMALL,
					LARGE, 64500, 64500),
				 BOTH);
}

/* CollisionDetectEstablishedState: as in OpenConfirm. */
static void
test_established_too(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < CASES; i++)
		for (int ours = 0; ours < 2; ours++) {
			const struct id_case *ids = id_cases + i;
			struct bgp__collision_case c = {
				BGP_ESTABLISHED, ours == 0, true,
				ids->us,         ids->them, ids->us_as,
				ids->them_as
			};

			assert_int_equal(survivor(bgp__collision_decide(&c),
						  ours != 0, ours == 0),
					 ids->dominant);
		}
}

/* Both from the same side: the dominant speaker's newer one replaces its
 * older one, and the other end agrees. */
static void
test_same_initiator(void **unused)
{
	struct bgp__collision_case c = { BGP_OPENCONFIRM, false, false, SMALL,
					 LARGE,           64500, 64500 };

	(void)unused;
	assert_int_equal(bgp__collision_decide(&c), BGP__COLLISION_OLD);
	c = (struct bgp__collision_case){ BGP_OPENCONFIRM, true,  false, LARGE,
					  SMALL,           64500, 64500 };
	assert_int_equal(bgp__collision_decide(&c), BGP__COLLISION_OLD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_cells),
		cmocka_unit_test(test_not_detectable),
		cmocka_unit_test(test_established_too),
		cmocka_unit_test(test_same_initiator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
