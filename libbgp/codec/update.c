/*
 * update.c - one UPDATE in, judged views out.
 *
 *    19    21          +2+w        +2+a
 *   +-----+-----------+-----+-------------+---------------- - -+
 *   |  w  | withdrawn |  a  | attributes  | NLRI               |
 *   +-----+-----------+-----+-------------+---------------- - -+
 *                              |
 *                              +-> MP_REACH, MP_UNREACH, NEXT_HOP taken aside
 *                              +-> attrs[]
 *
 *   cut      three fields, whose lengths must fit            RFC 7606 3(b)
 *   scan     attributes one by one, duplicates left out      RFC 7606 3(g), 4
 *   locate   the lists of NLRI with their next hops          RFC 4760 3, 4
 *   recall   a block seen before needs no second judgement
 *   judge    each attribute by its row                       RFC 7606 7
 *   settle   the worst remedy is carried out                 RFC 7606 2, 5.2
 *
 * A fault does not stop the work: all are seen before the worst is acted on.
 * Only a list of NLRI that cannot be read ends it, because then nobody knows
 * which routes to withdraw.
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/attr.h"
#include "libbgp/codec/fault.h"
#include "libbgp/codec/hop.h"
#include "libbgp/codec/nlri.h"

enum { NOTIFICATION_LEN = 21 };

/* One decode on its way.  An attribute taken aside has a value when it came. */
struct update {
	const struct bgp_codec *codec;
	const uint8_t *msg;
	struct bgp_update *out;
	struct bgp_fault *fault;
	struct bgp_span withdrawn, nlri;
	struct bgp_attr mp_reach, mp_unreach, next_hop;
	uint64_t seen[4];    /* type codes met so far */
	uint16_t attr_total; /* attributes met, duplicates too */
	bool mp_reach_nlri;  /* MP_REACH has NLRI, negotiated or not */
};

/* ------------------------------------------------------------------- faults */

/* What of it goes into a NOTIFICATION that the peer takes. */
static uint16_t
data_len_of(const struct bgp_codec *codec, size_t len)
{
	size_t max = codec->message_out_max > BGP_MESSAGE_MAX
	    ? codec->message_out_max
	    : BGP_MESSAGE_MAX;

	max -= NOTIFICATION_LEN;
	return (uint16_t)(len < max ? len : max);
}

static void
note(struct update *u, const struct bgp__verdict *v, uint8_t code,
     const uint8_t *data, size_t data_len)
{
	if (v->remedy <= u->fault->remedy)
		return;
	*u->fault = (struct bgp_fault){ .remedy = v->remedy,
					.code = BGP__ERR_UPDATE,
					.subcode = v->subcode,
					.attribute = code,
					.offset = (uint16_t)(data - u->msg),
					.data = data,
					.data_len = data_len_of(u->codec,
								data_len),
					.reason = v->reason };
}

/* An attribute at fault is shown whole, header included.     RFC 4271 6.3 */
static void
note_attr(struct update *u, const struct bgp__verdict *v,
	  const struct bgp_attr *attr)
{
	size_t head = (attr->flags & BGP_ATTR_EXTENDED) != 0 ? 4 : 3;

	note(u, v, attr->code, attr->value - head, head + attr->len);
}

static void
note_mp(struct update *u, const struct bgp_attr *attr, const char *reason)
{
	struct bgp__verdict v = { BGP_REMEDY_RESET, BGP__UPDATE_OPTIONAL,
				  reason };

	note_attr(u, &v, attr);
}

/* ---------------------------------------------------------------------- cut */

static bool
cut(struct update *u, size_t len)
{
	struct bgp__reader r = bgp__reader(u->msg, len);
	size_t n;

	bgp__read(&r, BGP_HEADER_LEN);
	n = bgp__read16(&r);
	u->withdrawn = (struct bgp_span){ bgp__read(&r, n), n };
	n = bgp__read16(&r);
	u->out->block = (struct bgp_span){ bgp__read(&r, n), n };
	u->nlri = (struct bgp_span){ r.at, bgp__left(&r) };
	if (!r.bad)
		return true;
	bgp__reset(u->fault, BGP__ERR_UPDATE, BGP__UPDATE_ATTRS,
		   "lengths of the UPDATE do not fit");
	return false;
}

/* --------------------------------------------------------------------- scan */

static bool
is_seen(const struct update *u, uint8_t code)
{
	return (u->seen[code >> 6] >> (code & 63) & 1) != 0;
}

/* Of an attribute that comes twice the first counts; of MP ones there must not
 * be two.                                                     RFC 7606 3(g) */
static void
take_duplicate(struct update *u, const struct bgp_attr *attr)
{
	static const struct bgp__verdict twice = { BGP_REMEDY_DISCARD,
						   BGP__UPDATE_ATTRS,
						   "attribute comes twice" };
	static const struct bgp__verdict mp_twice = {
		BGP_REMEDY_RESET, BGP__UPDATE_ATTRS, "MP attribute comes twice"
	};

	note_attr(u,
		  attr->code == BGP_ATTR_MP_REACH ||
			  attr->code == BGP_ATTR_MP_UNREACH
		      ? &mp_twice
		      : &twice,
		  attr);
}

/* Unrecognised and not transitive: nobody will miss it.       RFC 4271 5 */
static bool
is_to_be_forgotten(const struct bgp_attr *attr)
{
	return bgp__attr_rules[attr->code].name == NULL &&
	    (attr->flags & (BGP_ATTR_OPTIONAL | BGP_ATTR_TRANSITIVE)) ==
	    BGP_ATTR_OPTIONAL;
}

static void
take_attr(struct update *u, const struct bgp_attr *attr)
{
	u->attr_total++;
	if (is_seen(u, attr->code)) {
		take_duplicate(u, attr);
		return;
	}
	u->seen[attr->code >> 6] |= UINT64_C(1) << (attr->code & 63);
	switch (attr->code) {
	case BGP_ATTR_NEXT_HOP:
		u->next_hop = *attr;
		break;
	case BGP_ATTR_MP_REACH:
		u->mp_reach = *attr;
		break;
	case BGP_ATTR_MP_UNREACH:
		u->mp_unreach = *attr;
		break;
	default:
		if (!is_to_be_forgotten(attr))
			u->out->attrs[u->out->attr_count++] = *attr;
	}
}

/*
 * Rest of the block that holds no whole attribute.  The NLRI field is where
 * the message says; but if it is an MP attribute that is cut, so are its
 * routes, and they cannot be withdrawn.                  RFC 7606 4, 5.3
 */
static void
take_rest(struct update *u, const uint8_t *rest, size_t len)
{
	bool mp = len >= 2 &&
	    (rest[1] == BGP_ATTR_MP_REACH || rest[1] == BGP_ATTR_MP_UNREACH);
	struct bgp__verdict v = { mp ? BGP_REMEDY_RESET : BGP_REMEDY_WITHDRAW,
				  mp ? BGP__UPDATE_OPTIONAL : BGP__UPDATE_ATTRS,
				  "attribute overruns the block" };

	note(u, &v, len >= 2 ? rest[1] : 0, rest, len);
}

static void
scan(struct update *u)
{
	struct bgp__reader r = bgp__reader(u->out->block.octets,
					   u->out->block.len);
	struct bgp_attr attr;

	while (bgp__attr_next(&r, &attr))
		take_attr(u, &attr);
	if (bgp__left(&r) > 0)
		take_rest(u, r.at, bgp__left(&r));
}

/* ------------------------------------------------------------------- locate */

static struct bgp_nlri_list
list_of(const struct bgp_family_codec *family, const uint8_t *octets,
	size_t len)
{
	struct bgp_nlri_list list = { .family = family->family,
				      .add_path = family->add_path_in,
				      .len = (uint16_t)len,
				      .octets = octets,
				      .form = bgp__nlri_form(family) };

	return list;
}

/* Of a list from which some are left out one must be left. */
static bool
has_any_left(struct bgp_nlri_list list)
{
	struct bgp_nlri nlri;

	return bgp_nlri_next(&list, &nlri);
}

static inline bool
has_nlri(const struct bgp_nlri_list *list)
{
	return list->len > 0 && (list->sift == 0 || has_any_left(*list));
}

static void
add_unreach(struct update *u, const struct bgp_nlri_list *list)
{
	if (has_nlri(list))
		u->out->unreach[u->out->unreach_count++] = *list;
}

static void
add_reach(struct update *u, const struct bgp_nlri_list *list)
{
	if (has_nlri(list))
		u->out->reach[u->out->reach_count++] = *list;
}

/* Withdrawn Routes and NLRI: IPv4 unicast.             RFC 7606 3(i), 3(j) */
static void
locate_classic(struct update *u)
{
	static const struct bgp__verdict bad = { BGP_REMEDY_RESET,
						 BGP__UPDATE_NETWORK,
						 "malformed prefix" };
	const struct bgp_family_codec *family = bgp_codec_family(
	    u->codec, BGP_IPV4_UNICAST);
	struct bgp_nlri_list withdrawn, nlri;

	if (family == NULL || u->withdrawn.len + u->nlri.len == 0)
		return;
	withdrawn = list_of(family, u->withdrawn.octets, u->withdrawn.len);
	nlri = withdrawn;
	nlri.octets = u->nlri.octets;
	nlri.len = (uint16_t)u->nlri.len;
	nlri.next_hop = (struct bgp_span){ u->next_hop.value, u->next_hop.len };
	if (bgp__nlri_list_judge(&withdrawn) != BGP__NLRI_SOUND)
		note(u, &bad, 0, u->withdrawn.octets, u->withdrawn.len);
	if (bgp__nlri_list_judge(&nlri) != BGP__NLRI_SOUND)
		note(u, &bad, 0, u->nlri.octets, u->nlri.len);
	add_unreach(u, &withdrawn);
	add_reach(u, &nlri);
}

/* Flags and least length of an MP attribute, by its row.       RFC 7606 5.3 */
static bool
mp_is_sound(struct update *u, const struct bgp_attr *attr)
{
	struct bgp__verdict v = bgp__attr_judge(u->codec, attr);

	if (v.remedy == BGP_REMEDY_NONE)
		return true;
	note_mp(u, attr, v.reason);
	return false;
}

/* More labels than we said we take: these routes cannot be used.  RFC 8277 2.1
 */
static void
judge_labels(struct update *u, struct bgp_nlri_list list)
{
	static const struct bgp__verdict many = { BGP_REMEDY_WITHDRAW,
						  BGP__UPDATE_OPTIONAL,
						  "more labels than we take" };
	uint8_t most = list.labels;
	struct bgp_nlri nlri;

	if (most == 255)
		return;
	while (bgp_nlri_next(&list, &nlri)) {
		if (nlri.labels > most) {
			note_attr(u, &many, &u->mp_reach);
			return;
		}
	}
}

/*
 * What the NLRI of an MP attribute cost.  Those that are left out stay where
 * they are, and the list says that it is to be sifted; what is unusable takes
 * the whole message with it when it is announced, and is left out when it is
 * withdrawn, for no such route is held.  false: the session is reset.
 *                                       RFC 7606 2, 3(j), 5.3, 5.4, 9552 8.2.2
 */
static bool
leave_out(struct update *u, const struct bgp_attr *attr,
	  struct bgp_nlri_list *list, enum bgp__nlri_verdict worst,
	  enum bgp__nlri_verdict least)
{
	static const char *const reasons[] = {
		NULL, "NLRI of a type that is not known", "NLRI left out",
		"NLRI with a value that it cannot have",
		"malformed NLRI in an MP attribute"
	};
	struct bgp__verdict v = { BGP_REMEDY_DISCARD, BGP__UPDATE_OPTIONAL,
				  reasons[worst] };

	if (worst == BGP__NLRI_MALFORMED)
		v.remedy = BGP_REMEDY_RESET;
	else if (worst == BGP__NLRI_UNUSABLE && attr->code == BGP_ATTR_MP_REACH)
		v.remedy = BGP_REMEDY_WITHDRAW;
	note_attr(u, &v, attr);
	list->sift = (uint8_t)least;
	return worst != BGP__NLRI_MALFORMED;
}

static bool
judge_mp_nlri(struct update *u, const struct bgp_attr *attr,
	      const struct bgp_family_codec *family, struct bgp_nlri_list *list)
{
	enum bgp__nlri_verdict worst = bgp__nlri_list_judge(list);
	enum bgp__nlri_verdict least = family->unknown_types
	    ? BGP__NLRI_ODD
	    : BGP__NLRI_UNKNOWN;

	return worst < least || leave_out(u, attr, list, worst, least);
}

/* false: nothing behind it can be located.                RFC 7606 7.11 */
static bool
judge_next_hop_len(struct update *u, const struct bgp_family_codec *family,
		   size_t len)
{
	static const struct bgp__verdict foreign = {
		BGP_REMEDY_WITHDRAW, BGP__UPDATE_OPTIONAL,
		"IPv6 next hop that was not negotiated"
	};

	if (bgp__next_hop_is_sound(family, len))
		return true;
	if (bgp__next_hop_is_foreign(family, len)) {
		note_attr(u, &foreign, &u->mp_reach);
		return true;
	}
	note_mp(u, &u->mp_reach, "bad length of MP_REACH next hop");
	return false;
}

static void
take_mp_reach(struct update *u, const struct bgp_family_codec *family,
	      struct bgp_span next_hop, struct bgp__reader nlri)
{
	struct bgp_nlri_list list = list_of(family, nlri.at, bgp__left(&nlri));

	list.next_hop = next_hop;
	if (family->labels_in != 0 && bgp__family_has_labels(family->family))
		list.labels = family->labels_in;
	if (!judge_next_hop_len(u, family, next_hop.len) ||
	    list.form == BGP_NLRI_KNOWN ||
	    !judge_mp_nlri(u, &u->mp_reach, family, &list))
		return;
	if (list.labels != 0)
		judge_labels(u, list);
	add_reach(u, &list);
}

/* AFI, SAFI, length and octets of the next hop, a reserved octet, NLRI. */
static void
locate_mp_reach(struct update *u)
{
	const struct bgp_attr *attr = &u->mp_reach;
	const struct bgp_family_codec *family;
	struct bgp_span next_hop;
	struct bgp__reader r;
	unsigned afi, safi;

	if (attr->value == NULL || !mp_is_sound(u, attr))
		return;
	r = bgp__reader(attr->value, attr->len);
	afi = bgp__read16(&r);
	safi = bgp__read8(&r);
	next_hop.len = bgp__read8(&r);
	next_hop.octets = bgp__read(&r, next_hop.len);
	bgp__read8(&r);
	if (r.bad) {
		note_mp(u, attr, "MP_REACH next hop overruns");
		return;
	}
	u->mp_reach_nlri = bgp__left(&r) > 0;
	family = bgp_codec_family(u->codec, BGP_FAMILY(afi, safi));
	if (family != NULL)
		take_mp_reach(u, family, next_hop, r);
}

static void
locate_mp_unreach(struct update *u)
{
	const struct bgp_attr *attr = &u->mp_unreach;
	const struct bgp_family_codec *family;
	struct bgp_nlri_list list;

	if (attr->value == NULL || !mp_is_sound(u, attr))
		return;
	family = bgp_codec_family(
	    u->codec, BGP_FAMILY(bgp__load16(attr->value), attr->value[2]));
	if (family == NULL)
		return;
	list = list_of(family, attr->value + 3, attr->len - 3u);
	if (list.len == 0 && u->attr_total == 1 && u->withdrawn.len == 0 &&
	    u->nlri.len == 0)
		u->out->eor = family->family; /* RFC 4724 2 */
	if (list.form != BGP_NLRI_KNOWN &&
	    judge_mp_nlri(u, attr, family, &list))
		add_unreach(u, &list);
}

static void
locate(struct update *u)
{
	locate_classic(u);
	locate_mp_unreach(u);
	locate_mp_reach(u);
	if (u->withdrawn.len == 0 && u->out->block.len == 0 &&
	    u->nlri.len == 0 &&
	    bgp_codec_family(u->codec, BGP_IPV4_UNICAST) != NULL)
		u->out->eor = BGP_IPV4_UNICAST;
}

/* -------------------------------------------------------------------- judge */

/* Attributes at fault are left out, whatever follows from it. */
static void
judge_attrs(struct update *u)
{
	struct bgp_update *out = u->out;
	uint16_t kept = 0;

	for (uint16_t i = 0; i < out->attr_count; i++) {
		struct bgp__verdict v = bgp__attr_judge(u->codec,
							&out->attrs[i]);

		if (v.remedy != BGP_REMEDY_NONE)
			note_attr(u, &v, &out->attrs[i]);
		else if (kept++ != i)
			out->attrs[kept - 1] = out->attrs[i];
	}
	out->attr_count = kept;
}

static void
judge_missing(struct update *u, uint8_t code)
{
	static const uint8_t codes[] = { 0, BGP_ATTR_ORIGIN, BGP_ATTR_AS_PATH,
					 BGP_ATTR_NEXT_HOP };
	static const struct bgp__verdict missing = {
		BGP_REMEDY_WITHDRAW, BGP__UPDATE_MISSING,
		"well-known attribute is missing"
	};

	if (is_seen(u, code) || missing.remedy <= u->fault->remedy)
		return;
	note(u, &missing, code, u->out->block.octets, 0);
	u->fault->data = &codes[code]; /* RFC 4271 6.3: the type code */
	u->fault->data_len = 1;
}

/* On request: next hops that are no host's.              RFC 4271 6.3 */
static void
judge_next_hops(struct update *u)
{
	static const struct bgp__verdict no_host = {
		BGP_REMEDY_WITHDRAW, BGP__UPDATE_NEXT_HOP,
		"next hop that is no host's"
	};

	for (uint8_t i = 0; i < u->out->reach_count; i++) {
		const struct bgp_nlri_list *list = &u->out->reach[i];
		struct bgp_span hop = list->next_hop;

		if (!bgp__next_hop_is_host(u->codec, list->family, hop))
			note(u, &no_host, BGP_ATTR_NEXT_HOP, hop.octets,
			     hop.len);
	}
}

/* What depends on the NLRI beside the block, and so is never recalled:
 * mandatory attributes, NEXT_HOP of the classic field.  RFC 7606 3(d), 7.3 */
static void
judge_routes(struct update *u)
{
	struct bgp__verdict v;

	if (u->nlri.len > 0 || u->mp_reach.value != NULL) {
		judge_missing(u, BGP_ATTR_ORIGIN);
		judge_missing(u, BGP_ATTR_AS_PATH);
	}
	if (u->nlri.len == 0)
		return;
	judge_missing(u, BGP_ATTR_NEXT_HOP);
	if (u->next_hop.value == NULL)
		return;
	v = bgp__attr_judge(u->codec, &u->next_hop);
	if (v.remedy != BGP_REMEDY_NONE)
		note_attr(u, &v, &u->next_hop);
}

static void
judge(struct update *u)
{
	const struct bgp_codec *codec = u->codec;

	if (codec->recall != NULL && u->fault->remedy == BGP_REMEDY_NONE &&
	    u->out->attr_count > 0)
		u->out->recalled = codec->recall(codec->recall_ctx, u->out);
	if (u->out->recalled == NULL)
		judge_attrs(u);
	judge_routes(u);
	if (codec->next_hop_check)
		judge_next_hops(u);
}

/* ------------------------------------------------------------------- settle */

static void
empty(struct bgp_update *out)
{
	out->eor = 0;
	out->reach_count = 0;
	out->unreach_count = 0;
	out->attr_count = 0;
	out->recalled = NULL;
}

/* Without reachable NLRI to withdraw there is no knowing what the fault hit:
 * the message may have been misread from there on.             RFC 7606 5.2 */
static void
settle(struct update *u)
{
	struct bgp_update *out = u->out;

	if (u->fault->remedy == BGP_REMEDY_WITHDRAW) {
		if (u->nlri.len == 0 && !u->mp_reach_nlri)
			u->fault->remedy = BGP_REMEDY_RESET;
		for (uint8_t i = 0; i < out->reach_count; i++)
			out->unreach[out->unreach_count++] = out->reach[i];
		out->reach_count = 0;
	}
	if (u->fault->remedy == BGP_REMEDY_RESET)
		empty(out);
}

int
bgp_update_decode(const struct bgp_codec *codec, const uint8_t *msg, size_t len,
		  struct bgp_update *out, struct bgp_fault *fault)
{
	struct update u = {
		.codec = codec, .msg = msg, .out = out, .fault = fault
	};

	*fault = (struct bgp_fault){ .remedy = BGP_REMEDY_NONE };
	out->block = (struct bgp_span){ NULL, 0 };
	empty(out);
	if (!cut(&u, len))
		return BGP_ERR_MALFORMED;
	scan(&u);
	locate(&u);
	if (fault->remedy != BGP_REMEDY_RESET)
		judge(&u);
	settle(&u);
	return fault->remedy == BGP_REMEDY_RESET ? BGP_ERR_MALFORMED : BGP_OK;
}

const struct bgp_attr *
bgp_attr_find(const struct bgp_attr *attrs, size_t count, uint8_t code)
{
	for (size_t i = 0; i < count; i++)
		if (attrs[i].code == code)
			return attrs + i;
	return NULL;
}
