/*
 * test_speaker.c - the i-th allocation fails, for every i.
 *
 * A reflector and two clients: they connect, announce, change a label, lose a
 * connection, ask for everything again, are reconfigured and removed. Whichever
 * allocation fails, nothing crashes, nothing leaks, and once there is memory
 * again every route is heard.
 */
#include <stdio.h>
#include <string.h>

#include "../pair/mesh.h"

#define AS 64512

struct scene {
	struct mesh mesh;
	struct mesh_node *rr, *node[2];
	struct bgp_peer *peer[2];
};

/* A VPNv4 route: label, distinguisher, 10.N.0.0/16. */
static struct bgp_nlri
vpn_route(uint8_t *octets, uint8_t label, uint8_t number)
{
	struct bgp_nlri nlri = { .family = BGP_FAMILY(1, 128),
				 .bits = 104,
				 .len = 13,
				 .octets = octets };

	memcpy(octets,
	       "\0\0\1"
	       "\0\0\xfc\0\0\0\0\1"
	       "\x0a",
	       12);
	octets[1] = label;
	octets[12] = number;
	return nlri;
}

/* One of a family whose NLRI have no end, with which nothing is shared. */
static struct bgp_nlri
long_route(uint8_t *octets)
{
	struct bgp_nlri nlri = { .family = BGP_FAMILY(16397, 243),
				 .len = 1000,
				 .octets = octets };

	memset(octets, 7, 1000);
	octets[0] = 998 >> 8;
	octets[1] = 998 & 255;
	return nlri;
}

static void
add_families(struct bgp_peer_options *o)
{
	o->families[2].family = BGP_FAMILY(1, 128);
	o->families[3].family = BGP_FAMILY(16397, 243);
	o->families[3].form = BGP_NLRI_LEN16;
	o->family_count = 4;
}

static struct bgp_peer_options
peer_options(const struct mesh_node *to, bool client)
{
	struct bgp_peer_options o = mesh_peer(to, AS);

	o.client = o.passive = client;
	add_families(&o);
	return o;
}

static bool
build(struct scene *s)
{
	struct bgp_peer_options o;

	return (s->rr = mesh_add(&s->mesh, AS, NULL)) != NULL &&
	    (s->node[0] = mesh_add(&s->mesh, AS, NULL)) != NULL &&
	    (s->node[1] = mesh_add(&s->mesh, AS, NULL)) != NULL &&
	    (o = peer_options(s->node[0], true),
	     (s->peer[0] = mesh_link(s->rr, &o)) != NULL) &&
	    (o = peer_options(s->node[1], true),
	     (s->peer[1] = mesh_link(s->rr, &o)) != NULL) &&
	    (o = peer_options(s->rr, false),
	     mesh_link(s->node[0], &o) != NULL) &&
	    mesh_link(s->node[1], &o) != NULL;
}

static void
announce(struct scene *s, const char *prefix)
{
	int err = mesh_announce(s->node[0], prefix, NULL, 0);

	if (err == BGP_OK)
		return;
	assert_int_equal(err, BGP_ERR_NOMEM);
	assert_int_equal(mesh_announce(s->node[0], prefix, NULL, 0), BGP_OK);
}

static void
announce_nlri(struct scene *s, const struct bgp_nlri *nlri)
{
	struct bgp_speaker *speaker = s->node[0]->speaker;
	const struct bgp_addr *hop = &s->node[0]->address;
	int err = bgp_speaker_announce(speaker, nlri, hop, NULL, 0);

	if (err == BGP_ERR_NOMEM)
		err = bgp_speaker_announce(speaker, nlri, hop, NULL, 0);
	assert_int_equal(err, BGP_OK);
}

static void
announce_others(struct scene *s)
{
	uint8_t octets[1000];
	struct bgp_nlri nlri = vpn_route(octets, 1, 1);

	announce_nlri(s, &nlri);
	nlri = vpn_route(octets, 1, 2);
	announce_nlri(s, &nlri);
	nlri = long_route(octets);
	announce_nlri(s, &nlri);
	mesh_run(&s->mesh, 1000);
	nlri = vpn_route(octets, 2, 1);
	announce_nlri(s, &nlri);
	nlri = vpn_route(octets, 9, 2);
	assert_int_equal(bgp_speaker_withdraw(s->node[0]->speaker, &nlri),
			 BGP_OK);
}

static void
live(struct scene *s)
{
	struct bgp_peer_options o = peer_options(s->node[1], true);

	announce(s, "10.1.0.0/16");
	announce(s, "2001:db8:1::/48");
	announce_others(s);
	mesh_run(&s->mesh, 2000);
	mesh_cut(&s->mesh, s->rr, s->node[0]);
	announce(s, "10.2.0.0/16");
	mesh_run(&s->mesh, 30000);
	(void)bgp_peer_reload_out(s->peer[1]);
	mesh_withdraw(s->node[0], "10.2.0.0/16");
	mesh_run(&s->mesh, 100);
	o.export_policy = bgp_policy_accept;
	(void)bgp_peer_configure(s->peer[1], &o, s->mesh.now_ms);
	announce(s, "10.3.0.0/16");
	mesh_run(&s->mesh, 1000);
	(void)bgp_peer_restart(s->peer[1], "text", s->mesh.now_ms);
	mesh_run(&s->mesh, 1000);
}

static void
hears(struct scene *s, const char *prefix, bool want)
{
	struct bgp_route route;

	assert_int_equal(mesh_best(s->node[1], prefix, &route), want);
}

/* The one VPN route that is left, with its last label, and the long one. */
static void
hears_others(struct scene *s, bool want)
{
	uint8_t octets[1000];
	struct bgp_nlri nlri = vpn_route(octets, 0, 1);
	struct bgp_cursor cursor;
	struct bgp_route route;
	const struct bgp_speaker *speaker = s->node[1]->speaker;

	assert_int_equal(bgp_cursor_init(&cursor, bgp_speaker_rib(speaker),
					 BGP_VIEW_LOC_RIB, nlri.family, NULL),
			 BGP_OK);
	assert_int_equal(bgp_cursor_find(&cursor, &nlri),
			 want ? BGP_OK : BGP_ERR_NOENT);
	assert_int_equal(bgp_cursor_next(&cursor, &route), want);
	if (want)
		assert_int_equal(route.nlri.octets[1], 2);
	assert_int_equal(bgp_cursor_next(&cursor, &route), 0);
	nlri = long_route(octets);
	assert_int_equal(bgp_cursor_init(&cursor, bgp_speaker_rib(speaker),
					 BGP_VIEW_LOC_RIB, nlri.family, NULL),
			 BGP_OK);
	assert_int_equal(bgp_cursor_find(&cursor, &nlri),
			 want ? BGP_OK : BGP_ERR_NOENT);
}

/* true: the scene ran to its end before an allocation failed. */
static bool
run(unsigned long fail_at)
{
	static struct scene s;
	bool built;

	mesh_init(&s.mesh);
	s.mesh.fail_at = fail_at;
	built = build(&s);
	if (built) {
		live(&s);
		mesh_run(&s.mesh, 600000);
		hears(&s, "10.1.0.0/16", true);
		hears(&s, "2001:db8:1::/48", true);
		hears(&s, "10.2.0.0/16", false);
		hears(&s, "10.3.0.0/16", true);
		hears_others(&s, true);
		bgp_peer_remove(s.peer[0], s.mesh.now_ms);
		mesh_run(&s.mesh, 1000);
		hears(&s, "10.1.0.0/16", false);
		hears_others(&s, false);
	}
	mesh_fini(&s.mesh);
	return built && s.mesh.allocations < fail_at;
}

static void
test_every_allocation(void **state)
{
	unsigned long i = 1;

	(void)state;
	while (!run(i))
		i++;
	/* The scene is worth its name. */
	assert_true(i > 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
