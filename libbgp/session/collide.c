/*
 * collide.c - two connections of one session meet.          RFC 4271 6.8
 *
 * The rule (collision.c) is asked when an OPEN comes.  It is the same at both
 * ends as long as neither has gone to Established, from where it refuses every
 * other connection.  With short ways that happens easily: the KEEPALIVE of one
 * connection overtakes the OPEN of the other, one end keeps the first, the
 * other end the second, and both are lost.  Two small waits prevent it:
 *
 *   a connection that would lose against another one, whose OPEN is still to
 *   come, does not go to Established on a KEEPALIVE alone; it goes there when
 *   the other one ends, when the peer shows by its next message that it is
 *   there already, or after BGP__COLLISION_WAIT_MS
 *
 *   while one is Established, our OPEN on another is held back for as long,
 *   lest it take part in a collision at the other end that is decided here
 */
#include "libbgp/session/collision.h"
#include "libbgp/session/session.h"

static enum bgp__collision
decide(const struct bgp_session *session, enum bgp_state old_state,
       bool new_is_ours, const struct bgp_open *remote)
{
	struct bgp__collision_case c = { .old_state = old_state,
					 .new_is_ours = new_is_ours,
					 .local_id = session->options.router_id,
					 .remote_id = remote->router_id,
					 .local_as = session->options.local_as,
					 .remote_as = remote->as };

	return bgp__collision_decide(&c);
}

/* The older one learns of an OPEN on the second, and goes where it loses; else
 * the newer one is dumped.  Both are events as any other. */
bool
bgp__conn_collide(struct bgp_conn *conn)
{
	struct bgp_conn *old = bgp__session_other(conn->session, conn);
	enum bgp__collision loser;

	if (old == NULL)
		return true;
	loser = decide(conn->session, old->state, conn->ours,
		       &conn->agreed->open);
	if (loser == BGP__COLLISION_NONE)
		return true;
	bgp__conn_second_open(old, loser == BGP__COLLISION_OLD);
	if (loser == BGP__COLLISION_NEW)
		bgp__conn_event(conn, BGP_EVENT_COLLISION_DUMP, NULL);
	return loser != BGP__COLLISION_NEW;
}

bool
bgp__conn_wait(struct bgp_conn *conn)
{
	struct bgp_session *session = conn->session;
	struct bgp_conn *other = bgp__session_other(session, conn);

	if (conn->state != BGP_OPENCONFIRM || other == NULL ||
	    decide(session, BGP_OPENCONFIRM, other->ours,
		   &conn->agreed->open) != BGP__COLLISION_OLD)
		return false;
	conn->confirm_ms = session->now_ms + BGP__COLLISION_WAIT_MS;
	return true;
}

void
bgp__conn_confirm(struct bgp_conn *conn)
{
	if (!conn->live || conn->confirm_ms == BGP__NEVER)
		return;
	conn->confirm_ms = BGP__NEVER;
	bgp__conn_event(conn, BGP_EVENT_KEEPALIVE, NULL);
}
