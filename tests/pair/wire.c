/*
 * wire.c - two sessions in one process; see wire.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/pair/wire.h"

/* --------------------------------------------------------------------- log */

static void
say(struct end *end, const char *word)
{
	int n = snprintf(end->log + end->log_len, LOG_MAX - end->log_len, "%s ",
			 word);

	if (n > 0 && end->log_len + (size_t)n < LOG_MAX)
		end->log_len += (size_t)n;
	if (end->on_event != NULL)
		end->on_event(end, word);
}

bool
logged(const struct end *end, const char *words)
{
	return strstr(end->log, words) != NULL;
}

void
log_clear(struct end *end)
{
	end->log_len = 0;
	end->log[0] = '\0';
}

/* ------------------------------------------------------------------- pipes */

static void
pipe_put(struct pipe *pipe, const uint8_t *octets, size_t len)
{
	if (pipe->len + len > pipe->size) {
		pipe->size = (pipe->len + len) * 2;
		pipe->octets = realloc(pipe->octets, pipe->size);
		if (pipe->octets == NULL)
			abort();
	}
	if (len > 0)
		memcpy(pipe->octets + pipe->len, octets, len);
	pipe->len += len;
}

static void
note(struct end *end, const uint8_t *msg, size_t len)
{
	static const char letters[] = "?OUNKR";

	if (end->wrote_len + 1 < sizeof end->wrote)
		end->wrote[end->wrote_len++] = msg[18] < 6 ? letters[msg[18]]
							   : '?';
	if (msg[18] != BGP_NOTIFICATION)
		return;
	end->notification_len = len < sizeof end->notification
	    ? len
	    : sizeof end->notification;
	memcpy(end->notification, msg, end->notification_len);
}

/* Notes the whole messages of what is written. */
static void
watch(struct end *end, const uint8_t *octets, size_t len)
{
	for (size_t at = 0; at + 19 <= len;) {
		size_t n = (size_t)octets[at + 16] << 8 | octets[at + 17];

		if (n < 19 || at + n > len)
			return;
		note(end, octets + at, n);
		at += n;
	}
}

unsigned
notified(const struct end *end)
{
	return end->notification_len < 21
	    ? 0
	    : (unsigned)end->notification[19] << 8 | end->notification[20];
}

bool
wire_flush(struct wire *wire, int from)
{
	struct world *world = wire->world;
	struct plug *plug = &wire->plugs[from];
	struct pipe *pipe = &wire->pipes[from];
	struct bgp_span spans[4];
	bool any = false;
	size_t count;

	while (plug->conn != NULL && !pipe->stuck && !pipe->ended &&
	       (count = bgp_conn_output(plug->conn, spans, 4)) > 0) {
		size_t len = 0;

		for (size_t i = 0; i < count; i++) {
			watch(&world->ends[from], spans[i].octets,
			      spans[i].len);
			pipe_put(pipe, spans[i].octets, spans[i].len);
			len += spans[i].len;
		}
		if (bgp_conn_sent(plug->conn, len, world->now_ms) != BGP_OK)
			abort();
		any = true;
	}
	return any;
}

static void
plug_pull(struct plug *plug)
{
	struct bgp_conn *conn = plug->conn;

	plug->conn = NULL;
	plug->wire->pipes[plug->end].ended = true;
	if (conn != NULL)
		bgp_conn_closed(conn, plug->wire->world->now_ms);
}

bool
wire_deliver(struct wire *wire, int from, size_t len)
{
	struct pipe *pipe = &wire->pipes[from];
	struct plug *to = &wire->plugs[!from];
	uint8_t *copy;

	if (to->waits)
		return false;
	if (pipe->len == 0) {
		if (!pipe->ended || to->conn == NULL)
			return false;
		plug_pull(to); /* end of file */
		return true;
	}
	if (len == 0 || len > pipe->len)
		len = pipe->len;
	copy = malloc(len); /* exactly, for the sanitizer */
	if (copy == NULL)
		abort();
	memcpy(copy, pipe->octets, len);
	pipe->len -= len;
	memmove(pipe->octets, pipe->octets + len, pipe->len);
	if (to->conn != NULL)
		bgp_conn_input(to->conn, copy, len, wire->world->now_ms);
	free(copy);
	return true;
}

/* --------------------------------------------------------------- callbacks */

static void
on_connect(void *ctx, struct bgp_session *session)
{
	struct end *end = ctx;

	(void)session;
	end->want_connect = true;
	say(end, "connect");
}

static void
on_cancel(void *ctx, struct bgp_session *session)
{
	struct end *end = ctx;

	(void)session;
	end->want_connect = false;
	say(end, "cancel");
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	struct end *end = ctx;
	struct plug *plug = bgp_conn_user(conn);

	wire_flush(plug->wire, plug->end);
	say(end, "close");
	plug_pull(plug);
}

static void
on_output(void *ctx, struct bgp_conn *conn)
{
	(void)conn;
	say(ctx, "output");
}

static void
on_state(void *ctx, struct bgp_session *session, enum bgp_state from,
	 enum bgp_state to)
{
	(void)session;
	(void)from;
	say(ctx, bgp_state_text(to));
}

static void
on_established(void *ctx, struct bgp_session *session)
{
	struct end *end = ctx;

	(void)session;
	end->established++;
	say(end, "established");
}

static void
on_down(void *ctx, struct bgp_session *session, const struct bgp_down *why)
{
	struct end *end = ctx;
	size_t len = why->notification.data_len;

	(void)session;
	end->downs++;
	end->down = *why;
	if (len > sizeof end->down_data)
		len = sizeof end->down_data;
	if (len > 0)
		memcpy(end->down_data, why->notification.data, len);
	end->down.notification.data = end->down_data;
	say(end, "down");
}

static void
on_attempt_failed(void *ctx, struct bgp_session *session,
		  const struct bgp_down *why)
{
	struct end *end = ctx;

	(void)session;
	end->failures++;
	end->failure = *why;
	end->failure.notification.data = NULL;
	say(end, "failed");
}

static int
on_update(void *ctx, struct bgp_session *session,
	  const struct bgp_update *update, const struct bgp_fault *fault,
	  struct bgp_span msg)
{
	struct end *end = ctx;

	(void)session;
	(void)update;
	(void)fault;
	end->updates++;
	end->last_update_len = msg.len < sizeof end->last_update
	    ? msg.len
	    : sizeof end->last_update;
	memcpy(end->last_update, msg.octets, end->last_update_len);
	say(end, "update");
	if (end->on_update != NULL)
		end->on_update(end);
	return end->update_answer;
}

static void
on_refresh(void *ctx, struct bgp_session *session,
	   const struct bgp_refresh *refresh)
{
	struct end *end = ctx;

	(void)session;
	(void)refresh;
	end->refreshes++;
	say(end, "refresh");
}

/* ------------------------------------------------------------------- wires */

static struct wire *
wire_new(struct world *world, int initiator)
{
	struct wire *wire = calloc(1, sizeof *wire);

	if (wire == NULL || world->wire_count == WIRES_MAX)
		abort();
	wire->world = world;
	wire->initiator = initiator;
	for (int i = 0; i < 2; i++)
		wire->plugs[i] = (struct plug){ .wire = wire, .end = i };
	world->wires[world->wire_count++] = wire;
	return wire;
}

void
wire_plug(struct wire *wire, int at)
{
	struct world *world = wire->world;
	struct end *end = &world->ends[at];
	struct plug *plug = &wire->plugs[at];

	plug->waits = false;
	plug->answer = at == wire->initiator
	    ? bgp_session_connected(end->session, plug, world->now_ms,
				    &plug->conn)
	    : bgp_session_accept(end->session, plug, world->now_ms,
				 &plug->conn);
	if (plug->answer < 0)
		plug_pull(plug);
}

struct wire *
wire_begin(struct world *world, int from)
{
	struct wire *wire = wire_new(world, from);

	world->ends[from].want_connect = false;
	wire->plugs[0].waits = wire->plugs[1].waits = true;
	return wire;
}

struct wire *
wire_connect(struct world *world, int from)
{
	struct end *end = &world->ends[from];
	struct wire *wire;

	if (world->ends[!from].deaf) {
		end->want_connect = false;
		bgp_session_connect_failed(end->session, world->now_ms);
		return NULL;
	}
	wire = wire_begin(world, from);
	wire_plug(wire, !from);
	wire_plug(wire, from);
	return wire;
}

struct wire *
wire_stranger(struct world *world, int to)
{
	struct wire *wire = wire_new(world, !to);

	wire_plug(wire, to);
	return wire;
}

void
wire_message(struct wire *wire, int from, uint8_t type, uint16_t len)
{
	uint8_t msg[BGP_MESSAGE_MAX] = { 0 };

	memset(msg, 0xff, 16);
	msg[16] = (uint8_t)(len >> 8);
	msg[17] = (uint8_t)len;
	msg[18] = type;
	wire_write(wire, from, msg, len);
}

size_t
peer_open(int from, uint16_t hold_time_s, uint8_t *buf, size_t size)
{
	static const uint8_t ipv4[] = { 0, 1, 0, 1 };
	struct bgp_session_options options = pair_options(from);
	uint32_t as = options.local_as;
	uint8_t as4[] = { (uint8_t)(as >> 24), (uint8_t)(as >> 16),
			  (uint8_t)(as >> 8), (uint8_t)as };
	struct bgp_open open = { .version = 4,
				 .as = as,
				 .hold_time_s = hold_time_s,
				 .router_id = options.router_id,
				 .capability_count = 2,
				 .capabilities = { { BGP_CAP_MP, 4, ipv4 },
						   { BGP_CAP_AS4, 4, as4 } } };

	return (size_t)bgp_open_encode(&open, buf, size);
}

void
wire_open(struct wire *wire, int from, uint16_t hold_time_s)
{
	uint8_t msg[256];

	wire_write(wire, from, msg,
		   peer_open(from, hold_time_s, msg, sizeof msg));
}

void
wire_write(struct wire *wire, int from, const void *octets, size_t len)
{
	pipe_put(&wire->pipes[from], octets, len);
}

void
wire_break(struct wire *wire)
{
	for (int i = 0; i < 2; i++) {
		wire->pipes[i].len = 0;
		plug_pull(&wire->plugs[i]);
	}
}

/* ------------------------------------------------------------------- world */

struct bgp_session_options
pair_options(int end)
{
	struct bgp_session_options options = BGP_SESSION_OPTIONS_INIT;

	options.seed = (uint64_t)end + 1;
	options.local_as = 64500 + (uint32_t)end;
	options.peer_as = 64501 - (uint32_t)end;
	options.router_id = 0xc0000201 + (uint32_t)end;
	return options;
}

int
world_open(struct world *world, const struct bgp_session_options *a,
	   const struct bgp_session_options *b)
{
	int err = BGP_OK;

	memset(world, 0, sizeof *world);
	world->now_ms = 1000000;
	for (int i = 0; i < 2 && err == BGP_OK; i++) {
		struct end *end = &world->ends[i];
		struct bgp_session_events events = {
			.size = sizeof events,
			.ctx = end,
			.connect = on_connect,
			.cancel = on_cancel,
			.close = on_close,
			.output = on_output,
			.state = on_state,
			.established = on_established,
			.down = on_down,
			.update = on_update,
			.refresh = on_refresh,
			.attempt_failed = on_attempt_failed
		};

		end->world = world;
		end->index = i;
		err = bgp_session_new(&end->session, i == 0 ? a : b, &events);
	}
	return err;
}

void
world_close(struct world *world)
{
	for (int i = 0; i < 2; i++)
		bgp_session_del(world->ends[i].session);
	for (int i = 0; i < world->wire_count; i++) {
		free(world->wires[i]->pipes[0].octets);
		free(world->wires[i]->pipes[1].octets);
		free(world->wires[i]);
	}
	memset(world, 0, sizeof *world);
}

static bool
move(struct world *world)
{
	bool any = false;

	for (int i = 0; i < 2; i++)
		if (world->ends[i].want_connect && !world->hold_connects) {
			wire_connect(world, i);
			any = true;
		}
	for (int i = 0; i < world->wire_count; i++)
		for (int from = 0; from < 2; from++) {
			any |= wire_flush(world->wires[i], from);
			any |= wire_deliver(world->wires[i], from,
					    world->piece);
		}
	return any;
}

void
world_settle(struct world *world)
{
	while (move(world))
		continue;
}

void
world_until(struct world *world, uint64_t now_ms)
{
	world_settle(world);
	while (world->now_ms < now_ms) {
		uint64_t next = now_ms;

		for (int i = 0; i < 2; i++) {
			uint64_t at = bgp_session_deadline(
			    world->ends[i].session);

			if (at < next)
				next = at;
		}
		if (next > world->now_ms)
			world->now_ms = next;
		for (int i = 0; i < 2; i++)
			bgp_session_tick(world->ends[i].session, world->now_ms);
		world_settle(world);
	}
}

void
world_after(struct world *world, uint64_t ms)
{
	world_until(world, world->now_ms + ms);
}

bool
world_is_up(const struct world *world)
{
	return bgp_session_state(world->ends[0].session) == BGP_ESTABLISHED &&
	    bgp_session_state(world->ends[1].session) == BGP_ESTABLISHED;
}

void
world_up(struct world *world)
{
	for (int i = 0; i < 2; i++)
		bgp_session_start(world->ends[i].session, world->now_ms);
	world_settle(world);
	for (int i = 0; i < 300 && !world_is_up(world); i++)
		world_after(world, 100);
}
