/*
 * command.c - a line in, a struct command out; words are rows of a table.
 */
#include "command.h"

#include <fnmatch.h>
#include <string.h>

#include "families.h"

#define WORD_MAX 128

#define ERR_WORD "syntax error, unexpected word"
#define ERR_END  "syntax error, unexpected END"
#define ERR_NAME "syntax error, a protocol's name is wanted"
#define ERR_WHY  "syntax error, why is a word of export NAME"
#define ERR_TEXT \
	"syntax error, a text of at most 255 octets in quotes is wanted"
#define ERR_PREFIX "syntax error, a prefix or an address is wanted"
#define ERR_TABLE  "syntax error, master4, master6 or a family is wanted"

/* Takes the next word off the line; "" at its end.  false: too long, or a
 * quote without its end. */
static bool
take_word(const char **line, char *word, size_t size)
{
	const char *p = *line + strspn(*line, " \t\r");
	const char *end;

	if (*p == '"') {
		p++;
		end = strchr(p, '"');
		if (end == NULL)
			return false;
		*line = end + 1;
	} else {
		end = p + strcspn(p, " \t\r");
		*line = end;
	}
	if ((size_t)(end - p) >= size)
		return false;
	memcpy(word, p, (size_t)(end - p));
	word[end - p] = '\0';
	return true;
}

static bool
next_word(const char **line, char *word)
{
	return take_word(line, word, WORD_MAX);
}

/* ------------------------------------------------------------------- words */

typedef const char *word_parser(struct command *out, const char **line);

static const char *
parse_name(struct command *out, const char **line)
{
	char word[WORD_MAX];

	if (!next_word(line, word) || word[0] == '\0' ||
	    strlen(word) >= sizeof out->name || out->name[0] != '\0')
		return ERR_NAME;
	strcpy(out->name, strcmp(word, "all") == 0 ? "*" : word);
	return NULL;
}

static const char *
parse_all(struct command *out, const char **line)
{
	(void)line;
	out->all = true;
	return NULL;
}

static const char *
parse_count(struct command *out, const char **line)
{
	(void)line;
	out->count = true;
	return NULL;
}

static const char *
parse_primary(struct command *out, const char **line)
{
	(void)line;
	out->primary = true;
	return NULL;
}

static const char *
parse_filtered(struct command *out, const char **line)
{
	(void)line;
	out->filtered = true;
	return NULL;
}

static const char *
parse_export(struct command *out, const char **line)
{
	out->view = BGP_VIEW_ADJ_OUT;
	return parse_name(out, line);
}

static const char *
parse_why(struct command *out, const char **line)
{
	(void)line;
	if (out->view != BGP_VIEW_ADJ_OUT)
		return ERR_WHY;
	out->why = true;
	return NULL;
}

static const char *
parse_table(struct command *out, const char **line)
{
	char word[WORD_MAX];

	if (!next_word(line, word) || !families_find_table(word, &out->family))
		return ERR_TABLE;
	return NULL;
}

static const char *
set_prefix(struct command *out, const char *word)
{
	struct bgp_addr addr;

	if (out->has_prefix)
		return ERR_PREFIX;
	if (bgp_addr_parse(&addr, word) == BGP_OK) {
		out->prefix.len = addr.len;
		out->prefix.bits = (uint8_t)(addr.len * 8);
		memcpy(out->prefix.octets, addr.octets, sizeof addr.octets);
	} else {
		const char *why = option_prefix(&out->prefix, word);

		if (why != NULL)
			return why;
	}
	out->has_prefix = true;
	out->family = out->prefix.len == 4 ? BGP_IPV4_UNICAST
					   : BGP_IPV6_UNICAST;
	return NULL;
}

static const char *
parse_for(struct command *out, const char **line)
{
	char word[WORD_MAX];

	if (!next_word(line, word))
		return ERR_PREFIX;
	out->longest = true;
	return set_prefix(out, word);
}

static const struct route_word {
	const char *word;
	word_parser *parse;
} route_words[] = {
	{ "all", parse_all },         { "count", parse_count },
	{ "primary", parse_primary }, { "filtered", parse_filtered },
	{ "for", parse_for },         { "table", parse_table },
	{ "protocol", parse_name },   { "export", parse_export },
	{ "why", parse_why },
};

/* A word that is none of the table is a prefix. */
static const char *
route_word(struct command *out, const char *word, const char **line)
{
	const char *why;

	for (size_t i = 0; i < sizeof route_words / sizeof route_words[0]; i++)
		if (strcmp(route_words[i].word, word) == 0)
			return route_words[i].parse(out, line);
	why = set_prefix(out, word);
	return why == NULL || strchr(word, '/') != NULL ? why : ERR_WORD;
}

static const char *
parse_route(struct command *out, const char **line)
{
	char word[WORD_MAX];
	const char *why = NULL;

	out->view = BGP_VIEW_ADJ_IN;
	while (why == NULL) {
		if (!next_word(line, word))
			return ERR_WORD;
		if (word[0] == '\0')
			return NULL;
		why = route_word(out, word, line);
	}
	return why;
}

static const char *
parse_protocols(struct command *out, const char **line)
{
	const char *rest = *line;
	char word[WORD_MAX];

	if (!next_word(&rest, word))
		return ERR_NAME;
	if (strcmp(word, "all") == 0) {
		out->all = true;
		*line = rest;
		if (!next_word(&rest, word))
			return ERR_NAME;
	}
	return word[0] == '\0' ? NULL : parse_name(out, line);
}

static const char *
parse_reload(struct command *out, const char **line)
{
	const char *rest = *line;
	char word[WORD_MAX];

	if (!next_word(&rest, word))
		return ERR_NAME;
	out->reload_in = strcmp(word, "out") != 0;
	out->reload_out = strcmp(word, "in") != 0;
	if (!out->reload_in || !out->reload_out)
		*line = rest;
	return parse_name(out, line);
}

static const char *
parse_disable(struct command *out, const char **line)
{
	const char *why = parse_name(out, line);

	*line += strspn(*line, " \t\r");
	if (why != NULL || **line == '\0')
		return why;
	if (**line != '"' || !take_word(line, out->text, sizeof out->text))
		return ERR_TEXT;
	return NULL;
}

static const char *
parse_configure(struct command *out, const char **line)
{
	const char *rest = *line;
	char word[WORD_MAX];

	if (!next_word(&rest, word) || strcmp(word, "check") != 0)
		return NULL; /* what follows is not expected */
	out->check = true;
	*line = rest;
	return NULL;
}

/* ---------------------------------------------------------------- commands */

static const struct command_row {
	const char *first, *second; /* second NULL: one word */
	enum command_verb verb;
	bool privileged;
	word_parser *rest; /* NULL: nothing behind it */
	const char *help;  /* NULL: another row has it */
} commands[] = {
	{ "show", "status", COMMAND_SHOW_STATUS, false, NULL,
	  "show status                      AS, ids, peers, ranges" },
	{ "show", "memory", COMMAND_SHOW_MEMORY, false, NULL,
	  "show memory                      what the routes cost" },
	{ "show", "protocols", COMMAND_SHOW_PROTOCOLS, false, parse_protocols,
	  "show protocols [all] [NAME]      peers; all: everything of them" },
	{ "show", "route", COMMAND_SHOW_ROUTE, false, parse_route,
	  "show route [all] [count] [primary] [filtered] [for PREFIX|ADDR] "
	  "[PREFIX] [table master4|master6|FAMILY] [protocol NAME] "
	  "[export NAME [why]]" },
	{ "enable", NULL, COMMAND_ENABLE, true, parse_name,
	  "enable NAME|\"PATTERN\"|all" },
	{ "disable", NULL, COMMAND_DISABLE, true, parse_disable,
	  "disable NAME|\"PATTERN\"|all [\"text for the peer\"]" },
	{ "restart", NULL, COMMAND_RESTART, true, parse_name,
	  "restart NAME|\"PATTERN\"|all" },
	{ "reload", NULL, COMMAND_RELOAD, true, parse_reload,
	  "reload [in|out] NAME|\"PATTERN\"|all" },
	{ "configure", NULL, COMMAND_CONFIGURE, true, parse_configure,
	  "configure [check]                read the file again; check: only "
	  "say what is wrong with it" },
	{ "down", NULL, COMMAND_DOWN, true, NULL,
	  "down                             end the program" },
	{ "restrict", NULL, COMMAND_RESTRICT, false, NULL,
	  "restrict                         look only, from now on" },
	{ "help", NULL, COMMAND_HELP, false, NULL,
	  "help, ?                          this text" },
	{ "?", NULL, COMMAND_HELP, false, NULL, NULL },
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static const struct command_row *
find(const char *first, const char *second, bool *has_first)
{
	*has_first = false;
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &commands[i];

		if (strcmp(row->first, first) != 0)
			continue;
		*has_first = true;
		if (row->second == NULL || strcmp(row->second, second) == 0)
			return row;
	}
	return NULL;
}

const char *
command_parse(struct command *out, const char *line)
{
	char first[WORD_MAX], second[WORD_MAX];
	const struct command_row *row;
	const char *rest, *why = NULL;
	bool has_first;

	memset(out, 0, sizeof *out);
	if (!next_word(&line, first))
		return ERR_WORD;
	rest = line;
	if (first[0] == '\0')
		return ERR_END;
	if (!next_word(&rest, second))
		return ERR_WORD;
	row = find(first, second, &has_first);
	if (row == NULL)
		return has_first && second[0] == '\0' ? ERR_END : ERR_WORD;
	if (row->second != NULL)
		line = rest;
	out->verb = row->verb;
	if (row->rest != NULL)
		why = row->rest(out, &line);
	if (why == NULL && line[strspn(line, " \t\r")] != '\0')
		why = ERR_WORD;
	return why;
}

bool
command_names(const struct command *command, const char *name)
{
	return command->name[0] == '\0' || fnmatch(command->name, name, 0) == 0;
}

const char *
command_help(size_t i)
{
	return i < COMMAND_COUNT ? commands[i].help : NULL;
}

bool
command_is_privileged(const struct command *command)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (commands[i].verb == command->verb)
			return commands[i].privileged;
	return true;
}
