/*
 * capability.c - capabilities, each by its row: what it holds and how long.
 *
 * A row says what stands in front (a family, an AS, …) and of what widths the
 * tuples behind it are, one per family:
 *
 *   +--------------+----------------------------------------+- -
 *   | head         | AFI, 2 | SAFI, 1-2 | flags | value, n | …
 *   +--------------+----------------------------------------+- -
 *
 * A capability whose length does not fit its code cannot be read as what it
 * claims to be; the OPEN that carries it is refused as malformed (2/0), rather
 * than one feature being switched off where nobody looks.          RFC 5492
 */
#include "libbgp/base/octets.h"
#include "libbgp/base/text.h"
#include "libbgp/codec/capability.h"
#include "libbgp/codec/text.h"

enum head {
	HEAD_NONE,
	HEAD_FAMILY,
	HEAD_AS,
	HEAD_OCTET,
	HEAD_RESTART,
	HEAD_TEXT,
	HEAD_TEXTS
};

/* Octets of each head; texts have any number. */
static const uint8_t head_len[] = { 0, 4, 4, 1, 2, 0, 0 };

static const struct rule {
	uint8_t code;
	const char *name;
	uint8_t head;
	uint8_t safi, flags, value; /* octets of each in a tuple, 0: none */
} rules[] = {
	{ BGP_CAP_MP, "mp", HEAD_FAMILY, 0, 0, 0 },         /* RFC 4760 8 */
	{ BGP_CAP_REFRESH, "refresh", HEAD_NONE, 0, 0, 0 }, /* RFC 2918 2 */
	{ BGP_CAP_EXT_NEXT_HOP, "ext-next-hop", HEAD_NONE, 2, 0,
	  2 }, /* RFC 8950 4 */
	{ BGP_CAP_EXT_MESSAGE, "ext-message", HEAD_NONE, 0, 0,
	  0 }, /* RFC 8654 3 */
	{ BGP_CAP_MULTIPLE_LABELS, "multiple-labels", HEAD_NONE, 1, 0,
	  1 },                                         /* RFC 8277 2.1 */
	{ BGP_CAP_ROLE, "role", HEAD_OCTET, 0, 0, 0 }, /* RFC 9234 4.1 */
	{ BGP_CAP_GRACEFUL_RESTART, "graceful-restart", HEAD_RESTART, 1, 1,
	  0 },                                                /* RFC 4724 3 */
	{ BGP_CAP_AS4, "as4", HEAD_AS, 0, 0, 0 },             /* RFC 6793 3 */
	{ BGP_CAP_ADD_PATH, "add-path", HEAD_NONE, 1, 1, 0 }, /* RFC 7911 4 */
	{ BGP_CAP_ENHANCED_REFRESH, "enhanced-refresh", HEAD_NONE, 0, 0,
	  0 },                                        /* RFC 7313 3.1 */
	{ BGP_CAP_LLGR, "llgr", HEAD_NONE, 1, 1, 3 }, /* RFC 9494 3.1 */
	{ BGP_CAP_FQDN, "fqdn", HEAD_TEXTS, 0, 0,
	  0 }, /* draft-walton-bgp-hostname-capability */
	{ BGP_CAP_SOFTWARE_VERSION, "software-version", HEAD_TEXT, 0, 0,
	  0 }, /* draft-abraitis-bgp-version-capability */
	{ BGP_CAP_PATHS_LIMIT, "paths-limit", HEAD_NONE, 1, 0,
	  2 }, /* draft-abraitis-idr-addpath-paths-limit */
};

static const struct rule *
find_rule(uint8_t code)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (rules[i].code == code)
			return rules + i;
	return NULL;
}

/* Octets of a tuple, 0 where the code has none. */
static size_t
tuple_len(const struct rule *rule)
{
	return rule->safi == 0 ? 0
			       : 2u + rule->safi + rule->flags + rule->value;
}

static bool
has_texts(const struct rule *rule)
{
	return rule->head == HEAD_TEXT || rule->head == HEAD_TEXTS;
}

bool
bgp__capability_is_sound(const struct bgp_capability *cap)
{
	const struct rule *rule = find_rule(cap->code);
	size_t head, tuple;

	if (rule == NULL || has_texts(rule))
		return true;
	head = head_len[rule->head];
	tuple = tuple_len(rule);
	if (tuple == 0)
		return cap->len == head;
	return cap->len >= head && (cap->len - head) % tuple == 0;
}

const struct bgp_capability *
bgp__capability_find(const struct bgp_open *open, uint8_t code, size_t *from)
{
	while (*from < open->capability_count) {
		const struct bgp_capability *cap = open->capabilities + *from;

		++*from;
		if (cap->code == code)
			return cap;
	}
	return NULL;
}

/* ------------------------------------------------------------------- decode */

static struct bgp_span
read_text(struct bgp__reader *r)
{
	struct bgp_span span;

	span.len = bgp__read8(r);
	span.octets = bgp__read(r, span.len);
	return span;
}

static void
read_head(struct bgp__reader *r, const struct rule *rule,
	  struct bgp_capability_value *out)
{
	uint16_t word;

	switch (rule->head) {
	case HEAD_FAMILY:
		word = bgp__read16(r);
		bgp__read8(r);
		out->number = BGP_FAMILY(word, bgp__read8(r));
		break;
	case HEAD_AS:
		out->number = bgp__read32(r);
		break;
	case HEAD_OCTET:
		out->number = bgp__read8(r);
		break;
	case HEAD_RESTART: /* four flags, twelve bits of seconds */
		word = bgp__read16(r);
		out->flags = (uint8_t)(word >> 8 & 0xf0);
		out->number = word & 0xfff;
		break;
	case HEAD_TEXTS:
		out->text[0] = read_text(r);
		out->text[1] = read_text(r);
		break;
	case HEAD_TEXT:
		out->text[0] = read_text(r);
		break;
	default:
		break;
	}
}

static uint32_t
read_number(struct bgp__reader *r, size_t len)
{
	uint32_t v = 0;

	for (; len > 0; len--)
		v = v << 8 | bgp__read8(r);
	return v;
}

static void
read_tuple(struct bgp__reader *r, const struct rule *rule,
	   struct bgp_capability_tuple *out)
{
	uint32_t afi = read_number(r, 2);
	uint32_t safi = read_number(r, rule->safi);

	out->family = BGP_FAMILY(afi, safi & 0xff);
	out->flags = (uint8_t)read_number(r, rule->flags);
	out->value = read_number(r, rule->value);
}

int
bgp_capability_decode(const struct bgp_capability *cap,
		      struct bgp_capability_value *out)
{
	const struct rule *rule = find_rule(cap->code);
	struct bgp__reader r = bgp__reader(cap->value, cap->len);

	if (rule == NULL || (rule->head == HEAD_NONE && tuple_len(rule) == 0))
		return BGP_ERR_NOENT;
	if (!bgp__capability_is_sound(cap))
		return BGP_ERR_MALFORMED;
	*out = (struct bgp_capability_value){ .code = cap->code };
	read_head(&r, rule, out);
	if (r.bad)
		return BGP_ERR_MALFORMED;
	while (tuple_len(rule) > 0 && bgp__left(&r) > 0)
		read_tuple(&r, rule, &out->tuples[out->tuple_count++]);
	return BGP_OK;
}

/* ------------------------------------------------------------------- encode */

static void
write_text(struct bgp__writer *w, struct bgp_span text)
{
	bgp__write8(w, (unsigned)text.len);
	bgp__write(w, text.octets, text.len);
}

static void
write_head(struct bgp__writer *w, const struct rule *rule,
	   const struct bgp_capability_value *value)
{
	switch (rule->head) {
	case HEAD_FAMILY:
		bgp__write16(w, BGP_AFI(value->number));
		bgp__write16(w, BGP_SAFI(value->number));
		break;
	case HEAD_AS:
		bgp__write32(w, value->number);
		break;
	case HEAD_OCTET:
		bgp__write8(w, value->number);
		break;
	case HEAD_RESTART:
		bgp__write16(w, (value->flags & 0xf0u) << 8 | value->number);
		break;
	case HEAD_TEXTS:
		write_text(w, value->text[0]);
		write_text(w, value->text[1]);
		break;
	case HEAD_TEXT:
		write_text(w, value->text[0]);
		break;
	default:
		break;
	}
}

static void
write_number(struct bgp__writer *w, uint32_t v, size_t len)
{
	for (; len > 0; len--)
		bgp__write8(w, v >> 8 * (len - 1) & 0xff);
}

static void
write_tuple(struct bgp__writer *w, const struct rule *rule,
	    const struct bgp_capability_tuple *tuple)
{
	bgp__write16(w, BGP_AFI(tuple->family));
	write_number(w, BGP_SAFI(tuple->family), rule->safi);
	write_number(w, tuple->flags, rule->flags);
	write_number(w, tuple->value, rule->value);
}

/* Whether every number fits its field. */
static bool
fits(const struct rule *rule, const struct bgp_capability_value *value)
{
	uint32_t max = (uint32_t)((UINT64_C(1) << 8 * rule->value) - 1);

	if (value->tuple_count > BGP_CAPABILITY_TUPLES_MAX ||
	    (rule->head == HEAD_RESTART && value->number > 0xfff) ||
	    (rule->head == HEAD_OCTET && value->number > 0xff) ||
	    value->text[0].len > 255 || value->text[1].len > 255)
		return false;
	for (size_t i = 0; i < value->tuple_count; i++)
		if (value->tuples[i].value > max)
			return false;
	return true;
}

int
bgp_capability_encode(const struct bgp_capability_value *value, uint8_t *buf,
		      size_t size)
{
	const struct rule *rule = find_rule(value->code);
	struct bgp__writer w = bgp__writer(buf, size < 255 ? size : 255);

	if (rule == NULL)
		return BGP_ERR_NOENT;
	if (!fits(rule, value))
		return BGP_ERR_INVALID;
	write_head(&w, rule, value);
	for (size_t i = 0; tuple_len(rule) > 0 && i < value->tuple_count; i++)
		write_tuple(&w, rule, &value->tuples[i]);
	return w.bad ? BGP_ERR_SPACE : (int)bgp__written(&w);
}

/* --------------------------------------------------------------------- text */

static void
text_head(struct bgp__text *t, const struct rule *rule,
	  const struct bgp_capability_value *value)
{
	if (rule->head == HEAD_NONE)
		return;
	bgp__text_char(t, ' ');
	if (rule->head == HEAD_FAMILY) {
		bgp__text_family(t, value->number);
	} else if (has_texts(rule)) {
		bgp__text_quoted(t, value->text[0]);
		if (rule->head == HEAD_TEXTS) {
			bgp__text_char(t, ' ');
			bgp__text_quoted(t, value->text[1]);
		}
	} else {
		bgp__text_u32(t, value->number);
	}
	if (value->flags != 0) {
		bgp__text_str(t, "/0x");
		bgp__text_hex(t, &value->flags, 1);
	}
}

static void
text_tuple(struct bgp__text *t, const struct rule *rule,
	   const struct bgp_capability_tuple *tuple)
{
	bgp__text_char(t, ' ');
	bgp__text_family(t, tuple->family);
	if (rule->flags != 0) {
		bgp__text_str(t, "/0x");
		bgp__text_hex(t, &tuple->flags, 1);
	}
	if (rule->value != 0) {
		bgp__text_char(t, '/');
		bgp__text_u32(t, tuple->value);
	}
}

static void
text_raw(struct bgp__text *t, const struct bgp_capability *cap)
{
	if (cap->len == 0)
		return;
	bgp__text_char(t, ' ');
	bgp__text_hex(t, cap->value, cap->len);
}

size_t
bgp_capability_text(const struct bgp_capability *cap, char *buf, size_t size)
{
	const struct rule *rule = find_rule(cap->code);
	struct bgp__text t = bgp__text(buf, size);
	struct bgp_capability_value value;

	if (rule != NULL) {
		bgp__text_str(&t, rule->name);
	} else {
		bgp__text_str(&t, "capability-");
		bgp__text_u32(&t, cap->code);
	}
	if (bgp_capability_decode(cap, &value) == BGP_OK) {
		text_head(&t, rule, &value);
		for (size_t i = 0; i < value.tuple_count; i++)
			text_tuple(&t, rule, &value.tuples[i]);
	} else {
		text_raw(&t, cap);
	}
	return bgp__text_end(&t);
}
