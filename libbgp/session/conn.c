/*
 * conn.c - a transport begins and ends.              RFC 4271 8.1.4, 8.2.1, 6.8
 *
 *   accept, connected -> Tcp_CR_Acked, TcpConnectionConfirmed
 *   closed            -> TcpConnectionFails
 *
 * Two connections may live, since both sides may open one at the same moment;
 * a third one is refused.
 */
#include <string.h>

#include "libbgp/session/session.h"

struct bgp_conn *
bgp__session_other(const struct bgp_session *session,
		   const struct bgp_conn *conn)
{
	struct bgp_conn *at = session->conns;

	while (at != NULL && (!at->live || at == conn))
		at = at->next;
	return at;
}

struct bgp_conn *
bgp__session_conn(const struct bgp_session *session)
{
	struct bgp_conn *at = session->conns;

	while (at != NULL && (!at->live || at->state != BGP_ESTABLISHED))
		at = at->next;
	return at;
}

static bool
has_room(const struct bgp_session *session)
{
	int live = 0, all = 0;

	for (const struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next) {
		live += conn->live ? 1 : 0;
		all++;
	}
	return live < BGP__CONNS_LIVE && all < BGP_SESSION_CONNS_MAX;
}

int
bgp__conn_new(struct bgp_session *session, void *user, bool ours,
	      struct bgp_conn **out)
{
	struct bgp_conn *conn;

	if (!has_room(session))
		return BGP_ERR_LIMIT;
	conn = bgp__mem_get(&session->mem, sizeof *conn);
	if (conn == NULL)
		return BGP_ERR_NOMEM;
	conn->session = session;
	conn->user = user;
	conn->ours = ours;
	conn->live = true;
	conn->state = ours ? BGP_CONNECT : BGP_ACTIVE;
	conn->hold_ms = conn->keepalive_ms = BGP__NEVER;
	conn->delay_open_ms = conn->send_hold_ms = BGP__NEVER;
	conn->confirm_ms = BGP__NEVER;
	bgp__queue_init(&conn->queue);
	conn->next = session->conns;
	session->conns = conn;
	*out = conn;
	return BGP_OK;
}

void
bgp__conn_free(struct bgp_conn *conn)
{
	struct bgp__mem *mem = &conn->session->mem;

	bgp__mem_put(mem, conn->tail, conn->tail_size);
	if (conn->agreed != NULL)
		bgp__mem_put(mem, conn->agreed, conn->agreed->size);
	bgp__queue_free(&conn->queue, mem);
	bgp__mem_put(mem, conn, sizeof *conn);
}

void
bgp__conn_forget(struct bgp_conn *conn)
{
	conn->live = false;
	conn->raise = false;
	conn->hold_ms = conn->keepalive_ms = BGP__NEVER;
	conn->delay_open_ms = conn->send_hold_ms = BGP__NEVER;
	conn->confirm_ms = BGP__NEVER;
}

/* The first event of a connection; without memory for the OPEN it is as if it
 * had never been. */
static int
begin(struct bgp_session *session, void *user, bool ours)
{
	struct bgp_conn *conn;
	int err = bgp__conn_new(session, user, ours, &conn);

	if (err != BGP_OK)
		return err;
	*session->born = conn;
	bgp__conn_event(
	    conn, ours ? BGP_EVENT_TCP_ACKED : BGP_EVENT_TCP_CONFIRMED, NULL);
	return conn->gone && conn->queue.len == 0 && conn->state < BGP_OPENSENT
	    ? BGP_ERR_NOMEM
	    : BGP_OK;
}

static struct bgp_conn *
lead(const struct bgp_session *session)
{
	struct bgp_conn *best = NULL;

	for (struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next)
		if (conn->live && (best == NULL || conn->state > best->state))
			best = conn;
	return best;
}

static void
ask(struct bgp_session *session, struct bgp_conn *conn, enum bgp_event event)
{
	if (conn != NULL)
		bgp__conn_event(conn, event, NULL);
	else
		bgp__session_event(session, event);
}

/* What the table says of a connection in this state of the session.  Where the
 * peer restarts, the one that is there goes (RFC 4724 5). */
static bool
admit(struct bgp_session *session, bool ours)
{
	struct bgp_conn *first = lead(session);

	session->admitted = ours && session->connecting;
	if (!ours)
		ask(session, first,
		    session->listens && has_room(session)
			? BGP_EVENT_TCP_VALID
			: BGP_EVENT_TCP_INVALID);
	if (session->admitted && first != NULL && first->state >= BGP_OPENSENT)
		bgp__conn_event(
		    first, ours ? BGP_EVENT_TCP_ACKED : BGP_EVENT_TCP_CONFIRMED,
		    NULL);
	return session->admitted;
}

/* A connection that ended in a callback within this call is not handed out:
 * the host still has the socket in its hand. */
static int
hand_in(struct bgp_session *session, void *user, bool ours,
	struct bgp_conn **out)
{
	int err = has_room(session) ? BGP_ERR_REFUSED : BGP_ERR_LIMIT;

	session->born = out;
	if (admit(session, ours)) {
		session->connecting = session->connecting && !ours;
		err = begin(session, user, ours);
		if (ours && err < 0)
			bgp__session_attempt_failed(session);
	}
	if (err == BGP_ERR_REFUSED || err == BGP_ERR_LIMIT)
		session->refused_count++;
	bgp__session_leave(session);
	return err == BGP_OK && *out == NULL ? BGP_ERR_ENDED : err;
}

int
bgp_session_accept(struct bgp_session *session, void *user, uint64_t now_ms,
		   struct bgp_conn **out)
{
	*out = NULL;
	if (!bgp__session_enter(session, now_ms))
		return BGP_ERR_STATE;
	return hand_in(session, user, false, out);
}

int
bgp_session_connected(struct bgp_session *session, void *user, uint64_t now_ms,
		      struct bgp_conn **out)
{
	*out = NULL;
	if (!bgp__session_enter(session, now_ms))
		return BGP_ERR_STATE;
	return hand_in(session, user, true, out);
}

static void
set_now(struct bgp_session *session, uint64_t now_ms)
{
	if (now_ms > session->now_ms)
		session->now_ms = now_ms;
}

int
bgp_session_connect_failed(struct bgp_session *session, uint64_t now_ms)
{
	if (!session->connecting || session->raise_connect ||
	    session->connect_failed)
		return BGP_ERR_STATE;
	session->connect_failed = true;
	set_now(session, now_ms);
	bgp__session_note(session);
	return BGP_OK;
}

void
bgp_conn_closed(struct bgp_conn *conn, uint64_t now_ms)
{
	struct bgp_session *session = conn->session;

	conn->gone = true;
	session->conn_gone = true;
	set_now(session, now_ms);
	bgp__session_note(session);
}

void *
bgp_conn_user(const struct bgp_conn *conn)
{
	return conn->user;
}

struct bgp_session *
bgp_conn_session(const struct bgp_conn *conn)
{
	return conn->session;
}
