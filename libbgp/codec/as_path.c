/*
 * as_path.c - AS_PATH: is it sound, and what does the decision ask of it.
 *
 *   +----+-----+----------+----------+- - -+----+-----+- - -
 *   |type|count| AS       | AS       |     |type|count|
 *   +----+-----+----------+----------+- - -+----+-----+- - -
 *
 * AS numbers have the width that was negotiated, never a guessed one.
 *                        RFC 4271 4.3 b, 5.1.2, 5065, 6793, 7606 7.2, 7607 2
 */
#include "libbgp/codec/as_path.h"
#include "libbgp/codec/attr.h"

/* True where none of the numbers is 0. */
static bool
no_as_zero(const uint8_t *as, size_t count, size_t width)
{
	bool zero = false;

	if (width == 4)
		for (size_t i = 0; i < count; i++)
			zero |= bgp__load32(as + 4 * i) == 0;
	else
		for (size_t i = 0; i < count; i++)
			zero |= bgp__load16(as + 2 * i) == 0;
	return !zero;
}

static bool
is_confed(uint8_t type)
{
	return type == BGP_AS_CONFED_SEQUENCE || type == BGP_AS_CONFED_SET;
}

/* Whole segments of known types with at least one AS number each, none 0;
 * *confed tells whether any belongs to a confederation. */
static bool
segments_are_sound(const uint8_t *value, size_t len, size_t width, bool *confed)
{
	size_t at = 0;

	*confed = false;
	while (len - at >= 2) {
		uint8_t type = value[at];
		size_t count = value[at + 1];

		at += 2;
		if (type < BGP_AS_SET || type > BGP_AS_CONFED_SET ||
		    count == 0 || len - at < count * width ||
		    !no_as_zero(value + at, count, width))
			return false;
		*confed = *confed || is_confed(type);
		at += count * width;
	}
	return at == len;
}

/* The peer stands leftmost in what it sends.          RFC 4271 6.3, 7606 7.2 */
static bool
first_as_is(const struct bgp_attr *attr, size_t width, uint32_t as)
{
	if (attr->len == 0 || attr->value[0] != BGP_AS_SEQUENCE)
		return false;
	return (width == 4 ? bgp__load32(attr->value + 2)
			   : bgp__load16(attr->value + 2)) == as;
}

/* A peer with a 2-octet AS field of its own shows as AS_TRANS. */
static bool
begins_with_peer(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	size_t width = codec->as4 ? 4 : 2;

	return first_as_is(attr, width,
			   width == 2 && codec->peer_as > 65535
			       ? BGP_AS_TRANS
			       : codec->peer_as);
}

enum bgp_remedy
bgp__check_as_path(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	bool confed;

	if (!segments_are_sound(attr->value, attr->len, codec->as4 ? 4 : 2,
				&confed))
		return BGP_REMEDY_WITHDRAW;
	if (!codec->ebgp)
		return BGP_REMEDY_NONE;
	if (confed) /* RFC 5065 5 */
		return BGP_REMEDY_WITHDRAW;
	if (codec->first_as_check && codec->peer_as != 0 &&
	    !begins_with_peer(codec, attr))
		return BGP_REMEDY_WITHDRAW;
	return BGP_REMEDY_NONE;
}

/* Confederation segments in it are dropped later, not faulted.  RFC 6793 6 */
enum bgp_remedy
bgp__check_as4_path(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	bool confed;

	if (codec->as4 ||
	    !segments_are_sound(attr->value, attr->len, 4, &confed))
		return BGP_REMEDY_DISCARD;
	return BGP_REMEDY_NONE;
}

uint32_t
bgp__segment_length(uint8_t type, uint8_t count)
{
	if (type == BGP_AS_SEQUENCE)
		return count;
	return type == BGP_AS_SET ? 1 : 0;
}

static bool
segment_has(const uint8_t *as, size_t count, uint32_t wanted)
{
	bool found = false;

	for (size_t i = 0; i < count; i++)
		found |= bgp__load32(as + 4 * i) == wanted;
	return found;
}

void
bgp_as_path_facts(const uint8_t *value, size_t len, uint32_t local_as,
		  struct bgp_as_path_facts *out)
{
	bool leftmost = true;

	*out = (struct bgp_as_path_facts){ 0, 0, false };
	for (size_t at = 0; len - at >= 2;) {
		uint8_t type = value[at], count = value[at + 1];
		const uint8_t *as = value + at + 2;

		if ((len - at - 2) / 4 < count)
			return;
		out->length += bgp__segment_length(type, count);
		if (leftmost && !is_confed(type) && count > 0) {
			if (type == BGP_AS_SEQUENCE)
				out->neighbour_as = bgp__load32(as);
			leftmost = false;
		}
		if (local_as != 0 && segment_has(as, count, local_as))
			out->local_as_found = true;
		at += 2 + 4 * (size_t)count;
	}
}
