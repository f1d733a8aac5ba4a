/*
 * bgp/rib.h - the RIB: routes received, ranked, and looked at; no session.
 *
 * A destination has paths (what each peer announced: Adj-RIB-In), of which the
 * decision makes one the best (Loc-RIB).  What is then sent to whom is the
 * matter of bgp/reflect.h.  Where the routes come from does not matter: from
 * sessions of the host's own, from a file, from BMP, or from bgp/speaker.h,
 * which is built on this header.
 *
 *     bgp_rib_new -> bgp_rib_peer_add …
 *     a peer's UPDATE was decoded  -> bgp_rib_update
 *     no more of them for now      -> bgp_rib_settle
 *     while bgp_rib_busy           -> bgp_rib_tick: decides, calls events.route
 *     the peer's session ended     -> bgp_rib_end
 *
 * bgp_rib_update only files; the decision is made by bgp_rib_tick, in portions
 * of the budget, so that no call is long and many changes of one destination
 * are published once.
 *
 * Every family of the codec can be kept, and any other whose form the host
 * names (bgp_rib_add_family).  Two NLRI are the same route when bgp_nlri_key
 * says so.
 *
 * [cb] marks what may be called from callbacks, policies included; all else
 * answers BGP_ERR_STATE there.
 */
#ifndef BGP_RIB_H
#define BGP_RIB_H

#include "bgp/codec.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct bgp_rib;
struct bgp_rib_peer;

#define BGP_PEERS_MAX       65000 /* peers of one RIB */
#define BGP_EQUAL_PATHS_MAX 64    /* next hops of one installed route */

/* --------------------------------------------------------- attribute sets */

/*
 * The attributes of a route and its next hop: immutable, interned (equal sets
 * are the same pointer within one RIB), counted.  A pointer from a callback or
 * a cursor is borrowed until the callback returns or the RIB is entered again;
 * bgp_attrs_ref keeps it longer.
 */
struct bgp_attrs;

/* The facts that ranking needs, read once when the set was made. */
struct bgp_attrs_facts {
	uint32_t local_pref;     /* 100 where absent */
	uint32_t med;            /* 0 where absent */
	uint32_t as_path_length; /* sets count 1, confederations 0 */
	uint32_t neighbour_as;   /* 0: the path begins in the local AS */
	uint32_t originator_id;  /* 0: absent */
	uint16_t cluster_count;  /* 0: absent */
	uint8_t origin;          /* enum bgp_origin */
};

void bgp_attrs_facts(const struct bgp_attrs *attrs,
		     struct bgp_attrs_facts *out);

/* Attributes in ascending order of code, AS numbers in 4 octets, without
 * NEXT_HOP; at most max are written, the answer is how many there are. */
size_t bgp_attrs_list(const struct bgp_attrs *attrs, struct bgp_attr *out,
		      size_t max);

/* false: the set has no such attribute; *out is then as before. */
bool bgp_attrs_get(const struct bgp_attrs *attrs, uint8_t code,
		   struct bgp_attr *out);

/* As on the wire: 4, 16 or 32 octets for unicast; len 0: none. */
struct bgp_span bgp_attrs_next_hop(const struct bgp_attrs *attrs);

/*
 * bgp_attrs_new - the set of these attributes, with a reference.
 *
 *   family    of the routes it is for: says how a next hop is written
 *   next_hop  4 or 16 octets, written behind a distinguisher of 0 where the
 *             family has one; NULL or len 0: ours, filled in towards each
 *             peer, or none where the family may go without
 *   attrs     any order, AS numbers in 4 octets; ORIGIN IGP and an empty
 *             AS_PATH stand in where they are absent
 *
 * BGP_ERR_INVALID: a malformed attribute or one twice, NEXT_HOP, MP_REACH or
 * MP_UNREACH, a next hop that the family cannot have, or a family that neither
 * the library knows nor bgp_rib_add_family was called with.  BGP_ERR_SPACE:
 * more than one UPDATE takes.  BGP_ERR_NOMEM; BGP_ERR_STATE: from a callback.
 */
int bgp_attrs_new(struct bgp_rib *rib, bgp_family family,
		  const struct bgp_addr *next_hop, const struct bgp_attr *attrs,
		  size_t count, const struct bgp_attrs **out);

/* Keep a set of this RIB, and let it go; attrs NULL does nothing.  Every
 * reference is given back before bgp_rib_del.                            [cb]
 */
const struct bgp_attrs *bgp_attrs_ref(struct bgp_rib *rib,
				      const struct bgp_attrs *attrs);
void bgp_attrs_unref(struct bgp_rib *rib, const struct bgp_attrs *attrs);

/* --------------------------------------------------------- where it is from */

/* What a peer is to us. */
enum bgp_kind {
	BGP_KIND_LOCAL, /* ourselves: routes the host announced */
	BGP_KIND_EBGP,
	BGP_KIND_CLIENT,    /* iBGP, our reflection client */
	BGP_KIND_NON_CLIENT /* iBGP */
};

/* Why a received route is not eligible.                RFC 4456 8, 4271 9.1.2
 */
enum bgp_loop {
	BGP_LOOP_NONE,
	BGP_LOOP_ORIGINATOR, /* ORIGINATOR_ID is our router id */
	BGP_LOOP_CLUSTER,    /* CLUSTER_LIST holds our cluster id */
	BGP_LOOP_AS          /* AS_PATH holds our AS more often than allowed */
};

/* What a set of attributes says of a way through us. */
struct bgp_loop_trace {
	uint8_t own_as;      /* times our AS is in AS_PATH, at most 255 */
	bool originator : 1; /* ORIGINATOR_ID is our router id */
	bool cluster : 1;    /* CLUSTER_LIST holds our cluster id */
};

/* Adds what one attribute says, AS numbers in 4 octets; *trace begins zero. */
void bgp_loop_trace(const struct bgp_attr *attr, uint32_t router_id,
		    uint32_t cluster_id, uint32_t local_as,
		    struct bgp_loop_trace *trace);

/* Does a loop forbid a route received from such a peer? */
enum bgp_loop bgp_loop_judge(const struct bgp_loop_trace *trace,
			     enum bgp_kind from, unsigned own_as_allowed);

/* -------------------------------------------------------------- decision */

/* The step that decided, in the order of the decision.
 * RFC 4271 9.1.2.2, RFC 4456 9 */
enum bgp_step {
	BGP_STEP_NONE,         /* no eligible path */
	BGP_STEP_ONLY,         /* one eligible path */
	BGP_STEP_LOCAL_PREF,   /* highest */
	BGP_STEP_LOCAL,        /* originated here */
	BGP_STEP_AS_PATH,      /* shortest */
	BGP_STEP_ORIGIN,       /* lowest */
	BGP_STEP_MED,          /* lowest among one neighbouring AS */
	BGP_STEP_EBGP,         /* eBGP over iBGP */
	BGP_STEP_IGP_COST,     /* nearest next hop */
	BGP_STEP_ROUTER_ID,    /* lowest ORIGINATOR_ID or router id */
	BGP_STEP_CLUSTER_LIST, /* shortest */
	BGP_STEP_ADDRESS,      /* lowest peer address */
	BGP_STEP_PATH_ID       /* lowest ADD-PATH id of one peer */
};

/* "local-pref", "as-path", …; never NULL. */
const char *bgp_step_text(enum bgp_step step);

/* One eligible path, as the decision sees it. */
struct bgp_candidate {
	struct bgp_attrs_facts facts;
	struct bgp_addr address; /* of the peer; len 0: local */
	uint32_t router_id;      /* of the peer */
	uint32_t igp_cost;       /* to the next hop */
	uint32_t path_id;
	bool local; /* originated here */
	bool ebgp;  /* received from another AS */
};

struct bgp_decision {
	size_t best;          /* index of the best; count when there is none */
	enum bgp_step step;   /* what left only one */
	size_t equal_count;   /* paths equal down to IGP_COST, best included */
	uint64_t reserved[2]; /* room to grow; 0 */
};

/*
 * bgp_decide - rank a whole set of paths.      RFC 4271 9.1.2.2, RFC 4456 9
 *
 *   candidates, count  in       eligible paths, at most 65535
 *   compare_med        in       compare MED between neighbouring ASes too
 *   equal              scratch  count elements; on return the first
 *                               equal_count are the indices of the equal-cost
 *                               set, best first
 *   out                out
 *
 * Elimination over the set, never pairwise: MED makes the order partial.
 * Cost O(count) per step, O(count²) in the worst case for MED.
 */
void bgp_decide(const struct bgp_candidate *candidates, size_t count,
		bool compare_med, uint16_t *equal, struct bgp_decision *out);

/* ---------------------------------------------------------------- policy */

/* A set being edited by a policy: a copy made at the first change. */
struct bgp_edit;

/*
 * Edits.  BGP_ERR_SPACE: the set would pass BGP_ATTR_BLOCK_MAX.
 * BGP_ERR_INVALID: a value the attribute cannot have, or NEXT_HOP, MP_REACH,
 * MP_UNREACH through _set.
 */
int bgp_edit_set(struct bgp_edit *edit, uint8_t flags, uint8_t code,
		 const uint8_t *value, size_t len);
int bgp_edit_remove(struct bgp_edit *edit, uint8_t code);
int bgp_edit_u32(struct bgp_edit *edit, uint8_t code, uint32_t value);
int bgp_edit_prepend(struct bgp_edit *edit, uint32_t as, unsigned times);
int bgp_edit_next_hop(struct bgp_edit *edit, const struct bgp_addr *addr);

/*
 * Edits outside a policy: a copy of a set, edited at leisure, then a set again.
 *
 *   attrs  in   the set to begin with; NULL: ORIGIN IGP, an empty AS_PATH
 *   out    out  ended by bgp_edit_del; independent of what happens in between
 *
 * BGP_ERR_NOMEM; BGP_ERR_STATE: from a callback.
 */
int bgp_edit_new(struct bgp_rib *rib, const struct bgp_attrs *attrs,
		 struct bgp_edit **out);
void bgp_edit_del(struct bgp_edit *edit);

/* The set that the edits made, with a reference of the caller's own; more may
 * follow.  BGP_ERR_NOMEM; BGP_ERR_STATE: from a callback, or the edit is a
 * policy's. */
int bgp_edit_attrs(const struct bgp_edit *edit, const struct bgp_attrs **out);

enum bgp_verdict { BGP_REJECT = 0, BGP_ACCEPT = 1 };

/*
 * A policy: judge one route, edit it if need be.  Pure but for ctx: the RIB
 * asks when it likes, and again after bgp_rib_peer_configure.
 *
 *   peer   who announced it (import); on export, one of those who will be sent
 *          it: peers with the same policy and ctx share one answer.
 *          bgp_rib_peer_user answers the host's own pointer; in the RIB of a
 *          speaker bgp_peer_of answers the speaker's peer
 *   nlri   what; attrs: as received (import) or as chosen (export)
 *   edit   for bgp_edit_*; what is read through attrs does not change
 */
typedef enum bgp_verdict bgp_policy(void *ctx, const struct bgp_rib_peer *peer,
				    const struct bgp_nlri *nlri,
				    const struct bgp_attrs *attrs,
				    struct bgp_edit *edit);

/* The policy that accepts all unchanged. */
bgp_policy bgp_policy_accept;

/* ------------------------------------------------------ forwarding table */

/* A change of the forwarding table. */
enum bgp_fib_op {
	BGP_FIB_INSTALL, /* of a destination that had none, or in a replay */
	BGP_FIB_REPLACE,
	BGP_FIB_REMOVE,  /* size, op and nlri only */
	BGP_FIB_REPLAYED /* a replay ends here; size and op only */
};

struct bgp_fib_route {
	size_t size; /* of this struct, as the library that runs has it */
	enum bgp_fib_op op;
	enum bgp_kind kind; /* of the peer */
	struct bgp_nlri nlri;
	const struct bgp_attrs *attrs;    /* of the best path */
	const struct bgp_rib_peer *peer;  /* who announced it; bgp_rib_local,
					   * or in a speaker bgp_peer_of */
	size_t next_hop_count;            /* 0: a route without one */
	const struct bgp_addr *next_hops; /* equal-cost set, best first */
};

/* ------------------------------------------------------------------- RIB */

struct bgp_rib_options {
	size_t size;
	struct bgp_allocator alloc;
	uint64_t seed;       /* of hashes: give a random one */
	uint32_t local_as;   /* not 0 */
	uint32_t router_id;  /* not 0 */
	uint32_t cluster_id; /* 0: the router id */
	uint32_t budget;     /* destinations worked on in one tick of this RIB
			      * and of what is built on it; default 2048 */
	uint8_t equal_paths; /* next hops installed at most; default 1 */
	bool compare_med;    /* between neighbouring ASes too */
	bool install_local;  /* events.route for routes of the host's own too;
			      * default: they are its own business */
	bool keep_times;     /* of arrival, for received_ms of a route: 8 octets
			      * a path; default: not kept */
};

#ifdef __cplusplus
#define BGP_RIB_OPTIONS_INIT BGP_INIT_OF(bgp_rib_options)
#else
#define BGP_RIB_OPTIONS_INIT                                            \
	{                                                               \
		.size = sizeof(struct bgp_rib_options), .budget = 2048, \
		.equal_paths = 1                                        \
	}
#endif
void bgp_rib_options_init(struct bgp_rib_options *out, size_t size);

/* Which field a BGP_ERR_INVALID is about, and what it may be: "local_as: not
 * 0", static text; the first of several.  NULL: they are taken.           [cb]
 */
const char *bgp_rib_options_invalid(const struct bgp_rib_options *options);

struct bgp_rib_events {
	size_t size;
	void *ctx; /* first argument of every callback */

	/* The best path, its attributes, its equal-cost set or its label
	 * changed.  Any family but those whose next hops take no packets:
	 * flowspec, route-target, link-state. */
	void (*route)(void *ctx, const struct bgp_fib_route *route);

	/*
	 * A next hop came into use or went out of it.  Between the two the
	 * host answers, now or later and as often as it changes, with
	 * bgp_rib_next_hop.  Without this callback every next hop is reachable
	 * at cost 0; with it none is until the host says so.  Where a next hop
	 * has a distinguisher in front, the address behind it is asked about.
	 * In the families just named, and where a next hop has the length of
	 * no address, routes are used whatever the answer.
	 */
	void (*next_hop_watch)(void *ctx, const struct bgp_addr *addr);
	void (*next_hop_unwatch)(void *ctx, const struct bgp_addr *addr);

	/* The first path of this session and family was dropped: there were
	 * more of one destination than path_id_limit.  For a log. */
	void (*peer_dropped)(void *ctx, const struct bgp_rib_peer *peer,
			     bgp_family family);
};

#ifdef __cplusplus
#define BGP_RIB_EVENTS_INIT BGP_INIT_OF(bgp_rib_events)
#else
#define BGP_RIB_EVENTS_INIT                           \
	{                                             \
		.size = sizeof(struct bgp_rib_events) \
	}
#endif
void bgp_rib_events_init(struct bgp_rib_events *out, size_t size);

/* events NULL: none.  Both are copied.  BGP_ERR_NOMEM; BGP_ERR_INVALID: a field
 * is out of its range, or a size was forgotten. */
int bgp_rib_new(struct bgp_rib **out, const struct bgp_rib_options *options,
		const struct bgp_rib_events *events);

/* Frees all, peers included, without a callback; what is built on it goes
 * first (bgp_reflect_del).  BGP_ERR_STATE: from a callback, or something is
 * still built on it; nothing was done. */
int bgp_rib_del(struct bgp_rib *rib);

/* Is there work for bgp_rib_tick?                                        [cb]
 */
bool bgp_rib_busy(const struct bgp_rib *rib);

/* Does a budget's worth of it: sweeps and reloads, next hops, the decision.
 * BGP_ERR_STATE: from a callback. */
int bgp_rib_tick(struct bgp_rib *rib, uint64_t now_ms);

/* The host's answer about a next hop.  BGP_ERR_NOENT: it is not watched;
 * BGP_ERR_INVALID: len is not 4 or 16.                                   [cb]
 */
int bgp_rib_next_hop(struct bgp_rib *rib, const struct bgp_addr *addr,
		     bool reachable, uint32_t igp_cost);

/*
 * bgp_rib_replay - the whole forwarding table again, for a host that lost it.
 *
 * The ticks that follow call events.route with BGP_FIB_INSTALL for each route
 * that the host was given and was not taken back, in portions of the budget
 * and in no particular order, and at the end once with BGP_FIB_REPLAYED.  What
 * changes meanwhile is called as ever.  A second call begins anew.  What the
 * host has and was not given by then is stale.  BGP_ERR_STATE: there is no
 * events.route.                                                           [cb]
 */
int bgp_rib_replay(struct bgp_rib *rib);

/*
 * bgp_rib_add_family - keep routes of this family.
 *
 * Families that the library knows are added by the first route of theirs, all
 * others by this call: family->form says how their NLRI are told apart.
 * BGP_ERR_INVALID: it does not, or it said otherwise before; BGP_ERR_LIMIT: 32
 * families; BGP_ERR_NOMEM; BGP_ERR_STATE: from a callback.
 */
int bgp_rib_add_family(struct bgp_rib *rib,
		       const struct bgp_family_codec *family);

/* Memory is what the allocator was asked for; the kinds add up to all of it but
 * edits under way.  What is built on the RIB counts for itself
 * (bgp_reflect_info). */
struct bgp_rib_info {
	size_t size; /* sizeof of it, set by the host */
	uint32_t peer_count, destination_count, path_count, attrs_count;
	size_t octets;
	size_t octets_attrs;        /* attribute sets, next hops */
	size_t octets_destinations; /* and how they are found */
	size_t octets_paths;        /* Adj-RIB-In and Loc-RIB */
	size_t octets_peers;
	size_t octets_scratch; /* working memory, the same for any load */
};

#ifdef __cplusplus
#define BGP_RIB_INFO_INIT BGP_INIT_OF(bgp_rib_info)
#else
#define BGP_RIB_INFO_INIT                           \
	{                                           \
		.size = sizeof(struct bgp_rib_info) \
	}
#endif
void bgp_rib_info_init(struct bgp_rib_info *out, size_t size);

/* BGP_ERR_INVALID: size was not set.                                     [cb]
 */
int bgp_rib_info(const struct bgp_rib *rib, struct bgp_rib_info *out);

/* ----------------------------------------------------------- peers of a RIB */

struct bgp_rib_peer_options {
	size_t size;
	void *user;              /* what bgp_rib_peer_user answers */
	struct bgp_addr address; /* breaks the last tie of the decision */
	uint32_t router_id;      /* of its OPEN */
	enum bgp_kind kind;      /* EBGP, CLIENT or NON_CLIENT; default EBGP */
	uint32_t prefix_limit;   /* paths per family; 0: no limit */
	uint32_t scope; /* interface that link-local next hops it announces are
			 * of; 0: that of address */
	uint8_t own_as_allowed; /* times our AS may be in AS_PATH */
	uint32_t local_as;      /* that this peer knows us by, in loops our AS
				 * as well; 0: the RIB's alone */
	bool prepend_local_as;  /* to the AS_PATH of what it announces, before
				 * its policy edits; reading shows it without */

	/* iBGP: NULL accepts all.  eBGP: NULL rejects all, RFC 8212. */
	bgp_policy *import_policy;
	void *import_ctx;

	uint32_t path_id_limit; /* paths of one destination, ADD-PATH; 0: no
				 * limit, default 256.  What is over it is
				 * dropped and counted (events.peer_dropped) */
};

#ifdef __cplusplus
#define BGP_RIB_PEER_OPTIONS_INIT BGP_INIT_OF(bgp_rib_peer_options)
#else
#define BGP_RIB_PEER_OPTIONS_INIT                            \
	{                                                    \
		.size = sizeof(struct bgp_rib_peer_options), \
		.kind = BGP_KIND_EBGP, .path_id_limit = 256  \
	}
#endif
void bgp_rib_peer_options_init(struct bgp_rib_peer_options *out, size_t size);

/* As bgp_rib_options_invalid.                                             [cb]
 */
const char *bgp_rib_peer_options_invalid(
    const struct bgp_rib_peer_options *options);

/* Several peers may have one address.  BGP_ERR_INVALID, BGP_ERR_NOMEM,
 * BGP_ERR_LIMIT: BGP_PEERS_MAX; BGP_ERR_STATE: from a callback. */
int bgp_rib_peer_add(struct bgp_rib *rib,
		     const struct bgp_rib_peer_options *options,
		     struct bgp_rib_peer **out);

/*
 * bgp_rib_peer_configure - other options; its routes stay.
 *
 * Where the kind, address, router id, import policy or its ctx, own_as_allowed
 * or either field of local_as changed, its routes are judged again by the ticks
 * that follow.  BGP_ERR_INVALID; BGP_ERR_STATE: from a callback, or another
 * kind for a peer that is joined (bgp/reflect.h); nothing changed.
 */
int bgp_rib_peer_configure(struct bgp_rib_peer *peer,
			   const struct bgp_rib_peer_options *options);

/* Withdraws its routes and frees it; the pointer is invalid at once.
 * BGP_ERR_STATE: from a callback, it is joined (bgp/reflect.h), or it is
 * bgp_rib_local. */
int bgp_rib_peer_remove(struct bgp_rib_peer *peer);

/* Judges its routes again, in portions: the answers of its policy changed.
 * BGP_ERR_STATE: from a callback. */
int bgp_rib_reload(struct bgp_rib_peer *peer);

/* The peer that stands for the host itself: its routes are judged by no policy
 * and no loop.                                                           [cb]
 */
struct bgp_rib_peer *bgp_rib_local(struct bgp_rib *rib);

/* All peers but the host itself, in order of addition: start with NULL; NULL
 * ends.                                                                  [cb]
 */
struct bgp_rib_peer *bgp_rib_peer_next(const struct bgp_rib *rib,
				       const struct bgp_rib_peer *after);

void *bgp_rib_peer_user(const struct bgp_rib_peer *peer);         /* [cb] */
enum bgp_kind bgp_rib_peer_kind(const struct bgp_rib_peer *peer); /* [cb] */
/* Borrowed while the peer is there.                                       [cb]
 */
const struct bgp_addr *bgp_rib_peer_address(const struct bgp_rib_peer *peer);
uint32_t bgp_rib_peer_router_id(const struct bgp_rib_peer *peer); /* [cb] */

/* Adj-RIB-In of one peer and family, in numbers. */
struct bgp_rib_peer_info {
	size_t size;         /* sizeof of it, set by the host */
	uint32_t paths;      /* of this session */
	uint32_t accepted;   /* eligible, the stale ones included */
	uint32_t best;       /* of the accepted: in Loc-RIB */
	uint32_t stale;      /* of sessions before, not yet swept */
	bool eor;            /* End-of-RIB was received in this session */
	uint64_t updated_ms; /* its last UPDATE of any family; 0: none */
	size_t octets; /* of memory that is its own, all families, no paths */
	uint32_t dropped; /* paths of this session, over path_id_limit */
};

#ifdef __cplusplus
#define BGP_RIB_PEER_INFO_INIT BGP_INIT_OF(bgp_rib_peer_info)
#else
#define BGP_RIB_PEER_INFO_INIT                           \
	{                                                \
		.size = sizeof(struct bgp_rib_peer_info) \
	}
#endif
void bgp_rib_peer_info_init(struct bgp_rib_peer_info *out, size_t size);

/* BGP_ERR_NOENT: the RIB keeps no such family; BGP_ERR_INVALID: size was not
 * set.                                                                   [cb]
 */
int bgp_rib_peer_info(const struct bgp_rib_peer *peer, bgp_family family,
		      struct bgp_rib_peer_info *out);

/* ------------------------------------------------------- what peers announce
 */

/*
 * bgp_rib_update - file what an UPDATE of a peer announces and withdraws.
 *
 *   codec          the one it was decoded with, AS numbers of any width
 *   update, fault  as bgp_update_decode, or bgp_mrt_entry_decode, filled them
 *                  in; borrowed for the call
 *
 * NLRI are queued, and filed when the queue is full or by bgp_rib_settle; where
 * update->eor is set, before this call returns.  Attributes that pass
 * BGP_ATTR_BLOCK_MAX in their canonical form count as withdrawn.
 *
 * The answers are about this peer, of this call or of what was queued before:
 * BGP_ERR_NOMEM: not all could be filed.  BGP_ERR_LIMIT: it has more paths than
 * its prefix_limit, or they are of too many families.  BGP_ERR_INVALID: a
 * family that bgp_rib_add_family would refuse.  After each of them the host
 * ends the session (bgp_rib_end); until then the answer stays.  BGP_ERR_STATE:
 * from a callback.
 */
int bgp_rib_update(struct bgp_rib_peer *peer, const struct bgp_codec *codec,
		   const struct bgp_update *update,
		   const struct bgp_fault *fault, uint64_t now_ms);

/* Files what is queued, and answers for this peer as bgp_rib_update. */
int bgp_rib_settle(struct bgp_rib_peer *peer);

/*
 * bgp_rib_recall - let a codec recognise blocks of attributes of this peer that
 * the RIB has (struct bgp_codec, recall): their checks are skipped.
 *
 * Sets recall and recall_ctx of a copy of what was negotiated, good while the
 * peer is; recall is NULL where AS numbers have 2 octets, for then octets do
 * not stay what they were.  Call it after bgp_rib_peer_add and whenever another
 * session negotiated anew.                                               [cb]
 */
void bgp_rib_recall(struct bgp_rib_peer *peer, struct bgp_codec *codec);

/*
 * bgp_rib_end - the peer's session ended: all its paths are stale, and swept by
 * the ticks that follow but for those that it announces again before.
 *
 * bgp_rib_stale and bgp_rib_sweep are the two halves of it, of one family or,
 * with 0, of all: between them stale paths stay in use (RFC 4724 4.2).
 * BGP_ERR_STATE: from a callback.
 */
int bgp_rib_end(struct bgp_rib_peer *peer);
int bgp_rib_stale(struct bgp_rib_peer *peer, bgp_family family);
int bgp_rib_sweep(struct bgp_rib_peer *peer, bgp_family family);

/*
 * bgp_rib_announce, bgp_rib_withdraw - one route without an UPDATE; replaces
 * the one before.  Of the host itself with bgp_rib_local.
 *
 *   nlri   family and octets; path_id 0 for bgp_rib_local
 *   attrs  a set of this RIB
 *
 * BGP_ERR_INVALID: malformed NLRI, a next hop that does not go with it, or a
 * family that is not kept.  BGP_ERR_NOENT: there is no such route to withdraw.
 * BGP_ERR_NOMEM; BGP_ERR_LIMIT as above; BGP_ERR_STATE: from a callback.
 */
int bgp_rib_announce(struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
		     const struct bgp_attrs *attrs);
int bgp_rib_withdraw(struct bgp_rib_peer *peer, const struct bgp_nlri *nlri);

/* A struct bgp_nlri of a prefix, which it borrows. */
struct bgp_nlri bgp_prefix_nlri(const struct bgp_prefix *prefix);

/* ------------------------------------------------------------------- views */

enum bgp_view {
	BGP_VIEW_ADJ_IN,  /* what a peer announced; peer NULL: all peers */
	BGP_VIEW_LOC_RIB, /* the best paths */
	BGP_VIEW_ADJ_OUT  /* what a peer was sent (bgp/reflect.h) */
};

/* One route as a cursor shows it. */
struct bgp_route {
	struct bgp_nlri nlri;            /* borrowed as attrs are */
	const struct bgp_rib_peer *peer; /* who announced it; bgp_rib_local: the
					  * host */
	const struct bgp_attrs *attrs;   /* ADJ_IN: as received; else as chosen.
					  * As sent: bgp_reflect_stamp */
	bool best;                       /* it is in Loc-RIB */
	bool accepted;                   /* eligible for the decision */
	bool stale;                      /* of a session that ended */
	enum bgp_step step;              /* of a best path: what decided */
	enum bgp_loop loop;              /* of one not accepted */
	uint64_t received_ms;            /* when its last change arrived, in the
					  * host's now_ms; 0: not kept */
	uint64_t reserved[4];            /* room to grow; 0 */
};

/*
 * A walk over a RIB.  A plain value that holds no reference: the RIB may change
 * in between, and what stays is shown exactly once.  Routes that come meanwhile
 * may be shown or not.  Destinations come in no particular order.
 */
struct bgp_cursor {
	const struct bgp_rib *rib;
	const struct bgp_rib_peer *peer; /* must not be removed meanwhile */
	bgp_family family;
	enum bgp_view view;
	uint32_t at, sub; /* position; the library's own */
};

/* peer: whose RIB (ADJ_OUT: required).  BGP_ERR_NOENT: the RIB keeps no such
 * family; BGP_ERR_INVALID.                                               [cb]
 */
int bgp_cursor_init(struct bgp_cursor *cursor, const struct bgp_rib *rib,
		    enum bgp_view view, bgp_family family,
		    const struct bgp_rib_peer *peer);

/* 1: *out is the next route; 0: the end; BGP_CURSOR_PAUSE: none yet, but a
 * budget of destinations was looked at: call again when it suits.  It cannot
 * fail.                                                                   [cb]
 */
#define BGP_CURSOR_PAUSE 2
int bgp_cursor_next(struct bgp_cursor *cursor, struct bgp_route *out);

/* Puts the cursor on one destination: exact, or the longest match that covers
 * the prefix; bgp_cursor_next then shows its paths only.  BGP_ERR_NOENT;
 * BGP_ERR_INVALID: no prefix has this length.                            [cb]
 */
int bgp_cursor_seek(struct bgp_cursor *cursor, const struct bgp_prefix *prefix,
		    bool longest);

/* The same for the route of one NLRI of any family, path ids aside.  There is
 * no longest match beside prefixes.  BGP_ERR_NOENT. [cb]
 */
int bgp_cursor_find(struct bgp_cursor *cursor, const struct bgp_nlri *nlri);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
