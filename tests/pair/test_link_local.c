/*
 * test_link_local.c - neighbours that have one address on two interfaces.
 *                                                       RFC 4007 6, RFC 2545 3
 *
 *   a fe80::1 --- interface 2 ---.
 *                                 d
 *   b fe80::1 --- interface 3 ---'
 */
#include <string.h>

#include "mesh.h"

enum { AS_D = 64512, AS_A = 65001, AS_B = 65002 };

struct scene {
	struct mesh mesh;
	struct mesh_node *d, *a, *b;
	struct bgp_peer *to_a, *to_b; /* of d */
};

static struct scene s;

static struct bgp_addr
addr(const char *text)
{
	struct bgp_addr out;

	assert_int_equal(bgp_addr_parse(&out, text), BGP_OK);
	return out;
}

static struct mesh_node *
add(uint32_t as, const char *address)
{
	struct mesh_node *node = mesh_add(&s.mesh, as, NULL);

	assert_non_null(node);
	node->address = addr(address);
	return node;
}

static struct bgp_peer *
join(struct mesh_node *from, const struct mesh_node *to, uint32_t as,
     bool passive)
{
	struct bgp_peer_options o = mesh_peer(to, as);
	struct bgp_peer *peer;

	o.passive = passive;
	o.import_policy = o.export_policy = bgp_policy_accept;
	peer = mesh_link(from, &o);
	assert_non_null(peer);
	return peer;
}

static void
make_scene(bool watching)
{
	mesh_init(&s.mesh);
	s.mesh.nodes[0].watching = watching;
	s.d = add(AS_D, "2001:db8::d");
	s.a = add(AS_A, "fe80::1%2");
	s.b = add(AS_B, "fe80::1%3");
	s.to_a = join(s.d, s.a, AS_A, true);
	s.to_b = join(s.d, s.b, AS_B, true);
	join(s.a, s.d, AS_D, false);
	join(s.b, s.d, AS_D, false);
	mesh_run(&s.mesh, 1000);
}

static int
tear_down(void **state)
{
	(void)state;
	mesh_fini(&s.mesh);
	return 0;
}

static void
test_two_peers(void **state)
{
	struct bgp_peer_options o;
	struct bgp_addr nowhere = addr("fe80::1");
	struct bgp_peer *peer;

	(void)state;
	make_scene(false);
	assert_ptr_not_equal(s.to_a, s.to_b);
	assert_ptr_equal(bgp_peer_find(s.d->speaker, &s.a->address), s.to_a);
	assert_ptr_equal(bgp_peer_find(s.d->speaker, &s.b->address), s.to_b);
	assert_null(bgp_peer_find(s.d->speaker, &nowhere));
	assert_string_equal(bgp_peer_name(s.to_a), "fe80::1%2");
	assert_string_equal(bgp_peer_name(s.to_b), "fe80::1%3");
	o = mesh_peer(s.a, AS_A);
	assert_int_equal(bgp_peer_add(s.d->speaker, &o, &peer), BGP_ERR_EXIST);
	o.address.scope = 4;
	assert_int_equal(bgp_peer_configure(s.to_a, &o, s.mesh.now_ms),
			 BGP_ERR_INVALID);
}

static void
assert_hop(const char *prefix, const char *hop)
{
	const struct mesh_fib *fib = mesh_fib(s.d, prefix);
	char text[BGP_ADDR_TEXT_MAX];

	assert_non_null(fib);
	assert_int_equal(fib->hop_count, 1);
	bgp_addr_text(&fib->hops[0], text, sizeof text);
	assert_string_equal(text, hop);
}

/* The octets of both routes are the same but for the AS, and for those of c and
 * e not even that: what came by which interface stays apart. */
static void
test_next_hops(void **state)
{
	(void)state;
	make_scene(false);
	assert_int_equal(mesh_announce(s.a, "2001:db8:a::/48", NULL, 0),
			 BGP_OK);
	assert_int_equal(mesh_announce(s.b, "2001:db8:b::/48", NULL, 0),
			 BGP_OK);
	mesh_run(&s.mesh, 1000);
	assert_hop("2001:db8:a::/48", "fe80::1%2");
	assert_hop("2001:db8:b::/48", "fe80::1%3");
	mesh_cut(&s.mesh, s.d, s.a);
	mesh_run(&s.mesh, 1000);
	assert_hop("2001:db8:b::/48", "fe80::1%3");
}

static void
test_watched_apart(void **state)
{
	struct bgp_addr nowhere = addr("fe80::1");

	(void)state;
	make_scene(true);
	assert_int_equal(mesh_announce(s.a, "2001:db8:c::/48", NULL, 0),
			 BGP_OK);
	assert_int_equal(mesh_announce(s.b, "2001:db8:c::/48", NULL, 0),
			 BGP_OK);
	mesh_run(&s.mesh, 1000);
	assert_int_equal(s.d->watched_count, 2);
	assert_int_not_equal(s.d->watched[0].scope, s.d->watched[1].scope);
	assert_null(mesh_fib(s.d, "2001:db8:c::/48"));
	assert_int_equal(bgp_speaker_next_hop(s.d->speaker, &nowhere, true, 0),
			 BGP_ERR_NOENT);
	assert_int_equal(
	    bgp_speaker_next_hop(s.d->speaker, &s.b->address, true, 10),
	    BGP_OK);
	mesh_run(&s.mesh, 1000);
	assert_hop("2001:db8:c::/48", "fe80::1%3");
	assert_int_equal(
	    bgp_speaker_next_hop(s.d->speaker, &s.a->address, true, 5), BGP_OK);
	mesh_run(&s.mesh, 1000);
	assert_hop("2001:db8:c::/48", "fe80::1%2");
}

/* As sent by a peer that names both its addresses. */
static void
test_two_addresses(void **state)
{
	static const uint8_t update[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0,    83,   2, /* UPDATE */
		0,    0,    0,    60,   0x40, 1,    1,    0,       /* ORIGIN */
		0x40, 2,    6,    2,    1,    0,    0,    0xfd, 0xe9, 0x80,
		14,   44,   0,    2,    1,    32, /* MP_REACH */
		0x20, 1,    0xd,  0xb8, 0,    0,    0,    0,    0,    0,
		0,    0,    0,    0,    0,    0xa,  0xfe, 0x80, 0,    0,
		0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
		0,    0xa,  0,    48,   0x20, 1,    0xd,  0xb8, 0,    0xa,
	};

	(void)state;
	make_scene(false);
	assert_int_equal(sizeof update, 83);
	mesh_inject(&s.mesh, s.a, s.d, update, sizeof update);
	mesh_run(&s.mesh, 1000);
	assert_hop("2001:db8:a::/48", "fe80::a%2");
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_two_peers),
		T(test_next_hops),
		T(test_watched_apart),
		T(test_two_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
