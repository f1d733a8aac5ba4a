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

/* Between quotes, as JSON and Graphviz read them. */
void plan_print_quoted(struct buffer *b, const char *text);

bool plan_has_node(const struct bgp_plan *plan, const char *name);

/* -------------------------------------------------------------- plan_dot.c */

#define PLAN_DOT_EDGES_MAX 1000000 /* sides of sessions */

/* Gathers sessions of one node after the other, then prints them as a graph;
 * only: those of this node with others, NULL: all. */
void plan_add_dot(const struct bgp_plan_sessions *sessions, const char *only);
void plan_print_dot(struct buffer *b, const struct bgp_plan *plan,
		    const char *only);

#endif
