/*
 * test_fib.c - what the host's forwarding table is given, against a table that
 * does as it is told and nothing else.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"

#include "bgp/rib.h"

enum { AS = 64512, PREFIXES = 300 };

struct entry {
	bool there;
	enum bgp_kind kind;
	const struct bgp_rib_peer *peer;
	const struct bgp_attrs *attrs;
	size_t hop_count;
	uint8_t hops[4]; /* last octets */
};

static struct entry fib[PREFIXES];
static unsigned calls, replays, inside;
static struct bgp_rib *rib;
static struct bgp_rib_peer *external, *client;

/* INSTALL is of a route that is not there, but in a replay; the others of one
 * that is. */
static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	const bool *replay = ctx;
	struct entry *e;

	assert_int_equal(route->size, sizeof *route);
	calls++;
	if (route->op == BGP_FIB_REPLAYED) {
		assert_int_equal(route->nlri.family, 0);
		replays++;
		return;
	}
	assert_int_equal(route->nlri.octets[0], 10);
	e = &fib[route->nlri.octets[1] << 8 | route->nlri.octets[2]];
	if (!*replay)
		assert_int_equal(e->there, route->op != BGP_FIB_INSTALL);
	e->there = route->op != BGP_FIB_REMOVE;
	e->kind = route->kind;
	e->peer = route->peer;
	e->attrs = route->attrs;
	e->hop_count = route->next_hop_count;
	assert_true(route->next_hop_count <= 4);
	for (size_t i = 0; i < route->next_hop_count; i++)
		e->hops[i] = route->next_hops[i].octets[3];
	if (inside++ == 0 && *replay)
		assert_int_equal(bgp_rib_replay(rib), BGP_OK);
}

static struct bgp_rib_peer *
add_peer(const char *address, enum bgp_kind kind)
{
	struct bgp_rib_peer_options o = BGP_RIB_PEER_OPTIONS_INIT;
	struct bgp_rib_peer *peer;

	assert_int_equal(bgp_addr_parse(&o.address, address), BGP_OK);
	o.router_id = o.address.octets[3];
	o.kind = kind;
	o.import_policy = bgp_policy_accept;
	assert_int_equal(bgp_rib_peer_add(rib, &o, &peer), BGP_OK);
	return peer;
}

static void
make(bool install_local, bool *replay)
{
	struct bgp_rib_options o = BGP_RIB_OPTIONS_INIT;
	struct bgp_rib_events e = BGP_RIB_EVENTS_INIT;

	memset(fib, 0, sizeof fib);
	calls = replays = 0;
	inside = 1;
	*replay = false;
	o.local_as = AS;
	o.router_id = 1;
	o.equal_paths = 4;
	o.budget = 16;
	o.install_local = install_local;
	e.ctx = replay;
	e.route = on_route;
	assert_int_equal(bgp_rib_new(&rib, &o, &e), BGP_OK);
	external = add_peer("192.0.2.1", BGP_KIND_EBGP);
	client = add_peer("192.0.2.2", BGP_KIND_CLIENT);
}

static void
run(void)
{
	while (bgp_rib_busy(rib))
		assert_int_equal(bgp_rib_tick(rib, 0), BGP_OK);
}

/* 10.n/24 by way of 198.51.100.hop */
static void
announce(struct bgp_rib_peer *peer, unsigned n, uint8_t hop)
{
	const struct bgp_addr next_hop = { .len = 4,
					   .octets = { 198, 51, 100, hop } };
	struct bgp_prefix prefix = { 4, 24, { 10, n >> 8 & 255, n & 255 } };
	struct bgp_nlri nlri = bgp_prefix_nlri(&prefix);
	const struct bgp_attrs *attrs;

	assert_int_equal(
	    bgp_attrs_new(rib, BGP_IPV4_UNICAST, &next_hop, NULL, 0, &attrs),
	    BGP_OK);
	assert_int_equal(bgp_rib_announce(peer, &nlri, attrs), BGP_OK);
	bgp_attrs_unref(rib, attrs);
}

static void
withdraw(struct bgp_rib_peer *peer, unsigned n)
{
	struct bgp_prefix prefix = { 4, 24, { 10, n >> 8 & 255, n & 255 } };
	struct bgp_nlri nlri = bgp_prefix_nlri(&prefix);

	assert_int_equal(bgp_rib_withdraw(peer, &nlri), BGP_OK);
}

static void
test_says_whose(void **state)
{
	bool replay;

	(void)state;
	make(false, &replay);
	announce(client, 1, 7);
	run();
	assert_true(fib[1].there);
	assert_int_equal(fib[1].kind, BGP_KIND_CLIENT);
	assert_ptr_equal(fib[1].peer, client);
	assert_non_null(fib[1].attrs);
	assert_int_equal(fib[1].hop_count, 1);
	assert_int_equal(fib[1].hops[0], 7);
	announce(external, 1, 8); /* eBGP over iBGP */
	run();
	assert_ptr_equal(fib[1].peer, external);
	assert_int_equal(fib[1].hops[0], 8);
	withdraw(external, 1);
	withdraw(client, 1);
	run();
	assert_false(fib[1].there);
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
}

/* Equal paths: the best path's next hop first. */
static void
test_equal_paths(void **state)
{
	struct bgp_rib_peer *third;
	bool replay;

	(void)state;
	make(false, &replay);
	third = add_peer("192.0.2.3", BGP_KIND_CLIENT);
	announce(third, 1, 9);
	announce(client, 1, 7);
	run();
	assert_int_equal(fib[1].hop_count, 2);
	assert_ptr_equal(fib[1].peer, client); /* the lower router id */
	assert_int_equal(fib[1].hops[0], 7);
	assert_int_equal(fib[1].hops[1], 9);
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
}

/* They are better than any received route, which goes then. */
static void
test_own_routes(void **state)
{
	bool replay;

	(void)state;
	make(false, &replay);
	announce(bgp_rib_local(rib), 1, 5);
	run();
	assert_int_equal(calls, 0);
	announce(client, 2, 7);
	run();
	assert_true(fib[2].there);
	announce(bgp_rib_local(rib), 2, 5);
	run();
	assert_false(fib[2].there);
	withdraw(bgp_rib_local(rib), 2);
	run();
	assert_true(fib[2].there);
	assert_int_equal(bgp_rib_del(rib), BGP_OK);

	make(true, &replay);
	announce(bgp_rib_local(rib), 1, 5);
	run();
	assert_true(fib[1].there);
	assert_int_equal(fib[1].kind, BGP_KIND_LOCAL);
	assert_ptr_equal(fib[1].peer, bgp_rib_local(rib));
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
}

static void
test_replay(void **state)
{
	static struct entry before[PREFIXES];
	unsigned ticks = 0;
	bool replay;

	(void)state;
	make(false, &replay);
	for (unsigned i = 0; i < PREFIXES; i++)
		announce(i % 3 != 0 ? client : bgp_rib_local(rib), i,
			 (uint8_t)(i % 250 + 1));
	run();
	memcpy(before, fib, sizeof fib);
	memset(fib, 0, sizeof fib);
	calls = 0;
	replay = true;
	assert_int_equal(bgp_rib_replay(rib), BGP_OK);
	for (; bgp_rib_busy(rib); ticks++) {
		unsigned so_far = calls;

		assert_int_equal(bgp_rib_tick(rib, 0), BGP_OK);
		assert_true(calls - so_far <= 16 + 1);
	}
	assert_int_equal(replays, 1);
	assert_int_equal(calls, PREFIXES * 2 / 3 + 1);
	assert_true(ticks >= PREFIXES * 2 / 3 / 16);
	assert_memory_equal(before, fib, sizeof fib);
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
}

/* What changes while it goes on is as it is after it; asked for again from
 * within, it begins anew. */
static void
test_changes_in_replay(void **state)
{
	bool replay;

	(void)state;
	make(false, &replay);
	for (unsigned i = 0; i < PREFIXES; i++)
		announce(client, i, 1);
	run();
	memset(fib, 0, sizeof fib);
	replay = true;
	inside = 0;
	assert_int_equal(bgp_rib_replay(rib), BGP_OK);
	assert_int_equal(bgp_rib_tick(rib, 0), BGP_OK);
	assert_int_equal(replays, 0);
	announce(client, 1, 2);
	announce(client, PREFIXES - 1, 2);
	withdraw(client, 2);
	withdraw(client, PREFIXES - 2);
	run();
	assert_int_equal(replays, 1);
	for (unsigned i = 0; i < PREFIXES; i++) {
		assert_int_equal(fib[i].there, i != 2 && i != PREFIXES - 2);
		if (fib[i].there)
			assert_int_equal(fib[i].hops[0],
					 i == 1 || i == PREFIXES - 1 ? 2 : 1);
	}
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
}

static void
test_without_callback(void **state)
{
	struct bgp_rib_options o = BGP_RIB_OPTIONS_INIT;

	(void)state;
	o.local_as = AS;
	o.router_id = 1;
	assert_int_equal(bgp_rib_new(&rib, &o, NULL), BGP_OK);
	assert_int_equal(bgp_rib_replay(rib), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_says_whose),
		cmocka_unit_test(test_equal_paths),
		cmocka_unit_test(test_own_routes),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_changes_in_replay),
		cmocka_unit_test(test_without_callback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
