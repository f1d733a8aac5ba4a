/*
 * bgp/session.h - the conversation with one peer; no RIB, no socket, no clock.
 *
 * A session is the RFC 4271 FSM of one configured peer with its timers and up
 * to two connections, of which collision detection (6.8) leaves one.  The host
 * owns the sockets and the clock:
 *
 *     events.connect       -> open a TCP connection, then one of
 *                             bgp_session_connected, bgp_session_connect_failed
 *     a socket was accepted-> bgp_session_accept
 *     octets arrived       -> bgp_conn_input
 *     events.output        -> bgp_conn_output, writev, bgp_conn_sent, until
 *                             output answers 0 or the socket is full
 *     events.close         -> write once more what output lends, close the
 *                             socket, bgp_conn_closed
 *     socket ended         -> bgp_conn_closed
 *     bgp_session_deadline -> bgp_session_tick at that moment
 *
 * Every connection handed in ends with exactly one bgp_conn_closed, which
 * frees it.  It may end within every call that is not marked [cb], of any
 * connection of the session, and at the end of a call in whose callbacks
 * something marked [cb] was asked for: events.close says so.  now_ms is any
 * monotonic clock; it never runs back.
 *
 * From a callback, the functions marked [cb] may be called; all others answer
 * BGP_ERR_STATE there.  events.connect and events.output are raised at the end
 * of a call, with nothing half done.
 */
#ifndef BGP_SESSION_H
#define BGP_SESSION_H

#include "bgp/codec.h"
#include "bgp/fsm.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct bgp_session;
struct bgp_conn;

#define BGP_SESSION_FAMILIES_MAX 16
#define BGP_SESSION_CONNS_MAX    4 /* two live ones, and those that close */
#define BGP_SESSION_QUEUE_MAX    (1u << 20) /* octets queued by _send */

/* ----------------------------------------------------------------- options */

/*
 * One family as a side offers it; what both agree on is a struct
 * bgp_family_codec.  A field that means nothing for the family answers
 * BGP_ERR_INVALID: a form for a family that the library knows, or none for one
 * that it does not know; IPv6 next hops of a family that is not IPv4's; labels
 * of a family without; reserved octets that are not 0.
 */
struct bgp_family_offer {
	bgp_family family;
	uint8_t form;          /* enum bgp_nlri_form of an unknown family */
	bool add_path_receive; /* takes several paths, RFC 7911 */
	bool add_path_send;    /* may send several; see the layer's header */
	bool ext_next_hop;     /* takes IPv6 next hops of IPv4, RFC 8950 */
	uint8_t labels;        /* most of one NLRI, RFC 8277 2.1; 0: not said,
				* 2 and more: MULTIPLE LABELS is offered */
	bool unknown_types; /* takes NLRI of types that are not known, in EVPN,
			     * MVPN and MUP: RFC 7606 5.4; nothing is offered */
	uint8_t reserved[2];
};

struct bgp_session_options {
	size_t size; /* set by BGP_SESSION_OPTIONS_INIT */
	struct bgp_allocator alloc;
	uint64_t seed;        /* of the jitter; same seed, same octets out */
	uint32_t local_as;    /* 1 … 4294967295 */
	uint32_t peer_as;     /* 0: any AS the peer says */
	uint32_t router_id;   /* ours, not 0 */
	uint16_t hold_time_s; /* 0, or 3 and more; default 90 */
	uint16_t connect_retry_s; /* what an attempt has, and the longest wait
				   * between two; default 120, RFC 4271 10; 0
				   * counts as 1 */
	uint16_t delay_open_s;    /* default 0: DelayOpen off */
	uint16_t idle_hold_s;     /* first wait in Idle after a fault of the
				   * peer's, doubled up to 120 s while they
				   * follow one another; default 1; 0: 1 */
	uint16_t send_hold_s;     /* 0: max(480, 2 x hold), RFC 9687; else
				   * more than hold_time_s */
	bool passive;             /* never ask the host to connect */
	bool ext_message;         /* offer RFC 8654; default off */
	bool no_refresh;          /* do not offer RFC 2918; default off */
	uint8_t family_count;     /* default: IPv4 and IPv6 unicast */
	/* No family twice.  The host itself encodes what it sends, so that all
	 * of an offer is its own to keep. */
	struct bgp_family_offer families[BGP_SESSION_FAMILIES_MAX];
	const struct bgp_capability *capabilities; /* more, copied raw */
	size_t capability_count;
	/* Between two KEEPALIVEs, less a jitter; never more than a third of the
	 * negotiated hold time, and 1 s at least.  0: that third, RFC 4271 10.
	 * Less than hold_time_s, where that is not 0. */
	uint16_t keepalive_s;
};

#ifdef __cplusplus
#define BGP_SESSION_OPTIONS_INIT BGP_INIT_OF(bgp_session_options)
#else
#define BGP_SESSION_OPTIONS_INIT                                               \
	{                                                                      \
		.size = sizeof(struct bgp_session_options), .hold_time_s = 90, \
		.connect_retry_s = 120, .idle_hold_s = 1, .family_count = 2,   \
		.families = {                                                  \
			{ .family = BGP_IPV4_UNICAST },                        \
			{ .family = BGP_IPV6_UNICAST }                         \
		}                                                              \
	}
#endif
void bgp_session_options_init(struct bgp_session_options *out, size_t size);

/*
 * bgp_session_options_invalid - which field a BGP_ERR_INVALID is about.   [cb]
 *
 * "hold_time_s: 0, or 3 and more": the field and what it may be, static text;
 * the first of several.  NULL: bgp_session_new takes these options.
 */
const char *bgp_session_options_invalid(
    const struct bgp_session_options *options);

/* Why a session went down. */
enum bgp_down_cause {
	BGP_DOWN_NONE = 0,
	BGP_DOWN_SENT,      /* we sent the NOTIFICATION */
	BGP_DOWN_RECEIVED,  /* the peer sent the NOTIFICATION */
	BGP_DOWN_TRANSPORT, /* the connection ended without one */
	BGP_DOWN_CONNECT,   /* the host could not connect */
	BGP_DOWN_TIMEOUT    /* nor say so within connect_retry_s */
};

struct bgp_down {
	enum bgp_down_cause cause;
	struct bgp_notification notification; /* of SENT and RECEIVED */
	uint64_t at_ms;
	enum bgp_state state; /* in which it ended */
	/* The routes of the peer stay, as stale: the host offered graceful
	 * restart among its capabilities, and RFC 4724 4.2 or RFC 8538 4 hold
	 * here.  Of `down` only. */
	bool retain;
	/* Of a Bad Peer AS both: configured (0: any), and as the peer's OPEN
	 * said (0: none came). */
	uint32_t expected_as, peer_as;
	uint64_t reserved[4]; /* room to grow; 0 */
};

/*
 * What the session asks of its host.  Absent (NULL) callbacks are skipped; a
 * session without `connect` is passive.
 */
struct bgp_session_events {
	size_t size; /* set by BGP_SESSION_EVENTS_INIT */
	void *ctx;   /* first argument of every callback */

	/* Open a TCP connection to the peer; replaces an attempt before it. */
	void (*connect)(void *ctx, struct bgp_session *session);
	/* Abandon the attempt that connect asked for. */
	void (*cancel)(void *ctx, struct bgp_session *session);
	/* Flush what bgp_conn_output lends, close, call bgp_conn_closed. */
	void (*close)(void *ctx, struct bgp_conn *conn);
	/* bgp_conn_output has octets again, after it had none. */
	void (*output)(void *ctx, struct bgp_conn *conn);

	/* Every change of bgp_session_state. */
	void (*state)(void *ctx, struct bgp_session *session,
		      enum bgp_state from, enum bgp_state to);
	/* OPENs are exchanged; bgp_session_codec holds the agreement. */
	void (*established)(void *ctx, struct bgp_session *session);
	/* The end of an established session, after its last update. */
	void (*down)(void *ctx, struct bgp_session *session,
		     const struct bgp_down *why);
	/*
	 * One UPDATE, judged.  fault->remedy is at most WITHDRAW; msg is the
	 * whole message, for a log.  Answer BGP_OK; BGP_ERR_NOMEM ends the
	 * session with Cease/Out of Resources, BGP_ERR_LIMIT with
	 * Cease/Maximum Number of Prefixes Reached.
	 */
	int (*update)(void *ctx, struct bgp_session *session,
		      const struct bgp_update *update,
		      const struct bgp_fault *fault, struct bgp_span msg);
	/* The peer asks for its routes again. */
	void (*refresh)(void *ctx, struct bgp_session *session,
			const struct bgp_refresh *refresh);
	/*
	 * An attempt that came to its end before Established: refused, timed
	 * out, an OPEN that was not accepted, a NOTIFICATION, a transport that
	 * broke.  Not where collision detection took one of two, nor where the
	 * host itself stopped the session.
	 */
	void (*attempt_failed)(void *ctx, struct bgp_session *session,
			       const struct bgp_down *why);
};

#ifdef __cplusplus
#define BGP_SESSION_EVENTS_INIT BGP_INIT_OF(bgp_session_events)
#else
#define BGP_SESSION_EVENTS_INIT                           \
	{                                                 \
		.size = sizeof(struct bgp_session_events) \
	}
#endif
void bgp_session_events_init(struct bgp_session_events *out, size_t size);

/* --------------------------------------------------------------- lifecycle */

/*
 * bgp_session_new - a session in Idle; bgp_session_start brings it to life.
 *
 * Options and events are copied.  BGP_ERR_NOMEM; BGP_ERR_INVALID: a field is
 * out of the range its comment gives, or size is that of no version of the
 * struct, or fields are set that this library does not know.
 */
int bgp_session_new(struct bgp_session **out,
		    const struct bgp_session_options *options,
		    const struct bgp_session_events *events);

/*
 * bgp_session_del - frees all, connections included, without another callback
 * or octet.                                                               [cb]
 *
 * Within a callback the session is dead at once, as are its connections, and
 * the memory is freed when the outermost call returns; nothing of it may be
 * used any more.  NULL is BGP_OK.  BGP_ERR_STATE: the session is a speaker's.
 */
int bgp_session_del(struct bgp_session *session);

/*
 * bgp_session_start - ManualStart, or its passive form.                   [cb]
 *
 * Within a callback it takes effect when that returns; then a stop that was
 * asked for before is carried out first, and a session may so be restarted.
 * BGP_ERR_STATE: started already, and no stop waits.
 */
int bgp_session_start(struct bgp_session *session, uint64_t now_ms);

/*
 * bgp_session_stop - ManualStop: Cease/Administrative Shutdown with a text of
 * RFC 9003 (NULL: none).  The session stays in Idle until started.  Within a
 * callback it takes effect when that returns; BGP_ERR_NOMEM: there is no memory
 * to remember the text until then.                                        [cb]
 */
int bgp_session_stop(struct bgp_session *session, const char *text,
		     uint64_t now_ms);

/*
 * bgp_session_reset - AutomaticStop: the NOTIFICATION given, then a new try,
 * soon; after the idle hold time where the code is that of a fault.  Data is
 * copied.  BGP_ERR_STATE: not started. Within a callback as bgp_session_stop.
 * [cb]
 */
int bgp_session_reset(struct bgp_session *session,
		      const struct bgp_notification *why, uint64_t now_ms);

/*
 * bgp_session_restart - bgp_session_reset with Cease/Administrative Reset and a
 * text of RFC 9003 (NULL: none); BGP_ERR_NOMEM as in bgp_session_stop.    [cb]
 */
int bgp_session_restart(struct bgp_session *session, const char *text,
			uint64_t now_ms);

/* The options in force: the session's own copy, as long as it lives.      [cb]
 */
const struct bgp_session_options *bgp_session_options_get(
    const struct bgp_session *session);

/* ------------------------------------------------------------- connections */

/*
 * bgp_session_accept - a connection that the host accepted from this peer.
 * bgp_session_connected - the one that events.connect asked for.
 *
 *   user  in   what bgp_conn_user answers
 *   out   out  the connection; NULL on an error: close the socket, there is no
 *              bgp_conn_closed
 *
 * Our OPEN waits for bgp_conn_output when it returns; events.output says so.
 * BGP_ERR_STATE: from a callback; the socket may be offered again later.
 * BGP_ERR_REFUSED: not wanted now, the session is in Idle; the attempt that
 * connect asked for is over or was never made.  BGP_ERR_LIMIT: there are two
 * live connections (RFC 4271 6.8), or BGP_SESSION_CONNS_MAX with those that the
 * host has still to close.  BGP_ERR_NOMEM.  BGP_ERR_ENDED: a callback within
 * this call (stop, reset, bgp_session_del) or bgp_conn_closed in one ended it.
 * After any error of bgp_session_connected but BGP_ERR_STATE the attempt counts
 * as failed, and is made again in its time.
 */
int bgp_session_accept(struct bgp_session *session, void *user, uint64_t now_ms,
		       struct bgp_conn **out);
int bgp_session_connected(struct bgp_session *session, void *user,
			  uint64_t now_ms, struct bgp_conn **out);

/*
 * bgp_session_connect_failed - the host could not connect.                [cb]
 *
 * May be called from within events.connect itself: a synchronous error.
 * BGP_ERR_STATE: no attempt is under way.
 */
int bgp_session_connect_failed(struct bgp_session *session, uint64_t now_ms);

/*
 * bgp_conn_input - octets the socket gave, in any pieces.
 *
 * Takes all of them; borrowed for the call.  The connection may end within it:
 * events.close is raised then, and the answer is BGP_OK.  BGP_ERR_STATE: the
 * connection is being closed, or from a callback; the octets are ignored.
 */
int bgp_conn_input(struct bgp_conn *conn, const uint8_t *octets, size_t len,
		   uint64_t now_ms);

/*
 * bgp_conn_output - lend octets ready for writev.                         [cb]
 *
 * Answers the number of spans filled in, at most max; 0: nothing to send.
 * Octets lent stay valid until bgp_conn_sent, events.close or bgp_conn_closed;
 * those of a connection of a speaker not beyond bgp_speaker_tick or any
 * bgp_conn_input of that speaker, after which a peer that did not read may have
 * to be sent something newer: ask anew, and confirm nothing lent before.
 * Calling it again without bgp_conn_sent lends the same octets and what came
 * behind; after events.close, ask anew before writing.
 */
size_t bgp_conn_output(struct bgp_conn *conn, struct bgp_span *spans,
		       size_t max);

/* The socket took len octets of what was lent.  BGP_ERR_INVALID: more.    [cb]
 */
int bgp_conn_sent(struct bgp_conn *conn, size_t len, uint64_t now_ms);

/*
 * bgp_conn_closed - the transport is gone, by whichever side.             [cb]
 *
 * Frees conn, within a callback when the outermost call returns; it may not be
 * used any more.  A live connection ends with BGP_DOWN_TRANSPORT.
 */
void bgp_conn_closed(struct bgp_conn *conn, uint64_t now_ms);

void *bgp_conn_user(const struct bgp_conn *conn);                  /* [cb] */
struct bgp_session *bgp_conn_session(const struct bgp_conn *conn); /* [cb] */

/* -------------------------------------------------------------------- time */

/* The moment at which bgp_session_tick must be called; UINT64_MAX: none.  [cb]
 */
uint64_t bgp_session_deadline(const struct bgp_session *session);
/* What is due by now_ms.  BGP_ERR_STATE: from a callback; nothing was done. */
int bgp_session_tick(struct bgp_session *session, uint64_t now_ms);

/* ----------------------------------------------------------------- sending */

/*
 * bgp_session_send - queue one encoded message (UPDATE or ROUTE-REFRESH).
 *
 * Copied.  BGP_ERR_STATE: not Established.  BGP_ERR_LIMIT: the queue would pass
 * BGP_SESSION_QUEUE_MAX; try again after events.output and bgp_conn_sent.
 * BGP_ERR_INVALID: no sound header, or over the peer's limit.             [cb]
 */
int bgp_session_send(struct bgp_session *session, const uint8_t *msg,
		     size_t len);

/* --------------------------------------------------------------- questions */

enum bgp_state bgp_session_state(const struct bgp_session *session); /* [cb] */

/* What was negotiated, NULL unless Established.                           [cb]
 */
const struct bgp_codec *bgp_session_codec(const struct bgp_session *session);

/*
 * bgp_session_remote_open - the peer's OPEN, views into the session.      [cb]
 *
 * Of two connections that of the one which is further; between connections, and
 * before the next OPEN came, the one that came last, also where it was not
 * accepted.  NULL: none came, or the last could not be read.  Good until the
 * next call of the session that is not a question.
 */
const struct bgp_open *bgp_session_remote_open(
    const struct bgp_session *session);

/* Numbers for a status page. */
struct bgp_session_info {
	enum bgp_state state;
	bool enabled;               /* started and not stopped */
	uint64_t since_ms;          /* when the state was entered */
	uint32_t peer_as;           /* learned or configured; 0: not known */
	uint32_t peer_router_id;    /* 0: not known */
	uint16_t hold_time_s;       /* negotiated; 0: not Established, or off */
	uint32_t established_count; /* times the session came up */
	uint64_t messages_in[6], messages_out[6]; /* by enum bgp_message */
	uint64_t octets_in, octets_out;
	uint32_t faults[4];     /* UPDATEs by enum bgp_remedy */
	struct bgp_down last;   /* the last end, data borrowed */
	uint32_t failed_count;  /* attempts that ended before Established */
	uint32_t change_count;  /* of state */
	uint32_t damped_count;  /* waits in Idle for a fault of the peer's */
	uint32_t refused_count; /* connections that were not taken */
	bool damped;            /* such a wait runs */
	uint64_t reserved[8];   /* room to grow; 0 */
};

void bgp_session_info(const struct bgp_session *session,
		      struct bgp_session_info *out); /* [cb] */

#define BGP_TIMER_OFF UINT64_MAX

/* What is left of each timer, and how long ago octets went, in ms as of the
 * now_ms asked with.  BGP_TIMER_OFF: it does not run, or none ever went. */
struct bgp_session_timers {
	size_t size; /* set by BGP_SESSION_TIMERS_INIT */
	uint64_t hold_ms, keepalive_ms, send_hold_ms; /* RFC 4271 10, 9687 */
	uint64_t connect_retry_ms; /* until the next attempt to connect */
	uint64_t idle_hold_ms;     /* until Idle is left after a fault */
	uint64_t delay_open_ms;
	uint64_t read_ms, written_ms; /* since octets came, were taken */
	uint32_t retry_count;         /* ConnectRetryCounter, RFC 4271 8 */
	uint16_t idle_hold_s;         /* how long the next such wait is */
};

#ifdef __cplusplus
#define BGP_SESSION_TIMERS_INIT BGP_INIT_OF(bgp_session_timers)
#else
#define BGP_SESSION_TIMERS_INIT                           \
	{                                                 \
		.size = sizeof(struct bgp_session_timers) \
	}
#endif
void bgp_session_timers_init(struct bgp_session_timers *out, size_t size);

/* Fills what the host's version has.  BGP_ERR_INVALID: out->size is that of no
 * version; nothing is written.                                            [cb]
 */
int bgp_session_timers(const struct bgp_session *session, uint64_t now_ms,
		       struct bgp_session_timers *out);

/*
 * bgp_session_local_open - our OPEN as the next connection begins with it.
 *
 * Written into buf as a whole message, for bgp_open_decode; answers its length.
 * BGP_ERR_SPACE: size is too small; BGP_MESSAGE_MAX always suffices.      [cb]
 */
int bgp_session_local_open(const struct bgp_session *session, uint8_t *buf,
			   size_t size);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
