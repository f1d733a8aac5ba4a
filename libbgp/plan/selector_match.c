/*
 * selector_match.c - is a set of labels selected?
 *
 * One pass over the ops, one bit of the stack for each operand; the parser saw
 * to it that 64 are enough.
 */
#include <string.h>

#include "libbgp/plan/selector.h"

static bool
equal(const struct bgp_selector *s, struct selector_piece piece,
      const char *text)
{
	return strncmp(s->text + piece.at, text, piece.len) == 0 &&
	    text[piece.len] == '\0';
}

/* The value of a label, or NULL. */
static const char *
find(const struct bgp_selector *s, struct selector_piece name,
     const struct bgp_label *labels, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (equal(s, name, labels[i].key))
			return labels[i].value;
	return NULL;
}

static bool
contains(const char *text, const char *piece, size_t len)
{
	for (size_t left = strlen(text); left >= len; left--, text++)
		if (memcmp(text, piece, len) == 0)
			return true;
	return false;
}

static bool
ends(const char *text, const char *piece, size_t len)
{
	size_t text_len = strlen(text);

	return text_len >= len &&
	    memcmp(text + text_len - len, piece, len) == 0;
}

static bool
among(const struct bgp_selector *s, const struct selector_op *op,
      const char *value)
{
	for (uint32_t i = 1; i <= op->count; i++)
		if (equal(s, op[i].value, value))
			return true;
	return false;
}

/* One term; value NULL: there is no such label. */
static bool
test(const struct bgp_selector *s, const struct selector_op *op,
     const char *value)
{
	const char *piece = s->text + op->value.at;

	if (value == NULL)
		return op->code == SELECTOR_NOT_EQUAL ||
		    op->code == SELECTOR_NOT_IN;
	switch (op->code) {
	case SELECTOR_EQUAL:
		return equal(s, op->value, value);
	case SELECTOR_NOT_EQUAL:
		return !equal(s, op->value, value);
	case SELECTOR_CONTAINS:
		return contains(value, piece, op->value.len);
	case SELECTOR_STARTS:
		return strncmp(value, piece, op->value.len) == 0;
	case SELECTOR_ENDS:
		return ends(value, piece, op->value.len);
	case SELECTOR_IN:
		return among(s, op, value);
	case SELECTOR_NOT_IN:
		return !among(s, op, value);
	default: /* SELECTOR_HAS */
		return true;
	}
}

bool
bgp_selector_match(const struct bgp_selector *s, const struct bgp_label *labels,
		   size_t count)
{
	uint64_t stack = 0;

	for (uint32_t i = 0; i < s->op_count; i++) {
		const struct selector_op *op = &s->ops[i];

		switch (op->code) {
		case SELECTOR_ALL:
			stack = stack << 1 | 1;
			break;
		case SELECTOR_NOT:
			stack ^= 1;
			break;
		case SELECTOR_AND:
			stack = stack >> 1 & (stack | ~UINT64_C(1));
			break;
		case SELECTOR_OR:
			stack = stack >> 1 | (stack & 1);
			break;
		default:
			stack = stack << 1 |
			    test(s, op, find(s, op->name, labels, count));
			i += op->count;
		}
	}
	return stack & 1;
}
