/*
 * nlri.c - take NLRI off a list, by the form of their family.
 *
 *   [path id, 4]  [bits, 1] [(bits + 7) / 8 octets]     families of prefixes
 *   [path id, 4]  [type, n] [length, n] [octets]        all others
 *
 * A list is checked once, by lengths and the checker of its family; after that
 * taking from it cannot fail.  Where NLRI of it are to be left out, its `sift`
 * is the least verdict that is.          RFC 4271 4.3, 4760 5, 7606 5, 7911 3
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/codec/nlri.h"
#include "libbgp/codec/text.h"

uint8_t
bgp__nlri_form(const struct bgp_family_codec *family)
{
	const struct bgp__family *row = bgp__family_find(family->family);

	return row != NULL ? row->form : family->form;
}

/* A length of two octets from 240 on; one of 0 is no rule.      RFC 8955 4.1 */
static size_t
flow_len(const uint8_t *p, size_t left)
{
	size_t len = p[0];

	if (len < 0xf0)
		return len == 0 ? 0 : 1 + len;
	len = left < 2 ? 0 : bgp__load16(p) & 0xfffu;
	return len == 0 ? 0 : 2 + len;
}

unsigned
bgp__labels_count(const uint8_t *octets, unsigned bits)
{
	for (unsigned n = 1; n * 24 <= bits; n++)
		if ((octets[3 * n - 1] & 1) != 0)
			return n;
	return 0;
}

/* Octets of the NLRI at p with its header; more than `left` or 0: malformed.
 * left is at least 1. */
static size_t
nlri_len(uint8_t form, const uint8_t *p, size_t left)
{
	switch (form) {
	case BGP_NLRI_BITS:
		return 1 + (p[0] + 7u) / 8;
	case BGP_NLRI_LEN8:
		return 1 + (size_t)p[0];
	case BGP_NLRI_LEN16:
		return left < 2 ? 0 : 2 + (size_t)bgp__load16(p);
	case BGP_NLRI_TYPE8_LEN8:
		return left < 2 ? 0 : 2 + (size_t)p[1];
	case BGP_NLRI_TYPE16_LEN16:
		return left < 4 ? 0 : 4 + (size_t)bgp__load16(p + 2);
	case BGP_NLRI_TYPE24_LEN8:
		return left < 4 ? 0 : 4 + (size_t)p[3];
	case BGP_NLRI_FLOW:
		return flow_len(p, left);
	default:
		return 0;
	}
}

/* Prefixes without path ids, the bulk of all NLRI. */
static bool
prefixes_are_sound(const uint8_t *octets, size_t len, unsigned bits_max)
{
	unsigned longest = 0;
	size_t at = 0;

	while (at < len) {
		unsigned bits = octets[at];

		longest = bits > longest ? bits : longest;
		at += (bits + 15) >> 3;
	}
	return at == len && longest <= bits_max;
}

static bool
bits_are_sound(const struct bgp__family *row, unsigned bits)
{
	if (bits == 0 && row->family == BGP_FAMILY(1, 132))
		return true; /* the default route target: RFC 4684 4 */
	return bits >= row->bits_min && bits <= row->bits_max;
}

/* One NLRI of so many octets by the row of its family. */
static enum bgp__nlri_verdict
judge_one(const struct bgp_nlri_list *list, const struct bgp__family *row,
	  const uint8_t *p, size_t len)
{
	if (row == NULL)
		return BGP__NLRI_SOUND;
	if (list->form == BGP_NLRI_BITS && !bits_are_sound(row, *p))
		return BGP__NLRI_MALFORMED;
	return row->check == NULL ? BGP__NLRI_SOUND : row->check(list, p, len);
}

/* Of every NLRI its header must fit, its octets be there, and what they say be
 * possible. */
static enum bgp__nlri_verdict
judge_each(const struct bgp_nlri_list *list, const struct bgp__family *row)
{
	const uint8_t *p = list->octets, *end = p + list->len;
	enum bgp__nlri_verdict worst = BGP__NLRI_SOUND, one;

	while (p < end) {
		size_t left = (size_t)(end - p), len;

		if (list->add_path) {
			if (left < 5)
				return BGP__NLRI_MALFORMED;
			p += 4;
			left -= 4;
		}
		len = nlri_len(list->form, p, left);
		if (len == 0 || len > left)
			return BGP__NLRI_MALFORMED;
		one = judge_one(list, row, p, len);
		worst = one > worst ? one : worst;
		p += len;
	}
	return worst;
}

enum bgp__nlri_verdict
bgp__nlri_list_judge(const struct bgp_nlri_list *list)
{
	const struct bgp__family *row = bgp__family_find(list->family);

	if (list->form == BGP_NLRI_BITS && !list->add_path && row != NULL &&
	    row->bits_min == 0)
		return prefixes_are_sound(list->octets, list->len,
					  row->bits_max)
		    ? BGP__NLRI_SOUND
		    : BGP__NLRI_MALFORMED;
	return judge_each(list, row);
}

/* Where the list was put together by hand and names no form. */
static uint8_t
find_form(bgp_family family)
{
	const struct bgp__family *row = bgp__family_find(family);

	return row != NULL ? row->form : (uint8_t)BGP_NLRI_KNOWN;
}

/* The bulk of all NLRI: a length in bits and a body, no path id. */
static bool
next_prefix(struct bgp_nlri_list *list, struct bgp_nlri *out)
{
	const uint8_t *p = list->octets;
	unsigned bits, len;

	if (list->len == 0)
		return false;
	bits = p[0];
	len = (bits + 7) / 8;
	if (len >= list->len)
		return false;
	out->family = list->family;
	out->path_id = 0;
	out->bits = (uint16_t)bits;
	out->len = (uint16_t)len;
	out->labels = 0;
	out->octets = p + 1;
	list->octets = p + 1 + len;
	list->len = (uint16_t)(list->len - 1 - len);
	return true;
}

static bool
next_other(struct bgp_nlri_list *list, struct bgp_nlri *out)
{
	const uint8_t *p = list->octets;
	size_t head = list->add_path ? 4 : 0, len;

	if (list->len <= head)
		return false;
	if (list->form == BGP_NLRI_KNOWN)
		list->form = find_form(list->family);
	len = nlri_len(list->form, p + head, list->len - head);
	if (len == 0 || len > list->len - head)
		return false;
	out->family = list->family;
	out->path_id = head != 0 ? bgp__load32(p) : 0;
	p += head;
	list->octets = p + len;
	list->len = (uint16_t)(list->len - head - len);
	if (list->form == BGP_NLRI_BITS) {
		out->bits = *p++;
		len--;
	} else {
		out->bits = 0;
	}
	out->labels = list->labels == 0
	    ? 0
	    : (uint8_t)bgp__labels_count(p, out->bits);
	out->len = (uint16_t)len;
	out->octets = p;
	return true;
}

/* The next that is not to be left out: such lists are few, and short. */
static bool
next_sifted(struct bgp_nlri_list *list, struct bgp_nlri *out)
{
	const struct bgp__family *row = bgp__family_find(list->family);

	while (next_other(list, out)) {
		unsigned head = list->form == BGP_NLRI_BITS ? 1 : 0;

		if (judge_one(list, row, out->octets - head, out->len + head) <
		    list->sift)
			return true;
	}
	return false;
}

bool
bgp_nlri_next(struct bgp_nlri_list *list, struct bgp_nlri *out)
{
	if (list->sift != 0)
		return next_sifted(list, out);
	if (list->form == BGP_NLRI_BITS && !list->add_path && list->labels == 0)
		return next_prefix(list, out);
	return next_other(list, out);
}

int
bgp_nlri_prefix(const struct bgp_nlri *nlri, struct bgp_prefix *out)
{
	uint8_t addr_len = BGP_AFI(nlri->family) == 1 ? 4 : 16;
	size_t len = (nlri->bits + 7u) / 8;

	if ((BGP_AFI(nlri->family) != 1 && BGP_AFI(nlri->family) != 2) ||
	    (BGP_SAFI(nlri->family) != 1 && BGP_SAFI(nlri->family) != 2) ||
	    nlri->bits > addr_len * 8u || nlri->len < len)
		return BGP_ERR_INVALID;
	out->len = addr_len;
	out->bits = (uint8_t)nlri->bits;
	memset(out->octets, 0, sizeof out->octets);
	memcpy(out->octets, nlri->octets, len);
	bgp__prefix_mask(out->octets, sizeof out->octets, nlri->bits);
	return BGP_OK;
}
