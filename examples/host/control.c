/*
 * control.c - clients of the control socket: lines in, answers out.
 *
 * A client is read only while nothing is being answered to it, and answers are
 * made only as far as there is room: one that does not read costs its own two
 * buffers and nobody's time.
 */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bgp/bgp.h"
#include "log.h"

#define STEPS_MAX  64   /* of one client in one turn */
#define PAUSE_MS   1000 /* of accepting, when no descriptors are left */
#define DRAINS_MAX 64   /* lines' worth of octets taken out before a close */

struct control_client {
	struct watch watch;
	struct control *control;
	struct reply reply;
	bool answering;  /* reply has more to say */
	bool restricted; /* may look, not touch */
	bool eof;        /* nothing more to read; close behind the answers */
	uint64_t used_ms;
	size_t in_len;
	size_t out_at; /* what of out is written */
	struct reply_text out;
	char in[CONTROL_LINE_MAX];
	char buf[CONTROL_OUTPUT_MAX];
};

/* ----------------------------------------------------------------- commands */

static void
configure(struct control_client *c, bool check)
{
	const char *why = c->control->configure(c->control->ctx, check);

	reply_line(&c->out, 2, "Reading configuration");
	if (why != NULL)
		reply_end(&c->out, 8002, "%s", why);
	else if (check)
		reply_end(&c->out, 20, "Configuration OK");
	else
		reply_end(&c->out, 3, "Reconfigured");
}

static void
command(struct control_client *c, const char *line)
{
	struct command parsed;
	const char *why = command_parse(&parsed, line);

	c->used_ms = c->control->loop->now_ms;
	c->out.code = 0;
	if (why != NULL) {
		reply_end(&c->out, 9001, "%s", why);
	} else if (c->restricted && command_is_privileged(&parsed)) {
		reply_end(&c->out, 8007, "Access denied");
	} else if (parsed.verb == COMMAND_RESTRICT) {
		c->restricted = true;
		reply_end(&c->out, 16, "Access restricted");
	} else if (parsed.verb == COMMAND_CONFIGURE) {
		configure(c, parsed.check);
	} else if (parsed.verb == COMMAND_DOWN) {
		reply_end(&c->out, 7, "Shutdown requested");
		c->control->down(c->control->ctx);
	} else {
		reply_begin(&c->reply, &c->control->source, &parsed);
		c->answering = true;
	}
}

/* Takes one line off the input, if there is a whole one. */
static bool
take_line(struct control_client *c)
{
	char *end = memchr(c->in, '\n', c->in_len);
	size_t len;

	if (end == NULL) {
		if (c->in_len < sizeof c->in)
			return false;
		reply_end(&c->out, 9000, "Command too long");
		c->eof = true;
		c->in_len = 0;
		return false;
	}
	*end = '\0';
	len = (size_t)(end - c->in) + 1;
	command(c, c->in);
	c->in_len -= len;
	memmove(c->in, c->in + len, c->in_len);
	return true;
}

/* ------------------------------------------------------------------- output */

/* A descriptor for the hour when all others are taken by peers. */
static void
keep_spare(struct control *control)
{
	if (control->spare < 0)
		control->spare = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
}

/* Octets left unread would turn the close into a reset, which may overtake the
 * answer: they are taken out first. */
static void
drop(struct control_client *c)
{
	struct control *control = c->control;

	for (int i = 0; i < DRAINS_MAX; i++)
		if (recv(c->watch.fd, c->in, sizeof c->in, MSG_DONTWAIT) <= 0)
			break;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (control->clients[i] == c)
			control->clients[i] = NULL;
	loop_release(control->loop, &c->watch);
	keep_spare(control);
}

static bool
has_room(const struct control_client *c)
{
	return c->out.size - c->out.len >= REPLY_STEP_MAX;
}

static void
answer(struct control_client *c)
{
	for (int i = 0; i < STEPS_MAX && has_room(c); i++) {
		if (c->answering)
			c->answering = reply_step(&c->reply, &c->out);
		else if (!take_line(c))
			return;
	}
}

/* false: the client is gone. */
static bool
flush(struct control_client *c)
{
	size_t len = c->out.len - c->out_at;
	ssize_t n;

	if (len == 0)
		return true;
	n = send(c->watch.fd, c->out.buf + c->out_at, len,
		 MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->out_at += (size_t)n;
	if (c->out_at == c->out.len)
		c->out_at = c->out.len = 0;
	return true;
}

/* Something can be done for it without its doing. */
static bool
is_runnable(const struct control_client *c)
{
	return has_room(c) &&
	    (c->answering || c->in_len == sizeof c->in ||
	     memchr(c->in, '\n', c->in_len) != NULL);
}

static void
serve(struct control_client *c)
{
	uint32_t wanted = 0;

	answer(c);
	if (!flush(c) || (c->eof && c->out.len == 0 && !is_runnable(c))) {
		drop(c);
		return;
	}
	if (!c->answering && !c->eof && c->in_len < sizeof c->in)
		wanted |= EPOLLIN;
	if (c->out.len > 0)
		wanted |= EPOLLOUT;
	loop_change(c->control->loop, &c->watch, wanted);
}

/* -------------------------------------------------------------------- input */

static void
client_ready(struct watch *watch, uint32_t events)
{
	struct control_client *c = watch->memory;
	ssize_t n;

	if (events & EPOLLERR || (events & EPOLLHUP && !(events & EPOLLIN))) {
		drop(c);
		return;
	}
	if (!(events & EPOLLIN) || c->in_len == sizeof c->in)
		return;
	n = recv(watch->fd, c->in + c->in_len, sizeof c->in - c->in_len,
		 MSG_DONTWAIT);
	if (n > 0)
		c->in_len += (size_t)n;
	else if (n == 0)
		c->eof = true;
	else if (errno != EAGAIN && errno != EINTR)
		drop(c);
}

static uint64_t
deadline(void *ctx)
{
	struct control *control = ctx;

	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (control->clients[i] != NULL &&
		    is_runnable(control->clients[i]))
			return 0;
	return control->watch.events == 0 ? control->resume_ms : UINT64_MAX;
}

static void
turn(void *ctx)
{
	struct control *control = ctx;

	if (control->resume_ms <= control->loop->now_ms)
		loop_change(control->loop, &control->watch, EPOLLIN);
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (control->clients[i] != NULL)
			serve(control->clients[i]);
}

/* ------------------------------------------------------------------ clients */

/* The client that has asked for nothing longest; NULL: there is none. */
static struct control_client **
idlest(struct control *control)
{
	struct control_client **found = NULL;

	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct control_client **at = &control->clients[i];

		if (*at != NULL &&
		    (found == NULL || (*at)->used_ms < (*found)->used_ms))
			found = at;
	}
	return found;
}

/* An empty place, made if need be. */
static struct control_client **
place(struct control *control)
{
	struct control_client **found = control->clients;

	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct control_client **at = &control->clients[i];

		if (*at == NULL)
			return at;
		if ((*at)->used_ms < (*found)->used_ms)
			found = at;
	}
	drop(*found);
	return found;
}

static void
client_new(struct control *control, int fd)
{
	struct control_client *c = calloc(1, sizeof *c);

	if (c == NULL) {
		close(fd);
		return;
	}
	c->control = control;
	c->used_ms = control->loop->now_ms;
	c->out.buf = c->buf;
	c->out.size = sizeof c->buf;
	c->watch.ready = client_ready;
	c->watch.memory = c;
	if (loop_watch(control->loop, &c->watch, fd, EPOLLIN) != 0) {
		close(fd);
		free(c);
		return;
	}
	reply_end(&c->out, 1, "BIRD libbgp-%s ready.", bgp_version());
	*place(control) = c;
}

static int
accept_client(struct control *control)
{
	return accept4(control->watch.fd, NULL, NULL,
		       SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/* The operator is let in even when peers hold all descriptors but ours. */
static int
accept_somehow(struct control *control)
{
	int fd = accept_client(control);

	if (fd >= 0 || (errno != EMFILE && errno != ENFILE))
		return fd;
	if (control->spare < 0 && idlest(control) != NULL)
		drop(*idlest(control));
	if (control->spare < 0) {
		errno = EMFILE;
		return -1;
	}
	close(control->spare);
	control->spare = -1;
	return accept_client(control);
}

static void
ready(struct watch *watch, uint32_t events)
{
	struct control *control = watch->memory;
	int fd = accept_somehow(control);

	(void)events;
	if (fd >= 0) {
		client_new(control, fd);
	} else if (errno != EAGAIN && errno != ECONNABORTED) {
		control->resume_ms = control->loop->now_ms + PAUSE_MS;
		loop_change(control->loop, watch, 0);
	}
}

/* -------------------------------------------------------------- open, close */

/* NULL: nothing stands in the way any more; else what does. */
static const char *
clear_way(const struct sockaddr_un *at)
{
	struct stat status;
	const char *why = NULL;
	int fd;

	if (lstat(at->sun_path, &status) != 0)
		return NULL;
	if (!S_ISSOCK(status.st_mode))
		return "there is a file that is no socket";
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return strerror(errno);
	if (connect(fd, (const struct sockaddr *)at, sizeof *at) == 0 ||
	    errno == EAGAIN)
		why = "another program listens there";
	else if (errno != ECONNREFUSED || unlink(at->sun_path) != 0)
		why = strerror(errno);
	close(fd);
	return why;
}

/* A descriptor; or -1, and what is wrong. */
static int
listen_at(const char *path, const char **why)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd;

	*why = strerror(ENAMETOOLONG);
	if (strlen(path) >= sizeof at.sun_path)
		return -1;
	strcpy(at.sun_path, path);
	*why = clear_way(&at);
	if (*why != NULL)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
	    listen(fd, CONTROL_CLIENTS_MAX) == 0)
		return fd;
	*why = strerror(errno);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The file may be another's by now: who started after ours was removed. */
static bool
is_ours(const struct control *control)
{
	struct stat status;

	return lstat(control->path, &status) == 0 &&
	    status.st_dev == control->device && status.st_ino == control->inode;
}

static void
remember(struct control *control, const char *path)
{
	struct stat status;

	strcpy(control->path, path);
	if (lstat(path, &status) != 0)
		return;
	control->device = status.st_dev;
	control->inode = status.st_ino;
}

int
control_open(struct control *control, struct loop *loop, const char *path)
{
	struct loop_hook hook = { deadline, turn, control };
	mode_t mask = umask(0077); /* who may speak here rules the program */
	const char *why;
	int fd = listen_at(path, &why);

	umask(mask);
	control->watch.fd = -1;
	if (fd < 0) {
		log_line(LOG_ERROR, "control socket %s: %s", path, why);
		return -1;
	}
	control->loop = loop;
	control->watch.ready = ready;
	control->watch.memory = control;
	remember(control, path);
	control->spare = -1;
	keep_spare(control);
	if (loop_watch(loop, &control->watch, fd, EPOLLIN) != 0 ||
	    loop_hook(loop, &hook) != 0) {
		log_line(LOG_ERROR, "control socket: %s", strerror(errno));
		return -1;
	}
	return 0;
}

void
control_close(struct control *control)
{
	if (control->path[0] == '\0')
		return;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (control->clients[i] != NULL)
			drop(control->clients[i]);
	loop_unwatch(control->loop, &control->watch);
	if (control->spare >= 0)
		close(control->spare);
	if (is_ours(control))
		unlink(control->path);
	control->path[0] = '\0';
}
