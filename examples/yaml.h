/*
 * yaml.h - the YAML that users write for a cluster, read without surprises.
 *
 * Block and one-line flow mappings and sequences, plain and quoted scalars,
 * comments, several documents, and the shell lines around a here-document.
 * Anchors, tags, block scalars and whatever else YAML has are errors with
 * their line and column.
 */
#ifndef EXAMPLES_YAML_H
#define EXAMPLES_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgp/types.h"

#define YAML_DEPTH_MAX     32          /* collections within each other */
#define YAML_KEYS_MAX      1024        /* of one mapping */
#define YAML_DOCUMENT_MAX  (64u << 20) /* octets of one document */
#define YAML_DOCUMENTS_MAX 100000      /* of one file */

enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_MAPPING, YAML_SEQUENCE };

/* A value; where it stands in a mapping, with its key. */
struct yaml_node {
	enum yaml_kind kind;
	bool quoted;             /* a scalar in quotes is never a boolean */
	uint32_t line, column;   /* of the key where there is one; from 1 */
	const char *key;         /* NULL: not of a mapping */
	const char *text;        /* of a scalar, else NULL */
	struct yaml_node *first; /* of a collection */
	struct yaml_node *next;  /* of its siblings */
};

struct yaml_chunk;

/* A reader over text that outlives it. */
struct yaml {
	const char *at, *end, *line_start;
	uint32_t line, documents;
	struct bgp_allocator host;
	struct yaml_chunk *chunks; /* of this document */
	size_t used;
	const char *document_start;
	char heredoc[32]; /* the word that ends it */
	uint32_t error_line, error_column;
	const char *reason; /* NULL: no error */
	int err;            /* BGP_ERR_INVALID, _LIMIT or _NOMEM */
};

/* host NULL or its resize NULL: the C library's realloc and free. */
void yaml_open(struct yaml *y, const char *text, size_t len,
	       const struct bgp_allocator *host);
void yaml_close(struct yaml *y);

/*
 * The next document that is not empty, its nodes good until the next call.
 * NULL: there are no more, or y->err is not BGP_OK: then error_line,
 * error_column and reason say where and what.  Nothing comes after an error.
 */
const struct yaml_node *yaml_next(struct yaml *y);

/* The value of a key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping,
				 const char *key);

/* true, yes, on and their opposites, not in quotes; false: neither. */
bool yaml_bool(const struct yaml_node *node, bool *out);

#endif
