/*
 * vector.h - a vector: a message, the session it came in, what is expected.
 */
#ifndef BGP_TESTS_VECTORS_VECTOR_H
#define BGP_TESTS_VECTORS_VECTOR_H

#include <stdbool.h>
#include <stdio.h>

#include "bgp/codec.h"
#include "json.h"

/* What became of one message. */
struct outcome {
	enum bgp_remedy remedy;
	uint8_t code, subcode;
};

/* Families as the vectors call them, where we call them otherwise. */
bgp_family vector_family(const char *name);

/* The session that a context tells of. */
void vector_codec(struct bgp_codec *codec, const char *id,
		  const struct json *context);

/* Whether the outcome is what a phrase of the vectors says. */
bool outcome_is(const struct outcome *o, const char *phrase);
bool outcome_is_one_of(const struct outcome *o, const struct json *phrases);

/* A file of the directory that VECTORS names; NULL: there is none. */
FILE *vector_file(const char *name);

#endif
