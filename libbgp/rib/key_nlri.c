/*
 * key_nlri.c - destinations of all other families name an NLRI of the store.
 *
 *   dest [paths|outs|flags|name]--> NLRI as its first path was received
 *          |
 *          '-> path --> ext [path id|attrs|name]--> NLRI as this one was, where
 *                                                   its octets differ
 *
 * While a destination has but one path it goes by that path's NLRI, so that a
 * changed label costs nothing that stays.
 *
 * Which route an NLRI is of is what bgp_nlri_key says: not its labels, nor in
 * EVPN the segment or gateway it tells of.  The key is made when it is needed
 * and kept nowhere.
 */
#include "libbgp/base/hash.h"
#include "libbgp/rib/rib.h"

/* ------------------------------------------------------------------- keys */

/* Into one of the two rooms for keys; its octets. */
static size_t
make_key(const struct bgp__table *table, const struct bgp_nlri *nlri,
	 unsigned room)
{
	int len = bgp_nlri_key(nlri,
			       table->rib->keys + room * BGP__NLRI_KEY_MAX,
			       BGP__NLRI_KEY_MAX);

	return (size_t)len;
}

static uint64_t
key_hash(const struct bgp__table *table, const struct bgp_nlri *nlri)
{
	size_t len = make_key(table, nlri, 0);

	return bgp__hash(table->rib->seed + len, table->rib->keys, len);
}

static bool
is_same(const struct bgp__table *table, const struct bgp_nlri *a,
	const struct bgp_nlri *b)
{
	const uint8_t *keys = table->rib->keys;
	size_t len;

	if (a->len == b->len && a->bits == b->bits &&
	    (a->len == 0 || memcmp(a->octets, b->octets, a->len) == 0))
		return true;
	len = make_key(table, a, 0);
	return make_key(table, b, 1) == len &&
	    memcmp(keys, keys + BGP__NLRI_KEY_MAX, len) == 0;
}

static void
make(const struct bgp__table *table, const struct bgp_nlri *nlri,
     struct bgp__key *out)
{
	out->bits = 0;
	out->nlri = nlri;
	out->hash = key_hash(table, nlri);
	bgp__index_prefetch(&table->index, out->hash);
}

static struct bgp_nlri
nlri_of(const struct bgp__table *table, const struct bgp__dest *dest)
{
	return bgp__name_nlri(table, bgp__dest_name(table, dest));
}

static uint64_t
dest_hash(const void *ctx, uint32_t record)
{
	const struct bgp__table *table = ctx;
	struct bgp_nlri nlri = nlri_of(table, bgp__dest_at(table, record));

	return key_hash(table, &nlri);
}

static const void *
dest_at(const void *ctx, uint32_t record)
{
	return bgp__dest_at(ctx, record);
}

static uint32_t
find(const struct bgp__table *table, const struct bgp__key *key)
{
	struct bgp__index_iter it;
	struct bgp_nlri nlri;

	for (it = bgp__index_first(&table->index, key->hash); it.record != 0;
	     bgp__index_again(&table->index, &it)) {
		nlri = nlri_of(table, bgp__dest_at(table, it.record));
		if (is_same(table, &nlri, key->nlri))
			break;
	}
	return it.record;
}

static bool
takes(const struct bgp__table *table, const struct bgp_nlri *nlri)
{
	if (table->form != BGP_NLRI_BITS)
		return nlri->bits == 0 && nlri->len > 0;
	return nlri->bits <= 255 && nlri->len >= (nlri->bits + 7) / 8;
}

/* A copy of the NLRI, by its name. */
static int
set(struct bgp__table *table, struct bgp__dest *dest,
    const struct bgp__key *key)
{
	uint32_t name = bgp__nlri_hold(&table->rib->nlri, key->nlri);

	memcpy(dest->key, &name, sizeof name);
	return name != 0 ? BGP_OK : BGP_ERR_NOMEM;
}

static void
drop(struct bgp__table *table, struct bgp__dest *dest)
{
	bgp__nlri_unref(&table->rib->nlri, bgp__dest_name(table, dest));
}

/* ------------------------------------------------------------------ names */

struct bgp_nlri
bgp__name_nlri(const struct bgp__table *table, uint32_t name)
{
	const struct bgp__nlri_record *record = bgp__nlri_at(&table->rib->nlri,
							     name);
	struct bgp_nlri nlri = {
		.family = table->family,
		.bits = record->bits,
		.len = record->len,
		.octets = record->octets,
	};

	return nlri;
}

bool
bgp__name_same(const struct bgp__table *table, uint32_t a, uint32_t b)
{
	struct bgp_nlri nlri;

	if (a == b)
		return true;
	nlri = bgp__name_nlri(table, a);
	return bgp__nlri_is(&table->rib->nlri, b, &nlri);
}

static void
unname(struct bgp__table *table, const struct bgp__path *path)
{
	if (path->ext != 0)
		bgp__nlri_unref(&table->rib->nlri,
				*bgp__ext_at(table, path->ext)->name);
}

/* The name by which another path of the destination has these octets, or a new
 * one; held once for the caller.  0: no memory. */
static uint32_t
hold_name(struct bgp__table *table, const struct bgp__dest *dest,
	  const struct bgp_nlri *nlri)
{
	struct bgp__nlri_store *store = &table->rib->nlri;
	const struct bgp__path *path;
	uint32_t name;

	for (uint32_t at = dest->paths; at != 0; at = path->next) {
		path = bgp__path_at(table, at);
		name = bgp__path_name(table, dest, path);
		if (bgp__nlri_is(store, name, nlri)) {
			bgp__nlri_ref(store, name);
			return name;
		}
	}
	return bgp__nlri_hold(store, nlri);
}

static int
set_own(struct bgp__table *table, struct bgp__path *path, uint32_t name)
{
	if (path->ext == 0)
		path->ext = bgp__slab_get(&table->exts);
	if (path->ext == 0) {
		bgp__nlri_unref(&table->rib->nlri, name);
		return BGP_ERR_NOMEM;
	}
	unname(table, path);
	*bgp__ext_at(table, path->ext)->name = name;
	return 1;
}

/* Has the destination no path, or this one alone? */
static bool
is_alone(const struct bgp__table *table, const struct bgp__dest *dest,
	 const struct bgp__path *path)
{
	return dest->paths == 0 ||
	    (path->next == 0 && bgp__path_at(table, dest->paths) == path);
}

static int
rename_dest(struct bgp__table *table, struct bgp__dest *dest,
	    struct bgp__path *path, const struct bgp_nlri *nlri)
{
	struct bgp__nlri_store *store = &table->rib->nlri;
	uint32_t name = bgp__nlri_hold(store, nlri);

	if (name == 0)
		return BGP_ERR_NOMEM;
	bgp__nlri_unref(store, bgp__dest_name(table, dest));
	memcpy(dest->key, &name, sizeof name);
	unname(table, path);
	if (path->ext != 0)
		*bgp__ext_at(table, path->ext)->name = 0;
	return 1;
}

static int
rename_path(struct bgp__table *table, struct bgp__dest *dest,
	    struct bgp__path *path, const struct bgp__key *key)
{
	struct bgp__nlri_store *store = &table->rib->nlri;
	const struct bgp_nlri *nlri = key->nlri;
	uint32_t name;

	if (bgp__nlri_is(store, bgp__path_name(table, dest, path), nlri))
		return 0;
	if (bgp__nlri_is(store, bgp__dest_name(table, dest), nlri)) {
		unname(table, path);
		*bgp__ext_at(table, path->ext)->name = 0;
		return 1;
	}
	if (is_alone(table, dest, path))
		return rename_dest(table, dest, path, nlri);
	name = hold_name(table, dest, nlri);
	return name != 0 ? set_own(table, path, name) : BGP_ERR_NOMEM;
}

const struct bgp__key_kind bgp__key_nlri = {
	.named = true,
	.hooks = { dest_hash, dest_at },
	.takes = takes,
	.make = make,
	.find = find,
	.set = set,
	.drop = drop,
	.nlri = nlri_of,
	.rename = rename_path,
	.unname = unname,
};
