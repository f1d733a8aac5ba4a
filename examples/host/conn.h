/*
 * conn.h - one TCP descriptor and the struct bgp_conn that speaks through it.
 *
 *     readable -> recv into the shared buffer -> bgp_conn_input
 *     events.output -> the list of those with output
 *     end of the turn, each of the list:
 *             bgp_conn_output -> writev -> bgp_conn_sent
 *
 * A connection is read once a turn, and writes at most CONN_WRITES_MAX times,
 * so that none starves the others.  Writable-events are asked for only while
 * its socket is full.
 */
#ifndef HOST_CONN_H
#define HOST_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgp/session.h"
#include "loop.h"

#define CONN_READ_LEN   (256 * 1024) /* octets of one recv */
#define CONN_SPANS_MAX  64           /* spans of one writev */
#define CONN_WRITES_MAX 16           /* writev of one turn */
#define CONN_DRAINS_MAX 64           /* recv of 16 KiB before a close */

struct conn {
	struct watch watch;
	struct conn_set *set;
	struct bgp_conn *bgp; /* NULL: not yet, or no more */
	void *owner;          /* whose connection: the host's own word */
	struct conn *before, *behind; /* of all */
	struct conn *next;            /* on the list of those with output */
	bool listed;
	bool full; /* the socket takes no more for now */
};

/* All connections of a program. */
struct conn_set {
	struct loop *loop;
	uint8_t *buffer;            /* CONN_READ_LEN octets, for all */
	struct conn *first, **last; /* with output */
	size_t listed;              /* of these */
	struct conn *all;
	size_t count; /* of all */
	/* Octets came; NULL: of no interest. */
	void (*received)(void *ctx, struct conn *conn);
	/* A connection is no more; error is errno, 0: an orderly end. */
	void (*gone)(void *ctx, struct conn *conn, int error);
	void *ctx;
};

/* 0, or -1 with errno. */
int conn_set_open(struct conn_set *set, struct loop *loop);
/* Behind the _del of session or speaker: closes what is still open. */
void conn_set_close(struct conn_set *set);

/*
 * Takes the descriptor over.  Give what conn_new answers as `user` to
 * bgp_…_accept or bgp_…_connected, and the answer of those to conn_start,
 * NULL too.  conn_new answers NULL when there is no memory; the descriptor is
 * closed then.
 */
struct conn *conn_new(struct conn_set *set, int fd, void *owner);
void conn_start(struct conn *conn, struct bgp_conn *bgp);

/* The callbacks of the same names in struct bgp_session_events. */
void conn_output(struct bgp_conn *bgp);
void conn_close(struct bgp_conn *bgp);

/* Writes what there is; once a turn.  A hook of the loop, ctx is the set. */
void conn_set_turn(void *set);
uint64_t conn_set_deadline(void *set);

#endif
