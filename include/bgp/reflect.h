/*
 * bgp/reflect.h - what is sent to whom: the rules of route reflection as pure
 * functions, and Adj-RIB-Out with its update groups on a RIB.       RFC 4456
 *
 *     bgp_rib_new -> bgp_reflect_new
 *     a peer's session is Established -> bgp_reflect_join
 *     while bgp_rib_busy or bgp_reflect_busy
 *                                     -> bgp_rib_tick, bgp_reflect_tick
 *     events.wake                     -> bgp_reflect_lend, send those octets,
 *                                        bgp_reflect_taken, until 0 are lent
 *     its session ended               -> bgp_reflect_leave, bgp_rib_end
 *
 * Peers that would be sent the same octets share them: a change is encoded once
 * for all of them.  One that does not read delays nobody; it catches up with
 * the newest state, from the table, when it reads again.
 *
 * Beside IPv4 and IPv6 unicast and multicast the next hop is sent as it was
 * received, to eBGP peers too and whatever next_hop says, for labels
 * belong to it (RFC 8277 3.2.1).  Route targets (RFC 4684) are reflected like
 * any route and filter nothing.
 */
#ifndef BGP_REFLECT_H
#define BGP_REFLECT_H

#include "bgp/rib.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/*
 * bgp_reflect_allowed - may a best path from `from` be sent to `to`?
 *                                                                 RFC 4456 6
 *
 *                to EBGP  CLIENT  NON_CLIENT
 *   from LOCAL      yes     yes      yes
 *   from EBGP       yes     yes      yes
 *   from CLIENT     yes     (1)      yes      (1) client_to_client
 *   from NON_CLIENT yes     yes      no
 *
 * Not asked: whether `to` is the very peer it came from.
 */
bool bgp_reflect_allowed(enum bgp_kind from, enum bgp_kind to,
			 bool client_to_client);

/* Must ORIGINATOR_ID and CLUSTER_LIST be stamped?  iBGP to iBGP only.
 *                                                                 RFC 4456 8 */
bool bgp_reflect_stamped(enum bgp_kind from, enum bgp_kind to);

/* ----------------------------------------------------- Adj-RIB-Out of a RIB */

struct bgp_reflect;

struct bgp_reflect_options {
	size_t size;
	uint32_t queue_max; /* octets of one group's shared output before a
			     * peer that does not read is left behind;
			     * default 1 MiB */
	bool no_client_to_client; /* clients are meshed among themselves */
};

#ifdef __cplusplus
#define BGP_REFLECT_OPTIONS_INIT BGP_INIT_OF(bgp_reflect_options)
#else
#define BGP_REFLECT_OPTIONS_INIT                            \
	{                                                   \
		.size = sizeof(struct bgp_reflect_options), \
		.queue_max = 1u << 20                       \
	}
#endif
void bgp_reflect_options_init(struct bgp_reflect_options *out, size_t size);

struct bgp_reflect_events {
	size_t size;
	void *ctx; /* first argument of the callback */

	/* bgp_reflect_lend may have octets again.  Nothing is half done when
	 * it is called: octets may be lent and taken at once. */
	void (*wake)(void *ctx, struct bgp_rib_peer *peer);

	/*
	 * A best route that no message to these peers can hold (message_out_max
	 * of struct bgp_codec): they are not sent it, and it is withdrawn from
	 * them where they had it.  Once when it becomes so, for all `count`
	 * peers that are sent the same octets, of which `peer` is one.  nlri is
	 * borrowed.                                          RFC 8654 4
	 */
	void (*too_long)(void *ctx, struct bgp_rib_peer *peer, uint32_t count,
			 const struct bgp_nlri *nlri);
};

#ifdef __cplusplus
#define BGP_REFLECT_EVENTS_INIT BGP_INIT_OF(bgp_reflect_events)
#else
#define BGP_REFLECT_EVENTS_INIT                           \
	{                                                 \
		.size = sizeof(struct bgp_reflect_events) \
	}
#endif
void bgp_reflect_events_init(struct bgp_reflect_events *out, size_t size);

/* On a RIB that has none yet; the RIB's own options say who we are and how much
 * is done in one tick.  events NULL: none.  BGP_ERR_EXIST; BGP_ERR_INVALID: a
 * size was forgotten; BGP_ERR_NOMEM; BGP_ERR_STATE: from a callback. */
int bgp_reflect_new(struct bgp_reflect **out, struct bgp_rib *rib,
		    const struct bgp_reflect_options *options,
		    const struct bgp_reflect_events *events);

/* Every peer leaves, and all of Adj-RIB-Out is forgotten; next hops that only
 * it used are unwatched.  BGP_ERR_STATE: from a callback; nothing was done. */
int bgp_reflect_del(struct bgp_reflect *reflect);

/* Is there work for bgp_reflect_tick?                                    [cb]
 */
bool bgp_reflect_busy(const struct bgp_reflect *reflect);

/* Sends what the RIB's ticks published: encodes a budget's worth of it, wakes
 * who has to read.  BGP_ERR_STATE: from a callback. */
int bgp_reflect_tick(struct bgp_reflect *reflect);

/* ----------------------------------------------------------- peers joined */

struct bgp_reflect_peer_options {
	size_t size;
	/* Our own next hop towards this peer, by kind of address.  len 0: there
	 * is none, and routes that would need it are not sent. */
	struct bgp_addr own_ipv4, own_ipv6;
	/* IPv4 and IPv6 unicast and multicast only.  A next hop that the host
	 * gave bgp_attrs_new, or bgp_edit_next_hop set in the export policy, is
	 * sent as it is, whatever stands here; one that the peer's messages
	 * cannot carry (RFC 8950) keeps the route from it. */
	enum bgp_next_hop_mode next_hop;
	/* eBGP: the AS that this peer knows us by, in front of the RIB's in
	 * AS_PATH, or in its place; 0: the RIB's alone. */
	uint32_t local_as;
	bool local_as_replace;
	/* iBGP: NULL sends all.  eBGP: NULL sends nothing, RFC 8212. */
	bgp_policy *export_policy;
	void *export_ctx;
};

#ifdef __cplusplus
#define BGP_REFLECT_PEER_OPTIONS_INIT BGP_INIT_OF(bgp_reflect_peer_options)
#else
#define BGP_REFLECT_PEER_OPTIONS_INIT                           \
	{                                                       \
		.size = sizeof(struct bgp_reflect_peer_options) \
	}
#endif
void bgp_reflect_peer_options_init(struct bgp_reflect_peer_options *out,
				   size_t size);

/*
 * bgp_reflect_join - a peer of the RIB is sent routes from now on.
 *
 *   codec  what its OPEN and ours agreed on; copied.  Its families are those
 *          that are sent: each whole table, then End-of-RIB, then what changes
 *
 * BGP_ERR_EXIST: it is joined.  BGP_ERR_INVALID: a size was forgotten, or it is
 * bgp_rib_local.  BGP_ERR_NOMEM, BGP_ERR_LIMIT: 32 families of the RIB;
 * BGP_ERR_STATE: from a callback.  Then it is not joined.
 */
int bgp_reflect_join(struct bgp_reflect *reflect, struct bgp_rib_peer *peer,
		     const struct bgp_codec *codec,
		     const struct bgp_reflect_peer_options *options);

/* Other options: it moves to the group that they ask for, and is sent all
 * again. BGP_ERR_STATE: it is not joined, or from a callback.  BGP_ERR_NOMEM:
 * some family was moved and some not; have its session end. */
int bgp_reflect_configure(struct bgp_rib_peer *peer,
			  const struct bgp_reflect_peer_options *options);

/* Its session ended: octets lent are its no more.  BGP_ERR_STATE: from a
 * callback, or it is not joined. */
int bgp_reflect_leave(struct bgp_rib_peer *peer);

/*
 * bgp_reflect_lend - whole UPDATEs ready to be sent, at most max spans. [cb]
 *
 * The same octets again, and what came behind, until bgp_reflect_taken; valid
 * until then, but not beyond the next bgp_reflect_tick: a peer that did not
 * read may be lent something newer after it.  Only the first span may begin
 * within a message, where taken ended there; every span ends with one.  0:
 * nothing now; events.wake tells when.  Within events.route and the other
 * callbacks of the RIB it answers 0, and wake comes later.
 */
size_t bgp_reflect_lend(struct bgp_rib_peer *peer, struct bgp_span *spans,
			size_t max);

/* The peer was sent len octets of what was lent.  BGP_ERR_INVALID: that is more
 * than was lent; nothing was done.                                       [cb]
 */
int bgp_reflect_taken(struct bgp_rib_peer *peer, size_t len);

/* What is left of a message partly taken: it must follow before a message of
 * anybody else; len 0: none.                                             [cb]
 */
struct bgp_span bgp_reflect_rest(struct bgp_rib_peer *peer);

/* The peer asked for its routes of a family again (RFC 2918), or the answers of
 * its policy changed; 0: of all.  BGP_ERR_NOENT: it has no such family;
 * BGP_ERR_NOMEM; BGP_ERR_STATE: it is not joined, or from a callback. */
int bgp_reflect_refresh(struct bgp_rib_peer *peer, bgp_family family);

/*
 * bgp_reflect_stamp - a route as it is sent to this peer.  RFC 4456 8, 4271 5.1
 *
 *   route  as a cursor over its BGP_VIEW_ADJ_OUT shows it
 *   out    family, next hop, attributes and NLRI, ready for bgp_update_encode;
 *          borrowed until RIB or reflection are entered again
 *
 * BGP_ERR_NOENT: the peer is not joined, or not in that family.          [cb]
 */
int bgp_reflect_stamp(struct bgp_rib_peer *peer, const struct bgp_route *route,
		      struct bgp_update_parts *out);

/* Adj-RIB-Out of one peer and family, in numbers. */
struct bgp_reflect_peer_info {
	size_t size;       /* sizeof of it, set by the host */
	uint32_t routes;   /* that it was sent, or will have been; those too
			    * whose next hop is the peer itself, which are
			    * not sent: RFC 4271 5.1.3 */
	bool eor;          /* End-of-RIB was sent */
	bool behind;       /* it is out of the shared stream */
	size_t octets;     /* of memory that is its own */
	uint32_t too_long; /* best routes that no message to it can hold */
};

#ifdef __cplusplus
#define BGP_REFLECT_PEER_INFO_INIT BGP_INIT_OF(bgp_reflect_peer_info)
#else
#define BGP_REFLECT_PEER_INFO_INIT                           \
	{                                                    \
		.size = sizeof(struct bgp_reflect_peer_info) \
	}
#endif
void bgp_reflect_peer_info_init(struct bgp_reflect_peer_info *out, size_t size);

/* BGP_ERR_NOENT: the peer is not joined, or not in that family;
 * BGP_ERR_INVALID: size was not set.                                     [cb]
 */
int bgp_reflect_peer_info(const struct bgp_rib_peer *peer, bgp_family family,
			  struct bgp_reflect_peer_info *out);

/* Memory: the kinds add up to all of it. */
struct bgp_reflect_info {
	size_t size; /* sizeof of it, set by the host */
	uint32_t group_count, peer_count;
	size_t octets;
	size_t octets_adj_out;
	size_t octets_output;  /* messages not yet taken, update groups */
	size_t octets_peers;   /* what is kept of those who joined */
	size_t octets_scratch; /* working memory, the same for any load */
};

#ifdef __cplusplus
#define BGP_REFLECT_INFO_INIT BGP_INIT_OF(bgp_reflect_info)
#else
#define BGP_REFLECT_INFO_INIT                           \
	{                                               \
		.size = sizeof(struct bgp_reflect_info) \
	}
#endif
void bgp_reflect_info_init(struct bgp_reflect_info *out, size_t size);

/* BGP_ERR_INVALID: size was not set.                                     [cb]
 */
int bgp_reflect_info(const struct bgp_reflect *reflect,
		     struct bgp_reflect_info *out);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
