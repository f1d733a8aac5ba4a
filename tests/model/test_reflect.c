/*
 * test_reflect.c - random routes through RIB and update groups, against an
 * oracle that knows nothing of either.
 *
 * Twenty peers of all kinds announce, withdraw, fall asleep, read in odd
 * pieces, ask for refresh, change their policy and restart; next hops come and
 * go; in hard times every tenth allocation fails.  Every so often all is let
 * come to rest: then each receiver must hold exactly what the oracle says it
 * should, and the RIB's best must be the oracle's best.
 *
 * The oracle keeps a plain matrix of who said what, eliminates over lists, and
 * writes down RFC 4456 once more.  EVENTS=n and SEED=n change the run.
 *
 * The same events happen to IPv4 routes, to VPNv4 routes whose labels change,
 * and to EVPN prefixes whose segment, gateway and label change: a receiver must
 * hold the very NLRI that the best peer said last.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"

#include "libbgp/base/octets.h"
#include "libbgp/reflect/group.h"

enum { PEERS = 20, PREFIXES = 200, HOPS = 4, STREAM = 1 << 20 };

#define LOCAL_AS  65000
#define ROUTER_ID 0x0a000001
#define CLUSTER   0x0a0000ff

/* --------------------------------------------------------------- chance */

static uint64_t seed = 1;

static uint32_t
chance(uint32_t below)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) % below);
}

/* --------------------------------------------------------- what is said */

/* A route in the oracle's own words. */
struct said {
	bool there;
	uint32_t local_pref, med, originator;
	uint32_t path[4], clusters[3];
	unsigned path_len, cluster_count, origin, hop;
	bool has_med, has_originator;
	unsigned label; /* and whatever else is not part of the key */
};

static struct said said[PEERS][PREFIXES];
static struct bgp__table *table;
static bool hop_up[HOPS];
static uint32_t hop_cost[HOPS];

static enum bgp_kind
kind_of(unsigned peer)
{
	static const enum bgp_kind kinds[12] = {
		BGP_KIND_CLIENT,     BGP_KIND_CLIENT,     BGP_KIND_CLIENT,
		BGP_KIND_CLIENT,     BGP_KIND_CLIENT,     BGP_KIND_NON_CLIENT,
		BGP_KIND_NON_CLIENT, BGP_KIND_NON_CLIENT, BGP_KIND_EBGP,
		BGP_KIND_EBGP,       BGP_KIND_EBGP,       BGP_KIND_CLIENT,
	};

	return kinds[peer % 12];
}

static void
make_internal(struct said *s)
{
	s->has_originator = true;
	s->originator = 0x0b000000 + chance(3);
	if (chance(8) == 0)
		s->originator = ROUTER_ID;
	s->cluster_count = 1 + chance(3);
	for (unsigned i = 0; i < s->cluster_count; i++)
		s->clusters[i] = 0x0c000000 + chance(4);
	if (chance(8) == 0)
		s->clusters[0] = CLUSTER;
}

static void
make_said(struct said *s, unsigned peer)
{
	/* The same with another label, or with the same one. */
	if (s->there && chance(4) == 0) {
		s->label = chance(3);
		return;
	}
	memset(s, 0, sizeof *s);
	s->there = true;
	s->label = chance(3);
	s->local_pref = 100;
	s->origin = chance(3) / 2;
	s->path_len = 1 + chance(2);
	for (unsigned i = 0; i < s->path_len; i++)
		s->path[i] = 64000 + chance(3);
	if (chance(40) == 0)
		s->path[0] = LOCAL_AS;
	s->has_med = chance(2) != 0;
	s->med = s->has_med ? chance(3) : 0;
	s->hop = chance(HOPS);
	if (kind_of(peer) == BGP_KIND_EBGP)
		return;
	s->local_pref += chance(2) * chance(2) * 10;
	if (chance(4) == 0)
		make_internal(s);
}

static void
put_attr(struct bgp__writer *w, unsigned flags, unsigned code,
	 const uint32_t *values, unsigned count)
{
	bgp__write8(w, flags);
	bgp__write8(w, code);
	bgp__write8(w, 4 * count);
	for (unsigned i = 0; i < count; i++)
		bgp__write32(w, values[i]);
}

static size_t
write_said(const struct said *s, bool ebgp, uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, size);

	bgp__write(&w, "\x40\x01\x01", 3);
	bgp__write8(&w, s->origin);
	bgp__write(&w, "\x40\x02", 2);
	bgp__write8(&w, 2 + 4 * s->path_len);
	bgp__write8(&w, 2);
	bgp__write8(&w, s->path_len);
	for (unsigned i = 0; i < s->path_len; i++)
		bgp__write32(&w, s->path[i]);
	if (s->has_med)
		put_attr(&w, 0x80, 4, &s->med, 1);
	if (!ebgp)
		put_attr(&w, 0x40, 5, &s->local_pref, 1);
	if (s->has_originator)
		put_attr(&w, 0x80, 9, &s->originator, 1);
	if (s->cluster_count > 0)
		put_attr(&w, 0x80, 10, s->clusters, s->cluster_count);
	assert_false(w.bad);
	return bgp__written(&w);
}

/* ------------------------------------------------------------ the oracle */

static bool
is_usable(const struct said *s)
{
	if (!s->there || !hop_up[s->hop])
		return false;
	for (unsigned i = 0; i < s->path_len; i++)
		if (s->path[i] == LOCAL_AS)
			return false;
	if (s->has_originator && s->originator == ROUTER_ID)
		return false;
	for (unsigned i = 0; i < s->cluster_count; i++)
		if (s->clusters[i] == CLUSTER)
			return false;
	return true;
}

static uint32_t
id_of(unsigned peer)
{
	return 0x0a000100 + peer;
}

static uint32_t
rank_id(const struct said *s, unsigned peer)
{
	return s->has_originator ? s->originator : id_of(peer);
}

/* Is a worse than b in this step?  RFC 4271 9.1.2.2 in its own order. */
static bool
is_worse(unsigned step, unsigned prefix, unsigned a, unsigned b)
{
	const struct said *x = &said[a][prefix], *y = &said[b][prefix];
	bool xe = kind_of(a) == BGP_KIND_EBGP;
	bool ye = kind_of(b) == BGP_KIND_EBGP;

	switch (step) {
	case 0:
		return x->local_pref < y->local_pref;
	case 1:
		return x->path_len > y->path_len;
	case 2:
		return x->origin > y->origin;
	case 3:
		return x->path[0] == y->path[0] && x->med > y->med;
	case 4:
		return !xe && ye;
	case 5:
		return hop_cost[x->hop] > hop_cost[y->hop];
	case 6:
		return rank_id(x, a) > rank_id(y, b);
	case 7:
		return x->cluster_count > y->cluster_count;
	default:
		return a > b;
	}
}

static void
eliminate(unsigned step, unsigned prefix, bool *in)
{
	bool out[PEERS] = { false };

	for (unsigned a = 0; a < PEERS; a++)
		for (unsigned b = 0; in[a] && b < PEERS; b++)
			if (in[b] && is_worse(step, prefix, a, b))
				out[a] = true;
	for (unsigned a = 0; a < PEERS; a++)
		in[a] = in[a] && !out[a];
}

static int
oracle_best(unsigned prefix)
{
	bool in[PEERS];
	int best = -1;

	for (unsigned p = 0; p < PEERS; p++)
		in[p] = is_usable(&said[p][prefix]);
	for (unsigned step = 0; step < 9; step++)
		eliminate(step, prefix, in);
	for (unsigned p = 0; p < PEERS; p++)
		if (in[p]) {
			assert_int_equal(best, -1);
			best = (int)p;
		}
	return best;
}

/* RFC 4271 5.1: what an external peer reads. */
static size_t
oracle_external(struct said *s, uint8_t *buf, size_t size)
{
	memmove(s->path + 1, s->path, sizeof s->path - sizeof *s->path);
	s->path[0] = LOCAL_AS;
	s->path_len++;
	s->has_med = s->has_originator = false;
	s->cluster_count = 0;
	return write_said(s, true, buf, size);
}

/* RFC 4456 8: what an internal peer reads of another internal one's route. */
static size_t
oracle_reflected(struct said *s, unsigned from, uint8_t *buf, size_t size)
{
	uint32_t list[4] = { CLUSTER, s->clusters[0], s->clusters[1],
			     s->clusters[2] };
	unsigned count = s->cluster_count + 1;
	struct bgp__writer w = bgp__writer(buf, size);

	if (!s->has_originator)
		s->originator = id_of(from);
	s->has_originator = true;
	s->cluster_count = 0;
	w.at += write_said(s, false, buf, size);
	put_attr(&w, 0x80, 10, list, count);
	return bgp__written(&w);
}

/* The octets a receiver must hold, canonical; 0: it must hold nothing.  Our own
 * next hop towards another AS only where routes have no labels. */
static size_t
oracle_told(unsigned prefix, unsigned to, uint8_t *buf, size_t size,
	    unsigned *hop, unsigned *label)
{
	int from = oracle_best(prefix);
	enum bgp_kind a, b = kind_of(to);
	struct said s;

	if (from < 0 || (unsigned)from == to)
		return 0;
	a = kind_of((unsigned)from);
	if (a == BGP_KIND_NON_CLIENT && b == BGP_KIND_NON_CLIENT)
		return 0;
	s = said[from][prefix];
	*hop = b == BGP_KIND_EBGP && !table->hop_bound ? HOPS : s.hop;
	*label = s.label;
	if (b == BGP_KIND_EBGP)
		return oracle_external(&s, buf, size);
	if (a != BGP_KIND_EBGP)
		return oracle_reflected(&s, (unsigned)from, buf, size);
	return write_said(&s, false, buf, size);
}

/* ---------------------------------------------------------- under test */

static struct bgp__mem mem;
static struct bgp_rib rib;
static struct bgp__groups *groups;
static struct bgp__batch *batch;
static struct bgp_rib_peer sources[PEERS];
static struct bgp__member members[PEERS];

/* What a receiver holds, read from its octets. */
struct held {
	uint8_t octets[256];
	size_t len;
	unsigned hop;
	uint8_t nlri[64];
	size_t nlri_len;
};

static struct receiver {
	uint8_t stream[STREAM];
	size_t len;
	struct held held[PREFIXES];
	unsigned eor;
	bool up;
	bool asleep;
	bool awake; /* was woken, or still had octets when it read last */
} receivers[PEERS];

static bool no_shortcuts;
static bool hard_times;
static int policies[2]; /* two contexts of the same policy */

static void *
host_resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	(void)ctx;
	(void)old_len;
	if (new_len == 0) {
		free(ptr);
		return NULL;
	}
	if (hard_times && chance(10) == 0)
		return NULL;
	return realloc(ptr, new_len);
}

static struct bgp_codec codec = {
	.as4 = true,
	.message_in_max = BGP_MESSAGE_MAX,
	.message_out_max = BGP_MESSAGE_MAX,
	.family_count = 1,
};

static void
on_wake(void *ctx)
{
	((struct receiver *)ctx)->awake = true;
}

static void
hop_octets(unsigned hop, uint8_t *octets)
{
	memcpy(octets, "\xc0\x00\x02", 3);
	octets[3] = (uint8_t)(hop + 1);
}

/* ------------------------------------------------- what routes look like */

static size_t
write_ipv4(uint8_t *to, unsigned prefix, unsigned label)
{
	(void)label;
	memcpy(to, "\x18\x0a\x01", 3);
	to[3] = (uint8_t)prefix;
	return 4;
}

static size_t
write_vpn(uint8_t *to, unsigned prefix, unsigned label)
{
	memcpy(to,
	       "\x70\x00\x06\x01"
	       "\0\0\xfc\0\0\0\0\x64"
	       "\x0a\x01",
	       14);
	to[2] = (uint8_t)label;
	to[14] = (uint8_t)prefix;
	return 15;
}

/* RFC 9136 3.1: distinguisher, segment, tag, bits, prefix, gateway, label. */
static size_t
write_evpn(uint8_t *to, unsigned prefix, unsigned label)
{
	memset(to, 0, 36);
	to[0] = 5;
	to[1] = 34;
	to[11] = (uint8_t)(label & 1);
	to[24] = 24;
	to[25] = 10;
	to[27] = (uint8_t)prefix;
	to[31] = (uint8_t)(label & 2);
	to[35] = (uint8_t)label;
	return 36;
}

static const struct dress {
	bgp_family family;
	size_t hop_len; /* the address stands at its end */
	size_t number;  /* where a prefix's number stands, on the wire */
	size_t (*write)(uint8_t *to, unsigned prefix, unsigned label);
} ipv4 = { BGP_IPV4_UNICAST, 4, 3, write_ipv4 },
  vpn = { BGP_FAMILY(1, 128), 12, 14, write_vpn },
  evpn = { BGP_FAMILY(25, 70), 4, 27, write_evpn }, *dress;

enum { NLRI_MAX = 64 };

/* An NLRI on the wire, and taken off it. */
struct route {
	uint8_t octets[NLRI_MAX];
	struct bgp_nlri_list list;
	struct bgp_nlri nlri;
};

static void
make_route(struct route *r, unsigned prefix, unsigned label)
{
	struct bgp_nlri_list list;

	r->list = (struct bgp_nlri_list){ .family = dress->family,
					  .octets = r->octets };
	r->list.len = (uint16_t)dress->write(r->octets, prefix, label);
	list = r->list;
	assert_true(bgp_nlri_next(&list, &r->nlri));
}

static size_t
write_hop(unsigned hop, uint8_t *to)
{
	memset(to, 0, dress->hop_len);
	hop_octets(hop, to + dress->hop_len - 4);
	return dress->hop_len;
}

/* What some peers receive has path ids: they share no octets with others. */
static bool
reads_ids(unsigned p)
{
	return p % 3 == 2;
}

static struct bgp__group_key
key_of(unsigned p)
{
	struct bgp__group_key key = {
		.kind = kind_of(p),
		.as4 = true,
		.add_path = reads_ids(p),
		.message_max = BGP_MESSAGE_MAX,
		.own_ipv4 = { .len = 4, .octets = { 192, 0, 2, HOPS + 1 } },
		.export_policy = bgp_policy_accept,
		.export_ctx = &policies[chance(2)],
	};

	return key;
}

static void
come_up(unsigned p)
{
	struct bgp__group_key key = key_of(p);
	struct receiver *r = &receivers[p];
	int err = bgp__member_join(groups, &members[p], &key);

	assert_true(err == BGP_OK || (hard_times && err == BGP_ERR_NOMEM));
	r->up = err == BGP_OK;
	r->len = 0;
	r->eor = 0;
	r->asleep = false;
	memset(r->held, 0, sizeof r->held);
}

static void
go_down(unsigned p)
{
	receivers[p].up = false;
	bgp__filings_drop(&rib, &sources[p]);
	bgp__member_leave(&members[p]);
	bgp__adj_in_end(table, &sources[p]);
	for (unsigned i = 0; i < PREFIXES; i++)
		said[p][i].there = false;
}

/* As one call of input ends: whatever was queued is filed. */
static unsigned queuing = PEERS; /* who queues; PEERS: nobody */

static void
settle(void)
{
	if (bgp__filings_settle(&rib) != BGP_OK) {
		assert_true(hard_times);
		go_down(queuing);
	}
	queuing = PEERS;
}

/* Half of all NLRI go in one by one, half through the queue. */
static int
file(unsigned p, unsigned prefix, struct bgp_attrs *attrs)
{
	struct bgp__key key;
	struct route r;

	make_route(&r, prefix,
		   attrs != NULL ? said[p][prefix].label : chance(3));
	if (queuing != p)
		settle();
	if (chance(8) == 0)
		settle();
	if (!receivers[p].up)
		return BGP_OK;
	if (chance(2) == 0) {
		queuing = p;
		return bgp__filings_push(table, &sources[p], r.list, attrs);
	}
	settle();
	if (!receivers[p].up)
		return BGP_OK;
	bgp__key_of(table, &r.nlri, &key);
	if (attrs != NULL)
		return bgp__adj_in_add(table, &sources[p], &key, 0, attrs);
	assert_true(bgp__adj_in_remove(table, &sources[p], &key, 0) == BGP_OK ||
		    !said[p][prefix].there);
	return BGP_OK;
}

static void
announce(unsigned p, unsigned prefix)
{
	uint8_t block[256], hop[16];
	struct said *s = &said[p][prefix];
	struct bgp_attrs *attrs;
	size_t len;

	make_said(s, p);
	len = write_said(s, kind_of(p) == BGP_KIND_EBGP, block, sizeof block);
	attrs = bgp__attrs_intern(&rib.attrs, block, len, hop,
				  write_hop(s->hop, hop),
				  (struct bgp__hop_from){ 0 });
	if (attrs == NULL || file(p, prefix, attrs) != BGP_OK) {
		assert_true(hard_times);
		go_down(p);
	}
	bgp__attrs_unref(&rib.attrs, attrs);
}

static void
withdraw(unsigned p, unsigned prefix)
{
	if (file(p, prefix, NULL) != BGP_OK) {
		assert_true(hard_times);
		go_down(p);
	}
	said[p][prefix].there = false;
}

/* -------------------------------------------------------------- reading */

/* The place of an NLRI, told as this one was. */
static struct held *
place_of(struct receiver *r, const struct bgp_nlri *nlri)
{
	size_t head = nlri->bits != 0 ? 1 : 0;
	unsigned prefix = nlri->octets[dress->number - head];

	assert_true(prefix < PREFIXES);
	assert_true(nlri->len <= NLRI_MAX);
	return &r->held[prefix];
}

static void
hold(struct receiver *r, const struct bgp_update *update,
     struct bgp_nlri_list list, bool reach)
{
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri)) {
		struct held *h = place_of(r, &nlri);
		int len = 0;

		if (reach) {
			len = bgp_attrs_canonical(&codec, update, h->octets,
						  sizeof h->octets);
			assert_true(len > 0);
			assert_int_equal(list.next_hop.len, dress->hop_len);
			h->hop = list.next_hop.octets[dress->hop_len - 1] - 1u;
			h->nlri_len = nlri.len;
			memcpy(h->nlri, nlri.octets, nlri.len);
		}
		h->len = (size_t)len;
	}
}

static void
read_message(struct receiver *r, const uint8_t *msg, size_t len)
{
	struct bgp_update u;
	struct bgp_fault fault;

	codec.families[0].add_path_in = reads_ids((unsigned)(r - receivers));
	assert_int_equal(bgp_update_decode(&codec, msg, len, &u, &fault),
			 BGP_OK);
	assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
	r->eor += u.eor != 0;
	for (unsigned i = 0; i < u.unreach_count; i++)
		hold(r, &u, u.unreach[i], false);
	for (unsigned i = 0; i < u.reach_count; i++)
		hold(r, &u, u.reach[i], true);
}

static void
parse(struct receiver *r)
{
	size_t at = 0, len;

	while (r->len - at >= 19 &&
	       (len = bgp__load16(r->stream + at + 16)) <= r->len - at) {
		read_message(r, r->stream + at, len);
		at += len;
	}
	memmove(r->stream, r->stream + at, r->len - at);
	r->len -= at;
}

/* Takes at most `most` octets; false: there was nothing. */
static bool
read_some(unsigned p, size_t most)
{
	struct bgp_span spans[5], rest;
	struct receiver *r = &receivers[p];
	size_t count, taken = 0, n;

	/* A host asks only who was woken. */
	if (!r->awake)
		return false;
	count = bgp__member_lend(&members[p], spans, 1 + chance(5));
	r->awake = count > 0;

	for (size_t i = 0; i < count && taken < most; i++) {
		n = spans[i].len < most - taken ? spans[i].len : most - taken;
		assert_true(r->len + n <= sizeof r->stream);
		memcpy(r->stream + r->len, spans[i].octets, n);
		r->len += n;
		taken += n;
	}
	bgp__member_taken(&members[p], taken);
	rest = bgp__member_rest(&members[p]);
	parse(r);
	assert_int_equal(rest.len > 0, r->len > 0);
	return count > 0;
}

/* ----------------------------------------------------------------- work */

static void
work(uint32_t budget)
{
	for (unsigned p = 0; p < PEERS; p++)
		bgp__adj_in_sweep(table, &sources[p], budget);
	if (rib.next_hops.changed)
		table->hop_sweep = 1;
	rib.next_hops.changed = false;
	if (bgp__loc_rib_hops(table, budget * 8))
		bgp__next_hops_settle(&rib.next_hops);
	bgp__loc_rib_run(table, budget);
	bgp__groups_run(groups, budget);
}

static bool
is_swept(void)
{
	for (unsigned p = 0; p < PEERS; p++)
		if (sources[p].in[0].sweep != 0)
			return false;
	return table->hop_sweep == 0 && !rib.next_hops.changed;
}

static void
come_to_rest(void)
{
	bool more = true;

	for (unsigned turn = 0; more; turn++) {
		assert_true(turn < 10000);
		work(1000);
		more = !is_swept() || table->changed.count > 0 ||
		    bgp__groups_busy(groups);
		for (unsigned p = 0; p < PEERS; p++)
			while (receivers[p].up && read_some(p, STREAM / 2))
				more = true;
	}
}

static void
check_receiver(unsigned p)
{
	const struct bgp__member *m = &members[p];
	uint8_t want[256];
	unsigned hop = 0, label = 0, count = 0;
	struct route r;

	for (unsigned i = 0; i < PREFIXES; i++) {
		const struct held *h = &receivers[p].held[i];
		size_t len = oracle_told(i, p, want, sizeof want, &hop, &label);

		assert_int_equal(h->len, len);
		assert_memory_equal(h->octets, want, len);
		count += len > 0;
		if (len == 0)
			continue;
		assert_int_equal(h->hop, hop);
		make_route(&r, i, label);
		assert_int_equal(h->nlri_len, r.nlri.len);
		assert_memory_equal(h->nlri, r.nlri.octets, h->nlri_len);
	}
	assert_int_equal(receivers[p].eor, 1);
	assert_int_equal(m->group->out_count - m->group->own_outs[m->source],
			 count);
	assert_false(m->behind);
}

static void
check_best(void)
{
	uint32_t best_count = 0, said_count = 0, dest, best_of[PEERS] = { 0 };
	const struct bgp__dest *d;
	struct bgp__key key;
	struct route r;

	for (unsigned i = 0; i < PREFIXES; i++) {
		int best = oracle_best(i);

		make_route(&r, i, chance(3));
		bgp__key_of(table, &r.nlri, &key);
		dest = bgp__dest_find(table, &key);
		if (best < 0) {
			assert_true(dest == 0 ||
				    !(bgp__dest_at(table, dest)->flags &
				      BGP__DEST_BEST));
			continue;
		}
		assert_int_not_equal(dest, 0);
		d = bgp__dest_at(table, dest);
		assert_true(d->flags & BGP__DEST_BEST);
		assert_int_equal(bgp__path_at(table, d->paths)->source,
				 sources[best].number);
		best_count++;
		best_of[best]++;
	}
	assert_int_equal(table->best_count, best_count);
	for (unsigned p = 0; p < PEERS; p++) {
		assert_int_equal(sources[p].in[table->number].best, best_of[p]);
		for (unsigned i = 0; i < PREFIXES; i++)
			said_count += said[p][i].there;
	}
	assert_int_equal(table->paths.live, said_count);
}

static void
check_all(void)
{
	settle();
	come_to_rest();
	check_best();
	for (unsigned p = 0; p < PEERS; p++)
		if (receivers[p].up)
			check_receiver(p);
}

/* --------------------------------------------------------------- events */

static void
flap_hop(void)
{
	unsigned hop = chance(HOPS);
	struct bgp_addr addr = { .len = 4 };

	hop_up[hop] = chance(4) != 0;
	hop_cost[hop] = chance(3);
	hop_octets(hop, addr.octets);
	bgp__next_hop_set(&rib.next_hops, &addr, hop_up[hop], hop_cost[hop]);
}

static void
move(unsigned p)
{
	struct bgp__group_key key = key_of(p);
	int err = bgp__member_move(&members[p], &key);

	assert_true(err == BGP_OK || (hard_times && err == BGP_ERR_NOMEM));
}

static void
event(void)
{
	unsigned p = chance(PEERS), prefix = chance(PREFIXES);
	unsigned what = chance(1000);

	if (!receivers[p].up || what >= 650)
		settle();
	if (!receivers[p].up) {
		if (what < 200)
			come_up(p);
	} else if (what < 450) {
		announce(p, prefix);
	} else if (what < 650) {
		withdraw(p, prefix);
	} else if (what < 900) {
		if (!receivers[p].asleep)
			read_some(p, 1 + chance(2000));
	} else if (what < 980) {
		work(1 + chance(50));
	} else if (what < 987) {
		flap_hop();
	} else if (what < 993) {
		receivers[p].asleep = !receivers[p].asleep;
	} else if (what < 995) {
		if (bgp__member_refresh(&members[p]) != BGP_OK)
			go_down(p);
	} else if (what < 997) {
		move(p);
	} else {
		go_down(p);
	}
}

/* A next hop is known to the RIB only while used; the host answers at once. */
static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	unsigned hop = addr->octets[3] - 1u;

	(void)ctx;
	if (hop < HOPS)
		bgp__next_hop_set(&rib.next_hops, addr, hop_up[hop],
				  hop_cost[hop]);
}

static void
set_up_rib(void)
{
	struct bgp_allocator host = { host_resize, NULL };

	bgp__mem_init(&mem, &host);
	memset(&rib, 0, sizeof rib);
	assert_int_equal(bgp__rib_init(&rib, &mem, 7), BGP_OK);
	rib.local_as = LOCAL_AS;
	rib.no_shortcuts = no_shortcuts;
	rib.equal_paths = 1;
	rib.attrs.router_id = ROUTER_ID;
	rib.attrs.cluster_id = CLUSTER;
	rib.attrs.local_as = LOCAL_AS;
	rib.next_hops.watch = on_watch;
	batch = bgp__mem_get(&mem, sizeof *batch);
	assert_int_equal(bgp__rib_table(&rib, dress->family, &table), BGP_OK);
	codec.families[0].family = dress->family;
	groups = bgp__groups_new(table, batch);
	assert_non_null(groups);
	groups->router_id = ROUTER_ID;
	groups->cluster_id = CLUSTER;
	groups->local_as = LOCAL_AS;
	groups->client_to_client = true;
	groups->chunk_size = 1u << 13; /* small, so that logs fill up */
	groups->queue_max = 1u << 15;
	for (unsigned h = 0; h < HOPS; h++)
		hop_up[h] = true;
}

static void
set_up_peers(void)
{
	memset(sources, 0, sizeof sources);
	memset(members, 0, sizeof members);
	for (unsigned p = 0; p < PEERS; p++) {
		sources[p].kind = kind_of(p);
		sources[p].router_id = id_of(p);
		sources[p].address.len = 4;
		sources[p].address.octets[3] = (uint8_t)(p + 1);
		sources[p].import_policy = bgp_policy_accept;
		assert_int_equal(bgp__rib_add_source(&rib, &sources[p]),
				 BGP_OK);
		members[p].source = sources[p].number;
		members[p].wake = on_wake;
		members[p].ctx = &receivers[p];
		come_up(p);
	}
}

static void
tear_down(void)
{
	settle();
	for (unsigned p = 0; p < PEERS; p++)
		if (receivers[p].up)
			go_down(p);
	come_to_rest();
	assert_int_equal(table->dests.live, 0);
	assert_int_equal(table->paths.live, 0);
	assert_int_equal(groups->outs.live, 0);
	assert_int_equal(rib.attrs.count, 0);
	assert_int_equal(rib.nlri.count, 0);
	assert_int_equal(table->exts.live, 0);
	for (unsigned p = 0; p < PEERS; p++)
		assert_int_equal(sources[p].refs, 0);
	bgp__groups_del(groups);
	bgp__mem_put(&mem, batch, sizeof *batch);
	bgp__rib_fini(&rib);
	assert_int_equal(mem.octets, 0);
}

static unsigned long
setting(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

static void
run(const struct dress *as, unsigned long events)
{
	dress = as;
	seed = setting("SEED", 1);
	set_up_rib();
	set_up_peers();
	for (unsigned long i = 1; i <= events; i++) {
		event();
		if (i % 20000 == 12000)
			hard_times = true;
		if (i % 2000 != 0)
			continue;
		if (i % 20000 == 0)
			hard_times = false;
		if (!hard_times)
			check_all();
	}
	hard_times = false;
	tear_down();
}

static void
test_ipv4(void **state)
{
	(void)state;
	run(&ipv4, setting("EVENTS", 1000000));
}

static void
test_without_shortcuts(void **state)
{
	(void)state;
	no_shortcuts = true;
	run(&ipv4, setting("EVENTS", 1000000) / 4);
	no_shortcuts = false;
}

static void
test_vpn(void **state)
{
	(void)state;
	run(&vpn, setting("EVENTS", 1000000) / 2);
}

static void
test_evpn(void **state)
{
	(void)state;
	run(&evpn, setting("EVENTS", 1000000) / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_without_shortcuts),
		cmocka_unit_test(test_vpn),
		cmocka_unit_test(test_evpn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
