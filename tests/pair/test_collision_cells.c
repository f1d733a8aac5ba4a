/*
 * test_collision_cells.c - the 36 cells of collision detection, both ends live.
 *
 *   2 (who initiated the old one, X)   x 3 (our identifier <, >, = the peer's)
 *     x 2 (the peer sees the OPENs of X and of N, the new one, in this order or
 *          the other)                x 3 (state of X here when N's OPEN comes)
 *
 * End 0 is "here".  Each cell is reached by delivering one message after the
 * other by hand; then all that is on its way arrives, and both ends must have
 * the same connection, the right one, and no session that went down.
 *
 * Three cells cannot be: X Established here, though the peer saw N's OPEN first
 * and X loses against N.  The peer closes X when its OPEN comes, before it
 * says the KEEPALIVE that would establish X here.  These too are driven, so
 * far. RFC 4271 6.8, RFC 6286 2.3
 */
#include <string.h>

#include "tests/unit/check.h"

#include "libbgp/session/session.h"
#include "tests/pair/wire.h"

#define HERE  0
#define THERE 1

struct cell {
	int x_by;             /* who initiated X */
	int dominant;         /* whose connection stays */
	bool equal;           /* identifiers: the larger AS is dominant */
	bool other_order;     /* there, N's OPEN comes first */
	enum bgp_state state; /* of X here when N's OPEN comes */
};

static struct world world;
static struct wire *x, *n;

static int
close_world(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

static enum bgp_state
state_at(const struct wire *wire, int end)
{
	const struct bgp_conn *conn = wire->plugs[end].conn;

	return conn != NULL ? conn->state : BGP_IDLE;
}

/* Two connections; OPENs lie in the pipes.  Here, N may be looked at later. */
static void
begin(const struct cell *cell, bool n_waits)
{
	struct bgp_session_options a = pair_options(HERE);
	struct bgp_session_options b = pair_options(THERE);

	if (cell->dominant == HERE)
		a.router_id = b.router_id + 1;
	if (cell->equal) {
		a.router_id = b.router_id;
		a.local_as = b.peer_as = cell->dominant == HERE
		    ? b.local_as + 1
		    : b.local_as - 1;
	}
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world.hold_connects = true;
	for (int end = 0; end < 2; end++)
		bgp_session_start(world.ends[end].session, world.now_ms);
	x = wire_begin(&world, cell->x_by);
	n = wire_begin(&world, !cell->x_by);
	for (int end = 0; end < 2; end++) {
		wire_plug(x, end);
		if (end == THERE || !n_waits)
			wire_plug(n, end);
	}
	for (int end = 0; end < 2; end++) {
		wire_flush(x, end);
		wire_flush(n, end);
	}
}

static void
hear_there(const struct cell *cell)
{
	struct wire *first = cell->other_order ? n : x;
	struct wire *second = cell->other_order ? x : n;

	wire_deliver(first, HERE, 0);
	wire_deliver(second, HERE, 0);
}

/* N's OPEN comes here while X is in that state. */
static void
meet(const struct cell *cell)
{
	assert_int_equal(state_at(x, HERE), cell->state);
	assert_int_equal(state_at(n, HERE), BGP_OPENSENT);
	assert_true(wire_deliver(n, THERE, 0));
}

static void
drive_unconfirmed(const struct cell *cell)
{
	begin(cell, false);
	if (cell->state == BGP_OPENCONFIRM)
		wire_deliver(x, THERE, 0);
	meet(cell);
	hear_there(cell);
}

/* X comes up here before N is looked at; N's OPEN waits meanwhile. */
static void
drive_early(const struct cell *cell)
{
	begin(cell, true);
	wire_deliver(x, HERE, 0);
	wire_flush(x, THERE);
	wire_deliver(x, THERE, 0);
	wire_plug(n, HERE);
	assert_int_equal(state_at(x, HERE), BGP_ESTABLISHED);
	assert_true(wire_deliver(n, THERE, 0));
}

/* The peer has seen N's OPEN first.  false: it then closed X. */
static bool
drive_late(const struct cell *cell)
{
	begin(cell, false);
	hear_there(cell);
	if (x->plugs[THERE].conn == NULL)
		return false;
	wire_flush(x, THERE);
	wire_deliver(x, THERE, 0);
	meet(cell);
	return true;
}

static void
assert_one(const struct wire *kept, const struct wire *gone)
{
	for (int end = 0; end < 2; end++) {
		assert_int_equal(state_at(kept, end), BGP_ESTABLISHED);
		assert_null(gone->plugs[end].conn);
		assert_int_equal(world.ends[end].established, 1);
		assert_int_equal(world.ends[end].downs, 0);
	}
	assert_int_equal(world.wire_count, 2);
}

/* true: the cell was reached. */
static bool
check_cell(const struct cell *cell)
{
	bool x_loses = cell->dominant != cell->x_by, reached = true;

	if (cell->state != BGP_ESTABLISHED)
		drive_unconfirmed(cell);
	else if (!cell->other_order)
		drive_early(cell);
	else
		reached = drive_late(cell);
	world_settle(&world);
	world_after(&world, 5000);
	if (reached && cell->state == BGP_ESTABLISHED)
		assert_one(x, n);
	else
		assert_one(x_loses ? n : x, x_loses ? x : n);
	if (!reached)
		assert_true(x_loses);
	world_close(&world);
	return reached;
}

static void
test_cells(void **state)
{
	static const struct {
		int dominant;
		bool equal;
	} ids[] = { { THERE, false },
		    { HERE, false },
		    { THERE, true },
		    { HERE, true } };
	int reached = 0, others = 0;

	(void)state;
	for (int s = BGP_OPENSENT; s <= BGP_ESTABLISHED; s++)
		for (int bits = 0; bits < 16; bits++) {
			struct cell cell = { bits & 1, ids[bits >> 2].dominant,
					     ids[bits >> 2].equal,
					     (bits & 2) != 0,
					     (enum bgp_state)s };

			if (check_cell(&cell))
				reached++;
			else
				others++;
		}
	/* 36, and the 12 of equal identifiers once more: either AS larger */
	assert_int_equal(reached, 33 + 11);
	assert_int_equal(others, 3 + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_cells, close_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
