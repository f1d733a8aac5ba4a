/*
 * inside.h - the speaker's own structures.
 *
 *   speaker --- peers --- session       what was said
 *      |          '------ source        to the RIB: who says it
 *      |          '------ member[]      to the update groups: who is told
 *      '--- rib --- tables --- groups
 *
 * Here, and nowhere else, session/ and rib/ meet.  A session's callbacks carry
 * a `link`, which outlives the peer while the session of a removed peer still
 * flushes its NOTIFICATION.
 */
#ifndef BGP_SPEAKER_INSIDE_H
#define BGP_SPEAKER_INSIDE_H

#include "bgp/speaker.h"
#include "libbgp/base/guard.h"
#include "libbgp/reflect/group.h"
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

/* One family of a peer. */
struct bgp__family {
	struct bgp__table *table;
	struct bgp__member member;
	bool negotiated;
	bool eor_in;
};

struct bgp_peer {
	struct bgp_speaker *speaker;
	struct bgp_peer *next, *prev;
	struct bgp__link *link;
	struct bgp_session *session;
	struct bgp_peer_options options; /* name points to name[] */
	char name[BGP_PEER_NAME_MAX];
	struct bgp__source source;
	struct bgp__recall recall;
	uint32_t family_count;
	uint32_t current; /* the family whose octets are lent */
	struct bgp__family *families[BGP_SESSION_FAMILIES_MAX];
	struct {
		const struct bgp_conn *conn;
		struct bgp_addr local;
	} conns[BGP__CONNS_MAX];
	bool removed; /* only its source and its sweeps are left */
};

struct bgp_speaker {
	struct bgp__mem mem;
	struct bgp_speaker_options options;
	struct bgp_speaker_events events;
	struct bgp__rib rib;
	struct bgp__batch *batch;
	struct bgp__source host;       /* source 0: routes of the host's own */
	struct bgp_peer *first, *last; /* in order of addition */
	struct bgp__index by_address;  /* of source numbers */
	struct bgp_peer *removed;      /* to be swept, then freed */
	struct bgp__link *retired;     /* sessions without a peer */
	struct bgp__alarms alarms;     /* of all links */
	uint32_t peer_count;
	uint32_t chores; /* sweeps and reloads not done */
	struct bgp__guard guard;
	uint64_t now_ms;
};

/* A callback of the host runs: only [cb] functions may be called. */
static inline bool
bgp__speaker_in_callback(const struct bgp_speaker *speaker)
{
	return bgp__guard_refuses(&speaker->guard);
}

/* The groups of a table, made if need be; NULL: no memory. */
struct bgp__groups *bgp__speaker_groups(struct bgp_speaker *speaker,
					struct bgp__table *table);

/* A session's deadline is earlier than it was; ctx is its link. */
void bgp__link_alarm(void *ctx, uint64_t at_ms);

/* The callbacks every session of the speaker has. */
extern const struct bgp_session_events bgp__link_events;

/* The family of a peer that a table is, or NULL. */
struct bgp__family *bgp__peer_family(struct bgp_peer *peer, bgp_family family);

/* Makes one of a table.  BGP_ERR_NOMEM. */
/* As bgp__rib_table_of. */
int bgp__peer_table_of(struct bgp__rib *rib,
		       const struct bgp_family_offer *offer,
		       struct bgp__table **out);
int bgp__peer_add_family(struct bgp_peer *peer, struct bgp__table *table);

/* Its memory; it has left everything that names it. */
void bgp__peer_free(struct bgp_peer *peer);

/* Which update group the options and the session of the peer ask for. */
struct bgp__group_key bgp__peer_key(const struct bgp_peer *peer,
				    const struct bgp__family *family);

/* Judges all routes of the peer again, in portions. */
void bgp__peer_reload(struct bgp_peer *peer);

/* A sweep or reload begins: bgp_speaker_tick must come. */
void bgp__speaker_chore(struct bgp_speaker *speaker);

/* How bgp__index knows peers, by source number; ctx is the speaker. */
extern const struct bgp__index_hooks bgp__peer_hooks;

/* Frees what is left of a removed peer once nothing names it. */
void bgp__peer_reap(struct bgp_speaker *speaker);

/* The options a peer's session is made with. */
struct bgp_session_options bgp__peer_session_options(
    const struct bgp_peer *peer);

/* Are these options ones a peer can have? */
int bgp__peer_check(const struct bgp_speaker *speaker,
		    const struct bgp_peer_options *options);

/* Copies options, name included. */
void bgp__peer_set_options(struct bgp_peer *peer,
			   const struct bgp_peer_options *options);

#endif
