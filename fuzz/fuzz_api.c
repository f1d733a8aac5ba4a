/*
 * fuzz_api.c - every function of a speaker in any order, and from inside every
 * callback.
 *
 * An input is a row of calls: an octet that says which, an octet that says of
 * whom, then arguments.  Each callback of the library, policies included, takes
 * an octet too: with its top bit set it makes the call that the rest names.
 *
 * What must hold: inside a callback a function that is not marked [cb] answers
 * BGP_ERR_STATE, all others what their comments name; octets that were lent
 * stay as they were until they are confirmed or their connection ends; memory
 * is what bgp_speaker_info says, and comes back when all is deleted.
 */
#include "blocks.h"
#include "check.h"

#include "bgp/speaker.h"

enum { SPEAKERS = 2, PEERS = 3, CONNS = 24, KEPT = 4, DEPTH = 3, AS = 65000 };

struct conn {
	struct bgp_conn *conn; /* NULL: free */
	unsigned s;
	struct bgp_span spans[4]; /* lent */
	size_t count, lent;
	uint32_t sum; /* of the octets lent */
	bool closing;
};

static struct world {
	const uint8_t *at, *end;
	struct bgp_speaker *speakers[SPEAKERS];
	struct bgp_peer *peers[SPEAKERS][PEERS];
	struct conn conns[CONNS];
	const struct bgp_attrs *kept[SPEAKERS][KEPT];
	uint64_t now_ms;
	unsigned depth;   /* of callbacks */
	unsigned fail_in; /* allocations until one fails; 0: none */
	size_t octets;
} w;

static uint8_t
next(void)
{
	return w.at < w.end ? *w.at++ : 0;
}

/* ----------------------------------------------------------------- memory */

static void *
resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	void *fresh;

	(void)ctx;
	if (new_len != 0 && w.fail_in > 0 && --w.fail_in == 0)
		return NULL;
	fresh = new_len != 0 ? block_get(new_len) : NULL;
	CHECK(new_len == 0 || fresh != NULL);
	if (ptr != NULL && fresh != NULL)
		memcpy(fresh, ptr, old_len < new_len ? old_len : new_len);
	w.octets += new_len - (ptr != NULL ? old_len : 0);
	if (ptr != NULL)
		block_put(ptr, old_len);
	return fresh;
}

/* ------------------------------------------------------- what is lent stays */

static uint32_t
sum_of(const struct conn *c)
{
	uint32_t sum = 1;

	for (size_t i = 0; i < c->count; i++)
		for (size_t at = 0; at < c->spans[i].len; at += 7)
			sum = sum * 31 + c->spans[i].octets[at];
	return sum;
}

static void
forget_lent(struct conn *c)
{
	c->count = c->lent = 0;
}

static void
check_lent(void)
{
	for (unsigned i = 0; i < CONNS; i++)
		if (w.conns[i].conn != NULL && w.conns[i].count > 0)
			CHECK(sum_of(&w.conns[i]) == w.conns[i].sum);
}

/* --------------------------------------------------------------- callbacks */

static void call(unsigned which, unsigned s);

static void
in_callback(void *ctx)
{
	unsigned s = (unsigned)((struct bgp_speaker **)ctx - w.speakers);
	uint8_t octet;

	if (w.depth == DEPTH)
		return;
	octet = next();
	if (!(octet & 0x80))
		return;
	w.depth++;
	call(octet & 0x7f, s);
	w.depth--;
}

static void
on_connect(void *ctx, struct bgp_peer *peer)
{
	(void)peer;
	in_callback(ctx);
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	struct conn *c = bgp_conn_user(conn);

	c->closing = true;
	forget_lent(c);
	in_callback(ctx);
}

static void
on_output(void *ctx, struct bgp_conn *conn)
{
	(void)conn;
	in_callback(ctx);
}

static void
on_state(void *ctx, struct bgp_peer *peer, enum bgp_state from,
	 enum bgp_state to)
{
	(void)peer;
	CHECK(from != to);
	in_callback(ctx);
}

static void
on_down(void *ctx, struct bgp_peer *peer, const struct bgp_down *why)
{
	(void)peer;
	CHECK(why->cause != BGP_DOWN_NONE);
	in_callback(ctx);
}

static void
on_fault(void *ctx, struct bgp_peer *peer, const struct bgp_fault *fault,
	 struct bgp_span msg)
{
	(void)peer;
	CHECK(fault->remedy != BGP_REMEDY_NONE && msg.len >= BGP_HEADER_LEN);
	in_callback(ctx);
}

static void
on_eor(void *ctx, struct bgp_peer *peer, bgp_family family)
{
	(void)peer;
	(void)family;
	in_callback(ctx);
}

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	CHECK(route->op != BGP_FIB_INSTALL || route->attrs != NULL);
	in_callback(ctx);
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	unsigned s = (unsigned)((struct bgp_speaker **)ctx - w.speakers);

	if (w.speakers[s] != NULL && (addr->octets[3] & 1))
		CHECK(bgp_speaker_next_hop(w.speakers[s], addr, true, 5) ==
		      BGP_OK);
	in_callback(ctx);
}

static void
on_unwatch(void *ctx, const struct bgp_addr *addr)
{
	(void)addr;
	in_callback(ctx);
}

static enum bgp_verdict
policy(void *ctx, const struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
       const struct bgp_attrs *attrs, struct bgp_edit *edit)
{
	(void)peer;
	(void)nlri;
	(void)attrs;
	in_callback(ctx);
	if (next() & 1)
		(void)bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF, 200);
	return BGP_ACCEPT;
}

/* ------------------------------------------------------------------- world */

static struct bgp_peer_options
options_of(unsigned s, unsigned p, uint8_t kind)
{
	struct bgp_peer_options o = BGP_PEER_OPTIONS_INIT;

	o.address.len = 4;
	memcpy(o.address.octets, "\xc0\x00\x02", 3);
	o.address.octets[3] = (uint8_t)(p + 1);
	o.peer_as = kind & 1 ? AS : 65001;
	o.client = (kind & 1) && (kind & 2);
	o.passive = (kind & 4) == 0;
	o.families[0].add_path_receive = (kind & 8) != 0;
	if (kind & 16) {
		o.import_policy = o.export_policy = policy;
		o.import_ctx = o.export_ctx = &w.speakers[s];
	} else {
		o.import_policy = o.export_policy = bgp_policy_accept;
	}
	o.prefix_limit = kind & 32 ? 3 : 0;
	return o;
}

static void
make(unsigned s)
{
	struct bgp_speaker_options o = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_speaker_events e = {
		.size = sizeof e,
		.ctx = &w.speakers[s],
		.connect = on_connect,
		.cancel = on_connect,
		.close = on_close,
		.output = on_output,
		.peer_state = on_state,
		.peer_down = on_down,
		.peer_fault = on_fault,
		.peer_eor = on_eor,
		.route = on_route,
		.next_hop_watch = on_watch,
		.next_hop_unwatch = on_unwatch,
	};
	struct bgp_speaker *speaker;

	o.alloc.resize = resize;
	o.local_as = AS;
	o.router_id = 0x0a0000fe + s;
	o.seed = 7;
	o.budget = 4;
	o.queue_max = 4096;
	if (bgp_speaker_new(&speaker, &o, &e) == BGP_OK)
		w.speakers[s] = speaker;
}

static struct conn *
free_conn(void)
{
	for (unsigned i = 0; i < CONNS; i++)
		if (w.conns[i].conn == NULL)
			return &w.conns[i];
	return NULL;
}

static struct conn *
some_conn(unsigned s, uint8_t from)
{
	for (unsigned i = 0; i < CONNS; i++) {
		struct conn *c = &w.conns[(from + i) % CONNS];

		if (c->conn != NULL && c->s == s)
			return c;
	}
	return NULL;
}

/* ----------------------------------------------------------------- answers */

#define OR(err) (1u << -(err))

/* Was it answered what its comment names?  cb: it may be called now. */
static void
answer(int err, bool cb, unsigned named)
{
	if (w.depth > 0 && !cb)
		CHECK(err == BGP_ERR_STATE);
	else
		CHECK(err >= 0 || (named & OR(err)) != 0);
}

/* ------------------------------------------------------------------- calls */

static void
do_tick(unsigned s)
{
	answer(bgp_speaker_tick(w.speakers[s], w.now_ms), false, 0);
}

static void
do_clock(unsigned s)
{
	(void)s;
	w.now_ms += (uint64_t)next() * next();
}

static void
do_accept(unsigned s)
{
	uint8_t who = next();
	struct bgp_peer *peer = w.peers[s][who % PEERS];
	struct bgp_addr local = { .len = 4, .octets = { 192, 0, 2, 254 } };
	struct conn *c = free_conn();
	struct bgp_conn *conn = NULL;
	int err;

	if (peer == NULL || c == NULL)
		return;
	memset(c, 0, sizeof *c);
	c->s = s;
	err = who & 0x80 ? bgp_peer_connected(peer, &local, c, w.now_ms, &conn)
			 : bgp_peer_accept(peer, who & 0x40 ? &local : NULL, c,
					   w.now_ms, &conn);
	answer(err, false,
	       OR(BGP_ERR_STATE) | OR(BGP_ERR_REFUSED) | OR(BGP_ERR_LIMIT) |
		   OR(BGP_ERR_NOMEM) | OR(BGP_ERR_ENDED));
	CHECK((err == BGP_OK) == (conn != NULL));
	if (conn != NULL && c->conn == NULL)
		c->conn = conn;
}

static void
do_input(unsigned s, const uint8_t *octets, size_t len)
{
	struct conn *c = some_conn(s, next());

	if (c != NULL)
		answer(bgp_conn_input(c->conn, octets, len, w.now_ms), false,
		       OR(BGP_ERR_STATE));
}

static void
do_open(unsigned s)
{
	static const uint8_t v4[] = { 0, 1, 0, 1 }, v6[] = { 0, 2, 0, 1 };
	static const uint8_t ids[] = { 0, 1, 1, 3 };
	uint8_t as[] = { 0, 0, AS >> 8, AS & 255 }, msg[256];
	uint8_t how = next();
	struct bgp_open open = {
		.version = 4,
		.hold_time_s = 90,
		.router_id = 0x0a000001u + how % 4,
		.as = how & 0x40 ? 65001 : AS,
		.capability_count = how & 0x80 ? 5 : 4,
		.capabilities = { { BGP_CAP_MP, 4, v4 },
				  { BGP_CAP_MP, 4, v6 },
				  { BGP_CAP_AS4, 4, as },
				  { BGP_CAP_REFRESH, 0, NULL },
				  { BGP_CAP_ADD_PATH, 4, ids } },
	};
	int len;

	as[3] = (uint8_t)open.as;
	as[2] = (uint8_t)(open.as >> 8);
	len = bgp_open_encode(&open, msg, sizeof msg);
	CHECK(len > 0);
	len += bgp_keepalive_encode(msg + len, sizeof msg - (size_t)len);
	do_input(s, msg, (size_t)len);
}

static size_t
write_message(uint8_t *msg, uint8_t type, const uint8_t *body, size_t len)
{
	memset(msg, 0xff, 16);
	msg[16] = 0;
	msg[17] = (uint8_t)(len + BGP_HEADER_LEN);
	msg[18] = type;
	memcpy(msg + BGP_HEADER_LEN, body, len);
	return len + BGP_HEADER_LEN;
}

/* Some prefixes with one of some attribute sets. */
static void
do_announced(unsigned s)
{
	uint8_t k = next(), how = next(), msg[128];
	const uint8_t iBGP[] = {
		0,    0,  0,     21, 0x40,   1,
		1,    0,  0x40,  2,  0,      0x40,
		3,    4,  192,   0,  2,      (uint8_t)(how & 7),
		0x40, 5,  4,     0,  0,      0,
		how,  24, 10,    0,  k & 15, 24,
		10,   1,  k >> 4
	};

	do_input(s, msg,
		 write_message(msg, BGP_UPDATE, iBGP,
			       how & 0x80 ? sizeof iBGP : sizeof iBGP - 4));
}

static void
do_withdrawn(unsigned s)
{
	uint8_t k = next(), msg[64];
	const uint8_t body[] = { 0, 4, 24, 10, 0, k & 15, 0, 0 };

	do_input(s, msg, write_message(msg, BGP_UPDATE, body, sizeof body));
}

static void
do_refreshed(unsigned s)
{
	static const uint8_t body[] = { 0, 1, 0, 1 }, eor[] = { 0, 0, 0, 0 };
	uint8_t msg[64];

	do_input(s, msg,
		 next() & 1
		     ? write_message(msg, BGP_ROUTE_REFRESH, body, sizeof body)
		     : write_message(msg, BGP_UPDATE, eor, sizeof eor));
}

static void
do_raw(unsigned s)
{
	size_t len = next() & 63, left = (size_t)(w.end - w.at);
	uint8_t octets[64];

	len = len < left ? len : left;
	if (len > 0)
		memcpy(octets, w.at, len);
	w.at += len;
	do_input(s, octets, len);
}

static void
do_output(unsigned s)
{
	uint8_t who = next();
	struct conn *c = some_conn(s, who);

	if (c == NULL)
		return;
	c->count = bgp_conn_output(c->conn, c->spans, 1 + who / 64);
	CHECK(c->count <= 1u + who / 64);
	c->lent = 0;
	for (size_t i = 0; i < c->count; i++)
		c->lent += c->spans[i].len;
	c->sum = sum_of(c);
}

static void
do_sent(unsigned s)
{
	struct conn *c = some_conn(s, next());
	uint8_t part = next();
	size_t len;
	int err;

	if (c == NULL)
		return;
	len = part == 255 ? c->lent : c->lent * part / 256;
	err = bgp_conn_sent(c->conn, part == 254 ? (1u << 24) : len, w.now_ms);
	CHECK(err == (part == 254 ? BGP_ERR_INVALID : BGP_OK));
	if (part != 254)
		forget_lent(c);
}

/* Takes all. */
static void
do_drain(unsigned s)
{
	struct conn *c = some_conn(s, next());
	struct bgp_span spans[4];
	size_t count, len;

	if (c == NULL)
		return;
	forget_lent(c);
	for (unsigned turn = 0; turn < 64; turn++) {
		count = bgp_conn_output(c->conn, spans, 4);
		if (count == 0)
			break;
		len = 0;
		for (size_t i = 0; i < count; i++)
			len += spans[i].len;
		CHECK(bgp_conn_sent(c->conn, len, w.now_ms) == BGP_OK);
	}
}

static void
do_closed(unsigned s)
{
	struct conn *c = some_conn(s, next());
	struct bgp_conn *conn = c != NULL ? c->conn : NULL;

	if (c == NULL)
		return;
	c->conn = NULL;
	bgp_conn_closed(conn, w.now_ms);
}

static void
do_peer(unsigned s)
{
	uint8_t who = next();
	struct bgp_peer *peer = w.peers[s][who % PEERS];
	const unsigned named = OR(BGP_ERR_STATE) | OR(BGP_ERR_NOMEM);

	if (peer == NULL)
		return;
	switch (who / PEERS % 5) {
	case 0:
		answer(bgp_peer_enable(peer, w.now_ms), true, named);
		break;
	case 1:
		answer(bgp_peer_disable(peer, who & 1 ? "why" : NULL, w.now_ms),
		       true, named);
		break;
	case 2:
		answer(bgp_peer_restart(peer, NULL, w.now_ms), true, named);
		break;
	case 3:
		answer(bgp_peer_connect_failed(peer, w.now_ms), true,
		       OR(BGP_ERR_STATE));
		break;
	default:
		answer(bgp_peer_reload_in(peer), false, OR(BGP_ERR_STATE));
		answer(bgp_peer_reload_out(peer), false, named);
	}
}

static void
do_add(unsigned s)
{
	uint8_t p = next() % PEERS, kind = next();
	struct bgp_peer_options o = options_of(s, p, kind);
	struct bgp_peer *peer = NULL;
	int err = bgp_peer_add(w.speakers[s], &o, &peer);

	answer(err, false, OR(BGP_ERR_EXIST) | OR(BGP_ERR_NOMEM));
	if (err != BGP_OK)
		return;
	CHECK(w.peers[s][p] == NULL);
	w.peers[s][p] = peer;
	answer(bgp_peer_enable(peer, w.now_ms), true, 0);
}

static void
do_configure(unsigned s)
{
	uint8_t p = next() % PEERS, kind = next();
	struct bgp_peer_options o = options_of(s, p, kind);

	if (w.peers[s][p] != NULL)
		answer(bgp_peer_configure(w.peers[s][p], &o, w.now_ms), false,
		       OR(BGP_ERR_STATE) | OR(BGP_ERR_NOMEM));
}

static void
do_remove(unsigned s)
{
	uint8_t p = next() % PEERS;
	struct bgp_peer *peer = w.peers[s][p];

	w.peers[s][p] = NULL;
	if (peer != NULL)
		CHECK(bgp_peer_remove(peer, w.now_ms) == BGP_OK);
}

static void
do_local(unsigned s)
{
	uint8_t how = next();
	struct bgp_prefix prefix = { .len = 4, .bits = 24 };
	struct bgp_addr hop = { .len = 4, .octets = { 192, 0, 2, how & 7 } };
	struct bgp_nlri nlri;

	prefix.octets[0] = 10;
	prefix.octets[2] = how & 15;
	nlri = bgp_prefix_nlri(&prefix);
	if (how & 0x80)
		answer(bgp_speaker_withdraw(w.speakers[s], &nlri), false,
		       OR(BGP_ERR_NOENT) | OR(BGP_ERR_NOMEM));
	else
		answer(bgp_speaker_announce(w.speakers[s], &nlri,
					    how & 0x40 ? NULL : &hop, NULL, 0),
		       false, OR(BGP_ERR_NOMEM) | OR(BGP_ERR_INVALID));
}

static void
do_next_hop(unsigned s)
{
	uint8_t how = next();
	struct bgp_addr hop = { .len = 4, .octets = { 192, 0, 2, how & 7 } };

	answer(
	    bgp_speaker_next_hop(w.speakers[s], &hop, how & 0x80, how & 0x30),
	    true, OR(BGP_ERR_NOENT));
}

static void
do_send(unsigned s)
{
	static const uint8_t body[] = { 0, 1, 0, 1 };
	struct conn *c = some_conn(s, next());
	uint8_t msg[64];
	size_t len = write_message(msg, BGP_ROUTE_REFRESH, body, sizeof body);

	if (c == NULL)
		return;
	answer(bgp_session_send(bgp_conn_session(c->conn), msg, len), true,
	       OR(BGP_ERR_STATE) | OR(BGP_ERR_LIMIT) | OR(BGP_ERR_NOMEM) |
		   OR(BGP_ERR_INVALID));
	/* A callback may have closed it. */
	if (c->conn != NULL)
		CHECK(bgp_session_del(bgp_conn_session(c->conn)) ==
		      BGP_ERR_STATE);
}

/* Keeps the set of the last route seen, or lets one go. */
static void
do_walk(unsigned s)
{
	uint8_t how = next();
	const struct bgp_peer *peer = w.peers[s][how % PEERS];
	struct bgp_rib *rib = bgp_speaker_rib(w.speakers[s]);
	const struct bgp_attrs **kept = &w.kept[s][how / 4 % KEPT];
	struct bgp_cursor cursor;
	struct bgp_route route;
	int more, err;

	err = bgp_cursor_init(&cursor, rib, (enum bgp_view)(how / 16 % 4),
			      BGP_IPV4_UNICAST, bgp_peer_rib(peer));
	answer(err, true, OR(BGP_ERR_INVALID) | OR(BGP_ERR_NOENT));
	if (err != BGP_OK)
		return;
	if (*kept != NULL)
		bgp_attrs_unref(rib, *kept);
	*kept = NULL;
	for (unsigned n = 0; n < 1000; n++) {
		more = bgp_cursor_next(&cursor, &route);
		if (more != 1)
			break;
		if (*kept == NULL)
			*kept = bgp_attrs_ref(rib, route.attrs);
	}
}

static void
do_look(unsigned s)
{
	uint8_t how = next();
	struct bgp_addr address = { .len = 4,
				    .octets = { 192, 0, 2, how & 7 } };
	struct bgp_speaker_info speaker;
	struct bgp_peer_info info;
	unsigned count = 0;

	bgp_speaker_info(w.speakers[s], &speaker);
	CHECK(w.depth > 0 || speaker.octets_other == 0);
	(void)bgp_speaker_deadline(w.speakers[s]);
	(void)bgp_peer_find(w.speakers[s], &address);
	for (struct bgp_peer *p = bgp_peer_next(w.speakers[s], NULL); p != NULL;
	     p = bgp_peer_next(w.speakers[s], p)) {
		bgp_peer_info(p, &info);
		CHECK(info.name == bgp_peer_name(p));
		CHECK(bgp_peer_of(bgp_peer_rib(p)) == p);
		(void)bgp_peer_user(p);
		count++;
	}
	CHECK(count == speaker.peer_count);
}

/* The RIB's own doors: shut in callbacks; outside they are the speaker's. */
static void
do_rib(unsigned s)
{
	struct bgp_rib *rib = bgp_speaker_rib(w.speakers[s]);

	(void)bgp_rib_busy(rib);
	answer(bgp_rib_replay(rib), true, OR(BGP_ERR_STATE));
	if (w.depth == 0)
		return;
	answer(bgp_rib_tick(rib, w.now_ms), false, 0);
	answer(bgp_rib_del(rib), false, 0);
	answer(bgp_rib_reload(bgp_rib_local(rib)), false, 0);
	answer(bgp_reflect_tick(bgp_speaker_reflect(w.speakers[s])), false, 0);
	answer(bgp_reflect_del(bgp_speaker_reflect(w.speakers[s])), false, 0);
}

static void
do_fail(unsigned s)
{
	(void)s;
	w.fail_in = next();
}

static void
drop_speaker(unsigned s)
{
	struct bgp_rib *rib = bgp_speaker_rib(w.speakers[s]);

	for (unsigned i = 0; i < KEPT; i++) {
		bgp_attrs_unref(rib, w.kept[s][i]);
		w.kept[s][i] = NULL;
	}
	CHECK(bgp_speaker_del(w.speakers[s]) == BGP_OK);
	w.speakers[s] = NULL;
	for (unsigned p = 0; p < PEERS; p++)
		w.peers[s][p] = NULL;
	for (unsigned i = 0; i < CONNS; i++)
		if (w.conns[i].s == s)
			w.conns[i].conn = NULL;
}

static void
do_del(unsigned s)
{
	if (w.depth > 0)
		answer(bgp_speaker_del(w.speakers[s]), false, 0);
	else
		drop_speaker(s);
}

static void (*const calls[])(unsigned s) = {
	do_tick,      do_clock,     do_accept,   do_open,   do_announced,
	do_withdrawn, do_refreshed, do_raw,      do_output, do_sent,
	do_drain,     do_closed,    do_peer,     do_add,    do_configure,
	do_remove,    do_local,     do_next_hop, do_send,   do_walk,
	do_look,      do_rib,       do_fail,     do_del,
};

/* Inside a callback of the speaker; its own speaker is asked. */
static void
call(unsigned which, unsigned s)
{
	if (w.speakers[s] == NULL)
		return;
	calls[which % (sizeof calls / sizeof *calls)](s);
}

static void
end(void)
{
	w.fail_in = 0;
	w.end = w.at;
	for (unsigned s = 0; s < SPEAKERS; s++) {
		if (w.speakers[s] == NULL)
			continue;
		for (unsigned i = 0; i < 8; i++)
			do_tick(s);
		do_look(s);
		drop_speaker(s);
	}
	CHECK(w.octets == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	memset(&w, 0, sizeof w);
	w.at = octets;
	w.end = octets + len;
	w.now_ms = 1000;
	while (w.at < w.end) {
		uint8_t which = next();
		unsigned s = which / 128;

		if (w.speakers[s] == NULL)
			make(s);
		if (w.speakers[s] == NULL)
			continue;
		call(which & 127, s);
		check_lent();
	}
	end();
	return 0;
}
