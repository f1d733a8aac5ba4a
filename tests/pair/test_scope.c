/*
 * test_scope.c - how far a route goes that says how far it goes, and the calls
 * by which a host looks at routes and peers.
 *
 *   a (client) ---.                                        RFC 1997
 *                  rr --- e (another AS)
 *   b (client) ---'
 */
#include "mesh.h"

#define AS       64512
#define OTHER_AS 65001

struct scene {
	struct mesh mesh;
	struct mesh_node *rr, *a, *b, *e;
	struct bgp_peer *to_a, *to_b, *to_e; /* of rr */
};

static struct bgp_peer *
add_client(struct scene *s, struct mesh_node *node)
{
	struct bgp_peer_options o = mesh_peer(s->rr, AS);
	struct bgp_peer *peer;

	assert_non_null(mesh_link(node, &o));
	o = mesh_peer(node, AS);
	o.client = o.passive = true;
	peer = mesh_link(s->rr, &o);
	assert_non_null(peer);
	return peer;
}

static struct bgp_peer *
add_external(struct scene *s)
{
	struct bgp_peer_options o = mesh_peer(s->rr, AS);
	struct bgp_peer *peer;

	o.import_policy = bgp_policy_accept;
	assert_non_null(mesh_link(s->e, &o));
	o = mesh_peer(s->e, OTHER_AS);
	o.passive = true;
	o.export_policy = bgp_policy_accept;
	peer = mesh_link(s->rr, &o);
	assert_non_null(peer);
	return peer;
}

static void
make_scene(struct scene *s)
{
	mesh_init(&s->mesh);
	s->rr = mesh_add(&s->mesh, AS, NULL);
	s->a = mesh_add(&s->mesh, AS, NULL);
	s->b = mesh_add(&s->mesh, AS, NULL);
	s->e = mesh_add(&s->mesh, OTHER_AS, NULL);
	s->to_a = add_client(s, s->a);
	s->to_b = add_client(s, s->b);
	s->to_e = add_external(s);
	mesh_run(&s->mesh, 1000);
}

static void
announce(struct scene *s, const char *prefix, const uint8_t *communities,
	 uint16_t len)
{
	struct bgp_attr attr = { 0xc0, BGP_ATTR_COMMUNITIES, len, communities };

	assert_int_equal(mesh_announce(s->a, prefix, &attr, 1), BGP_OK);
	mesh_run(&s->mesh, 1000);
}

/* ------------------------------------------------------------- communities */

struct row {
	uint8_t communities[8];
	uint16_t len;
	bool b, e; /* who hears */
};

/* The reflector finds them in the route: its client would keep to them, too. */
static enum bgp_verdict
say_how_far(void *ctx, const struct bgp_rib_peer *peer,
	    const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
	    struct bgp_edit *edit)
{
	const struct row *row = ctx;

	(void)peer, (void)nlri, (void)attrs;
	assert_int_equal(bgp_edit_set(edit, 0xc0, BGP_ATTR_COMMUNITIES,
				      row->communities, row->len),
			 BGP_OK);
	return BGP_ACCEPT;
}

static void
judge_by(struct scene *s, const struct row *row)
{
	struct bgp_peer_options o = mesh_peer(s->a, AS);

	o.client = o.passive = true;
	o.import_policy = say_how_far;
	o.import_ctx = (void *)(uintptr_t)row;
	assert_int_equal(bgp_peer_configure(s->to_a, &o, s->mesh.now_ms),
			 BGP_OK);
	mesh_run(&s->mesh, 1000);
}

static void
test_well_known_communities(void **state)
{
	static const struct row rows[] = {
		{ { 0xfc, 0, 0, 1 }, 4, true, true },
		{ { 0xff, 0xff, 0xff, 0x01 }, 4, true, false }, /* NO_EXPORT */
		{ { 0xff, 0xff, 0xff, 0x02 },
		  4,
		  false,
		  false },                                      /* _ADVERTISE */
		{ { 0xff, 0xff, 0xff, 0x03 }, 4, true, false }, /* _SUBCONFED */
		{ { 0xff, 0xff, 0, 0 }, 4, true, true }, /* GRACEFUL_SHUTDOWN */
		{ { 0xfc, 0, 0, 1, 0xff, 0xff, 0xff, 0x02 }, 8, false, false },
	};
	struct bgp_route route;
	struct scene s;

	(void)state;
	make_scene(&s);
	assert_int_equal(mesh_announce(s.a, "203.0.113.0/24", NULL, 0), BGP_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		judge_by(&s, &rows[i]);
		assert_true(mesh_best(s.rr, "203.0.113.0/24", &route));
		assert_int_equal(mesh_best(s.b, "203.0.113.0/24", &route),
				 rows[i].b);
		assert_int_equal(mesh_best(s.e, "203.0.113.0/24", &route),
				 rows[i].e);
	}
	mesh_fini(&s.mesh);
}

/* Who has a route of its own keeps to them as well. */
static void
test_own_routes(void **state)
{
	static const uint8_t no_advertise[] = { 0xff, 0xff, 0xff, 0x02 };
	static const uint8_t ordinary[] = { 0xfc, 0, 0, 1 };
	struct bgp_route route;
	struct scene s;

	(void)state;
	make_scene(&s);
	announce(&s, "203.0.113.0/24", ordinary, 4);
	assert_true(mesh_best(s.rr, "203.0.113.0/24", &route));
	announce(&s, "203.0.113.0/24", no_advertise, 4);
	assert_true(mesh_best(s.a, "203.0.113.0/24", &route));
	assert_false(mesh_best(s.rr, "203.0.113.0/24", &route));
	mesh_fini(&s.mesh);
}

/* ------------------------------------------------------------------- calls */

static void
test_attributes_are_listed(void **state)
{
	static const uint8_t community[] = { 0xfc, 0, 0, 1 };
	static const uint8_t codes[] = {
		BGP_ATTR_ORIGIN,        BGP_ATTR_AS_PATH,
		BGP_ATTR_LOCAL_PREF,    BGP_ATTR_COMMUNITIES,
		BGP_ATTR_ORIGINATOR_ID, BGP_ATTR_CLUSTER_LIST
	};
	struct bgp_attr list[8];
	struct bgp_route route;
	struct scene s;

	(void)state;
	make_scene(&s);
	announce(&s, "203.0.113.0/24", community, sizeof community);
	assert_true(mesh_best(s.b, "203.0.113.0/24", &route));
	assert_int_equal(bgp_attrs_list(route.attrs, list, 8), sizeof codes);
	for (size_t i = 0; i < sizeof codes; i++)
		assert_int_equal(list[i].code, codes[i]);
	assert_int_equal(list[3].len, sizeof community);
	assert_memory_equal(list[3].value, community, sizeof community);
	/* Fewer are written than there are. */
	list[2].code = 0;
	assert_int_equal(bgp_attrs_list(route.attrs, list, 2), sizeof codes);
	assert_int_equal(list[1].code, BGP_ATTR_AS_PATH);
	assert_int_equal(list[2].code, 0);
	mesh_fini(&s.mesh);
}

/* A set that is kept outlives its route, and then goes. */
static void
test_attributes_are_kept(void **state)
{
	static const uint8_t community[] = { 0xfc, 0, 0, 1 };
	const struct bgp_attrs *kept;
	struct bgp_speaker_info info;
	struct bgp_attr list[8];
	struct bgp_route route;
	struct scene s;

	(void)state;
	make_scene(&s);
	announce(&s, "203.0.113.0/24", community, sizeof community);
	assert_true(mesh_best(s.b, "203.0.113.0/24", &route));
	kept = bgp_attrs_ref(bgp_speaker_rib(s.b->speaker), route.attrs);
	assert_ptr_equal(kept, route.attrs);
	assert_int_equal(mesh_withdraw(s.a, "203.0.113.0/24"), BGP_OK);
	mesh_run(&s.mesh, 1000);
	assert_false(mesh_best(s.b, "203.0.113.0/24", &route));
	assert_int_equal(bgp_attrs_list(kept, list, 8), 6);
	assert_memory_equal(list[3].value, community, sizeof community);
	bgp_speaker_info(s.b->speaker, &info);
	assert_int_equal(info.attrs_count, 1);
	bgp_attrs_unref(bgp_speaker_rib(s.b->speaker), kept);
	bgp_attrs_unref(bgp_speaker_rib(s.b->speaker), NULL);
	bgp_speaker_info(s.b->speaker, &info);
	assert_int_equal(info.attrs_count, 0);
	mesh_fini(&s.mesh);
}

static void
test_peers_are_walked(void **state)
{
	struct bgp_peer *peer = NULL;
	struct scene s;

	(void)state;
	make_scene(&s);
	peer = bgp_peer_next(s.rr->speaker, NULL);
	assert_ptr_equal(peer, s.to_a);
	peer = bgp_peer_next(s.rr->speaker, peer);
	assert_ptr_equal(peer, s.to_b);
	peer = bgp_peer_next(s.rr->speaker, peer);
	assert_ptr_equal(peer, s.to_e);
	assert_null(bgp_peer_next(s.rr->speaker, peer));
	assert_ptr_equal(bgp_peer_find(s.rr->speaker, &s.e->address), s.to_e);
	for (size_t i = 0; i < MESH_ENDS; i++)
		if (s.mesh.ends[i].conn != NULL && s.mesh.ends[i].node == s.a)
			assert_ptr_equal(bgp_conn_peer(s.mesh.ends[i].conn),
					 bgp_peer_next(s.a->speaker, NULL));
	mesh_fini(&s.mesh);
}

static void
test_options_in_force(void **state)
{
	struct bgp_speaker_options speaker = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_peer_options o = BGP_PEER_OPTIONS_INIT, changed;
	struct bgp_addr local;
	struct scene s;

	(void)state;
	make_scene(&s);
	assert_int_equal(bgp_speaker_options_get(s.rr->speaker, &speaker),
			 BGP_OK);
	assert_int_equal(speaker.local_as, AS);
	assert_int_equal(speaker.cluster_id, speaker.router_id);
	assert_int_equal(speaker.budget, 2048);
	assert_int_equal(bgp_peer_options_get(s.to_a, &o), BGP_OK);
	assert_true(o.client && o.passive);
	assert_string_equal(o.name, bgp_peer_name(s.to_a));
	assert_int_equal(bgp_addr_compare(&o.address, &s.a->address), 0);
	changed = o;
	changed.name = "changed";
	changed.prefix_limit = 77;
	assert_int_equal(bgp_peer_configure(s.to_a, &changed, s.mesh.now_ms),
			 0);
	assert_int_equal(bgp_peer_options_get(s.to_a, &o), BGP_OK);
	assert_string_equal(o.name, "changed");
	assert_int_equal(o.prefix_limit, 77);
	o.size = 0;
	assert_int_equal(bgp_peer_options_get(s.to_a, &o), BGP_ERR_INVALID);
	assert_int_equal(bgp_peer_local_address(s.to_a, &local), BGP_OK);
	assert_int_equal(bgp_addr_compare(&local, &s.rr->address), 0);
	mesh_cut(&s.mesh, s.rr, s.a);
	assert_int_equal(bgp_peer_local_address(s.to_a, &local), BGP_ERR_NOENT);
	mesh_fini(&s.mesh);
}

/* What a speaker keeps its host may look at, not take away. */
static void
test_owned(void **state)
{
	struct bgp_rib_peer_options o = BGP_RIB_PEER_OPTIONS_INIT;
	struct bgp_rib_peer *peer;
	struct bgp_reflect *reflect;
	struct bgp_rib *rib;
	struct scene s;

	(void)state;
	make_scene(&s);
	rib = bgp_speaker_rib(s.rr->speaker);
	reflect = bgp_speaker_reflect(s.rr->speaker);
	peer = bgp_peer_rib(s.to_a);
	assert_int_equal(bgp_rib_peer_remove(peer), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_peer_configure(peer, &o), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_peer_add(rib, &o, &peer), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_end(peer), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_stale(peer, 0), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_sweep(peer, 0), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_tick(rib, 0), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_del(rib), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_tick(reflect), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_leave(peer), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_refresh(peer, 0), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_del(reflect), BGP_ERR_STATE);
	assert_int_equal(bgp_peer_reload_out(s.to_a), BGP_OK);
	mesh_fini(&s.mesh);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_well_known_communities),
		cmocka_unit_test(test_own_routes),
		cmocka_unit_test(test_attributes_are_listed),
		cmocka_unit_test(test_attributes_are_kept),
		cmocka_unit_test(test_peers_are_walked),
		cmocka_unit_test(test_options_in_force),
		cmocka_unit_test(test_owned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
