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
	return live < BGP__CONNS_LIVE && all < BGP__CONNS_MAX;
}

struct bgp_conn *
bgp__conn_new(struct bgp_session *session, void *user, bool ours)
{
	struct bgp_conn *conn;

	if (!has_room(session))
		return NULL;
	conn = bgp__mem_get(&session->mem, sizeof *conn);
	if (conn == NULL)
		return NULL;
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
	return conn;
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
static bool
begin(struct bgp_session *session, void *user, bool ours)
{
	struct bgp_conn *conn = bgp__conn_new(session, user, ours);

	if (conn == NULL)
		return false;
	session->newborn = conn;
	if (bgp__conn_event(
		conn, ours ? BGP_EVENT_TCP_ACKED : BGP_EVENT_TCP_CONFIRMED,
		NULL) < 0) {
		bgp__conn_forget(conn);
		conn->gone = true;
		return false;
	}
	return true;
}

/* A connection that ended in a callback within this call is not handed out:
 * the host still has the socket in its hand. */
static struct bgp_conn *
hand_out(struct bgp_session *session)
{
	struct bgp_conn *conn;

	bgp__session_leave(session);
	conn = session->newborn;
	session->newborn = NULL;
	return conn;
}

struct bgp_conn *
bgp_session_accept(struct bgp_session *session, void *user, uint64_t now_ms)
{
	if (!bgp__session_enter(session, now_ms))
		return NULL;
	if (session->state != BGP_IDLE)
		begin(session, user, false);
	return hand_out(session);
}

struct bgp_conn *
bgp_session_connected(struct bgp_session *session, void *user, uint64_t now_ms)
{
	if (!bgp__session_enter(session, now_ms))
		return NULL;
	if (session->connecting) {
		session->connecting = false;
		if (!begin(session, user, true))
			bgp__session_attempt_failed(session);
	}
	return hand_out(session);
}

int
bgp_session_connect_failed(struct bgp_session *session, uint64_t now_ms)
{
	if (!session->connecting || session->raise_connect)
		return BGP_ERR_STATE;
	session->connect_failed = true;
	if (bgp__session_enter(session, now_ms))
		bgp__session_leave(session);
	return BGP_OK;
}

void
bgp_conn_closed(struct bgp_conn *conn, uint64_t now_ms)
{
	struct bgp_session *session = conn->session;

	conn->gone = true;
	session->conn_gone = true;
	if (bgp__session_enter(session, now_ms))
		bgp__session_leave(session);
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
