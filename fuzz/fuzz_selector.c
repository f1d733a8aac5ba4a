/*
 * fuzz_selector.c - any text as a selector: it parses or says why not, and its
 * canonical form means the same.
 */
#include "check.h"

#include "bgp/plan.h"

static const struct bgp_label labels[] = {
	{ "a", "x" },
	{ "b", "" },
	{ "in", "long value" },
};

static void
check_canonical(const struct bgp_selector *s)
{
	size_t len = bgp_selector_text(s, NULL, 0);
	char *text = malloc(len + 1), *twice = malloc(len + 1);
	struct bgp_selector *again;
	int err;

	bgp_selector_text(s, text, len + 1);
	err = bgp_selector_new(&again, text, NULL, NULL);
	if (err == BGP_OK) {
		CHECK(bgp_selector_text(again, twice, len + 1) == len);
		CHECK(strcmp(text, twice) == 0);
		for (size_t n = 0; n <= 3; n++)
			CHECK(bgp_selector_match(s, labels, n) ==
			      bgp_selector_match(again, labels, n));
		bgp_selector_del(again);
	} else {
		/* Blanks may push it over the limit of length. */
		CHECK(err == BGP_ERR_LIMIT && len > BGP_SELECTOR_LEN_MAX);
	}
	free(text);
	free(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct bgp_selector_fault fault = { 0, NULL };
	char *text = malloc(len + 1);
	struct bgp_selector *s;

	memcpy(text, octets, len);
	text[len] = '\0';
	if (bgp_selector_new(&s, text, NULL, &fault) == BGP_OK) {
		check_canonical(s);
		bgp_selector_del(s);
	} else {
		CHECK(fault.reason != NULL && fault.column > 0 &&
		      fault.column <= strlen(text) + 1);
	}
	free(text);
	return 0;
}
