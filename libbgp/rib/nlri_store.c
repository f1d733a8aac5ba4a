/*
 * nlri_store.c - NLRI kept as octets, named by a 32-bit index.
 */
#include <string.h>

#include "libbgp/rib/nlri_store.h"

#define CLASS_SHIFT 28
#define RECORD_MASK ((1u << CLASS_SHIFT) - 1)
#define LARGE       15u

/* Octets of a record, its head included.  Most families fill theirs: labeled
 * IPv4, VPNv4, EVPN 3, VPNv6, EVPN 2 and 5, … */
static const uint16_t class_len[BGP__NLRI_CLASSES] = {
	16, 24, 32, 40, 48, 56, 64, 80, 96, 128, 192, 264,
};

struct large {
	uint32_t chain; /* the slab's own while free */
	uint32_t spare;
	struct bgp__nlri_record *record; /* NULL: free */
};

static size_t
record_len(size_t len)
{
	return sizeof(struct bgp__nlri_record) + len;
}

/* --------------------------------------------------------------- lifetime */

void
bgp__nlri_store_init(struct bgp__nlri_store *store, struct bgp__mem *mem)
{
	memset(store, 0, sizeof *store);
	store->mem = mem;
	for (unsigned i = 0; i < BGP__NLRI_CLASSES; i++)
		bgp__slab_init(&store->classes[i], mem, class_len[i]);
	bgp__slab_init(&store->large, mem, sizeof(struct large));
}

void
bgp__nlri_store_fini(struct bgp__nlri_store *store)
{
	for (uint32_t i = 1; i <= store->large.used; i++) {
		struct large *large = bgp__slab_at(&store->large, i);

		if (large->record != NULL)
			bgp__mem_put(store->mem, large->record,
				     record_len(large->record->len));
	}
	bgp__slab_fini(&store->large);
	for (unsigned i = 0; i < BGP__NLRI_CLASSES; i++)
		bgp__slab_fini(&store->classes[i]);
	store->large_octets = store->count = 0;
}

size_t
bgp__nlri_store_octets(const struct bgp__nlri_store *store)
{
	size_t octets = bgp__slab_octets(&store->large) + store->large_octets;

	for (unsigned i = 0; i < BGP__NLRI_CLASSES; i++)
		octets += bgp__slab_octets(&store->classes[i]);
	return octets;
}

/* ------------------------------------------------------------------- hold */

/* A zeroed record's index, of which a name can be made. */
static uint32_t
get(struct bgp__slab *slab)
{
	uint32_t index = bgp__slab_get(slab);

	if (index <= RECORD_MASK)
		return index;
	bgp__slab_put(slab, index);
	return 0;
}

static uint32_t
hold_large(struct bgp__nlri_store *store, size_t len)
{
	uint32_t index = get(&store->large);
	struct large *large;

	if (index == 0)
		return 0;
	large = bgp__slab_at(&store->large, index);
	large->record = bgp__mem_get(store->mem, record_len(len));
	if (large->record == NULL) {
		bgp__slab_put(&store->large, index);
		return 0;
	}
	store->large_octets += record_len(len);
	return LARGE << CLASS_SHIFT | index;
}

static uint32_t
hold_small(struct bgp__nlri_store *store, size_t len)
{
	uint32_t class = 0, index;

	while (class_len[class] < record_len(len))
		class ++;
	index = get(&store->classes[class]);
	return index != 0 ? class << CLASS_SHIFT | index : 0;
}

uint32_t
bgp__nlri_hold(struct bgp__nlri_store *store, const struct bgp_nlri *nlri)
{
	bool small = record_len(nlri->len) <= class_len[BGP__NLRI_CLASSES - 1];
	uint32_t name = small ? hold_small(store, nlri->len)
			      : hold_large(store, nlri->len);
	struct bgp__nlri_record *record;

	if (name == 0)
		return 0;
	record = bgp__nlri_at(store, name);
	record->refs = 1;
	record->len = nlri->len;
	record->bits = nlri->bits;
	if (nlri->len > 0)
		memcpy(record->octets, nlri->octets, nlri->len);
	store->count++;
	return name;
}

void
bgp__nlri_ref(struct bgp__nlri_store *store, uint32_t name)
{
	bgp__nlri_at(store, name)->refs++;
}

static void
drop_large(struct bgp__nlri_store *store, uint32_t index)
{
	struct large *large = bgp__slab_at(&store->large, index);
	size_t len = record_len(large->record->len);

	store->large_octets -= len;
	bgp__mem_put(store->mem, large->record, len);
	bgp__slab_put(&store->large, index);
}

void
bgp__nlri_unref(struct bgp__nlri_store *store, uint32_t name)
{
	if (name == 0 || --bgp__nlri_at(store, name)->refs > 0)
		return;
	store->count--;
	if (name >> CLASS_SHIFT == LARGE)
		drop_large(store, name & RECORD_MASK);
	else
		bgp__slab_put(&store->classes[name >> CLASS_SHIFT],
			      name & RECORD_MASK);
}

/* -------------------------------------------------------------- questions */

struct bgp__nlri_record *
bgp__nlri_at(const struct bgp__nlri_store *store, uint32_t name)
{
	uint32_t class = name >> CLASS_SHIFT, index = name & RECORD_MASK;
	const struct large *large;

	if (class != LARGE)
		return bgp__slab_at(&store->classes[class], index);
	large = bgp__slab_at(&store->large, index);
	return large->record;
}

bool
bgp__nlri_is(const struct bgp__nlri_store *store, uint32_t name,
	     const struct bgp_nlri *nlri)
{
	const struct bgp__nlri_record *record = bgp__nlri_at(store, name);

	return record->len == nlri->len && record->bits == nlri->bits &&
	    (nlri->len == 0 ||
	     memcmp(record->octets, nlri->octets, nlri->len) == 0);
}
