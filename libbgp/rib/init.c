/*
 * init.c - doors: what a RIB is made of, as its initialisers have it.
 *
 * The initialisers of the header as functions, of whichever size the host has.
 */
#include "bgp/rib.h"
#include "libbgp/base/sized.h"

void
bgp_rib_options_init(struct bgp_rib_options *out, size_t size)
{
	static const struct bgp_rib_options init = BGP_RIB_OPTIONS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_rib_events_init(struct bgp_rib_events *out, size_t size)
{
	static const struct bgp_rib_events init = BGP_RIB_EVENTS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_rib_info_init(struct bgp_rib_info *out, size_t size)
{
	static const struct bgp_rib_info init = BGP_RIB_INFO_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_rib_peer_options_init(struct bgp_rib_peer_options *out, size_t size)
{
	static const struct bgp_rib_peer_options init =
	    BGP_RIB_PEER_OPTIONS_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_rib_peer_info_init(struct bgp_rib_peer_info *out, size_t size)
{
	static const struct bgp_rib_peer_info init = BGP_RIB_PEER_INFO_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}
