/*
 * portion.c - what has gathered is done in portions of the budget, in the order
 * a route travels: what ended sessions left, next hops, decisions.
 */
#include "libbgp/rib/rib.h"

#define LOOK_FACTOR 16 /* destinations looked at for one worked on */

static uint32_t
look(const struct bgp_rib *rib)
{
	return rib->budget <= UINT32_MAX / LOOK_FACTOR
	    ? rib->budget * LOOK_FACTOR
	    : UINT32_MAX;
}

/* true: the peer's sweeps and reloads are done. */
static bool
run_chores_of(struct bgp_rib *rib, struct bgp_rib_peer *peer)
{
	bool done = true;

	for (uint32_t i = 0; i < rib->table_count; i++) {
		if (!bgp__adj_in_sweep(rib->tables[i], peer, look(rib)))
			done = false;
		if (!bgp__adj_in_reload(rib->tables[i], peer, look(rib)))
			done = false;
	}
	return done;
}

static void
run_chores(struct bgp_rib *rib)
{
	bool done = true;

	if (!rib->chores)
		return;
	for (struct bgp_rib_peer *p = rib->first; p != NULL; p = p->next)
		done = run_chores_of(rib, p) && done;
	for (struct bgp_rib_peer *p = rib->removed; p != NULL; p = p->next)
		done = run_chores_of(rib, p) && done;
	done = run_chores_of(rib, &rib->local) && done;
	rib->chores = !done;
}

/* A sweep under way begins anew when another next hop changes meanwhile. */
static void
run_next_hops(struct bgp_rib *rib)
{
	bool done = true;

	if (rib->next_hops.changed)
		for (uint32_t i = 0; i < rib->table_count; i++)
			rib->tables[i]->hop_sweep = 1;
	rib->next_hops.changed = false;
	for (uint32_t i = 0; i < rib->table_count; i++)
		if (rib->tables[i]->hop_sweep != 0)
			done = bgp__loc_rib_hops(rib->tables[i], look(rib)) &&
			    done;
	if (done)
		bgp__next_hops_settle(&rib->next_hops);
}

void
bgp__rib_run(struct bgp_rib *rib)
{
	(void)bgp__filings_settle(rib);
	run_chores(rib);
	run_next_hops(rib);
	for (uint32_t i = 0; i < rib->table_count; i++)
		bgp__loc_rib_run(rib->tables[i], rib->budget);
	bgp__fib_run(rib, rib->budget, look(rib));
}

bool
bgp__rib_is_busy(const struct bgp_rib *rib)
{
	if (rib->chores || rib->replaying || rib->next_hops.changed ||
	    bgp__filings_count(rib) > 0)
		return true;
	for (uint32_t i = 0; i < rib->table_count; i++)
		if (rib->tables[i]->changed.count > 0 ||
		    rib->tables[i]->hop_sweep != 0)
			return true;
	return false;
}

static size_t
scratch_octets(const struct bgp_rib *rib)
{
	return sizeof *rib + 2 * BGP__SCRATCH_LEN /* of edit and of attrs */ +
	    bgp__filings_octets() +
	    (rib->keys != NULL ? 2 * BGP__NLRI_KEY_MAX : 0) +
	    rib->candidate_room *
	    (sizeof *rib->candidates + sizeof *rib->candidate_paths +
	     sizeof *rib->equal);
}

static void
count_table(const struct bgp__table *table, struct bgp_rib_info *out)
{
	out->destination_count += table->dests.live;
	out->path_count += table->paths.live;
	out->octets_destinations += sizeof *table +
	    bgp__slab_octets(&table->dests) + bgp__index_octets(&table->index) +
	    bgp__bitset_octets(&table->changed);
	out->octets_paths += bgp__slab_octets(&table->paths) +
	    bgp__slab_octets(&table->exts);
}

void
bgp__rib_count(const struct bgp_rib *rib, struct bgp_rib_info *out)
{
	uint32_t peers = rib->peer_count;

	for (const struct bgp_rib_peer *p = rib->removed; p; p = p->next)
		peers++;
	out->peer_count = rib->peer_count;
	out->octets_peers = peers * sizeof *rib->first +
	    rib->source_room * sizeof *rib->sources;
	for (uint32_t i = 0; i < rib->table_count; i++)
		count_table(rib->tables[i], out);
	out->octets_destinations += bgp__nlri_store_octets(&rib->nlri);
	out->attrs_count = rib->attrs.count;
	out->octets_attrs = bgp__attrs_octets(&rib->attrs) +
	    bgp__slab_octets(&rib->next_hops.slab) +
	    bgp__index_octets(&rib->next_hops.index);
	out->octets_scratch = scratch_octets(rib);
	out->octets = rib->mem->octets;
	if (rib->reflect != NULL)
		out->octets -= rib->reflect_octets(rib->reflect);
}
