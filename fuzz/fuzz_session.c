/*
 * fuzz_session.c - one session and a host that does anything in any order.
 *
 * An input is a row of operations, an octet each with its arguments behind it:
 *
 *   0 accept          4 a sound message        8 stop      c what callbacks do
 *   1 connected       5 raw octets             9 start     d memory fails
 *   2 connect failed  6 the clock moves        a reset     e write some
 *   3 closed          7 output, all of it      b send      f nothing
 *
 * The first octets choose the options.  What must hold after every operation:
 *
 *   an enabled session in Idle has a deadline; no deadline lies behind the
 *   clock after a tick; what is written on a connection is whole messages, an
 *   OPEN or a NOTIFICATION first and nothing behind a NOTIFICATION; every
 *   `established` has its `down`; all memory comes back
 */
#include "check.h"

#include "bgp/session.h"

#define PLUGS 8

struct plug {
	struct bgp_conn *conn;
	uint8_t held[BGP_MESSAGE_EXT_MAX]; /* a message partly written */
	size_t held_len;
	bool any, ended; /* something was written, a NOTIFICATION was */
};

static struct host {
	struct bgp_session *session;
	struct plug plugs[PLUGS];
	uint64_t now_ms;
	bool want_connect, up;
	uint8_t inside; /* what callbacks do */
	unsigned depth;
	unsigned fail_in;
	size_t octets;
} h;

/* ------------------------------------------------------------------ memory */

static void *
resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	void *fresh;

	(void)ctx;
	CHECK(h.octets >= old_len);
	if (new_len != 0 && h.fail_in > 0 && --h.fail_in == 0)
		return NULL;
	fresh = new_len != 0 ? malloc(new_len) : NULL;
	CHECK(new_len == 0 || fresh != NULL);
	if (ptr != NULL && fresh != NULL)
		memcpy(fresh, ptr, old_len < new_len ? old_len : new_len);
	free(ptr); /* never in place, so that old pointers are found out */
	h.octets += new_len - old_len;
	return fresh;
}

/* ------------------------------------------------------- what it wrote */

static void
check_message(struct plug *plug, const uint8_t *msg, size_t len)
{
	struct bgp_fault fault;
	uint16_t msg_len;
	uint8_t type;

	CHECK(bgp_frame_decode(msg, len, BGP_MESSAGE_EXT_MAX, &type, &msg_len,
			       &fault) == BGP_OK);
	CHECK(!plug->ended);
	CHECK(plug->any || type == BGP_OPEN || type == BGP_NOTIFICATION);
	CHECK(!plug->any || type != BGP_OPEN);
	plug->any = true;
	plug->ended = type == BGP_NOTIFICATION;
}

static void
written(struct plug *plug, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t want = 19;

		plug->held[plug->held_len++] = octets[i];
		if (plug->held_len >= 19)
			want = (size_t)plug->held[16] << 8 | plug->held[17];
		CHECK(want >= 19);
		if (plug->held_len < want)
			continue;
		check_message(plug, plug->held, want);
		plug->held_len = 0;
	}
}

/* At most len octets; 0: all. */
static void
flush(struct plug *plug, size_t len)
{
	struct bgp_span spans[3];
	size_t count, done;

	while (plug->conn != NULL &&
	       (count = bgp_conn_output(plug->conn, spans, 3)) > 0) {
		done = 0;
		for (size_t i = 0; i < count; i++) {
			size_t n = spans[i].len;

			CHECK(n > 0);
			if (len != 0 && n > len - done)
				n = len - done;
			written(plug, spans[i].octets, n);
			done += n;
		}
		CHECK(bgp_conn_sent(plug->conn, done, h.now_ms) == BGP_OK);
		if (len != 0)
			return;
	}
}

static void
unplug(struct plug *plug)
{
	struct bgp_conn *conn = plug->conn;

	plug->conn = NULL;
	if (conn != NULL)
		bgp_conn_closed(conn, h.now_ms);
}

/* --------------------------------------------------------------- callbacks */

static const struct bgp_notification why = { 6, 4, 3, (const uint8_t *)"\2hi" };

/* One misdeed a callback, chosen by the input; none inside another. */
static void
act(unsigned where)
{
	uint8_t what = h.inside;

	if (h.depth > 0 || (what >> 4) != where)
		return;
	h.depth++;
	if ((what & 15) == 1)
		bgp_session_stop(h.session, "inside", h.now_ms);
	if ((what & 15) == 2)
		bgp_session_reset(h.session, &why, h.now_ms);
	if ((what & 15) == 3)
		for (size_t i = 0; i < PLUGS; i++)
			unplug(&h.plugs[i]);
	if ((what & 15) == 4)
		for (size_t i = 0; i < PLUGS; i++)
			flush(&h.plugs[i], 0);
	if ((what & 15) == 5)
		bgp_session_connect_failed(h.session, h.now_ms);
	if ((what & 15) == 6) { /* [cb]: again, where a stop waits */
		int err = bgp_session_start(h.session, h.now_ms);

		CHECK(err == BGP_OK || err == BGP_ERR_STATE);
	}
	h.depth--;
}

static void
on_connect(void *ctx, struct bgp_session *session)
{
	(void)ctx;
	(void)session;
	h.want_connect = true;
	act(1);
}

static void
on_cancel(void *ctx, struct bgp_session *session)
{
	(void)ctx;
	(void)session;
	h.want_connect = false;
	act(2);
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	struct plug *plug = bgp_conn_user(conn);

	(void)ctx;
	CHECK(plug->conn == conn);
	act(3);
	flush(plug, 0);
	if ((h.inside & 1) != 0)
		unplug(plug);
}

static void
on_output(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	(void)conn;
	act(4);
}

static void
on_state(void *ctx, struct bgp_session *session, enum bgp_state from,
	 enum bgp_state to)
{
	(void)ctx;
	CHECK(from != to);
	CHECK(bgp_session_state(session) == to);
	act(5);
}

static void
on_established(void *ctx, struct bgp_session *session)
{
	(void)ctx;
	CHECK(!h.up && bgp_session_codec(session) != NULL);
	CHECK(bgp_session_remote_open(session) != NULL);
	h.up = true;
	act(6);
}

static void
on_down(void *ctx, struct bgp_session *session, const struct bgp_down *down)
{
	(void)ctx;
	(void)session;
	CHECK(h.up && down->cause != BGP_DOWN_NONE);
	h.up = false;
	act(7);
}

static int
on_update(void *ctx, struct bgp_session *session,
	  const struct bgp_update *update, const struct bgp_fault *fault,
	  struct bgp_span msg)
{
	(void)ctx;
	(void)update;
	CHECK(h.up && fault->remedy <= BGP_REMEDY_WITHDRAW);
	CHECK(msg.len >= 23);
	if ((h.inside >> 4) == 9)
		bgp_session_send(session, msg.octets, msg.len);
	act(8);
	return h.inside == 0xa1 ? BGP_ERR_NOMEM
	    : h.inside == 0xa2  ? BGP_ERR_LIMIT
				: BGP_OK;
}

static void
on_refresh(void *ctx, struct bgp_session *session,
	   const struct bgp_refresh *refresh)
{
	(void)ctx;
	CHECK(h.up &&
	      bgp_codec_family(bgp_session_codec(session), refresh->family) !=
		  NULL);
	act(8);
}

/* -------------------------------------------------------------- operations */

struct input {
	const uint8_t *at, *end;
};

static uint8_t
next(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

static struct plug *
any_plug(struct input *in)
{
	return &h.plugs[next(in) % PLUGS];
}

/* The peer's sound messages: OPEN, UPDATE, NOTIFICATION, KEEPALIVE, REFRESH. */
static size_t
sound(uint8_t *msg, size_t size, uint8_t which)
{
	static const uint8_t mp[] = { 0, 1, 0, 1 };
	struct bgp_open open = {
		.version = 4,
		.as = 64501,
		.hold_time_s = (uint16_t)((which & 16) != 0 ? 90 : 0),
		.router_id = (which & 32) != 0 ? 1 : 0xfffffff0,
		.capability_count = 1,
		.capabilities = { { BGP_CAP_MP, 4, mp } }
	};
	uint16_t len = 23;

	if (which % 6 < 2)
		return (size_t)bgp_open_encode(&open, msg, size);
	memset(msg, 0, 32);
	memset(msg, 0xff, 16);
	msg[18] = which % 6;
	if (msg[18] == BGP_KEEPALIVE)
		len = 19;
	if (msg[18] == BGP_ROUTE_REFRESH)
		msg[20] = msg[22] = 1;
	msg[17] = (uint8_t)len;
	return len;
}

static void
hear(struct plug *plug, const uint8_t *octets, size_t len)
{
	uint8_t *exact;

	if (plug->conn == NULL)
		return;
	exact = malloc(len > 0 ? len : 1);
	CHECK(exact != NULL);
	if (len > 0)
		memcpy(exact, octets, len);
	bgp_conn_input(plug->conn, exact, len, h.now_ms);
	free(exact);
}

static void
hear_sound(struct input *in)
{
	struct plug *plug = any_plug(in);
	uint8_t msg[128], cut = next(in);
	size_t len = sound(msg, sizeof msg, next(in));

	if (cut > 0 && cut < len) {
		hear(plug, msg, cut);
		hear(plug, msg + cut, len - cut);
	} else {
		hear(plug, msg, len);
	}
}

static void
hear_raw(struct input *in)
{
	struct plug *plug = any_plug(in);
	size_t len = next(in);

	if (len > (size_t)(in->end - in->at))
		len = (size_t)(in->end - in->at);
	hear(plug, in->at, len);
	in->at += len;
}

static void
plug_in(struct input *in, bool ours)
{
	struct plug *plug = any_plug(in);

	if (plug->conn != NULL || (ours && !h.want_connect))
		return;
	memset(plug, 0, sizeof *plug);
	if (ours)
		h.want_connect = false;
	if (ours)
		bgp_session_connected(h.session, plug, h.now_ms, &plug->conn);
	else
		bgp_session_accept(h.session, plug, h.now_ms, &plug->conn);
}

static void
move_clock(struct input *in)
{
	uint64_t ms = next(in), deadline = bgp_session_deadline(h.session);

	if (ms == 255 && deadline != UINT64_MAX) /* to the deadline */
		h.now_ms = deadline > h.now_ms ? deadline : h.now_ms;
	else
		h.now_ms += ms * ms * 8;
	bgp_session_tick(h.session, h.now_ms);
	CHECK(bgp_session_deadline(h.session) > h.now_ms);
}

static void
send_something(struct input *in)
{
	uint8_t msg[128];
	size_t len = sound(msg, sizeof msg, next(in));
	bool up = h.up;
	int err = bgp_session_send(h.session, msg, len);

	CHECK(up == (err != BGP_ERR_STATE));
}

static void
operate(struct input *in)
{
	switch (next(in) & 15) {
	case 0:
		plug_in(in, false);
		break;
	case 1:
		plug_in(in, true);
		break;
	case 2:
		if (bgp_session_connect_failed(h.session, h.now_ms) == BGP_OK)
			h.want_connect = false;
		break;
	case 3:
		unplug(any_plug(in));
		break;
	case 4:
		hear_sound(in);
		break;
	case 5:
		hear_raw(in);
		break;
	case 6:
		move_clock(in);
		break;
	case 7:
		flush(any_plug(in), 0);
		break;
	case 8:
		bgp_session_stop(h.session, next(in) & 1 ? "why" : NULL,
				 h.now_ms);
		break;
	case 9:
		bgp_session_start(h.session, h.now_ms);
		break;
	case 10:
		bgp_session_reset(h.session, &why, h.now_ms);
		break;
	case 11:
		send_something(in);
		break;
	case 12:
		h.inside = next(in);
		break;
	case 13:
		h.fail_in = next(in) & 7;
		break;
	case 14:
		flush(any_plug(in), 1 + (size_t)next(in));
		break;
	default:
		break;
	}
}

static void
check_session(void)
{
	struct bgp_session_info info;
	enum bgp_state state = bgp_session_state(h.session);

	bgp_session_info(h.session, &info);
	CHECK(info.state == state);
	CHECK(h.up == (bgp_session_codec(h.session) != NULL));
	CHECK(h.up == (state == BGP_ESTABLISHED));
	if (info.enabled && state == BGP_IDLE)
		CHECK(bgp_session_deadline(h.session) != UINT64_MAX);
	if (!info.enabled)
		CHECK(state == BGP_IDLE &&
		      bgp_session_deadline(h.session) == UINT64_MAX);
}

static int
begin(struct input *in)
{
	struct bgp_session_options options = BGP_SESSION_OPTIONS_INIT;
	struct bgp_session_events events = { .size = sizeof events,
					     .connect = on_connect,
					     .cancel = on_cancel,
					     .close = on_close,
					     .output = on_output,
					     .state = on_state,
					     .established = on_established,
					     .down = on_down,
					     .update = on_update,
					     .refresh = on_refresh };
	uint8_t bits = next(in);

	memset(&h, 0, sizeof h);
	h.now_ms = 1000;
	h.inside = 1;
	options.alloc.resize = resize;
	options.local_as = 64500;
	options.router_id = 0x7fffffff;
	options.passive = (bits & 1) != 0;
	options.delay_open_s = (bits & 2) != 0 ? 5 : 0;
	options.ext_message = (bits & 4) != 0;
	options.hold_time_s = (bits & 8) != 0 ? 3 : 90;
	options.no_refresh = (bits & 16) != 0;
	options.seed = bits;
	return bgp_session_new(&h.session, &options, &events);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct input in = { octets, octets + len };

	if (begin(&in) != BGP_OK)
		return 0;
	bgp_session_start(h.session, h.now_ms);
	while (in.at < in.end) {
		operate(&in);
		check_session();
	}
	if ((len & 1) != 0)
		for (size_t i = 0; i < PLUGS; i++)
			unplug(&h.plugs[i]);
	bgp_session_del(h.session);
	CHECK(h.octets == 0);
	return 0;
}
