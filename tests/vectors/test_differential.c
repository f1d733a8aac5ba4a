/*
 * test_differential.c - the fast decoder and the plain one agree.
 *
 * Messages are the seeds of the fuzz corpus, and fresh ones of each family,
 * mutated a little over and over: octets, lengths, flags, pieces moved or
 * doubled.  Both decoders must come to the same remedy, the same routes in the
 * same order and the same attributes.  What was accepted is encoded anew, as a
 * reflector would send it on, and neither decoder may find a fault in that.
 *
 *   test_differential [MESSAGES [SEED]]         CORPUS names the directory
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "reference.h"

#include "bgp/codec.h"

enum { SEEDS_MAX = 1000, SEED_LEN = REF_MESSAGE_MAX - 19 };

static struct seed {
	size_t len;
	uint8_t octets[SEED_LEN];
} seeds[SEEDS_MAX];
static size_t seed_count;

static unsigned long message_count = 300000;
static uint64_t random_state = 88172645463325252u;
static unsigned long outcomes[4];

static const bgp_family families[] = {
	BGP_FAMILY(1, 1),      BGP_FAMILY(2, 1),   BGP_FAMILY(1, 2),
	BGP_FAMILY(2, 2),      BGP_FAMILY(1, 4),   BGP_FAMILY(2, 4),
	BGP_FAMILY(1, 128),    BGP_FAMILY(2, 128), BGP_FAMILY(1, 129),
	BGP_FAMILY(2, 129),    BGP_FAMILY(1, 132), BGP_FAMILY(1, 133),
	BGP_FAMILY(2, 133),    BGP_FAMILY(1, 134), BGP_FAMILY(2, 134),
	BGP_FAMILY(1, 5),      BGP_FAMILY(2, 5),   BGP_FAMILY(1, 73),
	BGP_FAMILY(2, 73),     BGP_FAMILY(1, 85),  BGP_FAMILY(2, 85),
	BGP_FAMILY(25, 65),    BGP_FAMILY(25, 70), BGP_FAMILY(16388, 71),
	BGP_FAMILY(16388, 72),
};

enum { FAMILIES = sizeof families / sizeof families[0] };

static unsigned long routes[FAMILIES];

static uint32_t
any(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32) % below;
}

/* -------------------------------------------------------------------- seeds */

static void
read_seeds(void)
{
	const char *path = getenv("CORPUS");
	DIR *dir = opendir(path != NULL ? path : "fuzz/corpus/update");
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL && seed_count < SEEDS_MAX) {
		struct seed *seed = &seeds[seed_count];
		char name[4096];
		FILE *f;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		f = fopen(name, "rb");
		assert_non_null(f);
		seed->len = fread(seed->octets, 1, SEED_LEN, f);
		fclose(f);
		seed_count += seed->len > 5;
	}
	closedir(dir);
	assert_int_not_equal(seed_count, 0);
}

/* ----------------------------------------------------------------- mutation */

/* The body of a message, after its header; lengths are put right now and then,
 * so that what lies deep is reached. */
static size_t
repair(uint8_t *body, size_t len)
{
	size_t withdrawn = (size_t)(body[0] << 8 | body[1]);

	if (withdrawn + 4 > len) {
		body[0] = body[1] = 0;
		withdrawn = 0;
	}
	if (any(4) != 0 && len > withdrawn + 4) {
		size_t at = 2 + withdrawn;
		size_t attrs = (size_t)(body[at] << 8 | body[at + 1]);

		if (at + 2 + attrs > len) {
			attrs = len - at - 2;
			body[at] = (uint8_t)(attrs >> 8);
			body[at + 1] = (uint8_t)attrs;
		}
	}
	return len;
}

static size_t
mutate_once(uint8_t *body, size_t len)
{
	static const uint8_t telling[] = {
		0,    1,    2,    3,    4,   5,   8,    14,   15,  16, 17,
		18,   22,   23,   25,   26,  29,  32,   33,   35,  36, 40,
		0x40, 0x50, 0x80, 0x90, 128, 129, 0xc0, 0xd0, 0xff
	};
	size_t at = any((uint32_t)len), n = 1 + any(8);

	switch (any(7)) {
	case 0:
		body[at] ^= (uint8_t)(1u << any(8));
		break;
	case 1:
		body[at] = (uint8_t)any(256);
		break;
	case 2:
	case 3:
		body[at] = telling[any(sizeof telling)];
		break;
	case 4:
		body[at] = (uint8_t)(body[at] + any(5) - 2);
		break;
	case 5: /* octets go */
		if (len > n + 8 && at + n <= len) {
			memmove(body + at, body + at + n, len - at - n);
			len -= n;
		}
		break;
	default: /* octets come twice */
		if (at + n <= len && len + n < SEED_LEN) {
			memmove(body + at + n, body + at, len - at);
			len += n;
		}
	}
	return len;
}

/* -------------------------------------------------------------------- fresh */

static uint8_t *
put(uint8_t *p, uint32_t value, size_t octets)
{
	while (octets-- > 0)
		*p++ = (uint8_t)(value >> 8 * octets);
	return p;
}

static uint8_t *
put_any(uint8_t *p, size_t octets)
{
	while (octets-- > 0)
		*p++ = (uint8_t)any(256);
	return p;
}

/* A length in bits that the family may have. */
static unsigned
any_bits(bgp_family family)
{
	unsigned address = BGP_AFI(family) == 1 ? 32 : 128;

	switch (BGP_SAFI(family)) {
	case 4:
		return 24 + any(address + 1);
	case 73:
		return 64 + address;
	case 128:
		return 88 + any(address + 1);
	case 129:
		return 64 + any(address + 1);
	case 132:
		return any(4) == 0 ? 0 : 32 + any(65);
	default:
		return any(address + 1);
	}
}

/* A length in bits and an address; none now and then. */
static uint8_t *
put_address(uint8_t *p, bool none)
{
	static const uint8_t lens[] = { 4, 16, 0 };
	size_t len = lens[any(none ? 3 : 2)];

	return put_any(put(p, (uint32_t)len * 8, 1), len);
}

static uint8_t *
put_flow(uint8_t *p)
{
	return put_address(put_address(put_address(p, true), true), false);
}

/* A body of the length that its type has. */
static uint8_t *
put_evpn_body(uint8_t *p, unsigned type)
{
	static const uint8_t lens[] = { 25, 22, 12, 18, 22, 12,
					22, 22, 20, 12, 20 };
	bool ipv6 = any(2) != 0;

	if (type < 1 || type > sizeof lens)
		return put_any(p, any(12));
	p = put_any(p, lens[type - 1]);
	switch (type) {
	case 2:
		p = put_address(put_any(put(p, 48, 1), 6), true);
		return put_any(p, any(2) != 0 ? 3 : 6);
	case 3:
	case 4:
	case 11:
		return put_address(p, false);
	case 5:
		p = put(p, any(ipv6 ? 129 : 33), 1);
		memset(p - 15, 0, any(2) != 0 ? 10 : 0);
		p = put_any(p, ipv6 ? 32 : 8);
		memset(p - (ipv6 ? 16 : 4), 0, any(2) == 0 ? 0 : ipv6 ? 16 : 4);
		return put_any(p, 3);
	case 6:
	case 7:
		return put_any(put_flow(p), 1);
	case 8:
		return put_any(put_flow(p), 6);
	case 10:
		return put_flow(p);
	default:
		return p;
	}
}

static uint8_t *
put_evpn(uint8_t *p)
{
	unsigned type = any(13);
	uint8_t *end = put_evpn_body(p + 2, type);

	p[0] = (uint8_t)type;
	p[1] = (uint8_t)(end - p - 2);
	return end;
}

/* Length in bits, and so many octets. */
static uint8_t *
put_bits(uint8_t *p, uint32_t bits)
{
	return put_any(put(p, bits, 1), (bits + 7) / 8);
}

static uint8_t *
put_mvpn_body(uint8_t *p, unsigned type)
{
	uint8_t *start = p;
	unsigned inner = 1 + any(7);

	switch (type) {
	case 1:
		return put_any(p, any(2) != 0 ? 12 : 24);
	case 2:
		return put_any(p, 12);
	case 3:
		p = put_address(put_address(put_any(p, 8), true), true);
		return put_any(p, any(2) != 0 ? 4 : 16);
	case 4:
		p = inner == 4 ? start + 2 : put_mvpn_body(p + 2, inner);
		start[0] = (uint8_t)inner;
		start[1] = (uint8_t)(p - start - 2);
		return put_any(p, any(2) != 0 ? 4 : 16);
	case 5:
		return put_address(put_address(put_any(p, 8), any(9) == 0),
				   false);
	default:
		return put_address(put_address(put_any(p, 12), false), false);
	}
}

static uint8_t *
put_mvpn(uint8_t *p)
{
	unsigned type = any(9);
	uint8_t *end = put_mvpn_body(p + 2, type);

	p[0] = (uint8_t)type;
	p[1] = (uint8_t)(end - p - 2);
	return end;
}

static uint8_t *
put_mup(uint8_t *p, bool ipv6)
{
	unsigned type = any(6), bits = ipv6 ? 128 : 32;
	uint8_t *q = put_any(p + 4, 8);

	switch (type) {
	case 1:
		q = put_bits(q, any(bits + 2));
		break;
	case 2:
		q = put_any(q, bits / 8);
		break;
	case 3:
		q = put_any(put_bits(q, any(bits + 1)), 5);
		q = put_address(q, any(9) == 0);
		q = any(2) != 0 ? q : put_address(q, true);
		break;
	default:
		q = put_bits(q, bits - 1 + any(35));
	}
	put(put(put(p, any(9) != 0, 1), type, 2), (uint32_t)(q - p - 4), 1);
	return q;
}

/* TLVs mostly in order, with what is in them now and then. */
static uint8_t *
put_descriptors(uint8_t *p, unsigned type, bool nested)
{
	for (uint32_t n = any(4); n > 0; n--, type += any(3)) {
		uint8_t *end = nested && type < 258
		    ? put_descriptors(p + 4, 512, false)
		    : put_any(p + 4, any(6));

		put(put(p, type - (any(20) == 0), 2), (uint32_t)(end - p - 4),
		    2);
		p = end;
	}
	return p;
}

static uint8_t *
put_link_state(uint8_t *p, bool vpn)
{
	uint8_t *end = put_any(p + 4, vpn ? 17 : 9);

	end = put_descriptors(end, 255 + any(3), true);
	put(put(p, any(8), 2), (uint32_t)(end - p - 4), 2);
	return end;
}

static uint8_t *
put_component(uint8_t *p, unsigned type, bool ipv6)
{
	p = put(p, type, 1);
	if (type <= 2) {
		unsigned bits = any(ipv6 ? 130 : 34), offset = 0;

		p = put(p, bits, 1);
		if (ipv6)
			p = put(p, offset = any(2) * any(bits + 1), 1);
		return put_any(p, (bits - offset + 7) / 8);
	}
	for (uint32_t n = any(3);; n--) {
		unsigned wide = any(type == 11 || type == 12 ? 16 : 4) % 4;

		if (type > 8 && any(8) != 0)
			wide = 0;
		p = put(p, (n == 0 ? 0x80 : 0) | wide << 4 | any(8), 1);
		p = put_any(p, (size_t)1 << wide);
		if (n == 0)
			return p;
	}
}

/* A flow specification, its components mostly in order. */
static uint8_t *
put_rule(uint8_t *p, bool ipv6, bool vpn)
{
	uint8_t body[200], *end = put_any(body, vpn ? 8 : 0);
	unsigned type = 1 + any(4);
	size_t len;

	for (uint32_t n = 1 + any(4); n > 0; n--, type += 1 + any(4))
		end = put_component(end, type - (any(20) == 0), ipv6);
	len = (size_t)(end - body);
	p = any(2) != 0 ? put(p, (uint32_t)len, 1)
			: put(p, 0xf000 + (uint32_t)len, 2);
	memcpy(p, body, len);
	return p + len;
}

static uint8_t *
put_nlri(uint8_t *p, bgp_family family)
{
	size_t len = 1 + any(12);

	switch (BGP_SAFI(family)) {
	case 5:
		return put_mvpn(p);
	case 70:
		return put_evpn(p);
	case 65:
		len = any(2) != 0 ? 17 : 8 + len;
		return put_any(put(p, (uint32_t)len, 2), len);
	case 71:
	case 72:
		return put_link_state(p, BGP_SAFI(family) == 72);
	case 85:
		return put_mup(p, BGP_AFI(family) == 2);
	case 133:
	case 134:
		return put_rule(p, BGP_AFI(family) == 2,
				BGP_SAFI(family) == 134);
	default:
		len = any_bits(family);
		return put_any(put(p, (uint32_t)len, 1), (len + 7) / 8);
	}
}

/* An UPDATE's body: a few routes of one family, announced or withdrawn. */
static size_t
make_fresh(uint8_t *body, bool add_path)
{
	static const uint8_t hops[] = { 4, 12, 16, 24, 32, 48, 0 };
	static const uint8_t start[] = { 0, 0, 0,    0, 0x40, 1, 1, 0, 0x40,
					 2, 0, 0x40, 5, 4,    0, 0, 0, 100 };
	bgp_family family = families[any(FAMILIES)];
	bool is_reach = any(2) != 0;
	uint8_t *p = body + sizeof start, *length = p + 2, *end;

	memcpy(body, start, sizeof start);
	p = put(p, is_reach ? 0x900e : 0x900f, 2);
	p = put(put(p + 2, BGP_AFI(family), 2), BGP_SAFI(family), 1);
	if (is_reach) {
		uint8_t hop = hops[any(sizeof hops)];

		p = put(put_any(put(p, hop, 1), hop), 0, 1);
	}
	for (uint32_t n = 1 + any(3); n > 0; n--)
		p = put_nlri(add_path ? put_any(p, 4) : p, family);
	end = p;
	put(length, (uint32_t)(end - length - 2), 2);
	put(body + 2, (uint32_t)(end - body - 4), 2);
	return (size_t)(end - body);
}

static size_t
make_message(uint8_t *msg, uint8_t *flags)
{
	const struct seed *seed = &seeds[any((uint32_t)seed_count)];
	size_t len = seed->len - 1;
	uint8_t *body = msg + 19;

	*flags = (uint8_t)(any(2) != 0 ? seed->octets[0] : any(256));
	memset(msg, 0xff, 19);
	if (any(4) == 0)
		len = make_fresh(body, (*flags & 4) != 0);
	else
		memcpy(body, seed->octets + 1, len);
	for (uint32_t n = any(6); n > 0; n--)
		len = mutate_once(body, len);
	if (any(8) != 0)
		repair(body, len);
	return 19 + len;
}

/* --------------------------------------------------------------- comparison */

/* By SAFI: a length in bits goes in front of the octets. */
static bool
counts_in_bits(bgp_family family)
{
	switch (BGP_SAFI(family)) {
	case 1:
	case 2:
	case 4:
	case 73:
	case 128:
	case 129:
	case 132:
		return true;
	default:
		return false;
	}
}

static void
count_route(bgp_family family)
{
	for (size_t i = 0; i < FAMILIES; i++)
		routes[i] += families[i] == family;
}

static void
compare_routes(const struct ref_result *ref, size_t *at,
	       struct bgp_nlri_list list, bool is_reach)
{
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri)) {
		const struct ref_route *route = &ref->routes[(*at)++];
		size_t head = counts_in_bits(nlri.family) ? 1 : 0;

		assert_true(*at <= ref->route_count);
		assert_int_equal(route->reach, is_reach);
		assert_int_equal(route->family, nlri.family);
		assert_int_equal(route->path_id, nlri.path_id);
		assert_int_equal(route->len, nlri.len + head);
		assert_memory_equal(route->octets + head, nlri.octets,
				    nlri.len);
		if (head != 0)
			assert_int_equal(route->octets[0], nlri.bits);
		count_route(nlri.family);
	}
}

static void
compare(const struct ref_result *ref, const struct bgp_update *update,
	const struct bgp_fault *fault, const uint8_t *msg)
{
	size_t at = 0;

	assert_int_equal(fault->remedy, ref->remedy);
	assert_int_equal(update->eor, ref->eor);
	for (size_t i = 0; i < update->unreach_count; i++)
		compare_routes(ref, &at, update->unreach[i], false);
	for (size_t i = 0; i < update->reach_count; i++)
		compare_routes(ref, &at, update->reach[i], true);
	assert_int_equal(at, ref->route_count);
	assert_int_equal(update->attr_count, ref->attr_count);
	for (size_t i = 0; i < ref->attr_count; i++) {
		assert_int_equal(update->attrs[i].code, ref->attrs[i].code);
		assert_int_equal(update->attrs[i].len, ref->attrs[i].len);
		assert_ptr_equal(update->attrs[i].value,
				 msg + ref->attrs[i].at);
	}
}

/* ------------------------------------------------------------ what we encode
 */

static unsigned long encoded;

/* The attributes of an UPDATE in canonical form, taken apart. */
static size_t
canonical_attrs(const struct bgp_codec *codec, const struct bgp_update *update,
		struct bgp_attr *attrs)
{
	static uint8_t block[4 * REF_MESSAGE_MAX];
	int len = bgp_attrs_canonical(codec, update, block, sizeof block);
	size_t count = 0;

	assert_in_range(len, 0, sizeof block);
	for (const uint8_t *p = block; p < block + len; count++) {
		struct bgp_attr *attr = &attrs[count];
		bool wide = (p[0] & BGP_ATTR_EXTENDED) != 0;

		attr->flags = p[0];
		attr->code = p[1];
		attr->len = (uint16_t)(wide ? p[2] << 8 | p[3] : p[2]);
		attr->value = p + (wide ? 4 : 3);
		p = attr->value + attr->len;
	}
	return count;
}

/* One message that we sent: nobody may find a fault in it. */
static void
accept(const struct ref_session *session, const struct bgp_codec *codec,
       const uint8_t *msg, size_t len)
{
	static struct bgp_update update;
	static struct ref_result ref;
	struct bgp_fault fault;

	bgp_update_decode(codec, msg, len, &update, &fault);
	if (fault.remedy != BGP_REMEDY_NONE)
		fail_msg("what we sent is at fault: %s", fault.reason);
	ref_decode(session, msg, len, &ref);
	compare(&ref, &update, &fault, msg);
	encoded++;
}

/* Sends on what was accepted, as often as one message has no room for it, to a
 * peer with the same agreement and every check. */
static void
send_on(const struct ref_session *session, const struct bgp_codec *codec,
	struct bgp_update_parts *parts, struct bgp_nlri_list list)
{
	static struct bgp_nlri nlri[REF_MESSAGE_MAX];
	uint8_t msg[REF_MESSAGE_MAX];
	size_t count = 0, taken;
	int len = BGP_OK;

	while (bgp_nlri_next(&list, &nlri[count]))
		count++;
	parts->family = list.family;
	parts->next_hop = list.next_hop;
	for (size_t at = 0; at < count && len >= 0; at += taken) {
		parts->nlri = nlri + at;
		parts->nlri_count = count - at;
		len = bgp_update_encode(codec, parts, msg, sizeof msg, &taken);
		if (len > 0)
			accept(session, codec, msg, (size_t)len);
		else
			assert_int_equal(len, BGP_ERR_SPACE);
	}
}

static void
send_all(const struct ref_session *session, struct bgp_codec *codec,
	 const struct bgp_update *update)
{
	static struct bgp_attr attrs[BGP_UPDATE_ATTRS_MAX];
	struct bgp_update_parts parts = { .unreach = true };

	for (size_t i = 0; i < codec->family_count; i++) {
		struct bgp_family_codec *family = &codec->families[i];

		family->add_path_out = family->add_path_in;
		family->labels_out = family->labels_in;
	}
	for (size_t i = 0; i < update->unreach_count; i++)
		send_on(session, codec, &parts, update->unreach[i]);
	if (update->reach_count == 0)
		return;
	parts.unreach = false;
	parts.attrs = attrs;
	parts.attr_count = canonical_attrs(codec, update, attrs);
	for (size_t i = 0; i < update->reach_count; i++)
		send_on(session, codec, &parts, update->reach[i]);
}

/* Sixteen of the families: the first two, and others in their turn. */
static void
agree(struct ref_session *session, struct bgp_codec *codec)
{
	size_t from = 2 + any(FAMILIES - 2);

	session->family_count = codec->family_count = REF_FAMILIES_MAX;
	for (size_t i = 0; i < REF_FAMILIES_MAX; i++) {
		size_t other = 2 + (from + i) % (FAMILIES - 2);

		session->families[i] = families[i < 2 ? i : other];
		codec->families[i].family = session->families[i];
		codec->families[i].add_path_in = session->add_path;
		codec->families[i].ext_next_hop = session->ext_next_hop;
		codec->families[i].unknown_types = session->unknown_types;
		codec->families[i].labels_in = (uint8_t)session->labels;
	}
}

static void
run_one(void)
{
	static struct ref_result ref;
	static struct bgp_update update;
	uint8_t msg[REF_MESSAGE_MAX], flags;
	size_t len = make_message(msg, &flags);
	struct ref_session session = { .as4 = (flags & 1) != 0,
				       .ebgp = (flags & 2) != 0,
				       .add_path = (flags & 4) != 0,
				       .ext_next_hop = (flags & 8) != 0,
				       .unknown_types = (flags & 32) != 0,
				       .labels = (flags & 64) != 0 ? 2 : 0,
				       .next_hop_check = (flags & 128) != 0,
				       .next_hop_loopback = (flags & 64) != 0,
				       .own = { 192, 0, 2, 1 },
				       .first_as = (flags & 16) != 0 ? 65002
								     : 0 };
	struct bgp_codec codec = {
		.as4 = session.as4,
		.ebgp = session.ebgp,
		.first_as_check = session.first_as != 0,
		.peer_as = 65002,
		.next_hop_check = session.next_hop_check,
		.next_hop_loopback = session.next_hop_loopback,
		.local_addrs = { { .len = 4, .octets = { 192, 0, 2, 1 } } }
	};
	struct bgp_fault fault;

	agree(&session, &codec);
	ref_decode(&session, msg, len, &ref);
	bgp_update_decode(&codec, msg, len, &update, &fault);
	outcomes[fault.remedy]++;
	compare(&ref, &update, &fault, msg);
	send_all(&session, &codec, &update);
}

static void
test_agreement(void **state)
{
	(void)state;
	read_seeds();
	for (unsigned long i = 0; i < message_count; i++)
		run_one();
	print_message("# %lu messages: none %lu, discard %lu, withdraw %lu, "
		      "reset %lu\n",
		      message_count, outcomes[0], outcomes[1], outcomes[2],
		      outcomes[3]);
	print_message("# %lu messages of ours, without fault\n", encoded);
	assert_in_range(encoded, message_count / 5, ULONG_MAX);
	for (int i = 0; i < 4; i++)
		assert_int_not_equal(outcomes[i], 0);
	for (size_t i = 0; i < FAMILIES; i++)
		assert_int_not_equal(routes[i], 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement),
	};

	if (argc > 1)
		message_count = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		random_state ^= strtoul(argv[2], NULL, 10) << 7;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
