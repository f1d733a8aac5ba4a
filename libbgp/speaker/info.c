/*
 * info.c - numbers for status pages.
 */
#include <string.h>

#include "libbgp/speaker/inside.h"

static size_t
peer_octets(const struct bgp_peer *peer)
{
	return sizeof *peer + peer->family_count * sizeof **peer->families;
}

static void
family_info(const struct bgp_peer *peer, const struct bgp__family *f,
	    struct bgp_peer_info *out)
{
	const struct bgp__adj_in *in = &peer->source.in[f->table->number];
	const struct bgp__member *m = &f->member;
	uint32_t i = out->family_count++;

	out->families[i].family = f->table->family;
	out->families[i].paths_in = in->paths;
	out->families[i].paths_accepted = in->accepted;
	out->families[i].paths_best = in->best;
	out->families[i].eor_in = f->eor_in;
	if (m->group == NULL)
		return;
	out->families[i].routes_out = m->group->out_count -
	    m->group->own_outs[m->source];
	out->families[i].eor_out = m->eor_sent;
	out->families[i].behind = m->behind;
	out->octets += bgp__member_octets(m);
}

void
bgp_peer_info(const struct bgp_peer *peer, struct bgp_peer_info *out)
{
	memset(out, 0, sizeof *out);
	out->name = peer->name;
	out->address = peer->options.address;
	out->kind = peer->source.kind;
	out->octets = peer_octets(peer) + sizeof *peer->link +
	    bgp__session_octets(peer->session);
	bgp_session_info(peer->session, &out->session);
	for (uint32_t i = 0; i < peer->family_count; i++)
		if (peer->families[i]->negotiated)
			family_info(peer, peer->families[i], out);
}

static void
table_info(const struct bgp__table *table, struct bgp_speaker_info *out)
{
	const struct bgp__groups *groups = table->groups;

	out->destination_count += table->dests.live;
	out->path_count += table->paths.live;
	out->octets_destinations += sizeof *table +
	    bgp__slab_octets(&table->dests) + bgp__index_octets(&table->index) +
	    bgp__bitset_octets(&table->changed);
	out->octets_paths += bgp__slab_octets(&table->paths) +
	    bgp__slab_octets(&table->exts);
	if (groups == NULL)
		return;
	out->group_count += bgp__groups_count(groups);
	out->octets_adj_out += bgp__slab_octets(&groups->outs);
	out->octets_output += bgp__groups_octets(groups);
}

static void
peers_info(const struct bgp_speaker *speaker, struct bgp_speaker_info *out)
{
	const struct bgp_peer *p;
	const struct bgp__link *l;

	out->peer_count = speaker->peer_count;
	out->octets_peers = bgp__index_octets(&speaker->by_address) +
	    speaker->rib.source_room * sizeof *speaker->rib.sources +
	    speaker->alarms.room * sizeof *speaker->alarms.heap;
	for (p = speaker->first; p != NULL; p = p->next) {
		out->established_count += bgp_session_state(p->session) ==
		    BGP_ESTABLISHED;
		out->octets_sessions += bgp__session_octets(p->session);
		out->octets_peers += peer_octets(p) + sizeof *p->link;
	}
	for (p = speaker->removed; p != NULL; p = p->next)
		out->octets_peers += peer_octets(p);
	for (l = speaker->retired; l != NULL; l = l->next) {
		out->octets_sessions += bgp__session_octets(l->session);
		out->octets_peers += sizeof *l;
	}
}

void
bgp_speaker_info(const struct bgp_speaker *speaker,
		 struct bgp_speaker_info *out)
{
	const struct bgp__rib *rib = &speaker->rib;

	memset(out, 0, sizeof *out);
	out->local_as = speaker->options.local_as;
	out->router_id = speaker->options.router_id;
	out->cluster_id = speaker->options.cluster_id;
	peers_info(speaker, out);
	for (uint32_t i = 0; i < rib->table_count; i++)
		table_info(rib->tables[i], out);
	out->octets_destinations += bgp__nlri_store_octets(&rib->nlri);
	out->attrs_count = rib->attrs.count;
	out->octets_attrs = bgp__attrs_octets(&rib->attrs) +
	    bgp__slab_octets(&rib->next_hops.slab) +
	    bgp__index_octets(&rib->next_hops.index);
	out->octets_scratch = sizeof *speaker + sizeof *speaker->batch +
	    bgp__rib_scratch_octets(rib);
	out->octets = speaker->mem.octets + out->octets_sessions;
	out->octets_other = out->octets - out->octets_attrs -
	    out->octets_destinations - out->octets_paths - out->octets_adj_out -
	    out->octets_output - out->octets_sessions - out->octets_peers -
	    out->octets_scratch;
}
