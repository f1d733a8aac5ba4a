/*
 * test_speaker.c - the i-th allocation fails, for every i.
 *
 * A reflector and two clients: they connect, announce, lose a connection, ask
 * for everything again, are reconfigured and removed.  Whichever allocation
 * fails, nothing crashes, nothing leaks, and once there is memory again every
 * route is heard.
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

static bool
build(struct scene *s)
{
	struct bgp_peer_options o;

	return (s->rr = mesh_add(&s->mesh, AS, NULL)) != NULL &&
	    (s->node[0] = mesh_add(&s->mesh, AS, NULL)) != NULL &&
	    (s->node[1] = mesh_add(&s->mesh, AS, NULL)) != NULL &&
	    (o = mesh_peer(s->node[0], AS), o.client = o.passive = true,
	    (s->peer[0] = mesh_link(s->rr, &o)) != NULL) &&
	    (o = mesh_peer(s->node[1], AS), o.client = o.passive = true,
	    (s->peer[1] = mesh_link(s->rr, &o)) != NULL) &&
	    (o = mesh_peer(s->rr, AS), mesh_link(s->node[0], &o) != NULL) &&
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
live(struct scene *s)
{
	struct bgp_peer_options o = mesh_peer(s->node[1], AS);

	announce(s, "10.1.0.0/16");
	announce(s, "2001:db8:1::/48");
	mesh_run(&s->mesh, 2000);
	mesh_cut(&s->mesh, s->rr, s->node[0]);
	announce(s, "10.2.0.0/16");
	mesh_run(&s->mesh, 30000);
	(void)bgp_peer_reload_out(s->peer[1]);
	mesh_withdraw(s->node[0], "10.2.0.0/16");
	mesh_run(&s->mesh, 100);
	o.client = o.passive = true;
	o.export_policy = bgp_policy_accept;
	(void)bgp_peer_configure(s->peer[1], &o, s->mesh.now_ms);
	announce(s, "10.3.0.0/16");
	mesh_run(&s->mesh, 1000);
	(void)bgp_peer_restart(s->peer[1], s->mesh.now_ms);
	mesh_run(&s->mesh, 1000);
}

static void
hears(struct scene *s, const char *prefix, bool want)
{
	struct bgp_route route;

	assert_int_equal(mesh_best(s->node[1], prefix, &route), want);
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
		bgp_peer_remove(s.peer[0], s.mesh.now_ms);
		mesh_run(&s.mesh, 1000);
		hears(&s, "10.1.0.0/16", false);
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
