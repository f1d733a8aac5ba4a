/*
 * inside.c - what the speaker asks of its sessions beyond the public header.
 */
#include "libbgp/session/inside.h"
#include "libbgp/session/session.h"

void *
bgp__session_ctx(const struct bgp_session *session)
{
	return session->events.ctx;
}

bool
bgp__session_has(const struct bgp_session *session, const struct bgp_conn *conn)
{
	const struct bgp_conn *at = session->conns;

	while (at != NULL && (at != conn || !at->live))
		at = at->next;
	return at != NULL;
}

bool
bgp__session_has_conns(const struct bgp_session *session)
{
	return session->conns != NULL;
}

size_t
bgp__session_octets(const struct bgp_session *session)
{
	return session->mem.octets;
}

/* A session at rest in Active dials soon when it may dial now; one that may not
 * any more waits for the peer. */
static void
set_dialling(struct bgp_session *session)
{
	bool at_rest = bgp__session_other(session, NULL) == NULL;

	if (bgp__session_passive(session))
		session->connect_retry_ms = BGP__NEVER;
	else if (at_rest && session->rest == BGP_ACTIVE &&
		 session->connect_retry_ms == BGP__NEVER)
		bgp__connect_retry_start(session, true);
	bgp__session_check_alarm(session);
}

int
bgp__session_adjust(struct bgp_session *session,
		    const struct bgp_session_options *options)
{
	struct bgp_session_options changed = *options;

	if (bgp__session_broken(options) != NULL)
		return BGP_ERR_INVALID;
	changed.alloc = session->options.alloc;
	changed.seed = session->options.seed;
	changed.capabilities = session->options.capabilities;
	changed.capability_count = session->options.capability_count;
	bgp__options_fill(&changed);
	session->options = changed;
	set_dialling(session);
	return BGP_OK;
}
