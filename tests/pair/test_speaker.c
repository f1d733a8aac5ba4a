/*
 * test_speaker.c - whole speakers back to back: a reflector and those around
 * it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mesh.h"

#define AS 64512

struct cluster {
	struct mesh mesh;
	struct mesh_node *rr, *node[4];
	struct bgp_peer *peer[4]; /* of the reflector */
};

/* One reflector, `count` clients; all peer options may be changed by `with`. */
static void
make_cluster(struct cluster *c, unsigned count,
	     void (*with)(unsigned i, struct bgp_peer_options *options))
{
	struct bgp_peer_options o;

	mesh_init(&c->mesh);
	c->rr = mesh_add(&c->mesh, AS, NULL);
	for (unsigned i = 0; i < count; i++) {
		c->node[i] = mesh_add(&c->mesh, AS, NULL);
		o = mesh_peer(c->node[i], AS);
		o.client = true;
		o.passive = true;
		if (with != NULL)
			with(i, &o);
		c->peer[i] = mesh_link(c->rr, &o);
		assert_non_null(c->peer[i]);
		o = mesh_peer(c->rr, AS);
		assert_non_null(mesh_link(c->node[i], &o));
	}
	mesh_run(&c->mesh, 1000);
}

static enum bgp_state
state_of(const struct bgp_peer *peer)
{
	struct bgp_peer_info info;

	bgp_peer_info(peer, &info);
	return info.session.state;
}

static void
assert_hears(const struct mesh_node *node, const char *prefix, bool hears)
{
	struct bgp_route route;

	assert_int_equal(mesh_best(node, prefix, &route), hears);
}

/* ------------------------------------------------------------------ tests */

static void
test_reflects(void **state)
{
	static const uint8_t med[] = { 0, 0, 0, 9 };
	static const uint8_t community[] = { 0xfc, 0, 0, 1 };
	static const struct bgp_attr attrs[] = {
		{ 0x80, BGP_ATTR_MED, 4, med },
		{ 0xc0, BGP_ATTR_COMMUNITIES, 4, community },
	};
	struct cluster c;
	struct bgp_route route;

	(void)state;
	make_cluster(&c, 3, NULL);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(state_of(c.peer[i]), BGP_ESTABLISHED);
	assert_int_equal(c.node[0]->eors, 2);
	assert_int_equal(mesh_announce(c.node[0], "203.0.113.0/24", attrs, 2),
			 BGP_OK);
	assert_int_equal(mesh_announce(c.node[0], "2001:db8:1::/48", attrs, 2),
			 BGP_OK);
	mesh_run(&c.mesh, 100);
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_ORIGINATOR_ID),
			    "10.0.0.2");
	assert_string_equal(mesh_attr(&route, BGP_ATTR_CLUSTER_LIST),
			    "10.0.0.1");
	assert_string_equal(mesh_attr(&route, BGP_ATTR_MED), "9");
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "100");
	assert_string_equal(mesh_attr(&route, BGP_ATTR_COMMUNITIES), "64512:1");
	assert_memory_equal(bgp_attrs_next_hop(route.attrs).octets,
			    c.node[0]->address.octets, 4);
	assert_hears(c.node[2], "2001:db8:1::/48", true);
	assert_non_null(mesh_fib(c.node[2], "2001:db8:1::/48"));
	/* Its own routes do not come back to the source. */
	assert_int_equal(mesh_count(c.rr, BGP_VIEW_ADJ_OUT, c.peer[0]), 0);
	assert_int_equal(mesh_count(c.rr, BGP_VIEW_ADJ_OUT, c.peer[1]), 2);
	assert_int_equal(mesh_count(c.rr, BGP_VIEW_ADJ_IN, c.peer[0]), 2);
	assert_int_equal(mesh_withdraw(c.node[0], "203.0.113.0/24"), BGP_OK);
	mesh_run(&c.mesh, 100);
	assert_hears(c.node[1], "203.0.113.0/24", false);
	assert_null(mesh_fib(c.node[1], "203.0.113.0/24"));
	mesh_fini(&c.mesh);
}

/* Of two that say the same, the lower router id is best. */
static void
test_counts_best(void **state)
{
	struct bgp_peer_info zero, one;
	struct cluster c;

	(void)state;
	make_cluster(&c, 3, NULL);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_announce(c.node[0], "198.51.100.0/24", NULL, 0);
	mesh_announce(c.node[1], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 100);
	bgp_peer_info(c.peer[0], &zero);
	bgp_peer_info(c.peer[1], &one);
	assert_int_equal(zero.families[0].paths_best, 2);
	assert_int_equal(zero.families[1].paths_best, 0);
	assert_int_equal(one.families[0].paths_accepted, 1);
	assert_int_equal(one.families[0].paths_best, 0);
	mesh_withdraw(c.node[0], "203.0.113.0/24");
	mesh_run(&c.mesh, 100);
	bgp_peer_info(c.peer[0], &zero);
	bgp_peer_info(c.peer[1], &one);
	assert_int_equal(zero.families[0].paths_best, 1);
	assert_int_equal(one.families[0].paths_best, 1);
	mesh_fini(&c.mesh);
}

static void
test_loss_and_return(void **state)
{
	struct cluster c;

	(void)state;
	make_cluster(&c, 3, NULL);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_announce(c.node[1], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 100);
	assert_int_equal(mesh_count(c.rr, BGP_VIEW_ADJ_IN, NULL), 2);
	mesh_cut(&c.mesh, c.rr, c.node[0]);
	mesh_run(&c.mesh, 100);
	assert_int_equal(mesh_count(c.rr, BGP_VIEW_ADJ_IN, NULL), 1);
	assert_hears(c.node[2], "203.0.113.0/24", true);
	mesh_cut(&c.mesh, c.rr, c.node[1]);
	mesh_run(&c.mesh, 100);
	assert_hears(c.node[2], "203.0.113.0/24", false);
	mesh_run(&c.mesh, 60000);
	assert_int_equal(state_of(c.peer[0]), BGP_ESTABLISHED);
	assert_hears(c.node[2], "203.0.113.0/24", true);
	mesh_fini(&c.mesh);
}

/* A million ms without a word but KEEPALIVE: R11. */
static void
test_quiet_when_settled(void **state)
{
	struct cluster c;
	uint64_t before;

	(void)state;
	make_cluster(&c, 2, NULL);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 1000);
	before = c.mesh.carried;
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 1000);
	assert_int_equal(c.mesh.carried, before);
	mesh_run(&c.mesh, 1000000);
	assert_int_equal(state_of(c.peer[0]), BGP_ESTABLISHED);
	assert_int_equal((c.mesh.carried - before) % 19, 0);
	/* Hold 90: a KEEPALIVE each 22.5 to 30 s, four ends. */
	assert_in_range((c.mesh.carried - before) / 19, 4 * 33, 4 * 45);
	mesh_fini(&c.mesh);
}

static void
test_octets_one_by_one(void **state)
{
	struct cluster c;

	(void)state;
	make_cluster(&c, 2, NULL);
	c.mesh.piece = 1;
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_announce(c.node[0], "2001:db8::/32", NULL, 0);
	mesh_cut(&c.mesh, c.rr, c.node[1]);
	mesh_run(&c.mesh, 30000);
	assert_hears(c.node[1], "203.0.113.0/24", true);
	assert_hears(c.node[1], "2001:db8::/32", true);
	mesh_fini(&c.mesh);
}

static void
test_refresh_and_reload(void **state)
{
	struct cluster c;
	uint64_t before;

	(void)state;
	make_cluster(&c, 2, NULL);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 100);
	before = c.mesh.carried;
	assert_int_equal(bgp_peer_reload_out(c.peer[1]), BGP_OK);
	mesh_run(&c.mesh, 100);
	assert_true(c.mesh.carried > before + 40);
	assert_hears(c.node[1], "203.0.113.0/24", true);
	before = c.mesh.carried;
	assert_int_equal(bgp_peer_reload_in(c.peer[0]), BGP_OK);
	mesh_run(&c.mesh, 100);
	assert_int_equal(c.mesh.carried, before);
	mesh_fini(&c.mesh);
}

/* A client that does not read: the others hear all, it costs bounded memory,
 * and it has the newest state when it reads again. */
static void
test_stuck_peer(void **state)
{
	struct bgp_speaker_options o = BGP_SPEAKER_OPTIONS_INIT;
	struct cluster c;
	struct bgp_peer_options p;
	struct bgp_speaker_info info;
	size_t first = 0;
	char prefix[32];

	(void)state;
	mesh_init(&c.mesh);
	o.queue_max = 1u << 16;
	c.rr = mesh_add(&c.mesh, AS, &o);
	for (unsigned i = 0; i < 3; i++) {
		c.node[i] = mesh_add(&c.mesh, AS, NULL);
		p = mesh_peer(c.node[i], AS);
		p.client = p.passive = true;
		p.send_hold_s = 3600;
		p.hold_time_s = 0;
		c.peer[i] = mesh_link(c.rr, &p);
		p = mesh_peer(c.rr, AS);
		mesh_link(c.node[i], &p);
	}
	mesh_run(&c.mesh, 1000);
	mesh_stick(&c.mesh, c.node[2], c.rr, true);
	for (unsigned round = 0; round < 400; round++) {
		for (unsigned i = 0; i < 40; i++) {
			uint8_t med[] = { 0, 0, (uint8_t)i, (uint8_t)round };
			struct bgp_attr attr = { 0x80, BGP_ATTR_MED, 4, med };

			snprintf(prefix, sizeof prefix, "10.%u.0.0/16", i);
			mesh_announce(c.node[0], prefix, &attr, 1);
		}
		mesh_run(&c.mesh, 1);
		bgp_speaker_info(c.rr->speaker, &info);
		if (round == 100)
			first = info.octets;
	}
	assert_hears(c.node[1], "10.39.0.0/16", true);
	assert_true(info.octets <= first + (1u << 16));
	mesh_withdraw(c.node[0], "10.7.0.0/16");
	mesh_run(&c.mesh, 1);
	mesh_stick(&c.mesh, c.node[2], c.rr, false);
	mesh_run(&c.mesh, 1000);
	assert_int_equal(mesh_count(c.node[2], BGP_VIEW_LOC_RIB, NULL), 39);
	for (unsigned i = 0; i < 40; i++) {
		struct bgp_route route, want;

		snprintf(prefix, sizeof prefix, "10.%u.0.0/16", i);
		if (i == 7)
			continue;
		assert_true(mesh_best(c.node[2], prefix, &route));
		assert_true(mesh_best(c.node[1], prefix, &want));
		assert_string_equal(mesh_attr(&route, BGP_ATTR_MED),
				    mesh_attr(&want, BGP_ATTR_MED));
	}
	mesh_fini(&c.mesh);
}

/* ------------------------------------------------------- fault isolation */

/* RFC 7606: a malformed ORIGIN withdraws its own prefix and nothing else. */
static void
test_malformed_update(void **state)
{
	static const uint8_t update[] = {
		255,  255, 255, 255, 255, 255,  255, 255, 255,
		255,  255, 255, 255, 255, 255,  255, 0,   52,
		2,    0,   0,   0,   25,  0x40, 1,   1,   9, /* ORIGIN 9 */
		0x40, 2,   0,                                /* AS_PATH */
		0x40, 3,   4,   192, 0,   2,    2,           /* NEXT_HOP */
		0x40, 5,   4,   0,   0,   0,    100,         /* LOCAL_PREF */
		0x80, 4,   0,   0, /* MED of no length, and more */
		24,   203, 0,   113,
	};
	struct cluster c;
	uint8_t bad[sizeof update];

	(void)state;
	make_cluster(&c, 3, NULL);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_announce(c.node[0], "198.51.100.0/24", NULL, 0);
	mesh_announce(c.node[1], "192.0.2.0/24", NULL, 0);
	mesh_run(&c.mesh, 100);
	memcpy(bad, update, sizeof bad);
	bad[17] = sizeof bad;
	mesh_inject(&c.mesh, c.node[0], c.rr, bad, sizeof bad);
	mesh_run(&c.mesh, 100);
	assert_int_equal(c.rr->faults, 1);
	assert_int_equal(c.rr->downs, 0);
	assert_hears(c.node[2], "203.0.113.0/24", false);
	assert_hears(c.node[2], "198.51.100.0/24", true);
	assert_hears(c.node[2], "192.0.2.0/24", true);
	mesh_fini(&c.mesh);
}

/* Rubbish ends the session it came on; the others notice its routes going and
 * nothing more. */
static void
test_rubbish(void **state)
{
	uint8_t rubbish[300];
	struct cluster c;

	(void)state;
	for (unsigned seed = 0; seed < 50; seed++) {
		make_cluster(&c, 3, NULL);
		mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
		mesh_announce(c.node[1], "192.0.2.0/24", NULL, 0);
		mesh_run(&c.mesh, 100);
		for (size_t i = 0; i < sizeof rubbish; i++)
			rubbish[i] = (uint8_t)(seed * 31 + i * i * 7);
		memset(rubbish, 0xff, seed % 2 != 0 ? 16 : 0);
		mesh_inject(&c.mesh, c.node[0], c.rr, rubbish, sizeof rubbish);
		mesh_run(&c.mesh, 500);
		assert_int_equal(c.rr->downs, 1);
		assert_int_equal(c.node[0]->last_down.notification.code, 1);
		assert_hears(c.node[2], "203.0.113.0/24", false);
		assert_hears(c.node[2], "192.0.2.0/24", true);
		assert_int_equal(c.node[2]->downs, 0);
		mesh_run(&c.mesh, 60000);
		assert_hears(c.node[2], "203.0.113.0/24", true);
		mesh_fini(&c.mesh);
	}
}

/* ------------------------------------------------------------------- eBGP */

static void
test_external(void **state)
{
	struct mesh mesh;
	struct mesh_node *a, *b;
	struct bgp_peer *ab;
	struct bgp_peer_options o;
	struct bgp_route route;

	(void)state;
	mesh_init(&mesh);
	a = mesh_add(&mesh, 65001, NULL);
	b = mesh_add(&mesh, 4200000001, NULL);
	o = mesh_peer(b, 4200000001);
	ab = mesh_link(a, &o);
	o = mesh_peer(a, 65001);
	o.import_policy = bgp_policy_accept;
	mesh_link(b, &o);
	mesh_announce(a, "203.0.113.0/24", NULL, 0);
	mesh_run(&mesh, 20000);
	assert_int_equal(state_of(ab), BGP_ESTABLISHED);
	/* RFC 8212: without an export policy nothing is said. */
	assert_hears(b, "203.0.113.0/24", false);
	o = mesh_peer(b, 4200000001);
	o.export_policy = bgp_policy_accept;
	assert_int_equal(bgp_peer_configure(ab, &o, mesh.now_ms), 0);
	mesh_run(&mesh, 100);
	assert_true(mesh_best(b, "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_AS_PATH), "65001");
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "");
	assert_memory_equal(bgp_attrs_next_hop(route.attrs).octets,
			    a->address.octets, 4);
	o.export_policy = NULL;
	assert_int_equal(bgp_peer_configure(ab, &o, mesh.now_ms), 0);
	mesh_run(&mesh, 100);
	assert_hears(b, "203.0.113.0/24", false);
	mesh_fini(&mesh);
}

/* ----------------------------------------------------------------- policy */

static enum bgp_verdict
prefer(void *ctx, const struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
       const struct bgp_attrs *attrs, struct bgp_edit *edit)
{
	unsigned *mode = ctx;

	(void)peer;
	(void)attrs;
	if (*mode == 0)
		return BGP_REJECT;
	assert_int_equal(nlri->bits, 24);
	assert_int_equal(bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF, 100 + *mode),
			 BGP_OK);
	assert_int_equal(bgp_edit_prepend(edit, 64999, 2), BGP_OK);
	return BGP_ACCEPT;
}

static unsigned mode;

static void
with_import(unsigned i, struct bgp_peer_options *options)
{
	if (i == 0) {
		options->import_policy = prefer;
		options->import_ctx = &mode;
	}
}

static void
with_export(unsigned i, struct bgp_peer_options *options)
{
	if (i == 1) {
		options->export_policy = prefer;
		options->export_ctx = &mode;
	}
}

static void
test_import_policy(void **state)
{
	struct cluster c;
	struct bgp_route route;
	struct bgp_peer_info info;

	(void)state;
	mode = 5;
	make_cluster(&c, 2, with_import);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 100);
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "105");
	assert_string_equal(mesh_attr(&route, BGP_ATTR_AS_PATH), "64999 64999");
	mode = 0;
	assert_int_equal(bgp_peer_reload_in(c.peer[0]), BGP_OK);
	mesh_run(&c.mesh, 100);
	assert_hears(c.node[1], "203.0.113.0/24", false);
	bgp_peer_info(c.peer[0], &info);
	assert_int_equal(info.families[0].paths_in, 1);
	assert_int_equal(info.families[0].paths_accepted, 0);
	mode = 9;
	assert_int_equal(bgp_peer_reload_in(c.peer[0]), BGP_OK);
	mesh_run(&c.mesh, 100);
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "109");
	mesh_fini(&c.mesh);
}

static void
test_export_policy(void **state)
{
	struct cluster c;
	struct bgp_route route;

	(void)state;
	mode = 7;
	make_cluster(&c, 3, with_export);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 100);
	assert_true(mesh_best(c.node[1], "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "107");
	assert_true(mesh_best(c.node[2], "203.0.113.0/24", &route));
	assert_string_equal(mesh_attr(&route, BGP_ATTR_LOCAL_PREF), "100");
	mesh_fini(&c.mesh);
}

static void
with_limit(unsigned i, struct bgp_peer_options *options)
{
	(void)i;
	options->prefix_limit = 2;
}

static void
test_prefix_limit(void **state)
{
	struct cluster c;

	(void)state;
	make_cluster(&c, 2, with_limit);
	mesh_announce(c.node[0], "10.1.0.0/16", NULL, 0);
	mesh_announce(c.node[0], "10.2.0.0/16", NULL, 0);
	mesh_run(&c.mesh, 10);
	assert_int_equal(c.rr->downs, 0);
	mesh_announce(c.node[0], "10.3.0.0/16", NULL, 0);
	mesh_run(&c.mesh, 10);
	assert_int_equal(c.rr->downs, 1);
	assert_int_equal(c.node[0]->last_down.cause, BGP_DOWN_RECEIVED);
	assert_int_equal(c.node[0]->last_down.notification.code, 6);
	assert_int_equal(c.node[0]->last_down.notification.subcode, 1);
	assert_hears(c.node[1], "10.1.0.0/16", false);
	mesh_fini(&c.mesh);
}

/* -------------------------------------------------------------- next hops */

static void
test_next_hops(void **state)
{
	struct mesh mesh;
	struct mesh_node *rr, *node[2];
	struct bgp_peer_options o;
	struct bgp_speaker_options so = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_route route;
	const struct mesh_fib *fib;

	(void)state;
	mesh_init(&mesh);
	so.equal_paths = 4;
	mesh.nodes[0].watching = true;
	rr = mesh_add(&mesh, AS, &so);
	for (unsigned i = 0; i < 2; i++) {
		node[i] = mesh_add(&mesh, AS, NULL);
		o = mesh_peer(node[i], AS);
		mesh_link(rr, &o);
		o = mesh_peer(rr, AS);
		mesh_link(node[i], &o);
	}
	mesh_run(&mesh, 20000);
	mesh_announce(node[0], "203.0.113.0/24", NULL, 0);
	mesh_announce(node[1], "203.0.113.0/24", NULL, 0);
	mesh_run(&mesh, 100);
	assert_int_equal(rr->watched_count, 2);
	assert_hears(rr, "203.0.113.0/24", false);
	bgp_speaker_next_hop(rr->speaker, &node[1]->address, true, 20);
	mesh_run(&mesh, 100);
	assert_true(mesh_best(rr, "203.0.113.0/24", &route));
	assert_int_equal(route.step, BGP_STEP_ONLY);
	bgp_speaker_next_hop(rr->speaker, &node[0]->address, true, 10);
	mesh_run(&mesh, 100);
	assert_true(mesh_best(rr, "203.0.113.0/24", &route));
	assert_int_equal(route.step, BGP_STEP_IGP_COST);
	fib = mesh_fib(rr, "203.0.113.0/24");
	assert_int_equal(fib->hop_count, 1);
	assert_int_equal(fib->hops[0].octets[3], 2);
	bgp_speaker_next_hop(rr->speaker, &node[0]->address, true, 20);
	mesh_run(&mesh, 100);
	assert_int_equal(mesh_fib(rr, "203.0.113.0/24")->hop_count, 2);
	bgp_speaker_next_hop(rr->speaker, &node[0]->address, false, 0);
	mesh_run(&mesh, 100);
	fib = mesh_fib(rr, "203.0.113.0/24");
	assert_int_equal(fib->hop_count, 1);
	assert_int_equal(fib->hops[0].octets[3], 3);
	mesh_withdraw(node[0], "203.0.113.0/24");
	mesh_withdraw(node[1], "203.0.113.0/24");
	mesh_run(&mesh, 100);
	assert_int_equal(rr->watched_count, 0);
	assert_null(mesh_fib(rr, "203.0.113.0/24"));
	mesh_fini(&mesh);
}

/* ------------------------------------------------- peers come and go */

static void
test_configure(void **state)
{
	struct cluster c;
	struct bgp_peer_options o;

	(void)state;
	make_cluster(&c, 2, NULL);
	o = mesh_peer(c.node[0], AS);
	o.client = o.passive = true;
	o.prefix_limit = 10;
	o.name = "first";
	assert_int_equal(bgp_peer_configure(c.peer[0], &o, c.mesh.now_ms), 0);
	mesh_run(&c.mesh, 100);
	assert_int_equal(c.rr->downs, 0);
	assert_string_equal(bgp_peer_name(c.peer[0]), "first");
	o.hold_time_s = 30;
	assert_int_equal(bgp_peer_configure(c.peer[0], &o, c.mesh.now_ms), 1);
	mesh_run(&c.mesh, 60000);
	assert_int_equal(c.rr->downs, 1);
	assert_int_equal(c.node[0]->last_down.notification.subcode, 6);
	assert_int_equal(state_of(c.peer[0]), BGP_ESTABLISHED);
	o.address = c.node[1]->address;
	assert_int_equal(bgp_peer_configure(c.peer[0], &o, c.mesh.now_ms),
			 BGP_ERR_INVALID);
	mesh_fini(&c.mesh);
}

static void
test_remove_and_add(void **state)
{
	struct cluster c;
	struct bgp_peer_options o;
	struct bgp_speaker_info info;

	(void)state;
	make_cluster(&c, 3, NULL);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 100);
	bgp_peer_remove(c.peer[0], c.mesh.now_ms);
	assert_null(bgp_peer_find(c.rr->speaker, &c.node[0]->address));
	mesh_run(&c.mesh, 100);
	assert_int_equal(c.node[0]->last_down.notification.subcode, 3);
	assert_hears(c.node[1], "203.0.113.0/24", false);
	bgp_speaker_info(c.rr->speaker, &info);
	assert_int_equal(info.peer_count, 2);
	assert_int_equal(info.path_count, 0);
	o = mesh_peer(c.node[0], AS);
	o.client = true;
	assert_int_equal(bgp_peer_add(c.rr->speaker, &o, &c.peer[0]), BGP_OK);
	assert_int_equal(bgp_peer_add(c.rr->speaker, &o, &c.peer[0]),
			 BGP_ERR_EXIST);
	assert_int_equal(bgp_peer_enable(c.peer[0], c.mesh.now_ms), BGP_OK);
	mesh_run(&c.mesh, 200000);
	assert_hears(c.node[1], "203.0.113.0/24", true);
	mesh_fini(&c.mesh);
}

static void
test_disable_and_restart(void **state)
{
	struct cluster c;

	(void)state;
	make_cluster(&c, 2, NULL);
	mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
	mesh_run(&c.mesh, 100);
	assert_int_equal(bgp_peer_disable(c.peer[0], "night", c.mesh.now_ms),
			 BGP_OK);
	mesh_run(&c.mesh, 100000);
	assert_int_equal(state_of(c.peer[0]), BGP_IDLE);
	assert_int_equal(c.node[0]->last_down.notification.subcode, 2);
	assert_hears(c.node[1], "203.0.113.0/24", false);
	assert_int_equal(bgp_peer_enable(c.peer[0], c.mesh.now_ms), BGP_OK);
	mesh_run(&c.mesh, 200000);
	assert_hears(c.node[1], "203.0.113.0/24", true);
	assert_int_equal(
	    bgp_peer_restart(c.peer[0], "new cables", c.mesh.now_ms), BGP_OK);
	mesh_run(&c.mesh, 100);
	assert_int_equal(c.node[0]->last_down.notification.subcode, 4);
	assert_int_equal(c.node[0]->last_down.notification.data_len,
			 1 + sizeof "new cables" - 1);
	mesh_run(&c.mesh, 200000);
	assert_hears(c.node[1], "203.0.113.0/24", true);
	mesh_fini(&c.mesh);
}

/* A peer with no route in a large table: the walk pauses instead of looking at
 * all of it in one call. */
static void
test_cursor_pauses(void **state)
{
	struct mesh mesh;
	struct mesh_node *node;
	struct bgp_peer_options o;
	struct bgp_peer *peer;
	struct bgp_cursor cursor;
	struct bgp_route route;
	unsigned routes = 0, pauses = 0;
	char prefix[32];
	int next;

	(void)state;
	mesh_init(&mesh);
	node = mesh_add(&mesh, AS, NULL);
	o = mesh_peer(node, AS);
	o.address.octets[3] = 99;
	assert_int_equal(bgp_peer_add(node->speaker, &o, &peer), BGP_OK);
	for (unsigned i = 0; i < 9000; i++) {
		snprintf(prefix, sizeof prefix, "10.%u.%u.0/24", i / 256,
			 i % 256);
		assert_int_equal(mesh_announce(node, prefix, NULL, 0), BGP_OK);
	}
	for (unsigned turn = 0; turn < 2; turn++) {
		assert_int_equal(
		    bgp_cursor_init(&cursor, bgp_speaker_rib(node->speaker),
				    BGP_VIEW_ADJ_IN, BGP_IPV4_UNICAST,
				    turn ? bgp_peer_rib(peer) : NULL),
		    BGP_OK);
		while ((next = bgp_cursor_next(&cursor, &route)) != 0) {
			routes += next == 1;
			pauses += next == BGP_CURSOR_PAUSE;
		}
	}
	assert_int_equal(routes, 9000);
	assert_int_equal(pauses, 2);
	mesh_fini(&mesh);
}

/* Same seed, same inputs: the same octets.  R15 */
static void
test_replays(void **state)
{
	uint64_t carried[2];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct cluster c;

		make_cluster(&c, 3, NULL);
		mesh_announce(c.node[0], "203.0.113.0/24", NULL, 0);
		mesh_run(&c.mesh, 500000);
		carried[i] = c.mesh.carried;
		mesh_fini(&c.mesh);
	}
	assert_int_equal(carried[0], carried[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reflects),
		cmocka_unit_test(test_loss_and_return),
		cmocka_unit_test(test_counts_best),
		cmocka_unit_test(test_quiet_when_settled),
		cmocka_unit_test(test_octets_one_by_one),
		cmocka_unit_test(test_refresh_and_reload),
		cmocka_unit_test(test_stuck_peer),
		cmocka_unit_test(test_malformed_update),
		cmocka_unit_test(test_rubbish),
		cmocka_unit_test(test_external),
		cmocka_unit_test(test_import_policy),
		cmocka_unit_test(test_export_policy),
		cmocka_unit_test(test_prefix_limit),
		cmocka_unit_test(test_next_hops),
		cmocka_unit_test(test_configure),
		cmocka_unit_test(test_remove_and_add),
		cmocka_unit_test(test_disable_and_restart),
		cmocka_unit_test(test_cursor_pauses),
		cmocka_unit_test(test_replays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
