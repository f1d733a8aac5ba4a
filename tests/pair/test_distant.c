/*
 * test_distant.c - what one client sends must not hurt the sessions of others.
 *
 * Node 0 is the client whose octets are written here by hand; the reflector
 * hands on what it took, and node 1 must read it without fault.
 */
#include <string.h>

#include "../unit/hex.h"
#include "mesh.h"

#define AS 64512

/* Header and body of an UPDATE; the lengths are filled in. */
#define ATTRS "40 0101 00  40 0200  40 0304 c0000202"

struct cluster {
	struct mesh mesh;
	struct mesh_node *rr, *node[2];
	struct bgp_peer *peer[2]; /* of the reflector */
};

typedef void change(unsigned i, struct bgp_peer_options *options);

/* with: changes the reflector's options of a peer; at: that peer's own. */
static void
make_cluster(struct cluster *c, change *with, change *at)
{
	struct bgp_peer_options o;

	mesh_init(&c->mesh);
	c->rr = mesh_add(&c->mesh, AS, NULL);
	for (unsigned i = 0; i < 2; i++) {
		c->node[i] = mesh_add(&c->mesh, AS, NULL);
		o = mesh_peer(c->node[i], AS);
		o.client = o.passive = true;
		if (with != NULL)
			with(i, &o);
		c->peer[i] = mesh_link(c->rr, &o);
		o = mesh_peer(c->rr, AS);
		if (at != NULL)
			at(i, &o);
		assert_non_null(mesh_link(c->node[i], &o));
	}
	mesh_run(&c->mesh, 1000);
}

static void
end_cluster(struct cluster *c)
{
	assert_int_equal(c->node[1]->faults, 0);
	assert_int_equal(c->node[1]->downs, 0);
	mesh_fini(&c->mesh);
}

/* Node 0 sends an UPDATE of these attributes, filled up with `filler` octets of
 * an attribute that is passed on, and this NLRI. */
static void
send(struct cluster *c, const char *attrs, size_t filler, const char *nlri)
{
	static uint8_t msg[BGP_MESSAGE_EXT_MAX];
	size_t len = 23, n;

	memset(msg, 0, sizeof msg);
	memset(msg, 0xff, 16);
	msg[18] = BGP_UPDATE;
	len += hex_octets(attrs, msg + len, sizeof msg - len);
	if (filler > 0) {
		msg[len++] = 0xf0;
		msg[len++] = 99;
		msg[len++] = (uint8_t)((filler - 4) >> 8);
		msg[len++] = (uint8_t)(filler - 4);
		len += filler - 4;
	}
	msg[21] = (uint8_t)((len - 23) >> 8);
	msg[22] = (uint8_t)(len - 23);
	n = hex_octets(nlri, msg + len, sizeof msg - len);
	len += n;
	msg[16] = (uint8_t)(len >> 8);
	msg[17] = (uint8_t)len;
	mesh_inject(&c->mesh, c->node[0], c->rr, msg, len);
	mesh_run(&c->mesh, 100);
}

/* RFC 4271 5.1.5: every UPDATE to an internal peer has LOCAL_PREF, also of a
 * route that came without; OpenBGPD answers 3/3 to one that has none. */
static void
test_local_pref(void **state)
{
	struct bgp_route route;
	struct cluster c;

	(void)state;
	make_cluster(&c, NULL, NULL);
	send(&c, ATTRS, 0, "18 cb0071");
	send(&c, ATTRS "c0 0804 fc000001", 0, "18 cb0072");
	send(&c, ATTRS "40 0504 00000007", 0, "18 cb0073");
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "100");
	assert_true(mesh_best(c.node[1], "203.0.114.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "100");
	assert_true(mesh_best(c.node[1], "203.0.115.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "7");
	end_cluster(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_pref),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
