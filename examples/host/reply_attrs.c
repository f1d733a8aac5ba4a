/*
 * reply_attrs.c - path attributes in the words of BIRD, by a table.
 *
 *     BGP.origin: IGP
 *     BGP.as_path: 64500 64501
 *     BGP.next_hop: 192.0.2.1
 *     BGP.community: (64500,1) (64500,2)
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reply.h"

#define VALUE_MAX 16384 /* octets of the text of one value; cut beyond */

/* Text of a value, filled from the left; what does not fit is left out. */
struct value {
	char text[VALUE_MAX];
	size_t len;
	bool cut;
};

#define CUT " ..."

__attribute__((format(printf, 2, 3))) static void
add(struct value *v, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(v->text + v->len, sizeof v->text - v->len, format, args);
	va_end(args);
	if (n > 0 && (size_t)n < sizeof v->text - v->len - sizeof CUT)
		v->len += (size_t)n;
	else if (n > 0)
		v->cut = true;
	v->text[v->len] = '\0';
}

static uint32_t
u16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t
u32(const uint8_t *p)
{
	return u16(p) << 16 | u16(p + 2);
}

static const char *
gap(const struct value *v)
{
	return v->len > 0 ? " " : "";
}

/* ------------------------------------------------------------------- values */

static void
origin(struct value *v, const struct bgp_attr *a)
{
	static const char *const names[] = { "IGP", "EGP", "Incomplete" };

	add(v, "%s", a->len == 1 && a->value[0] < 3 ? names[a->value[0]] : "?");
}

static void
as_path(struct value *v, const struct bgp_attr *a)
{
	if (bgp_as_path_text(a->value, a->len, v->text, sizeof v->text) <
	    sizeof v->text)
		v->len = strlen(v->text);
}

static void
number(struct value *v, const struct bgp_attr *a)
{
	if (a->len == 4)
		add(v, "%u", u32(a->value));
}

static void
aggregator(struct value *v, const struct bgp_attr *a)
{
	if (a->len == 8)
		add(v, "%u.%u.%u.%u AS%u", a->value[4], a->value[5],
		    a->value[6], a->value[7], u32(a->value));
}

static void
ids(struct value *v, const struct bgp_attr *a)
{
	for (size_t i = 0; i + 4 <= a->len; i += 4)
		add(v, "%s%u.%u.%u.%u", gap(v), a->value[i], a->value[i + 1],
		    a->value[i + 2], a->value[i + 3]);
}

static void
communities(struct value *v, const struct bgp_attr *a)
{
	for (size_t i = 0; i + 4 <= a->len; i += 4)
		add(v, "%s(%u,%u)", gap(v), u16(a->value + i),
		    u16(a->value + i + 2));
}

static void
large_communities(struct value *v, const struct bgp_attr *a)
{
	for (size_t i = 0; i + 12 <= a->len; i += 12)
		add(v, "%s(%u, %u, %u)", gap(v), u32(a->value + i),
		    u32(a->value + i + 4), u32(a->value + i + 8));
}

/* Route target and route origin of the three common types, RFC 4360 4. */
static void
ext_community(struct value *v, const uint8_t *p)
{
	const char *kind = p[1] == 2 ? "rt" : p[1] == 3 ? "ro" : NULL;

	if (kind != NULL && p[0] == 0)
		add(v, "%s(%s, %u, %u)", gap(v), kind, u16(p + 2), u32(p + 4));
	else if (kind != NULL && p[0] == 1)
		add(v, "%s(%s, %u.%u.%u.%u, %u)", gap(v), kind, p[2], p[3],
		    p[4], p[5], u16(p + 6));
	else if (kind != NULL && p[0] == 2)
		add(v, "%s(%s, %u, %u)", gap(v), kind, u32(p + 2), u16(p + 6));
	else
		add(v, "%s(generic, 0x%x, 0x%x)", gap(v), u32(p), u32(p + 4));
}

static void
ext_communities(struct value *v, const struct bgp_attr *a)
{
	for (size_t i = 0; i + 8 <= a->len; i += 8)
		ext_community(v, a->value + i);
}

static void
nothing(struct value *v, const struct bgp_attr *a)
{
	(void)v, (void)a;
}

static void
hex(struct value *v, const struct bgp_attr *a)
{
	for (size_t i = 0; i < a->len; i++)
		add(v, "%s%02x", gap(v), a->value[i]);
}

static const struct row {
	uint8_t code;
	const char *name;
	void (*text)(struct value *v, const struct bgp_attr *a);
} rows[] = {
	{ BGP_ATTR_ORIGIN, "origin", origin },
	{ BGP_ATTR_AS_PATH, "as_path", as_path },
	{ BGP_ATTR_MED, "med", number },
	{ BGP_ATTR_LOCAL_PREF, "local_pref", number },
	{ BGP_ATTR_ATOMIC_AGGREGATE, "atomic_aggr", nothing },
	{ BGP_ATTR_AGGREGATOR, "aggregator", aggregator },
	{ BGP_ATTR_COMMUNITIES, "community", communities },
	{ BGP_ATTR_ORIGINATOR_ID, "originator_id", ids },
	{ BGP_ATTR_CLUSTER_LIST, "cluster_list", ids },
	{ BGP_ATTR_EXT_COMMUNITIES, "ext_community", ext_communities },
	{ BGP_ATTR_LARGE_COMMUNITIES, "large_community", large_communities },
};

/* ------------------------------------------------------------------ the set */

/* Between two values, not within "(1, 2, 3)". */
static bool
is_gap(const char *at)
{
	return at[0] == ' ' && at[-1] != ',';
}

/* A line as long as BIRD's, and what is left in lines below it; birdc reads no
 * line of more than 4096 octets.  Cut between two words. */
static void
put(struct reply_text *text, const char *name, const char *value)
{
	const char *before = "";

	do {
		size_t len = strlen(value);

		if (len > REPLY_LINE_MAX) {
			len = REPLY_LINE_MAX;
			while (len > 0 && !is_gap(value + len))
				len--;
			len = len > 0 ? len : REPLY_LINE_MAX;
		}
		reply_line(text, 1012, "\t%s%s%.*s", before, name, (int)len,
			   value);
		value += len + (value[len] == ' ');
		before = "\t";
		name = "";
	} while (*value != '\0');
}

static void
show(const struct bgp_attr *a, struct reply_text *text)
{
	struct value v = { .len = 0 };
	char name[32];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].code != a->code)
			continue;
		rows[i].text(&v, a);
		if (v.cut)
			strcpy(v.text + v.len, CUT);
		snprintf(name, sizeof name, "BGP.%s: ", rows[i].name);
		put(text, name, v.text);
		return;
	}
	hex(&v, a);
	snprintf(name, sizeof name, "BGP.%02x%s: ", a->code,
		 a->flags & BGP_ATTR_TRANSITIVE ? " [t]" : "");
	put(text, name, v.text);
}

/* Each behind a distinguisher where the length says so.  RFC 4659 3.2.1 */
size_t
reply_next_hops(const struct bgp_attrs *attrs, struct bgp_addr out[2])
{
	struct bgp_span hop = bgp_attrs_next_hop(attrs);
	bool rd = hop.len == 12 || hop.len == 24 || hop.len == 48;
	uint8_t len = hop.len == 4 || hop.len == 12 ? 4 : 16;
	size_t step = rd ? 8u + len : len, count = 0;

	for (size_t at = 0; at + step <= hop.len && count < 2; at += step) {
		out[count].len = len;
		memcpy(out[count++].octets, hop.octets + at + step - len, len);
	}
	return count;
}

static void
show_next_hop(const struct bgp_attrs *attrs, struct reply_text *text)
{
	struct bgp_addr addrs[2];
	size_t count = reply_next_hops(attrs, addrs);
	char one[BGP_ADDR_TEXT_MAX];
	struct value v = { .len = 0 };

	for (size_t i = 0; i < count; i++) {
		bgp_addr_text(&addrs[i], one, sizeof one);
		add(&v, "%s%s", gap(&v), one);
	}
	if (count > 0)
		reply_line(text, 1012, "\tBGP.next_hop: %s", v.text);
}

/* In ascending order of code; NEXT_HOP, kept apart, in its place. */
void
reply_attrs(const struct bgp_attrs *attrs, struct reply_text *text)
{
	struct bgp_attr list[BGP_UPDATE_ATTRS_MAX];
	size_t count = bgp_attrs_list(attrs, list, BGP_UPDATE_ATTRS_MAX), i = 0;

	for (; i < count && list[i].code < BGP_ATTR_NEXT_HOP; i++)
		show(&list[i], text);
	show_next_hop(attrs, text);
	for (; i < count; i++)
		show(&list[i], text);
}
