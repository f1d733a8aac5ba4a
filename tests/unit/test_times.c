/*
 * test_times.c - when a route arrived, and what it costs to know.
 */
#include "check.h"

#include "bgp/rib.h"

static struct bgp_rib *rib;
static struct bgp_rib_peer *peer;

static void
make(bool keep)
{
	struct bgp_rib_options o = BGP_RIB_OPTIONS_INIT;
	struct bgp_rib_peer_options p = BGP_RIB_PEER_OPTIONS_INIT;

	o.local_as = 64512;
	o.router_id = 1;
	o.keep_times = keep;
	assert_int_equal(bgp_rib_new(&rib, &o, NULL), BGP_OK);
	assert_int_equal(bgp_addr_parse(&p.address, "192.0.2.1"), BGP_OK);
	p.router_id = 2;
	p.kind = BGP_KIND_CLIENT;
	assert_int_equal(bgp_rib_peer_add(rib, &p, &peer), BGP_OK);
}

static struct bgp_prefix
prefix_of(unsigned n)
{
	return (struct bgp_prefix){ 4, 24, { 10, n >> 8 & 255, n & 255 } };
}

static void
announce(unsigned n, uint8_t hop, uint64_t now_ms)
{
	const struct bgp_addr next_hop = { .len = 4,
					   .octets = { 198, 51, 100, hop } };
	struct bgp_prefix prefix = prefix_of(n);
	struct bgp_nlri nlri = bgp_prefix_nlri(&prefix);
	const struct bgp_attrs *attrs;

	assert_int_equal(bgp_rib_tick(rib, now_ms), BGP_OK);
	assert_int_equal(
	    bgp_attrs_new(rib, BGP_IPV4_UNICAST, &next_hop, NULL, 0, &attrs),
	    BGP_OK);
	assert_int_equal(bgp_rib_announce(peer, &nlri, attrs), BGP_OK);
	bgp_attrs_unref(rib, attrs);
}

static uint64_t
received(enum bgp_view view, unsigned n)
{
	struct bgp_prefix prefix = prefix_of(n);
	struct bgp_cursor cursor;
	struct bgp_route route;

	assert_int_equal(
	    bgp_cursor_init(&cursor, rib, view, BGP_IPV4_UNICAST, NULL),
	    BGP_OK);
	assert_int_equal(bgp_cursor_seek(&cursor, &prefix, false), BGP_OK);
	assert_int_equal(bgp_cursor_next(&cursor, &route), 1);
	return route.received_ms;
}

/* A route that is announced again unchanged is as old as it was. */
static void
test_times(void **state)
{
	const uint64_t long_ago = UINT64_C(1) << 40;

	(void)state;
	make(true);
	announce(1, 7, long_ago + 5);
	announce(2, 7, long_ago + 10);
	announce(1, 7, long_ago + 20);
	assert_true(received(BGP_VIEW_ADJ_IN, 1) == long_ago + 5);
	assert_true(received(BGP_VIEW_ADJ_IN, 2) == long_ago + 10);
	announce(1, 8, long_ago + 30);
	assert_true(received(BGP_VIEW_ADJ_IN, 1) == long_ago + 30);
	assert_int_equal(bgp_rib_tick(rib, long_ago + 40), BGP_OK);
	assert_true(received(BGP_VIEW_LOC_RIB, 1) == long_ago + 30);
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
}

static size_t
octets_of_paths(bool keep)
{
	struct bgp_rib_info info = BGP_RIB_INFO_INIT;

	make(keep);
	for (unsigned i = 0; i < 1024; i++)
		announce(i, 7, 1);
	if (!keep)
		assert_true(received(BGP_VIEW_ADJ_IN, 1) == 0);
	assert_int_equal(bgp_rib_info(rib, &info), BGP_OK);
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
	return info.octets_paths;
}

static void
test_cost(void **state)
{
	(void)state;
	assert_int_equal(octets_of_paths(true) - octets_of_paths(false),
			 8 * 1024);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_cost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
