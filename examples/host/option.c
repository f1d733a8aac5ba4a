/*
 * option.c - one table read three ways: arguments, lines of a file, --help.
 *
 * A complaint is one line that names the place: the option, or file and line.
 */
#include "option.h"

#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE_ERROR   2
#define COMPLAINT_MAX (2 * OPTION_LINE_MAX)

static char last_complaint[COMPLAINT_MAX];
static unsigned line_number;

const char *
option_complaint(void)
{
	return last_complaint;
}

unsigned
option_line(void)
{
	return line_number;
}

int
option_complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(last_complaint, sizeof last_complaint, format, args);
	va_end(args);
	fprintf(stderr, "%s\n", last_complaint);
	return USAGE_ERROR;
}

/* ---------------------------------------------------------------- parsers */

const char *
option_number(uint64_t *out, const char *text, uint64_t min, uint64_t max)
{
	uint64_t value = 0;

	if (text[0] == '\0')
		return "a number is wanted";
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return "a number is wanted";
		value = value * 10 + (uint64_t)(*p - '0');
		if (value > max)
			return "the number is too large";
	}
	if (value < min)
		return "the number is too small";
	*out = value;
	return NULL;
}

const char *
option_flag(void *field, const char *text)
{
	(void)text;
	*(bool *)field = true;
	return NULL;
}

static const char *
number_u32(uint32_t *field, const char *text, uint64_t min)
{
	uint64_t value = 0;
	const char *why = option_number(&value, text, min, UINT32_MAX);

	if (why == NULL)
		*field = (uint32_t)value;
	return why;
}

const char *
option_as(void *field, const char *text)
{
	return number_u32(field, text, 1);
}

const char *
option_u32(void *field, const char *text)
{
	return number_u32(field, text, 0);
}

static const char *
number_u16(uint16_t *field, const char *text, uint64_t min)
{
	uint64_t value = 0;
	const char *why = option_number(&value, text, min, UINT16_MAX);

	if (why == NULL)
		*field = (uint16_t)value;
	return why;
}

const char *
option_port(void *field, const char *text)
{
	return number_u16(field, text, 1);
}

const char *
option_hold(void *field, const char *text)
{
	uint16_t value = 0;
	const char *why = number_u16(&value, text, 0);

	if (why != NULL)
		return why;
	if (value == 1 || value == 2)
		return "0, or 3 and more seconds are wanted"; /* RFC 4271 4.2 */
	*(uint16_t *)field = value;
	return NULL;
}

const char *
option_id(void *field, const char *text)
{
	return bgp_id_parse(field, text) == BGP_OK
	    ? NULL
	    : "an id such as 192.0.2.1 is wanted";
}

/* The interface of "fe80::1%eth0" by its name: the library knows numbers. */
static const char *
addr_on(struct bgp_addr *field, const char *text, const char *name)
{
	char copy[BGP_ADDR_TEXT_MAX];
	size_t len = (size_t)(name - 1 - text);
	struct bgp_addr addr;

	if (len >= sizeof copy)
		return "an IPv4 or IPv6 address is wanted";
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (bgp_addr_parse(&addr, copy) != BGP_OK || addr.len != 16)
		return "an IPv6 address is wanted before %";
	addr.scope = if_nametoindex(name);
	if (addr.scope == 0)
		return "the name of an interface is wanted behind %";
	*field = addr;
	return NULL;
}

const char *
option_addr(void *field, const char *text)
{
	const char *percent = strchr(text, '%');

	if (bgp_addr_parse(field, text) == BGP_OK)
		return NULL;
	return percent != NULL ? addr_on(field, text, percent + 1)
			       : "an IPv4 or IPv6 address is wanted";
}

const char *
option_text(void *field, const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len >= OPTION_TEXT_MAX)
		return "1 to 255 characters are wanted";
	memcpy(field, text, len + 1);
	return NULL;
}

const char *
option_prefixes(void *field, const char *text)
{
	struct option_prefixes *list = field;

	if (list->count == OPTION_PREFIX_MAX)
		return "too many prefixes";
	if (bgp_prefix_parse(&list->items[list->count], text) != BGP_OK)
		return "a prefix such as 192.0.2.0/24 is wanted";
	list->count++;
	return NULL;
}

/* ------------------------------------------------------------------- rows */

static const struct option_row *
find(const struct option_row *rows, const char *name, size_t len)
{
	for (; rows->name != NULL; rows++)
		if (rows->parse != NULL && strlen(rows->name) == len &&
		    memcmp(rows->name, name, len) == 0)
			return rows;
	return NULL;
}

static const char *
set(const struct option_row *row, void *settings, const char *text)
{
	return row->parse((char *)settings + row->field, text);
}

/* Sets a row that may or may not take a value; name is for complaints. */
static const char *
set_word(const struct option_row *row, void *settings, const char *value)
{
	if (row == NULL)
		return "no such word";
	if (row->value == NULL && value != NULL)
		return "takes no value";
	if (row->value != NULL && value == NULL)
		return "needs a value";
	return set(row, settings, value ? value : "");
}

const char *
option_words(const struct option_row *rows, void *settings, const char *text)
{
	static char complaint[OPTION_TEXT_MAX];
	char copy[OPTION_LINE_MAX], *word, *rest = copy;

	if (strlen(text) >= sizeof copy)
		return "too long";
	strcpy(copy, text);
	while ((word = strsep(&rest, ",")) != NULL) {
		char *value = strchr(word, '=');
		const char *why;

		if (value != NULL)
			*value++ = '\0';
		why = set_word(find(rows, word, strlen(word)), settings, value);
		if (why == NULL)
			continue;
		snprintf(complaint, sizeof complaint, "%s: %s",
			 *word ? word : "\"\"", why);
		return complaint;
	}
	return NULL;
}

static void
help(const struct option_row *rows, const char *usage)
{
	printf("usage: %s\n", usage);
	for (; rows->name != NULL; rows++) {
		char left[64];

		if (rows->parse == NULL) {
			printf("%s\n", rows->help);
			continue;
		}
		snprintf(left, sizeof left, "%s%s%s%s",
			 rows->name[0] ? "--" : "", rows->name,
			 rows->name[0] && rows->value ? " " : "",
			 rows->value ? rows->value : "");
		printf("  %-28s %s\n", left, rows->help);
	}
	printf("  %-28s %s\n", "--help", "this text");
}

/* -------------------------------------------------------------- arguments */

static int
complain(char **argv, const char *place, const char *text, const char *why)
{
	return option_complain("%s: %s%s%s%s: %s", argv[0], place,
			       text ? " \"" : "", text ? text : "",
			       text ? "\"" : "", why);
}

/* Splits "--name" or "--name=value"; false: no option can be so long.  argv
 * stays as it is: it may be read again. */
static bool
split(const char *arg, char *name, size_t size, const char **value)
{
	size_t len = strcspn(arg, "=");

	if (len >= size)
		return false;
	memcpy(name, arg, len);
	name[len] = '\0';
	*value = arg[len] == '=' ? arg + len + 1 : NULL;
	return true;
}

/* Reads the option at argv[*at], and its value behind it. */
static int
argument(const struct option_row *rows, void *settings, int argc, char **argv,
	 int *at)
{
	const char *arg = argv[*at], *value = NULL, *why;
	const struct option_row *row = NULL;
	char name[64];

	if (strncmp(arg, "--", 2) != 0) {
		row = find(rows, "", 0);
		why = row ? set(row, settings, arg) : "not expected here";
		return why ? complain(argv, "argument", arg, why) : 0;
	}
	if (split(arg, name, sizeof name, &value) && name[2] != '\0')
		row = find(rows, name + 2, strlen(name) - 2);
	if (row == NULL)
		return complain(argv, arg, NULL, "no such option; see --help");
	if (value == NULL && row->value != NULL && *at + 1 < argc)
		value = argv[++*at];
	if ((row->value != NULL) != (value != NULL))
		return complain(argv, name, NULL,
				value ? "takes no value" : "needs a value");
	why = set(row, settings, value ? value : "");
	return why ? complain(argv, name, value, why) : 0;
}

int
option_args(const struct option_row *rows, void *settings, const char *usage,
	    int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int status;

		if (strcmp(argv[i], "--help") == 0) {
			help(rows, usage);
			exit(0);
		}
		status = argument(rows, settings, argc, argv, &i);
		if (status != 0)
			return status;
	}
	return 0;
}

/* ------------------------------------------------------------------- file */

/* Cuts comment and blanks off both ends; the start of what is left. */
static char *
trim(char *line)
{
	char *end;

	line[strcspn(line, "#\r\n")] = '\0';
	line += strspn(line, " \t");
	end = line + strlen(line);
	while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return line;
}

static const char *
file_line(const struct option_row *rows, void *settings, char *line)
{
	size_t len = strcspn(line, " \t");
	const struct option_row *row = find(rows, line, len);
	char *value = line + len + strspn(line + len, " \t");

	line[len] = '\0';
	return set_word(row, settings, *value ? value : NULL);
}

/* NULL, or what is wrong with *text, the line or its first word. */
static const char *
file_lines(const struct option_row *rows, void *settings, FILE *file,
	   char *line, char **text)
{
	const char *why = NULL;

	while (why == NULL && fgets(line, OPTION_LINE_MAX, file) != NULL) {
		line_number++;
		*text = line;
		if (strlen(line) == OPTION_LINE_MAX - 1) {
			line[20] = '\0';
			return "the line is too long";
		}
		*text = trim(line);
		if (**text != '\0')
			why = file_line(rows, settings, *text);
	}
	return why;
}

int
option_file(const struct option_row *rows, void *settings, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[OPTION_LINE_MAX], *text = line;
	const char *why;
	int status = 0;

	if (file == NULL)
		return option_complain("%s: %s", path, strerror(errno));
	line_number = 0;
	why = file_lines(rows, settings, file, line, &text);
	if (why != NULL)
		status = option_complain("%s:%u: %s: %s", path, line_number,
					 text, why);
	else if (ferror(file))
		status = option_complain("%s: %s", path, strerror(errno));
	line_number = 0;
	fclose(file);
	return status;
}
