/*
 * table.c - the tables of all families and the destinations in them.
 *
 * A destination lives while it has a path, an Adj-RIB-Out entry, or somebody
 * out of the stream who may still have to be told that it is gone.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/base/octets.h"
#include "libbgp/rib/rib.h"

#define STEP 4096 /* destinations made room for at a time */

/* ------------------------------------------------------------------- keys */

static uint64_t
key_hash(const struct bgp__table *table, const uint8_t *octets, unsigned bits)
{
	uint64_t seed = table->rib->seed + bits;

	if (table->key_len == 16)
		return bgp__hash_words(seed, bgp__load64le(octets),
		    bgp__load64le(octets + 8));
	return bgp__hash_words(seed, bgp__load32(octets), 0);
}

void
bgp__key_make(const struct bgp__table *table, const uint8_t *octets,
	      unsigned bits, struct bgp__key *out)
{
	unsigned len = (bits + 7) / 8;

	memset(out->octets, 0, sizeof out->octets);
	memcpy(out->octets, octets, len);
	if (bits % 8 != 0)
		out->octets[len - 1] &= (uint8_t)(0xff00 >> bits % 8);
	out->bits = (uint8_t)bits;
	out->hash = key_hash(table, out->octets, bits);
	bgp__index_prefetch(&table->index, out->hash);
}

static uint64_t
dest_hash(const void *ctx, uint32_t record)
{
	const struct bgp__table *table = ctx;
	const struct bgp__dest *dest = bgp__dest_at(table, record);

	return key_hash(table, dest->key, dest->bits);
}

static const void *
dest_at(const void *ctx, uint32_t record)
{
	return bgp__dest_at(ctx, record);
}

static const struct bgp__index_hooks index_hooks = { dest_hash, dest_at };

void
bgp__dest_prefetch(const struct bgp__table *table, uint32_t dest)
{
	bgp__index_prefetch(&table->index, dest_hash(table, dest));
}

/* ----------------------------------------------------------- destinations */

uint32_t
bgp__dest_guess(const struct bgp__table *table, const struct bgp__key *key)
{
	return bgp__index_first(&table->index, key->hash).record;
}

uint32_t
bgp__dest_find(const struct bgp__table *table, const struct bgp__key *key)
{
	struct bgp__index_iter it;
	const struct bgp__dest *dest;

	for (it = bgp__index_first(&table->index, key->hash); it.record != 0;
	     bgp__index_again(&table->index, &it)) {
		dest = bgp__dest_at(table, it.record);
		if (dest->bits == key->bits &&
		    memcmp(dest->key, key->octets, table->key_len) == 0)
			break;
	}
	return it.record;
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
	dest->bits = key->bits;
	memcpy(dest->key, key->octets, table->key_len);
	if (bgp__index_add(&table->index, key->hash, record) != BGP_OK) {
		bgp__slab_put(&table->dests, record);
		return 0;
	}
	return record;
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
	bgp__index_remove(&table->index, dest_hash(table, record), record);
	bgp__slab_put(&table->dests, record);
}

struct bgp_nlri
bgp__dest_nlri(const struct bgp__table *table, const struct bgp__dest *dest)
{
	struct bgp_nlri nlri = {
		.family = table->family,
		.bits = dest->bits,
		.len = (uint16_t)((dest->bits + 7) / 8),
		.octets = dest->key,
	};

	return nlri;
}

/* ----------------------------------------------------------------- tables */

struct bgp__table *
bgp__rib_find_table(const struct bgp__rib *rib, bgp_family family)
{
	for (uint32_t i = 0; i < rib->table_count; i++)
		if (rib->tables[i]->family == family)
			return rib->tables[i];
	return NULL;
}

/* Octets of an address of the family, 0: not plain prefixes. */
static uint8_t
family_key_len(bgp_family family)
{
	if (BGP_SAFI(family) != 1 && BGP_SAFI(family) != 2)
		return 0;
	switch (BGP_AFI(family)) {
	case 1:
		return 4;
	case 2:
		return 16;
	default:
		return 0;
	}
}

static void
table_init(struct bgp__table *table, struct bgp__rib *rib, bgp_family family)
{
	table->rib = rib;
	table->family = family;
	table->number = (uint8_t)rib->table_count;
	table->key_len = family_key_len(family);
	bgp__slab_init(&table->dests, rib->mem,
	    (uint32_t)sizeof(struct bgp__dest) + table->key_len);
	bgp__slab_init(&table->paths, rib->mem, sizeof(struct bgp__path));
	bgp__slab_init(&table->exts, rib->mem, sizeof(struct bgp__path_ext));
	bgp__index_init(&table->index, rib->mem, &index_hooks, table);
}

int
bgp__rib_table(struct bgp__rib *rib, bgp_family family,
	       struct bgp__table **out)
{
	struct bgp__table *table = bgp__rib_find_table(rib, family);

	if (table == NULL) {
		if (family_key_len(family) == 0)
			return BGP_ERR_INVALID;
		if (rib->table_count == BGP__TABLES_MAX)
			return BGP_ERR_LIMIT;
		table = bgp__mem_get(rib->mem, sizeof *table);
		if (table == NULL)
			return BGP_ERR_NOMEM;
		table_init(table, rib, family);
		rib->tables[rib->table_count++] = table;
	}
	*out = table;
	return BGP_OK;
}

static void
table_del(struct bgp__table *table)
{
	bgp__bitset_fini(&table->changed, table->rib->mem);
	bgp__index_fini(&table->index);
	bgp__slab_fini(&table->exts);
	bgp__slab_fini(&table->paths);
	bgp__slab_fini(&table->dests);
	bgp__mem_put(table->rib->mem, table, sizeof *table);
}

/* -------------------------------------------------------------------- rib */

int
bgp__rib_init(struct bgp__rib *rib, struct bgp__mem *mem, uint64_t seed)
{
	memset(rib, 0, sizeof *rib);
	rib->mem = mem;
	rib->seed = seed;
	bgp__next_hops_init(&rib->next_hops, mem, seed);
	if (bgp__attrs_init(&rib->attrs, mem, seed, &rib->next_hops) != BGP_OK)
		return BGP_ERR_NOMEM;
	rib->edit = bgp__mem_get(mem, BGP__SCRATCH_LEN);
	if (rib->edit == NULL)
		return BGP_ERR_NOMEM;
	if (bgp__filings_init(rib) != BGP_OK)
		return BGP_ERR_NOMEM;
	return bgp__loc_rib_reserve(rib, 1);
}

void
bgp__rib_fini(struct bgp__rib *rib)
{
	struct bgp__mem *mem = rib->mem;
	uint32_t room = rib->candidate_room;

	for (uint32_t i = 0; i < rib->table_count; i++)
		table_del(rib->tables[i]);
	bgp__attrs_fini(&rib->attrs);
	bgp__next_hops_fini(&rib->next_hops);
	bgp__mem_put(mem, rib->sources,
	    rib->source_room * sizeof *rib->sources);
	bgp__mem_put(mem, rib->edit, BGP__SCRATCH_LEN);
	bgp__filings_fini(rib);
	bgp__mem_put(mem, rib->candidates, room * sizeof *rib->candidates);
	bgp__mem_put(mem, rib->candidate_paths,
	    room * sizeof *rib->candidate_paths);
	bgp__mem_put(mem, rib->equal, room * sizeof *rib->equal);
}

static int
grow_sources(struct bgp__rib *rib)
{
	uint32_t room = rib->source_room != 0 ? rib->source_room * 2 : 16;
	struct bgp__source **sources;

	sources = bgp__mem_grow(rib->mem, rib->sources, rib->source_room, room,
	    sizeof *sources);
	if (sources == NULL)
		return BGP_ERR_NOMEM;
	rib->sources = sources;
	rib->source_room = room;
	return BGP_OK;
}

int
bgp__rib_add_source(struct bgp__rib *rib, struct bgp__source *source)
{
	uint32_t number = 0;

	while (number < rib->source_room && rib->sources[number] != NULL)
		number++;
	if (number > BGP_PEERS_MAX)
		return BGP_ERR_LIMIT;
	if (number == rib->source_room && grow_sources(rib) != BGP_OK)
		return BGP_ERR_NOMEM;
	rib->sources[number] = source;
	source->number = (uint16_t)number;
	return BGP_OK;
}

void
bgp__rib_remove_source(struct bgp__rib *rib, struct bgp__source *source)
{
	rib->sources[source->number] = NULL;
}
