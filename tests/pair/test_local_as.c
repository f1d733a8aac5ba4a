/*
 * test_local_as.c - a peer that knows us by another AS than our own.
 *
 *   c (client, AS 64512) --- r (64512; to e: 65100) --- e (65001, or 65100)
 *
 * What include/bgp/speaker.h says of local_as, local_as_replace and
 * local_as_no_prepend.
 */
#include "mesh.h"

enum { AS = 64512, OTHER = 65100, FAR = 65001 };

#define FROM_C "203.0.113.0/24"
#define FROM_E "198.51.100.0/24"

struct scene {
	struct mesh mesh;
	struct mesh_node *c, *r, *e;
	struct bgp_peer *to_e;
	struct bgp_peer_options options; /* of it */
};

static void
make_scene(struct scene *s, uint32_t far, bool replace, bool no_prepend)
{
	struct bgp_peer_options o;

	mesh_init(&s->mesh);
	s->c = mesh_add(&s->mesh, AS, NULL);
	s->r = mesh_add(&s->mesh, AS, NULL);
	s->e = mesh_add(&s->mesh, far, NULL);
	o = mesh_peer(s->r, AS);
	assert_non_null(mesh_link(s->c, &o));
	o = mesh_peer(s->c, AS);
	o.client = o.passive = true;
	assert_non_null(mesh_link(s->r, &o));
	o = mesh_peer(s->r, OTHER);
	o.import_policy = o.export_policy = bgp_policy_accept;
	assert_non_null(mesh_link(s->e, &o));
	o = mesh_peer(s->e, far);
	o.passive = true;
	o.local_as = OTHER;
	o.local_as_replace = replace;
	o.local_as_no_prepend = no_prepend;
	o.import_policy = o.export_policy = bgp_policy_accept;
	s->options = o;
	s->to_e = mesh_link(s->r, &o);
	assert_non_null(s->to_e);
	mesh_run(&s->mesh, 1000);
	assert_int_equal(mesh_announce(s->c, FROM_C, NULL, 0), BGP_OK);
	assert_int_equal(mesh_announce(s->e, FROM_E, NULL, 0), BGP_OK);
	mesh_run(&s->mesh, 1000);
}

static const char *
path_at(const struct mesh_node *node, const char *prefix)
{
	struct bgp_route route;

	if (!mesh_best(node, prefix, &route))
		return "absent";
	return mesh_attr(&route, BGP_ATTR_AS_PATH);
}

static void
test_both_before(void **state)
{
	struct scene s;

	(void)state;
	make_scene(&s, FAR, false, false);
	assert_string_equal(path_at(s.e, FROM_C), "65100 64512");
	assert_string_equal(path_at(s.r, FROM_E), "65100 65001");
	assert_string_equal(path_at(s.c, FROM_E), "65100 65001");
	mesh_fini(&s.mesh);
}

static void
test_replace_no_prepend(void **state)
{
	struct scene s;

	(void)state;
	make_scene(&s, FAR, true, true);
	assert_string_equal(path_at(s.e, FROM_C), "65100");
	assert_string_equal(path_at(s.r, FROM_E), "65001");
	assert_string_equal(path_at(s.c, FROM_E), "65001");
	mesh_fini(&s.mesh);
}

/* Adj-RIB-In is what the peer said; nothing is reset by the change. */
static void
test_changed_in_place(void **state)
{
	struct bgp_cursor cursor;
	struct bgp_prefix prefix;
	struct bgp_route route;
	struct scene s;

	(void)state;
	make_scene(&s, FAR, false, false);
	assert_int_equal(bgp_prefix_parse(&prefix, FROM_E), BGP_OK);
	bgp_cursor_init(&cursor, bgp_speaker_rib(s.r->speaker), BGP_VIEW_ADJ_IN,
			BGP_IPV4_UNICAST, NULL);
	assert_int_equal(bgp_cursor_seek(&cursor, &prefix, false), BGP_OK);
	assert_int_equal(bgp_cursor_next(&cursor, &route), 1);
	assert_string_equal(mesh_attr(&route, BGP_ATTR_AS_PATH), "65001");
	s.options.local_as_replace = s.options.local_as_no_prepend = true;
	assert_int_equal(bgp_peer_configure(s.to_e, &s.options, s.mesh.now_ms),
			 0);
	mesh_run(&s.mesh, 1000);
	assert_string_equal(path_at(s.e, FROM_C), "65100");
	assert_string_equal(path_at(s.c, FROM_E), "65001");
	assert_int_equal(s.r->downs, 0);
	s.options.local_as = 0;
	assert_int_equal(bgp_peer_configure(s.to_e, &s.options, s.mesh.now_ms),
			 1);
	mesh_fini(&s.mesh);
}

/* Our AS is in a path by either name. */
static void
test_loop(void **state)
{
	static const uint8_t path[] = { 2, 2, 0, 0, 0xff, 0, 0, 0, 0xfe, 0x4c };
	struct bgp_attr attr = { BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH,
				 sizeof path, path };
	struct scene s;

	(void)state;
	make_scene(&s, FAR, false, false);
	assert_int_equal(mesh_announce(s.e, FROM_E, &attr, 1), BGP_OK);
	mesh_run(&s.mesh, 1000);
	assert_string_equal(path_at(s.r, FROM_E), "absent");
	s.options.own_as_allowed = 1;
	assert_int_equal(bgp_peer_configure(s.to_e, &s.options, s.mesh.now_ms),
			 0);
	mesh_run(&s.mesh, 1000);
	assert_string_equal(path_at(s.r, FROM_E), "65100 65001 65280 65100");
	mesh_fini(&s.mesh);
}

/* The peer's own AS: iBGP, and no AS is put anywhere. */
static void
test_internal(void **state)
{
	struct scene s;

	(void)state;
	make_scene(&s, OTHER, false, false);
	assert_string_equal(path_at(s.r, FROM_E), "");
	assert_string_equal(path_at(s.e, FROM_C), "");
	mesh_fini(&s.mesh);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_before),
		cmocka_unit_test(test_replace_no_prepend),
		cmocka_unit_test(test_changed_in_place),
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_internal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
