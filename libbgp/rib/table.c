/*
 * table.c - the tables of all families and the destinations in them.
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
address_len(bgp_family family)
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

/* Families whose next hop takes no packets: it may be absent, and whether it can
 * be reached is no reason against a route. */
static bool
is_hop_ignored(bgp_family family)
{
	switch (BGP_SAFI(family)) {
	case 71: /* link-state: RFC 9552 5.5 */
	case 72:
		return BGP_AFI(family) == 16388;
	case 132: /* route target: RFC 4684 4 */
	case 133: /* flowspec: RFC 8955 4 */
	case 134:
		return true;
	default:
		return false;
	}
}

static void
table_init(struct bgp__table *table, struct bgp__rib *rib,
	   const struct bgp_family_codec *family)
{
	uint32_t name_len = 0;

	table->rib = rib;
	table->family = family->family;
	table->number = (uint8_t)rib->table_count;
	table->form = bgp__nlri_form(family);
	table->key_len = address_len(family->family);
	table->hop_ignored = is_hop_ignored(family->family);
	if (table->key_len == 0) {
		table->whole = true;
		name_len = sizeof(uint32_t);
		table->key_len = (uint8_t)name_len;
	}
	bgp__slab_init(&table->dests, rib->mem,
	    (uint32_t)sizeof(struct bgp__dest) + table->key_len);
	bgp__slab_init(&table->paths, rib->mem, sizeof(struct bgp__path));
	bgp__slab_init(&table->exts, rib->mem,
	    (uint32_t)sizeof(struct bgp__path_ext) + name_len);
	bgp__index_init(&table->index, rib->mem, table->whole ? &whole_hooks
	    : &plain_hooks, table);
}

/* The first whole table needs room to compare keys in. */
static int
make_keys(struct bgp__rib *rib, bgp_family family)
{
	if (address_len(family) != 0 || rib->keys != NULL)
		return BGP_OK;
	rib->keys = bgp__mem_resize(rib->mem, NULL, 0, 2 * BGP__NLRI_KEY_MAX);
	return rib->keys != NULL ? BGP_OK : BGP_ERR_NOMEM;
}

static int
make_table(struct bgp__rib *rib, const struct bgp_family_codec *family,
	   struct bgp__table **out)
{
	uint8_t form = bgp__nlri_form(family);

	if (form == BGP_NLRI_KNOWN || form > BGP_NLRI_FLOW)
		return BGP_ERR_INVALID;
	if (rib->table_count == BGP__TABLES_MAX)
		return BGP_ERR_LIMIT;
	if (make_keys(rib, family->family) != BGP_OK)
		return BGP_ERR_NOMEM;
	*out = bgp__mem_get(rib->mem, sizeof **out);
	if (*out == NULL)
		return BGP_ERR_NOMEM;
	table_init(*out, rib, family);
	rib->tables[rib->table_count++] = *out;
	return BGP_OK;
}

int
bgp__rib_table_of(struct bgp__rib *rib, const struct bgp_family_codec *family,
		  struct bgp__table **out)
{
	*out = bgp__rib_find_table(rib, family->family);
	if (*out == NULL)
		return make_table(rib, family, out);
	if (bgp__family_find(family->family) == NULL &&
	    (*out)->form != family->form)
		return BGP_ERR_INVALID;
	return BGP_OK;
}

int
bgp__rib_table(struct bgp__rib *rib, bgp_family family,
	       struct bgp__table **out)
{
	const struct bgp_family_codec known = { .family = family };

	*out = bgp__rib_find_table(rib, family);
	return *out != NULL ? BGP_OK : make_table(rib, &known, out);
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
	bgp__nlri_store_init(&rib->nlri, mem);
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
	bgp__nlri_store_fini(&rib->nlri);
	bgp__mem_put(mem, rib->keys, 2 * BGP__NLRI_KEY_MAX);
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

size_t
bgp__rib_scratch_octets(const struct bgp__rib *rib)
{
	return 2 * BGP__SCRATCH_LEN /* of edit and of attrs */ +
	    bgp__filings_octets() +
	    (rib->keys != NULL ? 2 * BGP__NLRI_KEY_MAX : 0) +
	    rib->candidate_room * (sizeof *rib->candidates +
		sizeof *rib->candidate_paths + sizeof *rib->equal);
}
