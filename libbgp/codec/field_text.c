/*
 * field_text.c - routes of MVPN and MUP as text: fields by a string of letters.
 *
 *   [source-active]:[64500:1]:[192.0.2.1]:[232.0.0.1]
 *   [t1st]:[64500:1]:[10.0.0.1/32]:[teid 305419896]:[qfi 9]:[192.0.2.1]
 *
 * A route is a type and fields one after the other; field.h has the letters.
 * Without length fields an address is of the AFI of the route, or of either
 * where its octets say so.         RFC 6514 4, draft-ietf-bess-mup-safi 3.1
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/codec/family.h"
#include "libbgp/codec/field.h"
#include "libbgp/codec/text.h"

/* What is being printed. */
struct fields {
	struct bgp__text *t;
	struct bgp__reader r;
	size_t addr_len; /* of the AFI */
};

/* ------------------------------------------------------------------- fields */

/* Each answers with a bad reader where the octets are no such field. */

static void
text_addr(struct fields *f, size_t len)
{
	const uint8_t *p = bgp__read(&f->r, len);

	if (p == NULL || (len != 0 && len != 4 && len != 16))
		f->r.bad = true;
	else if (len == 0)
		bgp__text_char(f->t, '*'); /* any: RFC 6625 3 */
	else
		bgp__text_addr(f->t, p, len);
}

static void
text_sized_addr(struct fields *f)
{
	unsigned bits = bgp__read8(&f->r);

	if (bits % 8 != 0)
		f->r.bad = true;
	text_addr(f, bits / 8);
}

static void
text_prefix(struct fields *f)
{
	uint8_t addr[16] = { 0 };
	unsigned bits = bgp__read8(&f->r);
	const uint8_t *p = bgp__read(&f->r, (bits + 7) / 8);

	if (p == NULL || bits > f->addr_len * 8) {
		f->r.bad = true;
		return;
	}
	memcpy(addr, p, (bits + 7) / 8);
	bgp__prefix_mask(addr, sizeof addr, bits);
	bgp__text_addr(f->t, addr, f->addr_len);
	bgp__text_char(f->t, '/');
	bgp__text_u32(f->t, bits);
}

/* An address and the first bits of a TEID, of a length that counts both. */
static void
text_endpoint(struct fields *f)
{
	uint8_t teid[4] = { 0 };
	unsigned bits = bgp__read8(&f->r);
	unsigned least = (unsigned)f->addr_len * 8, more;
	const uint8_t *p;

	if (bits < least || bits > least + 32) {
		f->r.bad = true;
		return;
	}
	more = bits - least;
	text_addr(f, f->addr_len);
	p = bgp__read(&f->r, (more + 7) / 8);
	if (p == NULL)
		return;
	memcpy(teid, p, (more + 7) / 8);
	bgp__prefix_mask(teid, sizeof teid, more);
	bgp__text_str(f->t, "]:[teid ");
	bgp__text_u32(f->t, bgp__load32(teid));
	bgp__text_char(f->t, '/');
	bgp__text_u32(f->t, more);
}

static void
text_number(struct fields *f, const char *name, uint32_t value)
{
	bgp__text_str(f->t, name);
	bgp__text_u32(f->t, value);
}

static void text_fields(struct fields *f, const struct bgp__route_type *type);

/* The route that a leaf answers, whose octets are in it whole; the address of
 * the leaf is behind it.  A leaf does not answer a leaf. */
static void
text_route_key(struct fields *f)
{
	unsigned type = bgp__read8(&f->r);
	struct fields key = *f;

	key.r = bgp__read_sub(&f->r, bgp__read8(&f->r));
	if (type == 0 || type == 4 || type >= BGP__MVPN_TYPES) {
		f->r.bad = true;
		return;
	}
	text_fields(&key, &bgp__mvpn_types[type]);
	bgp__text_str(f->t, "]:[");
	text_addr(f, bgp__left(&f->r));
	f->r.bad = f->r.bad || key.r.bad;
}

static void
text_field(struct fields *f, char letter)
{
	const uint8_t *rd;

	switch (letter) {
	case 'd':
		rd = bgp__read(&f->r, 8);
		if (rd != NULL)
			bgp__text_rd(f->t, rd);
		break;
	case 'A':
		text_number(f, "as ", bgp__read32(&f->r));
		break;
	case 't':
		text_number(f, "teid ", bgp__read32(&f->r));
		break;
	case 'q':
		text_number(f, "qfi ", bgp__read8(&f->r));
		break;
	case 's':
	case 'w':
	case 'S':
		text_sized_addr(f);
		break;
	case 'p':
		text_prefix(f);
		break;
	case 'e':
		text_endpoint(f);
		break;
	case 'k':
		text_route_key(f);
		break;
	default:
		text_addr(f, bgp__left(&f->r));
	}
}

/* All fields, and nothing behind them; else the reader is bad. */
static void
text_fields(struct fields *f, const struct bgp__route_type *type)
{
	bgp__text_str(f->t, type->name);
	for (const char *p = type->fields; *p != '\0' && !f->r.bad; p++) {
		if (*p == 'S' && bgp__left(&f->r) == 0)
			continue; /* not everyone writes it */
		bgp__text_str(f->t, "]:[");
		text_field(f, *p);
	}
	if (bgp__left(&f->r) > 0)
		f->r.bad = true;
}

/* ------------------------------------------------------------------ families
 */

static bool
text_route(struct bgp__text *t, const struct bgp_nlri *nlri,
	   const struct bgp__route_type *type, struct bgp__reader body)
{
	struct fields f = { t, body, BGP_AFI(nlri->family) == 1 ? 4 : 16 };
	size_t mark = t->len;

	bgp__text_char(t, '[');
	text_fields(&f, type);
	bgp__text_char(t, ']');
	if (f.r.bad)
		t->len = mark;
	return !f.r.bad;
}

/* Type (1), length (1), fields. */
bool
bgp__text_nlri_mvpn(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	struct bgp__reader r = bgp__reader(nlri->octets, nlri->len);
	unsigned type = bgp__read8(&r);
	struct bgp__reader body = bgp__read_sub(&r, bgp__read8(&r));

	if (body.bad || bgp__left(&r) > 0 || type == 0 ||
	    type >= BGP__MVPN_TYPES)
		return false;
	return text_route(t, nlri, &bgp__mvpn_types[type], body);
}

/* Architecture (1), type (2), length (1), fields. */
bool
bgp__text_nlri_mup(struct bgp__text *t, const struct bgp_nlri *nlri)
{
	struct bgp__reader r = bgp__reader(nlri->octets, nlri->len);
	unsigned architecture = bgp__read8(&r);
	unsigned type = bgp__read16(&r);
	struct bgp__reader body = bgp__read_sub(&r, bgp__read8(&r));

	if (body.bad || bgp__left(&r) > 0 || architecture != 1 || type == 0 ||
	    type >= BGP__MUP_TYPES)
		return false;
	return text_route(t, nlri, &bgp__mup_types[type], body);
}
