/*
 * bgp/fsm.h - the BGP finite state machine as a pure function.  RFC 4271 8
 *
 * (state, event, conditions) -> (actions, next state).  The function has no
 * memory and does nothing; a session carries the actions out.  It is public so
 * that a host can drive it, test it and show it.
 */
#ifndef BGP_FSM_H
#define BGP_FSM_H

#include "bgp/types.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* RFC 4271 8.2.2 */
enum bgp_state {
	BGP_IDLE,
	BGP_CONNECT,
	BGP_ACTIVE,
	BGP_OPENSENT,
	BGP_OPENCONFIRM,
	BGP_ESTABLISHED
};
#define BGP_STATE_COUNT 6

/* The numbers are those of RFC 4271 8.1; 29 is that of RFC 9687. */
enum bgp_event {
	BGP_EVENT_MANUAL_START = 1,
	BGP_EVENT_MANUAL_STOP = 2,
	BGP_EVENT_AUTOMATIC_START = 3,
	BGP_EVENT_MANUAL_START_PASSIVE = 4,
	BGP_EVENT_AUTOMATIC_START_PASSIVE = 5,
	BGP_EVENT_AUTOMATIC_START_DAMPED = 6,
	BGP_EVENT_AUTOMATIC_START_DAMPED_PASSIVE = 7,
	BGP_EVENT_AUTOMATIC_STOP = 8,
	BGP_EVENT_CONNECT_RETRY_EXPIRES = 9,
	BGP_EVENT_HOLD_EXPIRES = 10,
	BGP_EVENT_KEEPALIVE_EXPIRES = 11,
	BGP_EVENT_DELAY_OPEN_EXPIRES = 12,
	BGP_EVENT_IDLE_HOLD_EXPIRES = 13,
	BGP_EVENT_TCP_VALID = 14,     /* a request arrived */
	BGP_EVENT_TCP_INVALID = 15,   /* one that is not wanted */
	BGP_EVENT_TCP_ACKED = 16,     /* our connection is up */
	BGP_EVENT_TCP_CONFIRMED = 17, /* the peer's connection is up */
	BGP_EVENT_TCP_FAILS = 18,
	BGP_EVENT_OPEN = 19,
	BGP_EVENT_OPEN_DELAYED = 20, /* while DelayOpenTimer runs */
	BGP_EVENT_HEADER_ERROR = 21,
	BGP_EVENT_OPEN_ERROR = 22,
	BGP_EVENT_COLLISION_DUMP = 23,
	BGP_EVENT_NOTIFICATION_VERSION = 24, /* NOTIFICATION 2/1 */
	BGP_EVENT_NOTIFICATION = 25,
	BGP_EVENT_KEEPALIVE = 26,
	BGP_EVENT_UPDATE = 27,
	BGP_EVENT_UPDATE_ERROR = 28,
	BGP_EVENT_SEND_HOLD_EXPIRES = 29 /* RFC 9687 3 */
};
#define BGP_EVENT_COUNT 29

/* What a cell may ask about; OR them. */
#define BGP_FSM_IF_DELAY_OPEN     0x001u /* DelayOpen is configured */
#define BGP_FSM_IF_DELAYED        0x002u /* DelayOpenTimer runs */
#define BGP_FSM_IF_PASSIVE        0x004u /* PassiveTcpEstablishment */
#define BGP_FSM_IF_DAMPED         0x008u /* damping says: not yet */
#define BGP_FSM_IF_HOLD           0x010u /* negotiated hold time is not 0 */
#define BGP_FSM_IF_SEND_HOLD      0x020u /* send hold time is not 0 */
#define BGP_FSM_IF_BARE_NOTIFY    0x040u /* SendNOTIFICATIONwithoutOPEN */
#define BGP_FSM_IF_SECOND         0x080u /* OPEN on the tracked second one */
#define BGP_FSM_IF_COLLISION_LOST 0x100u /* … and this one has to go */
#define BGP_FSM_IF_RETAIN         0x200u /* RFC 4724 5, RFC 8538 4 hold here */

/* What a cell asks for; RFC 4271 8.2.2 uses the same words. */
#define BGP_FSM_INIT              0x00000001u /* initialise resources */
#define BGP_FSM_RELEASE           0x00000002u /* release them, stop timers */
#define BGP_FSM_COMPLETE_INIT     0x00000004u
#define BGP_FSM_DELETE_ROUTES     0x00000008u
#define BGP_FSM_RETAIN_ROUTES     0x00000010u /* RFC 4724 4.2 */
#define BGP_FSM_RETRY_COUNT_0     0x00000020u /* ConnectRetryCounter */
#define BGP_FSM_RETRY_COUNT_UP    0x00000040u
#define BGP_FSM_RETRY_START       0x00000080u /* ConnectRetryTimer */
#define BGP_FSM_RETRY_STOP        0x00000100u
#define BGP_FSM_DELAY_START       0x00000200u /* DelayOpenTimer */
#define BGP_FSM_DELAY_STOP        0x00000400u
#define BGP_FSM_HOLD_LARGE        0x00000800u /* HoldTimer: 4 minutes */
#define BGP_FSM_HOLD_START        0x00001000u /* HoldTimer: negotiated */
#define BGP_FSM_HOLD_STOP         0x00002000u
#define BGP_FSM_KEEPALIVE_START   0x00004000u /* KeepaliveTimer */
#define BGP_FSM_KEEPALIVE_STOP    0x00008000u
#define BGP_FSM_SEND_HOLD_START   0x00010000u /* SendHoldTimer */
#define BGP_FSM_CONNECT           0x00020000u /* initiate TCP */
#define BGP_FSM_LISTEN            0x00040000u
#define BGP_FSM_DROP              0x00080000u /* drop the TCP connection */
#define BGP_FSM_SEND_OPEN         0x00100000u
#define BGP_FSM_SEND_KEEPALIVE    0x00200000u
#define BGP_FSM_SEND_NOTIFICATION 0x00400000u
#define BGP_FSM_TRACK             0x00800000u /* a second connection, 6.8 */
#define BGP_FSM_COLLIDE           0x01000000u /* look for a collision, 6.8 */
#define BGP_FSM_DAMP              0x02000000u /* DampPeerOscillations */
#define BGP_FSM_ACCEPT_TCP        0x04000000u /* process the request */
#define BGP_FSM_REFUSE_TCP        0x08000000u
#define BGP_FSM_SET_KIND          0x10000000u /* internal or external */
#define BGP_FSM_PROCESS_UPDATE    0x20000000u

/* The subcode is that of the error found or of the reason given. */
#define BGP_FSM_SUBCODE_GIVEN 255

struct bgp_fsm_step {
	uint32_t actions; /* BGP_FSM_… */
	enum bgp_state next;
	uint8_t code;    /* of SEND_NOTIFICATION, else 0 */
	uint8_t subcode; /* or BGP_FSM_SUBCODE_GIVEN */
	uint8_t data;    /* its one octet of data, 0: none; RFC 6608 3 */
};

/*
 * bgp_fsm_step - one cell of the table.                    RFC 4271 8.2.2
 *
 *   conditions  in  BGP_FSM_IF_…; a cell looks only at those it knows
 *
 * An event that a state ignores, and one that cannot occur there, asks for
 * nothing and stays.  State or event out of range: likewise.
 */
struct bgp_fsm_step bgp_fsm_step(enum bgp_state state, enum bgp_event event,
				 uint32_t conditions);

/* "Idle", "Connect", …; never NULL. */
const char *bgp_state_text(enum bgp_state state);

/* "ManualStart", …, the names of RFC 4271 8.1; never NULL. */
const char *bgp_event_text(enum bgp_event event);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
