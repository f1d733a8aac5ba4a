/*
 * table.c - the destinations of one family, and how they are found.
 *
 * A destination lives while it has a path, an Adj-RIB-Out entry, or somebody
 * out of the stream who may still have to be sent its withdrawal.
 */
#include "libbgp/rib/rib.h"

#define STEP 4096 /* destinations made room for at a time */

void
bgp__dest_prefetch(const struct bgp__table *table, uint32_t dest)
{
	bgp__index_prefetch(&table->index,
			    table->keys->hooks.hash(table, dest));
}

/* ----------------------------------------------------------- destinations */

uint32_t
bgp__dest_guess(const struct bgp__table *table, const struct bgp__key *key)
{
	return bgp__index_first(&table->index, key->hash).record;
}

/* Every set of destinations has room for a new number before there is one. */
static int
make_room(struct bgp__table *table)
{
	uint32_t bits = table->dests.used + STEP;

	if (table->dests.used + 2 <= table->reserved)
		return BGP_OK;
	if (bgp__bitset_reserve(&table->changed, table->rib->mem, bits) !=
	    BGP_OK)
		return BGP_ERR_NOMEM;
	if (table->grow != NULL && table->grow(table, bits) != BGP_OK)
		return BGP_ERR_NOMEM;
	table->reserved = bits;
	return BGP_OK;
}

static void
put_dest(struct bgp__table *table, uint32_t record)
{
	table->keys->drop(table, bgp__dest_at(table, record));
	bgp__slab_put(&table->dests, record);
}

uint32_t
bgp__dest_get(struct bgp__table *table, const struct bgp__key *key)
{
	uint32_t record = bgp__dest_find(table, key);
	struct bgp__dest *dest;

	if (record != 0)
		return record;
	if (make_room(table) != BGP_OK)
		return 0;
	record = bgp__slab_get(&table->dests);
	if (record == 0)
		return 0;
	dest = bgp__dest_at(table, record);
	dest->flags = BGP__DEST_LIVE;
	if (table->keys->set(table, dest, key) != BGP_OK ||
	    bgp__index_add(&table->index, key->hash, record) != BGP_OK) {
		put_dest(table, record);
		return 0;
	}
	return record;
}

/* Most that are settled stay: their way is kept short. */
__attribute__((noinline)) static void
free_dest(struct bgp__table *table, uint32_t record)
{
	bgp__index_remove(&table->index, table->keys->hooks.hash(table, record),
			  record);
	put_dest(table, record);
}

void
bgp__dest_settle(struct bgp__table *table, uint32_t record)
{
	const struct bgp__dest *dest;

	if (!bgp__dest_is_live(table, record))
		return;
	dest = bgp__dest_at(table, record);
	if (dest->paths != 0 || dest->outs != 0 ||
	    bgp__bitset_test(&table->changed, record))
		return;
	if (table->idle != NULL && !table->idle(table, record))
		return;
	free_dest(table, record);
}
