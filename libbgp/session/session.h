/*
 * session.h - what a session and its connections are made of.
 *
 *   bgp_session ---> bgp_conn ---> bgp_conn ...     at most
 *     rest state       state         state          BGP_SESSION_CONNS_MAX,
 *                                                   two of them live
 *     ConnectRetry     Hold, Keepalive, DelayOpen, SendHold
 *     IdleHold         input tail, own queue, the peer's OPEN
 *
 * Each connection runs the FSM for itself; `rest` is the state while there is
 * none.  The state shown is the furthest of the live connections.  A session
 * ends one of two live connections without a word about the other.
 *
 * live     the FSM runs on it
 * closing  events.close was raised; the host still writes its last octets
 * gone     bgp_conn_closed was called; freed when the outermost call returns
 */
#ifndef BGP_SESSION_SESSION_H
#define BGP_SESSION_SESSION_H

#include "bgp/session.h"
#include "libbgp/base/guard.h"
#include "libbgp/base/mem.h"
#include "libbgp/session/queue.h"
#include "libbgp/session/stream.h"

#define BGP__NEVER UINT64_MAX

#define BGP__CONNS_LIVE        2     /* RFC 4271 6.8 */
#define BGP__COLLISION_WAIT_MS 2000u /* see collide.c */
#define BGP__LAST_DATA_MAX     512   /* octets kept of a NOTIFICATION's data */
#define BGP__HOLD_LARGE_MS     240000u /* RFC 4271 8.2.2 */
#define BGP__IDLE_HOLD_MAX_S   120u
#define BGP__RETRY_FIRST_S     1u      /* after a failed attempt, doubled */
#define BGP__UP_MS             10000u  /* up for so long: 1 s again */
#define BGP__EVENTS_MAX        8       /* that wait for one another */
#define BGP__STABLE_MS         120000u /* up for so long: faults forgiven */
#define BGP__SEND_HOLD_MIN_S   480u    /* RFC 9687 6 */

/* The peer's OPEN and what follows from it; one block of memory. */
struct bgp__agreement {
	struct bgp_codec codec;
	struct bgp_open open; /* views into octets */
	size_t size;          /* of the block */
	bool sound;           /* the OPEN could be read */
	uint8_t octets[];     /* the OPEN as it came */
};

/* An UPDATE while it is processed. */
struct bgp__received {
	struct bgp_update update;
	struct bgp_fault fault;
	struct bgp_span msg;
};

struct bgp_conn {
	struct bgp_conn *next;
	struct bgp_session *session;
	void *user;
	enum bgp_state state;
	bool ours; /* we initiated it */
	bool live, closing, gone;
	bool raise;           /* events.output is due */
	bool lent_stream;     /* what is lent is the stream's */
	bool replan;          /* some of what was lent has been confirmed */
	uint16_t hold_time_s; /* negotiated */
	uint8_t last_queued;  /* type of the last message in the own queue */
	uint8_t message;      /* type of the message that is being read */
	uint64_t hold_ms, keepalive_ms, delay_open_ms, send_hold_ms;
	uint64_t confirm_ms;     /* a KEEPALIVE that waits, see collide.c */
	uint64_t open_ms;        /* when OPENs began to be exchanged */
	uint32_t update_actions; /* of the cell Established, UpdateMsg */
	const struct bgp__received *received; /* NULL: no UPDATE is read */

	uint8_t *tail; /* begin of a message that is not complete */
	uint32_t tail_len, tail_size;

	size_t lent_len, lent_rest; /* of which the stream's rest */
	size_t
	    taken_later; /* of the stream, confirmed in the middle of things */
	struct bgp__queue queue;
	struct bgp__agreement *agreed;
};

/* A stop or reset that was asked for inside a callback. */
struct bgp__deferred {
	bool any;
	enum bgp_event event;
	uint8_t code, subcode;
	uint16_t data_len;
	uint8_t *data;
};

struct bgp_session {
	struct bgp__mem mem;
	struct bgp_session_options options; /* capabilities: own copy */
	struct bgp_session_events events;
	void *capabilities; /* the block of options.capabilities */
	size_t capabilities_len;
	uint64_t random;
	uint64_t now_ms;

	struct bgp_conn *conns;
	struct bgp_conn **born; /* accept has not answered it yet */
	enum bgp_state rest;
	enum bgp_state state; /* as last told to the host */
	bool enabled;
	bool connecting;       /* the host was asked to connect */
	bool busy;             /* inside a call: callbacks may run */
	bool dead;             /* bgp_session_del was called in a callback */
	bool start;            /* asked for inside a callback */
	bool connect_failed;   /* told inside a callback */
	bool conn_gone;        /* some connection is gone */
	bool raise_connect;    /* events.connect is due */
	bool taken_later;      /* some connection has taken_later */
	bool listens;          /* an incoming connection is welcome */
	bool admitted;         /* what the table said of the last one */
	bool damped;           /* IdleHold runs for a fault of the peer */
	uint16_t idle_hold_s;  /* next wait in Idle */
	uint16_t retry_wait_s; /* next wait before a new attempt */
	struct bgp__events *queue; /* NULL: no event is carried out */
	uint64_t connect_retry_ms, idle_hold_ms;
	uint64_t since_ms, up_ms;
	struct bgp__deferred deferred;
	struct bgp__guard *guard, own_guard;
	struct bgp__later later; /* asked for in a callback of another */

	struct bgp__stream stream;                /* lend NULL: none */
	uint64_t alarm_ms;                        /* as alarm was told */
	void (*alarm)(void *ctx, uint64_t at_ms); /* NULL: nobody asks */

	uint32_t retry_count;
	uint32_t established_count, failed_count, change_count;
	uint32_t damped_count, refused_count;
	uint32_t peer_as, peer_router_id; /* as last received */
	uint64_t messages_in[6], messages_out[6];
	uint64_t octets_in, octets_out;
	uint64_t read_ms, written_ms; /* the last of them; 0: none yet */
	uint32_t faults[4];
	struct bgp_down last;
	uint8_t *last_data;
	struct bgp__agreement *last_agreed; /* until it is up again; or NULL */
};

/* ------------------------------------------------------------ session.c */

void bgp__options_fill(struct bgp_session_options *options);
/* Carries a start out. */
void bgp__session_begin(struct bgp_session *session);

/* ------------------------------------------------------------ guard.c */

void bgp__session_guard_init(struct bgp_session *session);
/* Something waits: for the end of the call that is under way, or not. */
void bgp__session_note(struct bgp_session *session);
/* Begins a call that may run callbacks; false: one is running. */
bool bgp__session_enter(struct bgp_session *session, uint64_t now_ms);
/* Ends it: carries out what was deferred, raises output, frees; the session
 * too, where it was deleted meanwhile. */
void bgp__session_leave(struct bgp_session *session);
/* Tells who asked that the deadline is earlier than it was. */
void bgp__session_check_alarm(struct bgp_session *session);
/* Carries out stop, reset and closed connections asked for in callbacks. */
void bgp__session_deferred(struct bgp_session *session);
/* Deferred where a callback runs.  BGP_ERR_NOMEM: data cannot be kept. */
int bgp__session_defer(struct bgp_session *session, enum bgp_event event,
		       const struct bgp_notification *why);

/* ------------------------------------------------------------ conn.c */

/* BGP_ERR_LIMIT, BGP_ERR_NOMEM. */
int bgp__conn_new(struct bgp_session *session, void *user, bool ours,
		  struct bgp_conn **out);
void bgp__conn_free(struct bgp_conn *conn);
/* Neither events nor timers any more. */
void bgp__conn_forget(struct bgp_conn *conn);
/* Another live connection than this one, which may be NULL. */
struct bgp_conn *bgp__session_other(const struct bgp_session *session,
				    const struct bgp_conn *conn);

/* ------------------------------------------------------------ drive.c */

/* One event of one connection: its cell is carried out, or waits until the one
 * that raised it is.  why: the NOTIFICATION to send (NULL: that of the cell) or
 * the one that came; its data lives as long as the outermost event. */
void bgp__conn_event(struct bgp_conn *conn, enum bgp_event event,
		     const struct bgp_notification *why);
/* An OPEN came on another connection, and this one has to go or not. */
void bgp__conn_second_open(struct bgp_conn *conn, bool loses);
/* Cease, Out of Resources. */
void bgp__conn_nomem(struct bgp_conn *conn);
/* One event of the session while it has no connection. */
void bgp__session_event(struct bgp_session *session, enum bgp_event event);
/* Stop or reset: every live connection, or the session at rest. */
void bgp__session_event_all(struct bgp_session *session, enum bgp_event event,
			    const struct bgp_notification *why);
/* The host could not connect. */
void bgp__session_attempt_failed(struct bgp_session *session);
/* Tells the host of the state that follows from the connections. */
void bgp__session_settle(struct bgp_session *session);
/* A passive session never asks the host to connect. */
bool bgp__session_passive(const struct bgp_session *session);
/* 0: DelayOpen is off. */
uint64_t bgp__delay_open_ms(const struct bgp_session *session);

/* ------------------------------------------------------------ collide.c */

/* A valid OPEN came on conn.  False: conn lost and is being closed. */
bool bgp__conn_collide(struct bgp_conn *conn);
/* True: the KEEPALIVE that confirms conn has to wait, and does. */
bool bgp__conn_wait(struct bgp_conn *conn);
/* The wait is over, if there is one. */
void bgp__conn_confirm(struct bgp_conn *conn);

/* ------------------------------------------------------------ input.c */

typedef void bgp__message_handler(struct bgp_conn *conn, const uint8_t *msg,
				  size_t len);
/* Hands conn->received to the host and does what it answers. */
void bgp__conn_process_update(struct bgp_conn *conn);
/* By enum bgp_message; see dispatch.c. */
extern bgp__message_handler *const bgp__message_handlers[6];

/* ------------------------------------------------------------ open.c */

/* What our OPEN says, with room for the values of its capabilities. */
struct bgp__local_open {
	struct bgp_open open;
	uint8_t values[4 + BGP_SESSION_FAMILIES_MAX * (4 + 6 + 4 + 4)];
};

/* BGP_ERR_LIMIT: more than BGP_CAPABILITIES_MAX capabilities. */
int bgp__open_build(const struct bgp_session_options *options,
		    struct bgp__local_open *out);

/* Whom the options expect behind the peer's OPEN. */
struct bgp_open_wanted bgp__open_wanted(
    const struct bgp_session_options *options);

/* ------------------------------------------------------------ output.c */

/* Queues one message of our own; BGP_ERR_NOMEM. */
int bgp__conn_send(struct bgp_conn *conn, const uint8_t *msg, size_t len);
int bgp__conn_send_open(struct bgp_conn *conn);
int bgp__conn_send_keepalive(struct bgp_conn *conn);
/* The end of one call of input. */
void bgp__conn_settle(struct bgp_conn *conn);

/* Always queues something, unless the stream is cut inside a message and
 * there is no memory to complete it. */
void bgp__conn_send_notification(struct bgp_conn *conn,
				 const struct bgp_notification *n);
/* Carries out what bgp_conn_sent had to put off. */
void bgp__session_taken(struct bgp_session *session);
/* Takes the stream away; the rest of a message partly taken is kept. */
int bgp__conn_leave_stream(struct bgp_conn *conn);

/* ------------------------------------------------------------ timers.c */

uint64_t bgp__after_s(const struct bgp_session *session, uint32_t seconds);
/* x [0.75, 1.0], RFC 4271 10 */
uint64_t bgp__after_jittered_s(struct bgp_session *session, uint32_t seconds);
void bgp__keepalive_start(struct bgp_conn *conn);
void bgp__hold_start(struct bgp_conn *conn);
void bgp__send_hold_start(struct bgp_conn *conn);
void bgp__idle_hold_start(struct bgp_session *session);
/* soon: a wait between two attempts, else the time that one has. */
void bgp__connect_retry_start(struct bgp_session *session, bool soon);
uint64_t bgp__conn_deadline(const struct bgp_conn *conn);

#endif
