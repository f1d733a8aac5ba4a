/*
 * selector.c - an expression in one block of memory.
 *
 * The parser gets room for the worst; what it did not use is given back.
 */
#include <string.h>

#include "libbgp/plan/selector_write.h"

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
settle(struct bgp_selector *s, const struct selector_parser *p)
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
	struct selector_parser p = { .from = text, .at = text };
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
	bgp__selector_parse(&p);
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
