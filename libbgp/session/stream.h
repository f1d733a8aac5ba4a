/*
 * stream.h - what the speaker is to an established session.
 *
 * A source of whole messages first: the speaker's update groups keep theirs in
 * octets shared by many peers.  A session asks this source for spans whenever
 * its own queue is empty, and puts its own messages (KEEPALIVE, ROUTE-REFRESH,
 * NOTIFICATION) only where the stream stands between two messages.
 *
 *   own queue  [KA]             [NOTIFICATION]
 *   stream            [UPDATE][UPDATE]…
 */
#ifndef BGP_SESSION_STREAM_H
#define BGP_SESSION_STREAM_H

#include "bgp/session.h"

struct bgp__stream {
	void *ctx;

	/* Spans ready to be written, at most max; the answer is their number.
	 * Same octets again until taken moves past them.  A span ends where a
	 * message ends; only the first may begin inside one. */
	size_t (*lend)(void *ctx, struct bgp_span *spans, size_t max);

	/* The socket took len octets of what was lent. */
	void (*taken)(void *ctx, size_t len);

	/* Octets left of a message that is partly taken; len 0: the stream
	 * stands between two messages. */
	struct bgp_span (*rest)(void *ctx);

	/* All whole messages of one call of input were handed over.  Errors as
	 * those of events.update. */
	int (*settle)(void *ctx);
};

/* NULL takes the source away; done by the session itself when it goes down,
 * after the rest of a message partly taken was saved in the own queue. */
void bgp__session_stream(struct bgp_session *session,
			 const struct bgp__stream *stream);

/* The stream has octets after it had none: raises events.output. */
void bgp__session_wake(struct bgp_session *session);

/* The current connection of an established session, else NULL. */
struct bgp_conn *bgp__session_conn(const struct bgp_session *session);

/* Sets what the negotiated codec checks of next hops, struct bgp_codec; call
 * when Established. */
void bgp__session_next_hops(struct bgp_session *session, bool check,
			    bool loopback,
			    const struct bgp_addr local[BGP_LOCAL_ADDRS_MAX]);

/* Sets recall of the negotiated codec; call from events.established. */
void bgp__session_recall(struct bgp_session *session,
			 const void *(*recall)(void *ctx,
					       const struct bgp_update *update),
			 void *ctx);

#endif
