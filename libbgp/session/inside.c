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
bgp__session_has_conns(const struct bgp_session *session)
{
	return session->conns != NULL;
}

size_t
bgp__session_octets(const struct bgp_session *session)
{
	return session->mem.octets;
}

int
bgp__session_adjust(struct bgp_session *session,
		    const struct bgp_session_options *options)
{
	struct bgp_session_options changed = *options;

	if (!bgp__session_sound(options))
		return BGP_ERR_INVALID;
	changed.alloc = session->options.alloc;
	changed.seed = session->options.seed;
	changed.capabilities = session->options.capabilities;
	changed.capability_count = session->options.capability_count;
	bgp__options_fill(&changed);
	session->options = changed;
	return BGP_OK;
}
