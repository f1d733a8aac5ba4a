/*
 * reply.h - the answer to one command, made in small steps.
 *
 * A step writes at most REPLY_STEP_MAX octets and looks at few things, so that
 * an answer of any length costs each turn of the loop little, and waits where
 * it is while its reader does not read.  What it walks over may change between
 * two steps.
 */
#ifndef HOST_REPLY_H
#define HOST_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "command.h"
#include "speaker_host.h"

#define REPLY_STEP_MAX 65536
#define REPLY_NET_MAX  1024 /* octets of an NLRI's text, cut beyond */
#define REPLY_LINE_MAX                                       \
	480 /* octets of a long value's line: birdc reads no \
	     * more than 4096, BIRD writes no more than 500 */

/* Where lines go.  One that does not fit is cut, its newline never. */
struct reply_text {
	char *buf;
	size_t size, len;
	int code; /* of the line before; 0: none */
};

/* "1002-text", " text" when the code is that of the line before. */
__attribute__((format(printf, 3, 4))) void reply_line(struct reply_text *text,
						      int code,
						      const char *format, ...);
/* "0000 text": ends the answer. */
__attribute__((format(printf, 3, 4))) void reply_end(struct reply_text *text,
						     int code,
						     const char *format, ...);

/* What the answers speak of. */
struct reply_source {
	struct speaker_host *host;
	struct timespec started, configured; /* wall clock */
};

struct reply {
	const struct reply_source *source;
	struct command command;
	bool (*step)(struct reply *reply, struct reply_text *text);
	size_t slot;          /* of neighbours: the next one */
	size_t found;         /* of them: named by the command */
	uint64_t neighbor_id; /* of the cursor's peer; 0: of all */
	struct bgp_cursor cursor;
	unsigned table;                    /* which of the tables */
	bool open;                         /* the cursor stands in it */
	bool headed;                       /* its heading was written */
	char last[REPLY_NET_MAX];          /* the network shown before */
	uint32_t routes, networks;         /* of this table */
	uint32_t all_routes, all_networks; /* of those before */
	unsigned tables;                   /* headings written */
};

/* The answer to any command but configure, down and restrict. */
void reply_begin(struct reply *reply, const struct reply_source *source,
		 const struct command *command);

/* true: there is more to say. */
bool reply_step(struct reply *reply, struct reply_text *text);

/* "13:11:02.533", or the date when it is long ago. */
void reply_since(const struct timespec *since, char *buf, size_t size);

void reply_wall(const struct timespec *at, const char *format, bool fraction,
		char *buf, size_t size);

/* Between the files of reply. */
bool reply_help(struct reply *reply, struct reply_text *text);
bool reply_status(struct reply *reply, struct reply_text *text);
bool reply_memory(struct reply *reply, struct reply_text *text);
bool reply_protocols(struct reply *reply, struct reply_text *text);
/* "ipv4", "ipv6", or the name of the family. */
const char *reply_channel(bgp_family family);
/* What is agreed with a neighbour, and its timers; Established or not. */
void reply_session(const struct neighbor *n, const struct bgp_peer_info *info,
		   struct reply_text *text);
bool reply_change(struct reply *reply, struct reply_text *text);
bool reply_routes(struct reply *reply, struct reply_text *text);
/* Why it is no candidate, or not sent to a neighbour; NULL: it is. */
const char *reply_why_filtered(const struct bgp_route *route);
const char *reply_why_kept(struct reply *reply, const struct bgp_route *route);
void reply_attrs(const struct bgp_attrs *attrs, struct reply_text *text);
/* The addresses in a next hop, at most two: their number. */
size_t reply_next_hops(const struct bgp_attrs *attrs, struct bgp_addr out[2]);

#endif
