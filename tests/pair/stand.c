/*
 * stand.c - a small reflector made of bgp/rib.h, bgp/reflect.h and bgp/codec.h.
 */
#include "stand.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ memory */

static void *
resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	struct stand *stand = ctx;
	void *to = NULL;

	if (new_len > 0) {
		if (++stand->calls == stand->fail_at)
			return NULL;
		to = malloc(new_len);
		if (to != NULL && ptr != NULL)
			memcpy(to, ptr, old_len < new_len ? old_len : new_len);
	}
	free(ptr);
	stand->octets += new_len - old_len;
	return to;
}

/* --------------------------------------------------------------- callbacks */

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	struct stand *stand = ctx;

	stand->routes++;
	if (stand->on_route != NULL)
		stand->on_route(stand, route);
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	struct stand *stand = ctx;

	stand->watched++;
	assert_int_equal(bgp_rib_next_hop(stand->rib, addr, true, 10), BGP_OK);
}

static void
on_unwatch(void *ctx, const struct bgp_addr *addr)
{
	struct stand *stand = ctx;

	(void)addr;
	stand->unwatched++;
}

static void
on_wake(void *ctx, struct bgp_rib_peer *peer)
{
	struct stand_peer *p = bgp_rib_peer_user(peer);

	assert_ptr_equal(p->stand, ctx);
	p->wakes++;
	if (p->lend_in_wake)
		stand_read(p->stand, (unsigned)(p - p->stand->peers), 1000);
}

/* ---------------------------------------------------------------- lifetime */

int
stand_up(struct stand *stand, bool watches)
{
	struct bgp_rib_options o = BGP_RIB_OPTIONS_INIT;
	struct bgp_rib_events e = BGP_RIB_EVENTS_INIT;
	struct bgp_reflect_options ro = BGP_REFLECT_OPTIONS_INIT;
	struct bgp_reflect_events re = BGP_REFLECT_EVENTS_INIT;
	int err;

	o.alloc.resize = resize;
	o.alloc.ctx = stand;
	o.local_as = STAND_AS;
	o.router_id = STAND_ID;
	o.cluster_id = STAND_CLUSTER;
	o.budget = 16;
	e.ctx = re.ctx = stand;
	e.route = on_route;
	if (watches) {
		e.next_hop_watch = on_watch;
		e.next_hop_unwatch = on_unwatch;
	}
	re.wake = on_wake;
	err = bgp_rib_new(&stand->rib, &o, &e);
	if (err == BGP_OK)
		err = bgp_reflect_new(&stand->reflect, stand->rib, &ro, &re);
	return err;
}

void
stand_down(struct stand *stand)
{
	assert_int_equal(bgp_reflect_del(stand->reflect), BGP_OK);
	assert_int_equal(bgp_rib_del(stand->rib), BGP_OK);
	assert_int_equal(stand->octets, 0);
	free(stand);
}

/* ------------------------------------------------------------------- peers */

struct bgp_rib_peer_options
stand_options(struct stand *stand, unsigned i, enum bgp_kind kind)
{
	struct bgp_rib_peer_options o = BGP_RIB_PEER_OPTIONS_INIT;

	o.user = &stand->peers[i];
	o.address = (struct bgp_addr){ 4, { 192, 0, 2, (uint8_t)(i + 1) }, 0 };
	o.router_id = 0xc0000201 + i;
	o.kind = kind;
	o.import_policy = bgp_policy_accept;
	return o;
}

int
stand_add(struct stand *stand, unsigned i, enum bgp_kind kind)
{
	struct bgp_rib_peer_options o = stand_options(stand, i, kind);
	struct stand_peer *p = &stand->peers[i];

	p->stand = stand;
	p->codec = (struct bgp_codec){
		.as4 = true,
		.ebgp = kind == BGP_KIND_EBGP,
		.message_in_max = BGP_MESSAGE_MAX,
		.message_out_max = BGP_MESSAGE_MAX,
		.family_count = 2,
		.families = { { .family = BGP_IPV4_UNICAST },
			      { .family = BGP_IPV6_UNICAST } },
	};
	return bgp_rib_peer_add(stand->rib, &o, &p->peer);
}

int
stand_join(struct stand *stand, unsigned i)
{
	struct bgp_reflect_peer_options o = BGP_REFLECT_PEER_OPTIONS_INIT;
	struct stand_peer *p = &stand->peers[i];

	o.own_ipv4 = (struct bgp_addr){ 4, { 192, 0, 2, 99 }, 0 };
	o.export_policy = bgp_policy_accept;
	memset(p->held, 0, sizeof p->held);
	p->len = 0;
	p->eor = p->updates = 0;
	return bgp_reflect_join(stand->reflect, p->peer, &p->codec, &o);
}

/* ------------------------------------------------------------ what they say */

struct bgp_prefix
stand_prefix(unsigned n)
{
	return (struct bgp_prefix){ 4, 16, { 10, (uint8_t)n } };
}

static int
give(struct stand *stand, unsigned i, const struct bgp_update_parts *parts)
{
	struct stand_peer *p = &stand->peers[i];
	uint8_t msg[BGP_MESSAGE_MAX];
	struct bgp_codec codec = p->codec;
	struct bgp_update update;
	struct bgp_fault fault;
	size_t taken;
	int len = bgp_update_encode(&codec, parts, msg, sizeof msg, &taken);

	assert_true(len > 0);
	bgp_rib_recall(p->peer, &codec);
	assert_int_equal(
	    bgp_update_decode(&codec, msg, (size_t)len, &update, &fault),
	    BGP_OK);
	return bgp_rib_update(p->peer, &codec, &update, &fault,
			      ++stand->now_ms);
}

int
stand_update(struct stand *stand, unsigned i, unsigned first, unsigned count,
	     uint32_t med)
{
	bool ebgp = stand->peers[i].codec.ebgp;
	const uint8_t path[] = { 2, 1, 0, 0, 0xfd, (uint8_t)(0xe9 + i) };
	const uint8_t value[] = { (uint8_t)(med >> 24), (uint8_t)(med >> 16),
				  (uint8_t)(med >> 8), (uint8_t)med };
	const uint8_t hop[] = { 192, 0, 2, (uint8_t)(i + 1) };
	const struct bgp_attr attrs[] = {
		{ 0x40, BGP_ATTR_ORIGIN, 1, (const uint8_t *)"" },
		{ 0x40, BGP_ATTR_AS_PATH, sizeof path, path },
		{ 0x80, BGP_ATTR_MED, 4, value },
		{ 0x40, BGP_ATTR_LOCAL_PREF, 4, (const uint8_t *)"\0\0\0\x64" },
	};
	struct bgp_nlri nlri[STAND_PREFIXES];
	struct bgp_prefix prefixes[STAND_PREFIXES];
	struct bgp_update_parts parts = {
		.family = BGP_IPV4_UNICAST,
		.unreach = med == UINT32_MAX,
		.next_hop = { hop, sizeof hop },
		.attrs = attrs,
		.attr_count = ebgp ? 3 : 4,
		.nlri = nlri,
		.nlri_count = count,
	};

	for (unsigned n = 0; n < count; n++) {
		prefixes[n] = stand_prefix(first + n);
		nlri[n] = bgp_prefix_nlri(&prefixes[n]);
	}
	return give(stand, i, &parts);
}

int
stand_end_of_rib(struct stand *stand, unsigned i)
{
	const struct bgp_update_parts parts = { .family = BGP_IPV4_UNICAST };

	return give(stand, i, &parts);
}

/* ------------------------------------------------------- what they are sent */

static uint32_t
number(const struct bgp_update *update, uint8_t code)
{
	const struct bgp_attr *a = bgp_attr_find(update->attrs,
						 update->attr_count, code);

	return a == NULL
	    ? 0
	    : (uint32_t)a->value[0] << 24 | (uint32_t)a->value[1] << 16 |
		(uint32_t)a->value[2] << 8 | a->value[3];
}

static void
hold(struct stand_peer *p, const struct bgp_update *update,
     struct bgp_nlri_list list, bool there)
{
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri)) {
		struct stand_held *h = &p->held[nlri.octets[1]];

		memset(h, 0, sizeof *h);
		h->there = there;
		if (!there)
			continue;
		h->med = number(update, BGP_ATTR_MED);
		h->local_pref = number(update, BGP_ATTR_LOCAL_PREF);
		h->originator = number(update, BGP_ATTR_ORIGINATOR_ID);
		h->clusters = number(update, BGP_ATTR_CLUSTER_LIST);
		h->hop_len = list.next_hop.len;
		memcpy(h->hop, list.next_hop.octets, h->hop_len);
	}
}

static void
parse(struct stand_peer *p)
{
	struct bgp_update update;
	struct bgp_fault fault;
	size_t at = 0;
	uint16_t len;
	uint8_t type;

	while (bgp_frame_decode(p->stream + at, p->len - at, BGP_MESSAGE_MAX,
				&type, &len, &fault) == BGP_OK) {
		assert_int_equal(type, BGP_UPDATE);
		assert_int_equal(bgp_update_decode(&p->codec, p->stream + at,
						   len, &update, &fault),
				 BGP_OK);
		assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
		p->eor += update.eor != 0;
		p->updates += update.eor == 0;
		for (unsigned i = 0; i < update.unreach_count; i++)
			hold(p, &update, update.unreach[i], false);
		for (unsigned i = 0; i < update.reach_count; i++)
			hold(p, &update, update.reach[i], true);
		at += len;
	}
	memmove(p->stream, p->stream + at, p->len - at);
	p->len -= at;
}

void
stand_read(struct stand *stand, unsigned i, size_t piece)
{
	struct stand_peer *p = &stand->peers[i];
	struct bgp_span spans[4];
	size_t count, left, n;

	while ((count = bgp_reflect_lend(p->peer, spans, 4)) > 0) {
		left = piece;
		for (size_t s = 0; s < count && left > 0; s++) {
			n = spans[s].len < left ? spans[s].len : left;
			assert_true(p->len + n <= sizeof p->stream);
			memcpy(p->stream + p->len, spans[s].octets, n);
			p->len += n;
			left -= n;
		}
		assert_int_equal(bgp_reflect_taken(p->peer, piece - left),
				 BGP_OK);
		parse(p);
		/* What is missing of a message is what rest says. */
		if (p->len >= 18)
			assert_int_equal(p->len + bgp_reflect_rest(p->peer).len,
					 p->stream[16] << 8 | p->stream[17]);
	}
}

void
stand_work(struct stand *stand)
{
	unsigned turns = 0;

	while (bgp_rib_busy(stand->rib) || bgp_reflect_busy(stand->reflect)) {
		assert_true(turns++ < 1000);
		assert_int_equal(bgp_rib_tick(stand->rib, ++stand->now_ms),
				 BGP_OK);
		assert_int_equal(bgp_reflect_tick(stand->reflect), BGP_OK);
	}
}

void
stand_rest(struct stand *stand)
{
	stand_work(stand);
	for (unsigned i = 0; i < STAND_PEERS; i++)
		if (stand->peers[i].peer != NULL)
			stand_read(stand, i, 777);
	stand_work(stand);
}

/* ------------------------------------------------------------------- views */

unsigned
stand_count(const struct stand *stand, enum bgp_view view,
	    const struct bgp_rib_peer *peer)
{
	struct bgp_cursor cursor;
	struct bgp_route route;
	unsigned count = 0;
	int more;

	if (bgp_cursor_init(&cursor, stand->rib, view, BGP_IPV4_UNICAST,
			    peer) != BGP_OK)
		return 0;
	while ((more = bgp_cursor_next(&cursor, &route)) != 0)
		count += more == 1;
	return count;
}

bool
stand_route(const struct stand *stand, enum bgp_view view,
	    const struct bgp_rib_peer *peer, unsigned n, struct bgp_route *out)
{
	struct bgp_prefix prefix = stand_prefix(n);
	struct bgp_cursor cursor;

	return bgp_cursor_init(&cursor, stand->rib, view, BGP_IPV4_UNICAST,
			       peer) == BGP_OK &&
	    bgp_cursor_seek(&cursor, &prefix, false) == BGP_OK &&
	    bgp_cursor_next(&cursor, out) == 1;
}
