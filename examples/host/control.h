/*
 * control.h - a unix socket that speaks BIRD's control protocol.
 *
 *     < 0001 BIRD libbgp-0.1.0 ready.
 *     > show protocols
 *     < 2002-name       proto      table      state  since         info
 *     < 1002-Node_…     BGP        ---        up     13:11:02.533  Established
 *     < 0000
 *
 * A line of an answer has a code of four digits, then `-`; or a blank in place
 * of both when the code is that of the line before; the last one has a blank
 * behind its code.  birdc is the client.
 */
#ifndef HOST_CONTROL_H
#define HOST_CONTROL_H

#include <sys/types.h>

#include "reply.h"

#define CONTROL_CLIENTS_MAX 16   /* one more takes the place of the idlest */
#define CONTROL_LINE_MAX    1024 /* octets of a command */
#define CONTROL_OUTPUT_MAX  (2 * REPLY_STEP_MAX)

struct control_client;

struct control {
	struct loop *loop;
	struct watch watch;
	uint64_t resume_ms; /* of accepting */
	int spare;          /* a descriptor kept for the next client */
	struct reply_source source;
	char path[OPTION_TEXT_MAX]; /* "": there is none */
	dev_t device;               /* of the file there */
	ino_t inode;
	struct control_client *clients[CONTROL_CLIENTS_MAX];
	/* Reads the configuration again, and takes it unless it is a check;
	 * NULL, or what is wrong with it. */
	const char *(*configure)(void *ctx, bool check);
	/* Ends the program. */
	void (*down)(void *ctx);
	void *ctx;
};

/* A socket that nobody listens on any more is replaced.  0, or -1 after a line
 * in the log.  control is zero but for configure, down, ctx and source. */
int control_open(struct control *control, struct loop *loop, const char *path);
void control_close(struct control *control);

#endif
