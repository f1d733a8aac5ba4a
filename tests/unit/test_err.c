/*
 * test_err.c - every result code has words of its own.
 */
#include <limits.h>
#include <string.h>

#include "check.h"

#include "bgp/bgp.h"

static void
test_every_code_differs(void **state)
{
	(void)state;
	for (int a = BGP_ERR_ENDED; a <= BGP_OK; a++)
		for (int b = BGP_ERR_ENDED; b < a; b++)
			assert_string_not_equal(bgp_err_text(a),
						bgp_err_text(b));
	assert_string_equal(bgp_err_text(BGP_ERR_NOMEM), "out of memory");
	assert_string_equal(bgp_err_text(BGP_ERR_LIMIT), "limit reached");
}

static void
test_other_numbers(void **state)
{
	(void)state;
	assert_string_equal(bgp_err_text(1), bgp_err_text(BGP_OK));
	assert_string_equal(bgp_err_text(INT_MAX), bgp_err_text(BGP_OK));
	assert_string_equal(bgp_err_text(BGP_ERR_ENDED - 1), "unknown error");
	assert_string_equal(bgp_err_text(INT_MIN), "unknown error");
	assert_string_equal(bgp_remedy_text((enum bgp_remedy)4), "unknown");
}

static void
test_version(void **state)
{
	(void)state;
	assert_string_equal(bgp_version(), BGP_VERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_differs),
		cmocka_unit_test(test_other_numbers),
		cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
