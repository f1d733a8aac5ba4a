/*
 * test_quote.c - a peer's text cannot move a cursor, close its quotes or pass
 * for what it is not.
 */
#include <string.h>

#include "check.h"

#include "libbgp/codec/text.h"

static void
test_quoted(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "", "\"\"" },
		{ "plain ~", "\"plain ~\"" },
		{ "a\r\n\t\33[2J\177", "\"a....[2J.\"" },
		{ "a\"b", "\"a.b\"" },
		{ "\303\244 \342\202\254 \360\237\230\200",
		  "\"\303\244 \342\202\254 \360\237\230\200\"" },
		{ "\302\233", "\"..\"" }, /* C1 control */
		{ "\302\240", "\"\302\240\"" },
		{ "\300\257", "\"..\"" }, /* overlong */
		{ "\340\200\257", "\"...\"" },
		{ "\360\200\200\257", "\"....\"" },
		{ "\355\240\200", "\"...\"" }, /* surrogate */
		{ "\364\220\200\200", "\"....\"" },
		{ "\365\200\200\200", "\"....\"" },
		{ "\200\377", "\"..\"" },
		{ "\303", "\".\"" }, /* cut */
		{ "\342\202", "\"..\"" },
		{ "\303x", "\".x\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char buf[64];
		struct bgp__text t = bgp__text(buf, sizeof buf);
		struct bgp_span span = { (const uint8_t *)cases[i].in,
					 strlen(cases[i].in) };

		bgp__text_quoted(&t, span);
		bgp__text_end(&t);
		assert_string_equal(buf, cases[i].out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
