/*
 * test_rib.c - the doors of a RIB: what they answer, and what they keep.
 */
#include <stdlib.h>
#include <string.h>

#include "../pair/stand.h"

static struct stand *
set_up(bool watches)
{
	struct stand *s = calloc(1, sizeof *s);

	assert_non_null(s);
	assert_int_equal(stand_up(s, watches), BGP_OK);
	assert_int_equal(stand_add(s, 0, BGP_KIND_CLIENT), BGP_OK);
	assert_int_equal(stand_add(s, 1, BGP_KIND_EBGP), BGP_OK);
	return s;
}

static void
test_options(void **state)
{
	static const struct bgp_rib_options good = {
		sizeof good,    { 0 },       .local_as = 1,
		.router_id = 2, .budget = 3, .equal_paths = 4
	};
	struct bgp_rib_events events = BGP_RIB_EVENTS_INIT;
	struct bgp_rib_options o = good, init;
	struct bgp_rib *rib;

	(void)state;
	bgp_rib_options_init(&init, sizeof init);
	assert_int_equal(init.budget, 2048);
	assert_int_equal(init.equal_paths, 1);
	o.size = 0;
	assert_int_equal(bgp_rib_new(&rib, &o, NULL), BGP_ERR_INVALID);
	o = good;
	o.local_as = 0;
	assert_int_equal(bgp_rib_new(&rib, &o, NULL), BGP_ERR_INVALID);
	o = good;
	o.router_id = 0;
	assert_int_equal(bgp_rib_new(&rib, &o, NULL), BGP_ERR_INVALID);
	o = good;
	o.budget = 0;
	assert_int_equal(bgp_rib_new(&rib, &o, NULL), BGP_ERR_INVALID);
	o = good;
	o.equal_paths = BGP_EQUAL_PATHS_MAX + 1;
	assert_int_equal(bgp_rib_new(&rib, &o, NULL), BGP_ERR_INVALID);
	events.size = 0;
	assert_int_equal(bgp_rib_new(&rib, &good, &events), BGP_ERR_INVALID);
	assert_int_equal(bgp_rib_new(&rib, &good, NULL), BGP_OK);
	assert_int_equal(bgp_rib_del(rib), BGP_OK);
	assert_int_equal(bgp_rib_del(NULL), BGP_OK);
}

static void
test_peers(void **state)
{
	struct stand *s = set_up(false);
	struct bgp_rib_peer_options o = stand_options(s, 2, BGP_KIND_LOCAL);
	struct bgp_rib_peer *p;

	(void)state;
	assert_int_equal(bgp_rib_peer_add(s->rib, &o, &p), BGP_ERR_INVALID);
	o.kind = BGP_KIND_CLIENT;
	o.address.len = 5;
	assert_int_equal(bgp_rib_peer_add(s->rib, &o, &p), BGP_ERR_INVALID);
	o = stand_options(s, 0, BGP_KIND_CLIENT); /* an address twice */
	assert_int_equal(bgp_rib_peer_add(s->rib, &o, &p), BGP_OK);
	assert_ptr_equal(bgp_rib_peer_next(s->rib, NULL), s->peers[0].peer);
	assert_ptr_equal(bgp_rib_peer_next(s->rib, s->peers[1].peer), p);
	assert_null(bgp_rib_peer_next(s->rib, p));
	assert_int_equal(bgp_rib_peer_router_id(p), 0xc0000201);
	assert_int_equal(bgp_rib_peer_address(p)->octets[3], 1);
	assert_int_equal(bgp_rib_peer_remove(p), BGP_OK);
	assert_null(bgp_rib_peer_next(s->rib, s->peers[1].peer));
	p = bgp_rib_local(s->rib);
	assert_int_equal(bgp_rib_peer_kind(p), BGP_KIND_LOCAL);
	assert_null(bgp_rib_peer_user(p));
	assert_int_equal(bgp_rib_peer_remove(p), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_peer_configure(p, &o), BGP_ERR_STATE);
	stand_down(s);
}

/* --------------------------------------------------------- attribute sets */

static const uint8_t igp[] = { BGP_ORIGIN_IGP };
static const uint8_t community[] = { 0xfc, 0, 0, 1 };

static void
test_sets(void **state)
{
	const struct bgp_attr some[] = {
		{ 0xc0, BGP_ATTR_COMMUNITIES, 4, community },
		{ 0x40, BGP_ATTR_ORIGIN, 1, igp },
	};
	const struct bgp_attr twice[] = { some[0], some[0] };
	const struct bgp_attr hop[] = { { 0x40, BGP_ATTR_NEXT_HOP, 4,
					  community } };
	const struct bgp_attr odd[] = { { 0xc0, BGP_ATTR_COMMUNITIES, 3,
					  community } };
	const struct bgp_addr addr = { 4, { 192, 0, 2, 9 }, 0 };
	const struct bgp_attrs *a, *b, *c;
	struct bgp_rib_info info = BGP_RIB_INFO_INIT;
	struct bgp_attr list[4];
	struct stand *s = set_up(false);

	(void)state;
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, &addr, some, 2, &a),
	    BGP_OK);
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, &addr, some, 1, &b),
	    BGP_OK);
	assert_ptr_equal(a, b); /* ORIGIN IGP stands in */
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, NULL, some, 1, &c), BGP_OK);
	assert_ptr_not_equal(a, c);
	assert_int_equal(bgp_attrs_next_hop(a).len, 4);
	assert_int_equal(bgp_attrs_next_hop(c).len, 0);
	assert_int_equal(bgp_attrs_list(a, list, 4), 3);
	assert_int_equal(list[1].code, BGP_ATTR_AS_PATH);
	assert_int_equal(list[1].len, 0);
	assert_int_equal(list[2].code, BGP_ATTR_COMMUNITIES);
	bgp_rib_info(s->rib, &info);
	assert_int_equal(info.attrs_count, 2);
	assert_ptr_equal(bgp_attrs_ref(s->rib, a), a);
	for (unsigned i = 0; i < 3; i++)
		bgp_attrs_unref(s->rib, a);
	bgp_attrs_unref(s->rib, c);
	bgp_attrs_unref(s->rib, NULL);
	bgp_rib_info(s->rib, &info);
	assert_int_equal(info.attrs_count, 0);
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, NULL, twice, 2, &a),
	    BGP_ERR_INVALID);
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, NULL, hop, 1, &a),
	    BGP_ERR_INVALID);
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, NULL, odd, 1, &a),
	    BGP_ERR_INVALID);
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_FAMILY(99, 99), NULL, some, 1, &a),
	    BGP_ERR_INVALID);
	stand_down(s);
}

/* More than one UPDATE has room for. */
static void
test_too_long(void **state)
{
	static const uint8_t value[65532];
	const struct bgp_attr attrs[] = { { 0xc0, 200, sizeof value, value } };
	const struct bgp_attrs *a;
	struct stand *s = set_up(false);

	(void)state;
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, NULL, attrs, 1, &a),
	    BGP_ERR_SPACE);
	stand_down(s);
}

static void
test_edits(void **state)
{
	const struct bgp_attrs *a, *b, *c;
	struct bgp_attrs_facts facts;
	struct bgp_edit *edit, *other;
	struct bgp_attr attr;
	struct stand *s = set_up(false);

	(void)state;
	assert_int_equal(bgp_edit_new(s->rib, NULL, &edit), BGP_OK);
	assert_int_equal(bgp_edit_attrs(edit, &a), BGP_OK);
	assert_int_equal(bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF, 300), BGP_OK);
	assert_int_equal(bgp_edit_prepend(edit, 64999, 2), BGP_OK);
	assert_int_equal(
	    bgp_edit_set(edit, 0xc0, BGP_ATTR_COMMUNITIES, community, 3),
	    BGP_ERR_INVALID);
	assert_int_equal(bgp_edit_attrs(edit, &b), BGP_OK);
	/* Two at a time, and one goes on. */
	assert_int_equal(bgp_edit_new(s->rib, b, &other), BGP_OK);
	assert_int_equal(bgp_edit_remove(other, BGP_ATTR_LOCAL_PREF), BGP_OK);
	assert_int_equal(bgp_edit_u32(edit, BGP_ATTR_MED, 5), BGP_OK);
	assert_int_equal(bgp_edit_attrs(other, &c), BGP_OK);
	bgp_attrs_facts(c, &facts);
	assert_int_equal(facts.local_pref, 100);
	assert_int_equal(facts.as_path_length, 2);
	assert_int_equal(facts.neighbour_as, 64999);
	assert_false(bgp_attrs_get(c, BGP_ATTR_MED, &attr));
	bgp_attrs_facts(b, &facts);
	assert_int_equal(facts.local_pref, 300);
	bgp_attrs_facts(a, &facts);
	assert_int_equal(facts.as_path_length, 0);
	bgp_edit_del(edit);
	bgp_edit_del(other);
	bgp_edit_del(NULL);
	bgp_attrs_unref(s->rib, a);
	bgp_attrs_unref(s->rib, b);
	bgp_attrs_unref(s->rib, c);
	stand_down(s);
}

/* ------------------------------------------------------------- one by one */

static void
work(struct stand *s)
{
	while (bgp_rib_busy(s->rib))
		assert_int_equal(bgp_rib_tick(s->rib, 1), BGP_OK);
}

static const struct bgp_attrs *
plain_set(struct stand *s, uint8_t hop)
{
	const struct bgp_addr addr = { 4, { 192, 0, 2, hop }, 0 };
	const struct bgp_attrs *set;

	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, &addr, NULL, 0, &set),
	    BGP_OK);
	return set;
}

static void
test_announce(void **state)
{
	struct stand *s = set_up(false);
	struct bgp_rib_peer *local = bgp_rib_local(s->rib);
	struct bgp_prefix prefix = stand_prefix(3);
	struct bgp_nlri nlri = bgp_prefix_nlri(&prefix), bad = nlri;
	const struct bgp_attrs *set = plain_set(s, 7);
	struct bgp_route route;

	(void)state;
	assert_int_equal(bgp_rib_withdraw(local, &nlri), BGP_ERR_NOENT);
	assert_int_equal(bgp_rib_announce(local, &nlri, set), BGP_OK);
	nlri.path_id = 1;
	assert_int_equal(bgp_rib_announce(local, &nlri, set), BGP_ERR_INVALID);
	assert_int_equal(bgp_rib_announce(s->peers[0].peer, &nlri, set),
			 BGP_OK);
	nlri.path_id = 2;
	assert_int_equal(bgp_rib_announce(s->peers[0].peer, &nlri, set),
			 BGP_OK);
	work(s);
	assert_int_equal(stand_count(s, BGP_VIEW_ADJ_IN, NULL), 3);
	assert_true(stand_route(s, BGP_VIEW_LOC_RIB, NULL, 3, &route));
	assert_ptr_equal(route.peer, local);
	assert_int_equal(route.step, BGP_STEP_LOCAL);
	assert_ptr_equal(route.attrs, set);
	bad.bits = 33;
	assert_int_equal(bgp_rib_announce(local, &bad, set), BGP_ERR_INVALID);
	bad = nlri;
	bad.path_id = 0;
	bad.family = BGP_FAMILY(99, 99);
	assert_int_equal(bgp_rib_announce(local, &bad, set), BGP_ERR_INVALID);
	bad.family = BGP_FAMILY(1, 128); /* no label, no distinguisher */
	assert_int_equal(bgp_rib_announce(local, &bad, set), BGP_ERR_INVALID);
	nlri.path_id = 0;
	assert_int_equal(bgp_rib_withdraw(local, &nlri), BGP_OK);
	work(s);
	assert_true(stand_route(s, BGP_VIEW_LOC_RIB, NULL, 3, &route));
	assert_int_equal(route.step, BGP_STEP_PATH_ID);
	assert_int_equal(route.nlri.path_id, 1);
	assert_int_equal(bgp_rib_end(s->peers[0].peer), BGP_OK);
	work(s);
	assert_int_equal(stand_count(s, BGP_VIEW_LOC_RIB, NULL), 0);
	bgp_attrs_unref(s->rib, set);
	stand_down(s);
}

static void
test_families(void **state)
{
	static const uint8_t octets[] = { 0, 3, 1, 2, 3 };
	struct bgp_family_codec family = { .family = BGP_FAMILY(99, 99) };
	struct bgp_nlri nlri = { .family = BGP_FAMILY(99, 99),
				 .len = sizeof octets,
				 .octets = octets };
	const struct bgp_attrs *set;
	struct bgp_cursor cursor;
	struct bgp_route route;
	struct stand *s = set_up(false);

	(void)state;
	assert_int_equal(bgp_rib_add_family(s->rib, &family), BGP_ERR_INVALID);
	assert_int_equal(bgp_cursor_init(&cursor, s->rib, BGP_VIEW_LOC_RIB,
					 family.family, NULL),
			 BGP_ERR_NOENT);
	family.form = BGP_NLRI_LEN16;
	assert_int_equal(bgp_rib_add_family(s->rib, &family), BGP_OK);
	assert_int_equal(bgp_rib_add_family(s->rib, &family), BGP_OK);
	family.form = BGP_NLRI_LEN8;
	assert_int_equal(bgp_rib_add_family(s->rib, &family), BGP_ERR_INVALID);
	assert_int_equal(
	    bgp_attrs_new(s->rib, family.family, NULL, NULL, 0, &set), BGP_OK);
	assert_int_equal(bgp_rib_announce(bgp_rib_local(s->rib), &nlri, set),
			 BGP_OK);
	bgp_attrs_unref(s->rib, set);
	work(s);
	assert_int_equal(bgp_cursor_init(&cursor, s->rib, BGP_VIEW_LOC_RIB,
					 family.family, NULL),
			 BGP_OK);
	assert_int_equal(bgp_cursor_find(&cursor, &nlri), BGP_OK);
	assert_int_equal(bgp_cursor_next(&cursor, &route), 1);
	assert_memory_equal(route.nlri.octets, octets, sizeof octets);
	assert_int_equal(bgp_cursor_init(&cursor, s->rib, BGP_VIEW_ADJ_OUT,
					 family.family, NULL),
			 BGP_ERR_INVALID);
	stand_down(s);
}

/* ----------------------------------------------------------- what peers say */

/* The peer over its limit is told so until its session ends; others are not. */
static void
test_limit(void **state)
{
	struct bgp_rib_peer_info info = BGP_RIB_PEER_INFO_INIT;
	struct stand *s = set_up(false);
	struct bgp_rib_peer_options o = stand_options(s, 0, BGP_KIND_CLIENT);
	struct bgp_rib_peer *a = s->peers[0].peer, *b = s->peers[1].peer;

	(void)state;
	o.prefix_limit = 5;
	assert_int_equal(bgp_rib_peer_configure(a, &o), BGP_OK);
	assert_int_equal(stand_update(s, 0, 0, 10, 1), BGP_OK);
	assert_int_equal(stand_update(s, 1, 10, 10, 1), BGP_OK);
	assert_int_equal(bgp_rib_settle(b), BGP_OK);
	assert_int_equal(bgp_rib_settle(a), BGP_ERR_LIMIT);
	assert_int_equal(stand_update(s, 0, 0, 1, 2), BGP_ERR_LIMIT);
	bgp_rib_peer_info(b, BGP_IPV4_UNICAST, &info);
	assert_int_equal(info.paths, 10);
	assert_int_equal(bgp_rib_end(a), BGP_OK);
	assert_int_equal(stand_update(s, 0, 0, 5, 2), BGP_OK);
	assert_int_equal(bgp_rib_settle(a), BGP_OK);
	work(s);
	bgp_rib_peer_info(a, BGP_IPV4_UNICAST, &info);
	assert_int_equal(info.paths, 5);
	assert_int_equal(info.best, 5);
	assert_int_equal(bgp_rib_peer_info(a, BGP_FAMILY(1, 128), &info),
			 BGP_ERR_NOENT);
	info.size = 0;
	assert_int_equal(bgp_rib_peer_info(a, BGP_IPV4_UNICAST, &info),
			 BGP_ERR_INVALID);
	stand_down(s);
}

/* What is queued is filed by a tick too. */
static void
test_tick_settles(void **state)
{
	struct stand *s = set_up(false);

	(void)state;
	assert_int_equal(stand_update(s, 0, 0, 3, 1), BGP_OK);
	assert_true(bgp_rib_busy(s->rib));
	work(s);
	assert_int_equal(stand_count(s, BGP_VIEW_LOC_RIB, NULL), 3);
	assert_int_equal(s->routes, 3);
	assert_false(bgp_rib_busy(s->rib));
	stand_down(s);
}

static enum bgp_verdict
some_only(void *ctx, const struct bgp_rib_peer *peer,
	  const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
	  struct bgp_edit *edit)
{
	struct stand *s = ctx;
	const struct bgp_attrs *set;

	(void)attrs;
	assert_ptr_equal(bgp_rib_peer_user(peer), &s->peers[1]);
	/* A policy's edit is the RIB's, and is no door. */
	assert_int_equal(bgp_edit_attrs(edit, &set), BGP_ERR_STATE);
	bgp_edit_del(edit);
	assert_int_equal(bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF, 77), BGP_OK);
	return nlri->octets[1] % 2 == 0 ? BGP_ACCEPT : BGP_REJECT;
}

/* RFC 8212, and another policy judges again what is stored. */
static void
test_policies(void **state)
{
	struct stand *s = set_up(false);
	struct bgp_rib_peer_options o = stand_options(s, 1, BGP_KIND_EBGP);
	struct bgp_attrs_facts facts;
	struct bgp_route route;

	(void)state;
	o.import_policy = NULL;
	assert_int_equal(bgp_rib_peer_configure(s->peers[1].peer, &o), BGP_OK);
	assert_int_equal(stand_update(s, 1, 0, 10, 1), BGP_OK);
	work(s);
	assert_int_equal(stand_count(s, BGP_VIEW_LOC_RIB, NULL), 0);
	assert_int_equal(stand_count(s, BGP_VIEW_ADJ_IN, NULL), 10);
	o.import_policy = some_only;
	o.import_ctx = s;
	assert_int_equal(bgp_rib_peer_configure(s->peers[1].peer, &o), BGP_OK);
	work(s);
	assert_int_equal(stand_count(s, BGP_VIEW_LOC_RIB, NULL), 5);
	assert_true(stand_route(s, BGP_VIEW_LOC_RIB, NULL, 4, &route));
	bgp_attrs_facts(route.attrs, &facts);
	assert_int_equal(facts.local_pref, 77);
	assert_true(stand_route(s, BGP_VIEW_ADJ_IN, NULL, 3, &route));
	assert_false(route.accepted);
	assert_int_equal(route.loop, BGP_LOOP_NONE);
	assert_int_equal(bgp_rib_reload(s->peers[1].peer), BGP_OK);
	assert_true(bgp_rib_busy(s->rib));
	work(s);
	assert_int_equal(stand_count(s, BGP_VIEW_LOC_RIB, NULL), 5);
	stand_down(s);
}

/* ------------------------------------------------------------- next hops */

static void
test_next_hops(void **state)
{
	const struct bgp_addr hop = { 4, { 192, 0, 2, 1 }, 0 };
	const struct bgp_addr none = { 4, { 192, 0, 2, 50 }, 0 };
	struct stand *s = set_up(true);

	(void)state;
	assert_int_equal(bgp_rib_next_hop(s->rib, &hop, true, 1),
			 BGP_ERR_NOENT);
	assert_int_equal(stand_update(s, 0, 0, 4, 1), BGP_OK);
	work(s);
	assert_int_equal(s->watched, 1);
	assert_int_equal(stand_count(s, BGP_VIEW_LOC_RIB, NULL), 4);
	assert_int_equal(bgp_rib_next_hop(s->rib, &none, true, 1),
			 BGP_ERR_NOENT);
	assert_int_equal(bgp_rib_next_hop(s->rib, &hop, false, 0), BGP_OK);
	assert_true(bgp_rib_busy(s->rib));
	work(s);
	assert_int_equal(stand_count(s, BGP_VIEW_LOC_RIB, NULL), 0);
	assert_int_equal(bgp_rib_end(s->peers[0].peer), BGP_OK);
	work(s);
	assert_int_equal(s->unwatched, 1);
	stand_down(s);
}

/* -------------------------------------------------------------- callbacks */

/* Every door that is not [cb] is refused, and those that are, are not. */
static void
call_all(struct stand *s, const struct bgp_fib_route *route)
{
	struct bgp_rib_peer *p = s->peers[0].peer, *added;
	struct bgp_rib_peer_options o = stand_options(s, 2, BGP_KIND_CLIENT);
	struct bgp_reflect_peer_options ro = BGP_REFLECT_PEER_OPTIONS_INIT;
	const struct bgp_family_codec family = { .family = BGP_IPV4_UNICAST };
	struct bgp_rib_info info = BGP_RIB_INFO_INIT;
	const struct bgp_attrs *set;
	struct bgp_edit *edit;

	s->on_route = NULL;
	assert_int_equal(bgp_rib_tick(s->rib, 0), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_del(s->rib), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_add_family(s->rib, &family), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_peer_add(s->rib, &o, &added), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_peer_configure(p, &o), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_peer_remove(p), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_reload(p), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_settle(p), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_end(p), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_stale(p, 0), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_sweep(p, 0), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_announce(p, &route->nlri, route->attrs),
			 BGP_ERR_STATE);
	assert_int_equal(bgp_rib_withdraw(p, &route->nlri), BGP_ERR_STATE);
	assert_int_equal(
	    bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, NULL, NULL, 0, &set),
	    BGP_ERR_STATE);
	assert_int_equal(bgp_edit_new(s->rib, NULL, &edit), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_tick(s->reflect), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_del(s->reflect), BGP_ERR_STATE);
	assert_int_equal(
	    bgp_reflect_join(s->reflect, p, &s->peers[0].codec, &ro),
	    BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_leave(p), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_info(s->rib, &info), BGP_OK);
	assert_int_equal(stand_count(s, BGP_VIEW_ADJ_IN, NULL), 2);
	set = bgp_attrs_ref(s->rib, route->attrs);
	bgp_attrs_unref(s->rib, set);
	assert_true(bgp_rib_busy(s->rib));
}

static void
test_doors_from_a_callback(void **state)
{
	struct stand *s = set_up(false);

	(void)state;
	assert_int_equal(stand_update(s, 0, 0, 2, 1), BGP_OK);
	s->on_route = call_all;
	work(s);
	assert_null(s->on_route);
	assert_int_equal(s->routes, 2);
	assert_int_equal(stand_count(s, BGP_VIEW_LOC_RIB, NULL), 2);
	stand_down(s);
}

/* Of a host that knows less, or more. */
static void
test_info_sizes(void **state)
{
	struct {
		struct bgp_rib_info info;
		uint64_t more[2];
	} large;
	struct bgp_rib_info info = BGP_RIB_INFO_INIT;
	struct stand *s = set_up(false);

	(void)state;
	assert_int_equal(bgp_rib_info(s->rib, &info), BGP_OK);
	assert_int_equal(info.peer_count, 2);
	assert_true(info.octets >= info.octets_attrs +
			info.octets_destinations + info.octets_paths +
			info.octets_peers + info.octets_scratch);
	memset(&large, 0xff, sizeof large);
	large.info.size = sizeof large;
	assert_int_equal(bgp_rib_info(s->rib, &large.info), BGP_OK);
	assert_int_equal(large.info.size, sizeof large);
	assert_int_equal(large.more[1], 0);
	info.size = 2 * sizeof(size_t);
	info.octets = 1;
	assert_int_equal(bgp_rib_info(s->rib, &info), BGP_OK);
	assert_int_equal(info.peer_count, 2);
	assert_int_equal(info.octets, 1);
	info.size = 0;
	assert_int_equal(bgp_rib_info(s->rib, &info), BGP_ERR_INVALID);
	stand_down(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_announce),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_tick_settles),
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_next_hops),
		cmocka_unit_test(test_doors_from_a_callback),
		cmocka_unit_test(test_info_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
