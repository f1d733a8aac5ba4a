/*
 * inside.h - what the speaker asks of its sessions beyond the public header.
 */
#ifndef BGP_SESSION_INSIDE_H
#define BGP_SESSION_INSIDE_H

#include "bgp/session.h"
#include "libbgp/base/guard.h"

/* The ctx of the events the session was made with. */
void *bgp__session_ctx(const struct bgp_session *session);

/* The guard of who made it, before its first call. */
void bgp__session_lend_guard(struct bgp_session *session,
			     struct bgp__guard *guard);

/* bgp_session_del for who lent a guard; not from a callback. */
void bgp__session_free(struct bgp_session *session);

/* Is it a live connection of the session?  conn may be gone, or NULL. */
bool bgp__session_has(const struct bgp_session *session,
		      const struct bgp_conn *conn);

/* Has the session a connection whose bgp_conn_closed is yet to come? */
bool bgp__session_has_conns(const struct bgp_session *session);

/* Octets of memory it holds, connections included. */
size_t bgp__session_octets(const struct bgp_session *session);

/*
 * Calls alarm, with the ctx of the events and the new deadline, whenever a call
 * ends with a deadline earlier than at_ms and than what alarm was told since.
 */
void bgp__session_alarm(struct bgp_session *session, uint64_t at_ms,
			void (*alarm)(void *ctx, uint64_t at_ms));

/* What options, of our size, a session cannot have: as
 * bgp_session_options_invalid says it; NULL: it can. */
const char *bgp__session_broken(const struct bgp_session_options *options);

/*
 * Other options from now on; validated as bgp_session_new does, nothing is
 * changed on an error.  What OPEN carries takes effect with the next OPEN;
 * alloc and seed are left alone.
 */
int bgp__session_adjust(struct bgp_session *session,
			const struct bgp_session_options *options);

#endif
