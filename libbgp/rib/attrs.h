/*
 * attrs.h - interned attribute sets.
 *
 * A set is the canonical octets of its attributes followed by its next hop,
 * with the facts of the decision read out once.  Equal sets are one object;
 * paths name it by its 32-bit id.  A link-local next hop of another interface
 * makes another set of the same octets.
 *
 *   octets: [ TLV TLV … TLV, ascending codes ][ next hop ]
 *           '------------- len -------------' '- nh_len -'
 */
#ifndef BGP_RIB_ATTRS_H
#define BGP_RIB_ATTRS_H

#include "bgp/rib.h"
#include "libbgp/base/index.h"
#include "libbgp/rib/next_hop.h"

/* Negotiations under which these very octets decode without fault. */
#define BGP__CLEAN_IBGP 1
#define BGP__CLEAN_EBGP 2

/* Well-known communities that keep a route from going on.       RFC 1997 */
#define BGP__SCOPE_NO_ADVERTISE 1
#define BGP__SCOPE_NO_EXPORT    2 /* NO_EXPORT and NO_EXPORT_SUBCONFED */

struct bgp_attrs {
	uint32_t hash; /* low half of the hash; the top half finds the part */
	uint32_t hash_top;
	uint32_t refs;
	uint32_t id;
	uint32_t next_hop; /* record of the next hop, 0: none */
	uint32_t first_as; /* leftmost AS of the path, 0: none */
	struct bgp_attrs_facts facts;
	uint16_t len;
	uint8_t nh_len;
	uint8_t clean; /* BGP__CLEAN_* */
	struct bgp_loop_trace trace;
	uint8_t scope;    /* BGP__SCOPE_* of the communities */
	bool linked : 1;  /* the next hop is of an interface */
	bool hop_set : 1; /* the host chose the next hop: to be sent as it is */
	uint8_t octets[];
};

struct bgp__attrs_store {
	struct bgp__mem *mem;
	uint64_t seed;
	uint32_t router_id, cluster_id, local_as;
	struct bgp__next_hops *next_hops;
	struct bgp_attrs **by_id;  /* by_id[0] is NULL */
	uint32_t used, room, free; /* ids; free: chain through by_id */
	uint32_t count;
	size_t octets; /* of all sets */
	struct bgp__index index;
	uint8_t *scratch; /* BGP__SCRATCH_LEN */
};

/* A block and the longest next hop. */
#define BGP__SCRATCH_LEN (BGP_ATTR_BLOCK_MAX + 256)

int bgp__attrs_init(struct bgp__attrs_store *store, struct bgp__mem *mem,
		    uint64_t seed, struct bgp__next_hops *next_hops);
void bgp__attrs_fini(struct bgp__attrs_store *store);

/* Octets held by the store, its index and directory included. */
size_t bgp__attrs_octets(const struct bgp__attrs_store *store);

/* What is to be known of a next hop beside its octets; all 0: it was received
 * by no link. */
struct bgp__hop_from {
	uint32_t scope; /* as of bgp__next_hop_address */
	bool set;       /* by the host or its export policy */
};

/*
 * bgp__attrs_intern - the set of these octets, with one reference more.
 *
 * octets may be store->scratch.  A set whose next hop the host chose is another
 * one than a set of the same octets that was received.  NULL: no memory.
 */
struct bgp_attrs *bgp__attrs_intern(struct bgp__attrs_store *store,
				    const uint8_t *octets, size_t len,
				    const uint8_t *next_hop, size_t nh_len,
				    struct bgp__hop_from from);

/* The interface its next hop is of, 0: none. */
uint32_t bgp__attrs_scope(const struct bgp__attrs_store *store,
			  const struct bgp_attrs *attrs);

/* The recall hook of struct bgp_codec; ctx is struct bgp__recall. */
struct bgp__recall {
	struct bgp__attrs_store *store;
	bool ebgp;
	bool first_as_check;
	uint32_t peer_as;
	uint32_t scope; /* interface of the session, 0: not known */
};

const void *bgp__attrs_recall(void *ctx, const struct bgp_update *update);

/*
 * bgp__attrs_of - the set of a decoded UPDATE and one of its next hops, which
 * came by the interface `scope`.
 *
 * One reference more.  BGP_ERR_NOMEM, or BGP_ERR_SPACE: the canonical form
 * passes BGP_ATTR_BLOCK_MAX.
 */
int bgp__attrs_of(struct bgp__attrs_store *store, const struct bgp_codec *codec,
		  const struct bgp_update *update,
		  const struct bgp_fault *fault, struct bgp_span next_hop,
		  struct bgp__hop_from from, struct bgp_attrs **out);

void bgp__attrs_unref(struct bgp__attrs_store *store, struct bgp_attrs *attrs);

static inline struct bgp_attrs *
bgp__attrs_at(const struct bgp__attrs_store *store, uint32_t id)
{
	return store->by_id[id];
}

/* One TLV of a canonical block: the octets it takes. */
size_t bgp__attr_split(const uint8_t *at, struct bgp_attr *out);

#endif
