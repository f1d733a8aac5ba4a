/*
 * test_triggers.c - messages that broke others, in every piece.
 *
 * Reads cve-triggers.jsonl of the directory named by VECTORS and skips where
 * there is none.  Each message arrives
 *
 *   - whole
 *   - in two pieces, cut at every octet
 *   - octet by octet
 *
 * through the frame and its decoder, and through a session of the context the
 * vector tells of; each piece in memory of exactly its size.  The outcome is
 * the expected one however the message came.
 */
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "../unit/hex.h"
#include "json.h"
#include "vector.h"

#include "bgp/session.h"

/* What is no question to a codec or to a bare session, and why. */
static const struct exception {
	const char *id;
	bool codec, session; /* asked anyway */
	const char *reason;
} exceptions[] = {
	{ "FSM-update-opensent", false, true, "the session knows its state" },
	{ "FSM-open-established", false, true, "the session knows its state" },
	{ "BIRD-f8ba82804#strict", false, false, "roles are the host's" },
	{ "CVE-2026-37458", true, false, "next hops are the speaker's" },
	{ "ASPATH-empty-ebgp", true, false, "first AS is the speaker's" },
};

static char line[1 << 20];
static uint8_t message[BGP_MESSAGE_EXT_MAX];
static size_t message_len;
static struct bgp_codec codec;
static bool open_sent; /* the context's state */
static unsigned long deliveries;

static const struct exception *
exception_of(const char *id)
{
	for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
		if (strcmp(exceptions[i].id, id) == 0)
			return exceptions + i;
	return NULL;
}

static uint8_t *
copy_of(const uint8_t *octets, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, octets, len);
	return copy;
}

/* -------------------------------------------------------------------- codec */

static void
decode_body(uint8_t type, const uint8_t *msg, size_t len,
	    struct bgp_fault *fault)
{
	static struct bgp_update update;
	static struct bgp_open open;
	struct bgp_notification notification;
	struct bgp_refresh refresh;
	char text[200];

	if (type == BGP_OPEN) {
		bgp_open_decode(msg, len, &open, fault);
	} else if (type == BGP_UPDATE) {
		bgp_update_decode(&codec, msg, len, &update, fault);
		bgp_update_text(&codec, &update, text, sizeof text);
	} else if (type == BGP_NOTIFICATION) {
		assert_int_equal(
		    bgp_notification_decode(msg, len, &notification), BGP_OK);
		bgp_notification_text(&notification, text, sizeof text);
	} else if (type == BGP_ROUTE_REFRESH) {
		bgp_refresh_decode(msg, len, &refresh, fault);
	}
}

/* What has arrived so far; true: the outcome is known. */
static bool
look(size_t len, struct outcome *o)
{
	uint8_t *octets = copy_of(message, len), type;
	struct bgp_fault fault = { .remedy = BGP_REMEDY_NONE };
	uint16_t msg_len;
	int err = bgp_frame_decode(octets, len, codec.message_in_max, &type,
				   &msg_len, &fault);

	if (err == BGP_OK) {
		fault.remedy = BGP_REMEDY_NONE;
		assert_int_equal(msg_len, len);
		decode_body(type, octets, len, &fault);
	}
	*o = (struct outcome){ fault.remedy, fault.code, fault.subcode };
	free(octets);
	return err != BGP_ERR_SHORT;
}

/* Pieces that end at `cut`, or one octet each (cut over the length). */
static struct outcome
through_codec(size_t cut)
{
	struct outcome o = { BGP_REMEDY_NONE, 0, 0 };
	size_t from = cut > message_len ? 0 : cut;

	for (size_t len = from;
	     len<message_len; len += cut> message_len ? 1 : message_len)
		if (look(len, &o))
			return o;
	assert_true(look(message_len, &o) || message_len == 19);
	return o;
}

/* ------------------------------------------------------------------ session */

/* What the session made of it. */
static struct {
	struct bgp_session *session;
	struct bgp_conn *conn; /* NULL: it closed */
	struct outcome outcome;
} host;

static void
note_output(struct bgp_conn *conn)
{
	struct bgp_span spans[8];
	size_t count = bgp_conn_output(conn, spans, 8), len = 0;

	for (size_t i = 0; i < count; i++) {
		const uint8_t *p = spans[i].octets;

		len += spans[i].len;
		/* messages of a session begin with a span, and it says little
		 */
		for (const uint8_t *end = p + spans[i].len; p + 19 <= end;
		     p += p[16] << 8 | p[17])
			if (p[18] == BGP_NOTIFICATION)
				host.outcome = (struct outcome){
					BGP_REMEDY_RESET, p[19], p[20]
				};
	}
	bgp_conn_sent(conn, len, 0);
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	note_output(conn);
	host.conn = NULL;
	bgp_conn_closed(conn, 0);
}

static int
on_update(void *ctx, struct bgp_session *session,
	  const struct bgp_update *update, const struct bgp_fault *fault,
	  struct bgp_span msg)
{
	(void)ctx;
	(void)session;
	(void)update;
	(void)msg;
	host.outcome = (struct outcome){ fault->remedy, fault->code,
					 fault->subcode };
	return BGP_OK;
}

static void
give(const uint8_t *octets, size_t len)
{
	uint8_t *copy = copy_of(octets, len);

	if (host.conn != NULL && len > 0)
		bgp_conn_input(host.conn, copy, len, 0);
	free(copy);
}

/* The peer's OPEN: what the codec of the context says was agreed. */
static void
give_open(void)
{
	static uint8_t values[BGP_FAMILIES_MAX + 1][4];
	struct bgp_open open = { .version = 4,
				 .hold_time_s = 90,
				 .router_id = 0xc0000202,
				 .as = codec.peer_as };
	struct bgp_capability *cap = open.capabilities;
	uint8_t msg[BGP_MESSAGE_MAX];
	int len;

	for (size_t i = 0; i < codec.family_count; i++) {
		bgp_family family = codec.families[i].family;

		values[i][0] = (uint8_t)(BGP_AFI(family) >> 8);
		values[i][1] = (uint8_t)BGP_AFI(family);
		values[i][3] = (uint8_t)BGP_SAFI(family);
		*cap++ = (struct bgp_capability){ BGP_CAP_MP, 4, values[i] };
	}
	if (codec.as4) {
		uint8_t *p = values[BGP_FAMILIES_MAX];

		p[0] = (uint8_t)(codec.peer_as >> 24);
		p[1] = (uint8_t)(codec.peer_as >> 16);
		p[2] = (uint8_t)(codec.peer_as >> 8);
		p[3] = (uint8_t)codec.peer_as;
		*cap++ = (struct bgp_capability){ BGP_CAP_AS4, 4, p };
	}
	*cap++ = (struct bgp_capability){ BGP_CAP_REFRESH, 0, NULL };
	if (codec.message_in_max > BGP_MESSAGE_MAX)
		*cap++ = (struct bgp_capability){ BGP_CAP_EXT_MESSAGE, 0,
						  NULL };
	open.capability_count = (uint8_t)(cap - open.capabilities);
	len = bgp_open_encode(&open, msg, sizeof msg);
	assert_true(len > 0);
	give(msg, (size_t)len);
	len = bgp_keepalive_encode(msg, sizeof msg);
	give(msg, (size_t)len);
}

static void
open_session(void)
{
	struct bgp_session_options options = BGP_SESSION_OPTIONS_INIT;
	struct bgp_session_events events = { .size = sizeof events,
					     .close = on_close,
					     .update = on_update };

	options.local_as = codec.ebgp ? 65001 : codec.peer_as;
	options.router_id = 0xc0000201;
	options.passive = true;
	options.ext_message = codec.message_in_max > BGP_MESSAGE_MAX;
	options.family_count = codec.family_count;
	memcpy(options.families, codec.families,
	       codec.family_count * sizeof options.families[0]);
	memset(&host, 0, sizeof host);
	assert_int_equal(bgp_session_new(&host.session, &options, &events),
			 BGP_OK);
	assert_int_equal(bgp_session_start(host.session, 0), BGP_OK);
	assert_int_equal(bgp_session_accept(host.session, NULL, 0, &host.conn),
			 BGP_OK);
	if (open_sent)
		return;
	give_open();
	assert_int_equal(bgp_session_state(host.session), BGP_ESTABLISHED);
}

/* What must hold of the session after an outcome. */
static void
check_session(const char *id, const struct outcome *o)
{
	bool up = bgp_session_state(host.session) ==
	    (open_sent ? BGP_OPENCONFIRM : BGP_ESTABLISHED);

	if (message[18] == BGP_NOTIFICATION)
		assert_true(!up && o->remedy == BGP_REMEDY_NONE);
	else if (up != (o->remedy != BGP_REMEDY_RESET))
		fail_msg("%s: the session is %s", id, up ? "up" : "down");
}

static struct outcome
through_session(const char *id, size_t cut)
{
	struct outcome o;

	open_session();
	if (cut > message_len) {
		for (size_t i = 0; i < message_len; i++)
			give(message + i, 1);
	} else {
		give(message, cut);
		give(message + cut, message_len - cut);
	}
	if (host.conn != NULL)
		note_output(host.conn);
	o = host.outcome;
	check_session(id, &o);
	bgp_session_del(host.session);
	return o;
}

/* -------------------------------------------------------------------- files */

static void
expect(const struct json *v, const struct outcome *o, const char *by,
       size_t cut)
{
	const char *phrase = json_string(v, "expect");

	deliveries++;
	if (outcome_is(o, phrase) ||
	    outcome_is_one_of(o,
			      json_get(json_get(v, "context"), "accept_also")))
		return;
	fail_msg("%s, cut at %zu, %s: %s %u/%u, not %s", json_string(v, "id"),
		 cut, by, bgp_remedy_text(o->remedy), o->code, o->subcode,
		 phrase);
}

static void
run_vector(const struct json *v)
{
	const char *id = json_string(v, "id");
	const struct json *context = json_get(v, "context");
	const char *state = json_string(context, "state");
	const struct exception *e = exception_of(id);
	struct outcome o;

	vector_codec(&codec, id, context);
	message_len = hex_octets(json_string(v, "hex"), message,
				 sizeof message);
	open_sent = state != NULL && strcmp(state, "OpenSent") == 0;
	/* one more than its octets: octet by octet */
	for (size_t cut = 0; cut <= message_len + 1; cut++) {
		if (e == NULL || e->codec) {
			o = through_codec(cut);
			expect(v, &o, "codec", cut);
		}
		if (e == NULL || e->session) {
			o = through_session(id, cut);
			expect(v, &o, "session", cut);
		}
	}
}

static void
test_triggers(void **state)
{
	FILE *f = vector_file("cve-triggers");
	unsigned count = 0;

	(void)state;
	assert_non_null(f);
	for (; fgets(line, sizeof line, f) != NULL; count++) {
		const struct json *v = json_parse(line);

		assert_non_null(v);
		run_vector(v);
	}
	fclose(f);
	print_message("# %u messages, %lu deliveries\n", count, deliveries);
	assert_true(count >= 80);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_triggers),
	};
	FILE *f = vector_file("cve-triggers");

	if (f == NULL) {
		puts("1..0 # SKIP no ../shared/vectors");
		return 0;
	}
	fclose(f);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
