/*
 * attrs.c - interned attribute sets.
 *
 * Comes in: what an UPDATE said, or what a policy made of it.  Goes out: the
 * one object that stands for these octets.  A block seen before is recognised
 * by its octets before anything of it is checked: bgp__attrs_recall.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/base/octets.h"
#include "libbgp/rib/attrs.h"

#define ROOM_MIN 64

/* ------------------------------------------------------------- hash, find */

/* hop: the interface the next hop is of, and whether the host chose it. */
static uint64_t
octets_hash(const struct bgp__attrs_store *store, const uint8_t *octets,
	    size_t len, struct bgp__hop_from hop)
{
	return bgp__hash(store->seed ^ hop.scope ^ (uint64_t)hop.set << 32,
			 octets, len);
}

static uint64_t
set_hash(const struct bgp_attrs *attrs)
{
	return (uint64_t)attrs->hash_top << 32 | attrs->hash;
}

static uint64_t
id_hash(const void *ctx, uint32_t id)
{
	return set_hash(bgp__attrs_at(ctx, id));
}

static const void *
id_at(const void *ctx, uint32_t id)
{
	return bgp__attrs_at(ctx, id);
}

static const struct bgp__index_hooks index_hooks = { id_hash, id_at };

uint32_t
bgp__attrs_scope(const struct bgp__attrs_store *store,
		 const struct bgp_attrs *attrs)
{
	if (!attrs->linked)
		return 0;
	return bgp__next_hop_at(store->next_hops, attrs->next_hop)->addr.scope;
}

/* The same with the interface that the next hop behind len octets is of. */
static struct bgp__hop_from
linked(const uint8_t *octets, size_t len, size_t total,
       struct bgp__hop_from hop)
{
	struct bgp_addr addr = { .len = 0 };

	if (hop.scope != 0 &&
	    !bgp__next_hop_address(octets + len, total - len, hop.scope, &addr))
		addr.scope = 0;
	hop.scope = hop.scope != 0 ? addr.scope : 0;
	return hop;
}

/* octets: attributes and next hop, len of the former, total of both. */
static struct bgp_attrs *
find(const struct bgp__attrs_store *store, const uint8_t *octets, size_t len,
     size_t total, struct bgp__hop_from hop)
{
	uint64_t hash = octets_hash(store, octets, total, hop);
	struct bgp__index_iter it;
	struct bgp_attrs *attrs;

	for (it = bgp__index_first(&store->index, hash); it.record != 0;
	     bgp__index_again(&store->index, &it)) {
		attrs = bgp__attrs_at(store, it.record);
		if (set_hash(attrs) == hash && attrs->len == len &&
		    len + attrs->nh_len == total && attrs->hop_set == hop.set &&
		    memcmp(attrs->octets, octets, total) == 0 &&
		    bgp__attrs_scope(store, attrs) == hop.scope)
			return attrs;
	}
	return NULL;
}

/* --------------------------------------------------------------- lifetime */

int
bgp__attrs_init(struct bgp__attrs_store *store, struct bgp__mem *mem,
		uint64_t seed, struct bgp__next_hops *next_hops)
{
	memset(store, 0, sizeof *store);
	store->mem = mem;
	store->seed = seed;
	store->next_hops = next_hops;
	bgp__index_init(&store->index, mem, &index_hooks, store);
	store->scratch = bgp__mem_resize(mem, NULL, 0, BGP__SCRATCH_LEN);
	return store->scratch != NULL ? BGP_OK : BGP_ERR_NOMEM;
}

static size_t
set_len(const struct bgp_attrs *attrs)
{
	return sizeof *attrs + attrs->len + attrs->nh_len;
}

static bool
is_free(const struct bgp__attrs_store *store, uint32_t id)
{
	return ((uintptr_t)store->by_id[id] & 1) != 0;
}

void
bgp__attrs_fini(struct bgp__attrs_store *store)
{
	for (uint32_t id = 1; id <= store->used; id++)
		if (!is_free(store, id))
			bgp__mem_put(store->mem, store->by_id[id],
				     set_len(store->by_id[id]));
	bgp__mem_put(store->mem, store->by_id,
		     store->room * sizeof *store->by_id);
	bgp__mem_put(store->mem, store->scratch, BGP__SCRATCH_LEN);
	bgp__index_fini(&store->index);
}

size_t
bgp__attrs_octets(const struct bgp__attrs_store *store)
{
	return store->octets + store->room * sizeof *store->by_id +
	    bgp__index_octets(&store->index);
}

/* A free id keeps the next of its chain, shifted and marked by the low bit. */
static uint32_t
id_get(struct bgp__attrs_store *store)
{
	uint32_t id = store->free, room;
	struct bgp_attrs **by_id;

	if (id != 0) {
		store->free = (uint32_t)((uintptr_t)store->by_id[id] >> 1);
		return id;
	}
	if (store->used + 1 >= store->room) {
		room = store->room != 0 ? store->room + store->room / 2
					: ROOM_MIN;
		by_id = bgp__mem_resize(store->mem, store->by_id,
					store->room * sizeof *by_id,
					room * sizeof *by_id);
		if (by_id == NULL)
			return 0;
		by_id[0] = NULL;
		store->by_id = by_id;
		store->room = room;
	}
	return ++store->used;
}

/* The last one out turns off the light. */
static void
id_put(struct bgp__attrs_store *store, uint32_t id)
{
	store->by_id[id] = (struct bgp_attrs *)((uintptr_t)store->free << 1 |
						1);
	store->free = id;
	if (store->count > 0)
		return;
	bgp__mem_put(store->mem, store->by_id,
		     store->room * sizeof *store->by_id);
	bgp__index_fini(&store->index);
	store->by_id = NULL;
	store->used = store->room = store->free = 0;
}

/* ------------------------------------------------------------------ facts */

size_t
bgp__attr_split(const uint8_t *at, struct bgp_attr *out)
{
	bool extended = (at[0] & BGP_ATTR_EXTENDED) != 0;

	out->flags = at[0];
	out->code = at[1];
	out->len = extended ? bgp__load16(at + 2) : at[2];
	out->value = at + (extended ? 4 : 3);
	return (size_t)(extended ? 4 : 3) + out->len;
}

static void
trace(const struct bgp__attrs_store *store, struct bgp_attrs *attrs,
      const struct bgp_attr *a)
{
	bgp_loop_trace(a, store->router_id, store->cluster_id, store->local_as,
		       &attrs->trace);
}

static void
read_as_path(const struct bgp__attrs_store *store, struct bgp_attrs *attrs,
	     const struct bgp_attr *a)
{
	struct bgp_as_path_facts path;

	bgp_as_path_facts(a->value, a->len, store->local_as, &path);
	attrs->facts.as_path_length = path.length;
	attrs->facts.neighbour_as = path.neighbour_as;
	if (path.local_as_found)
		trace(store, attrs, a);
	if (a->len >= 6 && a->value[0] == BGP_AS_SEQUENCE)
		attrs->first_as = bgp__load32(a->value + 2);
}

static void
read_communities(struct bgp_attrs *attrs, const struct bgp_attr *a)
{
	for (size_t i = 0; i + 4 <= a->len; i += 4)
		switch (bgp__load32(a->value + i)) {
		case 0xffffff01: /* NO_EXPORT */
		case 0xffffff03: /* NO_EXPORT_SUBCONFED */
			attrs->scope |= BGP__SCOPE_NO_EXPORT;
			break;
		case 0xffffff02: /* NO_ADVERTISE */
			attrs->scope |= BGP__SCOPE_NO_ADVERTISE;
			break;
		default:
			break;
		}
}

static void
read_attr(const struct bgp__attrs_store *store, struct bgp_attrs *attrs,
	  const struct bgp_attr *a)
{
	switch (a->code) {
	case BGP_ATTR_ORIGIN:
		attrs->facts.origin = a->value[0];
		break;
	case BGP_ATTR_AS_PATH:
		read_as_path(store, attrs, a);
		break;
	case BGP_ATTR_MED:
		attrs->facts.med = bgp__load32(a->value);
		break;
	case BGP_ATTR_LOCAL_PREF:
		attrs->facts.local_pref = bgp__load32(a->value);
		break;
	case BGP_ATTR_COMMUNITIES:
		read_communities(attrs, a);
		break;
	case BGP_ATTR_ORIGINATOR_ID:
		attrs->facts.originator_id = bgp__load32(a->value);
		trace(store, attrs, a);
		break;
	case BGP_ATTR_CLUSTER_LIST:
		attrs->facts.cluster_count = a->len / 4;
		trace(store, attrs, a);
		break;
	default:
		break;
	}
}

static void
read_facts(const struct bgp__attrs_store *store, struct bgp_attrs *attrs)
{
	struct bgp_attr a;

	attrs->facts.local_pref = 100;
	attrs->facts.origin = BGP_ORIGIN_INCOMPLETE;
	for (size_t at = 0; at < attrs->len;) {
		at += bgp__attr_split(attrs->octets + at, &a);
		read_attr(store, attrs, &a);
	}
}

/* ----------------------------------------------------------------- intern */

static struct bgp_attrs *
make(struct bgp__attrs_store *store, uint64_t hash, const uint8_t *octets,
     size_t len, size_t total)
{
	struct bgp_attrs *attrs = bgp__mem_get(store->mem,
					       sizeof *attrs + total);

	if (attrs == NULL)
		return NULL;
	attrs->hash = (uint32_t)hash;
	attrs->hash_top = (uint32_t)(hash >> 32);
	attrs->refs = 1;
	attrs->len = (uint16_t)len;
	attrs->nh_len = (uint8_t)(total - len);
	memcpy(attrs->octets, octets, total);
	read_facts(store, attrs);
	return attrs;
}

/* Gives the set its id, its next hop and its place in the index. */
static int
file(struct bgp__attrs_store *store, struct bgp_attrs *attrs, uint32_t link)
{
	const uint8_t *next_hop = attrs->octets + attrs->len;
	struct bgp_addr addr;

	attrs->linked = link != 0;
	if (bgp__next_hop_address(next_hop, attrs->nh_len, link, &addr)) {
		attrs->next_hop = bgp__next_hop_ref(store->next_hops, &addr);
		if (attrs->next_hop == 0)
			return BGP_ERR_NOMEM;
	}
	attrs->id = id_get(store);
	if (attrs->id == 0) {
		bgp__next_hop_unref(store->next_hops, attrs->next_hop);
		return BGP_ERR_NOMEM;
	}
	store->by_id[attrs->id] = attrs;
	if (bgp__index_add(&store->index, set_hash(attrs), attrs->id) !=
	    BGP_OK) {
		id_put(store, attrs->id);
		bgp__next_hop_unref(store->next_hops, attrs->next_hop);
		return BGP_ERR_NOMEM;
	}
	store->count++;
	store->octets += set_len(attrs);
	return BGP_OK;
}

static struct bgp_attrs *
intern(struct bgp__attrs_store *store, const uint8_t *octets, size_t len,
       size_t total, struct bgp__hop_from from)
{
	struct bgp__hop_from hop = linked(octets, len, total, from);
	struct bgp_attrs *attrs = find(store, octets, len, total, hop);

	if (attrs != NULL) {
		attrs->refs++;
		return attrs;
	}
	attrs = make(store, octets_hash(store, octets, total, hop), octets, len,
		     total);
	if (attrs != NULL)
		attrs->hop_set = hop.set;
	if (attrs != NULL && file(store, attrs, hop.scope) != BGP_OK) {
		bgp__mem_put(store->mem, attrs, set_len(attrs));
		return NULL;
	}
	return attrs;
}

struct bgp_attrs *
bgp__attrs_intern(struct bgp__attrs_store *store, const uint8_t *octets,
		  size_t len, const uint8_t *next_hop, size_t nh_len,
		  struct bgp__hop_from from)
{
	if (octets != store->scratch && len > 0)
		memcpy(store->scratch, octets, len);
	if (nh_len > 0)
		memmove(store->scratch + len, next_hop, nh_len);
	return intern(store, store->scratch, len, len + nh_len, from);
}

void
bgp__attrs_unref(struct bgp__attrs_store *store, struct bgp_attrs *attrs)
{
	if (attrs == NULL || --attrs->refs > 0)
		return;
	bgp__index_remove(&store->index, set_hash(attrs), attrs->id);
	store->count--;
	store->octets -= set_len(attrs);
	bgp__next_hop_unref(store->next_hops, attrs->next_hop);
	id_put(store, attrs->id);
	bgp__mem_put(store->mem, attrs, set_len(attrs));
}

/* ----------------------------------------------------------------- recall */

/* The attributes as they stand in the message, NEXT_HOP and MP taken out,
 * then the next hop.  0: too long for any set. */
static size_t
gather(const struct bgp_update *update, uint8_t *to, size_t *total)
{
	const struct bgp_span *nh = &update->reach[0].next_hop;
	size_t len = 0;

	for (uint16_t i = 0; i < update->attr_count; i++) {
		const struct bgp_attr *a = &update->attrs[i];
		size_t head = a->flags & BGP_ATTR_EXTENDED ? 4 : 3;

		if (len + head + a->len > BGP_ATTR_BLOCK_MAX)
			return 0;
		memcpy(to + len, a->value - head, head + a->len);
		len += head + a->len;
	}
	if (nh->len > BGP__SCRATCH_LEN - BGP_ATTR_BLOCK_MAX)
		return 0;
	if (nh->len > 0)
		memcpy(to + len, nh->octets, nh->len);
	*total = len + nh->len;
	return len;
}

const void *
bgp__attrs_recall(void *ctx, const struct bgp_update *update)
{
	const struct bgp__recall *recall = ctx;
	struct bgp__attrs_store *store = recall->store;
	struct bgp_attrs *attrs;
	size_t len, total;

	if (update->reach_count != 1)
		return NULL;
	len = gather(update, store->scratch, &total);
	if (len == 0)
		return NULL;
	attrs = find(store, store->scratch, len, total,
		     linked(store->scratch, len, total,
			    (struct bgp__hop_from){ recall->scope, false }));
	if (attrs == NULL ||
	    !(attrs->clean &
	      (recall->ebgp ? BGP__CLEAN_EBGP : BGP__CLEAN_IBGP)))
		return NULL;
	if (recall->ebgp && recall->first_as_check &&
	    attrs->first_as != recall->peer_as)
		return NULL;
	return attrs;
}

/* Were the octets of the message canonical already, so that the same octets
 * may be recalled next time?  scratch holds the canonical ones. */
static bool
was_canonical(const struct bgp_codec *codec, const struct bgp_update *update,
	      const uint8_t *canonical, size_t len)
{
	size_t at = 0;

	if (!codec->as4 || update->reach_count != 1)
		return false;
	for (uint16_t i = 0; i < update->attr_count; i++) {
		const struct bgp_attr *a = &update->attrs[i];
		size_t head = a->flags & BGP_ATTR_EXTENDED ? 4 : 3;

		if (at + head + a->len > len ||
		    memcmp(canonical + at, a->value - head, head + a->len))
			return false;
		at += head + a->len;
	}
	return at == len;
}

int
bgp__attrs_of(struct bgp__attrs_store *store, const struct bgp_codec *codec,
	      const struct bgp_update *update, const struct bgp_fault *fault,
	      struct bgp_span next_hop, struct bgp__hop_from from,
	      struct bgp_attrs **out)
{
	struct bgp_attrs *attrs;
	int len;

	if (update->recalled != NULL) {
		attrs = bgp__attrs_at(
		    store, ((const struct bgp_attrs *)update->recalled)->id);
		attrs->refs++;
		*out = attrs;
		return BGP_OK;
	}
	len = bgp_attrs_canonical(codec, update, store->scratch,
				  BGP_ATTR_BLOCK_MAX);
	if (len < 0)
		return len;
	attrs = bgp__attrs_intern(store, store->scratch, (size_t)len,
				  next_hop.octets, next_hop.len, from);
	if (attrs == NULL)
		return BGP_ERR_NOMEM;
	if (fault->remedy == BGP_REMEDY_NONE &&
	    was_canonical(codec, update, attrs->octets, (size_t)len))
		attrs->clean |= codec->ebgp ? BGP__CLEAN_EBGP : BGP__CLEAN_IBGP;
	*out = attrs;
	return BGP_OK;
}
