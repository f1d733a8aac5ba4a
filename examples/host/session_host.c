/*
 * session_host.c - one session, one dial, a loop around them.
 *
 * The turn: what arrived has been given to the session; tick it when its
 * deadline came; write what it has to say.
 */
#include "session_host.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>

#include "log.h"

#define GOODBYE_MS 2000 /* for the last octets to leave */

/* ------------------------------------------------------- connect, the dial */

static void
on_connect(void *ctx, struct bgp_session *session)
{
	struct session_host *host = ctx;
	struct socket_guard none = { .password = NULL };

	(void)session;
	dial_start(&host->dial, &host->remote, &host->bind, &none);
}

static void
on_cancel(void *ctx, struct bgp_session *session)
{
	struct session_host *host = ctx;

	(void)session;
	dial_cancel(&host->dial);
}

static void
dialed(struct dial *dial, int fd, int error)
{
	struct session_host *host =
	    (struct session_host *)(void *)((char *)dial -
					    offsetof(struct session_host,
						     dial));
	struct endpoint local = { .port = 0 };
	struct conn *conn = NULL;

	if (fd >= 0 && socket_local(fd, &local) == 0)
		host->local = local.addr;
	if (fd >= 0)
		conn = conn_new(&host->conns, fd, host);
	if (conn != NULL) {
		conn_start(conn,
			   bgp_session_connected(host->session, conn,
						 host->loop.now_ms));
		return;
	}
	log_line(LOG_INFO, "connect: %s", strerror(error ? error : errno));
	bgp_session_connect_failed(host->session, host->loop.now_ms);
}

/* A line for each change that matters to a reader. */
static void
on_state(void *ctx, struct bgp_session *session, enum bgp_state from,
	 enum bgp_state to)
{
	(void)ctx, (void)session;
	if (to == BGP_ESTABLISHED)
		log_line(LOG_INFO, "session is up");
	else if (from == BGP_ESTABLISHED)
		log_line(LOG_INFO, "session is down: its routes are lost");
}

static void
on_output(void *ctx, struct bgp_conn *bgp)
{
	(void)ctx;
	conn_output(bgp);
}

static void
on_close(void *ctx, struct bgp_conn *bgp)
{
	(void)ctx;
	conn_close(bgp);
}

/* ---------------------------------------------------------------- the loop */

static uint64_t
deadline(void *ctx)
{
	struct session_host *host = ctx;
	uint64_t due = bgp_session_deadline(host->session);

	return due < host->give_up_ms ? due : host->give_up_ms;
}

static void
turn(void *ctx)
{
	struct session_host *host = ctx;
	uint64_t now_ms = host->loop.now_ms;

	if (bgp_session_deadline(host->session) <= now_ms)
		bgp_session_tick(host->session, now_ms);
	if (host->give_up_ms != UINT64_MAX &&
	    (host->conns.count == 0 || host->give_up_ms <= now_ms))
		loop_stop(&host->loop);
}

static void
caught(void *ctx, int signal)
{
	struct session_host *host = ctx;

	(void)signal;
	if (host->give_up_ms != UINT64_MAX)
		return;
	bgp_session_stop(host->session, NULL, host->loop.now_ms);
	host->give_up_ms = host->loop.now_ms + GOODBYE_MS;
}

static int
begin(struct session_host *host)
{
	static const int signals[] = { SIGINT, SIGTERM };
	struct loop *loop = &host->loop;
	struct loop_hook ticks = { deadline, turn, host };
	struct loop_hook writes = { conn_set_deadline, conn_set_turn,
				    &host->conns };

	if (conn_set_open(&host->conns, loop) != 0 ||
	    loop_signals(loop, signals, 2, caught, host) != 0 ||
	    loop_hook(loop, &ticks) != 0 || loop_hook(loop, &writes) != 0)
		return -1;
	host->bind = host->local;
	host->give_up_ms = UINT64_MAX;
	return 0;
}

static int
run(struct session_host *host)
{
	struct bgp_session_events *events = &host->events;
	int err;

	events->ctx = host;
	events->connect = on_connect;
	events->cancel = on_cancel;
	events->close = on_close;
	events->output = on_output;
	events->state = events->state ? events->state : on_state;
	err = bgp_session_new(&host->session, &host->options, events);
	if (err == BGP_OK)
		err = bgp_session_start(host->session, host->loop.now_ms);
	if (err != BGP_OK) {
		log_line(LOG_ERROR, "session: %s", bgp_err_text(err));
		return 1;
	}
	loop_run(&host->loop);
	return 0;
}

int
session_host_run(struct session_host *host)
{
	int status = 1;

	dial_init(&host->dial, &host->loop, dialed);
	if (host->options.seed == 0 &&
	    getrandom(&host->options.seed, sizeof host->options.seed, 0) < 0)
		host->options.seed = 1;
	if (loop_open(&host->loop) != 0 || begin(host) != 0)
		log_line(LOG_ERROR, "loop: %s", strerror(errno));
	else
		status = run(host);
	dial_cancel(&host->dial);
	bgp_session_del(host->session);
	conn_set_close(&host->conns);
	loop_close(&host->loop);
	return status;
}
