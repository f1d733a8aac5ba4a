/*
 * output.c - octets for the socket: our own queue and the stream beside it.
 *
 *   own queue   [KEEPALIVE]            first, but never inside a message
 *   stream      ...ATE][UPDATE][UPDATE]
 *                ^ rest of one partly taken
 *
 *   lent        own queue empty:  the stream
 *               else:             the rest, then the own queue
 *
 * What was lent is lent again, in the same order, until some of it is
 * confirmed.  Only then may a message of our own step before the stream.
 *                                                        RFC 4271 4.4, RFC 9687
 */
#include "libbgp/base/octets.h"
#include "libbgp/session/session.h"

/* ---------------------------------------------------------------- own queue */

int
bgp__conn_send(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	struct bgp_session *session = conn->session;
	uint8_t type = msg[18];

	if (bgp__queue_put(&conn->queue, &session->mem, msg, len) < 0)
		return BGP_ERR_NOMEM;
	if (conn->queue.len == len)
		conn->raise = true;
	conn->last_queued = type;
	session->messages_out[type]++;
	return BGP_OK;
}

int
bgp__conn_send_open(struct bgp_conn *conn)
{
	struct bgp__local_open local;
	uint8_t msg[BGP_MESSAGE_MAX];
	int len;

	bgp__open_build(&conn->session->options, &local);
	len = bgp_open_encode(&local.open, msg, sizeof msg);
	return bgp__conn_send(conn, msg, (size_t)len);
}

/* Not another one behind one that still waits for the socket. */
int
bgp__conn_send_keepalive(struct bgp_conn *conn)
{
	uint8_t msg[BGP_HEADER_LEN];

	if (conn->queue.len > 0 &&
	    (conn->last_queued == BGP_KEEPALIVE ||
	     conn->last_queued == BGP_UPDATE))
		return BGP_OK;
	bgp_keepalive_encode(msg, sizeof msg);
	return bgp__conn_send(conn, msg, sizeof msg);
}

void
bgp__conn_send_notification(struct bgp_conn *conn,
			    const struct bgp_notification *n)
{
	struct bgp_notification bare = { n->code, n->subcode, 0, NULL };
	uint8_t msg[BGP_MESSAGE_MAX];
	int len = bgp_notification_encode(n, BGP_MESSAGE_MAX, msg, sizeof msg);

	if (bgp__conn_send(conn, msg, (size_t)len) == BGP_OK)
		return;
	bgp_notification_encode(&bare, BGP_MESSAGE_MAX, msg, sizeof msg);
	bgp__queue_put_last(&conn->queue, msg);
	conn->session->messages_out[BGP_NOTIFICATION]++;
}

int
bgp_session_send(struct bgp_session *session, const uint8_t *msg, size_t len)
{
	struct bgp_conn *conn = bgp__session_conn(session);
	struct bgp_fault fault;
	uint16_t msg_len;
	uint8_t type;

	if (conn == NULL || conn->gone)
		return BGP_ERR_STATE;
	if (bgp_frame_decode(msg, len, conn->agreed->codec.message_out_max,
			     &type, &msg_len, &fault) < 0 ||
	    msg_len != len || (type != BGP_UPDATE && type != BGP_ROUTE_REFRESH))
		return BGP_ERR_INVALID;
	if (conn->queue.len + len > BGP_SESSION_QUEUE_MAX)
		return BGP_ERR_LIMIT;
	if (bgp__conn_send(conn, msg, len) < 0)
		return BGP_ERR_NOMEM;
	if (type == BGP_UPDATE)
		bgp__keepalive_start(conn);
	bgp__session_note(session);
	return BGP_OK;
}

/* ------------------------------------------------------------------ stream */

void
bgp__session_stream(struct bgp_session *session,
		    const struct bgp__stream *stream)
{
	session->stream = stream != NULL ? *stream
					 : (struct bgp__stream){ .lend = NULL };
}

void
bgp__session_wake(struct bgp_session *session)
{
	struct bgp_conn *conn = bgp__session_conn(session);

	if (conn == NULL || session->stream.lend == NULL)
		return;
	conn->raise = true;
	bgp__session_note(session);
}

static bool
has_stream(const struct bgp_conn *conn)
{
	return conn->live && conn->state == BGP_ESTABLISHED &&
	    conn->session->stream.lend != NULL;
}

static struct bgp_span
stream_rest(const struct bgp_conn *conn)
{
	const struct bgp__stream *stream = &conn->session->stream;

	return has_stream(conn) ? stream->rest(stream->ctx)
				: (struct bgp_span){ NULL, 0 };
}

int
bgp__conn_leave_stream(struct bgp_conn *conn)
{
	struct bgp_session *session = conn->session;
	struct bgp_span rest;
	int err = BGP_OK;

	if (conn->state != BGP_ESTABLISHED)
		return BGP_OK; /* another one may read it */
	if (session->taken_later)
		bgp__session_taken(session);
	rest = stream_rest(conn);
	if (rest.len > 0 && !conn->gone)
		err = bgp__queue_put_first(&conn->queue, &session->mem,
					   rest.octets, rest.len);
	bgp__session_stream(session, NULL);
	conn->lent_stream = false;
	conn->lent_len = conn->lent_rest = 0;
	return err;
}

/* Messages whose first octet is among the next len ones.  Spans of a stream
 * end where a message ends. */
static void
count_messages(struct bgp_session *session, const struct bgp_span *spans,
	       size_t count, size_t skip, size_t len)
{
	size_t base = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = skip > base ? skip - base : 0;

		while (at + BGP_HEADER_LEN <= spans[i].len && base + at < len) {
			const uint8_t *msg = spans[i].octets + at;

			if (msg[18] <= BGP_ROUTE_REFRESH)
				session->messages_out[msg[18]]++;
			at += bgp__load16(msg + 16);
		}
		base += spans[i].len;
	}
}

static size_t
spans_len(const struct bgp_span *spans, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += spans[i].len;
	return len;
}

/* The socket took len octets of the stream; each piece is looked at once more
 * to count the messages in it. */
static void
take_stream(struct bgp_conn *conn, size_t len)
{
	const struct bgp__stream *stream = &conn->session->stream;

	if (len == 0 || !has_stream(conn))
		return;
	if (bgp__guard_middle(conn->session->guard)) {
		conn->taken_later += len;
		conn->session->taken_later = true;
		bgp__session_note(conn->session);
		return;
	}
	while (len > 0) {
		struct bgp_span spans[32];
		size_t count = stream->lend(stream->ctx, spans, 32);
		size_t held = spans_len(spans, count);
		size_t part = len < held ? len : held;

		if (part == 0)
			return;
		count_messages(conn->session, spans, count,
			       stream->rest(stream->ctx).len, part);
		stream->taken(stream->ctx, part);
		len -= part;
	}
	bgp__keepalive_start(conn);
}

/* What was confirmed in the middle of things, where nobody may move in the
 * stream. */
void
bgp__session_taken(struct bgp_session *session)
{
	session->taken_later = false;
	for (struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next) {
		size_t len = conn->taken_later;

		conn->taken_later = 0;
		take_stream(conn, len);
		conn->raise = conn->raise || len > 0;
	}
}

/* ------------------------------------------------------------ lend, confirm */

static size_t
lend_stream(struct bgp_conn *conn, struct bgp_span *spans, size_t max)
{
	const struct bgp__stream *stream = &conn->session->stream;

	conn->lent_stream = true;
	conn->lent_rest = 0;
	return has_stream(conn) ? stream->lend(stream->ctx, spans, max) : 0;
}

static size_t
lend_own(struct bgp_conn *conn, struct bgp_span *spans, size_t max)
{
	struct bgp_span rest = stream_rest(conn);
	size_t count = 0;

	conn->lent_stream = false;
	conn->lent_rest = rest.len;
	if (rest.len > 0)
		spans[count++] = rest;
	return count +
	    bgp__queue_lend(&conn->queue, spans + count, max - count);
}

size_t
bgp_conn_output(struct bgp_conn *conn, struct bgp_span *spans, size_t max)
{
	bool again = conn->lent_stream && conn->lent_len > 0 && !conn->replan &&
	    has_stream(conn);
	size_t count;

	if (max == 0 || conn->gone)
		return 0;
	if (conn->taken_later > 0) { /* events.output comes after that */
		conn->lent_len = 0;
		return 0;
	}
	bgp__guard_begin(conn->session->guard);
	count = again || conn->queue.len == 0 ? lend_stream(conn, spans, max)
					      : lend_own(conn, spans, max);
	bgp__guard_leave(conn->session->guard);
	conn->lent_len = spans_len(spans, count);
	conn->replan = false;
	return count;
}

static void
take_own(struct bgp_conn *conn, size_t len)
{
	size_t rest = len < conn->lent_rest ? len : conn->lent_rest;

	conn->lent_rest -= rest;
	take_stream(conn, rest);
	bgp__queue_take(&conn->queue, &conn->session->mem, len - rest);
}

int
bgp_conn_sent(struct bgp_conn *conn, size_t len, uint64_t now_ms)
{
	struct bgp_session *session = conn->session;

	if (len > conn->lent_len)
		return BGP_ERR_INVALID;
	if (now_ms > session->now_ms)
		session->now_ms = now_ms;
	if (len == 0)
		return BGP_OK;
	conn->lent_len -= len;
	conn->replan = true;
	session->octets_out += len;
	session->written_ms = session->now_ms;
	bgp__guard_begin(session->guard);
	if (conn->lent_stream)
		take_stream(conn, len);
	else
		take_own(conn, len);
	bgp__guard_leave(session->guard);
	if (conn->live && conn->state == BGP_ESTABLISHED)
		bgp__send_hold_start(conn);
	bgp__session_check_alarm(session);
	return BGP_OK;
}
