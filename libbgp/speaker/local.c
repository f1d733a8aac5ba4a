/*
 * local.c - routes of the host's own.
 *
 * They enter the RIB as paths of source 0, judged by nobody.  Attributes are
 * checked by the codec itself: written into an UPDATE and read again.
 */
#include <string.h>

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
	const struct bgp_attr path = { BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH,
				       0, &igp };

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

/* The canonical set of what the host gave; *out has a reference. */
static int
make_set(struct bgp__rib *rib, const struct bgp_nlri *nlri, unsigned nh_len,
	 const struct bgp_addr *next_hop, const struct defaulted *given,
	 struct bgp_attrs **out)
{
	static const uint8_t some_hop[16] = { 192, 0, 2, 1 };
	struct bgp_codec codec = own_codec;
	struct bgp_update_parts parts = {
		.family = nlri->family,
		.next_hop = { next_hop->len > 0 ? next_hop->octets : some_hop,
			      next_hop->len > 0 ? next_hop->len : nh_len },
		.attrs = given->attrs,
		.attr_count = given->count,
		.nlri = nlri,
		.nlri_count = 1,
	};
	struct bgp_update update;
	struct bgp_fault fault;
	size_t taken;
	int len;

	codec.family_count = 1;
	codec.families[0].family = nlri->family;
	codec.families[0].ext_next_hop = true;
	len = bgp_update_encode(&codec, &parts, rib->edit, BGP__SCRATCH_LEN,
	    &taken);
	if (len < 0 || bgp_update_decode(&codec, rib->edit, (size_t)len,
	    &update, &fault) != BGP_OK || fault.remedy != BGP_REMEDY_NONE ||
	    update.reach_count != 1)
		return BGP_ERR_INVALID;
	return bgp__attrs_of(&rib->attrs, &codec, &update, &fault,
	    (struct bgp_span){ next_hop->octets, next_hop->len }, out);
}

static int
check_nlri(struct bgp_speaker *speaker, const struct bgp_nlri *nlri,
	   struct bgp__table **table)
{
	int err = bgp__rib_table(&speaker->rib, nlri->family, table);

	if (err != BGP_OK)
		return err;
	if (nlri->bits > (*table)->key_len * 8 || nlri->path_id != 0 ||
	    nlri->len < (nlri->bits + 7) / 8)
		return BGP_ERR_INVALID;
	return BGP_OK;
}

int
bgp_speaker_announce(struct bgp_speaker *speaker, const struct bgp_nlri *nlri,
		     const struct bgp_addr *next_hop,
		     const struct bgp_attr *attrs, size_t attr_count)
{
	struct bgp_nlri whole = *nlri;
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
	whole.len = (uint16_t)((nlri->bits + 7) / 8);
	err = make_set(&speaker->rib, &whole, table->key_len, next_hop, &given,
	    &set);
	if (err != BGP_OK)
		return err == BGP_ERR_NOMEM ? err : BGP_ERR_INVALID;
	bgp__key_make(table, whole.octets, whole.bits, &key);
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
	bgp__key_make(table, nlri->octets, nlri->bits, &key);
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
