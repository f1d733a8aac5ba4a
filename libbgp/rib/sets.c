/*
 * sets.c - doors: attribute sets that a host makes, reads, edits and keeps.
 *
 * A set is checked by the codec itself: written into an UPDATE without routes
 * and read again.
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/codec/hop.h"
#include "libbgp/rib/edit.h"
#include "libbgp/rib/rib.h"

#define BLOCK_AT                                                    \
	(BGP_HEADER_LEN + 4) /* of an UPDATE that withdraws nothing \
			      */

/* ------------------------------------------------------------------- make */

struct given {
	struct bgp_attr attrs[BGP_UPDATE_ATTRS_MAX];
	size_t count;
};

/* In ascending order, each code once, ORIGIN and AS_PATH always there. */
static int
sort(struct given *to, const struct bgp_attr *attrs, size_t count)
{
	static const uint8_t igp = BGP_ORIGIN_IGP;
	const struct bgp_attr *by_code[256] = { NULL };
	const struct bgp_attr origin = { BGP_ATTR_TRANSITIVE, BGP_ATTR_ORIGIN,
					 1, &igp };
	const struct bgp_attr path = { BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH, 0,
				       &igp };

	by_code[BGP_ATTR_ORIGIN] = &origin;
	by_code[BGP_ATTR_AS_PATH] = &path;
	for (size_t i = 0; i < count; i++) {
		uint8_t code = attrs[i].code;

		if (code == BGP_ATTR_NEXT_HOP || code == BGP_ATTR_MP_REACH ||
		    code == BGP_ATTR_MP_UNREACH ||
		    (by_code[code] != NULL && by_code[code] != &origin &&
		     by_code[code] != &path))
			return BGP_ERR_INVALID;
		by_code[code] = &attrs[i];
	}
	to->count = 0;
	for (unsigned code = 0; code < 256; code++)
		if (by_code[code] != NULL)
			to->attrs[to->count++] = *by_code[code];
	return BGP_OK;
}

static void
write_attr(struct bgp__writer *w, const struct bgp_attr *a)
{
	unsigned flags = a->flags & ~(unsigned)BGP_ATTR_EXTENDED;

	bgp__write8(w, a->len > 255 ? flags | BGP_ATTR_EXTENDED : flags);
	bgp__write8(w, a->code);
	if (a->len > 255)
		bgp__write16(w, a->len);
	else
		bgp__write8(w, a->len);
	if (a->len > 0)
		bgp__write(w, a->value, a->len);
}

/* An UPDATE of these attributes and no routes; its octets, 0: too long. */
static size_t
write_update(const struct given *given, uint8_t *to)
{
	struct bgp__writer w = bgp__writer(to, BGP_MESSAGE_EXT_MAX);
	size_t len;

	memset(bgp__write_room(&w, 16), 0xff, 16);
	bgp__write16(&w, 0);
	bgp__write8(&w, BGP_UPDATE);
	bgp__write32(&w, 0);
	for (size_t i = 0; i < given->count; i++)
		write_attr(&w, &given->attrs[i]);
	if (w.bad)
		return 0;
	len = bgp__written(&w);
	bgp__store16(to + 16, (unsigned)len);
	bgp__store16(to + BLOCK_AT - 2, (unsigned)(len - BLOCK_AT));
	return len;
}

static int
make_set(struct bgp_rib *rib, const struct given *given,
	 struct bgp_span next_hop, struct bgp__hop_from from,
	 struct bgp_attrs **out)
{
	static const struct bgp_codec codec = {
		.as4 = true,
		.message_in_max = BGP_MESSAGE_EXT_MAX,
	};
	size_t len = write_update(given, rib->edit);
	struct bgp_update update;
	struct bgp_fault fault;

	if (len == 0)
		return BGP_ERR_SPACE;
	if (bgp_update_decode(&codec, rib->edit, len, &update, &fault) !=
		BGP_OK ||
	    fault.remedy != BGP_REMEDY_NONE)
		return BGP_ERR_INVALID;
	return bgp__attrs_of(&rib->attrs, &codec, &update, &fault, next_hop,
			     from, out);
}

int
bgp_attrs_new(struct bgp_rib *rib, bgp_family family,
	      const struct bgp_addr *next_hop, const struct bgp_attr *attrs,
	      size_t count, const struct bgp_attrs **out)
{
	struct bgp_family_codec form = { .family = family,
					 .ext_next_hop = true };
	uint8_t buf[BGP__NEXT_HOP_MAX];
	struct bgp_span hop = { buf, 0 };
	struct bgp__hop_from from = { 0, false };
	struct bgp__table *table;
	struct bgp_attrs *set;
	struct given given;
	int err;

	if (bgp__guard_refuses(rib->guard))
		return BGP_ERR_STATE;
	err = bgp__rib_table(rib, family, &table);
	if (err == BGP_OK)
		err = sort(&given, attrs, count);
	if (err != BGP_OK)
		return err;
	form.form = table->form;
	if (next_hop != NULL && next_hop->len > 0) {
		hop.len = bgp__next_hop_write(&form, next_hop, buf);
		if (hop.len == 0)
			return BGP_ERR_INVALID;
	}
	if (hop.len > 0)
		from = (struct bgp__hop_from){ next_hop->scope, true };
	err = make_set(rib, &given, hop, from, &set);
	if (err == BGP_OK)
		*out = set;
	return err;
}

const struct bgp_attrs *
bgp_attrs_ref(struct bgp_rib *rib, const struct bgp_attrs *attrs)
{
	if (attrs != NULL)
		bgp__attrs_at(&rib->attrs, attrs->id)->refs++;
	return attrs;
}

void
bgp_attrs_unref(struct bgp_rib *rib, const struct bgp_attrs *attrs)
{
	if (attrs != NULL)
		bgp__attrs_unref(&rib->attrs,
				 bgp__attrs_at(&rib->attrs, attrs->id));
}

/* ------------------------------------------------------------------- edit */

/* One block: the edit and its two scratches. */
#define EDIT_LEN (sizeof(struct bgp_edit) + 2 * BGP__SCRATCH_LEN)

int
bgp_edit_new(struct bgp_rib *rib, const struct bgp_attrs *attrs,
	     struct bgp_edit **out)
{
	static const uint8_t plain[] = { 0x40, BGP_ATTR_ORIGIN,  1, 0,
					 0x40, BGP_ATTR_AS_PATH, 0 };
	const struct bgp__hop_from from = { 0, false };
	struct bgp_edit *edit;

	if (bgp__guard_refuses(rib->guard))
		return BGP_ERR_STATE;
	edit = bgp__mem_get(rib->mem, EDIT_LEN);
	if (edit == NULL)
		return BGP_ERR_NOMEM;
	edit->rib = rib;
	edit->octets = (uint8_t *)(edit + 1);
	edit->path = edit->octets + BGP__SCRATCH_LEN;
	edit->from = attrs != NULL
	    ? bgp_attrs_ref(rib, attrs)
	    : bgp__attrs_intern(&rib->attrs, plain, sizeof plain, NULL, 0,
				from);
	if (edit->from == NULL) {
		bgp__mem_put(rib->mem, edit, EDIT_LEN);
		return BGP_ERR_NOMEM;
	}
	*out = edit;
	return BGP_OK;
}

void
bgp_edit_del(struct bgp_edit *edit)
{
	if (edit == NULL || edit->rib == NULL)
		return;
	bgp_attrs_unref(edit->rib, edit->from);
	bgp__mem_put(edit->rib->mem, edit, EDIT_LEN);
}

int
bgp_edit_attrs(const struct bgp_edit *edit, const struct bgp_attrs **out)
{
	struct bgp_rib *rib = edit->rib;
	const struct bgp_attrs *attrs;

	if (rib == NULL || bgp__guard_refuses(rib->guard))
		return BGP_ERR_STATE;
	attrs = edit->touched ? bgp__edit_intern(rib, edit, true)
			      : bgp_attrs_ref(rib, edit->from);
	if (attrs == NULL)
		return BGP_ERR_NOMEM;
	*out = attrs;
	return BGP_OK;
}

/* -------------------------------------------------------------- questions */

void
bgp_attrs_facts(const struct bgp_attrs *attrs, struct bgp_attrs_facts *out)
{
	*out = attrs->facts;
}

size_t
bgp_attrs_list(const struct bgp_attrs *attrs, struct bgp_attr *out, size_t max)
{
	struct bgp_attr a;
	size_t count = 0;

	for (size_t at = 0; at < attrs->len; count++) {
		at += bgp__attr_split(attrs->octets + at, &a);
		if (count < max)
			out[count] = a;
	}
	return count;
}

bool
bgp_attrs_get(const struct bgp_attrs *attrs, uint8_t code, struct bgp_attr *out)
{
	struct bgp_attr a;

	for (size_t at = 0; at < attrs->len;) {
		at += bgp__attr_split(attrs->octets + at, &a);
		if (a.code == code) {
			*out = a;
			return true;
		}
	}
	return false;
}

struct bgp_span
bgp_attrs_next_hop(const struct bgp_attrs *attrs)
{
	struct bgp_span next_hop = { attrs->octets + attrs->len,
				     attrs->nh_len };

	return next_hop;
}
