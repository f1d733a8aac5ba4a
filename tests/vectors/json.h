/*
 * json.h - as much of JSON as a file of vectors needs.
 *
 * A text becomes a tree of values in one array; strings stay in the text, which
 * is changed in place.  Numbers are whole.
 */
#ifndef BGP_TESTS_JSON_H
#define BGP_TESTS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_type type;
	const char *key;                 /* of a member, else NULL */
	const char *string;              /* JSON_STRING */
	int64_t number;                  /* JSON_NUMBER, JSON_BOOL */
	const struct json *first, *next; /* children, siblings */
	size_t count;                    /* of children */
};

/* The tree, or NULL where the text is not JSON; good until the next call. */
const struct json *json_parse(char *text);

/* The member of an object, or NULL; v may be NULL. */
const struct json *json_get(const struct json *v, const char *key);

/* A string member, or NULL. */
const char *json_string(const struct json *v, const char *key);

/* A number or truth member, or what stands for it. */
int64_t json_number(const struct json *v, const char *key, int64_t otherwise);

/* True where the string, or a string of the array, is this one. */
bool json_has(const struct json *v, const char *string);

#endif
