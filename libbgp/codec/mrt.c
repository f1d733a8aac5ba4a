/*
 * mrt.c - read records of messages and tables.        RFC 6396, RFC 8050
 *
 *    0      4      6         8       12
 *   +------+------+---------+-------+--------------------- - -
 *   | time | type | subtype | length| body
 *   +------+------+---------+-------+--------------------- - -
 */
#include "libbgp/codec/mrt.h"
#include "libbgp/base/octets.h"
#include "libbgp/codec/attr.h"
#include "libbgp/codec/nlri.h"

int
bgp_mrt_next(struct bgp_span *file, struct bgp_mrt_record *out)
{
	struct bgp__reader r = bgp__reader(file->octets, file->len);
	struct bgp__reader body;

	if (file->len == 0)
		return BGP_ERR_NOENT;
	out->time_s = bgp__read32(&r);
	out->type = bgp__read16(&r);
	out->subtype = bgp__read16(&r);
	body = bgp__read_sub(&r, bgp__read32(&r));
	if (r.bad)
		return BGP_ERR_SHORT;
	file->octets = r.at;
	file->len = bgp__left(&r);
	out->time_us = out->type == BGP_MRT_BGP4MP_ET ? bgp__read32(&body) : 0;
	out->body = (struct bgp_span){ body.at, bgp__left(&body) };
	return body.bad ? BGP_ERR_MALFORMED : BGP_OK;
}

/* ----------------------------------------------------------------- messages */

/* What the subtypes of BGP4MP stand for, by number; 2 and 3 are no more. */
static const struct bgp4mp_rule {
	bool known, state_change, as4, local, add_path;
} bgp4mp[] = {
	[BGP_MRT_STATE_CHANGE] = { true, true, false, false, false },
	[BGP_MRT_MESSAGE] = { true, false, false, false, false },
	[BGP_MRT_MESSAGE_AS4] = { true, false, true, false, false },
	[BGP_MRT_STATE_CHANGE_AS4] = { true, true, true, false, false },
	[BGP_MRT_MESSAGE_LOCAL] = { true, false, false, true, false },
	[BGP_MRT_MESSAGE_AS4_LOCAL] = { true, false, true, true, false },
	[BGP_MRT_MESSAGE_ADDPATH] = { true, false, false, false, true },
	[BGP_MRT_MESSAGE_AS4_ADDPATH] = { true, false, true, false, true },
	[BGP_MRT_MESSAGE_LOCAL_ADDPATH] = { true, false, false, true, true },
	[BGP_MRT_MESSAGE_AS4_LOCAL_ADDPATH] = { true, false, true, true, true },
};

enum { BGP4MP_SUBTYPES = sizeof bgp4mp / sizeof bgp4mp[0] };

static struct bgp_addr
read_addr(struct bgp__reader *r, size_t len)
{
	const uint8_t *p = bgp__read(r, len);
	struct bgp_addr addr = { .len = 0, .octets = { 0 } };

	if (p == NULL)
		return addr;
	addr.len = (uint8_t)len;
	memcpy(addr.octets, p, len);
	return addr;
}

/* AS numbers, interface, addresses: before message and state change alike. */
static void
read_session(struct bgp__reader *r, struct bgp_mrt_message *out)
{
	size_t addr_len;

	out->peer_as = out->as4 ? bgp__read32(r) : bgp__read16(r);
	out->local_as = out->as4 ? bgp__read32(r) : bgp__read16(r);
	out->interface = bgp__read16(r);
	addr_len = bgp__read16(r) == 1 ? 4 : 16;
	out->peer = read_addr(r, addr_len);
	out->local_addr = read_addr(r, addr_len);
}

int
bgp_mrt_message_decode(const struct bgp_mrt_record *record,
		       struct bgp_mrt_message *out)
{
	struct bgp__reader r = bgp__reader(record->body.octets,
					   record->body.len);
	const struct bgp4mp_rule *rule = bgp4mp +
	    (record->subtype < BGP4MP_SUBTYPES ? record->subtype : 2);

	if ((record->type != BGP_MRT_BGP4MP &&
	     record->type != BGP_MRT_BGP4MP_ET) ||
	    !rule->known)
		return BGP_ERR_NOENT;
	*out = (struct bgp_mrt_message){ .as4 = rule->as4,
					 .add_path = rule->add_path,
					 .local = rule->local,
					 .state_change = rule->state_change };
	read_session(&r, out);
	if (rule->state_change) {
		out->old_state = bgp__read16(&r);
		out->new_state = bgp__read16(&r);
	} else {
		out->msg = (struct bgp_span){ r.at, bgp__left(&r) };
	}
	return r.bad ? BGP_ERR_MALFORMED : BGP_OK;
}

/* -------------------------------------------------------------------- peers */

enum { PEER_IPV6 = 1, PEER_AS4 = 2 }; /* bits of its type: RFC 6396 4.3.1 */

static void
read_peer(struct bgp__reader *r, struct bgp_mrt_peer *out)
{
	uint8_t type = bgp__read8(r);

	out->router_id = bgp__read32(r);
	out->addr = read_addr(r, (type & PEER_IPV6) != 0 ? 16 : 4);
	out->as4 = (type & PEER_AS4) != 0;
	out->as = out->as4 ? bgp__read32(r) : bgp__read16(r);
}

bool
bgp_mrt_peer_next(struct bgp_mrt_peers *peers, struct bgp_mrt_peer *out)
{
	struct bgp__reader r = bgp__reader(peers->peers.octets,
					   peers->peers.len);

	if (peers->count == 0)
		return false;
	read_peer(&r, out);
	peers->peers = (struct bgp_span){ r.at, bgp__left(&r) };
	peers->count--;
	return !r.bad;
}

int
bgp_mrt_peers_decode(const struct bgp_mrt_record *record,
		     struct bgp_mrt_peers *out)
{
	struct bgp__reader r = bgp__reader(record->body.octets,
					   record->body.len);
	struct bgp_mrt_peer peer;

	if (record->type != BGP_MRT_TABLE_DUMP_V2 ||
	    record->subtype != BGP_MRT_PEER_INDEX_TABLE)
		return BGP_ERR_NOENT;
	out->collector_id = bgp__read32(&r);
	out->view.len = bgp__read16(&r);
	out->view.octets = bgp__read(&r, out->view.len);
	out->count = bgp__read16(&r);
	out->peers = (struct bgp_span){ r.at, bgp__left(&r) };
	for (uint16_t i = 0; i < out->count && !r.bad; i++)
		read_peer(&r, &peer);
	return r.bad ? BGP_ERR_MALFORMED : BGP_OK;
}

/* -------------------------------------------------------------------- table */

/* The families of the subtypes; 0: it stands in the record. */
static const struct table_rule {
	bool known, add_path;
	bgp_family family;
} tables[] = {
	[BGP_MRT_RIB_IPV4_UNICAST] = { true, false, BGP_IPV4_UNICAST },
	[BGP_MRT_RIB_IPV4_MULTICAST] = { true, false, BGP_FAMILY(1, 2) },
	[BGP_MRT_RIB_IPV6_UNICAST] = { true, false, BGP_IPV6_UNICAST },
	[BGP_MRT_RIB_IPV6_MULTICAST] = { true, false, BGP_FAMILY(2, 2) },
	[BGP_MRT_RIB_GENERIC] = { true, false, 0 },
	[BGP_MRT_RIB_IPV4_UNICAST_ADDPATH] = { true, true, BGP_IPV4_UNICAST },
	[BGP_MRT_RIB_IPV4_MULTICAST_ADDPATH] = { true, true, BGP_FAMILY(1, 2) },
	[BGP_MRT_RIB_IPV6_UNICAST_ADDPATH] = { true, true, BGP_IPV6_UNICAST },
	[BGP_MRT_RIB_IPV6_MULTICAST_ADDPATH] = { true, true, BGP_FAMILY(2, 2) },
	[BGP_MRT_RIB_GENERIC_ADDPATH] = { true, true, 0 },
};

enum { TABLE_SUBTYPES = sizeof tables / sizeof tables[0] };

uint16_t
bgp__mrt_subtype(bgp_family family, bool add_path)
{
	for (uint16_t i = 0; i < TABLE_SUBTYPES; i++)
		if (tables[i].known && tables[i].family == family &&
		    tables[i].add_path == add_path)
			return i;
	return add_path ? BGP_MRT_RIB_GENERIC_ADDPATH : BGP_MRT_RIB_GENERIC;
}

/* The one NLRI of the record; what of it is left is not looked at. */
static bool
read_nlri(struct bgp__reader *r, bgp_family family, struct bgp_nlri *out)
{
	struct bgp_nlri_list list = {
		.family = family,
		.len = (uint16_t)(bgp__left(r) < 65535 ? bgp__left(r) : 65535),
		.octets = r->at
	};
	struct bgp_nlri_list one = list;

	if (r->bad || !bgp_nlri_next(&list, out))
		return false;
	one.form = list.form;
	one.len = (uint16_t)(list.octets - r->at);
	r->at = list.octets;
	return bgp__nlri_list_judge(&one) != BGP__NLRI_MALFORMED;
}

static void
read_entry(struct bgp__reader *r, bool add_path, struct bgp_mrt_entry *out)
{
	out->peer = bgp__read16(r);
	out->time_s = bgp__read32(r);
	out->path_id = add_path ? bgp__read32(r) : 0;
	out->attrs.len = bgp__read16(r);
	out->attrs.octets = bgp__read(r, out->attrs.len);
}

bool
bgp_mrt_entry_next(struct bgp_mrt_rib *rib, struct bgp_mrt_entry *out)
{
	struct bgp__reader r = bgp__reader(rib->entries.octets,
					   rib->entries.len);

	if (rib->count == 0)
		return false;
	read_entry(&r, rib->add_path, out);
	rib->entries = (struct bgp_span){ r.at, bgp__left(&r) };
	rib->count--;
	return !r.bad;
}

int
bgp_mrt_rib_decode(const struct bgp_mrt_record *record, struct bgp_mrt_rib *out)
{
	struct bgp__reader r = bgp__reader(record->body.octets,
					   record->body.len);
	const struct table_rule *rule = tables +
	    (record->subtype < TABLE_SUBTYPES ? record->subtype : 0);
	bgp_family family;
	struct bgp_mrt_entry entry;

	if (record->type != BGP_MRT_TABLE_DUMP_V2 || !rule->known)
		return BGP_ERR_NOENT;
	out->add_path = rule->add_path;
	out->sequence = bgp__read32(&r);
	family = rule->family;
	if (family == 0) {
		uint16_t afi = bgp__read16(&r);

		family = BGP_FAMILY(afi, bgp__read8(&r));
	}
	if (!read_nlri(&r, family, &out->nlri))
		return BGP_ERR_MALFORMED;
	out->count = bgp__read16(&r);
	out->entries = (struct bgp_span){ r.at, bgp__left(&r) };
	for (uint16_t i = 0; i < out->count && !r.bad; i++)
		read_entry(&r, out->add_path, &entry);
	return r.bad ? BGP_ERR_MALFORMED : BGP_OK;
}

/* ------------------------------------------------------------------ entries */

/* MP_REACH of an entry is a length and a next hop; some collectors write the
 * whole attribute all the same.  No next hop is so long that its length could
 * be the first octet of an AFI.                               RFC 6396 4.3.4 */
static struct bgp_span
next_hop_of(const struct bgp_attr *attr)
{
	if (attr->len >= 1 && attr->value[0] == attr->len - 1 &&
	    attr->value[0] < 64)
		return (struct bgp_span){ attr->value + 1, attr->len - 1u };
	if (attr->len >= 5 && attr->value[3] <= attr->len - 5)
		return (struct bgp_span){ attr->value + 4, attr->value[3] };
	return (struct bgp_span){ NULL, 0 };
}

static void
note(struct bgp_fault *fault, const struct bgp__verdict *v, uint8_t code)
{
	if (v->remedy <= fault->remedy)
		return;
	*fault = (struct bgp_fault){ .remedy = v->remedy,
				     .code = 3,
				     .subcode = v->subcode,
				     .attribute = code,
				     .reason = v->reason };
}

static void
take_attr(struct bgp_update *out, const struct bgp_codec *codec,
	  const struct bgp_attr *attr, struct bgp_fault *fault)
{
	struct bgp__verdict v;

	if (attr->code == BGP_ATTR_MP_REACH) {
		out->reach[0].next_hop = next_hop_of(attr);
		return;
	}
	v = bgp__attr_judge(codec, attr);
	note(fault, &v, attr->code);
	if (v.remedy != BGP_REMEDY_NONE || attr->code == BGP_ATTR_MP_UNREACH)
		return;
	if (attr->code == BGP_ATTR_NEXT_HOP) {
		if (out->reach[0].next_hop.octets == NULL)
			out->reach[0].next_hop = (struct bgp_span){ attr->value,
								    attr->len };
	} else if (bgp_attr_find(out->attrs, out->attr_count, attr->code) ==
		   NULL) {
		out->attrs[out->attr_count++] = *attr;
	}
}

/* The NLRI again as a list of one: it stands in the record behind its path id
 * or its length, so the octets before it are its own. */
static struct bgp_nlri_list
list_of(const struct bgp_nlri *nlri)
{
	struct bgp_family_codec family = { .family = nlri->family };
	size_t head = bgp__nlri_form(&family) == BGP_NLRI_BITS ? 1 : 0;
	struct bgp_nlri_list list = { .family = nlri->family,
				      .len = (uint16_t)(nlri->len + head),
				      .octets = nlri->octets - head,
				      .form = bgp__nlri_form(&family) };

	return list;
}

int
bgp_mrt_entry_decode(const struct bgp_mrt_rib *rib,
		     const struct bgp_mrt_entry *entry, struct bgp_update *out,
		     struct bgp_fault *fault)
{
	static const struct bgp_codec codec = { .as4 = true };
	static const struct bgp__verdict overrun = {
		BGP_REMEDY_WITHDRAW, 1, "attribute overruns the block"
	};
	struct bgp__reader r = bgp__reader(entry->attrs.octets,
					   entry->attrs.len);
	struct bgp_attr attr;

	*fault = (struct bgp_fault){ .remedy = BGP_REMEDY_NONE };
	out->eor = 0;
	out->unreach_count = 0;
	out->attr_count = 0;
	out->recalled = NULL;
	out->block = entry->attrs;
	out->reach_count = 1;
	out->reach[0] = list_of(&rib->nlri);
	while (bgp__attr_next(&r, &attr))
		take_attr(out, &codec, &attr, fault);
	if (bgp__left(&r) > 0)
		note(fault, &overrun, 0);
	if (fault->remedy > BGP_REMEDY_DISCARD)
		out->reach_count = 0;
	return BGP_OK;
}
