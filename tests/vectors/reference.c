/*
 * reference.c - an UPDATE decoder that is slow and plain.
 *
 * Written from the RFCs clause by clause: RFC 4271 4.3 and 6.3, RFC 7606 as a
 * whole, and the malformed-when clause of each attribute's own RFC.
 */
#include <string.h>

#include "reference.h"

#define IPV4 0x000101u

/* The message, and how far it has been read. */
struct ref {
	const struct ref_session *s;
	const uint8_t *msg;
	struct ref_result *out;
	bool seen[256];
	size_t seen_at[256], seen_len[256];
	uint8_t seen_flags[256];
	size_t attrs_met;
	bool any_reach;
};

static unsigned
get(const uint8_t *p, size_t at, size_t octets)
{
	unsigned v = 0;

	for (size_t i = 0; i < octets; i++)
		v = v * 256 + p[at + i];
	return v;
}

static void
worsen(struct ref *r, int remedy)
{
	if (remedy > r->out->remedy)
		r->out->remedy = remedy;
}

/* ------------------------------------------------------------------- routes */

static bool
known(const struct ref_session *s, uint32_t family)
{
	for (size_t i = 0; i < s->family_count; i++)
		if (s->families[i] == family)
			return true;
	return false;
}

/* What one NLRI costs, least first. */
enum {
	NLRI_SOUND,
	NLRI_UNKNOWN,  /* its type is not known: RFC 7606 5.4 */
	NLRI_ODD,      /* left out alone: RFC 9552 8.2.2 */
	NLRI_UNUSABLE, /* all its lengths agree */
	NLRI_BAD
};

/* The octets of the multicast flow at `at`: source, group, then who says so.
 * Each is a length in bits and an address; the last cannot be empty. */
static size_t
flow_end(const uint8_t *p, size_t len, size_t at)
{
	for (int i = 0; i < 3; i++) {
		if (at >= len)
			return 0;
		if (p[at] != 32 && p[at] != 128 && (p[at] != 0 || i == 2))
			return 0;
		at += 1 + p[at] / 8;
		if (at > len)
			return 0;
	}
	return at;
}

static bool
all_zero(const uint8_t *p, size_t len)
{
	while (len > 0)
		if (p[--len] != 0)
			return false;
	return true;
}

/* RFC 7432 7, 9136 3, 9251 9, 9572 3: total lengths by route type, and inner
 * lengths. */
static int
evpn_judge(const uint8_t *p, size_t len)
{
	unsigned type = p[0];
	bool sound = true;

	p += 2;
	len -= 2;
	if (type == 1)
		sound = len == 25;
	if (type == 2) {
		unsigned ip = len < 30 ? 1 : p[29];

		sound = (ip == 0 || ip == 32 || ip == 128) && p[22] == 48 &&
		    (len == 30 + ip / 8 + 3 || len == 30 + ip / 8 + 6);
	}
	if (type == 3)
		sound = (len == 17 && p[12] == 32) ||
		    (len == 29 && p[12] == 128);
	if (type == 4)
		sound = (len == 23 && p[18] == 32) ||
		    (len == 35 && p[18] == 128);
	if (type == 5)
		sound = (len == 34 && p[22] <= 32) ||
		    (len == 58 && p[22] <= 128);
	if (type == 6)
		sound = flow_end(p, len, 12) != 0 &&
		    len == flow_end(p, len, 12) + 1;
	if (type == 7)
		sound = flow_end(p, len, 22) != 0 &&
		    len == flow_end(p, len, 22) + 1;
	if (type == 8)
		sound = flow_end(p, len, 22) != 0 &&
		    len == flow_end(p, len, 22) + 6;
	if (type == 9)
		sound = len == 20;
	if (type == 10)
		sound = len > 0 && len == flow_end(p, len, 12);
	if (type == 11)
		sound = (len >= 6 && p[len - 5] == 32) ||
		    (len >= 18 && p[len - 17] == 128);
	if (!sound)
		return NLRI_BAD;
	if (type == 5 && !all_zero(p + 8, 10) &&
	    !all_zero(p + (len == 34 ? 27 : 39), len == 34 ? 4 : 16))
		return NLRI_UNUSABLE; /* two overlay indices: 9136 3.2 */
	return type == 0 || type > 11 ? NLRI_UNKNOWN : NLRI_SOUND;
}

/* RFC 8277 2.2: one label and a prefix of the family; or labels up to one with
 * the S bit, where the session has them (2.3) or it is too long (RFC 3107). */
static int
labeled_judge(uint32_t family, const uint8_t *p, bool stack)
{
	int address = family >> 8 == 1 ? 32 : 128;
	int front = (family & 255) == 128 ? 64 : 0;
	int rest = p[0] - 24;

	if (!stack && rest >= front && rest <= front + address)
		return NLRI_SOUND;
	rest = p[0];
	for (size_t at = 1; rest >= 24; at += 3) {
		rest -= 24;
		if (p[at + 2] & 1)
			return rest >= front && rest <= front + address
			    ? NLRI_SOUND
			    : NLRI_BAD;
	}
	return NLRI_BAD;
}

/* Labels up to the one with the S bit. */
static unsigned
label_count(const uint8_t *p)
{
	unsigned n = 1;

	while ((p[3 * n] & 1) == 0)
		n++;
	return n;
}

/* May NLRI that are counted in bits be so long? */
static bool
bits_sound(uint32_t family, unsigned bits)
{
	unsigned address = family >> 8 == 1 ? 32 : 128;

	switch (family & 255) {
	case 1: /* RFC 4760 5 */
	case 2:
		return bits <= address;
	case 4: /* one label at least: RFC 8277 2.2 */
		return bits >= 24;
	case 73: /* distinguisher, color, endpoint: RFC 9830 2.1 */
		return bits == 64 + address;
	case 128: /* label and distinguisher: RFC 4364 4.3.4 */
		return bits >= 24 + 64;
	case 129: /* distinguisher: RFC 6514 12 */
		return bits >= 64 && bits <= 64 + address;
	case 132: /* none, or an AS at least: RFC 4684 4 */
		return bits == 0 || (bits >= 32 && bits <= 96);
	default:
		return true;
	}
}

/* Octets that a length in these octets counts, with them and those in front. */
static size_t
counted(const uint8_t *p, size_t left, size_t at, size_t octets)
{
	return left < at + octets ? 0 : at + octets + get(p, at, octets);
}

/* Two octets where the first is 0xf0 or more; nothing is no rule. RFC 8955 4.1
 */
static size_t
flow_size(const uint8_t *p, size_t left)
{
	if (p[0] < 0xf0)
		return p[0] == 0 ? 0 : 1 + (size_t)p[0];
	if (left < 2 || get(p, 0, 2) == 0xf000)
		return 0;
	return 2 + get(p, 0, 2) - 0xf000;
}

/* Octets of the NLRI at `at`, 0 where it is malformed. */
static size_t
nlri_size(uint32_t family, const uint8_t *msg, size_t at, size_t end)
{
	const uint8_t *p = msg + at;
	size_t left = end - at, len;

	if (left < 1)
		return 0;
	switch (family & 255) {
	case 5: /* type, length: RFC 6514 4 */
	case 70:
		len = counted(p, left, 1, 1);
		break;
	case 65: /* length: RFC 4761 3.2.2 */
		len = counted(p, left, 0, 2);
		break;
	case 71: /* type (2), length: RFC 9552 5.2 */
	case 72:
		len = counted(p, left, 2, 2);
		break;
	case 85: /* architecture, type (2), length: draft-ietf-bess-mup-safi */
		len = counted(p, left, 3, 1);
		break;
	case 133:
	case 134:
		len = flow_size(p, left);
		break;
	default:
		len = bits_sound(family, p[0]) ? 1 + (p[0] + 7u) / 8 : 0;
	}
	return len > left ? 0 : len;
}

/* Where a list of operators ends; 0: it does not.  RFC 8955 4.2.1 */
static size_t
operators_end(const uint8_t *p, size_t at, size_t end, unsigned type)
{
	for (;;) {
		unsigned op, wide;

		if (at == end)
			return 0;
		op = p[at];
		wide = op >> 4 & 3;
		if ((type == 11 || type == 12) && wide != 0)
			return 0; /* 4.2.2.11, 12: MUST be a single octet */
		if (type == 9 && wide > 1)
			return 0; /* 4.2.2.9: MUST be one or two */
		if (end - at < 1 + (1u << wide))
			return 0;
		at += 1 + (1u << wide);
		if (op & 0x80)
			return at;
	}
}

/* RFC 8955 4.2.2.1; of IPv6 RFC 8956 3.1. */
static size_t
component_prefix_end(const uint8_t *p, size_t at, size_t end, bool ipv6)
{
	size_t head = ipv6 ? 2 : 1;
	unsigned bits, offset;

	if (end - at < head)
		return 0;
	bits = p[at];
	offset = ipv6 ? p[at + 1] : 0;
	if (ipv6 && !(bits == 0 && offset == 0) &&
	    !(offset < bits && bits < 129))
		return 0;
	if (!ipv6 && bits > 32)
		return 0;
	at += head;
	return end - at < (bits - offset + 7) / 8
	    ? 0
	    : at + (bits - offset + 7) / 8;
}

static int
flow_judge(uint32_t family, const uint8_t *p, size_t len)
{
	bool ipv6 = family >> 8 == 2;
	size_t at = p[0] < 0xf0 ? 1 : 2;
	bool met[14] = { false };

	if ((family & 255) == 134) {
		if (len - at < 8)
			return NLRI_UNUSABLE;
		at += 8;
	}
	if (at == len)
		return NLRI_UNUSABLE;
	while (at < len) {
		unsigned type = p[at++];

		if (type == 0 || type > (ipv6 ? 13 : 12))
			return NLRI_UNUSABLE;
		for (unsigned t = type; t < 14; t++)
			if (met[t])
				return NLRI_UNUSABLE;
		met[type] = true;
		at = type <= 2 ? component_prefix_end(p, at, len, ipv6)
			       : operators_end(p, at, len, type);
		if (at == 0)
			return NLRI_UNUSABLE;
	}
	return NLRI_SOUND;
}

/* Where a length in bits and its IPv4 or IPv6 address end; 0: nowhere. */
static size_t
address_end(const uint8_t *p, size_t at, size_t len, bool any)
{
	size_t n;

	if (at >= len)
		return 0;
	n = p[at] / 8;
	if (p[at] != 32 && p[at] != 128 && !(any && p[at] == 0))
		return 0;
	return len - at - 1 < n ? 0 : at + 1 + n;
}

static bool
mvpn_sound(unsigned type, const uint8_t *p, size_t len)
{
	size_t at;

	switch (type) {
	case 1: /* RD, originator: RFC 6514 4.1 */
		return len == 12 || len == 24;
	case 2: /* RD, AS: 4.2 */
		return len == 12;
	case 3: /* RD, source, group, originator: 4.3, RFC 6625 3 */
		at = address_end(p, 8, len, true);
		at = at == 0 ? 0 : address_end(p, at, len, true);
		return at != 0 && (len - at == 4 || len - at == 16);
	case 4: /* a route with type and length, then an address: 4.4 */
		if (len < 2 || p[0] == 0 || p[0] == 4 || p[0] > 7 ||
		    p[1] > len - 2 || !mvpn_sound(p[0], p + 2, p[1]))
			return false;
		at = 2u + p[1];
		return len - at == 4 || len - at == 16;
	case 5: /* RD, source, group: 4.5 */
		at = address_end(p, 8, len, false);
		return at != 0 && address_end(p, at, len, false) == len;
	default: /* RD, AS, source, group: 4.6 */
		at = address_end(p, 12, len, false);
		return at != 0 && address_end(p, at, len, false) == len;
	}
}

/* draft-ietf-bess-mup-safi 3.1 */
static bool
mup_sound(unsigned type, const uint8_t *p, size_t len, unsigned bits)
{
	size_t at;

	switch (type) {
	case 1: /* RD, prefix */
		return len >= 9 && p[8] <= bits &&
		    len == 9 + (size_t)(p[8] + 7) / 8;
	case 2: /* RD, address */
		return len == 12 || len == 24;
	case 3: /* RD, prefix, TEID, QFI, endpoint, then a source or none */
		if (len < 9 || p[8] > bits)
			return false;
		at = 9 + (size_t)(p[8] + 7) / 8 + 4 + 1;
		at = address_end(p, at, len, false);
		return at != 0 &&
		    (at == len || address_end(p, at, len, true) == len);
	default: /* RD, endpoint with up to 32 bits of TEID */
		return len >= 9 && p[8] >= bits && p[8] <= bits + 32 &&
		    len == 9 + (size_t)(p[8] + 7) / 8;
	}
}

/* RFC 9552 8.2.2: TLVs fill it in order of their types, twice over. */
static bool
descriptors_sound(const uint8_t *p, size_t len, bool outer)
{
	unsigned before = 0;

	for (size_t at = 0; at < len;) {
		unsigned type, n;

		if (len - at < 4)
			return false;
		type = get(p, at, 2);
		n = get(p, at + 2, 2);
		if (type < before || n > len - at - 4)
			return false;
		if (outer && (type == 256 || type == 257) &&
		    !descriptors_sound(p + at + 4, n, false))
			return false;
		before = type;
		at += 4 + n;
	}
	return true;
}

static int
link_state_judge(uint32_t family, const uint8_t *p, size_t len)
{
	unsigned type = get(p, 0, 2);
	size_t at = (family & 255) == 72 ? 12 : 4;

	if (len < at)
		return NLRI_ODD;
	if (type == 0 || type > 6)
		return NLRI_SOUND; /* propagated: RFC 9552 5.1 */
	if (len < at + 9 || !descriptors_sound(p + at + 9, len - at - 9, true))
		return NLRI_ODD;
	return NLRI_SOUND;
}

static int
typed_judge(bool is_known, bool sound)
{
	if (!is_known)
		return NLRI_UNKNOWN;
	return sound ? NLRI_SOUND : NLRI_UNUSABLE;
}

static int
nlri_judge(const struct ref *r, uint32_t family, const uint8_t *p, size_t len,
	   bool reach)
{
	switch (family & 255) {
	case 4:
	case 128:
		return labeled_judge(family, p, reach && r->s->labels != 0);
	case 5:
		return typed_judge(p[0] >= 1 && p[0] <= 7,
				   mvpn_sound(p[0], p + 2, len - 2));
	case 65: /* RFC 4761 3.2.2, 6074 3.2.2.1, 6624 4 */
		return len == 14 || len >= 17 ? NLRI_SOUND : NLRI_UNUSABLE;
	case 70:
		return evpn_judge(p, len);
	case 71:
	case 72:
		return link_state_judge(family, p, len);
	case 85:
		return typed_judge(p[0] == 1 && get(p, 1, 2) >= 1 &&
				       get(p, 1, 2) <= 4,
				   mup_sound(get(p, 1, 2), p + 4, len - 4,
					     family >> 8 == 1 ? 32 : 128));
	case 133:
	case 134:
		return flow_judge(family, p, len);
	default:
		return NLRI_SOUND;
	}
}

/* Whether it is kept; else what that costs. */
static bool
keep(struct ref *r, int verdict, bool reach)
{
	if (verdict == NLRI_SOUND ||
	    (verdict == NLRI_UNKNOWN && r->s->unknown_types))
		return true;
	worsen(r,
	       verdict == NLRI_UNUSABLE && reach ? REF_WITHDRAW : REF_DISCARD);
	return false;
}

static bool
add_routes(struct ref *r, uint32_t family, size_t at, size_t end, bool reach)
{
	while (at < end) {
		struct ref_route *route = &r->out->routes[r->out->route_count];
		size_t len;
		int verdict;

		route->reach = reach;
		route->family = family;
		route->path_id = 0;
		if (r->s->add_path) {
			if (end - at < 5)
				return false;
			route->path_id = get(r->msg, at, 4);
			at += 4;
		}
		len = nlri_size(family, r->msg, at, end);
		if (len == 0)
			return false;
		verdict = nlri_judge(r, family, r->msg + at, len, reach);
		if (verdict == NLRI_BAD)
			return false;
		route->len = len;
		memcpy(route->octets, r->msg + at, len);
		r->out->route_count += keep(r, verdict, reach);
		if (reach && r->s->labels != 0 &&
		    ((family & 255) == 4 || (family & 255) == 128) &&
		    label_count(r->msg + at) > r->s->labels)
			worsen(r, REF_WITHDRAW); /* RFC 8277 2.1 */
		at += len;
	}
	return true;
}

/* ------------------------------------------------------------------ AS_PATH */

static bool
path_sound(const uint8_t *p, size_t len, size_t width, bool *confed)
{
	size_t at = 0;

	*confed = false;
	while (at < len) {
		unsigned type, count;

		if (len - at < 2)
			return false;
		type = p[at];
		count = p[at + 1];
		at += 2;
		if (type == 0 || type > 4 || count == 0)
			return false;
		if (type >= 3)
			*confed = true;
		for (unsigned i = 0; i < count; i++) {
			if (len - at < width || get(p, at, width) == 0)
				return false;
			at += width;
		}
	}
	return true;
}

static int
judge_path(const struct ref_session *s, const uint8_t *p, size_t len)
{
	size_t width = s->as4 ? 4 : 2;
	bool confed;

	if (!path_sound(p, len, width, &confed))
		return REF_WITHDRAW;
	if (s->ebgp && confed)
		return REF_WITHDRAW;
	if (s->ebgp && s->first_as != 0 &&
	    (len == 0 || p[0] != 2 || get(p, 2, width) != s->first_as))
		return REF_WITHDRAW;
	return REF_NONE;
}

/* ------------------------------------------------------------- other values */

static int
judge_pmsi(const uint8_t *p, size_t len)
{
	size_t id = len - 5;
	bool bad = false;

	if (p[1] == 0)
		bad = id != 0;
	if (p[1] == 1)
		bad = id != 12 && id != 24;
	if (p[1] == 3 || p[1] == 4 || p[1] == 5)
		bad = id != 8 && id != 32;
	if (p[1] == 6)
		bad = id != 4 && id != 16;
	return bad ? REF_WITHDRAW : REF_NONE;
}

static int
judge_tunnels(const uint8_t *p, size_t len)
{
	size_t at = 0;

	if (len == 0)
		return REF_DISCARD;
	while (at < len) {
		size_t end;

		if (len - at < 4)
			return REF_WITHDRAW;
		end = at + 4 + get(p, at + 2, 2);
		if (end > len)
			return REF_WITHDRAW;
		at += 4;
		while (at < end) {
			size_t head = p[at] < 128 ? 2 : 3;

			if (end - at < head)
				return REF_WITHDRAW;
			at += head + get(p, at + 1, head - 1);
			if (at > end)
				return REF_WITHDRAW;
		}
	}
	return REF_NONE;
}

static int
judge_aigp(const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (at < len) {
		unsigned n;

		if (len - at < 3)
			return REF_DISCARD;
		n = get(p, at + 1, 2);
		if (n < 3 || (p[at] == 1 && n != 11) || n > len - at)
			return REF_DISCARD;
		at += n;
	}
	return len < 3 ? REF_DISCARD : REF_NONE;
}

static int
judge_bgp_ls(const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (at < len) {
		if (len - at < 4 || get(p, at + 2, 2) > len - at - 4)
			return REF_DISCARD;
		at += 4 + get(p, at + 2, 2);
	}
	return len == 0 ? REF_DISCARD : REF_NONE;
}

static int
judge_d_path(const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (at < len) {
		if (p[at] == 0 || 1 + 7u * p[at] > len - at)
			return REF_WITHDRAW;
		at += 1 + 7u * p[at];
	}
	return len == 0 ? REF_WITHDRAW : REF_NONE;
}

static bool
sid_information_sound(const uint8_t *p, size_t len)
{
	size_t at = 21;

	if (len < 21)
		return false;
	while (at < len) {
		size_t n;

		if (len - at < 3)
			return false;
		n = get(p, at + 1, 2);
		if (n > len - at - 3 || (p[at] == 1 && n != 6))
			return false;
		at += 3 + n;
	}
	return true;
}

static bool
service_sound(const uint8_t *p, size_t len)
{
	size_t at = 1;

	if (len < 1)
		return false;
	while (at < len) {
		size_t n;

		if (len - at < 3)
			return false;
		n = get(p, at + 1, 2);
		if (n > len - at - 3)
			return false;
		if (p[at] == 1 && !sid_information_sound(p + at + 3, n))
			return false;
		at += 3 + n;
	}
	return true;
}

/* RFC 9252 7: SIDs of the first service TLV of a type whose structures, where
 * there are any, keep the conditions of 3.2.1. */
static unsigned
valid_sids(const uint8_t *p, size_t len, unsigned *invalid)
{
	unsigned count = 0;

	for (size_t at = 1; at < len; at += 3 + get(p, at + 1, 2)) {
		size_t end = at + 3 + get(p, at + 1, 2);
		bool valid = p[at] == 1;

		for (size_t in = at + 3 + 21; valid && in < end;
		     in += 3 + get(p, in + 1, 2)) {
			const uint8_t *f = p + in + 3;

			if (p[in] != 1)
				continue;
			if (f[0] + f[1] + f[2] + f[3] > 128)
				valid = false;
			if (f[4] > 24 || (f[4] == 0 && f[5] != 0))
				valid = false;
			if (f[4] != 0 &&
			    f[4] + f[5] > f[0] + f[1] + f[2] + f[3])
				valid = false;
		}
		count += valid;
		*invalid += p[at] == 1 && !valid;
	}
	return count;
}

static int
judge_sid(const uint8_t *p, size_t len)
{
	unsigned invalid = 0, sids = 0, met[7] = { 0 };
	bool withdraw = false;
	size_t at = 0;

	if (len == 0)
		return REF_DISCARD;
	while (at < len) {
		size_t n;

		if (len - at < 3)
			return REF_DISCARD;
		n = get(p, at + 1, 2);
		if (n > len - at - 3)
			return REF_DISCARD;
		if (p[at] == 1 && n != 7)
			return REF_DISCARD;
		if (p[at] == 3 && (n < 8 || (n - 2) % 6 != 0))
			return REF_DISCARD;
		if ((p[at] == 5 || p[at] == 6) && !service_sound(p + at + 3, n))
			withdraw = true;
		else if ((p[at] == 5 || p[at] == 6) && met[p[at]]++ == 0)
			sids += valid_sids(p + at + 3, n, &invalid);
		at += 3 + n;
	}
	return withdraw || (invalid != 0 && sids == 0) ? REF_WITHDRAW
						       : REF_NONE;
}

static int judge_value(const struct ref_session *s, unsigned code,
		       unsigned flags, const uint8_t *p, size_t len);

/* RFC 6368 5: as if from the same AS, with AS numbers of either width. */
static int
judge_set(const uint8_t *p, size_t len)
{
	const struct ref_session wide = { .as4 = true }, narrow = { 0 };
	size_t at = 4;

	if (len < 4)
		return REF_WITHDRAW;
	while (at < len) {
		unsigned flags, code;
		size_t head, n;

		if (len - at < 3)
			return REF_WITHDRAW;
		flags = p[at];
		code = p[at + 1];
		head = (flags & 0x10) != 0 ? 4 : 3;
		if (len - at < head)
			return REF_WITHDRAW;
		n = get(p, at + 2, head - 2);
		if (n > len - at - head)
			return REF_WITHDRAW;
		at += head;
		if (code != 128 &&
		    judge_value(&wide, code, flags, p + at, n) >=
			REF_WITHDRAW &&
		    judge_value(&narrow, code, flags, p + at, n) >=
			REF_WITHDRAW)
			return REF_WITHDRAW;
		at += n;
	}
	return REF_NONE;
}

/* ---------------------------------------------------------------- attribute */

/* Flags that RFCs give a type; -1: the type is not recognised. */
static int
flags_of(unsigned code)
{
	switch (code) {
	case 1:
	case 2:
	case 3:
	case 5:
	case 6:
		return 0x40;
	case 4:
	case 9:
	case 10:
	case 14:
	case 15:
	case 26:
	case 29:
		return 0x80;
	case 7:
	case 8:
	case 16:
	case 17:
	case 18:
	case 22:
	case 23:
	case 25:
	case 27:
	case 32:
	case 35:
	case 36:
	case 40:
	case 128:
		return 0xc0;
	default:
		return -1;
	}
}

/* What a length of a multiple is worth: at least one of them. */
static int
multiple(size_t len, size_t unit)
{
	return len == 0 || len % unit != 0 ? REF_WITHDRAW : REF_NONE;
}

static int
wrong_flags(unsigned code)
{
	switch (code) {
	case 6:
	case 7:
	case 23:
	case 26:
		return REF_DISCARD;
	case 14:
	case 15:
		return REF_RESET;
	default:
		return REF_WITHDRAW;
	}
}

static int
judge_content(const struct ref_session *s, unsigned code, const uint8_t *p,
	      size_t len)
{
	bool confed;

	switch (code) {
	case 1:
		return len != 1 || p[0] > 2 ? REF_WITHDRAW : REF_NONE;
	case 2:
		return judge_path(s, p, len);
	case 3:
	case 4:
	case 5:
	case 9:
	case 35:
		return len != 4 ? REF_WITHDRAW : REF_NONE;
	case 6:
		return len != 0 ? REF_DISCARD : REF_NONE;
	case 7:
		if (len != (s->as4 ? 8 : 6) || get(p, 0, s->as4 ? 4 : 2) == 0)
			return REF_DISCARD;
		return REF_NONE;
	case 8:
	case 10:
		return multiple(len, 4);
	case 14:
		return len < 5 ? REF_RESET : REF_NONE;
	case 15:
		return len < 3 ? REF_RESET : REF_NONE;
	case 16:
		return multiple(len, 8);
	case 17:
		return s->as4 || len < 6 || len % 2 != 0 ||
			!path_sound(p, len, 4, &confed)
		    ? REF_DISCARD
		    : REF_NONE;
	case 18:
		return s->as4 || len != 8 || get(p, 0, 4) == 0 ? REF_DISCARD
							       : REF_NONE;
	case 22:
		return len < 5 ? REF_WITHDRAW : judge_pmsi(p, len);
	case 23:
		return judge_tunnels(p, len);
	case 25:
		return multiple(len, 20);
	case 26:
		return judge_aigp(p, len);
	case 27:
		return len == 0 || (len % 7 != 0 && len % 19 != 0)
		    ? REF_WITHDRAW
		    : REF_NONE;
	case 29:
		return judge_bgp_ls(p, len);
	case 32:
		return multiple(len, 12);
	case 36:
		return judge_d_path(p, len);
	case 40:
		return judge_sid(p, len);
	default:
		return judge_set(p, len);
	}
}

static int
judge_value(const struct ref_session *s, unsigned code, unsigned flags,
	    const uint8_t *p, size_t len)
{
	int proper = flags_of(code);

	if (proper < 0)
		return (flags & 0x80) == 0 ? REF_WITHDRAW : REF_NONE;
	if (s->ebgp && (code == 5 || code == 9 || code == 10))
		return REF_DISCARD;
	if ((int)(flags & 0xc0) != proper)
		return wrong_flags(code);
	return judge_content(s, code, p, len);
}

/* -------------------------------------------------------------- the message */

/* Takes the attributes off one by one; what is left over is malformed. */
static void
scan(struct ref *r, size_t at, size_t end)
{
	while (at < end) {
		unsigned flags = r->msg[at];
		unsigned code = end - at > 1 ? r->msg[at + 1] : 0;
		size_t head = (flags & 0x10) != 0 ? 4 : 3, len = 0;

		if (end - at >= head)
			len = get(r->msg, at + 2, head - 2);
		if (end - at < head || len > end - at - head) {
			worsen(r,
			       code == 14 || code == 15 ? REF_RESET
							: REF_WITHDRAW);
			return;
		}
		r->attrs_met++;
		if (r->seen[code]) {
			worsen(r,
			       code == 14 || code == 15 ? REF_RESET
							: REF_DISCARD);
		} else {
			r->seen[code] = true;
			r->seen_at[code] = at + head;
			r->seen_len[code] = len;
			r->seen_flags[code] = (uint8_t)flags;
			r->out->attrs[r->out->attr_count++] = (struct ref_attr){
				(uint8_t)code, at + head, len
			};
		}
		at += head + len;
	}
}

/* Judges what was taken, and keeps the sound ones. */
static void
judge_attrs(struct ref *r, bool classic)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->out->attr_count; i++) {
		struct ref_attr a = r->out->attrs[i];
		unsigned flags = r->seen_flags[a.code];
		int remedy;

		if (a.code == 14 || a.code == 15 || (a.code == 3 && !classic))
			continue;
		remedy = judge_value(r->s, a.code, flags, r->msg + a.at, a.len);
		worsen(r, remedy);
		if (remedy != REF_NONE || a.code == 3 ||
		    (flags_of(a.code) < 0 && (flags & 0xc0) == 0x80))
			continue;
		r->out->attrs[kept++] = a;
	}
	r->out->attr_count = kept;
}

/* The same lengths with and without a distinguisher, and none. */
static bool
any_next_hop(unsigned len)
{
	return len == 0 || len == 4 || len == 12 || len == 16 || len == 24 ||
	    len == 32 || len == 48;
}

static bool
next_hop_sound(const struct ref_session *s, uint32_t family, unsigned len)
{
	bool ipv6 = family >> 8 == 2;

	switch (family & 255) {
	case 1: /* RFC 4760, 2545, 8277; with an IPv6 next hop RFC 8950 */
	case 2:
	case 4:
		return (!ipv6 && len == 4) ||
		    ((ipv6 || s->ext_next_hop) && (len == 16 || len == 32));
	case 128: /* RFC 4364, 4659 */
		return (!ipv6 && len == 12) ||
		    ((ipv6 || s->ext_next_hop) && (len == 24 || len == 48));
	case 72:
	case 85:
	case 129:
	case 133:
	case 134:
		return any_next_hop(len);
	default:
		return len == 4 || len == 16 || len == 32;
	}
}

/* RFC 4271 6.3: "a valid IP host address", and not ours. */
static bool
host_sound(const struct ref_session *s, uint32_t family, const uint8_t *p,
	   size_t len)
{
	unsigned safi = family & 255;

	if (len == 16 && all_zero(p, 10) && get(p, 10, 2) == 0xffff)
		return (safi == 4 || safi == 128 || safi == 129) &&
		    host_sound(s, family, p + 12, 4);
	if (len == 16) {
		if (all_zero(p, 16) || p[0] == 255)
			return false;
		return !all_zero(p, 15) || p[15] != 1 || s->next_hop_loopback;
	}
	if (!all_zero(s->own, 4) && memcmp(p, s->own, 4) == 0)
		return false;
	if (p[0] == 127)
		return s->next_hop_loopback;
	return p[0] != 0 && p[0] < 224;
}

/* The address that is meant, behind its distinguisher; flow specifications
 * have a next hop of no meaning: RFC 8955 4. */
static void
judge_host(struct ref *r, uint32_t family, const uint8_t *p, size_t len)
{
	unsigned safi = family & 255;
	bool sound = true;

	if (!r->s->next_hop_check || safi == 133 || safi == 134)
		return;
	if (len == 4 || len == 12)
		sound = host_sound(r->s, family, p + len - 4, 4);
	if (len == 16 || len == 32)
		sound = host_sound(r->s, family, p, 16);
	if (len == 24 || len == 48)
		sound = host_sound(r->s, family, p + 8, 16);
	if (!sound)
		worsen(r, REF_WITHDRAW);
}

static void
reach(struct ref *r)
{
	static const struct ref_session agreed = { .ext_next_hop = true };
	size_t at = r->seen_at[14], end = at + r->seen_len[14], before;
	uint32_t family;
	unsigned hop;

	if (!r->seen[14])
		return;
	if (judge_value(r->s, 14, r->seen_flags[14], r->msg + at, end - at) !=
		REF_NONE ||
	    end - at < 5u + r->msg[at + 3]) {
		worsen(r, REF_RESET);
		return;
	}
	family = get(r->msg, at, 3);
	hop = r->msg[at + 3];
	at += 5 + hop;
	if (at < end)
		r->any_reach = true;
	if (!known(r->s, family))
		return;
	if (next_hop_sound(&agreed, family, hop) &&
	    !next_hop_sound(r->s, family, hop))
		worsen(r, REF_WITHDRAW); /* of another agreement: RFC 8950 4 */
	else if (!next_hop_sound(r->s, family, hop))
		worsen(r, REF_RESET);
	before = r->out->route_count;
	if (!add_routes(r, family, at, end, true))
		worsen(r, REF_RESET);
	if (r->out->route_count > before)
		judge_host(r, family, r->msg + at - 1 - hop, hop);
}

static void
unreach(struct ref *r, bool alone)
{
	size_t at = r->seen_at[15], end = at + r->seen_len[15];
	uint32_t family;

	if (!r->seen[15])
		return;
	if (judge_value(r->s, 15, r->seen_flags[15], r->msg + at, end - at) !=
	    REF_NONE) {
		worsen(r, REF_RESET);
		return;
	}
	family = get(r->msg, at, 3);
	if (!known(r->s, family))
		return;
	if (at + 3 == end && alone && r->attrs_met == 1)
		r->out->eor = family;
	if (!add_routes(r, family, at + 3, end, false))
		worsen(r, REF_RESET);
}

void
ref_decode(const struct ref_session *session, const uint8_t *msg, size_t len,
	   struct ref_result *out)
{
	static struct ref r;
	size_t withdrawn, attrs, nlri;

	memset(&r, 0, sizeof r);
	r.s = session;
	r.msg = msg;
	r.out = out;
	out->remedy = REF_RESET;
	out->eor = 0;
	out->route_count = out->attr_count = 0;
	if (len < 23)
		return;
	withdrawn = 21;
	if (get(msg, 19, 2) + 23 > len)
		return;
	attrs = withdrawn + get(msg, 19, 2) + 2;
	if (get(msg, attrs - 2, 2) > len - attrs)
		return;
	nlri = attrs + get(msg, attrs - 2, 2);
	out->remedy = REF_NONE;
	if (withdrawn + 2 == attrs && attrs == nlri && nlri == len)
		out->eor = IPV4;
	scan(&r, attrs, nlri);
	r.any_reach = nlri < len;
	if (!add_routes(&r, IPV4, withdrawn, attrs - 2, false))
		worsen(&r, REF_RESET);
	unreach(&r, withdrawn + 2 == attrs && nlri == len);
	if (!add_routes(&r, IPV4, nlri, len, true))
		worsen(&r, REF_RESET);
	if (nlri < len && r.seen[3])
		judge_host(&r, IPV4, msg + r.seen_at[3], r.seen_len[3]);
	reach(&r);
	judge_attrs(&r, nlri < len);
	if ((nlri < len || r.seen[14]) && (!r.seen[1] || !r.seen[2]))
		worsen(&r, REF_WITHDRAW);
	if (nlri < len && !r.seen[3])
		worsen(&r, REF_WITHDRAW);
	if (out->remedy == REF_WITHDRAW && !r.any_reach)
		out->remedy = REF_RESET;
	if (out->remedy == REF_RESET) {
		out->route_count = out->attr_count = 0;
		out->eor = 0;
	}
	if (out->remedy == REF_WITHDRAW)
		for (size_t i = 0; i < out->route_count; i++)
			out->routes[i].reach = false;
}
