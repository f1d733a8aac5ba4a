/*
 * option.c - one table read three ways: arguments, lines of a file, --help.
 *
 * A complaint is one line that names the place: the option, or file and line.
 */
#include "option.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgp/bgp.h"

#define USAGE_ERROR   2
#define COMPLAINT_MAX (2 * OPTION_LINE_MAX)

static char last_complaint[COMPLAINT_MAX];
static unsigned line_number;

static void
say_on_stderr(const char *line)
{
	fprintf(stderr, "%s\n", line);
}

static void (*say_complaint)(const char *line) = say_on_stderr;

void
option_complain_to(void (*say)(const char *line))
{
	say_complaint = say;
}

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
	say_complaint(last_complaint);
	return USAGE_ERROR;
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

/* What is being read: one row of arguments, one file, or one row of words. */
struct reading {
	const struct option_row *rows;
	void *settings;
	uint64_t given; /* a bit for each row */
};

/* Two rows of one field are two words for one thing. */
static bool
is_given(const struct reading *r, const struct option_row *row)
{
	for (size_t i = 0; r->rows[i].name != NULL; i++)
		if (r->given & UINT64_C(1) << i &&
		    r->rows[i].field == row->field)
			return !(row->flags & OPTION_AGAIN);
	return false;
}

static const char *
set(struct reading *r, const struct option_row *row, const char *text)
{
	if (is_given(r, row))
		return "it is given twice";
	r->given |= UINT64_C(1) << (row - r->rows);
	return row->parse((char *)r->settings + row->field, text);
}

/* Sets a row that may or may not take a value. */
static const char *
set_word(struct reading *r, const struct option_row *row, const char *value)
{
	if (row == NULL)
		return "no such word";
	if (line_number != 0 && row->flags & OPTION_ARGS_ONLY)
		return "not within a file";
	if (row->value == NULL && value != NULL)
		return "takes no value";
	if (row->value != NULL && value == NULL)
		return "needs a value";
	return set(r, row, value ? value : "");
}

const char *
option_words(const struct option_row *rows, void *settings, const char *text)
{
	static char complaint[OPTION_TEXT_MAX];
	struct reading r = { rows, settings, 0 };
	char copy[OPTION_LINE_MAX], *word, *rest = copy;

	if (strlen(text) >= sizeof copy)
		return "too long";
	strcpy(copy, text);
	while ((word = strsep(&rest, ",")) != NULL) {
		char *value = strchr(word, '=');
		const char *why;

		if (value != NULL)
			*value++ = '\0';
		why = set_word(&r, find(rows, word, strlen(word)), value);
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
	printf("  %-28s %s\n", "--version", "which one this is");
	printf("  %-28s %s\n", "-h, --help", "this text");
}

/* Those that any program answers. */
static void
answer(const struct option_row *rows, const char *usage, const char *arg)
{
	if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
		help(rows, usage);
	else if (strcmp(arg, "--version") == 0)
		printf("%.*s, libbgp %s\n", (int)strcspn(usage, " "), usage,
		       bgp_version());
	else
		return;
	exit(0);
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
argument(struct reading *r, int argc, char **argv, int *at)
{
	const char *arg = argv[*at], *value = NULL, *why;
	const struct option_row *row = NULL;
	char name[64];

	if (strncmp(arg, "--", 2) != 0) {
		row = find(r->rows, "", 0);
		why = row ? set(r, row, arg) : "not expected here";
		return why ? complain(argv, "argument", arg, why) : 0;
	}
	if (split(arg, name, sizeof name, &value) && name[2] != '\0')
		row = find(r->rows, name + 2, strlen(name) - 2);
	if (row == NULL)
		return complain(argv, arg, NULL, "no such option; see --help");
	if (value == NULL && row->value != NULL && *at + 1 < argc)
		value = argv[++*at];
	if ((row->value != NULL) != (value != NULL))
		return complain(argv, name, NULL,
				value ? "takes no value" : "needs a value");
	why = set(r, row, value ? value : "");
	return why ? complain(argv, name, value, why) : 0;
}

int
option_args(const struct option_row *rows, void *settings, const char *usage,
	    int argc, char **argv)
{
	struct reading r = { rows, settings, 0 };

	for (int i = 1; i < argc; i++) {
		int status;

		answer(rows, usage, argv[i]);
		status = argument(&r, argc, argv, &i);
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
file_line(struct reading *r, char *line)
{
	size_t len = strcspn(line, " \t");
	const struct option_row *row = find(r->rows, line, len);
	char *value = line + len + strspn(line + len, " \t");

	line[len] = '\0';
	return set_word(r, row, *value ? value : NULL);
}

/* NULL, or what is wrong with *text, the line or its first word. */
static const char *
file_lines(struct reading *r, FILE *file, char *line, char **text)
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
			why = file_line(r, *text);
	}
	return why;
}

int
option_file(const struct option_row *rows, void *settings, const char *path)
{
	struct reading r = { rows, settings, 0 };
	FILE *file = fopen(path, "re");
	char line[OPTION_LINE_MAX], *text = line;
	const char *why;
	int status = 0;

	if (file == NULL)
		return option_complain("%s: %s", path, strerror(errno));
	line_number = 0;
	why = file_lines(&r, file, line, &text);
	if (why != NULL)
		status = option_complain("%s:%u: %s: %s", path, line_number,
					 text, why);
	else if (ferror(file))
		status = option_complain("%s: %s", path, strerror(errno));
	line_number = 0;
	fclose(file);
	return status;
}
