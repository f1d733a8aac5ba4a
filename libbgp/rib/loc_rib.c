/*
 * loc_rib.c - decide what changed, and publish the best.
 *
 * Comes in: destinations marked as changed.  Goes out: the best path first in
 * its list with the step that chose it, a call to the host's FIB where what it
 * installed changed, and a mark for the update groups where the best changed.
 *
 * A path is a candidate while policy accepts it and its next hop is reachable.
 * Where the family has no use for a next hop (flowspec and its like), the
 * latter is not asked and nothing is installed.
 */
#include "libbgp/base/mutate.h"
#include "libbgp/rib/rib.h"

/* ------------------------------------------------------------- candidates */

int
bgp__loc_rib_reserve(struct bgp_rib *rib, uint32_t count)
{
	uint32_t room = rib->candidate_room * 2 + 8;
	struct bgp_candidate *candidates;
	uint32_t *paths;
	uint16_t *equal;

	if (count <= rib->candidate_room)
		return BGP_OK;
	if (count > UINT16_MAX)
		return BGP_ERR_LIMIT;
	room = room < count ? count : room;
	candidates = bgp__mem_get(rib->mem, room * sizeof *candidates);
	paths = bgp__mem_get(rib->mem, room * sizeof *paths);
	equal = bgp__mem_get(rib->mem, room * sizeof *equal);
	if (candidates == NULL || paths == NULL || equal == NULL) {
		bgp__mem_put(rib->mem, candidates, room * sizeof *candidates);
		bgp__mem_put(rib->mem, paths, room * sizeof *paths);
		bgp__mem_put(rib->mem, equal, room * sizeof *equal);
		return BGP_ERR_NOMEM;
	}
	bgp__mem_put(rib->mem, rib->candidates,
		     rib->candidate_room * sizeof *candidates);
	bgp__mem_put(rib->mem, rib->candidate_paths,
		     rib->candidate_room * sizeof *paths);
	bgp__mem_put(rib->mem, rib->equal, rib->candidate_room * sizeof *equal);
	rib->candidates = candidates;
	rib->candidate_paths = paths;
	rib->equal = equal;
	rib->candidate_room = room;
	return BGP_OK;
}

/* false: the path cannot be used now. */
static bool
make_candidate(const struct bgp__table *table, const struct bgp__path *path,
	       struct bgp_candidate *out)
{
	const struct bgp_rib *rib = table->rib;
	const struct bgp_rib_peer *source = rib->sources[path->source];
	const struct bgp_attrs *attrs;

	if (!(path->flags & BGP__PATH_ACCEPTED))
		return false;
	attrs = bgp__attrs_at(&rib->attrs, bgp__path_attrs(table, path));
	out->igp_cost = 0;
	if (attrs->next_hop != 0 && !table->hop_ignored) {
		const struct bgp__next_hop *hop = bgp__next_hop_at(
		    &rib->next_hops, attrs->next_hop);

		if (!hop->reachable && !BGP__MUTATED(NEXT_HOP))
			return false;
		out->igp_cost = hop->igp_cost;
	}
	out->facts = attrs->facts;
	out->address = source->address;
	out->router_id = source->router_id;
	out->path_id = bgp__path_id(table, path);
	out->local = source->kind == BGP_KIND_LOCAL;
	out->ebgp = source->kind == BGP_KIND_EBGP;
	return true;
}

static size_t
gather(const struct bgp__table *table, const struct bgp__dest *dest)
{
	struct bgp_rib *rib = table->rib;
	const struct bgp__path *path;
	size_t count = 0;

	for (uint32_t at = dest->paths; at != 0; at = path->next) {
		path = bgp__path_at(table, at);
		if (make_candidate(table, path, &rib->candidates[count]))
			rib->candidate_paths[count++] = at;
	}
	return count;
}

/* ---------------------------------------------------------------- publish */

static void
move_first(struct bgp__table *table, struct bgp__dest *dest, uint32_t best)
{
	uint32_t *place = &dest->paths;
	struct bgp__path *path;

	while (*place != best)
		place = &bgp__path_at(table, *place)->next;
	path = bgp__path_at(table, best);
	*place = path->next;
	path->next = dest->paths;
	dest->paths = best;
}

/* Gives the equal-cost set its marks; true: it is not what it was. */
static bool
mark_equal(struct bgp__table *table, struct bgp__dest *dest, size_t count)
{
	struct bgp_rib *rib = table->rib;
	struct bgp__path *path;
	bool changed = false;

	/* First the new marks shifted one bit up, then all at once. */
	for (size_t i = 0; i < count && i < rib->equal_paths; i++)
		bgp__path_at(table, rib->candidate_paths[rib->equal[i]])
		    ->flags |= BGP__PATH_EQUAL << 1;
	for (uint32_t at = dest->paths; at != 0; at = path->next) {
		path = bgp__path_at(table, at);
		bool was = (path->flags & BGP__PATH_EQUAL) != 0;
		bool is = (path->flags & BGP__PATH_EQUAL << 1) != 0;

		if (was != is || (is && (path->flags & BGP__PATH_CHANGED)))
			changed = true;
		path->flags &= BGP__PATH_ACCEPTED;
		path->flags |= is ? BGP__PATH_EQUAL : 0;
	}
	return changed;
}

/* The Adj-RIB-In of the first path of the destination. */
static struct bgp__adj_in *
first_in(const struct bgp__table *table, const struct bgp__dest *dest)
{
	uint16_t source = bgp__path_at(table, dest->paths)->source;

	return &table->rib->sources[source]->in[table->number];
}

/* Makes the path the best; 0: there is none.  true: that is a change. */
static bool
set_best(struct bgp__table *table, struct bgp__dest *dest, uint32_t best)
{
	bool had = (dest->flags & BGP__DEST_BEST) != 0;
	bool changed = (dest->flags & BGP__DEST_LOST) != 0;

	if (had)
		first_in(table, dest)->best--;
	if (best == 0) {
		dest->flags &= (uint8_t)~BGP__DEST_BEST;
		table->best_count -= had;
		return changed || had;
	}
	if (!had || dest->paths != best)
		changed = true;
	if (dest->paths != best)
		move_first(table, dest, best);
	first_in(table, dest)->best++;
	dest->flags |= BGP__DEST_BEST;
	table->best_count += !had;
	return changed ||
	    (bgp__path_at(table, best)->flags & BGP__PATH_CHANGED) != 0;
}

static void
decide(struct bgp__table *table, uint32_t record)
{
	struct bgp_rib *rib = table->rib;
	struct bgp__dest *dest = bgp__dest_at(table, record);
	struct bgp_decision decision;
	size_t count = gather(table, dest);
	bool best_changed, set_changed;

	bgp_decide(rib->candidates, count, rib->compare_med, rib->equal,
		   &decision);
	dest->step = (uint8_t)decision.step;
	best_changed = set_best(
	    table, dest, count > 0 ? rib->candidate_paths[decision.best] : 0);
	set_changed = mark_equal(table, dest, decision.equal_count);
	dest->flags &= (uint8_t)~BGP__DEST_LOST;
	if (best_changed || set_changed)
		bgp__fib_install(table, dest);
	if (best_changed && table->best != NULL)
		table->best(table, record);
}

uint32_t
bgp__loc_rib_run(struct bgp__table *table, uint32_t budget)
{
	uint32_t done = 0, record = 0;

	while (done < budget && table->changed.count > 0) {
		record = bgp__bitset_next(&table->changed, record);
		bgp__bitset_remove(&table->changed, record);
		decide(table, record);
		bgp__dest_settle(table, record);
		done++;
	}
	return done;
}

/* --------------------------------------------------------------- next hops */

static bool
uses_changed_hop(const struct bgp__table *table, const struct bgp__dest *dest)
{
	const struct bgp_rib *rib = table->rib;
	const struct bgp__path *path;
	uint32_t hop;

	for (uint32_t at = dest->paths; at != 0; at = path->next) {
		path = bgp__path_at(table, at);
		hop = bgp__attrs_at(&rib->attrs, bgp__path_attrs(table, path))
			  ->next_hop;
		if (hop != 0 && bgp__next_hop_at(&rib->next_hops, hop)->changed)
			return true;
	}
	return false;
}

bool
bgp__loc_rib_hops(struct bgp__table *table, uint32_t budget)
{
	for (; table->hop_sweep != 0 && budget > 0; budget--) {
		uint32_t record = table->hop_sweep++;

		if (record > table->dests.used) {
			table->hop_sweep = 0;
			break;
		}
		const struct bgp__dest *dest = bgp__dest_at(table, record);

		if ((dest->flags & BGP__DEST_LIVE) &&
		    uses_changed_hop(table, dest))
			bgp__dest_change(table, record);
	}
	return table->hop_sweep == 0;
}
