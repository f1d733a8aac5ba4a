/*
 * fib.c - what the host's forwarding table is to hold.
 *
 * Comes in: a destination just decided, or all of them when the host asks for a
 * replay.  Goes out: calls of events.route.  INSTALLED says what the host was
 * given last: it never hears REMOVE of a route it was not given, nor INSTALL of
 * one it has, but in a replay.
 *
 * Routes of the host's own are its own business: they are given only where the
 * options ask for it.  Where the family has no use for a next hop nothing is.
 */
#include "libbgp/rib/rib.h"

/* Of the equal-cost set, the best path's first. */
static size_t
next_hops(const struct bgp__table *table, const struct bgp__dest *dest,
	  struct bgp_addr *out)
{
	const struct bgp_rib *rib = table->rib;
	const struct bgp__path *path;
	uint32_t hop;
	size_t count = 0;

	for (uint32_t at = dest->paths; at != 0 && count < rib->equal_paths;
	     at = path->next) {
		path = bgp__path_at(table, at);
		if (!(path->flags & BGP__PATH_EQUAL))
			continue;
		hop = bgp__attrs_at(&rib->attrs, bgp__path_attrs(table, path))
			  ->next_hop;
		if (hop != 0)
			out[count++] = bgp__next_hop_at(&rib->next_hops, hop)
					   ->addr;
	}
	return count;
}

static void
give(const struct bgp__table *table, const struct bgp__dest *dest,
     enum bgp_fib_op op)
{
	const struct bgp_rib *rib = table->rib;
	const struct bgp__path *best = bgp__path_at(table, dest->paths);
	struct bgp_addr hops[BGP_EQUAL_PATHS_MAX];
	struct bgp_fib_route route = {
		.size = sizeof route,
		.op = op,
		.nlri = bgp__path_nlri(table, dest, best),
		.attrs = bgp__attrs_at(&rib->attrs,
				       bgp__path_attrs(table, best)),
		.peer = rib->sources[best->source],
		.kind = rib->sources[best->source]->kind,
		.next_hop_count = next_hops(table, dest, hops),
		.next_hops = hops,
	};

	route.nlri.path_id = 0;
	rib->route(rib->ctx, &route);
}

static void
take_back(const struct bgp__table *table, const struct bgp__dest *dest)
{
	struct bgp_fib_route route = {
		.size = sizeof route,
		.op = BGP_FIB_REMOVE,
		.nlri = bgp__dest_nlri(table, dest),
	};

	table->rib->route(table->rib->ctx, &route);
}

static bool
is_wanted(const struct bgp__table *table, const struct bgp__dest *dest)
{
	const struct bgp_rib *rib = table->rib;

	if (!(dest->flags & BGP__DEST_BEST))
		return false;
	return rib->install_local ||
	    bgp__path_at(table, dest->paths)->source != rib->local.number;
}

void
bgp__fib_install(struct bgp__table *table, struct bgp__dest *dest)
{
	bool has = (dest->flags & BGP__DEST_INSTALLED) != 0;

	if (table->rib->route == NULL || table->hop_ignored)
		return;
	if (is_wanted(table, dest)) {
		dest->flags |= BGP__DEST_INSTALLED;
		give(table, dest, has ? BGP_FIB_REPLACE : BGP_FIB_INSTALL);
	} else if (has) {
		dest->flags &= (uint8_t)~BGP__DEST_INSTALLED;
		take_back(table, dest);
	}
}

/* ----------------------------------------------------------------- replay */

/* A destination that is yet to be decided is given as it was decided last. */
static bool
replay_table(struct bgp__table *table, uint32_t budget, uint32_t look)
{
	while (table->replay != 0 && budget > 0 && look-- > 0) {
		uint32_t record = table->replay++;
		const struct bgp__dest *dest;

		if (record > table->dests.used) {
			table->replay = 0;
			break;
		}
		dest = bgp__dest_at(table, record);
		if (!(dest->flags & BGP__DEST_LIVE) ||
		    !(dest->flags & BGP__DEST_INSTALLED) ||
		    !is_wanted(table, dest))
			continue;
		give(table, dest, BGP_FIB_INSTALL);
		budget--;
	}
	return table->replay == 0;
}

void
bgp__fib_run(struct bgp_rib *rib, uint32_t budget, uint32_t look)
{
	struct bgp_fib_route end = { .size = sizeof end,
				     .op = BGP_FIB_REPLAYED };
	bool done = true;

	if (!rib->replaying)
		return;
	for (uint32_t i = 0; i < rib->table_count; i++)
		done = replay_table(rib->tables[i], budget, look) && done;
	if (!done)
		return;
	rib->replaying = false;
	rib->route(rib->ctx, &end);
}

int
bgp_rib_replay(struct bgp_rib *rib)
{
	if (rib->route == NULL)
		return BGP_ERR_STATE;
	for (uint32_t i = 0; i < rib->table_count; i++)
		rib->tables[i]->replay = 1;
	rib->replaying = true;
	return BGP_OK;
}
