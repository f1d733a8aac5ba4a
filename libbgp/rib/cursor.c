/*
 * cursor.c - doors: walks over the RIBs that survive what happens in between.
 *
 * A cursor is a destination's number and, in Adj-RIB-In, how many of its paths
 * were shown.  Numbers of destinations do not change while they live, so what
 * stays is met exactly once.
 */
#include <string.h>

#include "libbgp/rib/rib.h"

#define SOUGHT   0x80000000u /* in sub: this destination only */
#define LOOK_MAX 4096        /* destinations looked at in one call */

int
bgp_cursor_init(struct bgp_cursor *cursor, const struct bgp_rib *rib,
		enum bgp_view view, bgp_family family,
		const struct bgp_rib_peer *peer)
{
	if ((view == BGP_VIEW_ADJ_OUT && peer == NULL) ||
	    (unsigned)view > BGP_VIEW_ADJ_OUT)
		return BGP_ERR_INVALID;
	cursor->rib = rib;
	cursor->peer = peer;
	cursor->family = family;
	cursor->view = view;
	cursor->at = 1;
	cursor->sub = 0;
	return bgp__rib_find_table(rib, family) != NULL ? BGP_OK
							: BGP_ERR_NOENT;
}

static void
show_path(const struct bgp__table *table, const struct bgp__dest *dest,
	  uint32_t index, bool as_received, struct bgp_route *out)
{
	const struct bgp_rib *rib = table->rib;
	const struct bgp__path *path = bgp__path_at(table, index);
	const struct bgp_rib_peer *source = rib->sources[path->source];

	memset(out->reserved, 0, sizeof out->reserved);
	out->nlri = bgp__path_nlri(table, dest, path);
	out->peer = source;
	out->attrs = bgp__attrs_at(&rib->attrs,
				   as_received ? path->attrs
					       : bgp__path_attrs(table, path));
	out->best = (dest->flags & BGP__DEST_BEST) && dest->paths == index;
	out->accepted = (path->flags & BGP__PATH_ACCEPTED) != 0;
	out->stale = path->epoch != source->in[table->number].epoch;
	out->received_ms = bgp__path_received(table, path);
	out->step = out->best ? (enum bgp_step)dest->step : BGP_STEP_NONE;
	out->loop = bgp__policy_loop(source,
				     bgp__attrs_at(&rib->attrs, path->attrs));
}

/* The sub-th path and those behind it, of this peer or of all. */
static bool
show_adj_in(struct bgp_cursor *cursor, const struct bgp__table *table,
	    const struct bgp__dest *dest, struct bgp_route *out)
{
	uint32_t skip = cursor->sub & ~SOUGHT, index = dest->paths;

	for (; index != 0; index = bgp__path_at(table, index)->next) {
		const struct bgp__path *path = bgp__path_at(table, index);

		if (cursor->peer != NULL &&
		    path->source != cursor->peer->number)
			continue;
		if (skip-- > 0)
			continue;
		cursor->sub++;
		show_path(table, dest, index, true, out);
		return true;
	}
	return false;
}

static bool
show_loc_rib(struct bgp_cursor *cursor, const struct bgp__table *table,
	     const struct bgp__dest *dest, struct bgp_route *out)
{
	if (!(dest->flags & BGP__DEST_BEST) || (cursor->sub & ~SOUGHT) > 0)
		return false;
	show_path(table, dest, dest->paths, false, out);
	if (cursor->peer != NULL && out->peer != cursor->peer)
		return false;
	cursor->sub++;
	return true;
}

/* What the peer holds, or would once it has read what waits for it. */
static bool
show_adj_out(struct bgp_cursor *cursor, const struct bgp__table *table,
	     const struct bgp__dest *dest, struct bgp_route *out)
{
	memset(out, 0, sizeof *out);
	if (table->sent == NULL || (cursor->sub & ~SOUGHT) > 0 ||
	    !table->sent(table, dest, cursor->peer, out))
		return false;
	cursor->sub++;
	out->best = out->accepted = true;
	out->step = (enum bgp_step)dest->step;
	return true;
}

static bool
show(struct bgp_cursor *cursor, const struct bgp__table *table,
     const struct bgp__dest *dest, struct bgp_route *out)
{
	switch (cursor->view) {
	case BGP_VIEW_ADJ_IN:
		return show_adj_in(cursor, table, dest, out);
	case BGP_VIEW_LOC_RIB:
		return show_loc_rib(cursor, table, dest, out);
	default:
		return show_adj_out(cursor, table, dest, out);
	}
}

int
bgp_cursor_next(struct bgp_cursor *cursor, struct bgp_route *out)
{
	const struct bgp__table *table = bgp__rib_find_table(cursor->rib,
							     cursor->family);
	bool sought = (cursor->sub & SOUGHT) != 0;
	unsigned look = 0;

	while (table != NULL && cursor->at != 0 &&
	       cursor->at <= table->dests.used) {
		if (look++ == LOOK_MAX)
			return BGP_CURSOR_PAUSE;
		if (bgp__dest_is_live(table, cursor->at) &&
		    show(cursor, table, bgp__dest_at(table, cursor->at), out))
			return 1;
		if (sought) {
			cursor->at = 0;
			return 0;
		}
		cursor->at++;
		cursor->sub = 0;
	}
	cursor->at = 0;
	return 0;
}

/* The destination, if somebody said something of it. */
static uint32_t
seek(const struct bgp__table *table, const struct bgp__key *key)
{
	uint32_t dest = bgp__dest_find(table, key);

	return dest != 0 && bgp__dest_at(table, dest)->paths != 0 ? dest : 0;
}

int
bgp_cursor_seek(struct bgp_cursor *cursor, const struct bgp_prefix *prefix,
		bool longest)
{
	const struct bgp__table *table = bgp__rib_find_table(cursor->rib,
							     cursor->family);
	unsigned bits = prefix->bits;
	struct bgp__key key;
	uint32_t dest;

	if (bits > 8u * prefix->len || (prefix->len != 4 && prefix->len != 16))
		return BGP_ERR_INVALID;
	if (table == NULL || prefix->len != table->address_len)
		return BGP_ERR_NOENT;
	for (;;) {
		bgp__prefix_key(table, prefix->octets, bits, &key);
		dest = seek(table, &key);
		if (dest != 0)
			break;
		if (!longest || bits-- == 0)
			return BGP_ERR_NOENT;
	}
	cursor->at = dest;
	cursor->sub = SOUGHT;
	return BGP_OK;
}

int
bgp_cursor_find(struct bgp_cursor *cursor, const struct bgp_nlri *nlri)
{
	const struct bgp__table *table = bgp__rib_find_table(cursor->rib,
							     cursor->family);
	struct bgp__key key;
	uint32_t dest;

	if (table == NULL || nlri->family != cursor->family ||
	    !bgp__table_takes(table, nlri))
		return BGP_ERR_NOENT;
	bgp__key_of(table, nlri, &key);
	dest = seek(table, &key);
	if (dest == 0)
		return BGP_ERR_NOENT;
	cursor->at = dest;
	cursor->sub = SOUGHT;
	return BGP_OK;
}
