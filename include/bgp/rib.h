/*
 * bgp/rib.h - what is known of routes: attribute sets, ranking, views.
 *
 * A destination has paths (what each peer said: Adj-RIB-In), of which the
 * decision makes one the best (Loc-RIB), of which policy and reflection make
 * what each peer is told (Adj-RIB-Out).  The speaker (bgp/speaker.h) keeps
 * them; this header has the words for them, and the decision as a function.
 */
#ifndef BGP_RIB_H
#define BGP_RIB_H

#include "bgp/codec.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define BGP_PEERS_MAX       65000 /* peers of one speaker */
#define BGP_EQUAL_PATHS_MAX 64    /* next hops of one installed route */

/* --------------------------------------------------------- attribute sets */

/*
 * The attributes of a route and its next hop: immutable, interned (equal sets
 * are the same pointer within one speaker), counted.  A pointer from a callback
 * or a cursor is borrowed until the callback returns or the speaker is entered
 * again; bgp_speaker_ref keeps it longer.
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
	bool ebgp;  /* heard from another AS */
};

struct bgp_decision {
	size_t best;        /* index of the best; count when there is none */
	enum bgp_step step; /* what left only one */
	size_t equal_count; /* paths equal down to IGP_COST, best included */
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

enum bgp_verdict { BGP_REJECT = 0, BGP_ACCEPT = 1 };

struct bgp_peer;

/*
 * A policy: judge one route, edit it if need be.  Pure but for ctx: the speaker
 * asks when it likes, and again after bgp_peer_configure.
 *
 *   peer   who said it (import); on export, one of those who will hear it:
 *          peers with the same policy and ctx share one answer
 *   nlri   what; attrs: as heard (import) or as chosen (export)
 *   edit   for bgp_edit_*; what is read through attrs does not change
 */
typedef enum bgp_verdict bgp_policy(void *ctx, const struct bgp_peer *peer,
				    const struct bgp_nlri *nlri,
				    const struct bgp_attrs *attrs,
				    struct bgp_edit *edit);

/* The policy that accepts all unchanged. */
bgp_policy bgp_policy_accept;

/* ------------------------------------------------------ forwarding table */

/* A change of the forwarding table. */
enum bgp_fib_op { BGP_FIB_INSTALL, BGP_FIB_REPLACE, BGP_FIB_REMOVE };

struct bgp_fib_route {
	enum bgp_fib_op op;
	struct bgp_nlri nlri;
	const struct bgp_attrs *attrs;    /* of the best path; NULL: REMOVE */
	size_t next_hop_count;            /* 0: REMOVE, or a local route */
	const struct bgp_addr *next_hops; /* equal-cost set, best first */
};

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
