/*
 * json.c - as much of JSON as a file of vectors needs.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"

#define VALUES_MAX 65536

static struct json values[VALUES_MAX];
static size_t used;

static struct json *parse_value(char **at);

static void
skip(char **at)
{
	*at += strspn(*at, " \t\r\n");
}

static bool
take(char **at, const char *word)
{
	size_t len = strlen(word);

	skip(at);
	if (strncmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

/* Escapes are shortened in place; \u becomes '?', the vectors name none. */
static char *
parse_string(char **at)
{
	char *from = *at, *to = *at;

	for (; *from != '"' && *from != '\0'; from++) {
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		from++;
		if (*from == 'u') {
			from += 4;
			*to++ = '?';
		} else {
			*to++ = *from == 'n' ? '\n' : *from;
		}
	}
	if (*from == '\0')
		return NULL;
	*at = from + 1;
	*to = '\0';
	return to;
}

static bool
parse_members(char **at, struct json *v, char end)
{
	const struct json **last = &v->first;
	char close[2] = { end, '\0' };

	if (take(at, close))
		return true;
	do {
		const char *key = NULL;
		struct json *child;

		skip(at);
		if (end == '}') {
			if (!take(at, "\""))
				return false;
			key = *at;
			if (parse_string(at) == NULL || !take(at, ":"))
				return false;
		}
		child = parse_value(at);
		if (child == NULL)
			return false;
		child->key = key;
		*last = child;
		last = &child->next;
		v->count++;
	} while (take(at, ","));
	return take(at, close);
}

static bool
parse_scalar(char **at, struct json *v)
{
	char *end;

	if (take(at, "true") || take(at, "false")) {
		v->type = JSON_BOOL;
		v->number = (*at)[-2] == 'u';
		return true;
	}
	if (take(at, "null"))
		return true;
	v->type = JSON_NUMBER;
	v->number = strtoll(*at, &end, 10);
	if (end == *at)
		return false;
	*at = end;
	return true;
}

static struct json *
parse_value(char **at)
{
	struct json *v;

	if (used == VALUES_MAX)
		return NULL;
	v = &values[used++];
	memset(v, 0, sizeof *v);
	if (take(at, "{")) {
		v->type = JSON_OBJECT;
		return parse_members(at, v, '}') ? v : NULL;
	}
	if (take(at, "[")) {
		v->type = JSON_ARRAY;
		return parse_members(at, v, ']') ? v : NULL;
	}
	if (take(at, "\"")) {
		v->type = JSON_STRING;
		v->string = *at;
		return parse_string(at) != NULL ? v : NULL;
	}
	return parse_scalar(at, v) ? v : NULL;
}

const struct json *
json_parse(char *text)
{
	used = 0;
	return parse_value(&text);
}

const struct json *
json_get(const struct json *v, const char *key)
{
	if (v == NULL || v->type != JSON_OBJECT)
		return NULL;
	for (v = v->first; v != NULL; v = v->next)
		if (strcmp(v->key, key) == 0)
			return v;
	return NULL;
}

const char *
json_string(const struct json *v, const char *key)
{
	v = json_get(v, key);
	return v != NULL ? v->string : NULL;
}

int64_t
json_number(const struct json *v, const char *key, int64_t otherwise)
{
	v = json_get(v, key);
	return v != NULL && v->type != JSON_NULL ? v->number : otherwise;
}

bool
json_has(const struct json *v, const char *string)
{
	if (v == NULL)
		return false;
	if (v->type == JSON_STRING)
		return strcmp(v->string, string) == 0;
	for (v = v->first; v != NULL; v = v->next)
		if (v->type == JSON_STRING && strcmp(v->string, string) == 0)
			return true;
	return false;
}
