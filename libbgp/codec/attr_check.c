/*
 * attr_check.c - what the value of one attribute must look like.
 *
 * Each check gets a value of sound length and answers the remedy that the RFC
 * of its type asks for, NONE when there is no fault.  The rows of attr_table.c
 * name them.
 */
#include "libbgp/codec/attr.h"

#define SOUND    BGP_REMEDY_NONE
#define DISCARD  BGP_REMEDY_DISCARD
#define WITHDRAW BGP_REMEDY_WITHDRAW

enum bgp_remedy
bgp__check_origin(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	(void)codec;
	return attr->value[0] <= BGP_ORIGIN_INCOMPLETE ? SOUND : WITHDRAW;
}

/* AS and router id: 6 octets with a 2-octet AS, 8 with a 4-octet one; AS 0
 * aggregates nothing.                               RFC 7606 7.7, RFC 7607 2 */
enum bgp_remedy
bgp__check_aggregator(const struct bgp_codec *codec,
		      const struct bgp_attr *attr)
{
	if (attr->len != (codec->as4 ? 8 : 6))
		return DISCARD;
	if ((codec->as4 ? bgp__load32(attr->value)
			: bgp__load16(attr->value)) == 0)
		return DISCARD;
	return SOUND;
}

/* Between speakers of 4-octet AS numbers it has no business.     RFC 6793 6 */
enum bgp_remedy
bgp__check_as4_aggregator(const struct bgp_codec *codec,
			  const struct bgp_attr *attr)
{
	if (codec->as4 || bgp__load32(attr->value) == 0)
		return DISCARD;
	return SOUND;
}

/* ------------------------------------------------------------- TLV in TLV */

/* What a walk over TLVs asks of each.  false: it is malformed. */
typedef bool tlv_check(unsigned type, struct bgp__reader value);

/* True where the value is nothing but TLVs that all pass; types of so many
 * octets, lengths of two. */
static bool
tlvs_are_sound(struct bgp__reader r, int type_width, tlv_check *check)
{
	while (bgp__left(&r) > 0) {
		unsigned type = type_width == 1 ? bgp__read8(&r)
						: bgp__read16(&r);
		struct bgp__reader value = bgp__read_sub(&r, bgp__read16(&r));

		if (r.bad || (check != NULL && !check(type, value)))
			return false;
	}
	return true;
}

static struct bgp__reader
value_of(const struct bgp_attr *attr)
{
	return bgp__reader(attr->value, attr->len);
}

/* Octets of a tunnel identifier by type, for one address length each; 0: a
 * type whose identifier is not looked into.             RFC 6514 5, RFC 7385 */
static bool
tunnel_id_is_sound(unsigned type, size_t len)
{
	switch (type) {
	case 0: /* no tunnel */
		return len == 0;
	case 1: /* RSVP-TE P2MP LSP */
		return len == 12 || len == 24;
	case 3: /* PIM-SSM, PIM-SM, BIDIR-PIM: sender and group */
	case 4:
	case 5:
		return len == 8 || len == 32;
	case 6: /* ingress replication: an address */
		return len == 4 || len == 16;
	default: /* mLDP carries an FEC; the rest is for whoever knows it */
		return true;
	}
}

enum bgp_remedy
bgp__check_pmsi_tunnel(const struct bgp_codec *codec,
		       const struct bgp_attr *attr)
{
	(void)codec;
	return tunnel_id_is_sound(attr->value[1], attr->len - 5u) ? SOUND
								  : WITHDRAW;
}

/* Sub-TLVs: one octet of length below type 128, two from there on. */
static bool
tunnel_is_sound(unsigned type, struct bgp__reader r)
{
	(void)type;
	while (bgp__left(&r) > 0) {
		unsigned sub = bgp__read8(&r);

		bgp__read_sub(&r, sub < 128 ? bgp__read8(&r) : bgp__read16(&r));
		if (r.bad)
			return false;
	}
	return true;
}

enum bgp_remedy
bgp__check_tunnel_encap(const struct bgp_codec *codec,
			const struct bgp_attr *attr)
{
	(void)codec;
	if (attr->len == 0) /* no tunnel in it: as if it were not there */
		return DISCARD;
	return tlvs_are_sound(value_of(attr), 2, tunnel_is_sound)
	    ? SOUND
	    : WITHDRAW; /* RFC 9012 13 */
}

/* The length of an AIGP TLV counts its own three octets; type 1 has 11. */
enum bgp_remedy
bgp__check_aigp(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	struct bgp__reader r = value_of(attr);

	(void)codec;
	while (bgp__left(&r) > 0) {
		uint8_t type = bgp__read8(&r);
		uint16_t len = bgp__read16(&r);

		if (r.bad || len < 3 || (type == 1 && len != 11) ||
		    bgp__read(&r, len - 3u) == NULL)
			return DISCARD; /* RFC 7311 3.2 */
	}
	return SOUND;
}

/* Addresses of one kind, each with a label of three octets.      RFC 6514 8 */
enum bgp_remedy
bgp__check_pe_labels(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	(void)codec;
	return attr->len % 7 == 0 || attr->len % 19 == 0 ? SOUND : WITHDRAW;
}

enum bgp_remedy
bgp__check_bgp_ls(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	(void)codec;
	return tlvs_are_sound(value_of(attr), 2, NULL) ? SOUND : DISCARD;
}

/* Segments: a count, then domains of an id (6) and a type (1) each. */
enum bgp_remedy
bgp__check_d_path(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	struct bgp__reader r = value_of(attr);

	(void)codec;
	while (bgp__left(&r) > 0) {
		size_t count = bgp__read8(&r);

		if (count == 0 || bgp__read(&r, 7 * count) == NULL)
			return WITHDRAW;
	}
	return SOUND;
}

/* -------------------------------------------------------------- Prefix-SID */

enum { SID_LABEL_INDEX = 1, SID_SRGB = 3, SID_L3 = 5, SID_L2 = 6 };

/* Sub-sub-TLVs: the structure of a SID has six octets.        RFC 9252 3.2.1 */
static bool
sid_structure_is_sound(unsigned type, struct bgp__reader r)
{
	return type != 1 || bgp__left(&r) == 6;
}

/* The SID information: 21 octets, then sub-sub-TLVs.            RFC 9252 3.1 */
static bool
sid_information_is_sound(unsigned type, struct bgp__reader r)
{
	if (type != 1)
		return true;
	bgp__read(&r, 21);
	return !r.bad && tlvs_are_sound(r, 1, sid_structure_is_sound);
}

static bool
is_service(unsigned type)
{
	return type == SID_L3 || type == SID_L2;
}

/* Framing and what RFC 8669 3 says of its own TLVs. */
static bool
sid_is_sound(unsigned type, struct bgp__reader r)
{
	size_t len = bgp__left(&r);

	if (type == SID_LABEL_INDEX)
		return len == 7;
	if (type == SID_SRGB)
		return len >= 8 && (len - 2) % 6 == 0;
	return true;
}

/* What RFC 9252 2 says of the SRv6 services. */
static bool
service_is_sound(unsigned type, struct bgp__reader r)
{
	if (!is_service(type))
		return true;
	bgp__read(&r, 1);
	return !r.bad && tlvs_are_sound(r, 1, sid_information_is_sound);
}

/*
 * Bits of block, node, function and argument, and how many of them stand in the
 * label field from where on; the widest label field has 24 (RFC 9252 4).
 *                                                          RFC 9252 3.2.1, 7 */
static bool
structure_is_valid(const uint8_t *p)
{
	unsigned bits = 0u + p[0] + p[1] + p[2] + p[3];

	if (p[4] == 0)
		return bits <= 128 && p[5] == 0;
	return bits <= 128 && p[4] <= 24 && p[4] + p[5] <= bits;
}

/* Of a SID information, a service and an attribute that are sound. */
static bool
sid_is_valid(struct bgp__reader r)
{
	bgp__read(&r, 21);
	while (bgp__left(&r) > 0) {
		unsigned type = bgp__read8(&r);
		struct bgp__reader value = bgp__read_sub(&r, bgp__read16(&r));

		if (type == 1 && !structure_is_valid(value.at))
			return false;
	}
	return true;
}

struct sids {
	unsigned valid, invalid;
};

static void
count_sids(struct bgp__reader r, struct sids *sids)
{
	bgp__read(&r, 1);
	while (bgp__left(&r) > 0) {
		unsigned type = bgp__read8(&r);
		struct bgp__reader value = bgp__read_sub(&r, bgp__read16(&r));

		if (type != 1)
			continue;
		if (sid_is_valid(value))
			sids->valid++;
		else
			sids->invalid++;
	}
}

/* Where services have SIDs one must be of use, or the path is ineligible; of
 * each type the first counts.  One whose sub-TLVs are all unknown may have what
 * others can read.                                         RFC 9252 2, 7 */
static bool
has_usable_sid(struct bgp__reader r)
{
	struct sids sids = { 0, 0 };
	unsigned seen = 0;

	while (bgp__left(&r) > 0) {
		unsigned type = bgp__read8(&r);
		struct bgp__reader value = bgp__read_sub(&r, bgp__read16(&r));

		if (!is_service(type) || (seen >> type & 1) != 0)
			continue;
		count_sids(value, &sids);
		seen |= 1u << type;
	}
	return sids.valid > 0 || sids.invalid == 0;
}

/* A service that is malformed, or whose SIDs are of no use, takes the route,
 * everything else the attribute:                     RFC 8669 6, RFC 9252 7 */
enum bgp_remedy
bgp__check_prefix_sid(const struct bgp_codec *codec,
		      const struct bgp_attr *attr)
{
	(void)codec;
	if (!tlvs_are_sound(value_of(attr), 1, sid_is_sound))
		return DISCARD;
	if (!tlvs_are_sound(value_of(attr), 1, service_is_sound))
		return WITHDRAW;
	return has_usable_sid(value_of(attr)) ? SOUND : WITHDRAW;
}

/* ---------------------------------------------------------------- ATTR_SET */

/* AS numbers inside have 4 octets; some write them as wide as the session
 * outside has them, which is no reason to lose a route. */
static bool
inner_is_sound(const struct bgp_attr *attr)
{
	static const struct bgp_codec wide = { .as4 = true }, narrow;

	return attr->code == BGP_ATTR_SET ||
	    bgp__attr_judge(&wide, attr).remedy < WITHDRAW ||
	    bgp__attr_judge(&narrow, attr).remedy < WITHDRAW;
}

/*
 * The customer's attributes behind its AS.  They are judged as if from its own
 * AS; one set in another is not looked into, so the depth is bounded.
 *                                                       RFC 6368 5, 7606 7.16
 */
enum bgp_remedy
bgp__check_set(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	struct bgp__reader r = bgp__reader(attr->value + 4, attr->len - 4u);
	struct bgp_attr inner;

	(void)codec;
	while (bgp__attr_next(&r, &inner))
		if (!inner_is_sound(&inner))
			return WITHDRAW;
	return bgp__left(&r) == 0 ? SOUND : WITHDRAW;
}
