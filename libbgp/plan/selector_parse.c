/*
 * selector_parse.c - the grammar of expressions.
 *
 * By recursive descent, one function a rule of the grammar in bgp/plan.h.  Each
 * rule appends its ops and its canonical text and answers how tightly it
 * binds; the rule above inserts the parentheses that its own binding needs, so
 * the user's are forgotten.  Recursion is as deep as parentheses are, bounded
 * by BGP_SELECTOR_DEPTH_MAX like the operands that wait.
 */
#include <string.h>

#include "libbgp/plan/selector_write.h"

static enum selector_binding parse_or(struct selector_parser *p);

static enum selector_binding
fail_as(struct selector_parser *p, int err, const char *reason)
{
	p->err = err;
	p->reason = reason;
	return FAILED;
}

static enum selector_binding
fail(struct selector_parser *p, const char *reason)
{
	return fail_as(p, BGP_ERR_INVALID, reason);
}

/* ------------------------------------------------------------------ lexemes */

static void
skip_blanks(struct selector_parser *p)
{
	while (*p->at == ' ' || *p->at == '\t')
		p->at++;
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '/' ||
	    c == '-';
}

/* Takes a mark that begins here, blanks before it skipped. */
static bool
take(struct selector_parser *p, const char *mark)
{
	skip_blanks(p);
	if (strncmp(p->at, mark, strlen(mark)) != 0)
		return false;
	p->at += strlen(mark);
	return true;
}

/* Takes a word that does not go on. */
static bool
take_word(struct selector_parser *p, const char *word)
{
	const char *before = p->at;

	if (take(p, word) && !is_name(*p->at))
		return true;
	p->at = before;
	return false;
}

static bool
take_name(struct selector_parser *p, struct bgp_span *name)
{
	const char *from;

	skip_blanks(p);
	from = p->at;
	while (is_name(*p->at))
		p->at++;
	name->octets = (const uint8_t *)from;
	name->len = (size_t)(p->at - from);
	if (name->len <= BGP_SELECTOR_NAME_MAX)
		return name->len > 0;
	p->at = from;
	fail_as(p, BGP_ERR_LIMIT, "label name too long");
	return false;
}

static bool
take_string(struct selector_parser *p, struct bgp_span *string)
{
	const char *end;

	skip_blanks(p);
	if (*p->at != '"' && *p->at != '\'')
		return false;
	end = strchr(p->at + 1, *p->at);
	if (end == NULL) {
		fail(p, "string does not end");
		return false;
	}
	string->octets = (const uint8_t *)p->at + 1;
	string->len = (size_t)(end - p->at - 1);
	p->at = end + 1;
	return true;
}

/* ----------------------------------------------------------------- the sets */

/* A term: one bit more that waits. */
static enum selector_binding
push(struct selector_parser *p)
{
	if (++p->pending > BGP_SELECTOR_DEPTH_MAX)
		return fail_as(p, BGP_ERR_LIMIT, "too many operands wait");
	return TIGHT;
}

static enum selector_binding
parse_set(struct selector_parser *p, uint32_t op)
{
	struct bgp_span value;

	if (!take(p, "{"))
		return fail(p, "expected a set in braces");
	while (take_string(p, &value)) {
		bgp__selector_insert_value(p, op + 1, value);
		if (!take(p, ","))
			break;
	}
	if (p->err != BGP_OK)
		return FAILED;
	if (!take(p, "}"))
		return fail(p, "expected }");
	p->ops[op].count = (uint16_t)(p->op_count - op - 1);
	bgp__selector_put_values(p, op + 1);
	return push(p);
}

/* ---------------------------------------------------------------- the terms */

/* first, or first and second apart or together: "starts with". */
static const struct operator_row {
	const char *first, *second, *canonical;
	enum selector_code code;
} operators[] = {
	{ "==", NULL, " == ", SELECTOR_EQUAL },
	{ "!=", NULL, " != ", SELECTOR_NOT_EQUAL },
	{ "contains", NULL, " contains ", SELECTOR_CONTAINS },
	{ "startswith", NULL, " starts with ", SELECTOR_STARTS },
	{ "starts", "with", " starts with ", SELECTOR_STARTS },
	{ "endswith", NULL, " ends with ", SELECTOR_ENDS },
	{ "ends", "with", " ends with ", SELECTOR_ENDS },
	{ "in", NULL, " in ", SELECTOR_IN },
	{ "notin", NULL, " not in ", SELECTOR_NOT_IN },
	{ "not", "in", " not in ", SELECTOR_NOT_IN },
};

static const struct operator_row *
take_operator(struct selector_parser *p)
{
	const struct operator_row *row = operators;
	const char *before;

	skip_blanks(p);
	before = p->at;
	for (; row < operators + sizeof operators / sizeof *operators; row++) {
		bool word = is_name(row->first[0]);

		if ((word ? take_word(p, row->first) : take(p, row->first)) &&
		    (row->second == NULL || take_word(p, row->second)))
			return row;
		p->at = before;
	}
	return NULL;
}

/* Begins a term on a label. */
static void
put_name(struct selector_parser *p, struct bgp_span name)
{
	bgp__selector_append(p, SELECTOR_HAS)->name = bgp__selector_put(
	    p, (const char *)name.octets, name.len);
}

static enum selector_binding
parse_test(struct selector_parser *p, struct bgp_span name)
{
	uint32_t op = p->op_count;
	const struct operator_row *row;
	struct bgp_span value;

	put_name(p, name);
	row = take_operator(p);
	if (row == NULL)
		return fail(p, "expected an operator after the label");
	p->ops[op].code = (uint16_t)row->code;
	bgp__selector_put_str(p, row->canonical);
	if (row->code == SELECTOR_IN || row->code == SELECTOR_NOT_IN)
		return parse_set(p, op);
	if (!take_string(p, &value))
		return p->err != BGP_OK
		    ? FAILED
		    : fail(p, "expected a string in quotes");
	p->ops[op].value = bgp__selector_put_quoted(
	    p, (const char *)value.octets, value.len);
	return push(p);
}

static enum selector_binding
parse_has(struct selector_parser *p)
{
	struct bgp_span name;

	if (!take_name(p, &name))
		return p->err != BGP_OK
		    ? FAILED
		    : fail(p, "expected a label name in has()");
	bgp__selector_put_str(p, "has(");
	put_name(p, name);
	bgp__selector_put_str(p, ")");
	if (!take(p, ")"))
		return fail(p, "expected ) after has(");
	return push(p);
}

static enum selector_binding
parse_all(struct selector_parser *p, const char *canonical)
{
	if (!take(p, ")"))
		return fail(p, "expected ) after all( or global(");
	bgp__selector_put_str(p, canonical);
	bgp__selector_append(p, SELECTOR_ALL);
	return push(p);
}

static enum selector_binding
parse_nested(struct selector_parser *p)
{
	enum selector_binding inner;

	if (++p->depth > BGP_SELECTOR_DEPTH_MAX)
		return fail_as(p, BGP_ERR_LIMIT, "nested too deep");
	inner = parse_or(p);
	p->depth--;
	if (inner != FAILED && !take(p, ")"))
		return fail(p, "expected )");
	return inner;
}

static enum selector_binding
parse_term(struct selector_parser *p)
{
	struct bgp_span name;

	if (take(p, "has("))
		return parse_has(p);
	if (take(p, "all("))
		return parse_all(p, "all()");
	if (take(p, "global("))
		return parse_all(p, "global()");
	if (take(p, "("))
		return parse_nested(p);
	if (take_name(p, &name))
		return parse_test(p, name);
	if (p->err != BGP_OK)
		return FAILED;
	return fail(p,
		    *p->at == '\0' ? "expression ends too early"
				   : "expected a label, has(), all() or (");
}

/* ------------------------------------------------------------ the operators */

static enum selector_binding
parse_not(struct selector_parser *p)
{
	uint32_t text = p->text_len, op = p->op_count;
	bool negated = false;
	enum selector_binding inner;

	while (take(p, "!"))
		negated = !negated;
	inner = parse_term(p);
	if (inner == FAILED || !negated)
		return inner;
	if (p->ops[p->op_count - 1].code == SELECTOR_NOT)
		return bgp__selector_unnegate(p, text, op);
	if (inner != TIGHT)
		bgp__selector_enclose(p, text, op);
	bgp__selector_negate(p, text, op);
	return TIGHT;
}

static enum selector_binding
parse_and(struct selector_parser *p)
{
	uint32_t text = p->text_len, op = p->op_count;
	enum selector_binding left = parse_not(p);

	while (left != FAILED && take(p, "&&")) {
		if (left == LOOSE_OR)
			bgp__selector_enclose(p, text, op);
		bgp__selector_put_str(p, " && ");
		text = p->text_len;
		op = p->op_count;
		left = parse_not(p);
		if (left == FAILED)
			return FAILED;
		if (left == LOOSE_OR)
			bgp__selector_enclose(p, text, op);
		bgp__selector_append(p, SELECTOR_AND);
		p->pending--;
		left = LOOSE_AND;
	}
	return left;
}

static enum selector_binding
parse_or(struct selector_parser *p)
{
	enum selector_binding left = parse_and(p);

	while (left != FAILED && take(p, "||")) {
		bgp__selector_put_str(p, " || ");
		if (parse_and(p) == FAILED)
			return FAILED;
		bgp__selector_append(p, SELECTOR_OR);
		p->pending--;
		left = LOOSE_OR;
	}
	return left;
}

void
bgp__selector_parse(struct selector_parser *p)
{
	skip_blanks(p);
	if (*p->at == '\0') {
		bgp__selector_append(p, SELECTOR_ALL);
		bgp__selector_put_str(p, "all()");
		return;
	}
	if (parse_or(p) == FAILED)
		return;
	skip_blanks(p);
	if (*p->at != '\0')
		fail(p, "unexpected characters");
}
