/*
 * test_distant.c - whatever one client sends, others are sent nothing faulty.
 *
 * One client sends the seeds of the fuzz corpus, mutated over and over, in all
 * families.  Every octet that the speaker then has for the others, one of whom
 * is in another AS and one of whom knows AS numbers of 2 octets only, is read
 * with every check on, by the library's decoder and by the plain one of
 * tests/vectors, and neither may find anything.
 *
 *   CORPUS    the directory of the seeds
 *   MESSAGES  how many are sent (100,000)
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "../vectors/reference.h"

#include "bgp/bgp.h"

enum { AS = 64512, OTHER_AS = 64999, PEERS = 4, SEEDS_MAX = 1000, AT_ONCE = 8 };

/* Two lots of families, as many as a session and the plain decoder take. */
static const bgp_family lots[2][16] = {
	{ BGP_FAMILY(1, 1), BGP_FAMILY(2, 1), BGP_FAMILY(1, 2),
	  BGP_FAMILY(2, 2), BGP_FAMILY(1, 4), BGP_FAMILY(2, 4),
	  BGP_FAMILY(1, 128), BGP_FAMILY(2, 128), BGP_FAMILY(1, 132),
	  BGP_FAMILY(1, 133), BGP_FAMILY(2, 133), BGP_FAMILY(25, 70) },
	{ BGP_FAMILY(1, 1), BGP_FAMILY(1, 129), BGP_FAMILY(2, 129),
	  BGP_FAMILY(1, 134), BGP_FAMILY(2, 134), BGP_FAMILY(1, 5),
	  BGP_FAMILY(2, 5), BGP_FAMILY(1, 73), BGP_FAMILY(2, 73),
	  BGP_FAMILY(1, 85), BGP_FAMILY(2, 85), BGP_FAMILY(25, 65),
	  BGP_FAMILY(16388, 71), BGP_FAMILY(16388, 72) },
};

static struct seed {
	size_t len;
	uint8_t octets[REF_MESSAGE_MAX];
} seeds[SEEDS_MAX];
static size_t seed_count;
static uint64_t random_state = 88172645463325252u;

static struct bgp_speaker *speaker;
static uint64_t now_ms;

static struct peer {
	struct bgp_peer *peer;
	struct bgp_conn *conn;
	bool closing;
	struct bgp_codec codec; /* what it reads with */
	struct ref_session plain;
} peers[PEERS];

static unsigned long sent, resets, handed_on, routes;
static struct ref_result plain;

static uint32_t
any(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32) % below;
}

/* -------------------------------------------------------------------- seeds */

static void
read_seeds(void)
{
	const char *path = getenv("CORPUS");
	DIR *dir = opendir(path != NULL ? path : "fuzz/corpus/update");
	struct dirent *entry;
	char name[4096];
	FILE *f;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL && seed_count < SEEDS_MAX) {
		struct seed *seed = &seeds[seed_count];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		f = fopen(name, "rb");
		assert_non_null(f);
		seed->len = fread(seed->octets, 1, sizeof seed->octets, f);
		fclose(f);
		seed_count += seed->len > 8;
	}
	closedir(dir);
	assert_int_not_equal(seed_count, 0);
}

/* A seed is an octet of flags and the body of an UPDATE. */
static size_t
make_message(uint8_t *msg)
{
	const struct seed *seed = &seeds[any((uint32_t)seed_count)];
	size_t len = seed->len - 1, at;

	memset(msg, 0xff, BGP_HEADER_LEN);
	memcpy(msg + BGP_HEADER_LEN, seed->octets + 1, len);
	for (uint32_t n = any(4); n > 0; n--) {
		at = BGP_HEADER_LEN + any((uint32_t)len);
		msg[at] = any(2) != 0 ? (uint8_t)(msg[at] ^ 1u << any(8))
				      : (uint8_t)any(256);
	}
	len += BGP_HEADER_LEN;
	msg[16] = (uint8_t)(len >> 8);
	msg[17] = (uint8_t)len;
	msg[18] = BGP_UPDATE;
	return len;
}

/* ------------------------------------------------------------------- reading
 */

static void
fail_with(const uint8_t *msg, size_t len, const char *why)
{
	for (size_t i = 0; i < len; i++)
		fprintf(stderr, "%02x", msg[i]);
	fprintf(stderr, "\n");
	fail_msg("%s", why);
}

/* An UPDATE that a receiver is sent. */
static void
read_update(const struct peer *p, const uint8_t *msg, size_t len)
{
	struct bgp_update update;
	struct bgp_fault fault;

	handed_on++;
	if (bgp_update_decode(&p->codec, msg, len, &update, &fault) != BGP_OK ||
	    fault.remedy != BGP_REMEDY_NONE)
		fail_with(msg, len, fault.reason);
	ref_decode(&p->plain, msg, len, &plain);
	if (plain.remedy != REF_NONE)
		fail_with(msg, len, "the plain decoder finds a fault");
	routes += plain.route_count;
}

static void
drain(struct peer *p)
{
	struct bgp_span spans[8];
	size_t count, len;

	while (p->conn != NULL &&
	       (count = bgp_conn_output(p->conn, spans, 8)) > 0) {
		len = 0;
		for (size_t i = 0; i < count; i++) {
			const uint8_t *msg = spans[i].octets;
			size_t n;

			for (size_t at = 0; at < spans[i].len; at += n) {
				n = (size_t)msg[at + 16] << 8 | msg[at + 17];
				assert_true(n <= spans[i].len - at);
				if (msg[at + 18] == BGP_UPDATE &&
				    p != &peers[0])
					read_update(p, msg + at, n);
			}
			len += spans[i].len;
		}
		assert_int_equal(bgp_conn_sent(p->conn, len, now_ms), BGP_OK);
	}
}

/* ------------------------------------------------------------------ sessions
 */

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	((struct peer *)bgp_conn_user(conn))->closing = true;
}

static void
settle(void)
{
	for (unsigned n = 0; bgp_speaker_deadline(speaker) <= now_ms; n++) {
		assert_true(n < 100000);
		bgp_speaker_tick(speaker, now_ms);
	}
	for (unsigned i = 0; i < PEERS; i++) {
		drain(&peers[i]);
		if (!peers[i].closing)
			continue;
		assert_int_equal(i, 0); /* nobody else's session ends */
		bgp_conn_closed(peers[i].conn, now_ms);
		peers[i].conn = NULL;
		peers[i].closing = false;
	}
}

static void
come_up(unsigned i)
{
	static const uint8_t as4[] = { 0, 0, AS >> 8, AS & 255 };
	struct bgp_addr local = { .len = 4, .octets = { 192, 0, 2, 254 } };
	struct peer *p = &peers[i];
	struct bgp_open open = { .version = 4,
				 .router_id = 0x0a000001u + i,
				 .as = i == 2 ? OTHER_AS : AS };
	uint8_t families[16][4], msg[BGP_MESSAGE_MAX];
	int len;

	for (size_t n = 0; n < p->codec.family_count; n++) {
		bgp_family f = p->codec.families[n].family;
		const uint8_t value[] = { (uint8_t)(BGP_AFI(f) >> 8),
					  (uint8_t)BGP_AFI(f), 0,
					  (uint8_t)BGP_SAFI(f) };

		memcpy(families[n], value, 4);
		open.capabilities[open.capability_count++] =
		    (struct bgp_capability){ BGP_CAP_MP, 4, families[n] };
	}
	if (p->codec.as4 && i != 2)
		open.capabilities[open.capability_count++] =
		    (struct bgp_capability){ BGP_CAP_AS4, 4, as4 };
	len = bgp_open_encode(&open, msg, sizeof msg);
	bgp_peer_accept(p->peer, &local, p, now_ms, &p->conn);
	if (p->conn == NULL)
		return; /* it rests after a fault */
	assert_int_equal(bgp_conn_input(p->conn, msg, (size_t)len, now_ms),
			 BGP_OK);
	len = bgp_keepalive_encode(msg, sizeof msg);
	assert_int_equal(bgp_conn_input(p->conn, msg, (size_t)len, now_ms),
			 BGP_OK);
	drain(p);
}

static void
set_codec(struct peer *p, unsigned i, const bgp_family *lot)
{
	p->codec = (struct bgp_codec){
		.as4 = i < 2, /* the others are narrow */
		.ebgp = i == 2,
		.first_as_check = true,
		.local_as = i == 2 ? OTHER_AS : AS,
		.peer_as = AS,
		.message_in_max = BGP_MESSAGE_MAX,
		.message_out_max = BGP_MESSAGE_MAX,
		.next_hop_check = true,
		.local_addrs = { { .len = 4,
				   .octets = { 192, 0, 2,
					       (uint8_t)(i + 1) } } },
	};
	p->plain = (struct ref_session){ .as4 = p->codec.as4,
					 .ebgp = p->codec.ebgp,
					 .first_as = i == 2 ? AS : 0,
					 .next_hop_check = true,
					 .own = { 192, 0, 2,
						  (uint8_t)(i + 1) } };
	for (size_t n = 0; n < 16 && lot[n] != 0; n++) {
		p->codec.families[p->codec.family_count++].family = lot[n];
		p->plain.families[p->plain.family_count++] =
		    (uint32_t)BGP_AFI(lot[n]) << 8 | BGP_SAFI(lot[n]);
	}
}

static void
begin(const bgp_family *lot)
{
	struct bgp_speaker_options o = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_speaker_events e = BGP_SPEAKER_EVENTS_INIT;

	memset(peers, 0, sizeof peers);
	now_ms = 1000;
	o.local_as = AS;
	o.router_id = 0x0a0000fe;
	e.close = on_close;
	assert_int_equal(bgp_speaker_new(&speaker, &o, &e), BGP_OK);
	for (unsigned i = 0; i < PEERS; i++) {
		struct bgp_peer_options p = BGP_PEER_OPTIONS_INIT;
		struct peer *peer = &peers[i];

		set_codec(peer, i, lot);
		p.address = peer->codec.local_addrs[0];
		p.peer_as = i == 2 ? OTHER_AS : AS;
		p.client = i != 2;
		p.passive = true;
		p.hold_time_s = 0;
		p.family_count = peer->codec.family_count;
		for (unsigned n = 0; n < p.family_count; n++)
			p.families[n].family = peer->codec.families[n].family;
		if (i == 2)
			p.import_policy = p.export_policy = bgp_policy_accept;
		bgp_addr_parse(&p.own_ipv6, "2001:db8::fe");
		assert_int_equal(bgp_peer_add(speaker, &p, &peer->peer),
				 BGP_OK);
		assert_int_equal(bgp_peer_enable(peer->peer, now_ms), BGP_OK);
		come_up(i);
		assert_non_null(peer->conn);
	}
	settle();
}

static void
send_lot(const bgp_family *lot, unsigned long count)
{
	uint8_t msg[BGP_HEADER_LEN + REF_MESSAGE_MAX];

	begin(lot);
	while (count > 0) {
		for (unsigned n = 0; n < AT_ONCE && count > 0; n++, count--) {
			size_t len = make_message(msg);

			sent++;
			if (bgp_conn_input(peers[0].conn, msg, len, now_ms) !=
			    BGP_OK)
				break;
		}
		settle();
		while (peers[0].conn == NULL) {
			resets += peers[0].conn == NULL;
			now_ms += 121000; /* the longest rest */
			settle();
			come_up(0);
		}
	}
	bgp_speaker_del(speaker);
}

/* -------------------------------------------------------------------- tests */

static void
test_others_are_sent_nothing_faulty(void **state)
{
	const char *text = getenv("MESSAGES");
	unsigned long count = text != NULL ? strtoul(text, NULL, 10) : 100000;

	(void)state;
	read_seeds();
	for (unsigned i = 0; i < 2; i++)
		send_lot(lots[i], (count + 1) / 2);
	print_message("# %lu messages, %lu of which reset their session, %lu "
		      "handed on with %lu routes\n",
		      sent, resets, handed_on, routes);
	assert_true(sent >= count);
	assert_true(handed_on > sent / 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_others_are_sent_nothing_faulty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
