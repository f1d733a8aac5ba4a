/*
 * range.h - what the fields of an options struct may be, one row each.
 *
 * The rows are what is checked and what a host is told, so that the two cannot
 * disagree.  A row looks at one field, or, where `sound` stands, at several
 * together; the text begins with the field's name.
 */
#ifndef BGP_BASE_RANGE_H
#define BGP_BASE_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bgp__range {
	const char *text; /* "field: what it may be"; NULL ends the rows */
	size_t offset;
	uint8_t width; /* octets of the field */
	bool zero;     /* 0 is allowed beside min … max */
	uint64_t min, max;
	bool (*sound)(const void *options); /* NULL: min … max */
};

#define BGP__WIDTH(type, field) ((uint8_t)sizeof(((struct type *)0)->field))

/* min … max, or 0 too. */
#define BGP__RANGE(type, field, zero, min, max, words)            \
	{                                                         \
#field ": " words, offsetof(struct type, field),  \
		    BGP__WIDTH(type, field), zero, min, max, NULL \
	}

/* What a function says of the whole struct, under the name of one field. */
#define BGP__RULE(field, sound, words)                     \
	{                                                  \
		field ": " words, 0, 0, false, 0, 0, sound \
	}

#define BGP__RANGE_END                        \
	{                                     \
		NULL, 0, 0, false, 0, 0, NULL \
	}

/* The text of the first row that options do not keep; NULL: they keep all. */
const char *bgp__range_broken(const struct bgp__range *rows,
			      const void *options);

#endif
