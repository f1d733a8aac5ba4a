/*
 * text_case.h - tables of octets and the text they print as, for attributes and
 * for NLRI.
 */
#ifndef BGP_TESTS_TEXT_CASE_H
#define BGP_TESTS_TEXT_CASE_H

#include <stdlib.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

/* An attribute of the code, or an NLRI of the family, whole as on the wire. */
struct text_case {
	uint32_t kind;
	const char *octets, *text;
};

/* The octets in memory of exactly their size. */
static inline uint8_t *
text_case_octets(const struct text_case *c, size_t *len)
{
	static uint8_t octets[4096];
	uint8_t *exact;

	*len = hex_octets(c->octets, octets, sizeof octets);
	exact = malloc(*len + 1);
	assert_non_null(exact);
	memmove(exact + 1, octets, *len); /* nothing is aligned by chance */
	return exact;
}

static inline void
expect_attr_texts(const struct text_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[1000];
		size_t len;
		uint8_t *octets = text_case_octets(&cases[i], &len);
		struct bgp_attr attr = { 0xc0, (uint8_t)cases[i].kind,
					 (uint16_t)len, octets + 1 };

		bgp_attr_text(&attr, text, sizeof text);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(bgp_attr_text(&attr, text, 1),
				 strlen(cases[i].text));
		free(octets);
	}
}

static inline void
expect_nlri_texts(const struct text_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[1000];
		size_t len;
		uint8_t *octets = text_case_octets(&cases[i], &len);
		struct bgp_nlri nlri = { .family = cases[i].kind,
					 .len = (uint16_t)len,
					 .octets = octets + 1 };

		bgp_nlri_text(&nlri, text, sizeof text);
		assert_string_equal(text, cases[i].text);
		free(octets);
	}
}

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])

#endif
