/*
 * option.h - settings from the command line and from a file, by one table.
 *
 *     --hold-time 30        as an argument, or --hold-time=30
 *     hold-time 30          as a line of a file; # starts a comment
 *
 * Each row names a setting, the field that holds it, and the parser that reads
 * its text.  A parser answers NULL, or a phrase that says what is wanted.  What
 * is given twice in one place is refused, unless its row has OPTION_AGAIN.
 */
#ifndef HOST_OPTION_H
#define HOST_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "bgp/types.h"

#define OPTION_TEXT_MAX   256 /* octets of an option_text field */
#define OPTION_LINE_MAX   1024
#define OPTION_PREFIX_MAX 64
#define OPTION_ROWS_MAX   64 /* of one table */

typedef const char *option_parser(void *field, const char *text);

struct option_row {
	const char *name;  /* without dashes; NULL ends the table; an empty
			    * one takes what has no dashes */
	const char *value; /* as --help names it; NULL: the option takes none */
	const char *help;  /* its default in parentheses */
	option_parser *parse; /* NULL: `help` stands alone in --help */
	size_t field;         /* offsetof within the settings */
	unsigned flags;
};

#define OPTION_AGAIN     1u /* may be given more than once */
#define OPTION_ARGS_ONLY 2u /* not within a file */

/*
 * Reads arguments; 0, or 2 after one line on stderr.  --help (-h) prints usage
 * and table, --version the program's name and the library's version; both exit
 * with 0.
 */
int option_args(const struct option_row *rows, void *settings,
		const char *usage, int argc, char **argv);

/* Reads a file; 0, or 2 after one line on stderr that begins FILE:LINE. */
int option_file(const struct option_row *rows, void *settings,
		const char *path);

/* Says one such line itself; 2. */
__attribute__((format(printf, 1, 2))) int option_complain(const char *format,
							  ...);
/* The last of these lines. */
const char *option_complaint(void);
/* From now on they go here instead of to stderr: to a log, once there is one.
 */
void option_complain_to(void (*say)(const char *line));
/* For parsers: the line of the file that is being read; 0: an argument. */
unsigned option_line(void);

/* Reads "word,word=value,…" by a table of words; NULL, or what is wanted, in
 * memory that the next call uses again. */
const char *option_words(const struct option_row *rows, void *settings,
			 const char *text);

/* The parsers of plain fields. */
option_parser option_flag;     /* bool: there, so true */
option_parser option_as;       /* uint32_t, not 0 */
option_parser option_u32;      /* uint32_t */
option_parser option_port;     /* uint16_t, not 0 */
option_parser option_hold;     /* uint16_t: 0, or 3 and more */
option_parser option_id;       /* uint32_t from dotted IPv4 */
option_parser option_addr;     /* struct bgp_addr */
option_parser option_text;     /* char[OPTION_TEXT_MAX] */
option_parser option_prefix;   /* struct bgp_prefix, without bits behind it */
option_parser option_prefixes; /* struct option_prefixes, one more */

struct option_prefixes {
	size_t count;
	struct bgp_prefix items[OPTION_PREFIX_MAX];
};

/* Decimal from min to max; NULL, or what is wanted in *why. */
const char *option_number(uint64_t *out, const char *text, uint64_t min,
			  uint64_t max);

#endif
