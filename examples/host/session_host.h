/*
 * session_host.h - the host of one struct bgp_session that dials its peer.
 *
 * Fill in the first fields, run.  The session's callbacks get the struct as
 * their ctx; connect, cancel, close and output are the host's own.  Going up
 * and down is logged; on down all routes heard are lost.  The defaults: AS
 * 64512, router id 127.0.0.1, any AS of the peer, port 179.
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
	uint64_t give_up_ms; /* UINT64_MAX until a signal came */
};

#define SESSION_HOST_INIT                                                   \
	{                                                                   \
		.options = BGP_SESSION_OPTIONS_INIT,                        \
		.options.local_as = 64512, .options.router_id = 0x7f000001, \
		.events = { .size = sizeof(struct bgp_session_events) },    \
		.remote = { .port = 179 },                                  \
	}

/*
 * Runs the session until SIGTERM or SIGINT, then ends it with Cease.  Answers
 * the exit status: 0, or 1 after one line on stderr.
 */
int session_host_run(struct session_host *host);

#endif
