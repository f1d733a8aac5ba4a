/*
 * group.h - update groups: who is sent the same, and what they were sent.
 *
 * Peers that would be sent the same octets form a group.  For every
 * destination a group keeps one record of what it was sent (`out`); a change is
 * encoded once, into the log that all members read.
 *
 *   pending (destinations whose best changed)
 *      |  bgp__group_flush: what should be sent now, against what was sent
 *      v
 *    outs --> log ==> members in the stream: a place in the log, nothing more
 *      '----> dirty bits of members behind the stream: encoded for them alone,
 *             from the table, when they read
 *
 * A member falls behind when it is new, asks for a refresh, or does not read
 * while others do; what it costs then is two bits per destination, however
 * much changes.  It joins the stream when nothing is dirty.
 *
 * So the peer bitmap of an Adj-RIB-Out entry is kept the other way round: no
 * entry has one, and only members behind have bits.  What a peer holds is: in
 * the stream, every out of its group whose source it is not; behind, those of
 * them that are held and not dirty.  A further client costs nothing per route.
 */
#ifndef BGP_REFLECT_GROUP_H
#define BGP_REFLECT_GROUP_H

#include "bgp/reflect.h"
#include "libbgp/reflect/log.h"
#include "libbgp/rib/rib.h"

#define BGP__BATCH_MAX  2048  /* changes encoded together */
#define BGP__GROUPS_MAX 65000 /* groups of one family */

/* What makes two peers of one family be sent the same: all that changes octets,
 * for the group writes, and reads again what it wrote, by nothing else. */
struct bgp__group_key {
	enum bgp_kind kind;
	bool as4;
	bool ext_next_hop;
	bool add_path;  /* NLRI carry a path id, RFC 7911 */
	uint8_t labels; /* most of a stack that the peer takes, RFC 8277 2.1 */
	enum bgp_next_hop_mode next_hop;
	uint32_t local_as;     /* beside the RIB's, 0: none */
	bool local_as_replace; /* in its place */
	uint16_t message_max;
	struct bgp_addr own_ipv4, own_ipv6; /* our next hops; len 0: none */
	bgp_policy *export_policy;
	void *export_ctx;
};

/* What a group was sent of a destination. */
struct bgp__out {
	uint32_t attrs; /* after export policy, before stamping */
	uint32_t next;
	uint16_t group;
	uint16_t source; /* whose route it is */
	uint32_t name[]; /* in named tables: of the NLRI that was sent */
};

struct bgp__group;

/* A peer, as one family's group sees it. */
struct bgp__member {
	struct bgp__group *group; /* NULL: not a member now */
	struct bgp__member *next, *prev;
	const struct bgp_rib_peer *peer;
	uint16_t source;
	struct bgp_addr address; /* not a next hop of what it is sent */
	struct bgp__reading reading;

	bool waits; /* had read all before this flush */

	/* Behind the stream only. */
	bool behind;
	bool eor_due;             /* End-of-RIB once nothing is dirty */
	bool again;               /* all is dirty again once nothing is */
	struct bgp__bitset dirty; /* to be sent */
	struct bgp__bitset held;  /* was sent, or may have been */
	uint32_t cursor;          /* where to go on looking */
	struct bgp__log own;      /* one chunk of its own, or empty */

	bool eor_sent;
	void (*wake)(void *ctx); /* there is something to send */
	void *ctx;
};

struct bgp__group {
	struct bgp__group_key key;
	struct bgp_codec codec; /* of the key: both ways the same */
	struct bgp__groups *groups;
	uint16_t number;
	uint32_t member_count;
	uint32_t out_count;
	uint32_t *own_outs; /* of these, by source */
	uint32_t own_room;
	struct bgp__bitset pending;
	/* Not told because no message is long enough, RFC 8654 4; of these, the
	 * ones of which the host was not yet called.  Without room while there
	 * is none. */
	struct bgp__bitset too_long, unreported;
	uint32_t cursor; /* where flushing goes on */
	uint32_t fill;   /* first pass over destinations up to here; 0: done */
	uint32_t sweep;  /* no members: next destination to clear; 0: none */
	struct bgp__log log;
	struct bgp__member *in_stream, *behind;
};

/* One change on its way out. */
struct bgp__change {
	uint32_t dest;
	uint32_t attrs;      /* 0: withdraw */
	uint32_t out;        /* record of the group at the destination */
	uint16_t source;     /* of what is sent, or of what is withdrawn */
	uint16_t old_source; /* of what was sent before */
	uint16_t same;       /* next of the same attrs and source, or LAST */
	bool had;            /* the group was sent something before */
	bool first;          /* of its chain */
	bool done;           /* its octets are written */
};

/* Scratch of encoding, one per speaker. */
struct bgp__batch {
	struct bgp__change changes[BGP__BATCH_MAX];
	uint32_t names[BGP__BATCH_MAX]; /* of what changes are about; 0: the
					 * destination's prefix */
	struct bgp_nlri nlri[BGP__BATCH_MAX];
	uint16_t behind[BGP__BATCH_MAX]; /* the change of nlri[i] */
	struct bgp_nlri taken_back[BGP__BATCH_MAX];
	uint16_t heads[2 * BGP__BATCH_MAX];
	uint32_t count;
	struct bgp_attr attrs[BGP_UPDATE_ATTRS_MAX + 2];
	uint8_t stamps[2 * BGP_ATTR_BLOCK_MAX];
	uint8_t next_hop[BGP__NEXT_HOP_MAX];
};

/* All groups of one table. */
struct bgp__groups {
	struct bgp__table *table;
	struct bgp__mem *mem;
	struct bgp__group **by_number;
	uint32_t room;
	struct bgp__slab outs;
	struct bgp__member **members; /* by source number, NULL: none */
	uint32_t member_room;
	struct bgp__batch *batch;    /* shared by all tables */
	struct bgp__bitset leftover; /* destinations that may be free to go */
	uint32_t turn;               /* the group that runs first */
	uint32_t router_id, cluster_id, local_as;
	uint32_t queue_max;
	uint32_t chunk_size; /* of the logs; 0: as messages need it */
	bool client_to_client;
	/* A route became too long for a group; at the end of a flush.  NULL:
	 * nobody wants to know. */
	void (*too_long)(void *ctx, const struct bgp__group *group,
			 const struct bgp__dest *dest);
	void *too_long_ctx;
	/* The source whose address it is, 0: nobody's.  NULL: there are no
	 * addresses. */
	uint16_t (*owner)(void *ctx, const struct bgp_addr *addr);
	void *owner_ctx;
	bool restless; /* some member behind must be woken: work is left */
};

/* ------------------------------------------------------------- groups.c */

struct bgp__groups *bgp__groups_new(struct bgp__table *table,
				    struct bgp__batch *batch);
void bgp__groups_del(struct bgp__groups *groups);

/* The same where the table lives on: nothing of it names them any more.  All
 * members have left. */
void bgp__groups_clear(struct bgp__groups *groups);

static inline struct bgp__out *
bgp__out_at(const struct bgp__groups *groups, uint32_t out)
{
	return bgp__slab_at(&groups->outs, out);
}

/* The name of the NLRI that an out stands for; 0 in tables of plain prefixes.
 */
static inline uint32_t
bgp__out_name(const struct bgp__groups *groups, const struct bgp__out *out)
{
	return groups->table->named ? *out->name : 0;
}

/* Is there work for bgp__groups_run? */
bool bgp__groups_busy(const struct bgp__groups *groups);

/* Flushes groups in turn, budget destinations in all, and wakes who has to
 * read. */
void bgp__groups_run(struct bgp__groups *groups, uint32_t budget);

/* Memory of the groups, but Adj-RIB-Out. */
size_t bgp__groups_octets(const struct bgp__groups *groups);
uint32_t bgp__groups_count(const struct bgp__groups *groups);

/* -------------------------------------------------------------- group.c */

/* The group of this key, made if need be; NULL: no memory, or the limit. */
struct bgp__group *bgp__group_get(struct bgp__groups *groups,
				  const struct bgp__group_key *key);
void bgp__group_del(struct bgp__group *group);

/* Its memory and that of its members, but Adj-RIB-Out. */
size_t bgp__group_octets(const struct bgp__group *group);

/* Clears the outs of a group without members; true: done. */
bool bgp__group_sweep(struct bgp__group *group, uint32_t budget);

/* Is the source a member of this group? */
static inline bool
bgp__group_has(const struct bgp__group *group, uint16_t source)
{
	const struct bgp__groups *groups = group->groups;

	return source < groups->member_room &&
	    groups->members[source] != NULL &&
	    groups->members[source]->group == group;
}

/* ------------------------------------------------------------ adj_out.c */

/* The record of a group at a destination, 0: it was sent nothing. */
uint32_t bgp__out_find(const struct bgp__group *group,
		       const struct bgp__dest *dest);

/* The change was sent: its record takes over the change's reference. */
void bgp__out_set(struct bgp__group *group, const struct bgp__change *change,
		  struct bgp__dest *dest);
void bgp__out_remove(struct bgp__group *group, struct bgp__dest *dest,
		     uint32_t out);

/* What a member was sent of a destination, its own routes left out: nlri, peer
 * and attrs of *out; false: nothing. */
bool bgp__out_show(const struct bgp__table *table, const struct bgp__dest *dest,
		   const struct bgp_rib_peer *peer, struct bgp_route *out);

/* ------------------------------------------------------------- export.c */

/*
 * bgp__export_of - what the group is to be sent of a destination.
 *
 *   out       the set, with a reference of its own; NULL: nothing
 *   source    whose route it is
 *   too_long  there would be something, but no message of the group holds it
 *
 * BGP_ERR_NOMEM: it cannot be known now; try again.
 */
int bgp__export_of(const struct bgp__group *group, const struct bgp__dest *dest,
		   struct bgp_attrs **out, uint16_t *source, bool *too_long);

/* ----------------------------------------------------------- too_long.c */

/* Notes whether the destination is too long for the group.  BGP_ERR_NOMEM. */
int bgp__too_long_note(struct bgp__group *group, uint32_t dest, bool too_long);

/* Calls the host for what was noted since. */
void bgp__too_long_report(struct bgp__group *group);

/* Room for a new destination, where there is any.  BGP_ERR_NOMEM. */
int bgp__too_long_grow(struct bgp__group *group, uint32_t bits);

/* -------------------------------------------------------------- stamp.c */

/*
 * bgp__stamp - the attributes as this group is to read them.
 *
 * Fills batch->attrs with views into the set and into batch->stamps; answers
 * their number, and in *next_hop what to write as such (0 octets: the next hop
 * cannot be expressed to this group).                 RFC 4456 8, 4271 5.1
 */
size_t bgp__stamp(const struct bgp__group *group, const struct bgp_attrs *attrs,
		  uint16_t source, struct bgp__batch *batch,
		  struct bgp_span *next_hop);

/* Is the next hop of this set, as the member would read it, the member itself?
 *                                                       RFC 4271 5.1.3 */
bool bgp__stamp_is_member(const struct bgp__member *m,
			  const struct bgp_attrs *attrs);

/* Whose address it is that a next hop leads to: as struct bgp_addr, IPv4 where
 * it is mapped into IPv6.  false: nobody's. */
bool bgp__stamp_host(struct bgp_span next_hop, struct bgp_addr *out);

/* Can the group be sent the next hop of this set?  Next hops beside those of
 * plain prefixes are sent as they were received: see stamp.c. */
bool bgp__stamp_possible(const struct bgp__group *group,
			 const struct bgp_attrs *attrs);

/* -------------------------------------------------------------- batch.c */

#define BGP__BATCH_LAST UINT16_MAX

void bgp__batch_begin(struct bgp__batch *batch);

/* name: of the NLRI to be sent or withdrawn; 0: the destination's prefix. */
struct bgp__change *bgp__batch_add(struct bgp__batch *batch, uint32_t name);

/*
 * bgp__batch_encode - write all changes, packed by attribute set.
 *
 *   alone  for this member: into the one chunk of its own log, and for nobody
 *          else; a source is not told apart.  NULL: for the group
 *
 * Marks each change that was written as done.  BGP_ERR_NOMEM, or BGP_ERR_LIMIT
 * where the one chunk was not enough: the rest is not done.
 */
int bgp__batch_encode(struct bgp__batch *batch, const struct bgp__group *group,
		      struct bgp__log *log, const struct bgp__member *alone);

/* End-of-RIB into the member's own chunk.                         RFC 4724 2 */
int bgp__batch_eor(struct bgp__member *m);

/* -------------------------------------------------------------- flush.c */

/* Sends the group what changed; at most budget destinations, and answers how
 * many it looked at.  Stops early while the log is full of what its readers
 * have not read. */
uint32_t bgp__group_flush(struct bgp__group *group, uint32_t budget);

/* Nothing holds the flush back. */
bool bgp__group_ready(const struct bgp__group *group);

/* ------------------------------------------------------------- member.c */

/*
 * bgp__member_join - enter the group of this key; it begins behind the stream
 * with all to be sent, and End-of-RIB after that.  BGP_ERR_NOMEM.
 */
int bgp__member_join(struct bgp__groups *groups, struct bgp__member *member,
		     const struct bgp__group_key *key);
void bgp__member_leave(struct bgp__member *member);

/* In mid-session to the group of another key, with all to be sent again.
 * BGP_ERR_NOMEM: the member is where it was. */
int bgp__member_move(struct bgp__member *member,
		     const struct bgp__group_key *key);

/* Falls behind: keeps what is left of a message, marks what is unread. */
int bgp__member_fall_behind(struct bgp__member *member);

/* Falls behind and is sent all again; where it is being sent already, once
 * more after that, however often this is asked meanwhile.  BGP_ERR_NOMEM: it is
 * in the stream still. */
int bgp__member_refresh(struct bgp__member *member);

/* Memory that it has for itself, which is while it is behind. */
size_t bgp__member_octets(const struct bgp__member *member);

/* The stream of struct bgp__stream, for one family. */
size_t bgp__member_lend(struct bgp__member *member, struct bgp_span *spans,
			size_t max);
/* The same in the middle of things: only what was encoded already. */
size_t bgp__member_peek(const struct bgp__member *member,
			struct bgp_span *spans, size_t max);
void bgp__member_taken(struct bgp__member *member, size_t len);
struct bgp_span bgp__member_rest(struct bgp__member *member);

#endif
