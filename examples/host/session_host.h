/*
 * session_host.h - the host of one struct bgp_session that dials its peer.
 *
 * Fill in the first fields, run.  The session's callbacks get the struct as
 * their ctx; connect, cancel, close and output are the host's own.  What
 * happens to the session is logged: its states, NOTIFICATIONs both ways, a peer
 * that refuses or closes; on down all routes received are lost.  The defaults:
 * AS 64512, any AS of the peer, port 179, as router id the IPv4 address to
 * connect from, else 127.0.0.2: the peer on this machine has 127.0.0.1.
 */
#ifndef HOST_SESSION_HOST_H
#define HOST_SESSION_HOST_H

#include "bgp/session.h"
#include "conn.h"
#include "dial.h"

struct session_host {
	struct bgp_session_options options;
	struct bgp_session_events events;
	struct endpoint remote;
	struct bgp_addr local; /* to connect from; len 0: the kernel chooses,
				* and ours stands here once connected */
	/* The host's own. */
	struct loop loop;
	struct conn_set conns;
	struct dial dial;
	struct bgp_addr bind;
	struct bgp_session *session;
	int error;           /* errno of the last connection, 0: orderly */
	bool came_up;        /* at least once */
	uint64_t give_up_ms; /* UINT64_MAX until a signal came */
};

#define SESSION_HOST_INIT                                                \
	{                                                                \
		.options = BGP_SESSION_OPTIONS_INIT,                     \
		.options.local_as = 64512,                               \
		.events = { .size = sizeof(struct bgp_session_events) }, \
		.remote = { .port = 179 },                               \
	}

/*
 * Runs the session until SIGTERM or SIGINT, then ends it with Cease.  Answers
 * the exit status: 0, or 1 when it could not begin or never came up.
 */
int session_host_run(struct session_host *host);

#endif
