/*
 * listener.c - the ports of a speaker_host: who knocks, and who is let in.
 *
 * Up to ACCEPTS_MAX connections are taken in a turn of each listener.  Without
 * a descriptor left they all pause for a second: the queue of the kernel waits
 * for us, and epoll does not spin.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "log.h"
#include "speaker_host.h"

#define ACCEPTS_MAX 64
#define PAUSE_MS    1000

#define REFUSE_LOG_MS 1000  /* strangers: one line, with how many they were */
#define PAUSE_LOG_MS  60000 /* no descriptors: the same */

/* ------------------------------------------------------------------ accept */

static void
refuse(struct speaker_host *host, int fd, const struct endpoint *remote,
       const char *why)
{
	char text[ENDPOINT_TEXT_MAX];
	unsigned left_out;

	if (log_limit(&host->refuse_log, host->loop->now_ms, REFUSE_LOG_MS,
		      &left_out)) {
		endpoint_text(remote, text, sizeof text);
		log_line(LOG_INFO,
			 "connection from %s refused: %s (%u more before)",
			 text, why, left_out);
	}
	close(fd);
}

static void
admit(struct speaker_host *host, int fd, const struct endpoint *remote)
{
	struct bgp_peer *peer = bgp_peer_find(host->speaker, &remote->addr);
	const char *why = "no memory";
	struct neighbor *n = peer ? bgp_peer_user(peer)
				  : neighbor_appear(host, &remote->addr, &why);
	struct endpoint local;
	struct bgp_conn *bgp;
	struct conn *conn;

	if (n == NULL) {
		refuse(host, fd, remote, why);
		return;
	}
	if (socket_local(fd, &local) != 0 ||
	    (n->config->gtsm_hops != 0 &&
	     socket_gtsm(fd, n->config->gtsm_hops) != 0)) {
		refuse(host, fd, remote, strerror(errno));
		neighbor_update_waiting(n);
		return;
	}
	conn = conn_new(&host->conns, fd, n);
	if (conn == NULL) {
		neighbor_update_waiting(n);
		return;
	}
	neighbor_conn_opened(n);
	bgp_peer_accept(n->peer, &local.addr, conn, host->loop->now_ms, &bgp);
	n->refused += bgp == NULL;
	conn_start(conn, bgp);
}

static void
pause_listening(struct speaker_host *host)
{
	unsigned left_out;

	if (log_limit(&host->pause_log, host->loop->now_ms, PAUSE_LOG_MS,
		      &left_out))
		log_line(LOG_WARNING,
			 "accept: %s; again in %u ms (%u times before)",
			 strerror(errno), PAUSE_MS, left_out);
	host->paused = true;
	host->resume_ms = host->loop->now_ms + PAUSE_MS;
	for (size_t i = 0; i < host->listener_count; i++)
		loop_change(host->loop, &host->listeners[i]->watch, 0);
}

void
listeners_resume(struct speaker_host *host)
{
	if (!host->paused || host->resume_ms > host->loop->now_ms)
		return;
	host->paused = false;
	for (size_t i = 0; i < host->listener_count; i++)
		loop_change(host->loop, &host->listeners[i]->watch, EPOLLIN);
}

static void
ready(struct watch *watch, uint32_t events)
{
	struct listener *listener = watch->memory;
	struct endpoint remote;

	(void)events;
	for (int i = 0; i < ACCEPTS_MAX; i++) {
		int fd = socket_accept(watch->fd, &remote);

		if (fd >= 0)
			admit(listener->host, fd, &remote);
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return;
		else if (errno == EMFILE || errno == ENFILE ||
			 errno == ENOBUFS || errno == ENOMEM) {
			pause_listening(listener->host);
			return;
		}
	}
}

/* ------------------------------------------------------------------ listen */

static int
open_listener(struct speaker_host *host, const struct endpoint *at)
{
	struct listener *listener = calloc(1, sizeof *listener);
	int fd = listener ? socket_listen(at) : -1;

	if (fd < 0) {
		free(listener);
		return -1;
	}
	listener->host = host;
	listener->at = *at;
	listener->watch.ready = ready;
	listener->watch.memory = listener;
	/* The answer to a SYN must pass the check of a peer with GTSM. */
	if (socket_gtsm(fd, 0) != 0 ||
	    loop_watch(host->loop, &listener->watch, fd, EPOLLIN) != 0) {
		close(fd);
		free(listener);
		return -1;
	}
	host->listeners[host->listener_count++] = listener;
	return 0;
}

static bool
is_wanted(const struct endpoint *at, const struct endpoint *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].port == at->port &&
		    bgp_addr_compare(&list[i].addr, &at->addr) == 0)
			return true;
	return false;
}

static void
close_unwanted(struct speaker_host *host, const struct endpoint *at,
	       size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < host->listener_count; i++) {
		struct listener *listener = host->listeners[i];

		if (is_wanted(&listener->at, at, count))
			host->listeners[kept++] = listener;
		else
			loop_release(host->loop, &listener->watch);
	}
	host->listener_count = kept;
}

static int
listen_at(struct speaker_host *host, const struct endpoint *at)
{
	char text[ENDPOINT_TEXT_MAX];
	int status;

	for (size_t i = 0; i < host->listener_count; i++)
		if (is_wanted(&host->listeners[i]->at, at, 1))
			return 0;
	endpoint_text(at, text, sizeof text);
	errno = ENOSPC;
	status = host->listener_count < LISTENERS_MAX ? open_listener(host, at)
						      : -1;
	if (status == 0)
		log_line(LOG_INFO, "listening on %s", text);
	else
		log_line(LOG_ERROR, "listen on %s: %s", text, strerror(errno));
	return status;
}

int
speaker_host_listen(struct speaker_host *host, const struct endpoint *at,
		    size_t count)
{
	int status = 0;

	close_unwanted(host, at, count);
	for (size_t i = 0; i < count; i++)
		if (listen_at(host, &at[i]) != 0)
			status = -1;
	if (count > 0)
		neighbors_apply_keys(host);
	return status;
}
