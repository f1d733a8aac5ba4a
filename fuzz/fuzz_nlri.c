/*
 * fuzz_nlri.c - any octets as NLRI of any family.
 *
 *   octet 0  family, by its place in the table below
 *   octet 1  ADD-PATH, stacks of labels, form of an unknown family
 *   the rest a list in MP_REACH
 *
 * A list that is sound is walked to its end; each NLRI has a key and a text,
 * both bounded, and a prefix reads back as what it was.
 */
#include "check.h"

#include "bgp/codec.h"

enum { ADD_PATH = 1, LABELS = 2, FORM_SHIFT = 2 };

static const bgp_family families[] = {
	BGP_FAMILY(1, 1),      BGP_FAMILY(2, 1),   BGP_FAMILY(1, 2),
	BGP_FAMILY(2, 2),      BGP_FAMILY(1, 4),   BGP_FAMILY(2, 4),
	BGP_FAMILY(1, 128),    BGP_FAMILY(2, 128), BGP_FAMILY(1, 129),
	BGP_FAMILY(2, 129),    BGP_FAMILY(1, 132), BGP_FAMILY(1, 133),
	BGP_FAMILY(2, 133),    BGP_FAMILY(1, 134), BGP_FAMILY(2, 134),
	BGP_FAMILY(1, 5),      BGP_FAMILY(2, 5),   BGP_FAMILY(1, 73),
	BGP_FAMILY(2, 73),     BGP_FAMILY(1, 85),  BGP_FAMILY(2, 85),
	BGP_FAMILY(25, 65),    BGP_FAMILY(25, 70), BGP_FAMILY(16388, 71),
	BGP_FAMILY(16388, 72), BGP_FAMILY(999, 1)
};

#define FAMILIES (sizeof families / sizeof families[0])

/* ORIGIN, AS_PATH, and the head of MP_REACH. */
static const uint8_t attrs[] = { 0x40, 1,    1,    0,    0x40,
				 2,    6,    2,    1,    0,
				 0,    0xfd, 0xea, 0x90, BGP_ATTR_MP_REACH };

/* Octets in front of the next hop. */
enum { HEAD_LEN = 23 + sizeof attrs + 2 + 4 };

/* An UPDATE of these NLRI, in memory of exactly its size. */
static uint8_t *
build(bgp_family family, size_t hop_len, const uint8_t *octets, size_t len)
{
	size_t value_len = 5 + hop_len + len,
	       block_len = sizeof attrs + 2 + value_len;
	uint8_t *msg = calloc(1, 23 + block_len), *p = msg + 23;

	CHECK(msg != NULL);
	msg[21] = (uint8_t)(block_len >> 8);
	msg[22] = (uint8_t)block_len;
	memcpy(p, attrs, sizeof attrs);
	p += sizeof attrs;
	p[0] = (uint8_t)(value_len >> 8);
	p[1] = (uint8_t)value_len;
	p[2] = (uint8_t)(BGP_AFI(family) >> 8);
	p[3] = (uint8_t)BGP_AFI(family);
	p[4] = (uint8_t)BGP_SAFI(family);
	p[5] = (uint8_t)hop_len;
	memcpy(msg + HEAD_LEN + hop_len + 1, octets, len);
	return msg;
}

static void
check_prefix(const struct bgp_nlri *nlri)
{
	struct bgp_prefix prefix, again;
	char text[BGP_PREFIX_TEXT_MAX], same[BGP_PREFIX_TEXT_MAX];

	if (bgp_nlri_prefix(nlri, &prefix) != BGP_OK)
		return;
	CHECK_TEXT(bgp_prefix_text, &prefix);
	CHECK(bgp_prefix_text(&prefix, text, sizeof text) < sizeof text);
	CHECK(bgp_prefix_parse(&again, text) == BGP_OK);
	CHECK(bgp_prefix_compare(&prefix, &again) == 0);
	CHECK(bgp_nlri_text(nlri, same, sizeof same) < sizeof same);
	CHECK(strcmp(text, same) == 0);
}

static void
check_key(const struct bgp_nlri *nlri)
{
	uint8_t *key = malloc(nlri->len + 1u);
	int len;

	CHECK(key != NULL);
	len = bgp_nlri_key(nlri, key, nlri->len + 1u);
	CHECK(len >= 0 && len <= nlri->len + 1);
	for (int size = 0; size < len; size += 1 + len / 16)
		CHECK(bgp_nlri_key(nlri, key, (size_t)size) == BGP_ERR_SPACE);
	free(key);
}

/* A list that was found sound, to its end. */
static void
walk(struct bgp_nlri_list list)
{
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri)) {
		CHECK_TEXT(bgp_nlri_text, &nlri);
		check_prefix(&nlri);
		check_key(&nlri);
	}
	CHECK(list.len == 0);
}

/* With a next hop of each length that some family has, until one does. */
static void
decode(const struct bgp_codec *codec, const uint8_t *octets, size_t len)
{
	static const uint8_t hops[] = { 4, 16, 12, 24 };
	static struct bgp_update update;
	struct bgp_fault fault;
	bool done = false;

	for (size_t i = 0; i < sizeof hops && !done; i++) {
		uint8_t *msg = build(codec->families[0].family, hops[i], octets,
				     len);

		bgp_update_decode(codec, msg,
				  (size_t)HEAD_LEN + hops[i] + 1 + len, &update,
				  &fault);
		done = update.reach_count == 1;
		if (done)
			walk(update.reach[0]);
		free(msg);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct bgp_codec codec = { .as4 = true, .family_count = 1 };
	struct bgp_family_codec *f = codec.families;

	if (len < 2 || len > 1000)
		return 0;
	f->family = families[octets[0] % FAMILIES];
	f->add_path_in = (octets[1] & ADD_PATH) != 0;
	f->labels_in = f->labels_out = (octets[1] & LABELS) != 0 ? 255 : 0;
	f->form = (uint8_t)(octets[1] >> FORM_SHIFT & 7);
	decode(&codec, octets + 2, len - 2);
	return 0;
}
