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

/* "Idle", "Connect", …; never NULL. */
const char *bgp_state_text(enum bgp_state state);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
