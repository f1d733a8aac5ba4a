/*
 * selector_write.c - ops and canonical text, written side by side.
 *
 * What was written last may still get parentheses or a negation, or lose one:
 * the text moves, and the ops that point into it move along.
 */
#include <string.h>

#include "libbgp/plan/selector_write.h"

/* ---------------------------------------------------------------------- ops */

struct selector_op *
bgp__selector_append(struct selector_parser *p, enum selector_code code)
{
	struct selector_op *op = &p->ops[p->op_count++];

	memset(op, 0, sizeof *op);
	op->code = (uint16_t)code;
	return op;
}

/* --------------------------------------------------------------------- text */

struct selector_piece
bgp__selector_put(struct selector_parser *p, const char *text, size_t len)
{
	struct selector_piece piece = { (uint16_t)p->text_len, (uint16_t)len };

	memcpy(p->text + p->text_len, text, len);
	p->text_len += (uint32_t)len;
	return piece;
}

void
bgp__selector_put_str(struct selector_parser *p, const char *text)
{
	bgp__selector_put(p, text, strlen(text));
}

struct selector_piece
bgp__selector_put_quoted(struct selector_parser *p, const char *text,
			 size_t len)
{
	const char *quote = memchr(text, '"', len) != NULL ? "'" : "\"";
	struct selector_piece piece;

	bgp__selector_put_str(p, quote);
	piece = bgp__selector_put(p, text, len);
	bgp__selector_put_str(p, quote);
	return piece;
}

/* Puts a character before what was written since text and op. */
static void
insert(struct selector_parser *p, uint32_t text, uint32_t op, char c)
{
	memmove(p->text + text + 1, p->text + text, p->text_len - text);
	p->text[text] = c;
	p->text_len++;
	for (; op < p->op_count; op++) {
		p->ops[op].name.at++;
		p->ops[op].value.at++;
	}
}

void
bgp__selector_enclose(struct selector_parser *p, uint32_t text, uint32_t op)
{
	insert(p, text, op, '(');
	bgp__selector_put_str(p, ")");
}

void
bgp__selector_negate(struct selector_parser *p, uint32_t text, uint32_t op)
{
	insert(p, text, op, '!');
	bgp__selector_append(p, SELECTOR_NOT);
}

enum selector_binding
bgp__selector_unnegate(struct selector_parser *p, uint32_t text, uint32_t op)
{
	unsigned last = p->ops[--p->op_count - 1].code;
	bool enclosed = last == SELECTOR_AND || last == SELECTOR_OR;
	uint32_t cut = enclosed ? 2 : 1;

	p->text_len -= cut;
	memmove(p->text + text, p->text + text + cut, p->text_len - text);
	p->text_len -= enclosed;
	for (; op < p->op_count; op++) {
		p->ops[op].name.at = (uint16_t)(p->ops[op].name.at - cut);
		p->ops[op].value.at = (uint16_t)(p->ops[op].value.at - cut);
	}
	return !enclosed ? TIGHT : last == SELECTOR_AND ? LOOSE_AND : LOOSE_OR;
}

/* --------------------------------------------------------------------- sets */

/* < 0, 0, > 0: order of two values, still pieces of the expression. */
static int
compare(const struct selector_parser *p, const struct selector_op *a,
	const struct selector_op *b)
{
	size_t len = a->value.len < b->value.len ? a->value.len : b->value.len;
	int order = memcmp(p->from + a->value.at, p->from + b->value.at, len);

	return order != 0 ? order : (int)a->value.len - (int)b->value.len;
}

void
bgp__selector_insert_value(struct selector_parser *p, uint32_t first,
			   struct bgp_span value)
{
	struct selector_op *op = bgp__selector_append(p, SELECTOR_VALUE), fresh;
	struct selector_op *begin = p->ops + first;

	op->value.at = (uint16_t)((const char *)value.octets - p->from);
	op->value.len = (uint16_t)value.len;
	fresh = *op;
	while (op > begin && compare(p, op - 1, &fresh) > 0) {
		*op = op[-1];
		op--;
	}
	if (op > begin && compare(p, op - 1, &fresh) == 0) {
		memmove(op, op + 1,
			(size_t)(p->ops + --p->op_count - op) * sizeof *op);
		return;
	}
	*op = fresh;
}

void
bgp__selector_put_values(struct selector_parser *p, uint32_t first)
{
	bgp__selector_put_str(p, "{");
	for (uint32_t i = first; i < p->op_count; i++) {
		struct selector_piece *value = &p->ops[i].value;

		if (i > first)
			bgp__selector_put_str(p, ", ");
		*value = bgp__selector_put_quoted(p, p->from + value->at,
						  value->len);
	}
	bgp__selector_put_str(p, "}");
}
