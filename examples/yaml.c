/*
 * yaml.c - a subset of YAML into nodes, by indentation.
 *
 * The reader stands at the first character of a token; `column` is that
 * character's place in its line and is the indentation of the block it begins.
 *
 *   spec:              mapping at column 1
 *     filters:         mapping at column 3
 *     - name: a        sequence at column 3, mapping at column 5
 *
 * Recursion is bounded by YAML_DEPTH_MAX, memory by the size of a document.
 */
#include <stdlib.h>
#include <string.h>

#include "yaml.h"

enum { CHUNK_LEN = 1 << 16 };

struct yaml_chunk {
	struct yaml_chunk *next;
	size_t len;
	max_align_t octets[];
};

static struct yaml_node *block(struct yaml *y, int depth);
static struct yaml_node *flow(struct yaml *y, int depth);

/* ------------------------------------------------------------------- memory */

static void *
libc_resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	(void)ctx;
	(void)old_len;
	if (new_len == 0) {
		free(ptr);
		return NULL;
	}
	return realloc(ptr, new_len);
}

static uint32_t
column(const struct yaml *y)
{
	return (uint32_t)(y->at - y->line_start) + 1;
}

/* The first error stays. */
static void *
fail_as(struct yaml *y, int err, const char *reason)
{
	if (y->err == BGP_OK) {
		y->err = err;
		y->reason = reason;
		y->error_line = y->line;
		y->error_column = column(y);
	}
	return NULL;
}

static void *
fail(struct yaml *y, const char *reason)
{
	return fail_as(y, BGP_ERR_INVALID, reason);
}

static void *
get(struct yaml *y, size_t len)
{
	struct yaml_chunk *c = y->chunks;
	size_t room = len > CHUNK_LEN ? len : CHUNK_LEN;
	void *octets;

	len = (len + sizeof(void *) - 1) & ~(sizeof(void *) - 1);
	if (c == NULL || c->len - y->used < len) {
		room = len > room ? len : room;
		c = y->host.resize(y->host.ctx, NULL, 0, sizeof *c + room);
		if (c == NULL)
			return fail_as(y, BGP_ERR_NOMEM, "out of memory");
		c->next = y->chunks;
		c->len = room;
		y->chunks = c;
		y->used = 0;
	}
	octets = (char *)c->octets + y->used;
	y->used += len;
	return octets;
}

static void
drop(struct yaml *y)
{
	while (y->chunks != NULL) {
		struct yaml_chunk *c = y->chunks;

		y->chunks = c->next;
		y->host.resize(y->host.ctx, c, sizeof *c + c->len, 0);
	}
}

static struct yaml_node *
node(struct yaml *y, enum yaml_kind kind)
{
	struct yaml_node *n = get(y, sizeof *n);

	if (n != NULL)
		*n = (struct yaml_node){ .kind = kind,
					 .line = y->line,
					 .column = column(y) };
	return n;
}

static const char *
copy(struct yaml *y, const char *text, size_t len)
{
	char *to = get(y, len + 1);

	if (to != NULL) {
		memcpy(to, text, len);
		to[len] = '\0';
	}
	return to;
}

/* -------------------------------------------------------------------- lines */

static bool
at_end(const struct yaml *y)
{
	return y->at == y->end || *y->at == '\n' ||
	    (*y->at == '\r' && (y->at + 1 == y->end || y->at[1] == '\n'));
}

/* A comment needs a blank before it. */
static bool
at_comment(const struct yaml *y)
{
	return y->at < y->end && *y->at == '#' &&
	    (y->at == y->line_start || y->at[-1] == ' ' || y->at[-1] == '\t');
}

static void
skip_blanks(struct yaml *y)
{
	while (y->at < y->end && (*y->at == ' ' || *y->at == '\t'))
		y->at++;
}

/* To the end of the line, where nothing but a comment may be. */
static bool
skip_rest(struct yaml *y)
{
	skip_blanks(y);
	return at_end(y) || at_comment(y);
}

static void
next_line(struct yaml *y)
{
	const char *nl = memchr(y->at, '\n', (size_t)(y->end - y->at));

	y->at = nl != NULL ? nl + 1 : y->end;
	y->line_start = y->at;
	y->line += nl != NULL;
}

/* Does the line begin with this, and nothing or a blank after it? */
static bool
line_is(const struct yaml *y, const char *mark)
{
	size_t len = strlen(mark);
	const char *p = y->line_start;

	return (size_t)(y->end - p) >= len && memcmp(p, mark, len) == 0 &&
	    (p + len == y->end || strchr(" \t\r\n", p[len]) != NULL);
}

/* "… <<EOF", "<<-'EOF' …": the word, or false.  It begins a document. */
static bool
begins_heredoc(struct yaml *y)
{
	const char *p = y->line_start, *from;
	size_t len;

	while (p + 2 < y->end && *p != '\n' && (p[0] != '<' || p[1] != '<'))
		p++;
	if (p + 2 >= y->end || *p == '\n' || *y->line_start == ' ' ||
	    *y->line_start == '#')
		return false;
	for (p += 2; p < y->end && strchr("-'\" ", *p) != NULL; p++)
		;
	for (from = p; p < y->end && ((*p >= 'A' && *p <= 'Z') || *p == '_');)
		p++;
	len = (size_t)(p - from);
	if (len == 0 || len >= sizeof y->heredoc)
		return false;
	memcpy(y->heredoc, from, len);
	y->heredoc[len] = '\0';
	return true;
}

/* Between documents: a mark, a directive's end, the shell's here-document. */
static bool
at_boundary(const struct yaml *y)
{
	return y->at == y->line_start &&
	    (line_is(y, "---") || line_is(y, "...") ||
	     (y->heredoc[0] != '\0' && line_is(y, y->heredoc)));
}

/* To the next token that begins a line; false: document ends, or an error. */
static bool
next_token(struct yaml *y)
{
	for (;;) {
		while (y->at < y->end && *y->at == ' ')
			y->at++;
		if (y->at < y->end && *y->at == '\t') {
			skip_blanks(y);
			if (!at_end(y) && !at_comment(y)) {
				fail(y, "tab in the indentation");
				return false;
			}
		}
		if (y->at == y->end)
			return false;
		if (!at_end(y) && !at_comment(y))
			break;
		next_line(y);
	}
	if (y->at - y->document_start > YAML_DOCUMENT_MAX) {
		fail_as(y, BGP_ERR_LIMIT, "document too long");
		return false;
	}
	return !at_boundary(y);
}

/* ------------------------------------------------------------------ scalars */

static const struct {
	char c;
	const char *reason;
} refused[] = {
	{ '&', "anchors are not supported" },
	{ '*', "aliases are not supported" },
	{ '!', "tags are not supported" },
	{ '|', "block scalars are not supported" },
	{ '>', "block scalars are not supported" },
	{ '%', "directives are not supported" },
	{ '@', "this character is reserved" },
	{ '`', "this character is reserved" },
	{ ',', "unexpected ," },
	{ ']', "unexpected ]" },
	{ '}', "unexpected }" },
};

static bool
refuse(struct yaml *y)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (*y->at == refused[i].c) {
			fail(y, refused[i].reason);
			return true;
		}
	if (*y->at == '?' &&
	    (y->at + 1 == y->end || strchr(" \t\r\n", y->at[1]) != NULL)) {
		fail(y, "complex keys are not supported");
		return true;
	}
	return false;
}

/* Is this ':' the end of a key? */
static bool
is_colon(const struct yaml *y, const char *p, bool in_flow)
{
	return *p == ':' &&
	    (p + 1 == y->end ||
	     strchr(in_flow ? " \t\r\n,]}" : " \t\r\n", p[1]) != NULL);
}

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' && c != '\t';
}

/* Up to a key's end, a comment or the end of the line, blanks cut. */
static const char *
plain(struct yaml *y, bool in_flow)
{
	const char *from = y->at, *to;

	if (refuse(y))
		return NULL;
	while (!at_end(y) && !at_comment(y) && !is_colon(y, y->at, in_flow) &&
	       !(in_flow && strchr(",[]{}", *y->at) != NULL)) {
		if (is_control(*y->at))
			return fail(y, "control character");
		y->at++;
	}
	for (to = y->at; to > from && (to[-1] == ' ' || to[-1] == '\t');)
		to--;
	if (to == from)
		return fail(y, "expected a value");
	return copy(y, from, (size_t)(to - from));
}

/* The quote that ends what begins here; '' and \" do not. */
static const char *
closing_quote(struct yaml *y)
{
	const char *open = y->at, *close;

	for (y->at++; !at_end(y); y->at++) {
		if (is_control(*y->at))
			return fail(y, "control character");
		if (*y->at == '\\' && *open == '"') {
			y->at++;
			if (at_end(y))
				break;
		} else if (*y->at == *open) {
			close = y->at;
			if (*open == '"' || close + 1 == y->end ||
			    close[1] != *open) {
				y->at = open + 1;
				return close;
			}
			y->at++;
		}
	}
	y->at = open;
	return fail(y, "quoted text does not end on its line");
}

/* '' stands for '. */
static const char *
single_quoted(struct yaml *y)
{
	const char *p = closing_quote(y);
	char *to, *text;

	text = to = p != NULL ? get(y, (size_t)(p - y->at) + 1) : NULL;
	if (text == NULL)
		return NULL;
	for (; y->at < p; y->at++) {
		*to++ = *y->at;
		y->at += *y->at == '\'';
	}
	*to = '\0';
	y->at = p + 1;
	return text;
}

static const struct {
	char c, value;
} escapes[] = {
	{ '"', '"' },  { '\\', '\\' }, { '/', '/' }, { 'n', '\n' },
	{ 't', '\t' }, { 'r', '\r' },  { ' ', ' ' },
};

static bool
unescape(char c, char *out)
{
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
		if (escapes[i].c == c) {
			*out = escapes[i].value;
			return true;
		}
	return false;
}

static const char *
double_quoted(struct yaml *y)
{
	const char *p = closing_quote(y);
	char *to, *text;

	text = to = p != NULL ? get(y, (size_t)(p - y->at) + 1) : NULL;
	if (text == NULL)
		return NULL;
	for (; y->at < p; y->at++) {
		char c = *y->at;

		if (c == '\\' && !unescape(*++y->at, &c))
			return fail(y, "escape is not supported");
		*to++ = c;
	}
	*to = '\0';
	y->at = p + 1;
	return text;
}

static const char *
scalar_text(struct yaml *y, bool in_flow, bool *quoted)
{
	const char *text;

	*quoted = *y->at == '"' || *y->at == '\'';
	text = *y->at == '"' ? double_quoted(y)
	    : *y->at == '\'' ? single_quoted(y)
			     : plain(y, in_flow);
	return text;
}

static struct yaml_node *
scalar(struct yaml *y, bool in_flow)
{
	struct yaml_node *n = node(y, YAML_SCALAR);

	if (n == NULL)
		return NULL;
	n->text = scalar_text(y, in_flow, &n->quoted);
	if (n->text == NULL)
		return NULL;
	if (!n->quoted &&
	    (strcmp(n->text, "~") == 0 || strcmp(n->text, "null") == 0)) {
		n->kind = YAML_NULL;
		n->text = NULL;
	}
	return n;
}

/* -------------------------------------------------------------- collections */

/* A list that grows at its end. */
struct children {
	struct yaml_node *parent, *last;
	uint32_t count;
};

static void
add(struct children *c, struct yaml_node *child)
{
	if (c->last == NULL)
		c->parent->first = child;
	else
		c->last->next = child;
	c->last = child;
	c->count++;
}

/* Reads "key:" and leaves a node that has only its place and key. */
static struct yaml_node *
take_key(struct yaml *y, struct children *c, bool in_flow)
{
	struct yaml_node *n = node(y, YAML_NULL);
	bool quoted;

	if (n == NULL)
		return NULL;
	if (c->count == YAML_KEYS_MAX)
		return fail_as(y, BGP_ERR_LIMIT, "too many keys");
	n->key = scalar_text(y, in_flow, &quoted);
	if (n->key == NULL)
		return NULL;
	skip_blanks(y);
	if (y->at == y->end || !is_colon(y, y->at, in_flow))
		return fail(y, "expected a key and ':'");
	if (yaml_get(c->parent, n->key) != NULL) {
		y->at = y->line_start + n->column - 1;
		return fail(y, "this key is there already");
	}
	y->at++;
	return n;
}

/* Puts a value under its key. */
static struct yaml_node *
join(struct yaml_node *key, const struct yaml_node *value)
{
	struct yaml_node joined;

	if (value == NULL)
		return NULL;
	joined = *value;
	joined.key = key->key;
	joined.line = key->line;
	joined.column = key->column;
	*key = joined;
	return key;
}

/* To the next token of a flow collection, on the same line. */
static bool
skip_in_flow(struct yaml *y)
{
	skip_blanks(y);
	if (at_end(y) || at_comment(y)) {
		fail(y, "flow collection does not end on its line");
		return false;
	}
	return true;
}

static struct yaml_node *
flow_value(struct yaml *y, int depth)
{
	return *y->at == '[' || *y->at == '{' ? flow(y, depth)
					      : scalar(y, true);
}

static struct yaml_node *
flow_member(struct yaml *y, struct children *c, int depth)
{
	struct yaml_node *n;

	if (c->parent->kind == YAML_SEQUENCE)
		return flow_value(y, depth);
	n = take_key(y, c, true);
	if (n == NULL || !skip_in_flow(y))
		return NULL;
	return *y->at == ',' || *y->at == '}' ? n
					      : join(n, flow_value(y, depth));
}

/* "[a, b]", "{a: b}", on one line. */
static struct yaml_node *
flow(struct yaml *y, int depth)
{
	bool sequence = *y->at == '[';
	char close = sequence ? ']' : '}';
	struct children c = { node(y, sequence ? YAML_SEQUENCE : YAML_MAPPING),
			      NULL, 0 };

	if (c.parent == NULL)
		return NULL;
	if (depth > YAML_DEPTH_MAX)
		return fail_as(y, BGP_ERR_LIMIT, "nested too deep");
	y->at++;
	while (skip_in_flow(y) && *y->at != close) {
		struct yaml_node *n = flow_member(y, &c, depth + 1);

		if (n == NULL || !skip_in_flow(y))
			return NULL;
		add(&c, n);
		if (*y->at == ',')
			y->at++;
		else if (*y->at != close)
			return fail(y,
				    sequence ? "expected , or ]"
					     : "expected , or }");
	}
	if (y->err != BGP_OK)
		return NULL;
	y->at++;
	return c.parent;
}

static bool
at_dash(const struct yaml *y)
{
	return *y->at == '-' &&
	    (y->at + 1 == y->end || strchr(" \t\r\n", y->at[1]) != NULL);
}

/* Does a key begin here?  Looks ahead to the ':' within the line. */
static bool
at_key(const struct yaml *y)
{
	const char *p = y->at;
	char quote = *p == '"' || *p == '\'' ? *p : '\0';

	if (quote != '\0') {
		for (p++; p < y->end && *p != quote && *p != '\n'; p++)
			if (*p == '\\' && quote == '"' && p + 1 < y->end)
				p++;
		if (p < y->end && *p == quote)
			p++;
		while (p < y->end && (*p == ' ' || *p == '\t'))
			p++;
		return p < y->end && is_colon(y, p, false);
	}
	for (; p < y->end && *p != '\n'; p++) {
		if (is_colon(y, p, false))
			return true;
		if (*p == '#' && p > y->at && (p[-1] == ' ' || p[-1] == '\t'))
			return false;
	}
	return false;
}

/* A value on the line of its key or dash, and the line's end. */
static struct yaml_node *
inline_value(struct yaml *y, int depth)
{
	struct yaml_node *n = *y->at == '[' || *y->at == '{' ? flow(y, depth)
							     : scalar(y, false);

	if (n == NULL)
		return NULL;
	if (!skip_rest(y))
		return fail(y,
			    *y->at == ':' ? "a mapping may not begin here"
					  : "unexpected text after the value");
	next_line(y);
	next_token(y);
	return y->err == BGP_OK ? n : NULL;
}

/* The next line is in the block at `indent`, unless it ends or is wrong. */
static bool
goes_on(struct yaml *y, uint32_t indent)
{
	if (y->err != BGP_OK || y->at == y->end || at_boundary(y) ||
	    column(y) < indent)
		return false;
	if (column(y) > indent) {
		fail(y, "wrong indentation");
		return false;
	}
	return true;
}

/* What stands below a key or a dash at `indent`; nothing at all is null. */
static struct yaml_node *
below(struct yaml *y, struct yaml_node *empty, uint32_t indent, int depth,
      bool dash_allowed)
{
	next_line(y);
	if (!next_token(y))
		return y->err == BGP_OK ? empty : NULL;
	if (column(y) > indent ||
	    (column(y) == indent && dash_allowed && at_dash(y)))
		return block(y, depth);
	return empty;
}

static struct yaml_node *
sequence(struct yaml *y, int depth)
{
	uint32_t indent = column(y);
	struct children c = { node(y, YAML_SEQUENCE), NULL, 0 };

	if (c.parent == NULL)
		return NULL;
	do {
		struct yaml_node *n = node(y, YAML_NULL);

		if (n == NULL)
			return NULL;
		y->at++;
		n = skip_rest(y) ? below(y, n, indent, depth, false)
				 : block(y, depth);
		if (n == NULL)
			return NULL;
		add(&c, n);
	} while (goes_on(y, indent) && at_dash(y));
	return y->err == BGP_OK ? c.parent : NULL;
}

static struct yaml_node *
mapping(struct yaml *y, int depth)
{
	uint32_t indent = column(y);
	struct children c = { node(y, YAML_MAPPING), NULL, 0 };

	if (c.parent == NULL)
		return NULL;
	do {
		struct yaml_node *n, empty = { .kind = YAML_NULL };

		if (at_dash(y))
			return fail(y, "expected a key, not '- '");
		n = take_key(y, &c, false);
		if (n == NULL)
			return NULL;
		n = join(n,
			 skip_rest(y) ? below(y, &empty, indent, depth, true)
				      : inline_value(y, depth));
		if (n == NULL)
			return NULL;
		add(&c, n);
	} while (goes_on(y, indent));
	return y->err == BGP_OK ? c.parent : NULL;
}

/* Whatever begins here: its column is its indentation. */
static struct yaml_node *
block(struct yaml *y, int depth)
{
	if (depth > YAML_DEPTH_MAX)
		return fail_as(y, BGP_ERR_LIMIT, "nested too deep");
	if (at_dash(y))
		return sequence(y, depth + 1);
	if (*y->at == '[' || *y->at == '{' || refuse(y) || !at_key(y))
		return y->err == BGP_OK ? inline_value(y, depth + 1) : NULL;
	return mapping(y, depth + 1);
}

/* ------------------------------------------------------------------- public */

void
yaml_open(struct yaml *y, const char *text, size_t len,
	  const struct bgp_allocator *host)
{
	static const char mark[] = "\xef\xbb\xbf"; /* of octet order */

	*y = (struct yaml){ .at = text, .end = text + len, .line = 1 };
	if (host != NULL && host->resize != NULL)
		y->host = *host;
	else
		y->host.resize = libc_resize;
	if (len >= 3 && memcmp(text, mark, 3) == 0)
		y->at += 3;
	y->line_start = y->at;
}

void
yaml_close(struct yaml *y)
{
	drop(y);
}

/* Past marks and shell lines, to the first token of a document. */
static bool
find_document(struct yaml *y)
{
	for (;;) {
		y->document_start = y->at;
		if (next_token(y)) {
			if (y->at != y->line_start || !begins_heredoc(y))
				return true;
			next_line(y);
			continue;
		}
		if (y->err != BGP_OK || y->at == y->end)
			return false;
		if (y->heredoc[0] != '\0' && line_is(y, y->heredoc)) {
			y->heredoc[0] = '\0';
			next_line(y);
			continue;
		}
		y->at += 3;
		if (!skip_rest(y))
			return true;
		next_line(y);
	}
}

const struct yaml_node *
yaml_next(struct yaml *y)
{
	struct yaml_node *n;

	drop(y);
	if (y->err != BGP_OK || !find_document(y))
		return NULL;
	if (++y->documents > YAML_DOCUMENTS_MAX)
		return fail_as(y, BGP_ERR_LIMIT, "too many documents");
	n = block(y, 1);
	if (n != NULL && y->at < y->end && !at_boundary(y))
		return fail(y, "wrong indentation");
	return n;
}

const struct yaml_node *
yaml_get(const struct yaml_node *parent, const char *key)
{
	const struct yaml_node *n = parent != NULL ? parent->first : NULL;

	for (; n != NULL; n = n->next)
		if (n->key != NULL && strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

bool
yaml_bool(const struct yaml_node *n, bool *out)
{
	static const char *const words[][6] = {
		{ "false", "False", "FALSE", "no", "No", "off" },
		{ "true", "True", "TRUE", "yes", "Yes", "on" },
	};

	if (n->kind != YAML_SCALAR || n->quoted)
		return false;
	for (int value = 0; value < 2; value++)
		for (size_t i = 0; i < 6; i++)
			if (strcmp(n->text, words[value][i]) == 0) {
				*out = value;
				return true;
			}
	return false;
}
