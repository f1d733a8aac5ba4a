/*
 * selector_write.h - a parser under way: text in, ops and canonical text out.
 */
#ifndef BGP_PLAN_SELECTOR_WRITE_H
#define BGP_PLAN_SELECTOR_WRITE_H

#include "libbgp/plan/selector.h"

/* How tightly what was parsed holds together. */
enum selector_binding { FAILED = -1, LOOSE_OR, LOOSE_AND, TIGHT };

struct selector_parser {
	const char *from, *at; /* the expression */
	struct selector_op *ops;
	uint32_t op_count;
	char *text; /* canonical so far */
	uint32_t text_len;
	unsigned depth, pending;
	int err;
	const char *reason;
};

/* --------------------------------------------------------- selector_write.c */

struct selector_piece bgp__selector_put(struct selector_parser *p,
					const char *text, size_t len);
void bgp__selector_put_str(struct selector_parser *p, const char *text);

/* Between " unless it holds one; then it cannot hold a '. */
struct selector_piece bgp__selector_put_quoted(struct selector_parser *p,
					       const char *text, size_t len);

struct selector_op *bgp__selector_append(struct selector_parser *p,
					 enum selector_code code);

/* Keeps the values from `first` sorted and unique. */
void bgp__selector_insert_value(struct selector_parser *p, uint32_t first,
				struct bgp_span value);
void bgp__selector_put_values(struct selector_parser *p, uint32_t first);

/* What was written since text and op, put in parentheses or negated. */
void bgp__selector_enclose(struct selector_parser *p, uint32_t text,
			   uint32_t op);
void bgp__selector_negate(struct selector_parser *p, uint32_t text,
			  uint32_t op);

/* A negation of "!x" or "!(x || y)": both go, and with them the parentheses. */
enum selector_binding bgp__selector_unnegate(struct selector_parser *p,
					     uint32_t text, uint32_t op);

/* --------------------------------------------------------- selector_parse.c */

/* The whole expression; p->err and p->reason where it is none. */
void bgp__selector_parse(struct selector_parser *p);

#endif
