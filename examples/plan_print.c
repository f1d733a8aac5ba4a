/*
 * plan_print.c - planned sessions as JSON and as tables, and sums.
 */
#include <stdio.h>
#include <string.h>

#include "plan_print.h"

bool
plan_has_node(const struct bgp_plan *plan, const char *name)
{
	const char *node;

	for (size_t i = 0; (node = bgp_plan_node_at(plan, i)) != NULL; i++)
		if (strcmp(node, name) == 0)
			return true;
	return false;
}

/* --------------------------------------------------------------------- JSON */

void
plan_print_quoted(struct buffer *b, const char *text)
{
	char code[8];

	buffer_char(b, '"');
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ') {
			snprintf(code, sizeof code, "\\u%04x",
				 (unsigned)(unsigned char)*text);
			buffer_str(b, code);
		} else {
			if (*text == '"' || *text == '\\')
				buffer_char(b, '\\');
			buffer_char(b, *text);
		}
	buffer_char(b, '"');
}

static void
json_text(struct buffer *b, const char *key, const char *text)
{
	buffer_key(b, key);
	if (text != NULL)
		plan_print_quoted(b, text);
	else
		buffer_str(b, "null");
}

static void
json_number(struct buffer *b, const char *key, uint32_t v)
{
	buffer_key(b, key);
	buffer_u32(b, v);
}

static void
json_seconds(struct buffer *b, const char *key, int32_t v)
{
	buffer_key(b, key);
	if (v == BGP_PLAN_UNSET)
		buffer_str(b, "null");
	else
		buffer_u32(b, (uint32_t)v);
}

static void
json_truth(struct buffer *b, const char *key, bool v)
{
	buffer_key(b, key);
	buffer_str(b, v ? "true" : "false");
}

static void
json_addr(struct buffer *b, const char *key, const struct bgp_addr *addr)
{
	char text[BGP_ADDR_TEXT_MAX];

	if (addr->len != 0)
		bgp_addr_text(addr, text, sizeof text);
	json_text(b, key, addr->len != 0 ? text : NULL);
}

static void
json_filters(struct buffer *b, const struct bgp_planned *s)
{
	if (s->filter_count == 0)
		return;
	buffer_key(b, "filters");
	for (size_t i = 0; i < s->filter_count; i++) {
		buffer_char(b, i == 0 ? '[' : ',');
		plan_print_quoted(b, s->filters[i]);
	}
	buffer_char(b, ']');
}

static void
json_session(struct buffer *b, const struct bgp_planned *s)
{
	static const char *const modes[] = { "auto", "self", "keep" };
	char id[16];

	buffer_char(b, '{');
	json_text(b, "node", s->node);
	json_number(b, "family", s->family == BGP_IPV4_UNICAST ? 4 : 6);
	json_text(b, "name", s->name);
	json_text(b, "type", s->type_text);
	json_addr(b, "peer_ip", &s->peer);
	json_number(b, "port", s->port);
	json_number(b, "peer_as", s->peer_as);
	json_number(b, "local_as", s->local_as);
	json_addr(b, "source_address", &s->source);
	json_truth(b, "passive", s->passive);
	json_truth(b, "route_reflector_client", s->client);
	bgp_id_text(s->cluster_id, id, sizeof id);
	json_text(b, "cluster_id", s->client ? id : NULL);
	json_text(b, "next_hop", modes[s->next_hop]);
	json_number(b, "ttl_security_hops", s->ttl_security_hops);
	json_number(b, "allow_local_as", s->allowed_local_as);
	json_seconds(b, "restart_time_s", s->restart_s);
	json_seconds(b, "keepalive_s", s->keepalive_s);
	json_text(b, "password", s->password);
	if (s->reachable_by.len != 0)
		json_addr(b, "reachable_by", &s->reachable_by);
	json_filters(b, s);
	buffer_str(b, "}\n");
}

void
plan_print_json(struct buffer *b, const struct bgp_plan_sessions *sessions)
{
	const struct bgp_planned *s;

	for (size_t i = 0; (s = bgp_plan_sessions_at(sessions, i)) != NULL; i++)
		json_session(b, s);
}

/* -------------------------------------------------------------------- table */

enum { COLUMNS = 6, CELL_LEN = 256 };

static const char *const titles[COLUMNS] = { "PEER ADDRESS", "PEER TYPE",
					     "PEER AS",      "PORT",
					     "ROLE",         "RESOURCE" };

static const char *
role(const struct bgp_planned *s)
{
	if (s->client)
		return "client";
	if (s->peer_as != s->local_as)
		return s->passive ? "eBGP, passive" : "eBGP";
	return s->passive ? "peer, passive" : "peer";
}

static void
cell(const struct bgp_planned *s, int column, char *text)
{
	switch (column) {
	case 0:
		bgp_addr_text(&s->peer, text, CELL_LEN);
		break;
	case 1:
		snprintf(text, CELL_LEN, "%s", s->type_text);
		break;
	case 2:
		snprintf(text, CELL_LEN, "%u", s->peer_as);
		break;
	case 3:
		snprintf(text, CELL_LEN, "%u", s->port);
		break;
	case 4:
		snprintf(text, CELL_LEN, "%s", role(s));
		break;
	default:
		snprintf(text, CELL_LEN, "%s",
			 s->resource != NULL ? s->resource : "-");
	}
}

static void
rule(struct buffer *b, const int *widths)
{
	for (int c = 0; c < COLUMNS; c++) {
		buffer_char(b, '+');
		for (int i = 0; i < widths[c] + 2; i++)
			buffer_char(b, '-');
	}
	buffer_str(b, "+\n");
}

static void
row(struct buffer *b, const int *widths, const struct bgp_planned *s)
{
	char text[CELL_LEN], padded[CELL_LEN + 8];

	for (int c = 0; c < COLUMNS; c++) {
		if (s != NULL)
			cell(s, c, text);
		snprintf(padded, sizeof padded, "| %-*s ", widths[c],
			 s != NULL ? text : titles[c]);
		buffer_str(b, padded);
	}
	buffer_str(b, "|\n");
}

static void
measure(const struct bgp_plan_sessions *sessions, int *widths)
{
	const struct bgp_planned *s;
	char text[CELL_LEN];

	for (int c = 0; c < COLUMNS; c++)
		widths[c] = (int)strlen(titles[c]);
	for (size_t i = 0; (s = bgp_plan_sessions_at(sessions, i)) != NULL; i++)
		for (int c = 0; c < COLUMNS; c++) {
			cell(s, c, text);
			if ((int)strlen(text) > widths[c])
				widths[c] = (int)strlen(text);
		}
}

void
plan_print_text(struct buffer *b, const char *node, int family,
		const struct bgp_plan_sessions *sessions)
{
	const struct bgp_planned *s;
	int widths[COLUMNS];

	buffer_str(b, node);
	buffer_str(b, family == 4 ? ": IPv4 BGP" : ": IPv6 BGP");
	if (!bgp_plan_sessions_enabled(sessions)) {
		buffer_str(b, " is disabled, the node has no address.\n\n");
		return;
	}
	buffer_char(b, '\n');
	measure(sessions, widths);
	if (bgp_plan_sessions_at(sessions, 0) == NULL) {
		buffer_str(b,
			   family == 4 ? "No IPv4 peers.\n\n"
				       : "No IPv6 peers.\n\n");
		return;
	}
	rule(b, widths);
	row(b, widths, NULL);
	rule(b, widths);
	for (size_t i = 0; (s = bgp_plan_sessions_at(sessions, i)) != NULL; i++)
		row(b, widths, s);
	rule(b, widths);
	buffer_char(b, '\n');
}

void
plan_print_summary(struct buffer *b, int family,
		   const struct bgp_audit_summary *sum)
{
	char line[320];

	if (sum->nodes == 0)
		return;
	snprintf(
	    line, sizeof line,
	    "note: IPv%d: %llu nodes, %llu sessions between them and %llu "
	    "outside; %llu of %llu pairs reached, %llu whichever node is "
	    "lost; %llu findings\n",
	    family, (unsigned long long)sum->nodes,
	    (unsigned long long)sum->sessions, (unsigned long long)sum->outside,
	    (unsigned long long)sum->reached, (unsigned long long)sum->pairs,
	    (unsigned long long)sum->redundant,
	    (unsigned long long)sum->findings);
	buffer_str(b, line);
}
