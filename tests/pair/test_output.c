/*
 * test_output.c - our own messages and a speaker's stream share one socket.
 *
 * The receiver must always see whole messages, each stream in its own order,
 * whatever the socket takes at a time.
 */
#include <string.h>

#include "tests/unit/check.h"

#include "libbgp/session/stream.h"
#include "tests/pair/wire.h"

static struct world world;
static struct wire *wire;
static struct end *const end = &world.ends[1];

static int
close_world(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

/* ---------------------------------------------- a stream of numbered UPDATEs
 */

#define STREAM_LEN 65536

static struct {
	uint8_t octets[STREAM_LEN];
	size_t len, taken;
	uint16_t next;
} source;

/* An UPDATE that carries a number: withdraws len prefixes of /0, `last` /n. */
static size_t
numbered(uint8_t *p, uint16_t number, size_t body)
{
	size_t len = 23 + 2 * 5 + body;

	memset(p, 0, len);
	memset(p, 0xff, 16);
	p[16] = (uint8_t)(len >> 8);
	p[17] = (uint8_t)len;
	p[18] = BGP_UPDATE;
	p[19] = (uint8_t)((len - 23) >> 8);
	p[20] = (uint8_t)(len - 23);
	p[21] = 32;
	p[24] = (uint8_t)(number >> 8);
	p[25] = (uint8_t)number;
	p[26] = 32; /* 0.0.0.0/32, then body times /0 */
	return len;
}

static void
source_add(int count)
{
	while (count-- > 0) {
		source.len += numbered(source.octets + source.len, source.next,
				       source.next % 50u);
		source.next++;
	}
}

/* Spans of one message each, the first perhaps a rest. */
static size_t
lend(void *ctx, struct bgp_span *spans, size_t max)
{
	size_t count = 0, at = 0;

	(void)ctx;
	while (at < source.len && count < max) {
		const uint8_t *p = source.octets + at;
		size_t n = (size_t)p[16] << 8 | p[17];
		size_t skip = source.taken > at ? source.taken - at : 0;

		if (skip < n)
			spans[count++] = (struct bgp_span){ p + skip,
							    n - skip };
		at += n;
	}
	return count;
}

static void
taken(void *ctx, size_t len)
{
	(void)ctx;
	source.taken += len;
	assert_true(source.taken <= source.len);
}

static struct bgp_span
rest(void *ctx)
{
	struct bgp_span span = { NULL, 0 };

	(void)ctx;
	for (size_t at = 0; at < source.taken;) {
		size_t n = (size_t)source.octets[at + 16] << 8 |
		    source.octets[at + 17];

		if (at + n > source.taken)
			span = (struct bgp_span){ source.octets + source.taken,
						  at + n - source.taken };
		at += n;
	}
	return span;
}

static const struct bgp__stream stream = { NULL, lend, taken, rest, NULL };

static void
attach(struct end *e, const char *word)
{
	if (strcmp(word, "established") == 0)
		bgp__session_stream(e->session, &stream);
}

/* The stream starts when end 1 is established; end 0 reads. */
static void
open_world(void)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);

	memset(&source, 0, sizeof source);
	a.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	end->on_event = attach;
	world_up(&world);
	wire = world.wires[0];
	assert_ptr_equal(bgp__session_conn(end->session), wire->plugs[1].conn);
}

/* ------------------------------------------------------------------ reader */

static uint16_t seen[2]; /* next number of the stream, and of _send */

/* Numbers from 0x8000 are those of bgp_session_send. */
static void
check_order(struct end *e)
{
	uint16_t number = (uint16_t)(e->last_update[24] << 8 |
				     e->last_update[25]);
	int own = number >= 0x8000;

	assert_int_equal(number & 0x7fff, seen[own]);
	seen[own]++;
}

/* The socket takes at most len octets of what is lent in max spans. */
static size_t
squeeze(size_t len, size_t max)
{
	struct bgp_conn *conn = wire->plugs[1].conn;
	struct bgp_span spans[8];
	size_t count = bgp_conn_output(conn, spans, max);
	size_t done = 0;

	for (size_t i = 0; i < count && done < len; i++) {
		size_t n = spans[i].len < len - done ? spans[i].len
						     : len - done;

		wire_write(wire, 1, spans[i].octets, n);
		done += n;
	}
	assert_int_equal(bgp_conn_sent(conn, done, world.now_ms), BGP_OK);
	return done;
}

static void
send_own(uint16_t number)
{
	uint8_t msg[64];
	size_t len = numbered(msg, number | 0x8000, 3);

	assert_int_equal(bgp_session_send(end->session, msg, len), BGP_OK);
}

/* ------------------------------------------------------------------- tests */

static void
test_mixed(void **state)
{
	struct bgp_session_info info;

	(void)state;
	for (size_t size = 1; size < 200; size += 3) {
		uint16_t own = 0;

		open_world();
		seen[0] = seen[1] = 0;
		world.ends[0].on_update = check_order;
		source_add(40);
		bgp__session_wake(end->session);
		for (int i = 0; squeeze(size, 1 + size % 5) > 0; i++)
			if (i % 7 == 0 && own < 30)
				send_own(own++);
		world_settle(&world);
		assert_int_equal(seen[0], 40);
		assert_int_equal(seen[1], own);
		assert_true(own > 0);
		assert_true(world_is_up(&world));
		bgp_session_info(end->session, &info);
		assert_int_equal(info.messages_out[BGP_UPDATE], 40u + own);
		world_close(&world);
	}
}

/* What was lent is lent again, even when something urgent came meanwhile. */
static void
test_lent_again(void **state)
{
	struct bgp_span first[2], second[4];
	struct bgp_conn *conn;

	(void)state;
	open_world();
	conn = wire->plugs[1].conn;
	source_add(2);
	assert_int_equal(bgp_conn_output(conn, first, 2), 2);
	send_own(0);
	assert_int_equal(bgp_conn_output(conn, second, 4), 2);
	assert_ptr_equal(first[0].octets, second[0].octets);
	assert_ptr_equal(first[1].octets, second[1].octets);
	assert_int_equal(bgp_conn_sent(conn, 1, world.now_ms), BGP_OK);
	/* now the rest of that message, then ours */
	assert_int_equal(bgp_conn_output(conn, second, 4), 2);
	assert_ptr_equal(second[0].octets, first[0].octets + 1);
	assert_int_equal(second[0].len, first[0].len - 1);
	assert_int_equal(second[1].octets[24], 0x80);
	assert_int_equal(bgp_conn_sent(conn, second[0].len + 3, world.now_ms),
			 BGP_OK);
	/* inside ours: the stream waits */
	assert_int_equal(bgp_conn_output(conn, second, 4), 1);
	assert_int_equal(bgp_conn_sent(conn, second[0].len, world.now_ms),
			 BGP_OK);
	assert_int_equal(bgp_conn_output(conn, second, 4), 1);
	assert_ptr_equal(second[0].octets, first[1].octets);
	assert_int_equal(bgp_conn_sent(conn, second[0].len + 1, world.now_ms),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_conn_output(conn, second, 0), 0);
}

/* A stop in the middle of a message: its rest, then the NOTIFICATION. */
static void
test_stop_inside_a_message(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < 150; cut++) {
		struct end *peer = &world.ends[0];

		open_world();
		seen[0] = 0;
		peer->on_update = check_order;
		source_add(5);
		squeeze(cut, 8);
		if (cut % 3 == 0)
			send_own(0x7fff); /* waits behind the rest */
		seen[1] = 0x7fff;
		bgp_session_stop(end->session, "cut", world.now_ms);
		world_settle(&world);
		assert_int_equal(peer->downs, 1);
		assert_int_equal(peer->down.cause, BGP_DOWN_RECEIVED);
		assert_int_equal(peer->down.notification.subcode, 2);
		assert_in_range(seen[0], cut / 100, 1 + cut / 33);
		world_close(&world);
	}
}

static void
test_wake(void **state)
{
	(void)state;
	open_world();
	log_clear(end);
	bgp__session_wake(end->session);
	assert_string_equal(end->log, "output ");
	bgp__session_stream(end->session, NULL);
	bgp__session_wake(end->session);
	assert_string_equal(end->log, "output ");
}

/* UPDATEs sent count as KEEPALIVEs. */
static void
test_stream_restarts_keepalive(void **state)
{
	uint64_t before;

	(void)state;
	open_world();
	before = bgp_session_deadline(end->session);
	world.now_ms += 10000;
	source_add(1);
	squeeze(1000, 8);
	assert_true(bgp_session_deadline(end->session) > before);
	assert_true(bgp_session_deadline(end->session) >= world.now_ms + 22500);
}

static void
test_send_checks(void **state)
{
	uint8_t msg[BGP_MESSAGE_MAX + 1];
	size_t len = numbered(msg, 0, 10);
	int count = 0;

	(void)state;
	open_world();
	assert_int_equal(bgp_session_send(end->session, msg, len - 1),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_session_send(end->session, msg, len + 1),
			 BGP_ERR_INVALID);
	msg[18] = BGP_KEEPALIVE;
	assert_int_equal(bgp_session_send(end->session, msg, len),
			 BGP_ERR_INVALID);
	len = numbered(msg, 0, sizeof msg - 33);
	assert_int_equal(len, sizeof msg);
	assert_int_equal(
	    bgp_session_send(end->session, msg, len),
	    BGP_ERR_INVALID); /* no extended messages were agreed on */
	len = numbered(msg, 0, sizeof msg - 34);
	while (bgp_session_send(end->session, msg, len) == BGP_OK)
		count++;
	assert_int_equal(count, BGP_SESSION_QUEUE_MAX / BGP_MESSAGE_MAX);
	assert_int_equal(bgp_session_send(end->session, msg, len),
			 BGP_ERR_LIMIT);
	squeeze(len, 8);
	assert_int_equal(bgp_session_send(end->session, msg, len), BGP_OK);
	bgp_session_stop(end->session, NULL, world.now_ms);
	assert_int_equal(bgp_session_send(end->session, msg, len),
			 BGP_ERR_STATE);
}

/* An octet at a time, confirmed one by one. */
static void
test_trickle(void **state)
{
	(void)state;
	open_world();
	seen[0] = 0;
	world.ends[0].on_update = check_order;
	source_add(3);
	while (squeeze(1, 1) > 0)
		world_settle(&world);
	world_settle(&world);
	assert_int_equal(seen[0], 3);
	assert_int_equal(bgp_conn_sent(wire->plugs[1].conn, 0, world.now_ms),
			 BGP_OK);
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, close_world)
	const struct CMUnitTest tests[] = {
		T(test_mixed),
		T(test_lent_again),
		T(test_stop_inside_a_message),
		T(test_wake),
		T(test_stream_restarts_keepalive),
		T(test_send_checks),
		T(test_trickle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
