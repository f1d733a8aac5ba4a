/*
 * fsm_table.c - the 29 x 6 cells of the BGP finite state machine.
 *
 * A row is an event, a column a state.  Where a cell depends on a condition it
 * holds the outcome without it, and bgp__fsm_choices the others.
 *
 *               Idle | Connect | Active | OpenSent | OpenConfirm | Established
 *
 * RFC 4271 8.2.2 with RFC 4724 5, RFC 6608 3, RFC 9687 3 and erratum 2838.
 * Three readings where the text contradicts itself or is silent:
 *
 *   NOTIFICATION in OpenSent   closes silently: a NOTIFICATION is never
 *                              answered (6.4), though 8.2.2 asks for 5/0
 *   bad header, Established    says 1/x as 6.1 demands, not 5/0
 *   a connection in Idle       is refused
 */
#include "libbgp/session/fsm_table.h"

/* clang-format off */

/* Short words for this file, in the order of bgp/fsm.h. */
#define INIT  BGP_FSM_INIT
#define REL   BGP_FSM_RELEASE
#define CINIT BGP_FSM_COMPLETE_INIT
#define DEL   BGP_FSM_DELETE_ROUTES
#define RETN  BGP_FSM_RETAIN_ROUTES
#define CRC0  BGP_FSM_RETRY_COUNT_0
#define CRCU  BGP_FSM_RETRY_COUNT_UP
#define CRTS  BGP_FSM_RETRY_START
#define CRT0  BGP_FSM_RETRY_STOP
#define DOTS  BGP_FSM_DELAY_START
#define DOT0  BGP_FSM_DELAY_STOP
#define HT4   BGP_FSM_HOLD_LARGE
#define HTN   BGP_FSM_HOLD_START
#define HT0   BGP_FSM_HOLD_STOP
#define KAS   BGP_FSM_KEEPALIVE_START
#define KA0   BGP_FSM_KEEPALIVE_STOP
#define SHTS  BGP_FSM_SEND_HOLD_START
#define TCPI  BGP_FSM_CONNECT
#define LSN   BGP_FSM_LISTEN
#define DROP  BGP_FSM_DROP
#define TXO   BGP_FSM_SEND_OPEN
#define TXK   BGP_FSM_SEND_KEEPALIVE
#define TXN   BGP_FSM_SEND_NOTIFICATION
#define TRK   BGP_FSM_TRACK
#define COLL  BGP_FSM_COLLIDE
#define DAMP  BGP_FSM_DAMP
#define TAKE  BGP_FSM_ACCEPT_TCP
#define DENY  BGP_FSM_REFUSE_TCP
#define KIND  BGP_FSM_SET_KIND
#define UPD   BGP_FSM_PROCESS_UPDATE
#define GIVEN BGP_FSM_SUBCODE_GIVEN

#define GO(next, actions) { (actions), BGP_##next, 0, 0, 0 }

/* The event is ignored. */
#define STAY_I  GO(IDLE, 0)
#define STAY_C  GO(CONNECT, 0)
#define STAY_A  GO(ACTIVE, 0)
#define STAY_S  GO(OPENSENT, 0)
#define STAY_O  GO(OPENCONFIRM, 0)
#define STAY_E  GO(ESTABLISHED, 0)

/* To Idle: before the OPEN, after it, with a NOTIFICATION, out of
 * Established. */
#define EARLY   GO(IDLE, CRT0 | DOT0 | REL | DROP | CRCU | DAMP)
#define LATE    GO(IDLE, CRT0 | REL | DROP | CRCU | DAMP)
#define LOST    GO(IDLE, CRT0 | DEL | REL | DROP | CRCU)
#define SAY(code, subcode, data)                                          \
	{ TXN | CRT0 | REL | DROP | CRCU | DAMP, BGP_IDLE, code, subcode, \
	  data }
#define END(code, subcode, data)                                           \
	{ TXN | CRT0 | DEL | REL | DROP | CRCU | DAMP, BGP_IDLE, code,     \
	  subcode, data }

/* A timer that is stopped in these states: an error of the machine. */
#define NEVER   SAY(5, 0, 0), SAY(5, 0, 0), END(5, 0, 0)

#define OPENED  (CRT0 | CINIT | DOT0 | TXO | TXK | KIND)
#define RUNNING (HTN | KAS)
#define RESTING (HT0 | KA0)

const struct bgp__fsm_cell bgp__fsm_cells[BGP_EVENT_COUNT + 1]
					 [BGP_STATE_COUNT] = {
	[BGP_EVENT_MANUAL_START] = /* RFC 4271 8.1.2, 8.2.2 */
	    { GO(CONNECT, INIT | CRC0 | CRTS | TCPI | LSN), STAY_C, STAY_A,
	      STAY_S, STAY_O, STAY_E },
	[BGP_EVENT_MANUAL_STOP] = /* 6.7, RFC 4486 4 */
	    { STAY_I, GO(IDLE, DROP | REL | CRC0 | CRT0),
	      GO(IDLE, REL | DOT0 | DROP | CRC0 | CRT0),
	      { TXN | CRT0 | REL | DROP | CRC0, BGP_IDLE, 6, 2, 0 },
	      { TXN | CRT0 | REL | DROP | CRC0, BGP_IDLE, 6, 2, 0 },
	      { TXN | CRT0 | DEL | REL | DROP | CRC0, BGP_IDLE, 6, 2, 0 } },
	[BGP_EVENT_AUTOMATIC_START] =
	    { GO(CONNECT, INIT | CRC0 | CRTS | TCPI | LSN), STAY_C, STAY_A,
	      STAY_S, STAY_O, STAY_E },
	[BGP_EVENT_MANUAL_START_PASSIVE] =
	    { GO(ACTIVE, INIT | CRC0 | CRTS | LSN), STAY_C, STAY_A, STAY_S,
	      STAY_O, STAY_E },
	[BGP_EVENT_AUTOMATIC_START_PASSIVE] =
	    { GO(ACTIVE, INIT | CRC0 | CRTS | LSN), STAY_C, STAY_A, STAY_S,
	      STAY_O, STAY_E },
	[BGP_EVENT_AUTOMATIC_START_DAMPED] = /* 8.1.1 */
	    { GO(CONNECT, INIT | CRC0 | CRTS | TCPI | LSN), STAY_C, STAY_A,
	      STAY_S, STAY_O, STAY_E },
	[BGP_EVENT_AUTOMATIC_START_DAMPED_PASSIVE] =
	    { GO(ACTIVE, INIT | CRC0 | CRTS | LSN), STAY_C, STAY_A, STAY_S,
	      STAY_O, STAY_E },
	[BGP_EVENT_AUTOMATIC_STOP] = /* 6.7, RFC 4486 4 */
	    { STAY_I, EARLY, EARLY, SAY(6, GIVEN, 0), SAY(6, GIVEN, 0),
	      END(6, GIVEN, 0) },

	[BGP_EVENT_CONNECT_RETRY_EXPIRES] = /* 8.1.3 */
	    { STAY_I, GO(CONNECT, DROP | CRTS | DOT0 | TCPI | LSN),
	      GO(CONNECT, CRTS | TCPI | LSN), NEVER },
	[BGP_EVENT_HOLD_EXPIRES] = /* 6.5; erratum 2838 */
	    { STAY_I, EARLY, EARLY, SAY(4, 0, 0), SAY(4, 0, 0), END(4, 0, 0) },
	[BGP_EVENT_KEEPALIVE_EXPIRES] = /* 4.4 */
	    { STAY_I, EARLY, EARLY, SAY(5, 0, 0),
	      GO(OPENCONFIRM, TXK | KAS), GO(ESTABLISHED, TXK) },
	[BGP_EVENT_DELAY_OPEN_EXPIRES] =
	    { STAY_I, GO(OPENSENT, TXO | HT4),
	      GO(OPENSENT, CRT0 | DOT0 | CINIT | TXO | HT4), NEVER },
	[BGP_EVENT_IDLE_HOLD_EXPIRES] = /* as AutomaticStart */
	    { GO(CONNECT, INIT | CRC0 | CRTS | TCPI | LSN), EARLY, EARLY,
	      NEVER },

	[BGP_EVENT_TCP_VALID] = /* 8.1.4 */
	    { GO(IDLE, DENY), GO(CONNECT, TAKE), GO(ACTIVE, TAKE),
	      GO(OPENSENT, TRK), GO(OPENCONFIRM, TRK), GO(ESTABLISHED, TRK) },
	[BGP_EVENT_TCP_INVALID] =
	    { STAY_I, GO(CONNECT, DENY), GO(ACTIVE, DENY), STAY_S, STAY_O,
	      STAY_E },
	[BGP_EVENT_TCP_ACKED] =
	    { GO(IDLE, DENY), GO(OPENSENT, CRT0 | CINIT | TXO | HT4),
	      GO(OPENSENT, CRT0 | CINIT | TXO | HT4), GO(OPENSENT, TRK),
	      GO(OPENCONFIRM, TRK), GO(ESTABLISHED, TRK) },
	[BGP_EVENT_TCP_CONFIRMED] =
	    { GO(IDLE, DENY), GO(OPENSENT, CRT0 | CINIT | TXO | HT4),
	      GO(OPENSENT, CRT0 | CINIT | TXO | HT4), GO(OPENSENT, TRK),
	      GO(OPENCONFIRM, TRK), GO(ESTABLISHED, TRK) },
	[BGP_EVENT_TCP_FAILS] =
	    { STAY_I, GO(IDLE, CRT0 | DROP | REL),
	      GO(IDLE, CRTS | DOT0 | REL | CRCU | DAMP),
	      GO(ACTIVE, DROP | CRTS | LSN), LATE, LOST },

	[BGP_EVENT_OPEN] = /* 6.2, 6.8; RFC 6608 3 */
	    { STAY_I, EARLY, EARLY,
	      GO(OPENCONFIRM, COLL | DOT0 | CRT0 | TXK | KIND | RESTING),
	      SAY(5, 2, 1), END(5, 3, 1) },
	[BGP_EVENT_OPEN_DELAYED] =
	    { STAY_I, GO(OPENCONFIRM, OPENED | RESTING),
	      GO(OPENCONFIRM, OPENED | RESTING), NEVER },
	[BGP_EVENT_HEADER_ERROR] = /* 6.1 */
	    { STAY_I, LATE, LATE, SAY(1, GIVEN, 0), SAY(1, GIVEN, 0),
	      END(1, GIVEN, 0) },
	[BGP_EVENT_OPEN_ERROR] = /* 6.2 */
	    { STAY_I, LATE, LATE, SAY(2, GIVEN, 0), SAY(2, GIVEN, 0),
	      END(5, 3, 1) },
	[BGP_EVENT_COLLISION_DUMP] = /* 6.8, RFC 4486 4 */
	    { STAY_I, EARLY, EARLY, SAY(6, 7, 0), SAY(6, 7, 0),
	      END(6, 7, 0) },
	[BGP_EVENT_NOTIFICATION_VERSION] = /* 6.4, 7 */
	    { STAY_I, LATE, LATE, GO(IDLE, CRT0 | REL | DROP),
	      GO(IDLE, CRT0 | REL | DROP), LOST },
	[BGP_EVENT_NOTIFICATION] = /* 6.4 */
	    { STAY_I, EARLY, EARLY, LATE, LATE, LOST },
	[BGP_EVENT_KEEPALIVE] = /* 4.4; RFC 6608 3 */
	    { STAY_I, EARLY, EARLY, SAY(5, 1, 4), GO(ESTABLISHED, 0),
	      STAY_E },
	[BGP_EVENT_UPDATE] = /* 6.3; RFC 6608 3 */
	    { STAY_I, EARLY, EARLY, SAY(5, 1, 2), SAY(5, 2, 2),
	      GO(ESTABLISHED, UPD) },
	[BGP_EVENT_UPDATE_ERROR] = /* RFC 7606 2; RFC 6608 3 */
	    { STAY_I, EARLY, EARLY, SAY(5, 1, 2), SAY(5, 2, 2),
	      END(3, GIVEN, 0) },
	[BGP_EVENT_SEND_HOLD_EXPIRES] = /* RFC 9687 3 */
	    { STAY_I, STAY_C, STAY_A, STAY_S, STAY_O, END(8, 0, 0) },
};

#define IF(state, event, all, ...)                              \
	{ BGP_##state, BGP_EVENT_##event, (uint16_t)(all), __VA_ARGS__ }
#define DELAY    BGP_FSM_IF_DELAY_OPEN
#define DELAYED  BGP_FSM_IF_DELAYED
#define PASSIVE  BGP_FSM_IF_PASSIVE
#define DAMPED   BGP_FSM_IF_DAMPED
#define HOLD     BGP_FSM_IF_HOLD
#define SENDHOLD BGP_FSM_IF_SEND_HOLD
#define BARE     BGP_FSM_IF_BARE_NOTIFY
#define SECOND   BGP_FSM_IF_SECOND
#define LOSER    BGP_FSM_IF_COLLISION_LOST
#define RETAIN   BGP_FSM_IF_RETAIN

const struct bgp__fsm_choice bgp__fsm_choices[] = {
	/* 8.1.1: damping decides whether an automatic start counts */
	IF(IDLE, AUTOMATIC_START_DAMPED, DAMPED, STAY_I),
	IF(IDLE, AUTOMATIC_START_DAMPED_PASSIVE, DAMPED, STAY_I),
	IF(IDLE, IDLE_HOLD_EXPIRES, PASSIVE,
	    GO(ACTIVE, INIT | CRC0 | CRTS | LSN)),

	/* 8.2.1.3: a NOTIFICATION before our OPEN, where allowed */
	IF(ACTIVE, MANUAL_STOP, DELAYED | BARE,
	    { TXN | REL | DOT0 | DROP | CRC0 | CRT0, BGP_IDLE, 6, 2, 0 }),
	IF(CONNECT, HEADER_ERROR, BARE, SAY(1, GIVEN, 0)),
	IF(ACTIVE, HEADER_ERROR, BARE, SAY(1, GIVEN, 0)),
	IF(CONNECT, OPEN_ERROR, BARE, SAY(2, GIVEN, 0)),
	IF(ACTIVE, OPEN_ERROR, BARE, SAY(2, GIVEN, 0)),
	IF(CONNECT, COLLISION_DUMP, BARE, SAY(6, 7, 0)),
	IF(ACTIVE, COLLISION_DUMP, BARE, SAY(6, 7, 0)),

	/* 8.2.1.3: DelayOpen */
	IF(CONNECT, TCP_ACKED, DELAY, GO(CONNECT, CRT0 | DOTS)),
	IF(CONNECT, TCP_CONFIRMED, DELAY, GO(CONNECT, CRT0 | DOTS)),
	IF(ACTIVE, TCP_ACKED, DELAY, GO(ACTIVE, CRT0 | DOTS)),
	IF(ACTIVE, TCP_CONFIRMED, DELAY, GO(ACTIVE, CRT0 | DOTS)),
	IF(CONNECT, TCP_FAILS, DELAYED, GO(ACTIVE, CRTS | DOT0 | LSN)),
	IF(CONNECT, NOTIFICATION_VERSION, DELAYED,
	    GO(IDLE, CRT0 | DOT0 | REL | DROP)),
	IF(ACTIVE, NOTIFICATION_VERSION, DELAYED,
	    GO(IDLE, CRT0 | DOT0 | REL | DROP)),

	/* 4.2: timers only where the hold time is not 0 */
	IF(CONNECT, OPEN_DELAYED, HOLD, GO(OPENCONFIRM, OPENED | RUNNING)),
	IF(ACTIVE, OPEN_DELAYED, HOLD, GO(OPENCONFIRM, OPENED | RUNNING)),
	IF(OPENSENT, OPEN, HOLD,
	    GO(OPENCONFIRM, COLL | DOT0 | CRT0 | TXK | KIND | RUNNING)),
	IF(OPENCONFIRM, KEEPALIVE, HOLD | SENDHOLD, /* RFC 9687 3 */
	    GO(ESTABLISHED, HTN | SHTS)),
	IF(OPENCONFIRM, KEEPALIVE, HOLD, GO(ESTABLISHED, HTN)),
	IF(ESTABLISHED, KEEPALIVE_EXPIRES, HOLD, GO(ESTABLISHED, TXK | KAS)),
	IF(ESTABLISHED, KEEPALIVE, HOLD, GO(ESTABLISHED, HTN)),
	IF(ESTABLISHED, UPDATE, HOLD, GO(ESTABLISHED, UPD | HTN)),

	/* 6.8: the OPEN of the tracked second connection */
	IF(OPENCONFIRM, OPEN, SECOND | LOSER, SAY(6, 7, 0)),
	IF(OPENCONFIRM, OPEN, SECOND, STAY_O),
	IF(ESTABLISHED, OPEN, SECOND | LOSER, END(6, 7, 0)),
	IF(ESTABLISHED, OPEN, SECOND, STAY_E),

	/* RFC 4724 5, RFC 8538 4: the peer restarts, its routes stay */
	IF(ESTABLISHED, TCP_ACKED, RETAIN,
	    GO(CONNECT, RETN | REL | DROP | INIT | CRC0 | CRTS)),
	IF(ESTABLISHED, TCP_CONFIRMED, RETAIN,
	    GO(CONNECT, RETN | REL | DROP | INIT | CRC0 | CRTS)),
	IF(ESTABLISHED, TCP_FAILS, RETAIN,
	    GO(IDLE, CRT0 | RETN | REL | DROP | CRCU)),
	IF(ESTABLISHED, NOTIFICATION_VERSION, RETAIN,
	    GO(IDLE, CRT0 | RETN | REL | DROP | CRCU)),
	IF(ESTABLISHED, NOTIFICATION, RETAIN,
	    GO(IDLE, CRT0 | RETN | REL | DROP | CRCU)),
};

/* clang-format on */

const size_t bgp__fsm_choice_count = sizeof bgp__fsm_choices /
    sizeof bgp__fsm_choices[0];
