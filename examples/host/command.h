/*
 * command.h - one line of BIRD's control protocol, understood.
 */
#ifndef HOST_COMMAND_H
#define HOST_COMMAND_H

#include <stdbool.h>

#include "bgp/speaker.h"

enum command_verb {
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
	bool all; /* of show protocols, show route: details */
	bool reload_in, reload_out;
	/* Of show route. */
	enum bgp_view view; /* of all paths, or of `name` */
	bool filtered;      /* those not accepted instead */
	bool primary;       /* the best only */
	bool count;         /* their number only */
	bool longest;       /* prefix is what the route is to cover */
	bool has_prefix;
	struct bgp_prefix prefix;
	bgp_family family; /* of `table`, or of the prefix; 0: all */
};

/*
 *     show status | memory
 *     show protocols [all] [NAME]
 *     show route [all] [count] [primary] [filtered] [for PREFIX|ADDR]
 *                [PREFIX] [table master4|master6|FAMILY] [protocol NAME]
 *                [export NAME]
 *     enable | disable | restart NAME|all
 *     reload [in|out] NAME|all
 *     configure   down   restrict
 *
 * A NAME in quotes is a pattern.  NULL, or what is wrong in static memory.
 */
const char *command_parse(struct command *out, const char *line);

/* Does the command name this protocol?  Yes when it names none. */
bool command_names(const struct command *command, const char *name);

/* Does it change anything? */
bool command_is_privileged(const struct command *command);

#endif
