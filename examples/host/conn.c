/*
 * conn.c - octets between a socket and a struct bgp_conn.
 *
 * The library may end a connection from any call made here (events.close), and
 * then frees its side: after each such call conn->bgp tells whether it still
 * is.  The struct conn itself lives until the turn of the loop ends.
 */
#include "conn.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

int
conn_set_open(struct conn_set *set, struct loop *loop)
{
	*set = (struct conn_set){ .loop = loop };
	set->last = &set->first;
	set->buffer = malloc(CONN_READ_LEN);
	return set->buffer ? 0 : -1;
}

static void
let_go(struct conn *conn)
{
	struct conn_set *set = conn->set;

	if (conn->before != NULL)
		conn->before->behind = conn->behind;
	else
		set->all = conn->behind;
	if (conn->behind != NULL)
		conn->behind->before = conn->before;
	set->count--;
	loop_release(set->loop, &conn->watch);
}

void
conn_set_close(struct conn_set *set)
{
	while (set->all != NULL)
		let_go(set->all);
	free(set->buffer);
	set->buffer = NULL;
}

/* ------------------------------------------------------------------ output */

static void
list(struct conn *conn)
{
	if (conn->listed)
		return;
	conn->listed = true;
	conn->set->listed++;
	conn->next = NULL;
	*conn->set->last = conn;
	conn->set->last = &conn->next;
}

static void
unlist(struct conn *conn)
{
	struct conn **at = &conn->set->first;

	if (!conn->listed)
		return;
	conn->listed = false;
	conn->set->listed--;
	while (*at != conn)
		at = &(*at)->next;
	*at = conn->next;
	if (conn->next == NULL)
		conn->set->last = at;
}

static size_t
lend(struct bgp_conn *bgp, struct iovec *out)
{
	struct bgp_span spans[CONN_SPANS_MAX];
	size_t count = bgp_conn_output(bgp, spans, CONN_SPANS_MAX);

	for (size_t i = 0; i < count; i++) {
		out[i].iov_base = (void *)(uintptr_t)spans[i].octets;
		out[i].iov_len = spans[i].len;
	}
	return count;
}

enum outcome { ALL_WRITTEN, MORE, FULL, BROKEN };

/* One writev of what the library lends. */
static enum outcome
write_once(struct conn *conn)
{
	struct iovec spans[CONN_SPANS_MAX];
	size_t count = lend(conn->bgp, spans), len = 0;
	ssize_t taken;

	if (count == 0)
		return ALL_WRITTEN;
	for (size_t i = 0; i < count; i++)
		len += spans[i].iov_len;
	taken = writev(conn->watch.fd, spans, (int)count);
	if (taken < 0)
		return errno == EAGAIN || errno == EINTR ? FULL : BROKEN;
	bgp_conn_sent(conn->bgp, (size_t)taken, conn->set->loop->now_ms);
	return (size_t)taken < len ? FULL : MORE;
}

/* A broken socket is left to its reader, who learns of it at once. */
static void
write_turn(struct conn *conn)
{
	enum outcome outcome = MORE;

	for (int i = 0; i < CONN_WRITES_MAX && outcome == MORE; i++) {
		outcome = write_once(conn);
		if (conn->bgp == NULL)
			return;
	}
	if (outcome == MORE)
		list(conn);
	conn->full = outcome == FULL;
	loop_change(conn->set->loop, &conn->watch,
		    conn->full ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* The list as it is now: what is listed meanwhile waits for the next turn. */
void
conn_set_turn(void *ctx)
{
	struct conn_set *set = ctx;
	struct conn *conn;

	for (size_t n = set->listed; n > 0 && (conn = set->first); n--) {
		unlist(conn);
		if (conn->bgp != NULL && !conn->full)
			write_turn(conn);
	}
}

uint64_t
conn_set_deadline(void *ctx)
{
	struct conn_set *set = ctx;

	return set->first ? 0 : UINT64_MAX;
}

void
conn_output(struct bgp_conn *bgp)
{
	struct conn *conn = bgp_conn_user(bgp);

	conn->bgp = bgp;
	list(conn);
}

/* --------------------------------------------------------------------- end */

/* Octets that wait unread would turn the close into a reset, and that may
 * overtake the NOTIFICATION just written: they are taken out first.  Not into
 * the shared buffer: the library may be in the middle of it. */
static void
close_softly(struct conn *conn)
{
	uint8_t drain[16384];

	shutdown(conn->watch.fd, SHUT_WR);
	for (int i = 0; i < CONN_DRAINS_MAX; i++)
		if (recv(conn->watch.fd, drain, sizeof drain, 0) <= 0)
			break;
}

static void
end(struct conn *conn, int error)
{
	struct conn_set *set = conn->set;
	struct bgp_conn *bgp = conn->bgp;

	conn->bgp = NULL;
	unlist(conn);
	let_go(conn);
	if (bgp != NULL)
		bgp_conn_closed(bgp, set->loop->now_ms);
	if (set->gone != NULL)
		set->gone(set->ctx, conn, error);
}

void
conn_close(struct bgp_conn *bgp)
{
	struct conn *conn = bgp_conn_user(bgp);

	conn->bgp = bgp;
	if (!conn->full)
		write_once(conn);
	close_softly(conn);
	end(conn, 0);
}

/* ------------------------------------------------------------------- input */

static void
read_once(struct conn *conn)
{
	struct conn_set *set = conn->set;
	ssize_t len = recv(conn->watch.fd, set->buffer, CONN_READ_LEN, 0);

	if (len > 0) {
		bgp_conn_input(conn->bgp, set->buffer, (size_t)len,
			       set->loop->now_ms);
		if (set->received != NULL)
			set->received(set->ctx, conn);
	} else if (len == 0) {
		end(conn, 0);
	} else if (errno != EAGAIN && errno != EINTR) {
		end(conn, errno);
	}
}

static void
ready(struct watch *watch, uint32_t events)
{
	struct conn *conn = watch->memory;

	if (events & EPOLLOUT) {
		conn->full = false;
		list(conn);
	}
	if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
		read_once(conn);
}

/* ------------------------------------------------------------------- begin */

struct conn *
conn_new(struct conn_set *set, int fd, void *owner)
{
	struct conn *conn = calloc(1, sizeof *conn);

	if (conn == NULL) {
		close(fd);
		return NULL;
	}
	conn->set = set;
	conn->owner = owner;
	conn->watch.ready = ready;
	conn->watch.memory = conn;
	if (loop_watch(set->loop, &conn->watch, fd, EPOLLIN) != 0) {
		close(fd);
		free(conn);
		return NULL;
	}
	conn->behind = set->all;
	if (set->all != NULL)
		set->all->before = conn;
	set->all = conn;
	set->count++;
	return conn;
}

void
conn_start(struct conn *conn, struct bgp_conn *bgp)
{
	if (conn->watch.fd < 0)
		return; /* ended while it began */
	if (bgp == NULL)
		end(conn, 0);
	else
		conn->bgp = bgp;
}
