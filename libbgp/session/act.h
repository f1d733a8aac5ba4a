/*
 * act.h - what carries a cell of the FSM out; see drive.c and act.c.
 */
#ifndef BGP_SESSION_ACT_H
#define BGP_SESSION_ACT_H

#include "libbgp/session/session.h"

/* One event on its way through the table; lives while it is carried out. */
struct bgp__step {
	struct bgp_session *session;
	struct bgp_conn *conn; /* NULL: the session at rest */
	enum bgp_event event;
	const struct bgp_notification *why; /* given, or received; or NULL */
	struct bgp_fsm_step cell;
	enum bgp_state from;
	bool ending;          /* the connection ends with it */
	bool whole;           /* what the cell says of the session counts */
	bool superseded;      /* the rest of the cell is not carried out */
	struct bgp_down down; /* where something ends */
	uint8_t down_data;    /* RFC 6608 3 */
};

/* An executor for each bit of BGP_FSM_…, in the order in which those of one
 * cell are carried out. */
struct bgp__action {
	uint32_t bit;
	void (*run)(struct bgp__step *step);
};

extern const struct bgp__action bgp__actions[];
extern const size_t bgp__action_count;

/* BGP_FSM_IF_… that hold now; conn NULL: for the session at rest. */
uint32_t bgp__conditions(const struct bgp_session *session,
			 const struct bgp_conn *conn, enum bgp_event event,
			 const struct bgp_notification *why);

/* Does this end count against the peer?  See act.c. */
bool bgp__down_is_fault(const struct bgp_down *down);

/* ------------------------------------------------------------ end.c */

/* Fills in step->down. */
void bgp__end_describe(struct bgp__step *step);
/* Keeps step->down as the last end. */
void bgp__end_remember(struct bgp__step *step);
/* Forgets the OPEN of the last end. */
void bgp__last_open_drop(struct bgp_session *session);
/* The host is to close the transport. */
void bgp__end_close(struct bgp_conn *conn);
/* Tells the host that the session, or an attempt, came to its end. */
void bgp__end_report(struct bgp__step *step, bool retain);
/* Gives up the attempt that the host was asked for. */
void bgp__attempt_cancel(struct bgp_session *session);

#endif
