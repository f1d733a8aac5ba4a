/*
 * info.c - numbers for status pages.
 */
#include <string.h>

#include "libbgp/base/sized.h"
#include "libbgp/speaker/inside.h"

static void
family_info(const struct bgp_peer *peer, bgp_family family,
	    struct bgp_peer_info *out)
{
	struct bgp_rib_peer_info in = BGP_RIB_PEER_INFO_INIT;
	struct bgp_reflect_peer_info sent = BGP_REFLECT_PEER_INFO_INIT;
	uint32_t i = out->family_count++;

	(void)bgp_rib_peer_info(peer->rib, family, &in);
	(void)bgp_reflect_peer_info(peer->rib, family, &sent);
	out->families[i].family = family;
	out->families[i].paths_in = in.paths;
	out->families[i].paths_accepted = in.accepted;
	out->families[i].paths_best = in.best;
	out->families[i].eor_in = in.eor;
	out->families[i].routes_out = sent.routes;
	out->families[i].too_long = sent.too_long;
	out->families[i].eor_out = sent.eor;
	out->families[i].behind = sent.behind;
	out->octets += sent.octets;
}

void
bgp_peer_info(const struct bgp_peer *peer, struct bgp_peer_info *out)
{
	const struct bgp_codec *codec = bgp_session_codec(peer->session);
	struct bgp_rib_peer_info in = BGP_RIB_PEER_INFO_INIT;

	memset(out, 0, sizeof *out);
	(void)bgp_rib_peer_info(peer->rib, peer->options.families[0].family,
				&in);
	out->name = peer->name;
	out->address = peer->options.address;
	out->kind = bgp_rib_peer_kind(peer->rib);
	out->octets = sizeof *peer + in.octets + sizeof *peer->link +
	    bgp__session_octets(peer->session);
	bgp_session_info(peer->session, &out->session);
	for (uint32_t i = 0; codec != NULL && i < codec->family_count; i++)
		family_info(peer, codec->families[i].family, out);
}

static void
peers_info(const struct bgp_speaker *speaker, struct bgp_speaker_info *out)
{
	const struct bgp_peer *p;
	const struct bgp__link *l;

	out->peer_count = speaker->peer_count;
	out->octets_peers = bgp__index_octets(&speaker->by_address) +
	    speaker->slot_room * sizeof *speaker->slots +
	    speaker->alarms.room * sizeof *speaker->alarms.heap;
	for (p = speaker->first; p != NULL; p = p->next) {
		out->established_count += bgp_session_state(p->session) ==
		    BGP_ESTABLISHED;
		out->octets_sessions += bgp__session_octets(p->session);
		out->octets_peers += sizeof *p + sizeof *p->link;
	}
	for (l = speaker->retired; l != NULL; l = l->next) {
		out->octets_sessions += bgp__session_octets(l->session);
		out->octets_peers += sizeof *l;
	}
}

void
bgp_speaker_info(const struct bgp_speaker *speaker,
		 struct bgp_speaker_info *out)
{
	struct bgp_rib_info rib = BGP_RIB_INFO_INIT;
	struct bgp_reflect_info reflect = BGP_REFLECT_INFO_INIT;

	(void)bgp_rib_info(speaker->rib, &rib);
	(void)bgp_reflect_info(speaker->reflect, &reflect);
	memset(out, 0, sizeof *out);
	out->local_as = speaker->options.local_as;
	out->router_id = speaker->options.router_id;
	out->cluster_id = speaker->options.cluster_id;
	peers_info(speaker, out);
	out->destination_count = rib.destination_count;
	out->path_count = rib.path_count;
	out->attrs_count = rib.attrs_count;
	out->group_count = reflect.group_count;
	out->octets_attrs = rib.octets_attrs;
	out->octets_destinations = rib.octets_destinations;
	out->octets_paths = rib.octets_paths;
	out->octets_adj_out = reflect.octets_adj_out;
	out->octets_output = reflect.octets_output;
	out->octets_peers += rib.octets_peers + reflect.octets_peers;
	out->octets_scratch = sizeof *speaker + rib.octets_scratch +
	    reflect.octets_scratch;
	out->octets = speaker->mem.octets + out->octets_sessions + rib.octets +
	    reflect.octets;
	out->octets_other = out->octets - out->octets_attrs -
	    out->octets_destinations - out->octets_paths - out->octets_adj_out -
	    out->octets_output - out->octets_sessions - out->octets_peers -
	    out->octets_scratch;
}

/* ------------------------------------------------------- options in force */

int
bgp_speaker_options_get(const struct bgp_speaker *speaker,
			struct bgp_speaker_options *out)
{
	return bgp__sized_give(out, &speaker->options, sizeof *out);
}

int
bgp_peer_options_get(const struct bgp_peer *peer, struct bgp_peer_options *out)
{
	return bgp__sized_give(out, &peer->options, sizeof *out);
}

int
bgp_peer_local_address(const struct bgp_peer *peer, struct bgp_addr *out)
{
	struct bgp_addr local = bgp__peer_local(peer);

	if (local.len == 0 || bgp_session_codec(peer->session) == NULL)
		return BGP_ERR_NOENT;
	*out = local;
	return BGP_OK;
}
