/*
 * loop.c - the turn: wait, hand out readiness, run what was put off, run hooks.
 *
 * A released watch is out of epoll at once, yet an event for it may stand in
 * the array of this turn: it is known by fd -1, and freed behind the turn.
 */
#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static uint64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* A socket must not take the place of a stderr that was closed: the log would
 * be told to a peer. */
static void
fill_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", O_RDWR);
}

int
loop_open(struct loop *loop)
{
	fill_standard();
	memset(loop, 0, sizeof *loop);
	loop->last_later = &loop->first_later;
	loop->signals.fd = -1;
	loop->now_ms = clock_ms();
	loop->fd = epoll_create1(EPOLL_CLOEXEC);
	return loop->fd < 0 ? -1 : 0;
}

static void
free_released(struct loop *loop)
{
	struct watch *watch;

	while ((watch = loop->released) != NULL) {
		loop->released = watch->next;
		free(watch->memory);
	}
}

void
loop_close(struct loop *loop)
{
	loop_unwatch(loop, &loop->signals);
	free_released(loop);
	if (loop->fd >= 0)
		close(loop->fd);
	loop->fd = -1;
}

/* ---------------------------------------------------------------- watches */

int
loop_watch(struct loop *loop, struct watch *watch, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	watch->fd = -1;
	if (epoll_ctl(loop->fd, EPOLL_CTL_ADD, fd, &event) != 0)
		return -1;
	watch->fd = fd;
	watch->events = events;
	return 0;
}

int
loop_change(struct loop *loop, struct watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (watch->fd < 0 || watch->events == events)
		return 0;
	watch->events = events;
	return epoll_ctl(loop->fd, EPOLL_CTL_MOD, watch->fd, &event);
}

void
loop_unwatch(struct loop *loop, struct watch *watch)
{
	(void)loop; /* closing takes it out of epoll: it has no duplicate */
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

void
loop_forget(struct loop *loop, struct watch *watch)
{
	epoll_ctl(loop->fd, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->fd = -1;
}

void
loop_release(struct loop *loop, struct watch *watch)
{
	loop_unwatch(loop, watch);
	watch->next = loop->released;
	loop->released = watch;
}

/* ------------------------------------------------------------------ later */

void
loop_later(struct loop *loop, struct later *later)
{
	if (later->waiting)
		return;
	later->waiting = true;
	later->next = NULL;
	*loop->last_later = later;
	loop->last_later = &later->next;
}

void
loop_never(struct loop *loop, struct later *later)
{
	struct later **at = &loop->first_later;

	if (!later->waiting)
		return;
	later->waiting = false;
	while (*at != later)
		at = &(*at)->next;
	*at = later->next;
	if (later->next == NULL)
		loop->last_later = at;
}

/* Those that are put off meanwhile wait for the next turn. */
static void
run_later(struct loop *loop)
{
	struct later *later;
	unsigned count = 0;

	for (later = loop->first_later; later; later = later->next)
		count++;
	while (count-- > 0 && (later = loop->first_later) != NULL) {
		loop_never(loop, later);
		later->run(later);
	}
}

/* ------------------------------------------------------------------- turn */

int
loop_hook(struct loop *loop, const struct loop_hook *hook)
{
	if (loop->hook_count == LOOP_HOOKS_MAX)
		return -1;
	loop->hooks[loop->hook_count++] = *hook;
	return 0;
}

/* Milliseconds to wait: 0 when something is due, -1 for ever. */
static int
patience(const struct loop *loop)
{
	uint64_t soonest = UINT64_MAX, now;

	if (loop->first_later != NULL)
		return 0;
	for (unsigned i = 0; i < loop->hook_count; i++) {
		const struct loop_hook *hook = &loop->hooks[i];
		uint64_t deadline = hook->deadline ? hook->deadline(hook->ctx)
						   : UINT64_MAX;

		if (deadline < soonest)
			soonest = deadline;
	}
	if (soonest == UINT64_MAX)
		return -1;
	now = clock_ms();
	if (soonest <= now)
		return 0;
	return soonest - now > INT_MAX ? INT_MAX : (int)(soonest - now);
}

static void
turn(struct loop *loop)
{
	struct epoll_event events[LOOP_EVENTS_MAX];
	int count = epoll_wait(loop->fd, events, LOOP_EVENTS_MAX,
			       patience(loop));

	loop->now_ms = clock_ms();
	for (int i = 0; i < count; i++) {
		struct watch *watch = events[i].data.ptr;

		if (watch->fd >= 0)
			watch->ready(watch, events[i].events);
	}
	run_later(loop);
	for (unsigned i = 0; i < loop->hook_count; i++)
		loop->hooks[i].turn(loop->hooks[i].ctx);
	free_released(loop);
}

void
loop_run(struct loop *loop)
{
	loop->stopped = false;
	while (!loop->stopped)
		turn(loop);
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

/* ---------------------------------------------------------------- signals */

static void
signal_ready(struct watch *watch, uint32_t events)
{
	struct loop *loop = watch->memory;
	struct signalfd_siginfo info;

	(void)events;
	if (read(watch->fd, &info, sizeof info) == sizeof info)
		loop->caught(loop->caught_ctx, (int)info.ssi_signo);
}

int
loop_signals(struct loop *loop, const int *signals, unsigned count,
	     void (*caught)(void *ctx, int signal), void *ctx)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (unsigned i = 0; i < count; i++)
		sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return -1;
	loop->caught = caught;
	loop->caught_ctx = ctx;
	loop->signals.ready = signal_ready;
	loop->signals.memory = loop;
	return loop_watch(loop, &loop->signals, fd, EPOLLIN);
}
