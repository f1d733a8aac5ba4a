/*
 * joined.h - a RIB's reflection, and its peers that are sent routes.
 *
 *   bgp_reflect --- rib --- table --- groups      one for every table
 *        '--- bgp__joined, one for every peer that joined
 *                  '--- member of a group, one for every family of its codec
 *
 * A peer reads its families one after the other, each from where it stands to
 * the end of what there is.
 */
#ifndef BGP_REFLECT_JOINED_H
#define BGP_REFLECT_JOINED_H

#include "libbgp/reflect/group.h"

struct bgp__joined {
	struct bgp_reflect *reflect;
	struct bgp_rib_peer *peer;
	struct bgp__joined *next, *prev;
	struct bgp_reflect_peer_options options;
	struct bgp_codec codec;
	struct bgp_addr address; /* the peer's, as it was when it joined */
	struct bgp__later wake;
	size_t lent;      /* octets of what was lent last, as not yet taken */
	uint32_t current; /* the member whose octets are lent */
	uint32_t count;
	struct bgp__member members[];
};

struct bgp_reflect {
	struct bgp_rib *rib;
	struct bgp_reflect_options options;
	struct bgp_reflect_events events;
	struct bgp__batch *batch;
	struct bgp__joined *joined;
	struct bgp__index by_address; /* of their numbers */
	uint32_t joined_count;
	size_t joined_octets;
};

/* How bgp__index knows those joined, by number; ctx is the RIB. */
extern const struct bgp__index_hooks bgp__joined_hooks;

/* What the peer's options and codec ask of its group in this table. */
struct bgp__group_key bgp__joined_key(const struct bgp__joined *joined,
				      const struct bgp__table *table);

/* BGP_ERR_NOMEM, BGP_ERR_LIMIT, BGP_ERR_INVALID: it is not joined. */
int bgp__joined_new(struct bgp_reflect *reflect, struct bgp_rib_peer *peer,
		    const struct bgp_codec *codec,
		    const struct bgp_reflect_peer_options *options);
void bgp__joined_del(struct bgp__joined *joined);

/* To other groups, as the options in force now ask. */
int bgp__joined_move(struct bgp__joined *joined);

/* Its member of this family, or NULL. */
struct bgp__member *bgp__joined_find(struct bgp__joined *joined,
				     bgp_family family);

/* Memory of it, but for its members behind the stream. */
size_t bgp__joined_octets(const struct bgp__joined *joined);

#endif
