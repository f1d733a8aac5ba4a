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

#include "down.h"
#include "log.h"

#define GOODBYE_MS 2000 /* for the last octets to leave */
#define RETRY_S    5    /* somebody is watching */

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
	struct bgp_conn *bgp;
	struct conn *conn = NULL;
	uint64_t due_ms;

	if (fd >= 0 && socket_local(fd, &local) == 0)
		host->local = local.addr;
	if (fd >= 0)
		conn = conn_new(&host->conns, fd, host);
	if (conn != NULL) {
		host->error = 0;
		bgp_session_connected(host->session, conn, host->loop.now_ms,
				      &bgp);
		conn_start(conn, bgp);
		return;
	}
	host->error = error ? error : errno;
	bgp_session_connect_failed(host->session, host->loop.now_ms);
	due_ms = bgp_session_deadline(host->session);
	log_line(LOG_INFO, "connect: %s; again in %.1f s",
		 strerror(host->error),
		 due_ms > host->loop.now_ms
		     ? (double)(due_ms - host->loop.now_ms) / 1000
		     : 0.0);
}

/* Why the last connection came to its end, as the peer or we had it. */
static void
log_end(const struct session_host *host, const char *what)
{
	struct bgp_session_info info;
	char text[DOWN_TEXT_MAX];

	bgp_session_info(host->session, &info);
	down_text(&info.last, host->error, host->options.peer_as, text,
		  sizeof text);
	log_line(LOG_WARNING, "%s: %s", what, text);
}

static void
on_state(void *ctx, struct bgp_session *session, enum bgp_state from,
	 enum bgp_state to)
{
	struct session_host *host = ctx;
	bool tried = from == BGP_OPENSENT || from == BGP_OPENCONFIRM;

	(void)session;
	log_line(LOG_INFO, "state: %s -> %s", bgp_state_text(from),
		 bgp_state_text(to));
	if (to == BGP_ESTABLISHED) {
		host->came_up = true;
		log_line(LOG_INFO, "session is up");
	} else if (from == BGP_ESTABLISHED) {
		log_end(host, "session is down, its routes are lost");
	} else if (tried && to < BGP_OPENSENT) {
		log_end(host, "session did not come up");
	}
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

static void
on_gone(void *ctx, struct conn *conn, int error)
{
	struct session_host *host = ctx;

	(void)conn;
	host->error = error;
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
	host->conns.gone = on_gone;
	host->conns.ctx = host;
	host->bind = host->local;
	host->give_up_ms = UINT64_MAX;
	return 0;
}

/* Two of one id do not speak to each other (RFC 4271 6.2): the address to
 * connect from is another than the peer's, and so is what stands in for it. */
static uint32_t
router_id(const struct session_host *host)
{
	uint32_t id = 0;

	if (host->bind.len != 4)
		return 0x7f000002;
	for (int i = 0; i < 4; i++)
		id = id << 8 | host->bind.octets[i];
	return id;
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
	host->options.connect_retry_s = RETRY_S;
	if (host->options.router_id == 0)
		host->options.router_id = router_id(host);
	err = bgp_session_new(&host->session, &host->options, events);
	if (err == BGP_OK)
		err = bgp_session_start(host->session, host->loop.now_ms);
	if (err != BGP_OK) {
		log_line(LOG_ERROR, "session: %s", bgp_err_text(err));
		return 1;
	}
	loop_run(&host->loop);
	return host->came_up ? 0 : 1;
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
