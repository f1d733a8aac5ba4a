/*
 * fuzz_text.c - every parser of text; what it accepts prints and parses to the
 * same value.
 */
#include "check.h"

#include "bgp/codec.h"

static void
check_addresses(const char *text)
{
	struct bgp_addr addr, addr_again;
	struct bgp_prefix prefix, prefix_again;
	uint32_t id, id_again;
	char out[64];

	if (bgp_addr_parse(&addr, text) == BGP_OK) {
		CHECK(bgp_addr_text(&addr, out, sizeof out) <
		      BGP_ADDR_TEXT_MAX);
		CHECK(bgp_addr_parse(&addr_again, out) == BGP_OK);
		CHECK(bgp_addr_compare(&addr, &addr_again) == 0);
	}
	if (bgp_prefix_parse(&prefix, text) == BGP_OK) {
		CHECK(bgp_prefix_text(&prefix, out, sizeof out) <
		      BGP_PREFIX_TEXT_MAX);
		CHECK(bgp_prefix_parse(&prefix_again, out) == BGP_OK);
		CHECK(bgp_prefix_compare(&prefix, &prefix_again) == 0);
	}
	if (bgp_id_parse(&id, text) == BGP_OK) {
		bgp_id_text(id, out, sizeof out);
		CHECK(bgp_id_parse(&id_again, out) == BGP_OK && id == id_again);
	}
}

static void
check_communities(const char *text)
{
	uint8_t a[12], b[12];
	uint32_t c, d;
	char out[64];

	if (bgp_community_parse(&c, text) == BGP_OK) {
		bgp_community_text(c, out, sizeof out);
		CHECK(bgp_community_parse(&d, out) == BGP_OK && c == d);
	}
	if (bgp_large_community_parse(a, text) == BGP_OK) {
		bgp_large_community_text(a, out, sizeof out);
		CHECK(bgp_large_community_parse(b, out) == BGP_OK);
		CHECK(memcmp(a, b, 12) == 0);
	}
	if (bgp_ext_community_parse(a, text) == BGP_OK) {
		bgp_ext_community_text(a, out, sizeof out);
		CHECK(bgp_ext_community_parse(b, out) == BGP_OK);
		CHECK(memcmp(a, b, 8) == 0);
	}
	if (bgp_rd_parse(a, text) == BGP_OK) {
		bgp_rd_text(a, out, sizeof out);
		CHECK(bgp_rd_parse(b, out) == BGP_OK && memcmp(a, b, 8) == 0);
	}
}

static void
check_path(const char *text)
{
	static uint8_t a[8192], b[8192];
	static char out[65536];
	int len = bgp_as_path_parse(text, a, sizeof a), back;

	if (len < 0)
		return;
	CHECK(bgp_as_path_text(a, (size_t)len, out, sizeof out) < sizeof out);
	back = bgp_as_path_parse(out, b, sizeof b);
	/* neighbouring sequences print as one */
	CHECK(back > 0 || len == 0);
	CHECK(back <= len);
}

static void
check_family(const char *text)
{
	bgp_family family, again;
	char out[BGP_FAMILY_TEXT_MAX];

	if (bgp_family_parse(&family, text) != BGP_OK)
		return;
	CHECK(bgp_family_text(family, out, sizeof out) < sizeof out);
	CHECK(bgp_family_parse(&again, out) == BGP_OK && family == again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	uint8_t shutdown[300];
	char *text;

	if (len > 4096)
		return 0;
	text = malloc(len + 1);
	CHECK(text != NULL);
	memcpy(text, octets, len);
	text[len] = '\0';
	check_addresses(text);
	check_communities(text);
	check_path(text);
	check_family(text);
	CHECK(bgp_shutdown_encode(text, shutdown, sizeof shutdown) <= 256);
	free(text);
	return 0;
}
