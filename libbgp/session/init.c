/*
 * init.c - what a session is made of, as its initialisers have it.
 *
 * The initialisers of the header as functions, of whichever size the host has.
 */
#include "bgp/session.h"
#include "libbgp/base/sized.h"

void
bgp_session_options_init(struct bgp_session_options *out, size_t size)
{
	static const struct bgp_session_options init = BGP_SESSION_OPTIONS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_session_events_init(struct bgp_session_events *out, size_t size)
{
	static const struct bgp_session_events init = BGP_SESSION_EVENTS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_session_timers_init(struct bgp_session_timers *out, size_t size)
{
	static const struct bgp_session_timers init = BGP_SESSION_TIMERS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}
