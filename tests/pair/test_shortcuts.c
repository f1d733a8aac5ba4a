/*
 * test_shortcuts.c - every shortcut leads to the same octets.
 *
 * Attribute blocks seen before are not parsed again, routes of one call of
 * input are filed together, a path that no policy edits is not shown to one.
 * Here a cluster lives through the same random day twice, once with the
 * shortcuts and once without; every octet that any of its speakers sent must be
 * the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "libbgp/speaker/inside.h"
#include "mesh.h"

enum { CLIENTS = 4, PREFIXES = 300, SETS = 40, STEPS = 3000, AS = 64512 };

static uint32_t state;

static uint32_t
chance(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

static void
prefix_text(uint32_t number, char *text, size_t size)
{
	if (number % 3 == 0)
		snprintf(text, size, "2001:db8:%x::/48", number);
	else
		snprintf(text, size, "10.%u.%u.0/24", number >> 8,
			 number & 255);
}

/* One of a few sets of attributes: most of them come again and again. */
static void
announce(struct mesh_node *node, uint32_t number, uint32_t set)
{
	const uint8_t med[4] = { 0, 0, 0, (uint8_t)set };
	const uint8_t path[10] = {
		2, 2, 0, 0, 0xfd, (uint8_t)(set % 5), 0, 0, 0xfe, (uint8_t)set
	};
	const uint8_t communities[8] = { 0xfc, 0, 0, (uint8_t)set,
					 0xfc, 0, 1, (uint8_t)set };
	const struct bgp_attr attrs[] = {
		{ BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH, 10, path },
		{ BGP_ATTR_OPTIONAL, BGP_ATTR_MED, 4, med },
		{ BGP_ATTR_OPTIONAL | BGP_ATTR_TRANSITIVE, BGP_ATTR_COMMUNITIES,
		  set % 2 ? 8 : 4, communities },
	};
	char text[40];

	prefix_text(number, text, sizeof text);
	assert_int_equal(mesh_announce(node, text, attrs, 3), BGP_OK);
}

static void
withdraw(struct mesh_node *node, uint32_t number)
{
	char text[40];

	prefix_text(number, text, sizeof text);
	(void)mesh_withdraw(node, text);
}

/* Accepts, and edits what every seventh route says. */
static enum bgp_verdict
some_edits(void *ctx, const struct bgp_rib_peer *peer,
	   const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
	   struct bgp_edit *edit)
{
	(void)ctx, (void)peer, (void)attrs;
	if (nlri->octets[nlri->len - 1] % 7 == 0)
		assert_int_equal(bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF, 256),
				 BGP_OK);
	return BGP_ACCEPT;
}

struct day {
	struct mesh mesh;
	struct mesh_node *reflector, *clients[CLIENTS];
	struct bgp_peer *peers[CLIENTS];
};

static struct mesh_node *
add_node(struct day *day, bool shortcuts)
{
	struct mesh_node *node = mesh_add(&day->mesh, AS, NULL);

	if (!shortcuts)
		bgp__rib_no_shortcuts(node->speaker->rib);
	return node;
}

static void
begin(struct day *day, bool shortcuts)
{
	struct bgp_peer_options o;

	mesh_init(&day->mesh);
	day->reflector = add_node(day, shortcuts);
	for (unsigned i = 0; i < CLIENTS; i++) {
		day->clients[i] = add_node(day, shortcuts);
		o = mesh_peer(day->clients[i], AS);
		o.client = true;
		o.passive = true;
		if (i == 1)
			o.import_policy = some_edits;
		day->peers[i] = mesh_link(day->reflector, &o);
		o = mesh_peer(day->reflector, AS);
		assert_non_null(mesh_link(day->clients[i], &o));
	}
	mesh_run(&day->mesh, 1000);
}

static void
step(struct day *day)
{
	struct mesh_node *node = day->clients[chance(CLIENTS)];
	uint32_t what = chance(100), from = chance(PREFIXES);

	if (what < 60) {
		uint32_t set = chance(SETS), count = 1 + chance(30);

		for (uint32_t i = 0; i < count; i++)
			announce(node, (from + i) % PREFIXES, set);
	} else if (what < 85) {
		for (uint32_t i = chance(12); i-- > 0;)
			withdraw(node, (from + i) % PREFIXES);
	} else if (what < 99) {
		mesh_run(&day->mesh, 1 + chance(300));
	} else {
		assert_int_equal(bgp_peer_restart(day->peers[chance(CLIENTS)],
						  NULL, day->mesh.now_ms),
				 BGP_OK);
		mesh_run(&day->mesh, 40000);
	}
}

static uint64_t
live(uint32_t seed, bool shortcuts, uint64_t *carried)
{
	struct day day;
	uint64_t digest;

	state = seed;
	begin(&day, shortcuts);
	for (unsigned i = 0; i < STEPS; i++)
		step(&day);
	mesh_run(&day.mesh, 100000);
	digest = day.mesh.digest;
	*carried = day.mesh.carried;
	mesh_fini(&day.mesh);
	return digest;
}

static void
test_shortcuts_change_no_octet(void **unused)
{
	uint64_t with, without, digest;

	(void)unused;
	for (uint32_t seed = 1; seed <= 4; seed++) {
		digest = live(seed, true, &with);
		assert_int_equal(live(seed, false, &without), digest);
		assert_int_equal(without, with);
		assert_true(with > 100000);
	}
}

/* The digest is one: another day has another. */
static void
test_days_differ(void **unused)
{
	uint64_t carried;

	(void)unused;
	assert_int_not_equal(live(1, true, &carried), live(2, true, &carried));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shortcuts_change_no_octet),
		cmocka_unit_test(test_days_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
