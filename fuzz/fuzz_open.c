/*
 * fuzz_open.c - any OPEN body: what is read can be written and read again, with
 * each capability; and two of them negotiate.
 */
#include "check.h"

#include "bgp/codec.h"

static void
check_capability(const struct bgp_capability *cap)
{
	struct bgp_capability_value value;
	uint8_t back[255];
	char text[4096];
	int len;

	CHECK(bgp_capability_text(cap, text, sizeof text) == strlen(text));
	if (bgp_capability_decode(cap, &value) != BGP_OK)
		return;
	len = bgp_capability_encode(&value, back, sizeof back);
	CHECK(len >= 0 && len <= cap->len);
}

static void
check_round_trip(const struct bgp_open *open)
{
	static uint8_t msg[BGP_MESSAGE_MAX];
	static struct bgp_open back;
	struct bgp_fault fault;
	int len = bgp_open_encode(open, msg, sizeof msg);

	if (len == BGP_ERR_SPACE)
		return;
	CHECK(len > 0);
	CHECK(bgp_open_decode(msg, (size_t)len, &back, &fault) == BGP_OK);
	CHECK(back.as == open->as && back.router_id == open->router_id);
	CHECK(back.hold_time_s == open->hold_time_s);
	CHECK(back.capability_count == open->capability_count);
	for (size_t i = 0; i < back.capability_count; i++) {
		const struct bgp_capability *a = &open->capabilities[i];
		const struct bgp_capability *b = &back.capabilities[i];

		CHECK(a->code == b->code && a->len == b->len);
		CHECK(a->len == 0 || memcmp(a->value, b->value, a->len) == 0);
		check_capability(a);
	}
}

static void
check_negotiation(const struct bgp_open *open)
{
	static const uint8_t family[] = { 0, 2, 0, 1 };
	static const uint8_t add_path[] = { 0, 2, 1, 3 };
	struct bgp_open other = { .version = 4,
				  .as = 1,
				  .router_id = 1,
				  .capability_count = 2,
				  .capabilities = {
				      { BGP_CAP_MP, 4, family },
				      { BGP_CAP_ADD_PATH, 4, add_path } } };
	struct bgp_codec ab, ba;

	bgp_codec_negotiate(open, &other, &ab);
	bgp_codec_negotiate(&other, open, &ba);
	CHECK(ab.family_count == ba.family_count);
	CHECK(ab.as4 == ba.as4 && ab.ebgp == ba.ebgp);
	/* Long messages are taken by who offered it, and sent among two. */
	CHECK(ab.message_out_max <= ba.message_in_max);
	CHECK(ab.message_out_max == ba.message_out_max);
	for (size_t i = 0; i < ab.family_count; i++)
		CHECK(ab.families[i].add_path_in ==
		      ba.families[i].add_path_out);
	bgp_codec_negotiate(open, open, &ab);
	CHECK(ab.family_count <= BGP_FAMILIES_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static struct bgp_open open;
	struct bgp_fault fault;
	uint8_t *msg;
	int err;

	if (len > BGP_MESSAGE_MAX - BGP_HEADER_LEN)
		return 0;
	msg = malloc(BGP_HEADER_LEN + len);
	CHECK(msg != NULL);
	memset(msg, 0xff, BGP_HEADER_LEN);
	memcpy(msg + BGP_HEADER_LEN, octets, len);
	err = bgp_open_decode(msg, BGP_HEADER_LEN + len, &open, &fault);
	CHECK((err == BGP_OK) == (fault.remedy == BGP_REMEDY_NONE));
	if (err == BGP_OK) {
		check_round_trip(&open);
		check_negotiation(&open);
	}
	free(msg);
	return 0;
}
