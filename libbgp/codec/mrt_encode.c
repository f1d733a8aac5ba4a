/*
 * mrt_encode.c - write records of messages and tables.   RFC 6396, RFC 8050
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/mrt.h"
#include "libbgp/codec/nlri.h"

/* A length that an int can answer. */
static size_t
bounded(size_t size)
{
	return size < INT32_MAX ? size : INT32_MAX;
}

static void
begin(struct bgp__writer *w, uint32_t time_s, unsigned type, unsigned subtype)
{
	bgp__write32(w, time_s);
	bgp__write16(w, type);
	bgp__write16(w, subtype);
	bgp__write32(w, 0);
}

static int
end(struct bgp__writer *w)
{
	size_t len = bgp__written(w);

	if (w->bad)
		return BGP_ERR_SPACE;
	bgp__store32(w->from + 8, (uint32_t)(len - BGP_MRT_HEADER_LEN));
	return (int)len;
}

/* ----------------------------------------------------------------- messages */

static unsigned
subtype_of(const struct bgp_mrt_message *m)
{
	static const uint8_t subtypes[] = { BGP_MRT_MESSAGE,
					    BGP_MRT_MESSAGE_AS4,
					    BGP_MRT_MESSAGE_LOCAL,
					    BGP_MRT_MESSAGE_AS4_LOCAL,
					    BGP_MRT_MESSAGE_ADDPATH,
					    BGP_MRT_MESSAGE_AS4_ADDPATH,
					    BGP_MRT_MESSAGE_LOCAL_ADDPATH,
					    BGP_MRT_MESSAGE_AS4_LOCAL_ADDPATH };

	if (m->state_change)
		return m->as4 ? BGP_MRT_STATE_CHANGE_AS4 : BGP_MRT_STATE_CHANGE;
	return subtypes[(m->add_path ? 4 : 0) + (m->local ? 2 : 0) +
			(m->as4 ? 1 : 0)];
}

static void
write_as(struct bgp__writer *w, bool as4, uint32_t as)
{
	if (as4)
		bgp__write32(w, as);
	else
		bgp__write16(w, as > 65535 ? BGP_AS_TRANS : as);
}

int
bgp_mrt_message_encode(const struct bgp_mrt_message *m, uint32_t time_s,
		       uint32_t time_us, uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, bounded(size));

	if (m->peer.len != m->local_addr.len ||
	    (m->peer.len != 4 && m->peer.len != 16))
		return BGP_ERR_INVALID;
	begin(&w, time_s, BGP_MRT_BGP4MP_ET, subtype_of(m));
	bgp__write32(&w, time_us);
	write_as(&w, m->as4, m->peer_as);
	write_as(&w, m->as4, m->local_as);
	bgp__write16(&w, m->interface);
	bgp__write16(&w, m->peer.len == 4 ? 1 : 2);
	bgp__write(&w, m->peer.octets, m->peer.len);
	bgp__write(&w, m->local_addr.octets, m->local_addr.len);
	if (m->state_change) {
		bgp__write16(&w, m->old_state);
		bgp__write16(&w, m->new_state);
	} else {
		bgp__write(&w, m->msg.octets, m->msg.len);
	}
	return end(&w);
}

/* -------------------------------------------------------------------- table */

static void
write_peer(struct bgp__writer *w, const struct bgp_mrt_peer *peer)
{
	bgp__write8(w, (peer->addr.len == 16 ? 1u : 0) | (peer->as4 ? 2u : 0));
	bgp__write32(w, peer->router_id);
	bgp__write(w, peer->addr.octets, peer->addr.len == 16 ? 16 : 4);
	write_as(w, peer->as4, peer->as);
}

int
bgp_mrt_peers_encode(uint32_t time_s, uint32_t collector_id, const char *view,
		     const struct bgp_mrt_peer *peers, size_t count,
		     uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, bounded(size));
	size_t view_len = view != NULL ? strlen(view) : 0;

	if (count > 65535 || view_len > 65535)
		return BGP_ERR_INVALID;
	begin(&w, time_s, BGP_MRT_TABLE_DUMP_V2, BGP_MRT_PEER_INDEX_TABLE);
	bgp__write32(&w, collector_id);
	bgp__write16(&w, (unsigned)view_len);
	bgp__write(&w, view, view_len);
	bgp__write16(&w, (unsigned)count);
	for (size_t i = 0; i < count; i++)
		write_peer(&w, peers + i);
	return end(&w);
}

/* false: it is shorter than its length in bits, or that has no octet. */
static bool
write_nlri(struct bgp__writer *w, const struct bgp_nlri *nlri)
{
	struct bgp_family_codec family = { .family = nlri->family };
	size_t len = nlri->len;

	if (bgp__nlri_form(&family) == BGP_NLRI_BITS) {
		len = (nlri->bits + 7u) / 8;
		if (nlri->bits > 255 || nlri->len < len)
			return false;
		bgp__write8(w, nlri->bits);
	}
	bgp__write(w, nlri->octets, len);
	return true;
}

static void
write_entry(struct bgp__writer *w, bool add_path,
	    const struct bgp_mrt_entry *entry)
{
	bgp__write16(w, entry->peer);
	bgp__write32(w, entry->time_s);
	if (add_path)
		bgp__write32(w, entry->path_id);
	bgp__write16(w, (unsigned)entry->attrs.len);
	bgp__write(w, entry->attrs.octets, entry->attrs.len);
}

int
bgp_mrt_rib_encode(uint32_t time_s, const struct bgp_mrt_rib *rib,
		   const struct bgp_mrt_entry *entries, size_t count,
		   uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, bounded(size));
	bgp_family family = rib->nlri.family;
	unsigned subtype = bgp__mrt_subtype(family, rib->add_path);

	if (count > 65535)
		return BGP_ERR_INVALID;
	begin(&w, time_s, BGP_MRT_TABLE_DUMP_V2, subtype);
	bgp__write32(&w, rib->sequence);
	if (subtype == BGP_MRT_RIB_GENERIC ||
	    subtype == BGP_MRT_RIB_GENERIC_ADDPATH) {
		bgp__write16(&w, BGP_AFI(family));
		bgp__write8(&w, BGP_SAFI(family));
	}
	if (!write_nlri(&w, &rib->nlri))
		return BGP_ERR_INVALID;
	bgp__write16(&w, (unsigned)count);
	for (size_t i = 0; i < count; i++) {
		if (entries[i].attrs.len > 65535)
			return BGP_ERR_INVALID;
		write_entry(&w, rib->add_path, entries + i);
	}
	return end(&w);
}
