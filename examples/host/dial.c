/*
 * dial.c - start a connect, wait until the socket is writable, tell.
 *
 * A connect that fails at once is told a moment later, from the loop.  The
 * watch is used again for the next attempt, so an event may be a leftover of
 * the one before: a connect still in progress is simply waited for.
 */
#include "dial.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

static void
ready(struct watch *watch, uint32_t events)
{
	struct dial *dial = watch->memory;
	int fd = watch->fd, error = socket_connect_result(fd);

	(void)events;
	if (error == ENOTCONN)
		return;
	if (error != 0) {
		loop_unwatch(dial->loop, watch);
		dial->done(dial, -1, error);
		return;
	}
	loop_forget(dial->loop, watch);
	dial->done(dial, fd, 0);
}

static void
tell(struct later *later)
{
	struct dial *dial = (struct dial *)(void *)((char *)later -
						    offsetof(struct dial,
							     later));

	dial->done(dial, -1, dial->error);
}

void
dial_init(struct dial *dial, struct loop *loop,
	  void (*done)(struct dial *dial, int fd, int error))
{
	*dial = (struct dial){ .loop = loop, .done = done };
	dial->watch.ready = ready;
	dial->watch.memory = dial;
	dial->watch.fd = -1;
	dial->later.run = tell;
}

void
dial_start(struct dial *dial, const struct endpoint *remote,
	   const struct bgp_addr *local, const struct socket_guard *guard)
{
	int fd;

	dial_cancel(dial);
	fd = socket_connect(remote, local, guard);
	if (fd >= 0 && loop_watch(dial->loop, &dial->watch, fd, EPOLLOUT) == 0)
		return;
	dial->error = errno;
	if (fd >= 0)
		close(fd);
	loop_later(dial->loop, &dial->later);
}

void
dial_cancel(struct dial *dial)
{
	loop_unwatch(dial->loop, &dial->watch);
	loop_never(dial->loop, &dial->later);
}
