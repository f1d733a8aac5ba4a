/*
 * fuzz_speaker.c - a reflector, four peers of all kinds, and a host that does
 * anything in any order.
 *
 * An input is a row of operations: an octet whose low half chooses what and
 * whose high half whom, then arguments.
 *
 *   0 up: connect and shake hands    8 announce a route of our own
 *   1 raw octets                     9 withdraw it
 *   2 an UPDATE with this body       a a next hop changes
 *   3 a sound UPDATE from parts,     b reload in, out; refresh
 *     of any family
 *   4 the clock moves                c configure
 *   5 tick                           d disable, enable, restart
 *   6 read some, or all              e remove, add
 *   7 the connection breaks          f an allocation fails; walk all RIBs
 *
 * What must hold: no deadline lies behind the clock once work is done; what a
 * peer reads is whole messages that decode without fault; cursors end; when all
 * is taken down, all memory comes back.
 */
#include "blocks.h"
#include "check.h"

#include "bgp/speaker.h"

enum { PEERS = 4, AS = 65000 };

static struct host {
	struct bgp_speaker *speaker;
	struct bgp_peer *peers[PEERS];
	struct bgp_conn *conns[PEERS];
	struct bgp_conn *closing[PEERS * 8];
	size_t closing_count;
	uint8_t read[PEERS][BGP_MESSAGE_MAX]; /* of a message partly read */
	size_t read_len[PEERS];
	uint64_t now_ms;
	unsigned fail_in;
	size_t octets;
} h;

struct input {
	const uint8_t *at, *end;
};

static uint8_t
next(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* ----------------------------------------------------------------- memory */

static void *
resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	void *fresh;

	(void)ctx;
	if (new_len != 0 && h.fail_in > 0 && --h.fail_in == 0)
		return NULL;
	fresh = new_len != 0 ? block_get(new_len) : NULL;
	CHECK(new_len == 0 || fresh != NULL);
	if (ptr != NULL && fresh != NULL)
		memcpy(fresh, ptr, old_len < new_len ? old_len : new_len);
	h.octets += new_len - (ptr != NULL ? old_len : 0);
	if (ptr != NULL)
		block_put(ptr, old_len);
	return fresh;
}

/* ----------------------------------------------------------------- events */

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	CHECK(h.closing_count < sizeof h.closing / sizeof *h.closing);
	h.closing[h.closing_count++] = conn;
}

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	(void)ctx;
	CHECK((route->op == BGP_FIB_REMOVE) == (route->attrs == NULL));
	CHECK(route->next_hop_count <= 4);
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	(void)ctx;
	if (addr->octets[addr->len - 1] & 1)
		bgp_speaker_next_hop(h.speaker, addr, true, addr->octets[1]);
}

static enum bgp_verdict
policy(void *ctx, const struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
       const struct bgp_attrs *attrs, struct bgp_edit *edit)
{
	unsigned size = nlri->bits != 0 ? nlri->bits : nlri->len;
	struct bgp_attr a;

	(void)ctx;
	(void)peer;
	if (size % 5 == 0)
		return BGP_REJECT;
	if (size % 3 == 0) {
		bgp_edit_prepend(edit, 65001, size);
		bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF, size);
		bgp_edit_remove(edit, BGP_ATTR_MED);
	}
	if (bgp_attrs_get(attrs, BGP_ATTR_COMMUNITIES, &a))
		bgp_edit_set(edit, 0xc0, BGP_ATTR_LARGE_COMMUNITIES, a.value,
			     a.len);
	return BGP_ACCEPT;
}

/* ------------------------------------------------------------------ peers */

/* Beside IPv4 and IPv6: with labels, of types, without a next hop, unknown. */
static const struct bgp_family_offer families[] = {
	{ .family = BGP_IPV4_UNICAST },
	{ .family = BGP_IPV6_UNICAST },
	{ .family = BGP_FAMILY(1, 4) },
	{ .family = BGP_FAMILY(1, 128) },
	{ .family = BGP_FAMILY(25, 70) },
	{ .family = BGP_FAMILY(1, 133) },
	{ .family = BGP_FAMILY(1, 132) },
	{ .family = BGP_FAMILY(16397, 243), .form = BGP_NLRI_LEN16 },
};

enum { FAMILIES = sizeof families / sizeof *families };

static struct bgp_peer_options
options_of(unsigned p, uint8_t variant)
{
	struct bgp_peer_options o = BGP_PEER_OPTIONS_INIT;

	o.family_count = FAMILIES;
	memcpy(o.families, families, sizeof families);
	o.address.len = 4;
	o.address.octets[3] = (uint8_t)(p + 1);
	o.peer_as = p == 3 ? 65099 : AS;
	o.client = p < 2;
	o.passive = true;
	if (variant & 1)
		o.import_policy = policy;
	if (variant & 2 || p == 3)
		o.export_policy = variant & 4 ? policy : bgp_policy_accept;
	if (p == 3 && !(variant & 1))
		o.import_policy = bgp_policy_accept;
	o.next_hop = (variant & 8) != 0 ? BGP_NEXT_HOP_SELF : BGP_NEXT_HOP_AUTO;
	o.prefix_limit = variant & 16 ? 20 : 0;
	o.client = o.client && !(variant & 32);
	o.hold_time_s = variant & 64 ? 30 : 90;
	return o;
}

static void
add(unsigned p, uint8_t variant)
{
	struct bgp_peer_options o = options_of(p, variant);

	if (h.peers[p] == NULL &&
	    bgp_peer_add(h.speaker, &o, &h.peers[p]) != BGP_OK)
		h.peers[p] = NULL;
	if (h.peers[p] != NULL)
		bgp_peer_enable(h.peers[p], h.now_ms);
}

/* What the library has asked to be closed is flushed and closed. */
static void
close_all(void)
{
	struct bgp_span spans[4];
	struct bgp_conn *conn;

	while (h.closing_count > 0) {
		conn = h.closing[--h.closing_count];
		bgp_conn_output(conn, spans, 4);
		for (unsigned p = 0; p < PEERS; p++)
			if (h.conns[p] == conn)
				h.conns[p] = NULL;
		bgp_conn_closed(conn, h.now_ms);
	}
}

static void
feed(unsigned p, const uint8_t *octets, size_t len)
{
	if (h.conns[p] != NULL)
		bgp_conn_input(h.conns[p], octets, len, h.now_ms);
	close_all();
}

static void
feed_message(unsigned p, uint8_t type, const uint8_t *body, size_t len)
{
	uint8_t msg[BGP_MESSAGE_MAX];

	memset(msg, 0xff, 16);
	msg[16] = (uint8_t)((len + 19) >> 8);
	msg[17] = (uint8_t)(len + 19);
	msg[18] = type;
	if (len > 0)
		memcpy(msg + 19, body, len);
	feed(p, msg, len + 19);
}

static void
come_up(unsigned p)
{
	static uint8_t mp[FAMILIES][4];
	const struct bgp_addr local = { .len = 4, .octets = { 192, 0, 2, 1 } };
	uint32_t as = p == 3 ? 65099 : AS;
	uint8_t as4[4] = { 0, 0, (uint8_t)(as >> 8), (uint8_t)as };
	struct bgp_open open = { .version = 4,
				 .hold_time_s = 90,
				 .router_id = 0x0b000001 + p,
				 .as = as };
	uint8_t msg[256], count = 0;
	int len;

	if (h.peers[p] == NULL || h.conns[p] != NULL)
		return;
	bgp_peer_accept(h.peers[p], &local, NULL, h.now_ms, &h.conns[p]);
	h.read_len[p] = 0;
	for (unsigned i = 0; i < FAMILIES; i++) {
		mp[i][0] = (uint8_t)(BGP_AFI(families[i].family) >> 8);
		mp[i][1] = (uint8_t)BGP_AFI(families[i].family);
		mp[i][3] = BGP_SAFI(families[i].family);
		open.capabilities[count++] = (struct bgp_capability){
			BGP_CAP_MP, 4, mp[i]
		};
	}
	open.capabilities[count++] = (struct bgp_capability){ BGP_CAP_REFRESH,
							      0, NULL };
	open.capabilities[count] = (struct bgp_capability){ BGP_CAP_AS4, 4,
							    as4 };
	/* One with 2-octet AS numbers. */
	open.capability_count = p == 1 ? count : (uint8_t)(count + 1);
	len = bgp_open_encode(&open, msg, sizeof msg);
	CHECK(len > 0);
	feed(p, msg, (size_t)len);
	feed_message(p, BGP_KEEPALIVE, NULL, 0);
}

/* ---------------------------------------------------------------- reading */

static const struct bgp_codec reader = {
	.as4 = true,
	.message_in_max = BGP_MESSAGE_MAX,
	.family_count = FAMILIES,
};

static void
read_message(unsigned p, const uint8_t *msg, size_t len)
{
	struct bgp_codec codec = reader;
	struct bgp_update update;
	struct bgp_fault fault;

	for (unsigned i = 0; i < FAMILIES; i++) {
		codec.families[i].family = families[i].family;
		codec.families[i].form = families[i].form;
	}
	codec.as4 = p != 1;
	codec.ebgp = p == 3;
	if (msg[18] != BGP_UPDATE)
		return;
	CHECK(bgp_update_decode(&codec, msg, len, &update, &fault) == BGP_OK);
	CHECK(fault.remedy == BGP_REMEDY_NONE);
}

static void
take(unsigned p, const uint8_t *octets, size_t len)
{
	uint8_t *held = h.read[p];
	size_t want;

	for (size_t i = 0; i < len; i++) {
		held[h.read_len[p]++] = octets[i];
		if (h.read_len[p] < 19)
			continue;
		want = (size_t)held[16] << 8 | held[17];
		CHECK(want >= 19 && want <= BGP_MESSAGE_MAX);
		if (h.read_len[p] == want) {
			read_message(p, held, want);
			h.read_len[p] = 0;
		}
	}
}

static size_t
read_once(unsigned p, size_t most)
{
	struct bgp_span spans[4];
	size_t count, taken = 0, n;

	if (h.conns[p] == NULL)
		return 0;
	count = bgp_conn_output(h.conns[p], spans, 4);
	for (size_t i = 0; i < count && taken < most; i++) {
		n = spans[i].len < most - taken ? spans[i].len : most - taken;
		take(p, spans[i].octets, n);
		taken += n;
	}
	CHECK(bgp_conn_sent(h.conns[p], taken, h.now_ms) == BGP_OK);
	return taken;
}

/* ------------------------------------------------------------- operations */

static size_t
rest(struct input *in, size_t most)
{
	size_t len = next(in), left = (size_t)(in->end - in->at);

	len = len < most ? len : most;
	return len < left ? len : left;
}

/* An NLRI of one of the families, with up to three octets of the input; on the
 * wire.  What is not part of its key changes with the second. */
static size_t
write_nlri(struct input *in, unsigned family, uint8_t *to)
{
	uint8_t a = next(in) & 15, b = next(in);

	memset(to, 0, 48);
	switch (family) {
	case 2: /* label, 10.A/16 */
		memcpy(to, "\x28\0\0\1\x0a", 5);
		to[2] = b;
		to[5] = a;
		return 6;
	case 3: /* label, distinguisher, 10.A/16 */
		memcpy(to, "\x68\0\0\1\0\0\xfc\0\0\0\0\1\x0a", 13);
		to[2] = b;
		to[13] = a;
		return 14;
	case 4: /* type 5: segment, prefix, gateway, label */
		memcpy(to, "\5\x22", 2);
		to[11] = b & 1;
		to[24] = 24;
		to[26] = a;
		to[32] = b;
		to[35] = b;
		return 36;
	case 5: /* destination 10.A/16 */
		memcpy(to, "\4\1\x10\x0a", 4);
		to[4] = a;
		return 5;
	case 6:
		to[0] = a < 8 ? 0 : 32;
		to[4] = a;
		return a < 8 ? 1 : 5;
	case 7: /* of up to 30 octets */
		to[1] = a * 2;
		memset(to + 2, b, a * 2u);
		return 2 + a * 2u;
	default:
		to[0] = 16;
		to[1] = a;
		to[2] = b & 3;
		return 3;
	}
}

/* Octets of a next hop that goes with the family. */
static unsigned
hop_len(unsigned family)
{
	static const uint8_t lens[FAMILIES] = { 4, 16, 4, 12, 4, 0, 4, 4 };

	return lens[family];
}

static void
feed_mp(unsigned p, uint8_t variant, struct input *in)
{
	uint8_t body[256] = { 0 }, *at = body + 4, *mp;
	unsigned family = variant >> 4 & 7, hop = hop_len(family);
	bool reach = (variant & 1) == 0;

	if (reach) {
		memcpy(at, "\x40\1\1\0\x40\2\6\2\1\0\0\xfe\4", 13);
		memcpy(at + 13, "\x40\5\4\0\0\0\x64", 7);
		if (p == 3)
			memcpy(at + 11, "\xfe\x4b", 2);
		at += 20;
	}
	mp = at;
	memcpy(at, reach ? "\x80\x0e" : "\x80\x0f", 2);
	at[3] = (uint8_t)(BGP_AFI(families[family].family) >> 8);
	at[4] = (uint8_t)BGP_AFI(families[family].family);
	at[5] = BGP_SAFI(families[family].family);
	at += 6;
	if (reach) {
		*at = (uint8_t)hop;
		if (hop > 0)
			at[hop] = (uint8_t)(variant >> 1);
		at += hop + 2;
	}
	for (unsigned i = 0; i <= (variant >> 1 & 3u); i++)
		at += write_nlri(in, family, at);
	mp[2] = (uint8_t)(at - mp - 3);
	body[3] = (uint8_t)(at - body - 4);
	feed_message(p, BGP_UPDATE, body, (size_t)(at - body));
}

static void
feed_parts(unsigned p, struct input *in)
{
	uint8_t body[64] = { 0 }, *at = body + 2, variant = next(in);

	if (variant & 0x80) {
		feed_mp(p, variant, in);
		return;
	}
	if (variant & 1) { /* withdraw */
		body[1] = 2;
		*at++ = 8;
		*at++ = next(in);
		at += 2;
		feed_message(p, BGP_UPDATE, body, (size_t)(at - body));
		return;
	}
	memcpy(at, "\0\x1b\x40\1\1\0\x40\2\6\2\1\0\0\xfe\4\x40\3\4", 18);
	memcpy(at + 18, "\xc0\0\2\1\x40\5\4\0\0\0\x64", 11);
	if (p == 3)
		memcpy(at + 13, "\xfe\x4b", 2);
	at[21] = variant >> 4;
	at += 29;
	for (unsigned i = 0; i <= (variant >> 1 & 7u); i++) {
		*at++ = 8;
		*at++ = next(in);
	}
	feed_message(p, BGP_UPDATE, body, (size_t)(at - body));
}

static void
own_route(struct input *in, bool announce)
{
	uint8_t octets[48], family = next(in) % FAMILIES;
	const struct bgp_addr none = { .len = 0 };
	struct bgp_nlri_list list = { .family = families[family].family,
				      .form = families[family].form,
				      .octets = octets };
	struct bgp_attr attr = { .flags = 0xc0 };
	struct bgp_nlri nlri;

	list.len = (uint16_t)write_nlri(in, family, octets);
	CHECK(bgp_nlri_next(&list, &nlri));
	attr.code = next(in);
	attr.len = (uint16_t)rest(in, 40);
	attr.value = in->at;
	in->at += attr.len;
	if (announce)
		bgp_speaker_announce(h.speaker, &nlri, &none, &attr,
				     attr.len > 0);
	else
		bgp_speaker_withdraw(h.speaker, &nlri);
}

/* What a cursor shows it finds. */
static void
find_again(const struct bgp_cursor *cursor, const struct bgp_nlri *nlri)
{
	struct bgp_cursor again = *cursor;
	struct bgp_nlri of_any = *nlri;

	of_any.path_id = 0;
	if (cursor->view == BGP_VIEW_LOC_RIB)
		CHECK(bgp_cursor_find(&again, &of_any) == BGP_OK);
}

static void
walk(void)
{
	struct bgp_speaker_info info;
	struct bgp_peer_info peer_info;
	struct bgp_cursor cursor;
	struct bgp_route route;
	unsigned long steps = 0;
	int more;

	bgp_speaker_info(h.speaker, &info);
	CHECK(info.octets == h.octets);
	for (unsigned p = 0; p < PEERS; p++) {
		if (h.peers[p] == NULL)
			continue;
		bgp_peer_info(h.peers[p], &peer_info);
		for (unsigned i = 0; i < 3 * FAMILIES; i++) {
			if (bgp_cursor_init(&cursor, bgp_speaker_rib(h.speaker),
					    (enum bgp_view)(i / FAMILIES),
					    families[i % FAMILIES].family,
					    bgp_peer_rib(h.peers[p])) != BGP_OK)
				continue;
			while ((more = bgp_cursor_next(&cursor, &route)) != 0) {
				CHECK(++steps < 1000000);
				if (more == 1)
					find_again(&cursor, &route.nlri);
			}
		}
	}
}

static void
break_conn(unsigned p)
{
	struct bgp_conn *conn = h.conns[p];

	if (conn == NULL)
		return;
	h.conns[p] = NULL;
	bgp_conn_closed(conn, h.now_ms);
	close_all();
}

static void
administer(unsigned p, uint8_t how)
{
	if (h.peers[p] == NULL)
		return;
	if (how % 3 == 0)
		bgp_peer_disable(h.peers[p], "fuzz", h.now_ms);
	else if (how % 3 == 1)
		bgp_peer_enable(h.peers[p], h.now_ms);
	else
		bgp_peer_restart(h.peers[p], NULL, h.now_ms);
	close_all();
}

static void
reload(unsigned p, uint8_t how)
{
	bgp_family family = families[how >> 4 & 7].family;
	uint8_t body[] = { (uint8_t)(BGP_AFI(family) >> 8),
			   (uint8_t)BGP_AFI(family), 0, BGP_SAFI(family) };

	if (h.peers[p] == NULL)
		return;
	if (how % 3 == 0)
		bgp_peer_reload_in(h.peers[p]);
	else if (how % 3 == 1)
		bgp_peer_reload_out(h.peers[p]);
	else
		feed_message(p, BGP_ROUTE_REFRESH, body, sizeof body);
}

static void
configure(unsigned p, uint8_t variant)
{
	struct bgp_peer_options o = options_of(p, variant);

	if (h.peers[p] != NULL)
		bgp_peer_configure(h.peers[p], &o, h.now_ms);
	close_all();
}

static void
replace(unsigned p, uint8_t variant)
{
	if (h.peers[p] != NULL) {
		bgp_peer_remove(h.peers[p], h.now_ms);
		h.peers[p] = NULL;
		close_all();
	}
	if (variant & 128)
		add(p, variant);
}

static void
step(struct input *in)
{
	uint8_t op = next(in);
	unsigned p = op >> 4 & 3;
	struct bgp_addr hop = { .len = 4, .octets = { 192, 0, 2, 0 } };
	size_t len;

	switch (op & 15) {
	case 0:
		come_up(p);
		break;
	case 1:
	case 2:
		len = rest(in, 200);
		if ((op & 15) == 1)
			feed(p, in->at, len);
		else
			feed_message(p, BGP_UPDATE, in->at, len);
		in->at += len;
		break;
	case 3:
		feed_parts(p, in);
		break;
	case 4:
		h.now_ms += (uint64_t)next(in) * 500;
		break;
	case 5:
		bgp_speaker_tick(h.speaker, h.now_ms);
		close_all();
		break;
	case 6:
		len = next(in);
		while (read_once(p, len == 0 ? SIZE_MAX : len) > 0 && len == 0)
			;
		break;
	case 7:
		break_conn(p);
		break;
	case 8:
	case 9:
		own_route(in, (op & 15) == 8);
		break;
	case 10:
		hop.octets[3] = next(in) & 15;
		bgp_speaker_next_hop(h.speaker, &hop, hop.octets[3] & 2,
				     hop.octets[3]);
		break;
	case 11:
		reload(p, next(in));
		break;
	case 12:
		configure(p, next(in));
		break;
	case 13:
		administer(p, next(in));
		break;
	case 14:
		replace(p, next(in));
		break;
	default:
		h.fail_in = op & 0x40 ? next(in) : 0;
		walk();
		break;
	}
}

/* Work comes to an end, and then the deadline lies ahead. */
static void
settle(void)
{
	unsigned turns = 0;

	while (bgp_speaker_deadline(h.speaker) <= h.now_ms) {
		bgp_speaker_tick(h.speaker, h.now_ms);
		close_all();
		for (unsigned p = 0; p < PEERS; p++)
			while (read_once(p, SIZE_MAX) > 0)
				;
		CHECK(++turns < 10000);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	struct bgp_speaker_options o = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_speaker_events events = {
		.size = sizeof events,
		.close = on_close,
		.route = on_route,
		.next_hop_watch = on_watch,
	};

	memset(&h, 0, sizeof h);
	h.now_ms = 1;
	o.alloc.resize = resize;
	o.local_as = AS;
	o.router_id = 0x0a000001;
	o.budget = 1 + (next(&in) & 15u);
	o.equal_paths = 4;
	if (bgp_speaker_new(&h.speaker, &o, &events) != BGP_OK)
		return 0;
	for (unsigned p = 0; p < PEERS; p++)
		add(p, 0);
	while (in.at < in.end)
		step(&in);
	h.fail_in = 0;
	settle();
	walk();
	bgp_speaker_del(h.speaker);
	CHECK(h.octets == 0);
	return 0;
}
