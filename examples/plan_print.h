/*
 * plan_print.h - planned sessions as JSON, as tables and as a graph.
 */
#ifndef EXAMPLES_PLAN_PRINT_H
#define EXAMPLES_PLAN_PRINT_H

#include "bgp/plan.h"
#include "buffer.h"

/* One object per session and line. */
void plan_print_json(struct buffer *b,
		     const struct bgp_plan_sessions *sessions);

/* The table of one node and family (4 or 6). */
void plan_print_text(struct buffer *b, const char *node, int family,
		     const struct bgp_plan_sessions *sessions);

/* Sums of an audit, one line. */
void plan_print_summary(struct buffer *b, int family,
			const struct bgp_audit_summary *sum);

/* Gathers sessions, then prints them as a Graphviz graph. */
void plan_add_dot(const struct bgp_plan_sessions *sessions);
void plan_print_dot(struct buffer *b);

bool plan_has_node(const struct bgp_plan *plan, const char *name);

#endif
