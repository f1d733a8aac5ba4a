/*
 * dial.h - one attempt at a time to connect to one peer.
 *
 * The answer never comes from within dial_start: the library asks for a
 * connection from a callback, in which it may not be told of a failure.
 */
#ifndef HOST_DIAL_H
#define HOST_DIAL_H

#include "loop.h"
#include "socket.h"

struct dial {
	struct watch watch;
	struct later later;
	struct loop *loop;
	int error; /* errno that `later` will tell */
	/* fd: connected, yours; or -1, and error says why. */
	void (*done)(struct dial *dial, int fd, int error);
};

void dial_init(struct dial *dial, struct loop *loop,
	       void (*done)(struct dial *dial, int fd, int error));

/* Replaces an attempt that goes on. */
void dial_start(struct dial *dial, const struct endpoint *remote,
		const struct bgp_addr *local, const struct socket_guard *guard);
void dial_cancel(struct dial *dial);

#endif
