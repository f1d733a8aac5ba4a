/*
 * rib.h - the tables: destinations, what each peer said of them, what is best.
 *
 * One table per family, one code for all families.  A destination holds its
 * paths (Adj-RIB-In of all peers), the best one first once decided (Loc-RIB),
 * and what each update group was sent (Adj-RIB-Out; reflect/ keeps those).
 *
 *   index --> dest [paths|outs|flags|key]
 *                     |      '-> out -> out …      one per update group
 *                     '-> path -> path …           one per peer (and path id)
 *                          | attrs, source, flags
 *                          '-> ext: path id, attributes after an editing policy
 *
 * Everything is named by 32-bit indices.  A changed destination is a bit in
 * `changed` until bgp__loc_rib_run decides it.
 *
 * Tables of plain prefixes hold the prefix in the destination.  In those of all
 * other families the destination names an NLRI of the store: key.h has the two
 * kinds.
 */
#ifndef BGP_RIB_RIB_H
#define BGP_RIB_RIB_H

#include <string.h>

#include "libbgp/base/bitset.h"
#include "libbgp/base/hash.h"
#include "libbgp/base/guard.h"
#include "libbgp/rib/attrs.h"
#include "libbgp/rib/key.h"
#include "libbgp/rib/nlri_store.h"

#define BGP__TABLES_MAX   32
#define BGP__NAME_LEN     4  /* octets of a name in a record */
#define BGP__NEXT_HOP_MAX 24 /* octets that bgp__next_hop_write may need */
#define BGP__FILINGS_MAX  64 /* NLRI queued before they are filed */

struct bgp_rib;
struct bgp__table;
struct bgp__filings;

/* ------------------------------------------------------------ who says it */

/* Adj-RIB-In of one peer and family: the numbers; the paths hang at their
 * destinations. */
struct bgp__adj_in {
	uint32_t paths;    /* of this epoch */
	uint32_t accepted; /* of all epochs */
	uint32_t best;     /* of all epochs: in Loc-RIB */
	uint32_t stale;    /* paths of epochs before, yet to be swept */
	uint32_t sweep;    /* next destination to look at; 0: no sweep */
	uint32_t reload;   /* next destination to judge again; 0: none */
	uint32_t limit;    /* most paths; 0: none */
	uint32_t dropped;  /* of this session, over path_id_limit */
	uint8_t epoch;     /* counts the sessions */
	uint8_t ends;      /* epochs since nothing was stale */
	bool eor;          /* End-of-RIB was received in this epoch */
};

/* A peer of the RIB.  Number 0 is the host itself. */
struct bgp_rib_peer {
	struct bgp_rib *rib;
	struct bgp_rib_peer *next, *prev;
	struct bgp_addr address;
	uint32_t router_id;
	enum bgp_kind kind;
	uint16_t number;
	uint8_t own_as_allowed;
	bool prepend_local_as;
	uint32_t local_as; /* 0: that of the RIB alone */
	bgp_policy *import_policy;
	void *import_ctx;
	void *user;
	void *joined; /* what reflect/ keeps of it, NULL: not joined */
	uint32_t prefix_limit;
	uint32_t path_id_limit; /* paths of one destination; 0: none */
	uint32_t refs;          /* paths and outs that name it */
	int err; /* of what was queued; stays until its session ends */
	uint64_t updated_ms;
	struct bgp__recall recall;
	struct bgp__adj_in in[BGP__TABLES_MAX];
};

/* ---------------------------------------------------------------- records */

enum bgp__dest_flag {
	BGP__DEST_LIVE = 1,
	BGP__DEST_BEST = 2,     /* the first path is the best one */
	BGP__DEST_LOST = 4,     /* a selected path went away */
	BGP__DEST_INSTALLED = 8 /* the host has it in its FIB */
};

struct bgp__dest {
	uint32_t paths;
	uint32_t outs;
	uint8_t flags;
	uint8_t bits;
	uint8_t step; /* enum bgp_step of the last decision */
	uint8_t spare;
	uint8_t key[]; /* table->key_len octets: a prefix, host bits zero, or
			* the name of its NLRI */
};

enum bgp__path_flag {
	BGP__PATH_ACCEPTED = 1, /* by loops and policy */
	BGP__PATH_CHANGED = 2,  /* since the last decision */
	BGP__PATH_EQUAL = 4     /* in the installed equal-cost set */
};

struct bgp__path {
	uint32_t attrs; /* as received */
	uint32_t next;
	uint32_t ext; /* 0: path id 0, and policy edited nothing */
	uint16_t source;
	uint8_t flags;
	uint8_t epoch;
	uint32_t received[]; /* two, where rib->keep_times: since when it is
			      * what it is, the half of most weight first */
};

struct bgp__path_ext {
	uint32_t path_id;
	uint32_t attrs;  /* after policy; 0: as received */
	uint32_t name[]; /* in named tables: of the NLRI as received; 0: as
			  * the destination's */
};

/* ------------------------------------------------------------------ table */

struct bgp__table {
	struct bgp_rib *rib;
	bgp_family family;
	uint8_t number;
	const struct bgp__key_kind *keys;
	bool named;          /* keys->named */
	uint8_t key_len;     /* octets of a key in its destination */
	uint8_t address_len; /* of plain prefixes; 0: of another kind */
	uint8_t form;        /* enum bgp_nlri_form, never KNOWN */
	bool hop_ignored;    /* routes say nothing of where packets go */
	bool hop_bound;      /* the next hop belongs to the NLRI: labels */
	struct bgp__slab dests, paths, exts;
	struct bgp__index index;
	struct bgp__bitset changed;
	uint32_t reserved; /* numbers every set of destinations has room for */
	uint32_t best_count;
	uint32_t replay;    /* next destination to give the host; 0: none */
	uint32_t hop_sweep; /* next destination to look at for changed next
			     * hops; 0: no sweep */

	/* What reflect/ hangs on this table. */
	void *groups;
	int (*grow)(struct bgp__table *table, uint32_t bits);
	void (*best)(struct bgp__table *table, uint32_t dest);
	/* May a destination without paths and outs be freed? */
	bool (*idle)(struct bgp__table *table, uint32_t dest);
	/* What the peer was sent of a destination: nlri, peer, attrs. */
	bool (*sent)(const struct bgp__table *table,
		     const struct bgp__dest *dest,
		     const struct bgp_rib_peer *peer, struct bgp_route *out);
};

struct bgp_rib {
	struct bgp__mem own; /* of one that bgp_rib_new made */
	struct bgp__mem *mem;
	struct bgp__guard own_guard, *guard;
	uint64_t seed;
	struct bgp__secret secret; /* of the seed: for prefixes */
	uint64_t now_ms;           /* of the last call that had it */
	uint32_t local_as, router_id, cluster_id, budget;
	bool compare_med;
	bool install_local; /* routes of the host's own, too */
	bool keep_times;    /* of arrival: 8 octets a path */
	bool replaying;     /* some table's replay is not done */
	bool no_shortcuts;  /* for tests that compare with and without */
	bool chores;        /* sweeps and reloads are not done */
	uint8_t equal_paths;
	struct bgp__next_hops next_hops;
	struct bgp__attrs_store attrs;
	struct bgp__nlri_store nlri; /* of named tables */
	uint8_t *keys;               /* scratch of two of their keys, or NULL */
	struct bgp__table *tables[BGP__TABLES_MAX];
	uint32_t table_count;
	struct bgp_rib_peer **sources; /* by number; [0] is the host */
	uint32_t source_room;
	struct bgp_rib_peer local;
	struct bgp_rib_peer *first, *last; /* in order of addition */
	struct bgp_rib_peer *removed;      /* to be swept, then freed */
	uint32_t peer_count;
	uint8_t *edit; /* scratch of policies, BGP__SCRATCH_LEN */
	struct bgp__filings *filings;

	/* Scratch of the decision, one element per path of the destination
	 * that has most. */
	struct bgp_candidate *candidates;
	uint32_t *candidate_paths;
	uint16_t *equal;
	uint32_t candidate_room;

	struct bgp_rib_events events;
	void *ctx;
	void (*route)(void *ctx, const struct bgp_fib_route *route);

	/* What reflect/ builds on it, NULL: nothing. */
	void *reflect;
	size_t (*reflect_octets)(const void *reflect);
};

/* *rib is zero.  What bgp_rib_new does but for its options. */
int bgp__rib_init(struct bgp_rib *rib, struct bgp__mem *mem, uint64_t seed);
void bgp__rib_fini(struct bgp_rib *rib);

/* What only the owner may do answers BGP_ERR_STATE: from a callback, and, in a
 * RIB that a speaker keeps, to the host, who has no call of the speaker under
 * way. */
static inline bool
bgp__rib_refuses(const struct bgp_rib *rib)
{
	return bgp__guard_refuses(rib->guard) ||
	    (rib->guard != &rib->own_guard && rib->guard->calls == 0);
}

/* Callbacks of the host are called between these two; rib is const where only
 * what it holds is. */
static inline void
bgp__rib_callback_begin(const struct bgp_rib *rib)
{
	bgp__guard_callback_begin(rib->guard);
}

static inline void
bgp__rib_callback_end(const struct bgp_rib *rib)
{
	bgp__guard_callback_end(rib->guard);
}

/* ----------------------------------------------- tables and peers: tables.c */

/*
 * The table of a family, made if need be.  family->form counts where the
 * library does not know the family.  BGP_ERR_INVALID: nobody says how its NLRI
 * are told apart, or another form was said before; BGP_ERR_LIMIT:
 * BGP__TABLES_MAX; BGP_ERR_NOMEM.
 */
int bgp__rib_table_of(struct bgp_rib *rib,
		      const struct bgp_family_codec *family,
		      struct bgp__table **out);

/* The same where the table is there already, or the family is known. */
int bgp__rib_table(struct bgp_rib *rib, bgp_family family,
		   struct bgp__table **out);
struct bgp__table *bgp__rib_find_table(const struct bgp_rib *rib,
				       bgp_family family);

/* Names a source by a free number, from 1 on.  BGP_ERR_LIMIT, BGP_ERR_NOMEM. */
int bgp__rib_add_source(struct bgp_rib *rib, struct bgp_rib_peer *source);
void bgp__rib_remove_source(struct bgp_rib *rib, struct bgp_rib_peer *source);

/* Frees what is left of removed peers once nothing names them. */
void bgp__rib_reap(struct bgp_rib *rib);

/* ------------------------------------------------------ portions: portion.c */

/* Sweeps and reloads, next hops, decisions: a budget's worth of each. */
void bgp__rib_run(struct bgp_rib *rib);
bool bgp__rib_is_busy(const struct bgp_rib *rib);

/* Octets of memory, by kind; size is not looked at. */
void bgp__rib_count(const struct bgp_rib *rib, struct bgp_rib_info *out);

/* ----------------------------------------------------------- destinations */

static inline struct bgp__dest *
bgp__dest_at(const struct bgp__table *table, uint32_t dest)
{
	return bgp__slab_at(&table->dests, dest);
}

/* Sets of destinations may hold numbers that are free by now. */
static inline bool
bgp__dest_is_live(const struct bgp__table *table, uint32_t dest)
{
	return dest <= table->dests.used &&
	    (bgp__dest_at(table, dest)->flags & BGP__DEST_LIVE) != 0;
}

static inline struct bgp__path *
bgp__path_at(const struct bgp__table *table, uint32_t path)
{
	return bgp__slab_at(&table->paths, path);
}

static inline struct bgp__path_ext *
bgp__ext_at(const struct bgp__table *table, uint32_t ext)
{
	return bgp__slab_at(&table->exts, ext);
}

static inline uint32_t
bgp__path_id(const struct bgp__table *table, const struct bgp__path *path)
{
	return path->ext != 0 ? bgp__ext_at(table, path->ext)->path_id : 0;
}

static inline uint64_t
bgp__path_received(const struct bgp__table *table, const struct bgp__path *path)
{
	if (!table->rib->keep_times)
		return 0;
	return (uint64_t)path->received[0] << 32 | path->received[1];
}

/* The set the decision sees: after policy. */
static inline uint32_t
bgp__path_attrs(const struct bgp__table *table, const struct bgp__path *path)
{
	uint32_t edited = path->ext != 0 ? bgp__ext_at(table, path->ext)->attrs
					 : 0;

	return edited != 0 ? edited : path->attrs;
}

/* Are length and bits of an NLRI such that its key can be made? */
static inline bool
bgp__table_takes(const struct bgp__table *table, const struct bgp_nlri *nlri)
{
	return table->keys->takes(table, nlri);
}

/* Makes the key of an NLRI ready and has its place in the index fetched; *nlri
 * is borrowed by the key. */
static inline void
bgp__key_of(const struct bgp__table *table, const struct bgp_nlri *nlri,
	    struct bgp__key *out)
{
	table->keys->make(table, nlri, out);
}

/* What bgp__dest_find is likely to answer, without looking at destinations. */
uint32_t bgp__dest_guess(const struct bgp__table *table,
			 const struct bgp__key *key);

/* The destination of a key, 0: none. */
static inline uint32_t
bgp__dest_find(const struct bgp__table *table, const struct bgp__key *key)
{
	return table->keys->find(table, key);
}

/* As find, made if need be; 0: no memory. */
uint32_t bgp__dest_get(struct bgp__table *table, const struct bgp__key *key);

/* The index entry of this destination is about to be needed. */
void bgp__dest_prefetch(const struct bgp__table *table, uint32_t dest);

/* Frees a destination that nothing needs any more. */
void bgp__dest_settle(struct bgp__table *table, uint32_t dest);

/* --------------------------------------------------- names, in named tables */

/* Of the NLRI as its first path was received; 0 in tables of plain prefixes. */
static inline uint32_t
bgp__dest_name(const struct bgp__table *table, const struct bgp__dest *dest)
{
	uint32_t name = 0;

	if (table->named)
		memcpy(&name, dest->key, sizeof name);
	return name;
}

/* Of the NLRI as this path was received. */
static inline uint32_t
bgp__path_name(const struct bgp__table *table, const struct bgp__dest *dest,
	       const struct bgp__path *path)
{
	uint32_t name = table->named && path->ext != 0
	    ? *bgp__ext_at(table, path->ext)->name
	    : 0;

	return name != 0 ? name : bgp__dest_name(table, dest);
}

/* Of the NLRI as the best path was received, if there is one. */
static inline uint32_t
bgp__best_name(const struct bgp__table *table, const struct bgp__dest *dest)
{
	return table->named
	    ? bgp__path_name(table, dest, bgp__path_at(table, dest->paths))
	    : 0;
}

/* The NLRI of a name, borrowed while the name is held. */
struct bgp_nlri bgp__name_nlri(const struct bgp__table *table, uint32_t name);

/* As a path of it was received; borrowed until one is filed or removed. */
static inline struct bgp_nlri
bgp__dest_nlri(const struct bgp__table *table, const struct bgp__dest *dest)
{
	return table->keys->nlri(table, dest);
}

/* The NLRI of this name, or of the destination where it is 0. */
static inline struct bgp_nlri
bgp__nlri_of(const struct bgp__table *table, const struct bgp__dest *dest,
	     uint32_t name)
{
	return name != 0 ? bgp__name_nlri(table, name)
			 : bgp__dest_nlri(table, dest);
}

/* As this path was received, path id included. */
static inline struct bgp_nlri
bgp__path_nlri(const struct bgp__table *table, const struct bgp__dest *dest,
	       const struct bgp__path *path)
{
	struct bgp_nlri nlri = bgp__nlri_of(table, dest,
					    bgp__path_name(table, dest, path));

	nlri.path_id = bgp__path_id(table, path);
	return nlri;
}

/* Do two names stand for the same octets? */
bool bgp__name_same(const struct bgp__table *table, uint32_t a, uint32_t b);

/* --------------------------------------------------------------- verbs */

int bgp__filings_init(struct bgp_rib *rib);
void bgp__filings_fini(struct bgp_rib *rib);
size_t bgp__filings_octets(void);
uint32_t bgp__filings_count(const struct bgp_rib *rib); /* queued */

/*
 * bgp__filings_push - queue the NLRI of a list, announced with attrs (borrowed)
 * or, where attrs is NULL, withdrawn.
 *
 * What is queued is filed when the queue is full and by bgp__filings_settle.
 * An error is of its source: it is kept there, and what else is queued of that
 * source is not filed, until bgp__filings_drop.  push answers for its source,
 * settle the first error of any.  BGP_ERR_NOMEM; BGP_ERR_LIMIT: the source has
 * more paths than it may.
 */
int bgp__filings_push(struct bgp__table *table, struct bgp_rib_peer *source,
		      struct bgp_nlri_list list, struct bgp_attrs *attrs);
int bgp__filings_settle(struct bgp_rib *rib);

/* Forgets what is queued of this source. */
void bgp__filings_drop(struct bgp_rib *rib, struct bgp_rib_peer *source);

/* Files one announced NLRI.  attrs is borrowed; errors as above. */
int bgp__adj_in_add(struct bgp__table *table, struct bgp_rib_peer *source,
		    const struct bgp__key *key, uint32_t path_id,
		    struct bgp_attrs *attrs);

/* Removes one.  BGP_ERR_NOENT: there was none. */
int bgp__adj_in_remove(struct bgp__table *table, struct bgp_rib_peer *source,
		       const struct bgp__key *key, uint32_t path_id);

/* The session ended: all its paths are stale. */
void bgp__adj_in_stale(struct bgp__table *table, struct bgp_rib_peer *source);

/* The same, and they are to be swept. */
void bgp__adj_in_end(struct bgp__table *table, struct bgp_rib_peer *source);

/* Sweeps at most `budget` destinations; true: done. */
bool bgp__adj_in_sweep(struct bgp__table *table, struct bgp_rib_peer *source,
		       uint32_t budget);

/* Judges again at most `budget` destinations; true: done.  Without memory it
 * stops, and goes on there: until then a path is what it was. */
bool bgp__adj_in_reload(struct bgp__table *table, struct bgp_rib_peer *source,
			uint32_t budget);

/* Why loops forbid what this source said, whatever the policy. */
enum bgp_loop bgp__policy_loop(const struct bgp_rib_peer *source,
			       const struct bgp_attrs *attrs);

/* Loops and import policy: may the path be used, and with which set?
 * BGP_ERR_NOMEM: nothing changed. */
int bgp__policy_import(struct bgp__table *table, const struct bgp__dest *dest,
		       struct bgp__path *path);

/*
 * bgp__policy_run - ask one policy.
 *
 *   prepend  an AS put in front of AS_PATH before it is asked, 0: none
 *   outward  an export policy: the next hop it sets is the one to send
 *   without  type code of an attribute taken out before it is asked, 0: none
 *   out      the resulting set, with a reference of its own; NULL: rejected
 */
int bgp__policy_run(struct bgp_rib *rib, bgp_policy *policy, void *ctx,
		    const struct bgp_rib_peer *peer,
		    const struct bgp_nlri *nlri, struct bgp_attrs *attrs,
		    uint32_t prepend, bool outward, uint8_t without,
		    struct bgp_attrs **out);

/* Gives the host what changed of a destination that was just decided. */
void bgp__fib_install(struct bgp__table *table, struct bgp__dest *dest);

/* Goes on with a replay: at most budget routes of each table, and look
 * destinations. */
void bgp__fib_run(struct bgp_rib *rib, uint32_t budget, uint32_t look);

/* Decides up to `budget` changed destinations and publishes what changed;
 * answers how many it looked at. */
uint32_t bgp__loc_rib_run(struct bgp__table *table, uint32_t budget);

/* Marks destinations whose next hops changed; true: done. */
bool bgp__loc_rib_hops(struct bgp__table *table, uint32_t budget);

/* Room in the scratch of the decision for one destination's paths. */
int bgp__loc_rib_reserve(struct bgp_rib *rib, uint32_t count);

static inline void
bgp__dest_change(struct bgp__table *table, uint32_t dest)
{
	bgp__bitset_add(&table->changed, dest);
}

#endif
