/*
 * tables.c - one RIB: its tables, its peers, what it works in.
 *
 *   rib --- table (of a family) --- destinations --- paths
 *    |---- sources, by number                         of a source
 *    '---- attribute sets, next hops, NLRI: shared by all tables
 */
#include <string.h>

#include "libbgp/codec/nlri.h"
#include "libbgp/rib/inside.h"
#include "libbgp/rib/rib.h"

/* ----------------------------------------------------------------- tables */

struct bgp__table *
bgp__rib_find_table(const struct bgp_rib *rib, bgp_family family)
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

/* Families whose next hop takes no packets: it may be absent, and whether it
 * can be reached is no reason against a route. */
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
table_init(struct bgp__table *table, struct bgp_rib *rib,
	   const struct bgp_family_codec *family)
{
	uint8_t address = address_len(family->family);

	table->rib = rib;
	table->family = family->family;
	table->number = (uint8_t)rib->table_count;
	table->form = bgp__nlri_form(family);
	table->address_len = address;
	table->keys = address != 0 ? &bgp__key_prefix : &bgp__key_nlri;
	table->named = table->keys->named;
	table->key_len = table->named ? BGP__NAME_LEN : address;
	table->hop_ignored = is_hop_ignored(family->family);
	table->hop_bound = address == 0;
	bgp__slab_init(&table->dests, rib->mem,
		       (uint32_t)sizeof(struct bgp__dest) + table->key_len);
	bgp__slab_init(&table->paths, rib->mem,
		       sizeof(struct bgp__path) +
			   (rib->keep_times ? 2 * sizeof(uint32_t) : 0));
	bgp__slab_init(&table->exts, rib->mem,
		       (uint32_t)sizeof(struct bgp__path_ext) +
			   (table->named ? BGP__NAME_LEN : 0));
	bgp__index_init(&table->index, rib->mem, &table->keys->hooks, table);
}

/* The first named table needs room to compare keys in. */
static int
make_keys(struct bgp_rib *rib, bgp_family family)
{
	if (address_len(family) != 0 || rib->keys != NULL)
		return BGP_OK;
	rib->keys = bgp__mem_resize(rib->mem, NULL, 0, 2 * BGP__NLRI_KEY_MAX);
	return rib->keys != NULL ? BGP_OK : BGP_ERR_NOMEM;
}

static int
make_table(struct bgp_rib *rib, const struct bgp_family_codec *family,
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
bgp__rib_table_of(struct bgp_rib *rib, const struct bgp_family_codec *family,
		  struct bgp__table **out)
{
	*out = bgp__rib_find_table(rib, family->family);
	if (*out == NULL)
		return family->family >> 24 == 0 ? make_table(rib, family, out)
						 : BGP_ERR_INVALID;
	if (bgp__family_find(family->family) == NULL &&
	    (*out)->form != family->form)
		return BGP_ERR_INVALID;
	return BGP_OK;
}

int
bgp__rib_table(struct bgp_rib *rib, bgp_family family, struct bgp__table **out)
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

/* ---------------------------------------------------------------- lifetime */

int
bgp__rib_init(struct bgp_rib *rib, struct bgp__mem *mem, uint64_t seed)
{
	rib->mem = mem;
	rib->guard = &rib->own_guard;
	rib->seed = seed;
	rib->secret = bgp__secret_of(seed);
	bgp__next_hops_init(&rib->next_hops, mem, seed);
	bgp__nlri_store_init(&rib->nlri, mem);
	if (bgp__attrs_init(&rib->attrs, mem, seed, &rib->next_hops) != BGP_OK)
		return BGP_ERR_NOMEM;
	rib->edit = bgp__mem_resize(mem, NULL, 0, BGP__SCRATCH_LEN);
	if (rib->edit == NULL)
		return BGP_ERR_NOMEM;
	if (bgp__filings_init(rib) != BGP_OK)
		return BGP_ERR_NOMEM;
	if (bgp__loc_rib_reserve(rib, 1) != BGP_OK)
		return BGP_ERR_NOMEM;
	rib->local.rib = rib;
	rib->local.kind = BGP_KIND_LOCAL;
	rib->local.import_policy = bgp_policy_accept;
	return bgp__rib_add_source(rib, &rib->local);
}

void
bgp__rib_fini(struct bgp_rib *rib)
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

void
bgp__rib_lend_guard(struct bgp_rib *rib, struct bgp__guard *guard)
{
	rib->guard = guard;
}

void
bgp__rib_no_shortcuts(struct bgp_rib *rib)
{
	rib->no_shortcuts = true;
}

/* ----------------------------------------------------------------- sources */

static int
grow_sources(struct bgp_rib *rib)
{
	uint32_t room = rib->source_room != 0 ? rib->source_room * 2 : 16;
	struct bgp_rib_peer **sources;

	sources = bgp__mem_grow(rib->mem, rib->sources, rib->source_room, room,
				sizeof *sources);
	if (sources == NULL)
		return BGP_ERR_NOMEM;
	rib->sources = sources;
	rib->source_room = room;
	return BGP_OK;
}

int
bgp__rib_add_source(struct bgp_rib *rib, struct bgp_rib_peer *source)
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
bgp__rib_remove_source(struct bgp_rib *rib, struct bgp_rib_peer *source)
{
	rib->sources[source->number] = NULL;
}

void
bgp__rib_reap(struct bgp_rib *rib)
{
	struct bgp_rib_peer **place = &rib->removed, *peer;

	while ((peer = *place) != NULL) {
		if (peer->refs > 0) {
			place = &peer->next;
			continue;
		}
		*place = peer->next;
		bgp__rib_remove_source(rib, peer);
		bgp__mem_put(rib->mem, peer, sizeof *peer);
	}
}
