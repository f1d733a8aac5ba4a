/*
 * fuzz_update.c - any UPDATE body in any session.
 *
 *   octet 0  session: as4, eBGP, ADD-PATH, extended next hop, first AS, recall,
 *            stacks of labels
 *   the rest the message behind its header
 *
 * What is decoded is walked, printed and made canonical; encoded anew it says
 * the same, to a peer of 4-octet and of 2-octet AS numbers.
 */
#include "check.h"

#include "bgp/codec.h"

enum {
	AS4 = 1,
	EBGP = 2,
	ADD_PATH = 4,
	EXT_HOP = 8,
	FIRST_AS = 16,
	RECALL = 32,
	LABELS = 64
};

static const bgp_family families[] = {
	BGP_IPV4_UNICAST,   BGP_IPV6_UNICAST,   BGP_FAMILY(1, 2),
	BGP_FAMILY(1, 4),   BGP_FAMILY(2, 4),   BGP_FAMILY(1, 128),
	BGP_FAMILY(2, 128), BGP_FAMILY(1, 129), BGP_FAMILY(1, 132),
	BGP_FAMILY(1, 133), BGP_FAMILY(2, 133), BGP_FAMILY(1, 5),
	BGP_FAMILY(1, 73),  BGP_FAMILY(2, 73),  BGP_FAMILY(1, 85),
	BGP_FAMILY(25, 65), BGP_FAMILY(25, 70), BGP_FAMILY(16388, 71),
	BGP_FAMILY(999, 2), BGP_FAMILY(999, 3)
};

#define FAMILIES (sizeof families / sizeof families[0])

static struct bgp_update update, back;
static uint8_t block[2 * BGP_ATTR_BLOCK_MAX], again[2 * BGP_ATTR_BLOCK_MAX];
static struct bgp_attr attrs[BGP_UPDATE_ATTRS_MAX];
static struct bgp_nlri nlri[BGP_MESSAGE_EXT_MAX];

static const void *
recall(void *ctx, const struct bgp_update *u)
{
	(void)ctx;
	CHECK(u->block.len > 0);
	for (size_t i = 0; i < u->attr_count; i++)
		CHECK(u->attrs[i].value >= u->block.octets &&
		      u->attrs[i].value + u->attrs[i].len <=
			  u->block.octets + u->block.len);
	return NULL;
}

static void
set_codec(struct bgp_codec *codec, uint8_t flags)
{
	*codec = (struct bgp_codec){ .as4 = (flags & AS4) != 0,
				     .ebgp = (flags & EBGP) != 0,
				     .first_as_check = (flags & FIRST_AS) != 0,
				     .local_as = 65001,
				     .peer_as = 65002,
				     .message_out_max = BGP_MESSAGE_EXT_MAX,
				     .recall = (flags & RECALL) != 0 ? recall
								     : NULL };
	for (size_t i = 0; i < FAMILIES; i++)
		codec->families[codec->family_count++] =
		    (struct bgp_family_codec){
			    .family = families[i],
			    .add_path_in = (flags & ADD_PATH) != 0,
			    .add_path_out = (flags & ADD_PATH) != 0,
			    .ext_next_hop = (flags & EXT_HOP) != 0,
			    .labels_in = (flags & LABELS) != 0 ? 3 : 0,
			    .labels_out = (flags & LABELS) != 0 ? 3 : 0,
			    .form = i == FAMILIES - 2 ? BGP_NLRI_TYPE8_LEN8
						      : BGP_NLRI_KNOWN
		    };
}

static size_t
split(const uint8_t *octets, size_t len)
{
	size_t count = 0;

	for (size_t at = 0; at < len; count++) {
		bool extended = (octets[at] & BGP_ATTR_EXTENDED) != 0;
		struct bgp_attr *attr = &attrs[count];

		attr->flags = octets[at];
		attr->code = octets[at + 1];
		CHECK(count == 0 || attr[-1].code < attr->code);
		attr->len = (uint16_t)(extended ? octets[at + 2] << 8 |
					       octets[at + 3]
						: octets[at + 2]);
		CHECK(extended == (attr->len > 255));
		attr->value = octets + at + (extended ? 4 : 3);
		at = (size_t)(attr->value - octets) + attr->len;
		CHECK(at <= len);
	}
	return count;
}

static size_t
take_all(struct bgp_nlri_list list)
{
	size_t count = 0;
	char text[1024];

	for (; bgp_nlri_next(&list, &nlri[count]); count++)
		if (count < 4)
			CHECK(bgp_nlri_text(&nlri[count], text, sizeof text) >
			      0);
	CHECK(list.len == 0 && count > 0);
	return count;
}

/* The same message for the same session says the same. */
static void
check_rebuilt(struct bgp_codec *codec, const struct bgp_nlri_list *list,
	      bool unreach, size_t attr_count, size_t block_len)
{
	static uint8_t msg[BGP_MESSAGE_EXT_MAX];
	struct bgp_update_parts parts = { .family = list->family,
					  .unreach = unreach,
					  .next_hop = list->next_hop,
					  .attrs = attrs,
					  .attr_count = attr_count,
					  .nlri = nlri,
					  .nlri_count = take_all(*list) };
	struct bgp_fault fault;
	size_t taken;
	int len = bgp_update_encode(codec, &parts, msg, sizeof msg, &taken);

	if (len == BGP_ERR_SPACE)
		return;
	CHECK(len > 0 && taken > 0);
	CHECK(bgp_update_decode(codec, msg, (size_t)len, &back, &fault) ==
	      BGP_OK);
	CHECK(fault.remedy == BGP_REMEDY_NONE);
	CHECK(back.reach_count == !unreach && back.unreach_count == unreach);
	if (!unreach)
		CHECK(bgp_attrs_canonical(codec, &back, again, sizeof again) ==
			  (int)block_len &&
		      memcmp(again, block, block_len) == 0);
}

static void
check_lists(struct bgp_codec *codec, size_t attr_count, size_t block_len)
{
	bool as4 = codec->as4;

	for (size_t i = 0; i < update.unreach_count; i++)
		check_rebuilt(codec, &update.unreach[i], true, attr_count,
			      block_len);
	for (size_t i = 0; i < update.reach_count; i++) {
		codec->as4 = true;
		check_rebuilt(codec, &update.reach[i], false, attr_count,
			      block_len);
		codec->as4 = as4;
	}
}

static void
check_update(struct bgp_codec *codec)
{
	static char text[1 << 20];
	struct bgp_as_path_facts facts;
	const struct bgp_attr *path;
	size_t attr_count;
	int len;

	CHECK_TEXT(bgp_update_text, codec, &update);
	bgp_update_text(codec, &update, text, sizeof text);
	CHECK(strlen(text) < sizeof text);
	len = bgp_attrs_canonical(codec, &update, block, sizeof block);
	if (len == BGP_ERR_SPACE)
		return; /* a path too long in 4 octets */
	attr_count = split(block, (size_t)len);
	path = bgp_attr_find(attrs, attr_count, BGP_ATTR_AS_PATH);
	if (path != NULL)
		bgp_as_path_facts(path->value, path->len, 65001, &facts);
	check_lists(codec, attr_count, (size_t)len);
}

static void
check_fault(const struct bgp_fault *fault, const uint8_t *msg, size_t len)
{
	CHECK((fault->reason == NULL) == (fault->remedy == BGP_REMEDY_NONE));
	CHECK(fault->offset <= len);
	CHECK(fault->data_len <= BGP_MESSAGE_MAX - 21);
	if (fault->data_len > 1)
		CHECK(fault->data >= msg &&
		      fault->data + fault->data_len <= msg + len);
	if (fault->remedy == BGP_REMEDY_WITHDRAW)
		CHECK(update.reach_count == 0);
	if (fault->remedy == BGP_REMEDY_RESET)
		CHECK(update.reach_count == 0 && update.unreach_count == 0 &&
		      update.attr_count == 0 && update.eor == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct bgp_fault fault;
	struct bgp_codec codec;
	uint8_t *msg;
	int err;

	if (len < 1 || len > BGP_MESSAGE_EXT_MAX - BGP_HEADER_LEN)
		return 0;
	set_codec(&codec, octets[0]);
	len += BGP_HEADER_LEN - 1;
	msg = malloc(len);
	CHECK(msg != NULL);
	memset(msg, 0xff, BGP_HEADER_LEN);
	memcpy(msg + BGP_HEADER_LEN, octets + 1, len - BGP_HEADER_LEN);
	err = bgp_update_decode(&codec, msg, len, &update, &fault);
	CHECK((err == BGP_OK) == (fault.remedy != BGP_REMEDY_RESET));
	check_fault(&fault, msg, len);
	if (err == BGP_OK)
		check_update(&codec);
	free(msg);
	return 0;
}
