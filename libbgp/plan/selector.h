/*
 * selector.h - an expression over labels in its compact form.
 *
 * Postfix: each term pushes a bit, each operator takes its operands and pushes
 * its answer.  The stack is one 64-bit word, so matching neither allocates nor
 * recurses.  Names and strings are pieces of the canonical text.
 *
 *   has(a) && b != "x"      ops   HAS a | EQ b x | NOT | AND
 *                           text  has(a) && b != "x"
 */
#ifndef BGP_PLAN_SELECTOR_H
#define BGP_PLAN_SELECTOR_H

#include "bgp/plan.h"
#include "libbgp/base/mem.h"

enum selector_code {
	SELECTOR_ALL,
	SELECTOR_HAS,
	SELECTOR_EQUAL,
	SELECTOR_NOT_EQUAL,
	SELECTOR_CONTAINS,
	SELECTOR_STARTS,
	SELECTOR_ENDS,
	SELECTOR_IN,     /* `count` VALUEs follow */
	SELECTOR_NOT_IN, /* likewise */
	SELECTOR_VALUE,
	SELECTOR_NOT,
	SELECTOR_AND,
	SELECTOR_OR
};

/* A piece of a text. */
struct selector_piece {
	uint16_t at, len;
};

struct selector_op {
	uint16_t code;
	uint16_t count; /* of IN and NOT_IN */
	struct selector_piece name, value;
};

struct bgp_selector {
	struct bgp__mem mem; /* counts this block alone */
	size_t block_len;
	uint32_t op_count, text_len;
	char *text; /* behind the ops */
	struct selector_op ops[];
};

#endif
