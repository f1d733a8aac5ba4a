/*
 * edit.c - a policy's changes to an attribute set.
 *
 * The first change copies the canonical octets of the set into the scratch;
 * every change keeps them canonical: ascending codes, extended length only
 * over 255 octets.  What comes out is interned like any other set.
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/codec/attr.h"
#include "libbgp/rib/edit.h"

static void
begin(struct bgp_edit *edit)
{
	if (edit->touched)
		return;
	edit->touched = true;
	edit->len = edit->from->len;
	memcpy(edit->octets, edit->from->octets, edit->len);
}

/* Where the attribute of this code stands, or would; *len is its octets. */
static size_t
find_at(const struct bgp_edit *edit, uint8_t code, size_t *len)
{
	struct bgp_attr a;
	size_t at = 0;

	for (*len = 0; at < edit->len; at += *len, *len = 0) {
		*len = bgp__attr_split(edit->octets + at, &a);
		if (a.code == code)
			return at;
		if (a.code > code)
			break;
	}
	*len = 0;
	return at;
}

/* Makes `room` octets of the `len` at `at`. */
static int
make_room(struct bgp_edit *edit, size_t at, size_t len, size_t room)
{
	if (edit->len - len + room > BGP_ATTR_BLOCK_MAX)
		return BGP_ERR_SPACE;
	memmove(edit->octets + at + room, edit->octets + at + len,
		edit->len - at - len);
	edit->len += room - len;
	return BGP_OK;
}

static void
write_head(uint8_t *to, uint8_t flags, uint8_t code, size_t len)
{
	flags &= BGP_ATTR_OPTIONAL | BGP_ATTR_TRANSITIVE | BGP_ATTR_PARTIAL;
	to[0] = len > 255 ? flags | BGP_ATTR_EXTENDED : flags;
	to[1] = code;
	if (len > 255)
		bgp__store16(to + 2, (unsigned)len);
	else
		to[2] = (uint8_t)len;
}

/* The codec's own rules, as for an attribute received from an internal peer. */
static bool
is_sound(const struct bgp_attr *attr)
{
	static const struct bgp_codec codec = { .as4 = true };

	switch (attr->code) {
	case BGP_ATTR_NEXT_HOP:
	case BGP_ATTR_MP_REACH:
	case BGP_ATTR_MP_UNREACH:
	case BGP_ATTR_AS4_PATH:
	case BGP_ATTR_AS4_AGGREGATOR:
		return false;
	default:
		return bgp__attr_judge(&codec, attr).remedy == BGP_REMEDY_NONE;
	}
}

int
bgp_edit_set(struct bgp_edit *edit, uint8_t flags, uint8_t code,
	     const uint8_t *value, size_t len)
{
	struct bgp_attr attr = { flags, code, (uint16_t)len, value };
	size_t head = len > 255 ? 4 : 3, at, old;

	if (len > UINT16_MAX || !is_sound(&attr))
		return BGP_ERR_INVALID;
	begin(edit);
	at = find_at(edit, code, &old);
	if (make_room(edit, at, old, head + len) != BGP_OK)
		return BGP_ERR_SPACE;
	write_head(edit->octets + at, flags, code, len);
	if (len > 0)
		memcpy(edit->octets + at + head, value, len);
	return BGP_OK;
}

int
bgp_edit_remove(struct bgp_edit *edit, uint8_t code)
{
	size_t at, old;

	if (code == BGP_ATTR_ORIGIN || code == BGP_ATTR_AS_PATH)
		return BGP_ERR_INVALID;
	begin(edit);
	at = find_at(edit, code, &old);
	return make_room(edit, at, old, 0);
}

int
bgp_edit_u32(struct bgp_edit *edit, uint8_t code, uint32_t value)
{
	uint8_t octets[4];

	bgp__store32(octets, value);
	switch (code) {
	case BGP_ATTR_MED:
	case BGP_ATTR_ORIGINATOR_ID:
		return bgp_edit_set(edit, BGP_ATTR_OPTIONAL, code, octets, 4);
	case BGP_ATTR_LOCAL_PREF:
		return bgp_edit_set(edit, BGP_ATTR_TRANSITIVE, code, octets, 4);
	case BGP_ATTR_OTC:
		return bgp_edit_set(edit,
				    BGP_ATTR_OPTIONAL | BGP_ATTR_TRANSITIVE,
				    code, octets, 4);
	default:
		return BGP_ERR_INVALID;
	}
}

size_t
bgp__as_path_prepend(const uint8_t *path, size_t len, uint32_t as,
		     unsigned times, uint8_t *to)
{
	size_t count = 0, skip = 0;

	if (len >= 2 && path[0] == BGP_AS_SEQUENCE && path[1] + times <= 255) {
		count = path[1];
		skip = 2;
	}
	memmove(to + 2 + 4 * (size_t)times, path + skip, len - skip);
	to[0] = BGP_AS_SEQUENCE;
	to[1] = (uint8_t)(count + times);
	for (unsigned i = 0; i < times; i++)
		bgp__store32(to + 2 + 4 * (size_t)i, as);
	return len - skip + 2 + 4 * (size_t)times;
}

int
bgp_edit_prepend(struct bgp_edit *edit, uint32_t as, unsigned times)
{
	struct bgp_attr a = { .len = 0, .value = edit->octets };
	size_t at, old, len, head;

	if (as == 0 || times > 255)
		return BGP_ERR_INVALID;
	if (times == 0)
		return BGP_OK;
	begin(edit);
	at = find_at(edit, BGP_ATTR_AS_PATH, &old);
	if (old > 0)
		bgp__attr_split(edit->octets + at, &a);
	len = a.len + 2 + 4 * (size_t)times;
	if (len > BGP_ATTR_BLOCK_MAX)
		return BGP_ERR_SPACE;
	len = bgp__as_path_prepend(a.value, a.len, as, times, edit->path);
	head = len > 255 ? 4 : 3;
	if (make_room(edit, at, old, head + len) != BGP_OK)
		return BGP_ERR_SPACE;
	write_head(edit->octets + at, BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH,
		   len);
	memcpy(edit->octets + at + head, edit->path, len);
	return BGP_OK;
}

int
bgp_edit_next_hop(struct bgp_edit *edit, const struct bgp_addr *addr)
{
	if (addr->len != 4 && addr->len != 16)
		return BGP_ERR_INVALID;
	begin(edit);
	edit->next_hop = *addr;
	return BGP_OK;
}
