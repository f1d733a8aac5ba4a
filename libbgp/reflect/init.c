/*
 * init.c - doors: what a reflection is made of, as its initialisers have it.
 *
 * The initialisers of the header as functions, of whichever size the host has.
 */
#include "bgp/reflect.h"
#include "libbgp/base/sized.h"

void
bgp_reflect_options_init(struct bgp_reflect_options *out, size_t size)
{
	static const struct bgp_reflect_options init = BGP_REFLECT_OPTIONS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_reflect_events_init(struct bgp_reflect_events *out, size_t size)
{
	static const struct bgp_reflect_events init = BGP_REFLECT_EVENTS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_reflect_peer_options_init(struct bgp_reflect_peer_options *out, size_t size)
{
	static const struct bgp_reflect_peer_options init =
	    BGP_REFLECT_PEER_OPTIONS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_reflect_peer_info_init(struct bgp_reflect_peer_info *out, size_t size)
{
	static const struct bgp_reflect_peer_info init =
	    BGP_REFLECT_PEER_INFO_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_reflect_info_init(struct bgp_reflect_info *out, size_t size)
{
	static const struct bgp_reflect_info init = BGP_REFLECT_INFO_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}
