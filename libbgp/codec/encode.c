/*
 * encode.c - one UPDATE out of a next hop, attributes and as many NLRI as fit.
 *
 *   IPv4 unicast, 4-octet next hop:  attributes with NEXT_HOP, then NLRI
 *   anything else:                   MP_REACH first, then the attributes
 *   withdrawal:                      Withdrawn Routes, or MP_UNREACH alone
 *
 * One message has one of the four lists and no second.        RFC 7606 5.1
 * A peer with 2-octet AS numbers gets AS_TRANS, and AS4_PATH and
 * AS4_AGGREGATOR beside it where a number does not fit.       RFC 6793 4.2.2
 */
#include "libbgp/codec/as_path.h"
#include "libbgp/codec/attr.h"
#include "libbgp/codec/attr_write.h"
#include "libbgp/codec/frame.h"
#include "libbgp/codec/nlri.h"

#define OPT_TRANSITIVE (BGP_ATTR_OPTIONAL | BGP_ATTR_TRANSITIVE)

enum { LABEL_LEN = 3 };

/* One message on its way out. */
struct encode {
	const struct bgp_codec *codec;
	const struct bgp_update_parts *parts;
	struct bgp__writer w;
	bool add_path;
	bool lean;      /* without attributes that may be discarded */
	uint8_t form;   /* enum bgp_nlri_form */
	uint8_t labels; /* most of a stack that the peer takes */
	bool invalid;   /* an NLRI is shorter than its length in bits */
	size_t taken;
};

/* --------------------------------------------------------------- attributes */

/* AS4_PATH and AS4_AGGREGATOR wait for their place in the order. */
struct late {
	const struct bgp_attr *path;
	const struct bgp_attr *aggregator;
};

static void
write_late(struct bgp__writer *w, struct late *late)
{
	if (late->path != NULL) {
		uint8_t *begun = bgp__attr_begin(w);

		bgp__as4_path_write(w, late->path);
		bgp__attr_end(w, begun, OPT_TRANSITIVE, BGP_ATTR_AS4_PATH);
	}
	if (late->aggregator != NULL)
		bgp__attr_write(w, OPT_TRANSITIVE, BGP_ATTR_AS4_AGGREGATOR,
				late->aggregator->value, late->aggregator->len);
	*late = (struct late){ NULL, NULL };
}

static void
narrow_aggregator(struct bgp__writer *w, const struct bgp_attr *attr,
		  struct late *late)
{
	uint32_t as = bgp__load32(attr->value);
	uint8_t value[6];

	bgp__store16(value, as > 65535 ? BGP_AS_TRANS : as);
	memcpy(value + 2, attr->value + 4, 4);
	bgp__attr_write(w, attr->flags, attr->code, value, sizeof value);
	if (as > 65535)
		late->aggregator = attr;
}

static void
write_narrow(struct bgp__writer *w, const struct bgp_attr *attr,
	     struct late *late)
{
	uint8_t *begun;

	if (attr->code == BGP_ATTR_AS_PATH) {
		begun = bgp__attr_begin(w);
		if (bgp__as_path_narrow(w, attr))
			late->path = attr;
		bgp__attr_end(w, begun, attr->flags, attr->code);
	} else if (attr->code == BGP_ATTR_AGGREGATOR && attr->len == 8) {
		narrow_aggregator(w, attr, late);
	} else {
		bgp__attr_write(w, attr->flags, attr->code, attr->value,
				attr->len);
	}
}

/* What a receiver would discard rather than lose the route. RFC 7606, 8654 4 */
static bool
may_be_discarded(const struct bgp_attr *attr)
{
	return bgp__attr_rules[attr->code].remedy == BGP_REMEDY_DISCARD;
}

/* The attributes in order, NEXT_HOP in its place where it is asked for. */
static void
write_attrs(struct encode *e, bool classic)
{
	const struct bgp_update_parts *parts = e->parts;
	struct late late = { NULL, NULL };
	bool next_hop = classic;

	for (size_t i = 0; i < parts->attr_count; i++) {
		const struct bgp_attr *attr = parts->attrs + i;

		if (e->lean && may_be_discarded(attr))
			continue;
		if (next_hop && attr->code > BGP_ATTR_NEXT_HOP) {
			bgp__attr_write(&e->w, BGP_ATTR_TRANSITIVE,
					BGP_ATTR_NEXT_HOP,
					parts->next_hop.octets, 4);
			next_hop = false;
		}
		if (attr->code > BGP_ATTR_AS4_AGGREGATOR)
			write_late(&e->w, &late);
		if (e->codec->as4)
			bgp__attr_write(&e->w, attr->flags, attr->code,
					attr->value, attr->len);
		else
			write_narrow(&e->w, attr, &late);
	}
	if (next_hop)
		bgp__attr_write(&e->w, BGP_ATTR_TRANSITIVE, BGP_ATTR_NEXT_HOP,
				parts->next_hop.octets, 4);
	write_late(&e->w, &late);
}

/* --------------------------------------------------------------------- NLRI */

/* A few octets: an IPv4 prefix is not worth a call. */
static inline void
copy_few(uint8_t *to, const uint8_t *from, size_t len)
{
	if (len > 4) {
		memcpy(to, from, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		to[i] = from[i];
}

/* Length in bits, then the body, zero behind that length.    RFC 4271 4.3 */
static inline uint8_t *
put_bits(uint8_t *p, const struct bgp_nlri *nlri, size_t len)
{
	*p++ = (uint8_t)nlri->bits;
	copy_few(p, nlri->octets, len);
	p += len;
	if (nlri->bits % 8 != 0)
		p[-1] &= (uint8_t)(0xff00u >> nlri->bits % 8);
	return p;
}

/* NLRI counted in bits, as many as fit, behind path_id octets (4 or none, known
 * where this is inlined: it is the loop in which all encoding spends its time).
 */
static inline void
write_bits_behind(struct encode *e, size_t path_id)
{
	const struct bgp_nlri *nlri = e->parts->nlri + e->taken;
	const struct bgp_nlri *last = e->parts->nlri + e->parts->nlri_count;
	const uint8_t *end = e->w.end;
	uint8_t *p = e->w.at;

	for (; nlri < last; nlri++) {
		size_t len = (nlri->bits + 7u) / 8;

		if (nlri->bits > 255 || nlri->len < len) {
			e->invalid = true;
			break;
		}
		if ((size_t)(end - p) < path_id + 1 + len)
			break;
		if (path_id != 0)
			bgp__store32(p, nlri->path_id);
		p = put_bits(p + path_id, nlri, len);
	}
	e->taken = (size_t)(nlri - e->parts->nlri);
	e->w.at = p;
}

static void
write_bits(struct encode *e)
{
	if (e->add_path)
		write_bits_behind(e, 4);
	else
		write_bits_behind(e, 0);
}

/*
 * A stack that is withdrawn leaves one label that is none behind, by which
 * every receiver finds the prefix.  Answers the new end.              RFC
 * 8277 2.4
 *
 *   p                        end           p                     end
 *   [bits][label …][prefix …]       ->     [bits][800000][prefix …]
 */
static uint8_t *
forget_stack(uint8_t *p, uint8_t *end, size_t labels)
{
	size_t less = labels - LABEL_LEN;

	memmove(p + 1 + LABEL_LEN, p + 1 + labels,
		(size_t)(end - p) - 1 - labels);
	p[0] = (uint8_t)(p[0] - 8 * less);
	p[1] = 0x80;
	p[2] = p[3] = 0;
	return end - less;
}

/*
 * The label of an NLRI without a stack says that it is the last: receivers that
 * know of RFC 3107 alone read on otherwise, into the prefix.  What a withdrawal
 * has there when it names no label stays.                 RFC 8277 2.2, 2.4
 */
static void
end_labels(uint8_t *p, const struct bgp_nlri *nlri, bool unreach)
{
	bool none = (p[1] == 0x80 || p[1] == 0) && p[2] == 0 && p[3] == 0;

	if (!unreach || !none)
		p[bgp__labels_len(nlri)] |= 1;
}

/* Labels of a stack, as many as the peer takes.  What came without one being
 * negotiated is a label and what is behind it, and goes on as it came.
 *                                                         RFC 8277 2.1, 2.2 */
static bool
takes_labels(const struct encode *e, const struct bgp_nlri *nlri)
{
	return e->parts->unreach || e->labels == 255 || nlri->labels <= 1 ||
	    nlri->labels <= e->labels;
}

/* NLRI that begin with labels, as many as fit. */
static void
write_labeled(struct encode *e)
{
	size_t path_id = e->add_path ? 4 : 0;

	for (; e->taken < e->parts->nlri_count; e->taken++) {
		const struct bgp_nlri *nlri = e->parts->nlri + e->taken;
		size_t len = (nlri->bits + 7u) / 8;
		size_t labels = (size_t)LABEL_LEN * nlri->labels;
		uint8_t *p;

		e->invalid = nlri->bits > 255 || nlri->len < len ||
		    nlri->bits < 8 * labels;
		if (e->invalid || bgp__room(&e->w) < path_id + 1 + len ||
		    !takes_labels(e, nlri))
			return;
		if (e->add_path)
			bgp__write32(&e->w, nlri->path_id);
		p = e->w.at;
		e->w.at = put_bits(p, nlri, len);
		if (labels == 0 && nlri->bits >= 8 * LABEL_LEN)
			end_labels(p, nlri, e->parts->unreach);
		else if (e->parts->unreach && labels != 0)
			e->w.at = forget_stack(p, e->w.at, labels);
	}
}

/* NLRI that go out as they stand. */
static void
write_whole(struct encode *e)
{
	size_t path_id = e->add_path ? 4 : 0;

	for (; e->taken < e->parts->nlri_count; e->taken++) {
		const struct bgp_nlri *nlri = e->parts->nlri + e->taken;

		if (bgp__room(&e->w) < path_id + nlri->len)
			return;
		if (e->add_path)
			bgp__write32(&e->w, nlri->path_id);
		bgp__write(&e->w, nlri->octets, nlri->len);
	}
}

/* As many as fit when the last `reserved` octets are kept free. */
static void
write_list(struct encode *e, size_t reserved)
{
	if (e->w.bad || bgp__room(&e->w) < reserved) {
		e->w.bad = true;
		return;
	}
	if (e->parts->nlri_count == 0)
		return;
	e->w.end -= reserved;
	if (bgp__family_has_labels(e->parts->family))
		write_labeled(e);
	else if (e->form == BGP_NLRI_BITS)
		write_bits(e);
	else
		write_whole(e);
	e->w.end += reserved;
}

/* ----------------------------------------------------------------- messages */

/* The two octets that say what lies between them and here. */
static void
end_length(const struct bgp__writer *w, uint8_t *length)
{
	if (!w->bad)
		bgp__store16(length, (unsigned)(w->at - length) - 2);
}

static void
write_withdrawn(struct encode *e)
{
	uint8_t *length = bgp__write_room(&e->w, 2);

	write_list(e, 2);
	end_length(&e->w, length);
	bgp__write16(&e->w, 0);
}

static void
write_classic(struct encode *e)
{
	uint8_t *length;

	bgp__write16(&e->w, 0);
	length = bgp__write_room(&e->w, 2);
	write_attrs(e, true);
	end_length(&e->w, length);
	write_list(e, 0);
}

static void
write_mp_unreach(struct encode *e)
{
	bgp_family family = e->parts->family;
	uint8_t *length, *begun;

	bgp__write16(&e->w, 0);
	length = bgp__write_room(&e->w, 2);
	begun = bgp__attr_begin(&e->w);
	bgp__write16(&e->w, BGP_AFI(family));
	bgp__write8(&e->w, BGP_SAFI(family));
	write_list(e, 0);
	bgp__attr_end(&e->w, begun, BGP_ATTR_OPTIONAL, BGP_ATTR_MP_UNREACH);
	end_length(&e->w, length);
}

static void
write_mp_reach(struct encode *e, size_t reserved)
{
	const struct bgp_update_parts *parts = e->parts;
	uint8_t *begun = bgp__attr_begin(&e->w);

	bgp__write16(&e->w, BGP_AFI(parts->family));
	bgp__write8(&e->w, BGP_SAFI(parts->family));
	bgp__write8(&e->w, (unsigned)parts->next_hop.len);
	bgp__write(&e->w, parts->next_hop.octets, parts->next_hop.len);
	bgp__write8(&e->w, 0);
	write_list(e, reserved);
	bgp__attr_end(&e->w, begun, BGP_ATTR_OPTIONAL, BGP_ATTR_MP_REACH);
}

/*
 * MP_REACH comes first but is to fill what the attributes leave: they are
 * written, set aside at the end of the room, and brought back.  RFC 7606 5.1
 */
static void
write_mp(struct encode *e)
{
	uint8_t *length, *first;
	size_t len;

	bgp__write16(&e->w, 0);
	length = bgp__write_room(&e->w, 2);
	first = e->w.at;
	write_attrs(e, false);
	if (e->w.bad)
		return;
	len = (size_t)(e->w.at - first);
	memmove(e->w.end - len, first, len);
	e->w.at = first;
	write_mp_reach(e, len);
	if (e->w.bad)
		return;
	memmove(e->w.at, e->w.end - len, len);
	e->w.at += len;
	end_length(&e->w, length);
}

static bool
parts_are_sound(const struct bgp_update_parts *parts)
{
	if (parts->unreach || parts->nlri_count == 0)
		return parts->unreach || parts->attrs == NULL;
	return parts->next_hop.len <= 255;
}

static void
write_message(struct encode *e)
{
	const struct bgp_update_parts *parts = e->parts;
	bool ipv4 = parts->family == BGP_IPV4_UNICAST;
	bool end_of_rib = parts->nlri_count == 0; /* RFC 4724 2 */

	bgp__frame_begin(&e->w, BGP_UPDATE);
	if (parts->unreach || end_of_rib) {
		if (ipv4)
			write_withdrawn(e);
		else
			write_mp_unreach(e);
	} else if (ipv4 && parts->next_hop.len == 4) {
		write_classic(e);
	} else {
		write_mp(e);
	}
}

static size_t
limit(const struct bgp_codec *codec, size_t size)
{
	size_t max = codec->message_out_max != 0 ? codec->message_out_max
						 : BGP_MESSAGE_MAX;

	return size < max ? size : max;
}

/* One attempt; BGP_ERR_SPACE where not even one NLRI fits. */
static int
write_once(const struct encode *start, bool lean, size_t *taken)
{
	struct encode e = *start;

	e.lean = lean;
	write_message(&e);
	if (e.invalid)
		return BGP_ERR_INVALID;
	if (e.taken == 0 && e.parts->nlri_count > 0)
		return BGP_ERR_SPACE;
	*taken = e.taken;
	return bgp__frame_end(&e.w);
}

int
bgp_update_encode(const struct bgp_codec *codec,
		  const struct bgp_update_parts *parts, uint8_t *buf,
		  size_t size, size_t *taken)
{
	struct bgp_family_codec plain = { .family = parts->family };
	const struct bgp_family_codec *family = bgp_codec_family(codec,
								 parts->family);
	struct encode e = { .codec = codec,
			    .parts = parts,
			    .w = bgp__writer(buf, limit(codec, size)),
			    .add_path = family != NULL && family->add_path_out,
			    .labels = family != NULL ? family->labels_out : 0,
			    .form = bgp__nlri_form(family != NULL ? family
								  : &plain) };
	int len;

	*taken = 0;
	if (!parts_are_sound(parts) || e.form == BGP_NLRI_KNOWN)
		return BGP_ERR_INVALID;
	len = write_once(&e, false, taken);
	if (len == BGP_ERR_SPACE && !parts->unreach)
		len = write_once(&e, true, taken);
	return len;
}
