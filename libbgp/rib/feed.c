/*
 * feed.c - doors: what peers, and the host itself, announce and withdraw.
 *
 * Comes in: an UPDATE as the codec decoded it, or one route and a set.  Goes
 * out: filings of the peer.  What could not be filed is remembered by the peer
 * until its session ends, so that no error of one is answered to another.
 */
#include <string.h>

#include "libbgp/codec/hop.h"
#include "libbgp/rib/rib.h"

/* ------------------------------------------------------------------ UPDATE */

/* The table of a list, made if this is the first of its family. */
static int
table_of(struct bgp_rib *rib, const struct bgp_codec *codec,
	 const struct bgp_nlri_list *list, struct bgp__table **out)
{
	const struct bgp_family_codec *family;

	*out = bgp__rib_find_table(rib, list->family);
	if (*out != NULL)
		return BGP_OK;
	family = bgp_codec_family(codec, list->family);
	return family != NULL ? bgp__rib_table_of(rib, family, out)
			      : bgp__rib_table(rib, list->family, out);
}

/* attrs NULL: withdrawn. */
static int
queue_list(struct bgp_rib_peer *peer, const struct bgp_codec *codec,
	   const struct bgp_nlri_list *list, struct bgp_attrs *attrs)
{
	struct bgp__table *table;
	int err = table_of(peer->rib, codec, list, &table);

	return err == BGP_OK ? bgp__filings_push(table, peer, *list, attrs)
			     : err;
}

/* Attributes too long in their canonical form count as withdrawn. */
static int
file_list(struct bgp_rib_peer *peer, const struct bgp_codec *codec,
	  const struct bgp_update *update, const struct bgp_fault *fault,
	  const struct bgp_nlri_list *list)
{
	struct bgp__attrs_store *store = &peer->rib->attrs;
	struct bgp__hop_from from = { peer->recall.scope, false };
	struct bgp_attrs *attrs;
	int err = bgp__attrs_of(store, codec, update, fault, list->next_hop,
				from, &attrs);

	if (err == BGP_ERR_SPACE)
		return queue_list(peer, codec, list, NULL);
	if (err != BGP_OK)
		return err;
	err = queue_list(peer, codec, list, attrs);
	bgp__attrs_unref(store, attrs);
	return err;
}

static int
note_eor(struct bgp_rib_peer *peer, bgp_family family)
{
	const struct bgp__table *table;

	(void)bgp__filings_settle(peer->rib);
	table = bgp__rib_find_table(peer->rib, family);
	if (table != NULL)
		peer->in[table->number].eor = true;
	return peer->err;
}

int
bgp_rib_update(struct bgp_rib_peer *peer, const struct bgp_codec *codec,
	       const struct bgp_update *update, const struct bgp_fault *fault,
	       uint64_t now_ms)
{
	int err = peer->err;

	if (bgp__guard_refuses(peer->rib->guard))
		return BGP_ERR_STATE;
	bgp__guard_begin(peer->rib->guard);
	peer->updated_ms = peer->rib->now_ms = now_ms;
	for (unsigned i = 0; i < update->unreach_count && err == BGP_OK; i++)
		err = queue_list(peer, codec, &update->unreach[i], NULL);
	for (unsigned i = 0; i < update->reach_count && err == BGP_OK; i++)
		err = file_list(peer, codec, update, fault, &update->reach[i]);
	if (update->eor != 0 && err == BGP_OK)
		err = note_eor(peer, update->eor);
	peer->err = err;
	bgp__guard_end(peer->rib->guard);
	return err;
}

int
bgp_rib_settle(struct bgp_rib_peer *peer)
{
	if (bgp__guard_refuses(peer->rib->guard))
		return BGP_ERR_STATE;
	bgp__guard_begin(peer->rib->guard);
	(void)bgp__filings_settle(peer->rib);
	bgp__guard_end(peer->rib->guard);
	return peer->err;
}

void
bgp_rib_recall(struct bgp_rib_peer *peer, struct bgp_codec *codec)
{
	codec->recall = NULL;
	if (!codec->as4 || peer->rib->no_shortcuts)
		return;
	peer->recall.ebgp = codec->ebgp;
	peer->recall.first_as_check = codec->first_as_check;
	peer->recall.peer_as = codec->peer_as;
	codec->recall = bgp__attrs_recall;
	codec->recall_ctx = &peer->recall;
}

/* --------------------------------------------------------- one at a time */

/* A next hop for a check of what has none of its own. */
static struct bgp_span
some_next_hop(const struct bgp_family_codec *family, uint8_t *buf)
{
	static const struct bgp_addr some[] = {
		{ .len = 4, .octets = { 192, 0, 2, 1 } },
		{ .len = 16, .octets = { 0x20, 1, 0xd, 0xb8 } }
	};
	struct bgp_span out = { buf, 0 };

	if (bgp__next_hop_is_sound(family, 0))
		return out;
	out.len = bgp__next_hop_write(family, &some[0], buf);
	if (out.len == 0)
		out.len = bgp__next_hop_write(family, &some[1], buf);
	return out;
}

/* NLRI and next hop are judged by the codec itself: written and read again. */
static bool
is_sound(const struct bgp__table *table, const struct bgp_nlri *nlri,
	 const struct bgp_attrs *attrs)
{
	static const uint8_t igp = BGP_ORIGIN_IGP;
	const struct bgp_attr few[] = {
		{ BGP_ATTR_TRANSITIVE, BGP_ATTR_ORIGIN, 1, &igp },
		{ BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH, 0, &igp },
	};
	struct bgp_codec codec = { .as4 = true,
				   .message_in_max = BGP_MESSAGE_EXT_MAX,
				   .message_out_max = BGP_MESSAGE_EXT_MAX,
				   .family_count = 1 };
	struct bgp_update_parts parts = { .family = nlri->family,
					  .attrs = few,
					  .attr_count = 2,
					  .nlri = nlri,
					  .nlri_count = 1 };
	uint8_t buf[BGP__NEXT_HOP_MAX], *edit = table->rib->edit;
	struct bgp_update update;
	struct bgp_fault fault;
	size_t taken;
	int len;

	codec.families[0].family = nlri->family;
	codec.families[0].form = table->form;
	codec.families[0].ext_next_hop = true;
	parts.next_hop = bgp_attrs_next_hop(attrs);
	if (parts.next_hop.len == 0)
		parts.next_hop = some_next_hop(&codec.families[0], buf);
	len = bgp_update_encode(&codec, &parts, edit, BGP__SCRATCH_LEN, &taken);
	return len > 0 &&
	    bgp_update_decode(&codec, edit, (size_t)len, &update, &fault) ==
	    BGP_OK &&
	    fault.remedy == BGP_REMEDY_NONE && update.reach_count == 1;
}

static int
check_nlri(const struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
	   struct bgp__table **table)
{
	int err = bgp__rib_table(peer->rib, nlri->family, table);

	if (err != BGP_OK)
		return err;
	return (nlri->path_id == 0 || peer->kind != BGP_KIND_LOCAL) &&
		bgp__table_takes(*table, nlri)
	    ? BGP_OK
	    : BGP_ERR_INVALID;
}

/* Octets behind the length in bits are not part of it, nor is a path id. */
static struct bgp_nlri
trimmed(const struct bgp__table *table, const struct bgp_nlri *nlri)
{
	struct bgp_nlri whole = *nlri;

	whole.path_id = 0;
	if (table->form == BGP_NLRI_BITS)
		whole.len = (uint16_t)((nlri->bits + 7) / 8);
	return whole;
}

static int
announce(struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
	 const struct bgp_attrs *attrs)
{
	struct bgp__attrs_store *store = &peer->rib->attrs;
	struct bgp_nlri whole;
	struct bgp__table *table;
	struct bgp__key key;
	int err = check_nlri(peer, nlri, &table);

	if (err != BGP_OK)
		return err;
	whole = trimmed(table, nlri);
	if (!is_sound(table, &whole, attrs))
		return BGP_ERR_INVALID;
	bgp__key_of(table, &whole, &key);
	return bgp__adj_in_add(table, peer, &key, nlri->path_id,
			       bgp__attrs_at(store, attrs->id));
}

int
bgp_rib_announce(struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
		 const struct bgp_attrs *attrs)
{
	struct bgp__guard *guard = peer->rib->guard;
	int err;

	if (bgp__guard_refuses(guard))
		return BGP_ERR_STATE;
	bgp__guard_begin(guard);
	(void)bgp__filings_settle(peer->rib);
	err = announce(peer, nlri, attrs);
	bgp__guard_end(guard);
	return err;
}

static int
withdraw(struct bgp_rib_peer *peer, const struct bgp_nlri *nlri)
{
	struct bgp__table *table;
	struct bgp__key key;
	int err = check_nlri(peer, nlri, &table);

	if (err != BGP_OK)
		return err;
	bgp__key_of(table, nlri, &key);
	return bgp__adj_in_remove(table, peer, &key, nlri->path_id);
}

int
bgp_rib_withdraw(struct bgp_rib_peer *peer, const struct bgp_nlri *nlri)
{
	struct bgp__guard *guard = peer->rib->guard;
	int err;

	if (bgp__guard_refuses(guard))
		return BGP_ERR_STATE;
	bgp__guard_begin(guard);
	(void)bgp__filings_settle(peer->rib);
	err = withdraw(peer, nlri);
	bgp__guard_end(guard);
	return err;
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
