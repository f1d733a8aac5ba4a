/*
 * selector_parse.c - an expression's text into postfix ops and canonical text.
 *
 * By recursive descent, one function a rule of the grammar in bgp/plan.h.  Each
 * rule appends its ops and its canonical text and answers how tightly it
 * binds; the rule above inserts the parentheses that its own binding needs, so
 * the user's are forgotten.  Recursion is as deep as parentheses are, bounded
 * by BGP_SELECTOR_DEPTH_MAX like the operands that wait.
 */
#include <string.h>

#include "libbgp/plan/selector.h"

enum binding { FAILED = -1, LOOSE_OR, LOOSE_AND, TIGHT };

struct parser {
	const char *from, *at; /* the expression */
	struct selector_op *ops;
	uint32_t op_count;
	char *text; /* canonical so far */
	uint32_t text_len;
	unsigned depth, pending;
	int err;
	const char *reason;
};

static enum binding parse_or(struct parser *p);

static enum binding
fail_as(struct parser *p, int err, const char *reason)
{
	p->err = err;
	p->reason = reason;
	return FAILED;
}

static enum binding
fail(struct parser *p, const char *reason)
{
	return fail_as(p, BGP_ERR_INVALID, reason);
}

/* ---------------------------------------------------------------- canonical */

static struct selector_piece
put(struct parser *p, const char *text, size_t len)
{
	struct selector_piece piece = { (uint16_t)p->text_len, (uint16_t)len };

	memcpy(p->text + p->text_len, text, len);
	p->text_len += (uint32_t)len;
	return piece;
}

static void
put_str(struct parser *p, const char *text)
{
	put(p, text, strlen(text));
}

/* Between " unless it holds one; then it cannot hold a '. */
static struct selector_piece
put_quoted(struct parser *p, const char *text, size_t len)
{
	const char *quote = memchr(text, '"', len) != NULL ? "'" : "\"";
	struct selector_piece piece;

	put_str(p, quote);
	piece = put(p, text, len);
	put_str(p, quote);
	return piece;
}

/* Puts a character before what was written since text and op. */
static void
insert(struct parser *p, uint32_t text, uint32_t op, char c)
{
	memmove(p->text + text + 1, p->text + text, p->text_len - text);
	p->text[text] = c;
	p->text_len++;
	for (; op < p->op_count; op++) {
		p->ops[op].name.at++;
		p->ops[op].value.at++;
	}
}

static void
enclose(struct parser *p, uint32_t text, uint32_t op)
{
	insert(p, text, op, '(');
	put_str(p, ")");
}

/* ------------------------------------------------------------------ lexemes */

static void
skip_blanks(struct parser *p)
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
take(struct parser *p, const char *mark)
{
	skip_blanks(p);
	if (strncmp(p->at, mark, strlen(mark)) != 0)
		return false;
	p->at += strlen(mark);
	return true;
}

/* Takes a word that does not go on. */
static bool
take_word(struct parser *p, const char *word)
{
	const char *before = p->at;

	if (take(p, word) && !is_name(*p->at))
		return true;
	p->at = before;
	return false;
}

static bool
take_name(struct parser *p, struct bgp_span *name)
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
take_string(struct parser *p, struct bgp_span *string)
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

/* ---------------------------------------------------------------------- ops */

static struct selector_op *
append(struct parser *p, enum selector_code code)
{
	struct selector_op *op = &p->ops[p->op_count++];

	memset(op, 0, sizeof *op);
	op->code = (uint16_t)code;
	return op;
}

/* A term: one bit more that waits. */
static enum binding
push(struct parser *p)
{
	if (++p->pending > BGP_SELECTOR_DEPTH_MAX)
		return fail_as(p, BGP_ERR_LIMIT, "too many operands wait");
	return TIGHT;
}

/* ----------------------------------------------------------------- the sets */

/* < 0, 0, > 0: order of two values, still pieces of the expression. */
static int
compare(const struct parser *p, const struct selector_op *a,
	const struct selector_op *b)
{
	size_t len = a->value.len < b->value.len ? a->value.len : b->value.len;
	int order = memcmp(p->from + a->value.at, p->from + b->value.at, len);

	return order != 0 ? order : (int)a->value.len - (int)b->value.len;
}

/* Keeps the values from `first` sorted and unique. */
static void
insert_value(struct parser *p, uint32_t first, struct bgp_span value)
{
	struct selector_op *op = append(p, SELECTOR_VALUE), fresh;
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

static void
put_values(struct parser *p, uint32_t first)
{
	put_str(p, "{");
	for (uint32_t i = first; i < p->op_count; i++) {
		struct selector_piece *value = &p->ops[i].value;

		if (i > first)
			put_str(p, ", ");
		*value = put_quoted(p, p->from + value->at, value->len);
	}
	put_str(p, "}");
}

static enum binding
parse_set(struct parser *p, uint32_t op)
{
	struct bgp_span value;

	if (!take(p, "{"))
		return fail(p, "expected a set in braces");
	while (take_string(p, &value)) {
		insert_value(p, op + 1, value);
		if (!take(p, ","))
			break;
	}
	if (p->err != BGP_OK)
		return FAILED;
	if (!take(p, "}"))
		return fail(p, "expected }");
	p->ops[op].count = (uint16_t)(p->op_count - op - 1);
	put_values(p, op + 1);
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
take_operator(struct parser *p)
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

static enum binding
parse_test(struct parser *p, struct bgp_span name)
{
	uint32_t op = p->op_count;
	const struct operator_row *row;
	struct bgp_span value;

	append(p, SELECTOR_HAS)->name = put(p, (const char *)name.octets,
	    name.len);
	row = take_operator(p);
	if (row == NULL)
		return fail(p, "expected an operator after the label");
	p->ops[op].code = (uint16_t)row->code;
	put_str(p, row->canonical);
	if (row->code == SELECTOR_IN || row->code == SELECTOR_NOT_IN)
		return parse_set(p, op);
	if (!take_string(p, &value))
		return p->err != BGP_OK ? FAILED :
		    fail(p, "expected a string in quotes");
	p->ops[op].value = put_quoted(p, (const char *)value.octets, value.len);
	return push(p);
}

static enum binding
parse_has(struct parser *p)
{
	struct bgp_span name;

	if (!take_name(p, &name))
		return p->err != BGP_OK ? FAILED :
		    fail(p, "expected a label name in has()");
	put_str(p, "has(");
	append(p, SELECTOR_HAS)->name = put(p, (const char *)name.octets,
	    name.len);
	put_str(p, ")");
	if (!take(p, ")"))
		return fail(p, "expected ) after has(");
	return push(p);
}

static enum binding
parse_all(struct parser *p, const char *canonical)
{
	if (!take(p, ")"))
		return fail(p, "expected ) after all( or global(");
	put_str(p, canonical);
	append(p, SELECTOR_ALL);
	return push(p);
}

static enum binding
parse_nested(struct parser *p)
{
	enum binding inner;

	if (++p->depth > BGP_SELECTOR_DEPTH_MAX)
		return fail_as(p, BGP_ERR_LIMIT, "nested too deep");
	inner = parse_or(p);
	p->depth--;
	if (inner != FAILED && !take(p, ")"))
		return fail(p, "expected )");
	return inner;
}

static enum binding
parse_term(struct parser *p)
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
	return fail(p, *p->at == '\0' ? "expression ends too early" :
					"expected a label, has(), all() or (");
}

/* ------------------------------------------------------------ the operators */

/* A negation of "!x" or "!(x || y)": both go, and with them the parentheses. */
static enum binding
unnegate(struct parser *p, uint32_t text, uint32_t op)
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

static enum binding
parse_not(struct parser *p)
{
	uint32_t text = p->text_len, op = p->op_count;
	bool negated = false;
	enum binding inner;

	while (take(p, "!"))
		negated = !negated;
	inner = parse_term(p);
	if (inner == FAILED || !negated)
		return inner;
	if (p->ops[p->op_count - 1].code == SELECTOR_NOT)
		return unnegate(p, text, op);
	if (inner != TIGHT)
		enclose(p, text, op);
	insert(p, text, op, '!');
	append(p, SELECTOR_NOT);
	return TIGHT;
}

static enum binding
parse_and(struct parser *p)
{
	uint32_t text = p->text_len, op = p->op_count;
	enum binding left = parse_not(p);

	while (left != FAILED && take(p, "&&")) {
		if (left == LOOSE_OR)
			enclose(p, text, op);
		put_str(p, " && ");
		text = p->text_len;
		op = p->op_count;
		left = parse_not(p);
		if (left == FAILED)
			return FAILED;
		if (left == LOOSE_OR)
			enclose(p, text, op);
		append(p, SELECTOR_AND);
		p->pending--;
		left = LOOSE_AND;
	}
	return left;
}

static enum binding
parse_or(struct parser *p)
{
	enum binding left = parse_and(p);

	while (left != FAILED && take(p, "||")) {
		put_str(p, " || ");
		if (parse_and(p) == FAILED)
			return FAILED;
		append(p, SELECTOR_OR);
		p->pending--;
		left = LOOSE_OR;
	}
	return left;
}

static void
parse(struct parser *p)
{
	skip_blanks(p);
	if (*p->at == '\0') {
		append(p, SELECTOR_ALL);
		put_str(p, "all()");
		return;
	}
	if (parse_or(p) == FAILED)
		return;
	skip_blanks(p);
	if (*p->at != '\0')
		fail(p, "unexpected characters");
}

/* ------------------------------------------------------------------- public */

/* One block for the longest canonical form: every term of text costs at least
 * as much again in blanks, "all()" stands for nothing. */
static size_t
text_room(size_t len)
{
	return 2 * len + 8;
}

/* Moves the text behind the ops and gives back what is not used; where the
 * smaller block is refused the larger stays. */
static struct bgp_selector *
settle(struct bgp_selector *s, const struct parser *p)
{
	size_t ops_len = sizeof *s + p->op_count * sizeof *s->ops;
	size_t len = ops_len + p->text_len + 1;
	struct bgp__mem mem = s->mem;
	struct bgp_selector *fit;

	memmove((char *)s + ops_len, p->text, p->text_len);
	((char *)s)[ops_len + p->text_len] = '\0';
	s->op_count = p->op_count;
	s->text_len = p->text_len;
	fit = bgp__mem_resize(&mem, s, s->block_len, len);
	if (fit != NULL) {
		s = fit;
		s->block_len = len;
	}
	s->text = (char *)s + ops_len;
	return s;
}

static int
report(struct bgp_selector_fault *fault, size_t at, int err, const char *reason)
{
	if (fault != NULL) {
		fault->column = at + 1;
		fault->reason = reason;
	}
	return err;
}

int
bgp_selector_new(struct bgp_selector **out, const char *text,
		 const struct bgp_allocator *host,
		 struct bgp_selector_fault *fault)
{
	struct parser p = { .from = text, .at = text };
	size_t len = strlen(text), block_len;
	struct bgp_selector *s;
	struct bgp__mem mem;

	*out = NULL;
	if (len > BGP_SELECTOR_LEN_MAX)
		return report(fault, BGP_SELECTOR_LEN_MAX, BGP_ERR_LIMIT,
		    "expression too long");
	bgp__mem_init(&mem, host);
	block_len = sizeof *s + (len + 1) * sizeof *s->ops + text_room(len);
	s = bgp__mem_get(&mem, block_len);
	if (s == NULL)
		return BGP_ERR_NOMEM;
	s->mem = mem;
	s->block_len = block_len;
	p.ops = s->ops;
	p.text = (char *)(s->ops + len + 1);
	parse(&p);
	if (p.err == BGP_OK) {
		*out = settle(s, &p);
		return BGP_OK;
	}
	bgp_selector_del(s);
	return report(fault, (size_t)(p.at - text), p.err, p.reason);
}

void
bgp_selector_del(struct bgp_selector *s)
{
	struct bgp__mem mem;

	if (s == NULL)
		return;
	mem = s->mem;
	bgp__mem_put(&mem, s, s->block_len);
}

size_t
bgp_selector_text(const struct bgp_selector *s, char *buf, size_t size)
{
	size_t fits = s->text_len < size ? s->text_len : size - 1;

	if (size > 0) {
		memcpy(buf, s->text, fits);
		buf[fits] = '\0';
	}
	return s->text_len;
}
