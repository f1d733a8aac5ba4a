/*
 * fuzz_encode.c - whatever a host gives to be sent, in buffers of any size.
 *
 *   octet 0     session: AS4, ADD-PATH, stacks of labels, reachable or not
 *   octet 1     family, by its place in the table below
 *   octets 2-3  size of the buffer
 *   octet 4     number of attributes, then each: code, length, value
 *   the rest    NLRI, each: bits, octets, labels, body
 *
 * Neither attributes nor NLRI need be sound.  What is written is a whole
 * message that stays in its buffer, and all NLRI go out in the end, or one is
 * refused.
 */
#include "check.h"

#include "bgp/codec.h"

enum {
	AS4 = 1,
	ADD_PATH = 2,
	LABELS = 4,
	UNREACH = 8,
	EXTENDED = 16,
	ATTRS_MAX = 16,
	NLRI_MAX = 64
};

static const bgp_family families[] = { BGP_IPV4_UNICAST,   BGP_IPV6_UNICAST,
				       BGP_FAMILY(1, 4),   BGP_FAMILY(1, 128),
				       BGP_FAMILY(1, 133), BGP_FAMILY(25, 70),
				       BGP_FAMILY(999, 1) };

#define FAMILIES (sizeof families / sizeof families[0])

/* What is left of the input; takes as much as there is. */
struct input {
	const uint8_t *at, *end;
};

static uint8_t
take(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* In memory of exactly that size, so that a step behind it is seen. */
static uint8_t *
take_body(struct input *in, size_t len)
{
	uint8_t *body = calloc(1, len > 0 ? len : 1);
	size_t left = (size_t)(in->end - in->at);

	CHECK(body != NULL);
	memcpy(body, in->at, left < len ? left : len);
	in->at += left < len ? left : len;
	return body;
}

static struct bgp_attr attrs[ATTRS_MAX];
static struct bgp_nlri nlri[NLRI_MAX];
static uint8_t *bodies[ATTRS_MAX + NLRI_MAX];
static size_t body_count;

static size_t
take_attrs(struct input *in)
{
	size_t count = take(in) % (ATTRS_MAX + 1);
	uint8_t code = 0;

	for (size_t i = 0; i < count; i++) {
		struct bgp_attr *attr = &attrs[i];

		code = (uint8_t)(code + 1 + take(in) % 8);
		attr->code = code;
		attr->flags = take(in);
		attr->len = take(in);
		if (attr->len > 250) /* some are long */
			attr->len = (uint16_t)(attr->len * 16);
		attr->value = bodies[body_count++] = take_body(in, attr->len);
	}
	return count;
}

static size_t
take_nlri(struct input *in, bgp_family family)
{
	size_t count = 0;

	for (; in->at < in->end && count < NLRI_MAX; count++) {
		uint16_t bits = take(in), len = take(in) % 64;
		uint8_t labels = take(in) % 16;

		nlri[count] = (struct bgp_nlri){ .family = family,
						 .path_id = 7,
						 .bits = bits,
						 .len = len,
						 .labels = labels };
		nlri[count].octets = bodies[body_count++] = take_body(in, len);
	}
	return count;
}

/* One message; answers the NLRI in it, 0: none. */
static size_t
encode(const struct bgp_codec *codec, const struct bgp_update_parts *parts,
       size_t size)
{
	static struct bgp_update update;
	uint8_t *buf = malloc(size > 0 ? size : 1);
	struct bgp_fault fault;
	uint16_t msg_len;
	uint8_t type;
	size_t taken = 99;
	int len;

	CHECK(buf != NULL);
	len = bgp_update_encode(codec, parts, buf, size, &taken);
	CHECK(taken <= parts->nlri_count);
	if (len < 0) {
		CHECK(len == BGP_ERR_SPACE || len == BGP_ERR_INVALID);
		free(buf);
		return 0;
	}
	CHECK((size_t)len <= size && len <= codec->message_out_max);
	CHECK(parts->nlri_count == 0 || taken > 0);
	CHECK(bgp_frame_decode(buf, (size_t)len, codec->message_out_max, &type,
			       &msg_len, &fault) == BGP_OK);
	CHECK(type == BGP_UPDATE && msg_len == len);
	bgp_update_decode(codec, buf, (size_t)len, &update, &fault);
	free(buf);
	return taken;
}

static void
set_codec(struct bgp_codec *codec, uint8_t flags, bgp_family family)
{
	*codec = (struct bgp_codec){
		.as4 = (flags & AS4) != 0,
		.message_out_max = (flags & EXTENDED) != 0 ? BGP_MESSAGE_EXT_MAX
							   : BGP_MESSAGE_MAX,
		.family_count = 1,
		.families = { { .family = family,
				.add_path_in = (flags & ADD_PATH) != 0,
				.add_path_out = (flags & ADD_PATH) != 0,
				.labels_in = (flags & LABELS) != 0 ? 3 : 0,
				.labels_out = (flags & LABELS) != 0 ? 3 : 0,
				.form = BGP_NLRI_LEN16 } }
	};
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static const uint8_t hop[16] = { 0x20, 1, 0xd, 0xb8 };
	struct input in = { octets, octets + len };
	struct bgp_update_parts parts = { .next_hop = { hop, 4 },
					  .attrs = attrs,
					  .nlri = nlri };
	struct bgp_codec codec;
	size_t size, taken;
	uint8_t flags;

	if (len < 5 || len > 4000)
		return 0;
	flags = take(&in);
	parts.family = families[take(&in) % FAMILIES];
	parts.unreach = (flags & UNREACH) != 0;
	parts.next_hop.len = parts.family == BGP_IPV6_UNICAST ? 16 : 4;
	size = take(&in);
	size = size << 8 | take(&in);
	set_codec(&codec, flags, parts.family);
	body_count = 0;
	parts.attr_count = take_attrs(&in);
	parts.nlri_count = take_nlri(&in, parts.family);
	do {
		taken = encode(&codec, &parts, size);
		parts.nlri += taken;
		parts.nlri_count -= taken;
	} while (taken > 0 && parts.nlri_count > 0);
	for (size_t i = 0; i < body_count; i++)
		free(bodies[i]);
	return 0;
}
