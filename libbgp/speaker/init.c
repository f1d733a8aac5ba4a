/*
 * init.c - what a speaker is made of, as its initialisers have it.
 *
 * The initialisers of the header as functions, of whichever size the host has.
 */
#include "bgp/speaker.h"
#include "libbgp/base/sized.h"

void
bgp_speaker_options_init(struct bgp_speaker_options *out, size_t size)
{
	static const struct bgp_speaker_options init = BGP_SPEAKER_OPTIONS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_speaker_events_init(struct bgp_speaker_events *out, size_t size)
{
	static const struct bgp_speaker_events init = BGP_SPEAKER_EVENTS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_peer_options_init(struct bgp_peer_options *out, size_t size)
{
	static const struct bgp_peer_options init = BGP_PEER_OPTIONS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}
