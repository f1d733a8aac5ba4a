/*
 * table.c - the destinations of one family, and how they are found.
 *
 * A destination lives while it has a path, an Adj-RIB-Out entry, or somebody
 * out of the stream who may still have to be told that it is gone.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/base/octets.h"
#include "libbgp/codec/nlri.h"
#include "libbgp/rib/rib.h"

#define STEP 4096 /* destinations made room for at a time */

/* ------------------------------------------------------------------- keys */

static uint64_t
key_hash(const struct bgp__table *table, const uint8_t *octets, unsigned bits)
{
	uint64_t seed = table->rib->seed;

	if (table->key_len == 16)
		return bgp__hash_words(seed, bgp__load64le(octets),
				       bgp__load64le(octets + 8), bits);
	return bgp__hash_word(seed, (uint64_t)bits << 32 | bgp__load32(octets));
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

void
bgp__key_of(const struct bgp__table *table, const struct bgp_nlri *nlri,
	    struct bgp__key *out)
{
	if (!table->whole) {
		bgp__key_make(table, nlri->octets, nlri->bits, out);
		return;
	}
	out->bits = 0;
	out->nlri = nlri;
	out->hash = bgp__whole_hash(table, nlri);
	bgp__index_prefetch(&table->index, out->hash);
}

static uint64_t
plain_hash(const void *ctx, uint32_t record)
{
	const struct bgp__table *table = ctx;
	const struct bgp__dest *dest = bgp__dest_at(table, record);

	return key_hash(table, dest->key, dest->bits);
}

static uint64_t
whole_hash(const void *ctx, uint32_t record)
{
	const struct bgp__table *table = ctx;
	struct bgp_nlri nlri = bgp__dest_nlri(table,
					      bgp__dest_at(table, record));

	return bgp__whole_hash(table, &nlri);
}

static uint64_t
dest_hash(const struct bgp__table *table, uint32_t record)
{
	return table->whole ? whole_hash(table, record)
			    : plain_hash(table, record);
}

static const void *
dest_at(const void *ctx, uint32_t record)
{
	return bgp__dest_at(ctx, record);
}

static const struct bgp__index_hooks plain_hooks = { plain_hash, dest_at };
static const struct bgp__index_hooks whole_hooks = { whole_hash, dest_at };

void
bgp__table_init_index(struct bgp__table *table)
{
	bgp__index_init(&table->index, table->rib->mem,
			table->whole ? &whole_hooks : &plain_hooks, table);
}

void
bgp__dest_prefetch(const struct bgp__table *table, uint32_t dest)
{
	bgp__index_prefetch(&table->index, dest_hash(table, dest));
}

/* ----------------------------------------------------------- destinations */

static uint32_t
find_whole(const struct bgp__table *table, const struct bgp__key *key)
{
	struct bgp__index_iter it;
	struct bgp_nlri nlri;

	for (it = bgp__index_first(&table->index, key->hash); it.record != 0;
	     bgp__index_again(&table->index, &it)) {
		nlri = bgp__dest_nlri(table, bgp__dest_at(table, it.record));
		if (bgp__whole_same(table, &nlri, key->nlri))
			break;
	}
	return it.record;
}

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

	if (table->whole)
		return find_whole(table, key);
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

/* Writes the prefix, or the name of a copy of the NLRI. */
static int
set_key(struct bgp__table *table, struct bgp__dest *dest,
	const struct bgp__key *key)
{
	uint32_t name;

	if (!table->whole) {
		dest->bits = key->bits;
		memcpy(dest->key, key->octets, table->key_len);
		return BGP_OK;
	}
	name = bgp__nlri_hold(&table->rib->nlri, key->nlri);
	memcpy(dest->key, &name, sizeof name);
	return name != 0 ? BGP_OK : BGP_ERR_NOMEM;
}

static void
put_dest(struct bgp__table *table, uint32_t record)
{
	if (table->whole)
		bgp__nlri_unref(&table->rib->nlri,
				bgp__dest_name(bgp__dest_at(table, record)));
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
	if (set_key(table, dest, key) != BGP_OK ||
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
	bgp__index_remove(&table->index, dest_hash(table, record), record);
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

struct bgp_nlri
bgp__dest_nlri(const struct bgp__table *table, const struct bgp__dest *dest)
{
	struct bgp_nlri nlri = {
		.family = table->family,
		.bits = dest->bits,
		.len = (uint16_t)((dest->bits + 7) / 8),
		.octets = dest->key,
	};

	if (table->whole)
		return bgp__name_nlri(table, bgp__dest_name(dest));
	return nlri;
}

bool
bgp__table_takes(const struct bgp__table *table, const struct bgp_nlri *nlri)
{
	unsigned bits_max = table->whole ? 255 : table->key_len * 8u;

	if (table->form != BGP_NLRI_BITS)
		return nlri->bits == 0 && nlri->len > 0;
	return nlri->bits <= bits_max && nlri->len >= (nlri->bits + 7) / 8;
}
