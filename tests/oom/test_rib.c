/*
 * test_rib.c - the i-th allocation fails, for every i.
 *
 * A RIB and its reflection, without a session: peers are added, join, announce,
 * are ended and removed; sets are made and edited, routes of the host's own
 * come and go.  Whichever allocation fails, each door says so or did what it
 * was asked, nothing crashes, nothing leaks, and once there is memory again
 * every peer holds what it should.
 */
#include <stdlib.h>
#include <string.h>

#include "../pair/stand.h"

static bool
is_ok(int err)
{
	assert_true(err == BGP_OK || err == BGP_ERR_NOMEM);
	return err == BGP_OK;
}

/* Once more where there was no memory: one allocation fails, not two. */
#define TRY(call)                                         \
	do {                                              \
		if (!is_ok(call))                         \
			assert_int_equal((call), BGP_OK); \
	} while (0)

static int
make_set(struct stand *s, const struct bgp_attrs **out)
{
	static const uint8_t community[] = { 0xfc, 0, 0, 1 };
	const struct bgp_attr attrs[] = { { 0xc0, BGP_ATTR_COMMUNITIES, 4,
					    community } };
	const struct bgp_addr hop = { 4, { 192, 0, 2, 77 }, 0 };

	return bgp_attrs_new(s->rib, BGP_IPV4_UNICAST, &hop, attrs, 1, out);
}

static void
announce_own(struct stand *s)
{
	struct bgp_prefix prefix = stand_prefix(60);
	struct bgp_nlri nlri = bgp_prefix_nlri(&prefix);
	const struct bgp_attrs *set, *edited;
	struct bgp_edit *edit;

	TRY(make_set(s, &set));
	TRY(bgp_edit_new(s->rib, set, &edit));
	assert_int_equal(bgp_edit_u32(edit, BGP_ATTR_MED, 42), BGP_OK);
	TRY(bgp_edit_attrs(edit, &edited));
	bgp_edit_del(edit);
	TRY(bgp_rib_announce(bgp_rib_local(s->rib), &nlri, edited));
	bgp_attrs_unref(s->rib, edited);
	bgp_attrs_unref(s->rib, set);
}

/* A session that ends for want of memory, and the next. */
static void
announce(struct stand *s, unsigned i, unsigned first, uint32_t med)
{
	struct bgp_rib_peer *peer = s->peers[i].peer;
	int err = stand_update(s, i, first, 20, med);

	if (err == BGP_OK)
		err = bgp_rib_settle(peer);
	if (is_ok(err))
		return;
	/* The error stays until the session ends, and is nobody else's. */
	assert_int_equal(bgp_rib_settle(peer), BGP_ERR_NOMEM);
	assert_int_equal(bgp_rib_settle(s->peers[!i].peer), BGP_OK);
	assert_int_equal(bgp_rib_end(peer), BGP_OK);
	assert_int_equal(stand_update(s, i, first, 20, med), BGP_OK);
	assert_int_equal(bgp_rib_settle(peer), BGP_OK);
}

static void
check(struct stand *s, unsigned i)
{
	for (unsigned n = 0; n < 20; n++)
		assert_int_equal(s->peers[i].held[n].med, i == 0 ? 0 : 7);
	assert_true(s->peers[i].held[60].there);
	assert_int_equal(s->peers[i].held[60].med, 42);
	assert_memory_equal(s->peers[i].held[60].hop, "\xc0\0\2\x4d", 4);
}

static void
play(struct stand *s)
{
	struct bgp_reflect_peer_options o = BGP_REFLECT_PEER_OPTIONS_INIT;

	for (unsigned i = 0; i < 3; i++) {
		TRY(stand_add(s, i, BGP_KIND_CLIENT));
		TRY(stand_join(s, i));
	}
	announce(s, 0, 0, 7);
	announce_own(s);
	stand_rest(s);
	if (bgp_reflect_configure(s->peers[2].peer, &o) != BGP_OK) {
		assert_int_equal(bgp_reflect_leave(s->peers[2].peer), BGP_OK);
		assert_int_equal(stand_join(s, 2), BGP_OK);
	}
	TRY(bgp_reflect_refresh(s->peers[1].peer, 0));
	announce(s, 1, 30, 8);
	stand_rest(s);
	stand_rest(s);
	check(s, 0);
	check(s, 1);
	check(s, 2);
	assert_int_equal(bgp_rib_end(s->peers[1].peer), BGP_OK);
	assert_int_equal(bgp_reflect_leave(s->peers[1].peer), BGP_OK);
	assert_int_equal(bgp_rib_peer_remove(s->peers[1].peer), BGP_OK);
	s->peers[1].peer = NULL;
	stand_rest(s);
	stand_rest(s);
	assert_false(s->peers[2].held[30].there);
}

static struct stand *
begin(unsigned long fail_at)
{
	struct stand *s = calloc(1, sizeof *s);

	assert_non_null(s);
	s->fail_at = fail_at;
	if (is_ok(stand_up(s, true)))
		return s;
	/* The RIB may be there without its reflection. */
	if (s->rib != NULL)
		assert_int_equal(bgp_rib_del(s->rib), BGP_OK);
	assert_int_equal(s->octets, 0);
	free(s);
	return NULL;
}

static void
test_every_allocation(void **state)
{
	struct stand *s;
	unsigned long calls;
	unsigned played = 0;

	(void)state;
	s = begin(0);
	play(s);
	calls = s->calls;
	assert_true(s->watched > 0);
	stand_down(s);
	for (unsigned long i = 1; i <= calls; i++) {
		s = begin(i);
		if (s == NULL)
			continue;
		play(s);
		stand_down(s);
		played++;
	}
	assert_true(played > 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
