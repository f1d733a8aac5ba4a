/*
 * test_input.c - octets in any pieces, messages that must not come, and junk.
 *
 * End 1 waits; the test is its peer and writes octets by hand.
 */
#include <string.h>

#include "tests/unit/check.h"

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

static void
open_world(bool ext_message)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);

	b.passive = true;
	b.ext_message = ext_message;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	bgp_session_start(end->session, world.now_ms);
	wire = wire_stranger(&world, 1);
}

static void
reach(enum bgp_state state)
{
	open_world(false);
	if (state >= BGP_OPENCONFIRM)
		wire_open(wire, 0, 90);
	if (state >= BGP_ESTABLISHED)
		wire_message(wire, 0, BGP_KEEPALIVE, 19);
	world_settle(&world);
	assert_int_equal(bgp_session_state(end->session), state);
}

/* What the session said last, and that it said it before it closed. */
static void
assert_said(unsigned code, unsigned subcode, const uint8_t *data, size_t len)
{
	assert_int_equal(notified(end), code << 8 | subcode);
	assert_int_equal(end->notification_len, 21 + len);
	if (len > 0)
		assert_memory_equal(end->notification + 21, data, len);
	assert_int_equal(end->wrote[end->wrote_len - 1], 'N');
	assert_int_equal(bgp_session_state(end->session), BGP_IDLE);
	assert_true(bgp_session_deadline(end->session) != UINT64_MAX);
}

/* ------------------------------------------------------------------ pieces */

#define UPDATES 3

static size_t
fill_stream(uint8_t *buf, size_t size)
{
	size_t len = peer_open(0, 90, buf, size);
	static const struct {
		uint8_t type;
		uint8_t len;
	} rest[] = { { BGP_KEEPALIVE, 19 }, { BGP_UPDATE, 23 },
		     { BGP_UPDATE, 23 },    { BGP_ROUTE_REFRESH, 23 },
		     { BGP_KEEPALIVE, 19 }, { BGP_UPDATE, 23 } };

	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) {
		uint8_t *p = buf + len;

		memset(p, 0, rest[i].len);
		memset(p, 0xff, 16);
		p[17] = rest[i].len;
		p[18] = rest[i].type;
		if (rest[i].type == BGP_ROUTE_REFRESH)
			p[20] = p[22] = 1; /* IPv4 unicast */
		len += rest[i].len;
	}
	return len;
}

static void
assert_all_arrived(void)
{
	struct bgp_session_info info;

	assert_int_equal(bgp_session_state(end->session), BGP_ESTABLISHED);
	assert_int_equal(end->updates, UPDATES);
	assert_int_equal(end->refreshes, 1);
	bgp_session_info(end->session, &info);
	assert_int_equal(info.messages_in[BGP_KEEPALIVE], 2);
	assert_int_equal(info.faults[BGP_REMEDY_NONE], UPDATES);
}

/* Every way to cut the stream into three. */
static void
test_every_split(void **state)
{
	uint8_t stream[512];
	size_t len = fill_stream(stream, sizeof stream);

	(void)state;
	for (size_t i = 0; i <= len; i++)
		for (size_t j = i; j <= len; j += 1 + (j - i) / 8) {
			open_world(false);
			wire_write(wire, 0, stream, i);
			world_settle(&world);
			wire_write(wire, 0, stream + i, j - i);
			world_settle(&world);
			wire_write(wire, 0, stream + j, len - j);
			world_settle(&world);
			assert_all_arrived();
			world_close(&world);
		}
}

static void
test_every_piece(void **state)
{
	uint8_t stream[512];
	size_t len = fill_stream(stream, sizeof stream);

	(void)state;
	for (size_t piece = 1; piece <= len; piece++) {
		open_world(false);
		world.piece = piece;
		wire_write(wire, 0, stream, len);
		world_settle(&world);
		assert_all_arrived();
		world_close(&world);
	}
}

/* A message of 65535 octets, in pieces, where it was offered. */
static void
test_long_message(void **state)
{
	static uint8_t msg[BGP_MESSAGE_EXT_MAX];

	(void)state;
	open_world(true);
	wire_open(wire, 0, 90);
	wire_message(wire, 0, BGP_KEEPALIVE, 19);
	memset(msg, 0xff, 18);
	msg[18] = BGP_UPDATE; /* withdraws 65512 times 0.0.0.0/0 */
	msg[19] = (uint8_t)((sizeof msg - 23) >> 8);
	msg[20] = (uint8_t)(sizeof msg - 23);
	world.piece = 4000;
	wire_write(wire, 0, msg, sizeof msg);
	world_settle(&world);
	assert_int_equal(bgp_session_state(end->session), BGP_ESTABLISHED);
	assert_int_equal(end->updates, 1);
}

/* ---------------------------------------------------------- header errors */

static const struct header_case {
	uint8_t at, value; /* octet 16 is the high one of the length */
	uint8_t type;
	uint16_t len;
	uint8_t code, subcode;
	uint8_t data[2];
	uint8_t data_len;
} header_cases[] = {
	{ 0, 0, 4, 19, 1, 1, { 0 }, 0 }, /* marker */
	{ 15, 0xfe, 4, 19, 1, 1, { 0 }, 0 },
	{ 0, 0xff, 4, 18, 1, 2, { 0, 18 }, 2 },
	{ 0, 0xff, 4, 0, 1, 2, { 0, 0 }, 2 },
	{ 0, 0xff, 2, 4097, 1, 2, { 0x10, 1 }, 2 },
	{ 0, 0xff, 2, 65535, 1, 2, { 0xff, 0xff }, 2 },
	{ 0, 0xff, 4, 20, 1, 2, { 0, 20 }, 2 }, /* per type */
	{ 0, 0xff, 1, 28, 1, 2, { 0, 28 }, 2 },
	{ 0, 0xff, 2, 22, 1, 2, { 0, 22 }, 2 },
	{ 0, 0xff, 3, 20, 1, 2, { 0, 20 }, 2 },
	{ 0, 0xff, 5, 22, 1, 2, { 0, 22 }, 2 },
	{ 0, 0xff, 0, 19, 1, 3, { 0 }, 1 },
	{ 0, 0xff, 6, 19, 1, 3, { 6 }, 1 },
	{ 0, 0xff, 255, 23, 1, 3, { 255 }, 1 },
	/* marker before length before type */
	{ 0, 0, 9, 1, 1, 1, { 0 }, 0 },
	{ 0, 0xff, 9, 1, 1, 2, { 0, 1 }, 2 },
};

static void
run_header_case(const struct header_case *c, enum bgp_state from, size_t piece)
{
	uint8_t header[19];

	reach(from);
	memset(header, 0xff, 16);
	header[16] = (uint8_t)(c->len >> 8);
	header[17] = (uint8_t)c->len;
	header[18] = c->type;
	header[c->at] = c->value;
	world.piece = piece;
	wire_write(wire, 0, header, sizeof header); /* the body never comes */
	world_settle(&world);
	assert_said(c->code, c->subcode, c->data, c->data_len);
	if (from == BGP_ESTABLISHED) {
		assert_int_equal(end->down.cause, BGP_DOWN_SENT);
		assert_true(logged(end, "close down Idle"));
	} else {
		assert_int_equal(end->downs, 0);
		assert_true(logged(end, "close failed Idle"));
	}
	world_close(&world);
}

static void
test_header_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof header_cases / sizeof header_cases[0];
	     i++)
		for (int from = BGP_OPENSENT; from <= BGP_ESTABLISHED; from++)
			for (size_t piece = 0; piece < 20; piece += 7)
				run_header_case(header_cases + i,
						(enum bgp_state)from, piece);
}

/* ------------------------------------------------------------- FSM errors */

static const struct {
	enum bgp_state state;
	uint8_t type;
	uint16_t len;
	uint8_t subcode; /* 0: nothing is said */
} unexpected[] = {
	/* RFC 6608 3 */
	{ BGP_OPENSENT, BGP_KEEPALIVE, 19, 1 },
	{ BGP_OPENSENT, BGP_UPDATE, 23, 1 },
	{ BGP_OPENSENT, BGP_ROUTE_REFRESH, 23, 1 },
	{ BGP_OPENCONFIRM, BGP_OPEN, 29, 2 },
	{ BGP_OPENCONFIRM, BGP_UPDATE, 23, 2 },
	{ BGP_OPENCONFIRM, BGP_ROUTE_REFRESH, 23, 2 },
	{ BGP_ESTABLISHED, BGP_OPEN, 29, 3 },
};

static void
test_unexpected(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unexpected / sizeof unexpected[0]; i++) {
		uint8_t type = unexpected[i].type;

		reach(unexpected[i].state);
		wire_message(wire, 0, type, unexpected[i].len);
		world_settle(&world);
		assert_said(5, unexpected[i].subcode, &type, 1);
		world_close(&world);
	}
}

/* An UPDATE that RFC 7606 leaves at a reset, and one that it does not. */
static void
test_bad_updates(void **state)
{
	static const uint8_t overrun[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					   0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					   0xff, 0xff, 0xff, 0xff, 0,    23,
					   2,    0,    9,    0,    0 };
	static const uint8_t bare[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					0xff, 0xff, 0xff, 0xff, 0,    29,
					2,    0,    0,    0,    4,    0x40,
					1,    1,    0,    8,    10 };
	struct bgp_session_info info;

	(void)state;
	reach(BGP_ESTABLISHED);
	wire_write(wire, 0, bare, sizeof bare); /* no AS_PATH: withdraw */
	world_settle(&world);
	assert_int_equal(bgp_session_state(end->session), BGP_ESTABLISHED);
	assert_int_equal(end->updates, 1);
	wire_write(wire, 0, overrun, sizeof overrun);
	world_settle(&world);
	assert_said(3, 1, NULL, 0);
	assert_int_equal(end->updates, 1);
	bgp_session_info(end->session, &info);
	assert_int_equal(info.faults[BGP_REMEDY_WITHDRAW], 1);
	assert_int_equal(info.faults[BGP_REMEDY_RESET], 1);
	assert_int_equal(info.last.cause, BGP_DOWN_SENT);
}

/* ----------------------------------------------------------- NOTIFICATION */

/* "Unsupported Version Number" is an event of its own, and not answered. */
static void
test_version_notification(void **state)
{
	static const uint8_t msg[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				       0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				       0xff, 0xff, 0xff, 0xff, 0,    23,
				       3,    2,    1,    0,    4 };
	struct bgp_session_info info;

	(void)state;
	for (int from = BGP_OPENSENT; from <= BGP_ESTABLISHED; from++) {
		reach((enum bgp_state)from);
		wire_write(wire, 0, msg, sizeof msg);
		world_settle(&world);
		assert_int_equal(end->notification_len, 0);
		assert_int_equal(bgp_session_state(end->session), BGP_ACTIVE);
		bgp_session_info(end->session, &info);
		assert_int_equal(info.last.notification.code, 2);
		assert_int_equal(info.last.notification.subcode, 1);
		world_close(&world);
	}
}

/* Never answered, in whatever state and however odd.        RFC 4271 6.4 */
static void
test_notification_is_not_answered(void **state)
{
	static const uint16_t lens[] = { 21, 22, 100, 4096 };

	(void)state;
	for (int from = BGP_OPENSENT; from <= BGP_ESTABLISHED; from++)
		for (size_t i = 0; i < 4; i++) {
			reach((enum bgp_state)from);
			wire_message(wire, 0, BGP_NOTIFICATION, lens[i]);
			world_settle(&world);
			assert_int_equal(end->notification_len, 0);
			assert_int_equal(bgp_session_state(end->session),
					 BGP_ACTIVE);
			assert_int_equal(end->downs,
					 from == BGP_ESTABLISHED ? 1 : 0);
			world_close(&world);
		}
}

static void
test_notification_is_kept(void **state)
{
	static const uint8_t msg[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				       0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				       0xff, 0xff, 0,    25,   3,    6,    4,
				       3,    'a',  'b',  'c' };
	struct bgp_session_info info;
	char text[100];

	(void)state;
	reach(BGP_ESTABLISHED);
	wire_write(wire, 0, msg, sizeof msg);
	world_settle(&world);
	assert_int_equal(end->down.cause, BGP_DOWN_RECEIVED);
	bgp_session_info(end->session, &info);
	assert_int_equal(info.last.cause, BGP_DOWN_RECEIVED);
	bgp_notification_text(&info.last.notification, text, sizeof text);
	assert_string_equal(text, "Cease/Administrative Reset \"abc\"");
}

/* ----------------------------------------------------------- ROUTE-REFRESH */

static void
test_refresh(void **state)
{
	static const uint8_t head[] = { 0xff, 0xff, 0xff, 0xff, 0xff,
					0xff, 0xff, 0xff, 0xff, 0xff,
					0xff, 0xff, 0xff, 0xff, 0xff,
					0xff, 0,    23,   5 };
	static const struct {
		uint8_t body[4];
		unsigned heard;
	} cases[] = {
		{ { 0, 1, 0, 1 }, 1 },
		{ { 0, 9, 0, 9 }, 0 }, /* never agreed on */
		{ { 0, 1, 1, 1 }, 0 }, /* RFC 7313 was not offered */
		{ { 0, 1, 77, 1 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		reach(BGP_ESTABLISHED);
		wire_write(wire, 0, head, sizeof head);
		wire_write(wire, 0, cases[i].body, 4);
		world_settle(&world);
		assert_int_equal(end->refreshes, cases[i].heard);
		assert_int_equal(bgp_session_state(end->session),
				 BGP_ESTABLISHED);
		world_close(&world);
	}
}

/* With RFC 7313 agreed on, its subtypes are heard and its one error told. */
static void
test_enhanced_refresh(void **state)
{
	static const uint8_t begin[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					 0xff, 0xff, 0xff, 0xff, 0,    23,
					 5,    0,    1,    1,    1 };
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct bgp_capability enhanced = { BGP_CAP_ENHANCED_REFRESH, 0, NULL };
	uint8_t longer[24] = { 0 };

	(void)state;
	b.passive = true;
	b.capabilities = &enhanced;
	b.capability_count = 1;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	bgp_session_start(end->session, world.now_ms);
	wire = wire_stranger(&world, 1);
	wire_open(wire, 0, 90);
	wire_message(wire, 0, BGP_KEEPALIVE, 19);
	wire_write(wire, 0, begin, sizeof begin);
	world_settle(&world);
	assert_int_equal(end->refreshes, 1);
	memcpy(longer, begin, sizeof begin);
	longer[17] = 24;
	wire_write(wire, 0, longer, sizeof longer);
	world_settle(&world);
	assert_int_equal(notified(end), 7 << 8 | 1);
	assert_int_equal(end->refreshes, 1);
}

static void
test_no_refresh(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);

	(void)state;
	b.passive = true;
	b.no_refresh = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world_up(&world);
	wire_message(world.wires[0], 0, BGP_ROUTE_REFRESH, 23);
	world_settle(&world);
	assert_int_equal(end->refreshes, 0);
	assert_true(world_is_up(&world));
}

/* -------------------------------------------------------------------- junk */

/* The session lives, or is idle with a timer; nothing in between. */
static void
assert_sane(void)
{
	enum bgp_state at = bgp_session_state(end->session);

	if (at == BGP_IDLE)
		assert_true(bgp_session_deadline(end->session) != UINT64_MAX);
	else
		assert_true(at >= BGP_OPENSENT ||
			    (at == BGP_ACTIVE && wire->plugs[1].conn == NULL));
}

static void
test_junk_at_every_octet(void **state)
{
	static const uint8_t junk[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	uint8_t stream[512];
	size_t len = fill_stream(stream, sizeof stream);

	(void)state;
	for (size_t i = 0; i < len; i++)
		for (size_t j = 0; j < sizeof junk; j++) {
			uint8_t was = stream[i];

			open_world(false);
			stream[i] = junk[j];
			wire_write(wire, 0, stream, len);
			stream[i] = was;
			world_settle(&world);
			assert_sane();
			world_after(&world, 300000);
			assert_sane();
			world_close(&world);
		}
}

/* What comes behind the end of a session is not read. */
static void
test_nothing_after_the_end(void **state)
{
	(void)state;
	reach(BGP_ESTABLISHED);
	wire_message(wire, 0, BGP_UPDATE, 23);
	wire_message(wire, 0, BGP_OPEN, 29);
	wire_message(wire, 0, BGP_UPDATE, 23);
	world_settle(&world);
	assert_int_equal(end->updates, 1);
	assert_true(logged(end, "update close down Idle"));
	assert_int_equal(end->wrote_len, 3); /* OPEN KEEPALIVE NOTIFICATION */
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, close_world)
	const struct CMUnitTest tests[] = {
		T(test_every_split),
		T(test_every_piece),
		T(test_long_message),
		T(test_header_errors),
		T(test_unexpected),
		T(test_notification_is_not_answered),
		T(test_bad_updates),
		T(test_notification_is_kept),
		T(test_version_notification),
		T(test_refresh),
		T(test_enhanced_refresh),
		T(test_no_refresh),
		T(test_junk_at_every_octet),
		T(test_nothing_after_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
