/*
 * test_reflector.c - a reflector of bgp/rib.h and bgp/reflect.h, no session.
 *
 * Built against the public symbols of the library alone.
 */
#include "stand.h"

#include <stdlib.h>
#include <string.h>

enum { A, B, C, X }; /* two clients, another, an eBGP peer */

static struct stand *
set_up(void)
{
	struct stand *s = calloc(1, sizeof *s);

	assert_non_null(s);
	assert_int_equal(stand_up(s, false), BGP_OK);
	assert_int_equal(stand_add(s, A, BGP_KIND_CLIENT), BGP_OK);
	assert_int_equal(stand_add(s, B, BGP_KIND_CLIENT), BGP_OK);
	assert_int_equal(stand_add(s, C, BGP_KIND_NON_CLIENT), BGP_OK);
	assert_int_equal(stand_add(s, X, BGP_KIND_EBGP), BGP_OK);
	for (unsigned i = 0; i < STAND_PEERS; i++)
		assert_int_equal(stand_join(s, i), BGP_OK);
	stand_rest(s);
	return s;
}

static unsigned
holds(const struct stand *s, unsigned i)
{
	unsigned count = 0;

	for (unsigned n = 0; n < STAND_PREFIXES; n++)
		count += s->peers[i].held[n].there;
	return count;
}

/* RFC 4456 6, 8: who is sent what, stamped and not. */
static void
test_reflects(void **state)
{
	struct stand *s = set_up();
	const struct stand_held *h;

	(void)state;
	for (unsigned i = 0; i < STAND_PEERS; i++)
		assert_int_equal(s->peers[i].eor, 2);
	assert_int_equal(stand_update(s, A, 0, 20, 5), BGP_OK);
	assert_int_equal(stand_update(s, C, 20, 3, 6), BGP_OK);
	assert_int_equal(stand_update(s, X, 30, 2, 7), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, A), 5);  /* of C and X */
	assert_int_equal(holds(s, B), 25); /* all */
	assert_int_equal(holds(s, C), 22); /* of A and X */
	assert_int_equal(holds(s, X), 23); /* of A and C */
	h = &s->peers[B].held[7];
	assert_int_equal(h->originator, 0xc0000201);
	assert_int_equal(h->clusters, STAND_CLUSTER);
	assert_int_equal(h->med, 5);
	assert_memory_equal(h->hop, "\xc0\0\2\1", 4);
	h = &s->peers[B].held[30];
	assert_int_equal(h->originator, 0);
	assert_int_equal(h->local_pref, 100);
	assert_memory_equal(h->hop, "\xc0\0\2\4", 4);
	h = &s->peers[X].held[7];
	assert_int_equal(h->local_pref, 0);
	assert_int_equal(h->med, 0);
	assert_memory_equal(h->hop, "\xc0\0\2\x63", 4);
	assert_int_equal(stand_update(s, A, 0, 10, UINT32_MAX), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, B), 15);
	assert_int_equal(bgp_rib_end(s->peers[C].peer), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, B), 12);
	assert_int_equal(holds(s, A), 2);
	stand_down(s);
}

/* Between stale and sweep routes stay; what is announced again stays after. */
static void
test_stale(void **state)
{
	struct bgp_rib_peer_info info = BGP_RIB_PEER_INFO_INIT;
	struct stand *s = set_up();
	struct bgp_rib_peer *a = s->peers[A].peer;
	struct bgp_route route;

	(void)state;
	assert_int_equal(stand_update(s, A, 0, 10, 1), BGP_OK);
	assert_int_equal(stand_end_of_rib(s, A), BGP_OK);
	stand_rest(s);
	bgp_rib_peer_info(a, BGP_IPV4_UNICAST, &info);
	assert_true(info.eor);
	assert_int_equal(info.updated_ms > 0, 1);
	assert_int_equal(bgp_rib_stale(a, BGP_IPV4_UNICAST), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, B), 10);
	assert_true(stand_route(s, BGP_VIEW_ADJ_IN, a, 3, &route));
	assert_true(route.stale);
	assert_int_equal(stand_update(s, A, 0, 4, 1), BGP_OK);
	stand_rest(s);
	bgp_rib_peer_info(a, BGP_IPV4_UNICAST, &info);
	assert_int_equal(info.paths, 4);
	assert_int_equal(info.stale, 6);
	assert_int_equal(info.best, 10);
	assert_false(info.eor);
	assert_int_equal(bgp_rib_sweep(a, 0), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, B), 4);
	bgp_rib_peer_info(a, BGP_IPV4_UNICAST, &info);
	assert_int_equal(info.stale, 0);
	stand_down(s);
}

/* More sessions than epochs, and no sweep between them. */
static void
test_many_sessions(void **state)
{
	struct stand *s = set_up();
	struct bgp_rib_peer_info info = BGP_RIB_PEER_INFO_INIT;

	(void)state;
	for (unsigned n = 0; n < 600; n++) {
		assert_int_equal(stand_update(s, A, n % STAND_PREFIXES, 1, n),
				 BGP_OK);
		assert_int_equal(bgp_rib_settle(s->peers[A].peer), BGP_OK);
		assert_int_equal(bgp_rib_stale(s->peers[A].peer, 0), BGP_OK);
	}
	bgp_rib_peer_info(s->peers[A].peer, BGP_IPV4_UNICAST, &info);
	assert_int_equal(info.paths, 0);
	assert_true(info.stale > 0 && info.stale <= STAND_PREFIXES);
	assert_int_equal(bgp_rib_end(s->peers[A].peer), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, B), 0);
	assert_int_equal(stand_count(s, BGP_VIEW_ADJ_IN, NULL), 0);
	stand_down(s);
}

static enum bgp_verdict
reject(void *ctx, const struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
       const struct bgp_attrs *attrs, struct bgp_edit *edit)
{
	struct stand *s = ctx;

	(void)attrs;
	(void)edit;
	/* A policy is a callback, and is shown the peer of the RIB. */
	assert_ptr_equal(bgp_rib_peer_user(peer), &s->peers[B]);
	assert_int_equal(bgp_rib_tick(s->rib, 0), BGP_ERR_STATE);
	return nlri->octets[1] < 5 ? BGP_REJECT : BGP_ACCEPT;
}

/* To another group, and all again; refresh. */
static void
test_configure_and_refresh(void **state)
{
	struct bgp_reflect_peer_options o = BGP_REFLECT_PEER_OPTIONS_INIT;
	struct bgp_reflect_peer_info info = BGP_REFLECT_PEER_INFO_INIT;
	struct stand *s = set_up();
	struct bgp_rib_peer *b = s->peers[B].peer;
	unsigned before;

	(void)state;
	assert_int_equal(stand_update(s, A, 0, 10, 1), BGP_OK);
	stand_rest(s);
	o.export_policy = reject;
	o.export_ctx = s;
	assert_int_equal(bgp_reflect_configure(b, &o), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, B), 5);
	assert_int_equal(bgp_reflect_peer_info(b, BGP_IPV4_UNICAST, &info),
			 BGP_OK);
	assert_int_equal(info.routes, 5);
	assert_true(info.eor);
	assert_false(info.behind);
	before = s->peers[B].updates;
	memset(s->peers[B].held, 0, sizeof s->peers[B].held);
	assert_int_equal(bgp_reflect_refresh(b, BGP_IPV4_UNICAST), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, B), 5);
	assert_true(s->peers[B].updates > before);
	assert_int_equal(bgp_reflect_refresh(b, BGP_FAMILY(1, 128)),
			 BGP_ERR_NOENT);
	assert_int_equal(bgp_reflect_refresh(b, 0), BGP_OK);
	stand_rest(s);
	o.size = 0;
	assert_int_equal(bgp_reflect_configure(b, &o), BGP_ERR_INVALID);
	stand_down(s);
}

/* What was sent, as it was sent: the same octets again. */
static void
test_stamp(void **state)
{
	struct stand *s = set_up();
	struct bgp_update_parts parts;
	struct bgp_update update;
	struct bgp_fault fault;
	struct bgp_route route;
	uint8_t msg[BGP_MESSAGE_MAX];
	size_t taken;
	int len;

	(void)state;
	assert_int_equal(stand_update(s, A, 0, 5, 9), BGP_OK);
	stand_rest(s);
	assert_int_equal(stand_count(s, BGP_VIEW_ADJ_OUT, s->peers[B].peer), 5);
	assert_int_equal(stand_count(s, BGP_VIEW_ADJ_OUT, s->peers[A].peer), 0);
	assert_true(
	    stand_route(s, BGP_VIEW_ADJ_OUT, s->peers[B].peer, 3, &route));
	assert_ptr_equal(route.peer, s->peers[A].peer);
	assert_int_equal(bgp_reflect_stamp(s->peers[B].peer, &route, &parts),
			 BGP_OK);
	len = bgp_update_encode(&s->peers[B].codec, &parts, msg, sizeof msg,
				&taken);
	assert_true(len > 0);
	assert_int_equal(taken, 1);
	memcpy(s->peers[X].stream, msg, (size_t)len);
	assert_int_equal(bgp_update_decode(&s->peers[B].codec, msg, (size_t)len,
					   &update, &fault),
			 BGP_OK);
	assert_int_equal(
	    bgp_attr_find(update.attrs, update.attr_count, BGP_ATTR_MED)
		->value[3],
	    s->peers[B].held[3].med);
	assert_memory_equal(bgp_attr_find(update.attrs, update.attr_count,
					  BGP_ATTR_CLUSTER_LIST)
				->value,
			    "\x0a\0\0\xff", 4);
	assert_memory_equal(update.reach[0].next_hop.octets,
			    s->peers[B].held[3].hop, 4);
	/* To another AS: our own, and no trace of reflection. */
	assert_true(
	    stand_route(s, BGP_VIEW_ADJ_OUT, s->peers[X].peer, 3, &route));
	assert_int_equal(bgp_reflect_stamp(s->peers[X].peer, &route, &parts),
			 BGP_OK);
	assert_null(bgp_attr_find(parts.attrs, parts.attr_count,
				  BGP_ATTR_CLUSTER_LIST));
	assert_memory_equal(parts.next_hop.octets, "\xc0\0\2\x63", 4);
	assert_int_equal(bgp_reflect_leave(s->peers[X].peer), BGP_OK);
	assert_int_equal(bgp_reflect_stamp(s->peers[X].peer, &route, &parts),
			 BGP_ERR_NOENT);
	stand_down(s);
}

/* Octets may be taken at once when the peer is woken. */
static void
test_wake(void **state)
{
	struct stand *s = set_up();
	struct bgp_span span;

	(void)state;
	s->peers[B].lend_in_wake = true;
	for (unsigned round = 0; round < 30; round++) {
		assert_int_equal(stand_update(s, A, 0, 40, round), BGP_OK);
		stand_work(s);
		assert_int_equal(s->peers[B].held[39].med, round);
	}
	assert_true(s->peers[B].wakes >= 30);
	assert_true(s->peers[C].wakes > 0);
	/* C has not read: still it is told the newest alone. */
	stand_rest(s);
	assert_int_equal(s->peers[C].held[39].med, 29);
	assert_int_equal(stand_update(s, A, 0, 1, 99), BGP_OK);
	stand_work(s);
	assert_int_equal(bgp_reflect_lend(s->peers[C].peer, &span, 1), 1);
	assert_int_equal(bgp_reflect_taken(s->peers[C].peer, span.len + 1),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_reflect_taken(s->peers[C].peer, span.len), BGP_OK);
	assert_int_equal(bgp_reflect_lend(s->peers[C].peer, &span, 1), 0);
	stand_down(s);
}

/* In the middle of things nothing is lent; it is, once they are done. */
static void
lend_now(struct stand *s, const struct bgp_fib_route *route)
{
	struct bgp_span span;

	(void)route;
	assert_int_equal(bgp_reflect_lend(s->peers[B].peer, &span, 1), 0);
}

static void
test_lend_from_route(void **state)
{
	struct stand *s = set_up();

	(void)state;
	assert_int_equal(stand_update(s, A, 0, 3, 1), BGP_OK);
	stand_work(s);
	s->on_route = lend_now;
	s->peers[B].lend_in_wake = true;
	s->peers[B].wakes = 0;
	assert_int_equal(stand_update(s, A, 10, 1, 1), BGP_OK);
	assert_int_equal(bgp_rib_tick(s->rib, 1), BGP_OK);
	assert_true(s->peers[B].wakes > 0);
	assert_int_equal(holds(s, B), 3);
	stand_rest(s);
	assert_int_equal(holds(s, B), 4);
	stand_down(s);
}

/* What is refused while a peer is joined, and while it is not. */
static void
test_states(void **state)
{
	struct bgp_reflect_peer_options o = BGP_REFLECT_PEER_OPTIONS_INIT;
	struct bgp_reflect_options ro = BGP_REFLECT_OPTIONS_INIT;
	struct bgp_rib_peer_options ribo;
	struct stand *s = set_up();
	struct bgp_rib_peer *b = s->peers[B].peer;
	struct bgp_reflect *second;
	struct bgp_span span;

	(void)state;
	assert_int_equal(stand_join(s, B), BGP_ERR_EXIST);
	assert_int_equal(bgp_rib_peer_remove(b), BGP_ERR_STATE);
	ribo = stand_options(s, B, BGP_KIND_NON_CLIENT);
	assert_int_equal(bgp_rib_peer_configure(b, &ribo), BGP_ERR_STATE);
	assert_int_equal(bgp_rib_del(s->rib), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_new(&second, s->rib, &ro, NULL),
			 BGP_ERR_EXIST);
	assert_int_equal(bgp_reflect_join(s->reflect, bgp_rib_local(s->rib),
					  &s->peers[B].codec, &o),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_reflect_leave(b), BGP_OK);
	assert_int_equal(bgp_reflect_leave(b), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_configure(b, &o), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_refresh(b, 0), BGP_ERR_STATE);
	assert_int_equal(bgp_reflect_lend(b, &span, 1), 0);
	assert_int_equal(bgp_reflect_taken(b, 1), BGP_ERR_INVALID);
	assert_int_equal(bgp_reflect_rest(b).len, 0);
	assert_int_equal(bgp_rib_peer_configure(b, &ribo), BGP_OK);
	assert_int_equal(bgp_rib_peer_kind(b), BGP_KIND_NON_CLIENT);
	assert_int_equal(bgp_rib_peer_remove(b), BGP_OK);
	s->peers[B].peer = NULL;
	stand_rest(s);
	stand_down(s);
}

/* The RIB lives on without its reflection, and may have another. */
static void
test_without_reflection(void **state)
{
	struct bgp_reflect_options ro = BGP_REFLECT_OPTIONS_INIT;
	struct bgp_reflect_info out = BGP_REFLECT_INFO_INIT;
	struct bgp_rib_info info = BGP_RIB_INFO_INIT;
	struct stand *s = set_up();

	(void)state;
	assert_int_equal(stand_update(s, A, 0, 20, 1), BGP_OK);
	stand_rest(s);
	bgp_reflect_info(s->reflect, &out);
	assert_int_equal(out.peer_count, STAND_PEERS);
	assert_true(out.octets_adj_out > 0 && out.group_count >= 3);
	bgp_rib_info(s->rib, &info);
	assert_int_equal(info.octets + out.octets, s->octets);
	/* Destinations that live for their Adj-RIB-Out alone go with it. */
	assert_int_equal(stand_update(s, A, 0, 10, UINT32_MAX), BGP_OK);
	while (bgp_rib_busy(s->rib))
		bgp_rib_tick(s->rib, 1);
	assert_int_equal(bgp_reflect_del(s->reflect), BGP_OK);
	bgp_rib_info(s->rib, &info);
	assert_int_equal(info.destination_count, 10);
	assert_int_equal(info.attrs_count, 1);
	assert_int_equal(info.octets, s->octets);
	assert_int_equal(stand_update(s, A, 5, 10, 2), BGP_OK);
	while (bgp_rib_busy(s->rib))
		bgp_rib_tick(s->rib, 1);
	assert_int_equal(bgp_reflect_new(&s->reflect, s->rib, &ro, NULL),
			 BGP_OK);
	assert_int_equal(stand_join(s, B), BGP_OK);
	stand_rest(s);
	assert_int_equal(holds(s, B), 15);
	assert_int_equal(bgp_rib_peer_remove(s->peers[A].peer), BGP_OK);
	s->peers[A].peer = NULL;
	stand_rest(s);
	assert_int_equal(holds(s, B), 0);
	stand_down(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reflects),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_many_sessions),
		cmocka_unit_test(test_configure_and_refresh),
		cmocka_unit_test(test_stamp),
		cmocka_unit_test(test_wake),
		cmocka_unit_test(test_lend_from_route),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_without_reflection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
