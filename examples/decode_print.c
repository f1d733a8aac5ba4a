/*
 * decode_print.c - messages as JSON objects or lines of text.
 *
 * Everything comes out of the library's views; the only thing made here is the
 * shape of the JSON.
 */
#include <string.h>

#include "decode_print.h"

/* ---------------------------------------------------------- pieces of JSON */

static void
put_fault(struct buffer *b, const struct bgp_fault *fault)
{
	buffer_key(b, "ok");
	buffer_str(b, fault->remedy == BGP_REMEDY_NONE ? "true" : "false");
	buffer_key(b, "remedy");
	buffer_char(b, '"');
	buffer_str(b, bgp_remedy_text(fault->remedy));
	buffer_char(b, '"');
	if (fault->remedy != BGP_REMEDY_NONE) {
		buffer_key(b, "reason");
		buffer_char(b, '"');
		buffer_str(b, fault->reason);
		buffer_char(b, '"');
	}
	if (fault->attribute != 0) {
		buffer_key(b, "attribute");
		buffer_u32(b, fault->attribute);
	}
	if (fault->remedy != BGP_REMEDY_RESET)
		return;
	buffer_key(b, "notification");
	buffer_char(b, '[');
	buffer_u32(b, fault->code);
	buffer_char(b, ',');
	buffer_u32(b, fault->subcode);
	buffer_char(b, ']');
	buffer_key(b, "data");
	buffer_char(b, '"');
	buffer_hex(b, fault->data, fault->data_len);
	buffer_char(b, '"');
}

static void
text_fault(struct buffer *b, const char *type, const struct bgp_fault *fault)
{
	buffer_str(b, type);
	if (fault->remedy == BGP_REMEDY_NONE)
		return;
	buffer_char(b, '(');
	buffer_str(b, bgp_remedy_text(fault->remedy));
	buffer_str(b, ": ");
	buffer_str(b, fault->reason);
	buffer_char(b, ')');
}

static void
put_hex_member(struct buffer *b, const char *key, const uint8_t *octets,
	       size_t len)
{
	buffer_key(b, key);
	buffer_char(b, '"');
	buffer_hex(b, octets, len);
	buffer_char(b, '"');
}

static void
put_number_member(struct buffer *b, const char *key, uint32_t v)
{
	buffer_key(b, key);
	buffer_u32(b, v);
}

static void
put_family_member(struct buffer *b, bgp_family family)
{
	buffer_key(b, "family");
	BUFFER_STRING(b, bgp_family_text, family);
}

/* --------------------------------------------------------------------- NLRI */

static void
put_addr(struct buffer *b, const char *key, const uint8_t *octets, size_t len)
{
	struct bgp_addr addr = { .len = (uint8_t)len };

	if (len != 4 && len != 16)
		return;
	memcpy(addr.octets, octets, len);
	buffer_key(b, key);
	BUFFER_STRING(b, bgp_addr_text, &addr);
}

/* One address or two, behind distinguishers of 8 octets in VPN families. */
static void
put_next_hop(struct buffer *b, struct bgp_span hop)
{
	size_t step = hop.len == 48 ? 24 : hop.len == 32 ? 16 : hop.len;
	size_t rd = step == 12 || step == 24 ? 8 : 0;

	if (hop.len == 0)
		return;
	put_addr(b, "next_hop", hop.octets + rd, step - rd);
	if (step < hop.len)
		put_addr(b, "next_hop_link_local", hop.octets + step + rd,
			 step - rd);
}

static void
put_list(struct buffer *b, struct bgp_nlri_list list, bool reach)
{
	struct bgp_prefix prefix;
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri)) {
		buffer_comma(b);
		buffer_char(b, '{');
		put_family_member(b, nlri.family);
		if (bgp_nlri_prefix(&nlri, &prefix) == BGP_OK) {
			buffer_key(b, "prefix");
			BUFFER_STRING(b, bgp_prefix_text, &prefix);
		} else {
			buffer_key(b, "nlri");
			BUFFER_STRING(b, bgp_nlri_text, &nlri);
		}
		if (list.add_path)
			put_number_member(b, "path_id", nlri.path_id);
		if (reach)
			put_next_hop(b, list.next_hop);
		buffer_char(b, '}');
	}
}

/* --------------------------------------------------------------- attributes */

/* Words of the attribute's text as an array of strings. */
static void
put_words(struct buffer *b, const struct bgp_attr *attr)
{
	size_t from;

	buffer_char(b, '[');
	if (attr->len > 0) {
		buffer_char(b, '"');
		from = b->len;
		BUFFER_TEXT(b, bgp_attr_text, attr);
		for (size_t i = from; i < b->len; i++) {
			if (b->text[i] != ' ')
				continue;
			buffer_room(b, 2);
			memmove(b->text + i + 3, b->text + i + 1,
				b->len - i - 1);
			memcpy(b->text + i, "\",\"", 3);
			b->len += 2;
			i += 2;
		}
		buffer_char(b, '"');
	}
	buffer_char(b, ']');
}

static void
put_aggregator(struct buffer *b, const struct bgp_attr *attr)
{
	struct bgp_addr addr = { .len = 4, .octets = { 0 } };

	memcpy(addr.octets, attr->value + attr->len - 4, 4);
	buffer_char(b, '[');
	buffer_u32(b,
		   (uint32_t)attr->value[0] << 24 |
		       (uint32_t)attr->value[1] << 16 |
		       (uint32_t)attr->value[2] << 8 | attr->value[3]);
	buffer_char(b, ',');
	BUFFER_STRING(b, bgp_addr_text, &addr);
	buffer_char(b, ']');
}

static void
put_attr(struct buffer *b, const struct bgp_attr *attr)
{
	buffer_comma(b);
	BUFFER_STRING(b, bgp_attr_name_text, attr->code);
	buffer_char(b, ':');
	switch (attr->code) {
	case BGP_ATTR_MED:
	case BGP_ATTR_LOCAL_PREF:
	case BGP_ATTR_OTC:
	case BGP_ATTR_AIGP:
		BUFFER_TEXT(b, bgp_attr_text, attr);
		break;
	case BGP_ATTR_ATOMIC_AGGREGATE:
		buffer_str(b, "true");
		break;
	case BGP_ATTR_AGGREGATOR:
		put_aggregator(b, attr);
		break;
	case BGP_ATTR_COMMUNITIES:
	case BGP_ATTR_CLUSTER_LIST:
	case BGP_ATTR_EXT_COMMUNITIES:
	case BGP_ATTR_IPV6_EXT_COMMUNITIES:
	case BGP_ATTR_LARGE_COMMUNITIES:
		put_words(b, attr);
		break;
	default:
		BUFFER_STRING(b, bgp_attr_text, attr);
	}
}

static bool
is_known(uint8_t code)
{
	char name[32];

	bgp_attr_name_text(code, name, sizeof name);
	return strncmp(name, "attribute-", 10) != 0;
}

static void
put_unknown(struct buffer *b, const struct bgp_update *update)
{
	bool any = false;

	for (size_t i = 0; i < update->attr_count; i++) {
		const struct bgp_attr *attr = update->attrs + i;
		uint8_t flags = attr->flags & 0xe0;

		if (is_known(attr->code))
			continue;
		if (!any) {
			buffer_key(b, "unknown");
			buffer_char(b, '[');
			any = true;
		}
		buffer_comma(b);
		buffer_char(b, '{');
		put_number_member(b, "code", attr->code);
		buffer_key(b, "flags");
		buffer_str(b, "\"0x");
		buffer_hex(b, &flags, 1);
		buffer_char(b, '"');
		put_hex_member(b, "value", attr->value, attr->len);
		buffer_char(b, '}');
	}
	if (any)
		buffer_char(b, ']');
}

/* The canonical attributes of an UPDATE, as views into their own block. */
struct canonical {
	uint8_t block[2 * BGP_ATTR_BLOCK_MAX];
	struct bgp_attr attrs[BGP_UPDATE_ATTRS_MAX];
	size_t count;
};

static void
make_canonical(const struct bgp_codec *codec, const struct bgp_update *update,
	       struct canonical *out)
{
	int len = bgp_attrs_canonical(codec, update, out->block,
				      sizeof out->block);

	out->count = 0;
	for (const uint8_t *p = out->block; p < out->block + len;) {
		struct bgp_attr *attr = &out->attrs[out->count++];
		bool extended = (p[0] & BGP_ATTR_EXTENDED) != 0;

		attr->flags = p[0];
		attr->code = p[1];
		attr->len = (uint16_t)(extended ? p[2] << 8 | p[3] : p[2]);
		attr->value = p + (extended ? 4 : 3);
		p = attr->value + attr->len;
	}
}

static void
put_attrs(struct buffer *b, const struct canonical *canonical,
	  const struct bgp_update *update)
{
	buffer_key(b, "attributes");
	buffer_char(b, '{');
	for (size_t i = 0; i < canonical->count; i++)
		if (is_known(canonical->attrs[i].code))
			put_attr(b, &canonical->attrs[i]);
	put_unknown(b, update);
	buffer_char(b, '}');
}

/* ----------------------------------------------------------------- rebuilt */

/* Encodes one list, in as many messages as it takes. */
static void
put_rebuilt_list(struct buffer *b, const struct bgp_codec *codec,
		 struct bgp_nlri_list list, bool unreach,
		 const struct canonical *canonical)
{
	static struct bgp_nlri nlri[BGP_MESSAGE_EXT_MAX];
	static uint8_t msg[BGP_MESSAGE_EXT_MAX];
	struct bgp_update_parts parts = { .family = list.family,
					  .unreach = unreach,
					  .next_hop = list.next_hop,
					  .attrs = canonical->attrs,
					  .attr_count = canonical->count,
					  .nlri = nlri };
	size_t taken;
	int len;

	while (bgp_nlri_next(&list, &nlri[parts.nlri_count]))
		parts.nlri_count++;
	for (; parts.nlri_count > 0; parts.nlri_count -= taken) {
		len = bgp_update_encode(codec, &parts, msg, sizeof msg, &taken);
		if (len < 0)
			return;
		buffer_hex(b, msg, (size_t)len);
		parts.nlri += taken;
	}
}

static void
put_rebuilt(struct buffer *b, const struct bgp_codec *codec,
	    const struct bgp_update *update, const struct canonical *canonical)
{
	struct bgp_update_parts eor = { .family = update->eor };
	uint8_t msg[64];
	size_t taken;

	buffer_key(b, "reencoded");
	buffer_char(b, '"');
	for (size_t i = 0; i < update->unreach_count; i++)
		put_rebuilt_list(b, codec, update->unreach[i], true, canonical);
	for (size_t i = 0; i < update->reach_count; i++)
		put_rebuilt_list(b, codec, update->reach[i], false, canonical);
	if (update->eor != 0) {
		int len = bgp_update_encode(codec, &eor, msg, sizeof msg,
					    &taken);

		buffer_hex(b, msg, len > 0 ? (size_t)len : 0);
	}
	buffer_char(b, '"');
}

/* ------------------------------------------------------------------- UPDATE */

static uint32_t
load32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* Why a sound route could not be used here, or NULL.  RFC 4271 9.1.2, 4456 8 */
static const char *
ineligible(const struct decode_context *ctx, const struct canonical *c)
{
	const struct bgp_attr *path = bgp_attr_find(c->attrs, c->count,
						    BGP_ATTR_AS_PATH);
	const struct bgp_attr *originator = bgp_attr_find(
	    c->attrs, c->count, BGP_ATTR_ORIGINATOR_ID);
	struct bgp_as_path_facts facts;

	if (path != NULL && ctx->codec.local_as != 0) {
		bgp_as_path_facts(path->value, path->len, ctx->codec.local_as,
				  &facts);
		if (facts.local_as_found)
			return "as-path-loop";
	}
	if (originator != NULL && ctx->local_id != 0 &&
	    load32(originator->value) == ctx->local_id)
		return "originator-id";
	return NULL;
}

static void
put_update(struct buffer *b, const struct decode_context *ctx,
	   const struct bgp_update *update, const struct bgp_fault *fault)
{
	static struct canonical canonical;
	const char *reason;

	put_fault(b, fault);
	if (fault->remedy == BGP_REMEDY_RESET)
		return;
	if (update->eor != 0) {
		buffer_key(b, "eor");
		BUFFER_STRING(b, bgp_family_text, update->eor);
	}
	buffer_key(b, "reach");
	buffer_char(b, '[');
	for (size_t i = 0; i < update->reach_count; i++)
		put_list(b, update->reach[i], true);
	buffer_char(b, ']');
	buffer_key(b, "unreach");
	buffer_char(b, '[');
	for (size_t i = 0; i < update->unreach_count; i++)
		put_list(b, update->unreach[i], false);
	buffer_char(b, ']');
	make_canonical(&ctx->codec, update, &canonical);
	put_attrs(b, &canonical, update);
	reason = ineligible(ctx, &canonical);
	if (reason != NULL) {
		buffer_key(b, "ineligible");
		buffer_char(b, '"');
		buffer_str(b, reason);
		buffer_char(b, '"');
	}
	put_rebuilt(b, &ctx->codec, update, &canonical);
}

static void
decode_update(struct buffer *b, const struct decode_context *ctx,
	      const uint8_t *msg, size_t len)
{
	static struct bgp_update update;
	struct bgp_fault fault;

	bgp_update_decode(&ctx->codec, msg, len, &update, &fault);
	if (!ctx->text) {
		put_update(b, ctx, &update, &fault);
		return;
	}
	text_fault(b, "UPDATE ", &fault);
	if (fault.remedy != BGP_REMEDY_NONE)
		buffer_char(b, ' ');
	BUFFER_TEXT(b, bgp_update_text, &ctx->codec, &update);
}

/* --------------------------------------------------------------------- OPEN */

static void
put_tuples(struct buffer *b, const struct bgp_capability_value *v)
{
	buffer_key(b, "families");
	buffer_char(b, '[');
	for (size_t i = 0; i < v->tuple_count; i++) {
		const struct bgp_capability_tuple *t = &v->tuples[i];

		buffer_comma(b);
		buffer_char(b, '{');
		put_family_member(b, t->family);
		put_number_member(b, "flags", t->flags);
		put_number_member(b, "value", t->value);
		buffer_char(b, '}');
	}
	buffer_char(b, ']');
}

static void
put_capability_fields(struct buffer *b, const struct bgp_capability_value *v)
{
	switch (v->code) {
	case BGP_CAP_MP:
		put_family_member(b, v->number);
		break;
	case BGP_CAP_AS4:
		put_number_member(b, "as", v->number);
		break;
	case BGP_CAP_ROLE:
		put_number_member(b, "role", v->number);
		break;
	case BGP_CAP_FQDN:
		buffer_key(b, "host");
		buffer_utf8(b, v->text[0].octets, v->text[0].len);
		buffer_key(b, "domain");
		buffer_utf8(b, v->text[1].octets, v->text[1].len);
		break;
	case BGP_CAP_SOFTWARE_VERSION:
		buffer_key(b, "software");
		buffer_utf8(b, v->text[0].octets, v->text[0].len);
		break;
	case BGP_CAP_GRACEFUL_RESTART:
		put_number_member(b, "restart_time_s", v->number);
		put_number_member(b, "restart_flags", v->flags);
		put_tuples(b, v);
		break;
	default:
		put_tuples(b, v);
	}
}

static void
put_capability(struct buffer *b, const struct bgp_capability *cap)
{
	struct bgp_capability_value v;

	buffer_comma(b);
	buffer_char(b, '{');
	put_number_member(b, "code", cap->code);
	buffer_key(b, "text");
	BUFFER_STRING(b, bgp_capability_text, cap);
	put_hex_member(b, "value", cap->value, cap->len);
	if (bgp_capability_decode(cap, &v) == BGP_OK)
		put_capability_fields(b, &v);
	buffer_char(b, '}');
}

static void
put_open(struct buffer *b, const struct bgp_open *open,
	 const struct bgp_fault *fault)
{
	uint8_t msg[BGP_MESSAGE_MAX];
	int len;

	put_fault(b, fault);
	if (fault->remedy == BGP_REMEDY_RESET)
		return;
	put_number_member(b, "version", open->version);
	put_number_member(b, "as", open->as);
	put_number_member(b, "my_as", open->my_as);
	put_number_member(b, "hold_time_s", open->hold_time_s);
	buffer_key(b, "router_id");
	BUFFER_STRING(b, bgp_id_text, open->router_id);
	buffer_key(b, "capabilities");
	buffer_char(b, '[');
	for (size_t i = 0; i < open->capability_count; i++)
		put_capability(b, &open->capabilities[i]);
	buffer_char(b, ']');
	len = bgp_open_encode(open, msg, sizeof msg);
	if (len > 0)
		put_hex_member(b, "reencoded", msg, (size_t)len);
}

static void
text_open(struct buffer *b, const struct bgp_open *open)
{
	buffer_str(b, "version ");
	buffer_u32(b, open->version);
	buffer_str(b, " as ");
	buffer_u32(b, open->as);
	buffer_str(b, " hold-time ");
	buffer_u32(b, open->hold_time_s);
	buffer_str(b, " router-id ");
	BUFFER_TEXT(b, bgp_id_text, open->router_id);
	for (size_t i = 0; i < open->capability_count; i++) {
		buffer_str(b, "; ");
		BUFFER_TEXT(b, bgp_capability_text, &open->capabilities[i]);
	}
}

static void
decode_open(struct buffer *b, const struct decode_context *ctx,
	    const uint8_t *msg, size_t len)
{
	const struct bgp_open_wanted wanted = { .peer_as = ctx->codec.peer_as,
						.local_as = ctx->codec.local_as,
						.router_id = ctx->local_id };
	static struct bgp_open open;
	struct bgp_fault fault;

	bgp_open_check(&wanted, msg, len, &open, &fault);
	if (!ctx->text) {
		put_open(b, &open, &fault);
		return;
	}
	text_fault(b, "OPEN ", &fault);
	if (fault.remedy == BGP_REMEDY_NONE)
		text_open(b, &open);
}

/* ----------------------------------------------------------- small messages */

static void
put_encoded(struct buffer *b, const uint8_t *msg, int len)
{
	if (len > 0)
		put_hex_member(b, "reencoded", msg, (size_t)len);
}

/* A text of Cease behind its length, where there is one.         RFC 9003 2 */
static void
put_shutdown(struct buffer *b, const struct bgp_notification *n)
{
	if (n->code != 6 || (n->subcode != 2 && n->subcode != 4) ||
	    n->data_len == 0 || n->data[0] > n->data_len - 1)
		return;
	buffer_key(b, "text");
	buffer_utf8(b, n->data + 1, n->data[0]);
}

static void
decode_notification(struct buffer *b, const struct decode_context *ctx,
		    const uint8_t *msg, size_t len)
{
	static const struct bgp_fault none;
	static uint8_t encoded[BGP_MESSAGE_EXT_MAX];
	struct bgp_notification n;

	if (bgp_notification_decode(msg, len, &n) != BGP_OK)
		return;
	if (ctx->text) {
		buffer_str(b, "NOTIFICATION ");
		BUFFER_TEXT(b, bgp_notification_text, &n);
		return;
	}
	put_fault(b, &none);
	put_number_member(b, "code", n.code);
	put_number_member(b, "subcode", n.subcode);
	buffer_key(b, "name");
	BUFFER_STRING(b, bgp_notification_text, &n);
	put_shutdown(b, &n);
	put_hex_member(b, "data", n.data, n.data_len);
	put_encoded(b, encoded,
		    bgp_notification_encode(&n, ctx->codec.message_out_max,
					    encoded, sizeof encoded));
}

/* A request as it is, or what else it may be.            RFC 5291 5, 7313 3.2
 */
static void
text_refresh(struct buffer *b, const struct bgp_refresh *refresh)
{
	BUFFER_TEXT(b, bgp_family_text, refresh->family);
	if (refresh->subtype == 1) {
		buffer_str(b, " begin");
	} else if (refresh->subtype == 2) {
		buffer_str(b, " end");
	} else if (refresh->subtype != 0) {
		buffer_str(b, " subtype ");
		buffer_u32(b, refresh->subtype);
	}
	if (refresh->orf.len > 0) {
		buffer_str(b, " orf ");
		buffer_hex(b, refresh->orf.octets, refresh->orf.len);
	}
}

static void
decode_refresh(struct buffer *b, const struct decode_context *ctx,
	       const uint8_t *msg, size_t len)
{
	static uint8_t encoded[BGP_MESSAGE_EXT_MAX];
	struct bgp_refresh refresh;
	struct bgp_fault fault;
	int err = bgp_refresh_decode(msg, len, &refresh, &fault);

	if (ctx->text) {
		text_fault(b, "ROUTE-REFRESH ", &fault);
		if (err == BGP_OK)
			text_refresh(b, &refresh);
		return;
	}
	put_fault(b, &fault);
	if (err != BGP_OK)
		return;
	put_family_member(b, refresh.family);
	put_number_member(b, "subtype", refresh.subtype);
	put_hex_member(b, "orf", refresh.orf.octets, refresh.orf.len);
	put_encoded(b, encoded,
		    bgp_refresh_encode(&refresh, encoded, sizeof encoded));
}

static void
decode_keepalive(struct buffer *b, const struct decode_context *ctx)
{
	static const struct bgp_fault none;
	uint8_t encoded[BGP_HEADER_LEN];

	if (ctx->text) {
		buffer_str(b, "KEEPALIVE");
		return;
	}
	put_fault(b, &none);
	put_encoded(b, encoded, bgp_keepalive_encode(encoded, sizeof encoded));
}

/* ----------------------------------------------------------------- messages */

static void
decode_body(struct buffer *b, const struct decode_context *ctx, uint8_t type,
	    const uint8_t *msg, size_t len)
{
	switch (type) {
	case BGP_OPEN:
		decode_open(b, ctx, msg, len);
		break;
	case BGP_UPDATE:
		decode_update(b, ctx, msg, len);
		break;
	case BGP_NOTIFICATION:
		decode_notification(b, ctx, msg, len);
		break;
	case BGP_ROUTE_REFRESH:
		decode_refresh(b, ctx, msg, len);
		break;
	default:
		decode_keepalive(b, ctx);
	}
}

static void
put_type(struct buffer *b, uint8_t type)
{
	static const char *const names[] = { "header",    "open",
					     "update",    "notification",
					     "keepalive", "route-refresh" };

	buffer_key(b, "type");
	buffer_char(b, '"');
	buffer_str(b, names[type <= BGP_ROUTE_REFRESH ? type : 0]);
	buffer_char(b, '"');
}

/* A line holds one message: what is too short for its header's length, or has
 * more behind it, has a bad length. */
static int
frame(const struct decode_context *ctx, const uint8_t *msg, size_t len,
      uint8_t *type, struct bgp_fault *fault)
{
	uint16_t msg_len;
	int err = bgp_frame_decode(msg, len, ctx->codec.message_in_max, type,
				   &msg_len, fault);

	if (err == BGP_ERR_SHORT || (err == BGP_OK && msg_len != len)) {
		*fault = (struct bgp_fault){
			.remedy = BGP_REMEDY_RESET,
			.code = 1,
			.subcode = 2,
			.reason = "not as long as its header says"
		};
		err = BGP_ERR_MALFORMED;
	}
	return err;
}

void
decode_message(struct buffer *b, const struct decode_context *ctx,
	       const uint8_t *msg, size_t len)
{
	struct bgp_fault fault;
	uint8_t type;
	int err = frame(ctx, msg, len, &type, &fault);

	if (!ctx->text)
		put_type(b, type);
	if (err == BGP_OK)
		decode_body(b, ctx, type, msg, len);
	else if (ctx->text)
		text_fault(b, "message ", &fault);
	else
		put_fault(b, &fault);
}

/* Where an entry leads to, the first address of its next hop. */
static void
text_hop(struct buffer *b, struct bgp_span hop)
{
	size_t len = hop.len == 48 ? 24 : hop.len == 32 ? 16 : hop.len;
	size_t rd = len == 12 || len == 24 ? 8 : 0;
	struct bgp_addr addr = { .len = (uint8_t)(len - rd) };

	if (addr.len != 4 && addr.len != 16)
		return;
	memcpy(addr.octets, hop.octets + rd, addr.len);
	buffer_str(b, " via ");
	BUFFER_TEXT(b, bgp_addr_text, &addr);
}

void
decode_entry(struct buffer *b, const struct decode_context *ctx,
	     const struct bgp_mrt_rib *rib, const struct bgp_mrt_entry *entry)
{
	static const struct bgp_codec codec = { .as4 = true };
	static struct canonical canonical;
	static struct bgp_update update;
	struct bgp_fault fault;

	bgp_mrt_entry_decode(rib, entry, &update, &fault);
	update.reach_count = 0;
	if (ctx->text) {
		text_hop(b, update.reach[0].next_hop);
		text_fault(b, ": ", &fault);
		if (fault.remedy != BGP_REMEDY_NONE)
			buffer_char(b, ' ');
		BUFFER_TEXT(b, bgp_update_text, &codec, &update);
		return;
	}
	put_fault(b, &fault);
	put_next_hop(b, update.reach[0].next_hop);
	make_canonical(&codec, &update, &canonical);
	put_attrs(b, &canonical, &update);
}
