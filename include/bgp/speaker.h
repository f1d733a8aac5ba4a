/*
 * bgp/speaker.h - peers, their routes, and what is sent to whom.
 *
 * A speaker is a whole BGP router without sockets, clock and forwarding table:
 * N peers (each a session), one RIB, update groups, and callbacks.  It reflects
 * as soon as one peer is a client (RFC 4456).
 *
 *     bgp_speaker_new -> bgp_peer_add … -> bgp_peer_enable
 *     loop:   wait for a socket, or until bgp_speaker_deadline
 *             bgp_conn_input for what arrived
 *             bgp_speaker_tick
 *             for each connection named by events.output:
 *                     bgp_conn_output, writev, bgp_conn_sent
 *
 * Connections obey the contract of bgp/session.h.  bgp_conn_input only files
 * what the peer said; deciding, publishing and encoding is done by
 * bgp_speaker_tick, in portions of the budget, so that no call is long and many
 * changes of one destination are sent once.  While work is left, the deadline
 * is in the past.
 *
 * Every family of the codec can be a peer's, and any other whose form the host
 * names (struct bgp_family_offer).  Two NLRI are the same route when
 * bgp_nlri_key says so; a changed label is sent again.  Beside IPv4 and IPv6
 * unicast and multicast nothing is read into a route that its octets do not
 * say: the next hop stays as it was received, to eBGP peers too and whatever
 * next_hop says, for labels belong to it (RFC 8277 3.2.1).  Route targets
 * (RFC 4684) are reflected like any route and filter nothing.
 *
 * [cb] marks what may be called from callbacks, of this speaker, and a policy
 * is one; all else answers BGP_ERR_STATE there, of the speaker, its peers and
 * their connections.  What a callback asks for is carried out when the
 * outermost call ends, in the order in which it was asked for; where that call
 * is bgp_peer_accept, bgp_peer_connected, bgp_conn_output, bgp_conn_sent or
 * bgp_attrs_unref, when the next one does, so that what was answered is there:
 * the deadline is past until then.  events.connect and events.output are raised
 * there too, with nothing half done.  In all other callbacks bgp_conn_output
 * lends what was encoded before; events.output comes again where there is more.
 */
#ifndef BGP_SPEAKER_H
#define BGP_SPEAKER_H

#include "bgp/reflect.h"
#include "bgp/rib.h"
#include "bgp/session.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct bgp_speaker;
struct bgp_peer;

#define BGP_PEER_NAME_MAX 64 /* octets of a name, NUL included */

/* ----------------------------------------------------------------- speaker */

struct bgp_speaker_options {
	size_t size; /* set by BGP_SPEAKER_OPTIONS_INIT */
	struct bgp_allocator alloc;
	uint64_t seed; /* of jitter and hashes: give a random one */
	uint32_t local_as;
	uint32_t router_id;
	uint32_t cluster_id; /* 0: the router id */
	uint32_t budget;     /* destinations per tick; default 2048 */
	uint32_t queue_max;  /* octets of one group's shared output before a
			      * peer that does not read is left behind;
			      * default 1 MiB */
	uint8_t equal_paths; /* next hops installed at most; default 1 */
	bool compare_med;    /* between neighbouring ASes too */
	bool no_client_to_client; /* clients are meshed among themselves */
	bool install_local, keep_times; /* as in struct bgp_rib_options */
};

#ifdef __cplusplus
#define BGP_SPEAKER_OPTIONS_INIT BGP_INIT_OF(bgp_speaker_options)
#else
#define BGP_SPEAKER_OPTIONS_INIT                                            \
	{                                                                   \
		.size = sizeof(struct bgp_speaker_options), .budget = 2048, \
		.queue_max = 1u << 20, .equal_paths = 1                     \
	}
#endif
void bgp_speaker_options_init(struct bgp_speaker_options *out, size_t size);

/* Which field a BGP_ERR_INVALID is about: as bgp_session_options_invalid. [cb]
 */
const char *bgp_speaker_options_invalid(
    const struct bgp_speaker_options *options);

struct bgp_speaker_events {
	size_t size; /* set by BGP_SPEAKER_EVENTS_INIT */
	void *ctx;   /* first argument of every callback */

	/* As in struct bgp_session_events, with the peer. */
	void (*connect)(void *ctx, struct bgp_peer *peer);
	void (*cancel)(void *ctx, struct bgp_peer *peer);
	void (*close)(void *ctx, struct bgp_conn *conn);
	void (*output)(void *ctx, struct bgp_conn *conn);
	void (*peer_state)(void *ctx, struct bgp_peer *peer,
			   enum bgp_state from, enum bgp_state to);
	/* The end of an established session. */
	void (*peer_down)(void *ctx, struct bgp_peer *peer,
			  const struct bgp_down *why);
	/* An UPDATE that was not clean; for a log. */
	void (*peer_fault)(void *ctx, struct bgp_peer *peer,
			   const struct bgp_fault *fault, struct bgp_span msg);
	/* End-of-RIB came from the peer. */
	void (*peer_eor)(void *ctx, struct bgp_peer *peer, bgp_family family);

	/* The best path, its attributes, its equal-cost set or its label
	 * changed.  Any family but those whose next hops take no packets:
	 * flowspec, route-target, link-state. */
	void (*route)(void *ctx, const struct bgp_fib_route *route);

	/*
	 * A next hop came into use or went out of it.  Between the two the
	 * host answers, now or later and as often as it changes, with
	 * bgp_speaker_next_hop.  Without this callback every next hop is
	 * reachable at cost 0; with it none is until the host says so.  Where
	 * a next hop has a distinguisher in front, the address behind it is
	 * asked about.  In the families just named, and where a next hop has
	 * the length of no address, routes are used whatever the answer.
	 */
	void (*next_hop_watch)(void *ctx, const struct bgp_addr *addr);
	void (*next_hop_unwatch)(void *ctx, const struct bgp_addr *addr);

	/*
	 * A best route that no message to these peers can hold (message_out_max
	 * of struct bgp_codec): they are not sent, and it is withdrawn from
	 * them where they had it.  Once when it becomes so, for all `count`
	 * peers that are sent the same octets, of which `peer` is one.  nlri is
	 * borrowed.                                          RFC 8654 4
	 */
	void (*too_long)(void *ctx, struct bgp_peer *peer, uint32_t count,
			 const struct bgp_nlri *nlri);

	/* The first path of this session and family was dropped: there were
	 * more of one destination than path_id_limit.  For a log. */
	void (*peer_dropped)(void *ctx, struct bgp_peer *peer,
			     bgp_family family);

	/* An attempt that ended before Established, as in
	 * struct bgp_session_events. */
	void (*peer_attempt_failed)(void *ctx, struct bgp_peer *peer,
				    const struct bgp_down *why);
};

#ifdef __cplusplus
#define BGP_SPEAKER_EVENTS_INIT BGP_INIT_OF(bgp_speaker_events)
#else
#define BGP_SPEAKER_EVENTS_INIT                           \
	{                                                 \
		.size = sizeof(struct bgp_speaker_events) \
	}
#endif
void bgp_speaker_events_init(struct bgp_speaker_events *out, size_t size);

/* Options and events are copied; events NULL: none.  BGP_ERR_NOMEM;
 * BGP_ERR_INVALID: a field is out of its range, or a size is that of no
 * version, or fields are set that this library does not know. */
int bgp_speaker_new(struct bgp_speaker **out,
		    const struct bgp_speaker_options *options,
		    const struct bgp_speaker_events *events);

/* Frees all, peers and connections included, without a callback or an octet.
 * To end politely, disable every peer and let the output drain before.  NULL is
 * BGP_OK.  BGP_ERR_STATE: from a callback; nothing was done. */
int bgp_speaker_del(struct bgp_speaker *speaker);

/* The options in force; cluster_id is never 0.  BGP_ERR_INVALID: out->size is
 * that of no version; nothing is written.                                 [cb]
 */
int bgp_speaker_options_get(const struct bgp_speaker *speaker,
			    struct bgp_speaker_options *out);

/* A deadline in the past means that work is left; UINT64_MAX: none.      [cb]
 */
uint64_t bgp_speaker_deadline(const struct bgp_speaker *speaker);
/* What is due by now_ms, and a budget's worth of the work.  BGP_ERR_STATE: from
 * a callback; nothing was done. */
int bgp_speaker_tick(struct bgp_speaker *speaker, uint64_t now_ms);

/* The host's answer about a next hop.  BGP_ERR_NOENT: it is not watched;
 * BGP_ERR_INVALID: len is not 4 or 16.                                   [cb]
 */
int bgp_speaker_next_hop(struct bgp_speaker *speaker,
			 const struct bgp_addr *addr, bool reachable,
			 uint32_t igp_cost);

/*
 * The RIB and the reflection that the speaker is built on, for all that
 * bgp/rib.h and bgp/reflect.h ask and keep: cursors, attribute sets, local
 * routes.  Ticks, peers and what is sent to them are the speaker's: of the host
 * bgp_rib_tick, _del, _peer_add, _peer_configure, _peer_remove, _end, _stale
 * and _sweep, and all of bgp/reflect.h that changes a thing, answer
 * BGP_ERR_STATE there. [cb]
 */
struct bgp_rib *bgp_speaker_rib(const struct bgp_speaker *speaker);
struct bgp_reflect *bgp_speaker_reflect(const struct bgp_speaker *speaker);

/* ------------------------------------------------------------------- peers */

struct bgp_peer_options {
	size_t size;             /* set by BGP_PEER_OPTIONS_INIT */
	const char *name;        /* copied; NULL: the address */
	void *user;              /* what bgp_peer_user answers */
	struct bgp_addr address; /* of the peer; key of bgp_peer_find */
	uint32_t peer_as;        /* 0: any; the speaker's AS: iBGP */
	/* The AS that this peer knows us by, where it is not the speaker's: in
	 * our OPEN, in front of the speaker's AS in what it is sent (replace:
	 * in its place), in front of what it announces (no_prepend: not), and
	 * as our own in loops.  The peer's own AS makes it iBGP. */
	uint32_t local_as; /* 0: the speaker's */
	bool local_as_replace, local_as_no_prepend;
	bool client; /* reflection client; iBGP only */
	bool passive;
	/* IPv4 and IPv6 unicast and multicast only.  A next hop that
	 * bgp_speaker_announce was given or bgp_edit_next_hop set in the export
	 * policy is sent as it is, whatever stands here; one that the peer's
	 * messages cannot carry (RFC 8950) keeps the route from it. */
	enum bgp_next_hop_mode next_hop;
	/* Our own next hop beside the local address of the connection, for
	 * routes of the other kind.  len 0: there is none, and routes that
	 * would need it are not sent. */
	struct bgp_addr own_ipv4, own_ipv6;
	uint8_t own_as_allowed; /* times our AS may be in AS_PATH */
	uint32_t prefix_limit;  /* per family; 0: none.  Over it the session
				 * ends with Cease/1, RFC 4486 */
	uint16_t hold_time_s, connect_retry_s, delay_open_s, idle_hold_s,
	    send_hold_s, keepalive_s; /* as in struct bgp_session_options */
	bool ext_message, no_refresh;
	/* Do not treat routes as withdrawn whose next hop is no host's address,
	 * or our own of the connection: see next_hop_check of struct bgp_codec.
	 * Where the session is on a loopback, loopback addresses are hosts'.
	 * RFC 4271 6.3 */
	bool no_next_hop_check;
	uint8_t family_count;
	/* ADD-PATH is received and stored, not sent, and of labels there is
	 * one: add_path_send and labels are refused with BGP_ERR_INVALID. */
	struct bgp_family_offer families[BGP_SESSION_FAMILIES_MAX];

	/* iBGP: NULL accepts all.  eBGP: NULL rejects all, RFC 8212. */
	bgp_policy *import_policy;
	void *import_ctx;
	bgp_policy *export_policy;
	void *export_ctx;

	uint32_t path_id_limit; /* as in struct bgp_rib_peer_options */
};

#ifdef __cplusplus
#define BGP_PEER_OPTIONS_INIT BGP_INIT_OF(bgp_peer_options)
#else
#define BGP_PEER_OPTIONS_INIT                                                \
	{                                                                    \
		.size = sizeof(struct bgp_peer_options), .hold_time_s = 90,  \
		.connect_retry_s = 120, .idle_hold_s = 1, .family_count = 2, \
		.path_id_limit = 256, .families = {                          \
			{ .family = BGP_IPV4_UNICAST },                      \
			{ .family = BGP_IPV6_UNICAST }                       \
		}                                                            \
	}
#endif
void bgp_peer_options_init(struct bgp_peer_options *out, size_t size);

/* Which field a BGP_ERR_INVALID of a peer of this speaker is about: as
 * bgp_session_options_invalid, whose fields are looked at too.            [cb]
 */
const char *bgp_peer_options_invalid(const struct bgp_speaker *speaker,
				     const struct bgp_peer_options *options);

/*
 * bgp_peer_add - a new peer, disabled until bgp_peer_enable.
 *
 * BGP_ERR_EXIST: the address has a peer.  BGP_ERR_INVALID, BGP_ERR_NOMEM,
 * BGP_ERR_LIMIT: BGP_PEERS_MAX.
 */
int bgp_peer_add(struct bgp_speaker *speaker,
		 const struct bgp_peer_options *options, struct bgp_peer **out);

/*
 * bgp_peer_configure - other options for the same address.
 *
 * A change of policies, name, user, prefix_limit or timers not in use takes
 * effect in place: routes are judged again, nothing is reset.  Anything that
 * OPEN carries, the AS, `client` or no_next_hop_check needs a new session:
 * Cease/6, RFC 4486. Answers 1 when the session was reset, 0 when not.  On an
 * error nothing changed.  BGP_ERR_INVALID: bgp_peer_options_invalid says which
 * field, or it is another address; BGP_ERR_LIMIT: more families than a peer or
 * the speaker can have had; BGP_ERR_NOMEM; BGP_ERR_STATE: from a callback, or
 * the peer is being removed.
 */
int bgp_peer_configure(struct bgp_peer *peer,
		       const struct bgp_peer_options *options, uint64_t now_ms);

/*
 * bgp_peer_remove - ends the session (Cease/3, events.close for its
 * connections), withdraws its routes, and frees the peer.                 [cb]
 *
 * Within a callback that happens when the outermost call ends.  The pointer may
 * not be used once this was called, but in callbacks that are given it, where
 * it can be looked at: every other function of the peer answers BGP_ERR_STATE.
 * bgp_conn_peer of a connection that is still to be closed then answers NULL.
 * BGP_ERR_STATE: it is being removed already.
 */
int bgp_peer_remove(struct bgp_peer *peer, uint64_t now_ms);

/*
 * As bgp_session_start and bgp_session_stop: within a callback they take effect
 * when the outermost call ends.  BGP_ERR_STATE: enabled already and nothing
 * asked for stops it, or the peer is being removed.  BGP_ERR_NOMEM: no memory
 * to remember the text until then.                                        [cb]
 */
int bgp_peer_enable(struct bgp_peer *peer, uint64_t now_ms);
int bgp_peer_disable(struct bgp_peer *peer, const char *text, uint64_t now_ms);
/* Cease/4 with a text of RFC 9003 (NULL: none), then up again.  BGP_ERR_STATE:
 * not enabled, or it is being removed; BGP_ERR_NOMEM as above.  RFC 4486  [cb]
 */
int bgp_peer_restart(struct bgp_peer *peer, const char *text, uint64_t now_ms);

/* Judge the peer's routes again (in), send it all again (out).  Without
 * asking the peer: what it said is still known.  BGP_ERR_STATE: from a
 * callback, the peer is being removed, or (out) it is not Established;
 * BGP_ERR_NOMEM. */
int bgp_peer_reload_in(struct bgp_peer *peer);
int bgp_peer_reload_out(struct bgp_peer *peer);

/* Connections, as in bgp/session.h and with the same errors, and
 * BGP_ERR_INVALID: local is no address; local is our
 * address of it, used as our own next hop towards this peer (NULL: not known).
 * Link-local next hops that the peer sends are of the interface of its address
 * or, where that has no scope, of that of local. */
int bgp_peer_accept(struct bgp_peer *peer, const struct bgp_addr *local,
		    void *user, uint64_t now_ms, struct bgp_conn **out);
int bgp_peer_connected(struct bgp_peer *peer, const struct bgp_addr *local,
		       void *user, uint64_t now_ms, struct bgp_conn **out);
/* As bgp_session_connect_failed, also from within events.connect itself.  [cb]
 */
int bgp_peer_connect_failed(struct bgp_peer *peer, uint64_t now_ms);

/* The peer of a connection of a speaker.                                  [cb]
 */
struct bgp_peer *bgp_conn_peer(const struct bgp_conn *conn);

/* NULL: no such peer.                                                     [cb]
 */
struct bgp_peer *bgp_peer_find(const struct bgp_speaker *speaker,
			       const struct bgp_addr *address);

/* All peers in order of addition: start with NULL; NULL ends.             [cb]
 */
struct bgp_peer *bgp_peer_next(const struct bgp_speaker *speaker,
			       const struct bgp_peer *after);

struct bgp_peer_info {
	const char *name; /* borrowed from the peer */
	struct bgp_addr address;
	enum bgp_kind kind; /* as configured, or as OPEN showed */
	struct bgp_session_info session;
	uint32_t family_count; /* negotiated families */
	struct {
		bgp_family family;
		uint32_t paths_in;       /* in Adj-RIB-In */
		uint32_t paths_accepted; /* of these: eligible */
		uint32_t routes_out;     /* in Adj-RIB-Out, those too whose
					  * next hop is the peer itself: it
					  * is not sent, RFC 4271 5.1.3 */
		bool eor_in, eor_out;    /* End-of-RIB seen, sent */
		bool behind;             /* out of the shared stream */
		uint32_t paths_best;     /* of the accepted: in Loc-RIB */
		uint32_t too_long;       /* best routes that no message to it
					  * can hold: it is not sent */
		uint32_t reserved[4];    /* room to grow; 0 */
	} families[BGP_SESSION_FAMILIES_MAX];
	size_t octets;        /* memory that is this peer's own */
	uint64_t reserved[8]; /* room to grow; 0 */
};

void bgp_peer_info(const struct bgp_peer *peer,
		   struct bgp_peer_info *out); /* [cb] */
/* The options in force, as bgp_peer_add or bgp_peer_configure took them; name
 * is the peer's own text, borrowed.  BGP_ERR_INVALID: out->size is that of no
 * version; nothing is written.                                            [cb]
 */
int bgp_peer_options_get(const struct bgp_peer *peer,
			 struct bgp_peer_options *out);

/* Our address of the connection that is up, as the host named it.
 * BGP_ERR_NOENT: not Established, or the host did not name it.            [cb]
 */
int bgp_peer_local_address(const struct bgp_peer *peer, struct bgp_addr *out);

void *bgp_peer_user(const struct bgp_peer *peer); /* [cb] */
/* For the questions of bgp/session.h: timers, both OPENs, what was agreed.  As
 * long as the peer.  Never NULL.                                          [cb]
 */
const struct bgp_session *bgp_peer_session(const struct bgp_peer *peer);

/* What the peer is to the RIB, for cursors; gone when the peer is.  NULL for
 * NULL.                                                                   [cb]
 */
struct bgp_rib_peer *bgp_peer_rib(const struct bgp_peer *peer);

/* The peer of one of the speaker's RIB, as policies and cursors show it.  NULL:
 * the host itself, or a peer that was removed.                            [cb]
 */
struct bgp_peer *bgp_peer_of(const struct bgp_rib_peer *peer);

const char *bgp_peer_name(const struct bgp_peer *peer); /* [cb] */

/* ------------------------------------------------------------ local routes */

/*
 * bgp_speaker_announce - originate a route; replaces the one before.
 *
 *   nlri      family and octets; path_id 0
 *   next_hop  4 or 16 octets, sent to every peer as it is, eBGP too; written
 *             behind a distinguisher of 0 where the family has one; len 0:
 *             ours, filled in towards each peer, or none where the family may
 *             go without (flowspec, opaque families)
 *   attrs     any order, AS numbers in 4 octets; ORIGIN IGP and an empty
 *             AS_PATH stand in where they are absent
 *
 * BGP_ERR_INVALID: malformed NLRI or attribute, or a family that neither the
 * library knows nor a peer was added with.  BGP_ERR_NOMEM.
 */
int bgp_speaker_announce(struct bgp_speaker *speaker,
			 const struct bgp_nlri *nlri,
			 const struct bgp_addr *next_hop,
			 const struct bgp_attr *attrs, size_t attr_count);

/* BGP_ERR_NOENT: it was not announced. */
int bgp_speaker_withdraw(struct bgp_speaker *speaker,
			 const struct bgp_nlri *nlri);

/* Numbers for a status page.  Memory is what the allocator was asked for; the
 * kinds add up to all of it. */
struct bgp_speaker_info {
	uint32_t local_as, router_id, cluster_id;
	uint32_t peer_count, established_count;
	uint32_t destination_count, path_count, attrs_count, group_count;
	size_t octets;              /* memory in use: the sum of these */
	size_t octets_attrs;        /* attribute sets, next hops */
	size_t octets_destinations; /* and how they are found */
	size_t octets_paths;        /* Adj-RIB-In and Loc-RIB */
	size_t octets_adj_out;
	size_t octets_output; /* messages not yet taken, update groups */
	size_t octets_sessions;
	size_t octets_peers;   /* their options, counters and places */
	size_t octets_scratch; /* working memory, the same for any load */
	size_t octets_other;   /* cursors */
	uint64_t reserved[8];  /* room to grow; 0 */
};

void bgp_speaker_info(const struct bgp_speaker *speaker,
		      struct bgp_speaker_info *out); /* [cb] */

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
