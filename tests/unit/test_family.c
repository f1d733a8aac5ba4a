/*
 * test_family.c - the names of families, known and unknown.
 */
#include "check.h"

#include "bgp/types.h"

static void
test_names(void **state)
{
	static const struct {
		bgp_family family;
		const char *name;
	} cases[] = {
		{ BGP_IPV4_UNICAST, "ipv4-unicast" },
		{ BGP_IPV6_UNICAST, "ipv6-unicast" },
		{ BGP_FAMILY(1, 128), "vpnv4" },
		{ BGP_FAMILY(25, 70), "l2vpn-evpn" },
		{ BGP_FAMILY(1, 133), "ipv4-flowspec" },
		{ BGP_FAMILY(4128, 9), "afi-4128-safi-9" },
		{ BGP_FAMILY(65535, 255), "afi-65535-safi-255" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char buf[BGP_FAMILY_TEXT_MAX];
		bgp_family family = 0;

		bgp_family_text(cases[i].family, buf, sizeof buf);
		assert_string_equal(buf, cases[i].name);
		assert_int_equal(bgp_family_parse(&family, buf), BGP_OK);
		assert_int_equal(family, cases[i].family);
	}
}

static void
test_other_names(void **state)
{
	static const struct {
		const char *name;
		bgp_family family;
	} cases[] = {
		{ "ipv4-vpn", BGP_FAMILY(1, 128) },
		{ "evpn", BGP_FAMILY(25, 70) },
		{ "1/1", BGP_IPV4_UNICAST },
		{ "65535/255", BGP_FAMILY(65535, 255) },
	};
	bgp_family family;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(bgp_family_parse(&family, cases[i].name),
				 BGP_OK);
		assert_int_equal(family, cases[i].family);
	}
}

static void
test_refused(void **state)
{
	static const char *const cases[] = { "",
					     "ipv4",
					     "ipv4-unicastx",
					     "afi-1",
					     "afi-65536-safi-1",
					     "afi-1-safi-256",
					     "afi-1-safi-1x",
					     "afi--safi-1",
					     "1/",
					     "/1",
					     "1/256",
					     "afi-1/1" };
	bgp_family family = 7;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(bgp_family_parse(&family, cases[i]),
				 BGP_ERR_INVALID);
	assert_int_equal(family, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
