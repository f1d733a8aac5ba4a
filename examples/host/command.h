/*
 * command.h - one line of BIRD's control protocol, understood.
 */
#ifndef HOST_COMMAND_H
#define HOST_COMMAND_H

#include <stdbool.h>

#include "bgp/speaker.h"

#define COMMAND_TEXT_MAX 256 /* octets of disable's text, NUL included */

enum command_verb {
	COMMAND_HELP,
	COMMAND_SHOW_STATUS,
	COMMAND_SHOW_MEMORY,
	COMMAND_SHOW_PROTOCOLS,
	COMMAND_SHOW_ROUTE,
	COMMAND_ENABLE,
	COMMAND_DISABLE,
	COMMAND_RESTART,
	COMMAND_RELOAD,
	COMMAND_CONFIGURE,
	COMMAND_DOWN,
	COMMAND_RESTRICT
};

struct command {
	enum command_verb verb;
	/* A name, or with * and ? a pattern; "" where none was given. */
	char name[BGP_PEER_NAME_MAX];
	char text[COMMAND_TEXT_MAX]; /* of disable, for the peer; "": none */
	bool check;                  /* of configure: read, change nothing */
	bool all; /* of show protocols, show route: details */
	bool reload_in, reload_out;
	/* Of show route. */
	enum bgp_view view; /* of all paths, or of `name` */
	bool filtered;      /* those not accepted instead */
	bool primary;       /* the best only */
	bool count;         /* their number only */
	bool why;           /* of export: those not sent, and the reason */
	bool longest;       /* prefix is what the route is to cover */
	bool has_prefix;
	struct bgp_prefix prefix;
	bgp_family family; /* of `table`, or of the prefix; 0: all */
};

/*
 *     help | ?
 *     show status | memory
 *     show protocols [all] [NAME]
 *     show route [all] [count] [primary] [filtered] [for PREFIX|ADDR]
 *                [PREFIX] [table master4|master6|FAMILY] [protocol NAME]
 *                [export NAME [why]]
 *     enable | restart NAME|all
 *     disable NAME|all ["text for the peer"]
 *     reload [in|out] NAME|all
 *     configure [check]   down   restrict
 *
 * A NAME in quotes is a pattern.  NULL, or what is wrong in static memory.
 */
const char *command_parse(struct command *out, const char *line);

/* Does the command name this protocol?  Yes when it names none. */
bool command_names(const struct command *command, const char *name);

/* The i-th line of help; NULL: no more. */
const char *command_help(size_t i);

/* Does it change anything? */
bool command_is_privileged(const struct command *command);

#endif
