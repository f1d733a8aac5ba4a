/*
 * local.c - routes of the host's own.
 *
 * They enter the RIB as paths of source 0, judged by nobody.  Attributes are
 * checked by the codec itself: written into an UPDATE and read again.
 */
#include <string.h>

#include "libbgp/codec/hop.h"
#include "libbgp/speaker/inside.h"

static const struct bgp_codec own_codec = {
	.as4 = true,
	.message_in_max = BGP_MESSAGE_EXT_MAX,
	.message_out_max = BGP_MESSAGE_EXT_MAX,
};

struct defaulted {
	struct bgp_attr attrs[BGP_UPDATE_ATTRS_MAX];
	size_t count;
};

/* In ascending order, each code once, ORIGIN and AS_PATH always there. */
static int
sort(struct defaulted *to, const struct bgp_attr *attrs, size_t count)
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

/* The next hop as it is written, or one that stands in for our own. */
static struct bgp_span
choose_next_hop(const struct bgp_family_codec *family,
		const struct bgp_addr *next_hop, uint8_t *buf)
{
	static const struct bgp_addr some[] = {
		{ .len = 4, .octets = { 192, 0, 2, 1 } },
		{ .len = 16, .octets = { 0x20, 1, 0xd, 0xb8 } }
	};
	struct bgp_span out = { buf, 0 };

	if (next_hop->len > 0) {
		out.len = bgp__next_hop_write(family, next_hop, buf);
	} else if (!bgp__next_hop_is_sound(family, 0)) {
		out.len = bgp__next_hop_write(family, &some[0], buf);
		if (out.len == 0)
			out.len = bgp__next_hop_write(family, &some[1], buf);
	}
	return out;
}

/* The canonical set of what the host gave; *out has a reference. */
static int
make_set(const struct bgp__table *table, const struct bgp_nlri *nlri,
	 const struct bgp_addr *next_hop, const struct defaulted *given,
	 struct bgp_attrs **out)
{
	struct bgp__rib *rib = table->rib;
	struct bgp_codec codec = own_codec;
	struct bgp_update_parts parts = {
		.family = nlri->family,
		.attrs = given->attrs,
		.attr_count = given->count,
		.nlri = nlri,
		.nlri_count = 1,
	};
	struct bgp__hop_from from = { next_hop->scope, next_hop->len > 0 };
	uint8_t buf[BGP__NEXT_HOP_MAX];
	struct bgp_update update;
	struct bgp_fault fault;
	size_t taken;
	int len;

	codec.family_count = 1;
	codec.families[0].family = nlri->family;
	codec.families[0].form = table->form;
	codec.families[0].ext_next_hop = true;
	parts.next_hop = choose_next_hop(&codec.families[0], next_hop, buf);
	len = bgp_update_encode(&codec, &parts, rib->edit, BGP__SCRATCH_LEN,
				&taken);
	if (len < 0 ||
	    bgp_update_decode(&codec, rib->edit, (size_t)len, &update,
			      &fault) != BGP_OK ||
	    fault.remedy != BGP_REMEDY_NONE || update.reach_count != 1)
		return BGP_ERR_INVALID;
	if (next_hop->len == 0)
		parts.next_hop.len = 0;
	return bgp__attrs_of(&rib->attrs, &codec, &update, &fault,
			     parts.next_hop, from, out);
}

static int
check_nlri(struct bgp_speaker *speaker, const struct bgp_nlri *nlri,
	   struct bgp__table **table)
{
	int err = bgp__rib_table(&speaker->rib, nlri->family, table);

	if (err != BGP_OK)
		return err;
	return nlri->path_id == 0 && bgp__table_takes(*table, nlri)
	    ? BGP_OK
	    : BGP_ERR_INVALID;
}

/* Octets behind the length in bits are not part of it. */
static struct bgp_nlri
trimmed(const struct bgp__table *table, const struct bgp_nlri *nlri)
{
	struct bgp_nlri whole = *nlri;

	if (table->form == BGP_NLRI_BITS)
		whole.len = (uint16_t)((nlri->bits + 7) / 8);
	return whole;
}

int
bgp_speaker_announce(struct bgp_speaker *speaker, const struct bgp_nlri *nlri,
		     const struct bgp_addr *next_hop,
		     const struct bgp_attr *attrs, size_t attr_count)
{
	struct bgp_nlri whole;
	struct defaulted given;
	struct bgp__table *table;
	struct bgp__key key;
	struct bgp_attrs *set;
	int err;

	if (bgp__speaker_in_callback(speaker))
		return BGP_ERR_STATE;
	err = check_nlri(speaker, nlri, &table);
	if (err == BGP_OK)
		err = sort(&given, attrs, attr_count);
	if (err != BGP_OK)
		return err;
	whole = trimmed(table, nlri);
	err = make_set(table, &whole, next_hop, &given, &set);
	if (err != BGP_OK)
		return err == BGP_ERR_NOMEM ? err : BGP_ERR_INVALID;
	bgp__key_of(table, &whole, &key);
	err = bgp__adj_in_add(table, &speaker->host, &key, 0, set);
	bgp__attrs_unref(&speaker->rib.attrs, set);
	return err;
}

int
bgp_speaker_withdraw(struct bgp_speaker *speaker, const struct bgp_nlri *nlri)
{
	struct bgp__table *table;
	struct bgp__key key;
	int err;

	if (bgp__speaker_in_callback(speaker))
		return BGP_ERR_STATE;
	err = check_nlri(speaker, nlri, &table);
	if (err != BGP_OK)
		return err;
	bgp__key_of(table, nlri, &key);
	return bgp__adj_in_remove(table, &speaker->host, &key, 0);
}

struct bgp_nlri
bgp_prefix_nlri(const struct bgp_prefix *prefix)
{
	struct bgp_nlri nlri = {
		.family = prefix->len == 4 ? BGP_IPV4_UNICAST
					   : BGP_IPV6_UNICAST,
		.bits = prefix->bits,
		.len = (uint16_t)((prefix->bits + 7) / 8),
		.octets = prefix->octets,
	};

	return nlri;
}
