/*
 * field_check.c - do the fields of an MVPN or MUP route fill it.
 *
 * Type and length in front of a route say where the next begins; what is wrong
 * inside costs its message's routes, and no session.
 *           RFC 6514 4, 6625 3, draft-ietf-bess-mup-safi 3.1, RFC 7606 2, 5.4
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/family.h"
#include "libbgp/codec/field.h"

const struct bgp__route_type bgp__mvpn_types[BGP__MVPN_TYPES] = {
	[1] = { "intra-as-pmsi", "da" },      /* RFC 6514 4.1 */
	[2] = { "inter-as-pmsi", "dA" },      /* RFC 6514 4.2 */
	[3] = { "s-pmsi", "dwwa" },           /* RFC 6514 4.3, 6625 3 */
	[4] = { "leaf", "k" },                /* RFC 6514 4.4 */
	[5] = { "source-active", "dss" },     /* RFC 6514 4.5 */
	[6] = { "shared-tree-join", "dAss" }, /* RFC 6514 4.6 */
	[7] = { "source-tree-join", "dAss" }, /* RFC 6514 4.6 */
};

const struct bgp__route_type bgp__mup_types[BGP__MUP_TYPES] = {
	[1] = { "isd", "dp" },
	[2] = { "dsd", "da" },
	[3] = { "t1st", "dptqsS" },
	[4] = { "t2st", "de" },
};

/* ------------------------------------------------------------------- fields */

static void
take_addr(struct bgp__reader *r, size_t len)
{
	if (len != 4 && len != 16)
		r->bad = true;
	bgp__read(r, len);
}

static void
take_sized_addr(struct bgp__reader *r, bool any)
{
	unsigned bits = bgp__read8(r);

	if (bits % 8 != 0)
		r->bad = true;
	else if (bits != 0 || !any)
		take_addr(r, bits / 8);
}

/* So many bits between least and most. */
static void
take_bits(struct bgp__reader *r, unsigned least, unsigned most)
{
	unsigned bits = bgp__read8(r);

	if (bits < least || bits > most)
		r->bad = true;
	bgp__read(r, (bits + 7) / 8);
}

static void take_fields(struct bgp__reader *r, const char *fields,
			unsigned bits);

/* The route that a leaf answers, then the leaf.  A leaf answers no leaf. */
static void
take_route_key(struct bgp__reader *r, unsigned bits)
{
	unsigned type = bgp__read8(r);
	struct bgp__reader key = bgp__read_sub(r, bgp__read8(r));

	if (type == 0 || type == 4 || type >= BGP__MVPN_TYPES) {
		r->bad = true;
		return;
	}
	take_fields(&key, bgp__mvpn_types[type].fields, bits);
	if (key.bad)
		r->bad = true;
	take_addr(r, bgp__left(r));
}

/* bits: of an address of the AFI. */
static void
take_field(struct bgp__reader *r, char letter, unsigned bits)
{
	switch (letter) {
	case 'd':
		bgp__read(r, 8);
		break;
	case 'A':
	case 't':
		bgp__read(r, 4);
		break;
	case 'q':
		bgp__read(r, 1);
		break;
	case 's':
		take_sized_addr(r, false);
		break;
	case 'w':
	case 'S':
		take_sized_addr(r, true);
		break;
	case 'p':
		take_bits(r, 0, bits);
		break;
	case 'e':
		take_bits(r, bits, bits + 32);
		break;
	case 'k':
		take_route_key(r, bits);
		break;
	default:
		take_addr(r, bgp__left(r));
	}
}

/* All of them, and nothing behind; else the reader is bad. */
static void
take_fields(struct bgp__reader *r, const char *fields, unsigned bits)
{
	for (; *fields != '\0'; fields++)
		if (*fields != 'S' || bgp__left(r) > 0)
			take_field(r, *fields, bits);
	if (bgp__left(r) > 0)
		r->bad = true;
}

/* ----------------------------------------------------------------- checkers */

static enum bgp__nlri_verdict
check(const struct bgp_nlri_list *list, const struct bgp__route_type *type,
      struct bgp__reader body)
{
	take_fields(&body, type->fields, BGP_AFI(list->family) == 1 ? 32 : 128);
	return body.bad ? BGP__NLRI_UNUSABLE : BGP__NLRI_SOUND;
}

/* Type (1), length (1), fields. */
enum bgp__nlri_verdict
bgp__check_nlri_mvpn(const struct bgp_nlri_list *list, const uint8_t *nlri,
		     size_t len)
{
	if (nlri[0] == 0 || nlri[0] >= BGP__MVPN_TYPES)
		return BGP__NLRI_UNKNOWN;
	return check(list, &bgp__mvpn_types[nlri[0]],
		     bgp__reader(nlri + 2, len - 2));
}

/* Architecture (1), type (2), length (1), fields. */
enum bgp__nlri_verdict
bgp__check_nlri_mup(const struct bgp_nlri_list *list, const uint8_t *nlri,
		    size_t len)
{
	unsigned type = bgp__load16(nlri + 1);

	if (nlri[0] != 1 || type == 0 || type >= BGP__MUP_TYPES)
		return BGP__NLRI_UNKNOWN;
	return check(list, &bgp__mup_types[type],
		     bgp__reader(nlri + 4, len - 4));
}
