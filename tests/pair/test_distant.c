/*
 * test_distant.c - what one client sends must not hurt the sessions of others.
 *
 * Node 0 is the client whose octets are written here by hand; the reflector
 * hands on what it took, and node 1 must read it without fault.
 */
#include <stdio.h>
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

static uint32_t last_as = AS; /* of node 1 */

typedef void change(unsigned i, struct bgp_peer_options *options);

/* with: changes the reflector's options of a peer; at: that peer's own. */
static void
make_cluster(struct cluster *c, change *with, change *at)
{
	struct bgp_peer_options o;

	mesh_init(&c->mesh);
	c->rr = mesh_add(&c->mesh, AS, NULL);
	for (unsigned i = 0; i < 2; i++) {
		c->node[i] = mesh_add(&c->mesh, i == 1 ? last_as : AS, NULL);
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

/* ------------------------------------------------------------ long messages */

static void
extended(unsigned i, struct bgp_peer_options *options)
{
	(void)i;
	options->ext_message = true;
}

static void
extended_first(unsigned i, struct bgp_peer_options *options)
{
	options->ext_message = i == 0;
}

static uint32_t
too_long(const struct cluster *c)
{
	struct bgp_peer_info info;

	bgp_peer_info(c->peer[1], &info);
	return info.families[0].too_long;
}

/* Not every peer of a reflector that offers long messages takes them: what does
 * not fit is withdrawn there, and nothing else.              RFC 8654 4 */
static void
test_too_long(void **state)
{
	struct bgp_route route;
	struct cluster c;

	(void)state;
	make_cluster(&c, extended, extended_first);
	send(&c, ATTRS, 0, "18 cb0071 18 cb0072 18 cb0073");
	assert_true(mesh_best(c.node[1], "203.0.114.0/24", &route));
	assert_int_equal(too_long(&c), 0);
	/* Longer than before, in the middle of others that change. */
	send(&c, ATTRS "80 0404 00000001", 0, "18 cb0071");
	send(&c, ATTRS, 4090, "18 cb0072");
	send(&c, ATTRS "80 0404 00000002", 0, "18 cb0073");
	assert_false(mesh_best(c.node[1], "203.0.114.0/24", &route));
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_MED), "1");
	assert_true(mesh_best(c.node[1], "203.0.115.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_MED), "2");
	assert_true(mesh_best(c.rr, "203.0.114.0/24", &route));
	assert_int_equal(too_long(&c), 1);
	assert_int_equal(c.rr->long_calls, 1);
	assert_int_equal(c.rr->long_count, 1);
	assert_string_equal(c.rr->long_text, "203.0.114.0/24");
	/* Said once, and forgotten when it fits again or is gone. */
	send(&c, ATTRS "80 0404 00000003", 4080, "18 cb0072 18 cb0074");
	assert_int_equal(too_long(&c), 2);
	assert_int_equal(c.rr->long_calls, 2);
	send(&c, ATTRS, 0, "18 cb0072");
	assert_true(mesh_best(c.node[1], "203.0.114.0/24", &route));
	assert_int_equal(too_long(&c), 1);
	mesh_cut(&c.mesh, c.rr, c.node[0]);
	mesh_run(&c.mesh, 100);
	assert_int_equal(too_long(&c), 0);
	assert_int_equal(c.rr->long_calls, 2);
	end_cluster(&c);
}

/* Just as much as fits with what reflection adds. */
static void
test_longest(void **state)
{
	struct bgp_route route;
	struct cluster c;

	(void)state;
	for (size_t filler = 4000; filler < 4060; filler++) {
		make_cluster(&c, extended, extended_first);
		send(&c, ATTRS, filler, "18 cb0071");
		send(&c, ATTRS, 0, "18 cb0072");
		/* header 23, attributes 4 + 3 + 7, ours 7 + 7 + 7, NLRI 4 */
		assert_int_equal(mesh_best(c.node[1], "203.0.113.0/24", &route),
				 62 + filler <= BGP_MESSAGE_MAX);
		assert_true(mesh_best(c.node[1], "203.0.114.0/24", &route));
		end_cluster(&c);
	}
}

/* -------------------------------------------------------------- next hops */

#define HOP(hex) "40 0101 00  40 0200  40 0304" hex

static const struct {
	const char *hex;
	bool host;
} hops[] = {
	{ "00000000", false }, { "00010203", false }, { "7f000001", false },
	{ "e0000001", false }, { "f0000001", false }, { "ffffffff", false },
	{ "c0000201", false }, /* the reflector's own */
	{ "c0000202", true },  { "0a000001", true },
};

static void
any_next_hop(unsigned i, struct bgp_peer_options *options)
{
	(void)i;
	options->no_next_hop_check = true;
}

/* RFC 4271 6.3: no host's address, nor ours, is a next hop. */
static void
test_next_hops(void **state)
{
	struct bgp_route route;
	struct cluster c;
	char attrs[64];

	(void)state;
	for (unsigned check = 0; check < 2; check++) {
		make_cluster(&c, check != 0 ? NULL : any_next_hop,
			     any_next_hop);
		for (size_t i = 0; i < sizeof hops / sizeof *hops; i++) {
			snprintf(attrs, sizeof attrs, HOP("%s"), hops[i].hex);
			send(&c, attrs, 0, "18 cb0071");
			assert_int_equal(
			    mesh_best(c.node[1], "203.0.113.0/24", &route),
			    check == 0 || hops[i].host);
		}
		assert_int_equal(c.rr->faults, check != 0 ? 7 : 0);
		assert_int_equal(c.rr->downs, 0);
		end_cluster(&c);
	}
}

/* A route is not told to the peer that is its next hop; what that was told
 * before is withdrawn.                                  RFC 4271 5.1.3 */
static void
test_next_hop_is_receiver(void **state)
{
	struct bgp_route route;
	struct cluster c;

	(void)state;
	make_cluster(&c, NULL, NULL);
	send(&c, HOP("c0000203"), 0, "18 cb0071");
	assert_false(mesh_best(c.node[1], "203.0.113.0/24", &route));
	send(&c, ATTRS, 0, "18 cb0071 18 cb0072");
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_int_equal(mesh_count(c.rr, BGP_VIEW_ADJ_OUT, c.peer[1]), 2);
	send(&c, HOP("c0000203"), 0, "18 cb0071");
	assert_false(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_true(mesh_best(c.node[1], "203.0.114.0/24", &route));
	assert_int_equal(mesh_count(c.rr, BGP_VIEW_ADJ_OUT, c.peer[1]), 1);
	/* Behind the stream too. */
	assert_int_equal(bgp_peer_reload_out(c.peer[1]), BGP_OK);
	mesh_run(&c.mesh, 100);
	assert_false(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_true(mesh_best(c.node[1], "203.0.114.0/24", &route));
	send(&c, HOP("c0000202"), 0, "18 cb0071");
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	end_cluster(&c);
}

static void
external(unsigned i, struct bgp_peer_options *options)
{
	if (i == 0)
		return;
	options->peer_as = options->client ? last_as : AS;
	options->client = false;
	options->import_policy = options->export_policy = bgp_policy_accept;
}

/* Segments of a confederation do not leave it.              RFC 5065 4.1 */
static void
test_confederation(void **state)
{
	struct bgp_route route;
	struct cluster c;

	(void)state;
	last_as = 64999;
	make_cluster(&c, external, external);
	last_as = AS;
	send(&c,
	     "40 0101 00  40 0218 0301 0000fde9 0201 0000fdea 0401 0000fdeb"
	     "0201 0000fdec 40 0304 c0000202",
	     0, "18 cb0071");
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_AS_PATH),
			    "64512 65002 65004");
	end_cluster(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_next_hops),
		cmocka_unit_test(test_next_hop_is_receiver),
		cmocka_unit_test(test_local_pref),
		cmocka_unit_test(test_confederation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
