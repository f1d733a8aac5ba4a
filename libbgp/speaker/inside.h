/*
 * inside.h - the speaker's own structures.
 *
 *   speaker --- peers --- session       the conversation
 *      |          '------ rib peer      who announces, and is sent to
 *      |--- rib                         bgp/rib.h
 *      '--- reflect                     bgp/reflect.h
 *
 * Here, and nowhere else, session/ and rib/ meet.  A session's callbacks carry
 * a `link`, which outlives the peer while the session of a removed peer still
 * flushes its NOTIFICATION.
 */
#ifndef BGP_SPEAKER_INSIDE_H
#define BGP_SPEAKER_INSIDE_H

#include "bgp/speaker.h"
#include "libbgp/base/guard.h"
#include "libbgp/base/index.h"
#include "libbgp/rib/inside.h"
#include "libbgp/session/inside.h"
#include "libbgp/session/stream.h"
#include "libbgp/speaker/alarms.h"

#define BGP__CONNS_MAX 2 /* of one session at a time */

struct bgp__link {
	struct bgp_speaker *speaker;
	struct bgp_peer *peer; /* NULL: the peer was removed */
	struct bgp_session *session;
	struct bgp__link *next; /* of those without a peer */
	uint64_t alarm_ms;      /* not later than the session's deadline */
	uint32_t alarm_at;      /* its place among the alarms */
};

struct bgp_peer {
	struct bgp_speaker *speaker;
	struct bgp_peer *next, *prev;
	struct bgp__link *link;
	struct bgp_session *session;
	struct bgp_peer_options options; /* name points to name[] */
	char name[BGP_PEER_NAME_MAX];
	struct bgp_rib_peer *rib; /* its user is this peer */
	uint32_t slot;            /* among the speaker's peers */
	struct {
		const struct bgp_conn *conn;
		struct bgp_addr local;
	} conns[BGP__CONNS_MAX];
	struct bgp__later later; /* to be removed at the end of the call */
	bool leaving;            /* bgp_peer_remove was called */
};

struct bgp_speaker {
	struct bgp__mem mem;
	struct bgp_speaker_options options;
	struct bgp_speaker_events events;
	struct bgp_rib *rib;
	struct bgp_reflect *reflect;
	struct bgp_peer *first, *last; /* in order of addition */
	struct bgp_peer **slots;       /* [0] is NULL */
	uint32_t slot_room;
	struct bgp__index by_address; /* of slots */
	struct bgp__link *retired;    /* sessions without a peer */
	struct bgp__alarms alarms;    /* of all links */
	uint32_t peer_count;
	bool ending; /* no callback any more */
	struct bgp__guard guard;
	uint64_t now_ms;
};

/* A callback of the host runs: only [cb] functions may be called. */
static inline bool
bgp__speaker_in_callback(const struct bgp_speaker *speaker)
{
	return bgp__guard_refuses(&speaker->guard);
}

/* The same of a peer; one that is being removed is only looked at. */
static inline bool
bgp__peer_refuses(const struct bgp_peer *peer)
{
	return peer->leaving || bgp__speaker_in_callback(peer->speaker);
}

/* The clock of the host, which does not run back. */
static inline void
bgp__speaker_set_now(struct bgp_speaker *speaker, uint64_t now_ms)
{
	if (now_ms > speaker->now_ms)
		speaker->now_ms = now_ms;
}

/* A session's deadline is earlier than it was; ctx is its link. */
void bgp__link_alarm(void *ctx, uint64_t at_ms);

/* The callbacks every session of the speaker has. */
extern const struct bgp_session_events bgp__link_events;

/* All families that the peer offers are kept by the RIB.  Errors as of
 * bgp_rib_add_family. */
int bgp__peer_keep_families(struct bgp_speaker *speaker,
			    const struct bgp_peer_options *options);

/* Its memory; it has left everything that names it. */
void bgp__peer_free(struct bgp_peer *peer);

/* What the peer is to the RIB; its kind and router id are those of its last
 * OPEN, or, before there was one, as configured. */
struct bgp_rib_peer_options bgp__peer_rib_options(const struct bgp_peer *peer);

/* What it is to be sent, in the session that is Established. */
struct bgp_reflect_peer_options bgp__peer_reflect_options(
    const struct bgp_peer *peer);

/* The peer of a slot. */
extern const struct bgp__index_hooks bgp__peer_hooks;

/* The AS that a peer with these options knows us by. */
static inline uint32_t
bgp__peer_local_as(const struct bgp_speaker *speaker,
		   const struct bgp_peer_options *options)
{
	return options->local_as != 0 ? options->local_as
				      : speaker->options.local_as;
}

/* The same where it is not the speaker's, else 0. */
static inline uint32_t
bgp__peer_other_as(const struct bgp_peer *peer)
{
	return peer->options.local_as != peer->speaker->options.local_as
	    ? peer->options.local_as
	    : 0;
}

/* Our address of its connection; len 0: none, or not known. */
struct bgp_addr bgp__peer_local(const struct bgp_peer *peer);

/* The options a peer's session is made with. */
struct bgp_session_options bgp__peer_session_options(
    const struct bgp_peer *peer);

/* Are these options ones a peer can have? */
int bgp__peer_check(const struct bgp_speaker *speaker,
		    const struct bgp_peer_options *options);

/* Copies options, name included. */
void bgp__peer_set_options(struct bgp_peer *peer,
			   const struct bgp_peer_options *options);

/* A peer of the RIB is woken: ctx is the speaker. */
void bgp__link_wake(void *ctx, struct bgp_rib_peer *peer);

#endif
