/*
 * rig.c - one speaker and peers written by hand.
 */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

struct rig rig;

/* ----------------------------------------------------------------- memory */

static void *
resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	void *fresh;

	(void)ctx;
	if (new_len == 0) {
		rig.octets -= ptr != NULL ? old_len : 0;
		free(ptr);
		return NULL;
	}
	if (++rig.allocations == rig.fail_at)
		return NULL;
	fresh = malloc(new_len);
	assert_non_null(fresh);
	memset(fresh, 0xa5, new_len);
	if (ptr != NULL)
		memcpy(fresh, ptr, old_len < new_len ? old_len : new_len);
	rig.octets += new_len - (ptr != NULL ? old_len : 0);
	free(ptr);
	return fresh;
}

/* ----------------------------------------------------------- what is read */

static struct rig_peer *
of_conn(const struct bgp_conn *conn)
{
	return bgp_conn_user(conn);
}

static void
note(struct rig_peer *peer, const struct bgp_nlri_list *given, bool held)
{
	struct bgp_nlri_list list = *given;
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri))
		peer->held[nlri.len > 2 ? nlri.octets[2] : 0] = held;
}

static void
read_update(struct rig_peer *peer, const uint8_t *msg, size_t len)
{
	struct bgp_codec codec = {
		.as4 = true,
		.message_in_max = BGP_MESSAGE_MAX,
		.family_count = 2,
		.families = { { .family = BGP_IPV4_UNICAST },
			      { .family = BGP_IPV6_UNICAST } },
	};
	struct bgp_update update;
	struct bgp_fault fault;

	codec.families[0].add_path_in = peer->reads_ids;
	assert_int_equal(bgp_update_decode(&codec, msg, len, &update, &fault),
			 BGP_OK);
	assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
	peer->updates++;
	peer->eors += update.eor != 0;
	for (unsigned i = 0; i < update.unreach_count; i++)
		note(peer, &update.unreach[i], false);
	for (unsigned i = 0; i < update.reach_count; i++)
		note(peer, &update.reach[i], true);
}

static void
read_all(struct rig_peer *peer)
{
	size_t at = 0, len;

	for (; peer->len - at >= BGP_HEADER_LEN; at += len) {
		const uint8_t *msg = peer->octets + at;

		len = (size_t)msg[16] << 8 | msg[17];
		if (len > peer->len - at)
			break;
		if (msg[18] == BGP_NOTIFICATION)
			peer->notification = (uint16_t)(msg[19] << 8 | msg[20]);
		if (msg[18] == BGP_UPDATE)
			read_update(peer, msg, len);
	}
	memmove(peer->octets, peer->octets + at, peer->len - at);
	peer->len -= at;
}

size_t
rig_drain(struct bgp_conn *conn)
{
	struct rig_peer *peer = of_conn(conn);
	struct bgp_span spans[8];
	size_t count, len, total = 0;

	while ((count = bgp_conn_output(conn, spans, 8)) > 0) {
		len = 0;
		for (size_t i = 0; i < count; i++) {
			assert_true(spans[i].len <= RIG_ROOM - peer->len);
			memcpy(peer->octets + peer->len, spans[i].octets,
			       spans[i].len);
			peer->len += spans[i].len;
			len += spans[i].len;
			read_all(peer);
		}
		assert_int_equal(bgp_conn_sent(conn, len, rig.now_ms), BGP_OK);
		total += len;
	}
	return total;
}

/* ---------------------------------------------------------------- lifetime */

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	assert_true(rig.closing_count < RIG_ENDS);
	rig.closing[rig.closing_count++] = conn;
}

void
rig_init(const struct bgp_speaker_options *options,
	 const struct bgp_speaker_events *events)
{
	struct bgp_speaker_options o = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_speaker_events e = BGP_SPEAKER_EVENTS_INIT;

	memset(&rig, 0, sizeof rig);
	rig.now_ms = 1000;
	if (options != NULL)
		o = *options;
	if (events != NULL)
		e = *events;
	o.alloc.resize = resize;
	o.local_as = RIG_AS;
	o.router_id = 0x0a0000fe;
	if (e.close == NULL)
		e.close = on_close;
	assert_int_equal(bgp_speaker_new(&rig.speaker, &o, &e), BGP_OK);
}

void
rig_fini(void)
{
	bgp_speaker_del(rig.speaker);
	assert_int_equal(rig.octets, 0);
}

struct bgp_peer_options
rig_options(unsigned p, bool client)
{
	struct bgp_peer_options o = BGP_PEER_OPTIONS_INIT;
	uint8_t octets[4] = { 192, 0, 2, (uint8_t)(p + 1) };

	o.address.len = 4;
	memcpy(o.address.octets, octets, 4);
	o.peer_as = RIG_AS;
	o.client = client;
	o.passive = true;
	return o;
}

void
rig_add(unsigned p, const struct bgp_peer_options *options)
{
	struct rig_peer *peer = &rig.peers[p];

	assert_int_equal(bgp_peer_add(rig.speaker, options, &peer->peer),
			 BGP_OK);
	assert_int_equal(bgp_peer_enable(peer->peer, rig.now_ms), BGP_OK);
}

/* ------------------------------------------------------------ what is said */

static int
put(unsigned p, const uint8_t *octets, size_t len)
{
	struct rig_peer *peer = &rig.peers[p];

	if (peer->conn == NULL)
		return BGP_ERR_STATE;
	return bgp_conn_input(peer->conn, octets, len, rig.now_ms);
}

int
rig_send(unsigned p, uint8_t type, const void *body, size_t len)
{
	uint8_t msg[BGP_MESSAGE_MAX];

	memset(msg, 0xff, 16);
	msg[16] = (uint8_t)((len + BGP_HEADER_LEN) >> 8);
	msg[17] = (uint8_t)(len + BGP_HEADER_LEN);
	msg[18] = type;
	if (len > 0)
		memcpy(msg + BGP_HEADER_LEN, body, len);
	return put(p, msg, len + BGP_HEADER_LEN);
}

void
rig_up(unsigned p, uint8_t add_path)
{
	static const uint8_t v4[] = { 0, 1, 0, 1 }, v6[] = { 0, 2, 0, 1 };
	static const uint8_t as[] = { 0, 0, RIG_AS >> 8, RIG_AS & 255 };
	const uint8_t ids[] = { 0, 1, 1, add_path };
	struct bgp_addr local = { .len = 4, .octets = { 192, 0, 2, 254 } };
	struct bgp_open open = {
		.version = 4,
		.hold_time_s = 90,
		.router_id = 0x0a000001u + p,
		.as = RIG_AS,
		.capability_count = add_path != 0 ? 5 : 4,
		.capabilities = { { BGP_CAP_MP, 4, v4 },
				  { BGP_CAP_MP, 4, v6 },
				  { BGP_CAP_AS4, 4, as },
				  { BGP_CAP_REFRESH, 0, NULL },
				  { BGP_CAP_ADD_PATH, 4, ids } },
	};
	struct rig_peer *peer = &rig.peers[p];
	uint8_t msg[BGP_MESSAGE_MAX];
	int len = bgp_open_encode(&open, msg, sizeof msg);

	bgp_peer_accept(peer->peer, &local, peer, rig.now_ms, &peer->conn);
	peer->len = 0;
	peer->reads_ids = (add_path & 1) != 0;
	assert_non_null(peer->conn);
	assert_int_equal(put(p, msg, (size_t)len), BGP_OK);
	assert_int_equal(rig_send(p, BGP_KEEPALIVE, NULL, 0), BGP_OK);
}

void
rig_cut(unsigned p)
{
	struct bgp_conn *conn = rig.peers[p].conn;

	rig.peers[p].conn = NULL;
	if (conn != NULL)
		bgp_conn_closed(conn, rig.now_ms);
}

int
rig_announce(unsigned p, uint8_t k, uint8_t next_hop)
{
	const uint8_t body[] = { 0, 0, 0, 21,
				 /* ORIGIN, AS_PATH */
				 0x40, 1, 1, 0, 0x40, 2, 0,
				 /* NEXT_HOP, LOCAL_PREF */
				 0x40, 3, 4, 198, 51, 100, next_hop, 0x40, 5, 4,
				 0, 0, 0, 100,
				 /* 10.0.k.0/24 */
				 24, 10, 0, k };

	return rig_send(p, BGP_UPDATE, body, sizeof body);
}

int
rig_withdraw(unsigned p, uint8_t k)
{
	const uint8_t body[] = { 0, 4, 24, 10, 0, k, 0, 0 };

	return rig_send(p, BGP_UPDATE, body, sizeof body);
}

int
rig_refresh(unsigned p)
{
	static const uint8_t body[] = { 0, 1, 0, 1 };

	return rig_send(p, BGP_ROUTE_REFRESH, body, sizeof body);
}

/* ------------------------------------------------------------------- time */

static void
close_all(void)
{
	while (rig.closing_count > 0) {
		struct bgp_conn *conn = rig.closing[--rig.closing_count];
		struct rig_peer *peer = of_conn(conn);

		rig_drain(conn);
		if (peer->conn == conn)
			peer->conn = NULL;
		bgp_conn_closed(conn, rig.now_ms);
	}
}

static bool
drain_all(void)
{
	bool any = false;

	for (unsigned p = 0; p < RIG_PEERS; p++)
		if (rig.peers[p].conn != NULL)
			any |= rig_drain(rig.peers[p].conn) > 0;
	return any;
}

void
rig_settle(bool drain)
{
	bool more = true;

	for (unsigned turns = 0; more; turns++) {
		assert_true(turns < 100000);
		more = bgp_speaker_deadline(rig.speaker) <= rig.now_ms;
		if (more)
			bgp_speaker_tick(rig.speaker, rig.now_ms);
		close_all();
		if (drain)
			more |= drain_all();
	}
}

unsigned
rig_held(unsigned p)
{
	unsigned count = 0;

	for (unsigned k = 0; k < RIG_ROUTES; k++)
		count += rig.peers[p].held[k];
	return count;
}
