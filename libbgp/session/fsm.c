/*
 * fsm.c - one step of the BGP finite state machine.           RFC 4271 8.2.2
 *
 *   (state, event) -> cell -- has it choices? --> the first whose conditions
 *                                                 hold, else the cell itself
 *
 * All knowledge is in fsm_table.c; here it is only looked up.
 */
#include "libbgp/session/fsm_table.h"

static const char *const state_names[BGP_STATE_COUNT] = {
	"Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established"
};

static const char *const event_names[BGP_EVENT_COUNT + 1] = {
	[BGP_EVENT_MANUAL_START] = "ManualStart",
	[BGP_EVENT_MANUAL_STOP] = "ManualStop",
	[BGP_EVENT_AUTOMATIC_START] = "AutomaticStart",
	[BGP_EVENT_MANUAL_START_PASSIVE] =
	    "ManualStart_with_PassiveTcpEstablishment",
	[BGP_EVENT_AUTOMATIC_START_PASSIVE] =
	    "AutomaticStart_with_PassiveTcpEstablishment",
	[BGP_EVENT_AUTOMATIC_START_DAMPED] =
	    "AutomaticStart_with_DampPeerOscillations",
	[BGP_EVENT_AUTOMATIC_START_DAMPED_PASSIVE] =
	    "AutomaticStart_with_DampPeerOscillations_and_"
	    "PassiveTcpEstablishment",
	[BGP_EVENT_AUTOMATIC_STOP] = "AutomaticStop",
	[BGP_EVENT_CONNECT_RETRY_EXPIRES] = "ConnectRetryTimer_Expires",
	[BGP_EVENT_HOLD_EXPIRES] = "HoldTimer_Expires",
	[BGP_EVENT_KEEPALIVE_EXPIRES] = "KeepaliveTimer_Expires",
	[BGP_EVENT_DELAY_OPEN_EXPIRES] = "DelayOpenTimer_Expires",
	[BGP_EVENT_IDLE_HOLD_EXPIRES] = "IdleHoldTimer_Expires",
	[BGP_EVENT_TCP_VALID] = "TcpConnection_Valid",
	[BGP_EVENT_TCP_INVALID] = "Tcp_CR_Invalid",
	[BGP_EVENT_TCP_ACKED] = "Tcp_CR_Acked",
	[BGP_EVENT_TCP_CONFIRMED] = "TcpConnectionConfirmed",
	[BGP_EVENT_TCP_FAILS] = "TcpConnectionFails",
	[BGP_EVENT_OPEN] = "BGPOpen",
	[BGP_EVENT_OPEN_DELAYED] = "BGPOpen with DelayOpenTimer running",
	[BGP_EVENT_HEADER_ERROR] = "BGPHeaderErr",
	[BGP_EVENT_OPEN_ERROR] = "BGPOpenMsgErr",
	[BGP_EVENT_COLLISION_DUMP] = "OpenCollisionDump",
	[BGP_EVENT_NOTIFICATION_VERSION] = "NotifMsgVerErr",
	[BGP_EVENT_NOTIFICATION] = "NotifMsg",
	[BGP_EVENT_KEEPALIVE] = "KeepAliveMsg",
	[BGP_EVENT_UPDATE] = "UpdateMsg",
	[BGP_EVENT_UPDATE_ERROR] = "UpdateMsgErr",
	[BGP_EVENT_SEND_HOLD_EXPIRES] = "SendHoldTimer_Expires",
};

static const struct bgp__fsm_cell *
find_cell(unsigned state, unsigned event, uint32_t conditions)
{
	for (size_t i = 0; i < bgp__fsm_choice_count; i++) {
		const struct bgp__fsm_choice *choice = bgp__fsm_choices + i;

		if (choice->state == state && choice->event == event &&
		    (conditions & choice->all) == choice->all)
			return &choice->cell;
	}
	return &bgp__fsm_cells[event][state];
}

struct bgp_fsm_step
bgp_fsm_step(enum bgp_state state, enum bgp_event event, uint32_t conditions)
{
	struct bgp_fsm_step step = { .next = state };
	const struct bgp__fsm_cell *cell;

	if ((unsigned)state >= BGP_STATE_COUNT || (unsigned)event < 1 ||
	    (unsigned)event > BGP_EVENT_COUNT)
		return step;
	cell = find_cell((unsigned)state, (unsigned)event, conditions);
	step.actions = cell->actions;
	step.next = (enum bgp_state)cell->next;
	step.code = cell->code;
	step.subcode = cell->subcode;
	step.data = cell->data;
	return step;
}

const char *
bgp_state_text(enum bgp_state state)
{
	return (unsigned)state < BGP_STATE_COUNT ? state_names[state]
						 : "unknown";
}

const char *
bgp_event_text(enum bgp_event event)
{
	return (unsigned)event >= 1 && (unsigned)event <= BGP_EVENT_COUNT
	    ? event_names[event]
	    : "unknown";
}
