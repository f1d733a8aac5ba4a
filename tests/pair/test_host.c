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

/* -------------------------------------------------------------- arguments */

/* What is out of its range is refused, and nothing is read behind it. */
static void
test_ranges(void **state)
{
	struct bgp_speaker_options so = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_addr addr = { .len = 200 };
	struct bgp_prefix prefix = { .len = 4, .bits = 255 };
	struct bgp_peer_options o = rig_options(0, true);
	struct bgp_speaker *speaker;
	struct bgp_cursor cursor;
	struct bgp_conn *conn;
	struct bgp_peer *peer;

	(void)state;
	so.local_as = so.router_id = 1;
	so.queue_max = 0;
	assert_int_equal(bgp_speaker_new(&speaker, &so, NULL), BGP_ERR_INVALID);
	rig_init(NULL, NULL);
	rig_add(0, &o);
	assert_int_equal(bgp_speaker_next_hop(rig.speaker, &addr, true, 0),
			 BGP_ERR_INVALID);
	assert_null(bgp_peer_find(rig.speaker, &addr));
	assert_int_equal(
	    bgp_peer_accept(rig.peers[0].peer, &addr, NULL, rig.now_ms, &conn),
	    BGP_ERR_INVALID);
	assert_null(conn);
	o = rig_options(1, true);
	o.own_ipv4 = addr;
	assert_int_equal(bgp_peer_add(rig.speaker, &o, &peer), BGP_ERR_INVALID);
	o.own_ipv4 = (struct bgp_addr){ .len = 0 };
	o.own_ipv6.len = 4;
	assert_int_equal(bgp_peer_add(rig.speaker, &o, &peer), BGP_ERR_INVALID);
	assert_int_equal(bgp_cursor_init(&cursor, bgp_speaker_rib(rig.speaker),
					 BGP_VIEW_LOC_RIB, BGP_IPV4_UNICAST,
					 NULL),
			 BGP_OK);
	assert_int_equal(bgp_cursor_seek(&cursor, &prefix, true),
			 BGP_ERR_INVALID);
	prefix.len = 200;
	assert_int_equal(bgp_cursor_seek(&cursor, &prefix, false),
			 BGP_ERR_INVALID);
	rig_fini();
}

/* ----------------------------------------------- sockets within a callback */

static struct bgp_conn *breaks; /* when it is next to be written */

/* The host answers events.output at once. */
static void
drain_now(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	if (conn != breaks) {
		rig_drain(conn);
		return;
	}
	breaks = NULL;
	rig.peers[5].conn = NULL;
	bgp_conn_closed(conn, rig.now_ms);
}

/* Nobody waits for a word that does not come, while one after the other is
 * written from within events.output, or breaks there. */
static void
test_answer_output_at_once(void **state)
{
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;

	(void)state;
	events.output = drain_now;
	rig_init(NULL, &events);
	for (unsigned p = 0; p < 6; p++) {
		struct bgp_peer_options o = rig_options(p, p > 0);

		rig_add(p, &o);
	}
	rig_up(0, 0);
	for (uint8_t k = 0; k < 20; k++)
		rig_announce(0, k, k);
	for (unsigned p = 1; p < 6; p++)
		rig_up(p, 0);
	rig_settle(false);
	for (unsigned p = 1; p < 6; p++)
		assert_int_equal(rig_held(p), 20);
	breaks = rig.peers[5].conn;
	for (uint8_t k = 20; k < 40; k++)
		rig_announce(0, k, k);
	rig_settle(false);
	assert_null(breaks);
	for (unsigned p = 1; p < 5; p++)
		assert_int_equal(rig_held(p), 40);
	rig_fini();
}

/* ------------------------------------------------------------------- dialling
 */

static unsigned dials, failures;

static void
on_connect(void *ctx, struct bgp_peer *peer)
{
	(void)ctx;
	(void)peer;
	dials++;
}

static void
on_attempt_failed(void *ctx, struct bgp_peer *peer, const struct bgp_down *why)
{
	(void)ctx;
	(void)peer;
	assert_int_equal(why->cause, BGP_DOWN_CONNECT);
	assert_int_equal(why->at_ms, rig.now_ms);
	failures++;
}

/* Whoever is not passive any more dials, though it rested in Active; and the
 * host hears of an attempt that failed. */
static void
test_passive_no_more(void **state)
{
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;
	struct bgp_peer_options o;

	(void)state;
	dials = failures = 0;
	events.connect = on_connect;
	events.peer_attempt_failed = on_attempt_failed;
	rig_init(NULL, &events);
	o = rig_options(0, true);
	o.passive = true;
	rig_add(0, &o);
	rig.now_ms += 3600000;
	rig_settle(true);
	assert_int_equal(dials, 0);
	o.passive = false;
	assert_int_equal(bgp_peer_configure(rig.peers[0].peer, &o, rig.now_ms),
			 0);
	rig.now_ms += 1000;
	rig_settle(true);
	assert_int_equal(dials, 1);
	assert_int_equal(bgp_peer_connect_failed(rig.peers[0].peer, rig.now_ms),
			 BGP_OK);
	assert_int_equal(failures, 1);
	rig_fini();
}

/* ----------------------------------------------------------------- memory */

static enum bgp_verdict
set_local_pref(void *ctx, const struct bgp_rib_peer *peer,
	       const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
	       struct bgp_edit *edit)
{
	(void)peer;
	(void)nlri;
	(void)attrs;
	return bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF,
			    *(const uint32_t *)ctx) == BGP_OK
	    ? BGP_ACCEPT
	    : BGP_REJECT;
}

static unsigned
count_with_local_pref(uint32_t local_pref)
{
	struct bgp_attrs_facts facts;
	struct bgp_cursor cursor;
	struct bgp_route route;
	unsigned count = 0;

	assert_int_equal(bgp_cursor_init(&cursor, bgp_speaker_rib(rig.speaker),
					 BGP_VIEW_LOC_RIB, BGP_IPV4_UNICAST,
					 NULL),
			 BGP_OK);
	while (bgp_cursor_next(&cursor, &route) == 1) {
		bgp_attrs_facts(route.attrs, &facts);
		count += facts.local_pref == local_pref;
	}
	return count;
}

/* The i-th allocation of a reload fails: what could not be judged is judged
 * again, and is no worse meanwhile. */
static void
test_reload_without_memory(void **state)
{
	static uint32_t prefs[] = { 200, 300 };
	struct bgp_peer_options o;

	(void)state;
	rig_init(NULL, NULL);
	o = rig_options(0, true);
	o.import_policy = set_local_pref;
	o.import_ctx = &prefs[0];
	rig_add(0, &o);
	rig_up(0, 0);
	o = rig_options(1, true);
	rig_add(1, &o);
	rig_up(1, 0);
	for (uint8_t k = 0; k < 5; k++)
		rig_announce(0, k, k);
	rig_settle(true);
	assert_int_equal(rig_held(1), 5);
	o = rig_options(0, true);
	o.import_policy = set_local_pref;
	for (unsigned i = 1; i < 20; i++) {
		o.import_ctx = &prefs[i % 2];
		assert_int_equal(
		    bgp_peer_configure(rig.peers[0].peer, &o, rig.now_ms), 0);
		rig.fail_at = rig.allocations + i;
		rig_settle(true);
		rig.fail_at = 0;
		assert_int_equal(rig_held(1), 5);
		assert_int_equal(count_with_local_pref(prefs[i % 2]), 5);
	}
	rig_fini();
}

/* -------------------------------------------------------------- callbacks */

/* What a callback did, and what it was answered. */
static struct {
	unsigned times;
	size_t spans;
	bool armed;
} said;

/* Everything that answers BGP_ERR_STATE from any callback. */
static void
try_all(void)
{
	struct bgp_peer_options o = rig_options(7, true);
	struct bgp_prefix prefix;
	struct bgp_peer *peer;

	if (!said.armed)
		return;
	said.times++;
	assert_int_equal(bgp_prefix_parse(&prefix, "203.0.113.0/24"), BGP_OK);
	assert_int_equal(bgp_speaker_del(rig.speaker), BGP_ERR_STATE);
	assert_int_equal(bgp_speaker_tick(rig.speaker, rig.now_ms),
			 BGP_ERR_STATE);
	assert_int_equal(bgp_peer_reload_in(rig.peers[0].peer), BGP_ERR_STATE);
	assert_int_equal(bgp_peer_reload_out(rig.peers[0].peer), BGP_ERR_STATE);
	assert_int_equal(bgp_peer_add(rig.speaker, &o, &peer), BGP_ERR_STATE);
	assert_int_equal(rig_withdraw(0, 1), BGP_ERR_STATE);
	o = rig_options(0, true);
	assert_int_equal(bgp_peer_configure(rig.peers[0].peer, &o, rig.now_ms),
			 BGP_ERR_STATE);
}

static void
try_in_route(void *ctx, const struct bgp_fib_route *route)
{
	(void)ctx;
	(void)route;
	try_all();
}

static enum bgp_verdict
try_in_policy(void *ctx, const struct bgp_rib_peer *peer,
	      const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
	      struct bgp_edit *edit)
{
	(void)ctx;
	(void)peer;
	(void)nlri;
	(void)attrs;
	try_all();
	return bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF, 7) == BGP_OK
	    ? BGP_ACCEPT
	    : BGP_REJECT;
}

static void
test_refused_in_callbacks(void **state)
{
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;
	struct bgp_peer_options o;

	(void)state;
	memset(&said, 0, sizeof said);
	events.route = try_in_route;
	rig_init(NULL, &events);
	for (unsigned p = 0; p < 2; p++) {
		o = rig_options(p, true);
		o.import_policy = o.export_policy = try_in_policy;
		rig_add(p, &o);
		rig_up(p, 0);
	}
	said.armed = true;
	rig_announce(0, 1, 1);
	rig_announce(0, 2, 1);
	rig_settle(true);
	assert_int_equal(rig_held(1), 2);
	assert_true(said.times >= 6); /* import, route, export of each */
	said.armed = false;
	rig_fini();
}

static void
reachable(void *ctx, const struct bgp_addr *addr)
{
	(void)ctx;
	assert_int_equal(bgp_speaker_next_hop(rig.speaker, addr, true, 0),
			 BGP_OK);
}

static void
lend_in_unwatch(void *ctx, const struct bgp_addr *addr)
{
	struct bgp_span spans[8];

	(void)ctx;
	(void)addr;
	if (!said.armed)
		return;
	said.times++;
	said.spans += bgp_conn_output(rig.peers[1].conn, spans, 8);
}

/* Peer 1 is behind with all; a sweep lets go of the last route of a next hop,
 * and the host asks what there is for peer 1. */
static void
test_output_in_the_middle(void **state)
{
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;
	struct bgp_peer_options o;

	(void)state;
	memset(&said, 0, sizeof said);
	events.next_hop_watch = reachable;
	events.next_hop_unwatch = lend_in_unwatch;
	rig_init(NULL, &events);
	for (unsigned p = 0; p < 2; p++) {
		o = rig_options(p, false);
		rig_add(p, &o);
	}
	rig_up(0, 0);
	rig_announce(0, 1, 7);
	rig_settle(false);
	rig_up(1, 0);
	rig_settle(false);
	said.armed = true;
	rig_cut(0);
	rig_settle(false);
	assert_int_equal(said.times, 1);
	rig_settle(true);
	assert_int_equal(rig.peers[1].eors, 2);
	said.armed = false;
	rig_fini();
}

static void
remove_in_route(void *ctx, const struct bgp_fib_route *route)
{
	struct bgp_peer *peer = rig.peers[0].peer;

	(void)ctx;
	(void)route;
	if (said.times++ > 0)
		return;
	assert_int_equal(bgp_peer_remove(peer, rig.now_ms), BGP_OK);
	assert_int_equal(bgp_peer_remove(peer, rig.now_ms), BGP_ERR_STATE);
	assert_int_equal(bgp_peer_enable(peer, rig.now_ms), BGP_ERR_STATE);
	assert_int_equal(bgp_peer_restart(peer, NULL, rig.now_ms),
			 BGP_ERR_STATE);
	assert_string_equal(bgp_peer_name(peer), "192.0.2.1");
	assert_int_equal(
	    bgp_peer_disable(rig.peers[1].peer, "later", rig.now_ms), BGP_OK);
}

/* A peer goes, and another is stopped, at the end of the call. */
static void
test_remove_in_callback(void **state)
{
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;
	struct bgp_peer_options o;
	struct bgp_peer_info info;

	(void)state;
	memset(&said, 0, sizeof said);
	events.route = remove_in_route;
	rig_init(NULL, &events);
	for (unsigned p = 0; p < 2; p++) {
		o = rig_options(p, true);
		rig_add(p, &o);
		rig_up(p, 0);
	}
	rig_announce(0, 1, 1);
	assert_int_equal(bgp_speaker_tick(rig.speaker, rig.now_ms), BGP_OK);
	o = rig_options(0, true);
	assert_null(bgp_peer_find(rig.speaker, &o.address));
	rig_settle(true);
	assert_int_equal(rig.peers[0].notification, 0x0603);
	assert_int_equal(rig.peers[1].notification, 0x0602);
	bgp_peer_info(rig.peers[1].peer, &info);
	assert_false(info.session.enabled);
	rig_fini();
}

static void
remove_in_state(void *ctx, struct bgp_peer *peer, enum bgp_state from,
		enum bgp_state to)
{
	(void)ctx;
	(void)from;
	if (to == BGP_OPENSENT)
		assert_int_equal(bgp_peer_remove(peer, rig.now_ms), BGP_OK);
}

/* The connection is handed out, and then it ends with its peer. */
static void
test_remove_while_accepting(void **state)
{
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;
	struct bgp_peer_options o = rig_options(0, true);
	struct rig_peer *peer = &rig.peers[0];

	(void)state;
	events.peer_state = remove_in_state;
	rig_init(NULL, &events);
	rig_add(0, &o);
	assert_int_equal(
	    bgp_peer_accept(peer->peer, NULL, peer, rig.now_ms, &peer->conn),
	    BGP_OK);
	assert_ptr_equal(bgp_conn_peer(peer->conn), peer->peer);
	assert_int_equal(bgp_speaker_deadline(rig.speaker), 0);
	rig_settle(true);
	assert_null(bgp_peer_find(rig.speaker, &o.address));
	assert_int_equal(peer->notification, 0x0603);
	rig_fini();
}

static void
count_dropped(void *ctx, struct bgp_peer *peer, bgp_family family)
{
	(void)ctx;
	assert_ptr_equal(peer, rig.peers[0].peer);
	assert_int_equal(family, BGP_IPV4_UNICAST);
	said.times++;
}

/* 10.0.1.0/24 with one path id; attrs: the next hop. */
static void
announce_id(uint8_t id, uint8_t next_hop)
{
	const uint8_t body[] = { 0,   0,    0,  21,       0x40, 1, 1,
				 0,   0x40, 2,  0,        0x40, 3, 4,
				 192, 0,    2,  next_hop, 0x40, 5, 4,
				 0,   0,    0,  100,      0,    0, 0,
				 id,  24,   10, 0,        1 };

	assert_int_equal(rig_send(0, BGP_UPDATE, body, sizeof body), BGP_OK);
}

static struct bgp_rib_peer_info
in_of(unsigned p)
{
	struct bgp_rib_peer_info info = BGP_RIB_PEER_INFO_INIT;

	assert_int_equal(bgp_rib_peer_info(bgp_peer_rib(rig.peers[p].peer),
					   BGP_IPV4_UNICAST, &info),
			 BGP_OK);
	return info;
}

/* Path ids without end: what is over the limit is dropped, counted, and said
 * once a session; what is there changes as ever. */
static void
test_path_ids_are_bounded(void **state)
{
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;
	struct bgp_peer_options o = rig_options(0, true);

	(void)state;
	assert_int_equal(o.path_id_limit, 256);
	memset(&said, 0, sizeof said);
	events.peer_dropped = count_dropped;
	rig_init(NULL, &events);
	o.families[0].add_path_receive = true;
	o.path_id_limit = 4;
	rig_add(0, &o);
	for (unsigned session = 1; session <= 2; session++) {
		rig_up(0, 2);
		for (uint8_t id = 0; id < 10; id++)
			announce_id((uint8_t)(10 * session + id), id);
		announce_id((uint8_t)(10 * session), 77);
		assert_int_equal(in_of(0).paths, 4);
		assert_int_equal(in_of(0).dropped, 6);
		assert_int_equal(said.times, session);
		rig_cut(0);
		rig.now_ms += 10000;
		rig_settle(true);
	}
	rig_fini();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_output_at_once),
		cmocka_unit_test(test_passive_no_more),
		cmocka_unit_test(test_falls_behind_with_add_path_in),
		cmocka_unit_test(test_refreshes_melt),
		cmocka_unit_test(test_refused_in_callbacks),
		cmocka_unit_test(test_output_in_the_middle),
		cmocka_unit_test(test_remove_in_callback),
		cmocka_unit_test(test_remove_while_accepting),
		cmocka_unit_test(test_path_ids_are_bounded),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_reload_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
