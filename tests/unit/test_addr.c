/*
 * test_addr.c - text of addresses, prefixes and ids, both ways, and the order.
 */
#include <string.h>

#include "check.h"

#include "bgp/types.h"

static const struct pair {
	const char *in, *out; /* out NULL: refused */
} addrs[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "0.0.0.0", "0.0.0.0" },
	{ "255.255.255.255", "255.255.255.255" },
	{ "256.0.0.1", NULL },
	{ "1.2.3", NULL },
	{ "1.2.3.4.5", NULL },
	{ "01.2.3.4", NULL },
	{ "1.2.3.4 ", NULL },
	{ "", NULL },
	{ "::", "::" },
	{ "::1", "::1" },
	{ "1::", "1::" },
	{ "2001:DB8::1", "2001:db8::1" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" }, /* RFC 5952 4.2.3 */
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7" },
	{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
	{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
	{ "::ffff:c000:201", "::ffff:192.0.2.1" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
	{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
	{ "1:2:3:4:5:6:7:1.2.3.4", NULL },
	{ "1:2:3:4:5:6:7:8:9", NULL },
	{ "1:2:3:4:5:6:7", NULL },
	{ "1:2:3:4:5:6:7:8::", NULL },
	{ "1::2::3", NULL },
	{ "1::2:3:4:5:6:7:8", NULL },
	{ ":1::", NULL },
	{ ":::", NULL },
	{ "1:", NULL },
	{ "::1.2.3", NULL },
	{ "12345::", NULL },
	{ "::g", NULL },
	{ "fe80::1%3", "fe80::1%3" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295",
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295" },
	{ "fe80::1%eth0", NULL }, /* a name is the host's to resolve */
	{ "fe80::1%", NULL },
	{ "fe80::1%0", NULL },
	{ "fe80::1%03", NULL },
	{ "fe80::1%4294967296", NULL },
	{ "fe80::1%3/64", NULL },
	{ "169.254.0.1%3", NULL },
};

static void
test_addr_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof addrs / sizeof addrs[0]; i++) {
		struct bgp_addr a = { 99, { 7 }, 5 };
		char buf[BGP_ADDR_TEXT_MAX];
		int err = bgp_addr_parse(&a, addrs[i].in);

		if (addrs[i].out == NULL) {
			assert_int_equal(err, BGP_ERR_INVALID);
			assert_int_equal(a.len, 99);
			continue;
		}
		assert_int_equal(err, BGP_OK);
		assert_int_equal(bgp_addr_text(&a, buf, sizeof buf),
				 strlen(addrs[i].out));
		assert_string_equal(buf, addrs[i].out);
	}
}

static const struct pair prefixes[] = {
	{ "192.0.2.0/24", "192.0.2.0/24" },
	{ "192.0.2.255/25", "192.0.2.128/25" },
	{ "10.1.2.3/0", "0.0.0.0/0" },
	{ "10.1.2.3/32", "10.1.2.3/32" },
	{ "2001:db8:ffff::/33", "2001:db8:8000::/33" },
	{ "::1/128", "::1/128" },
	{ "10.0.0.0/33", NULL },
	{ "::/129", NULL },
	{ "10.0.0.0", NULL },
	{ "10.0.0.0/", NULL },
	{ "10.0.0.0/08", NULL },
	{ "10.0.0.0/8x", NULL },
	{ "10.0.0.0/99999999999999999999", NULL },
	{ "/8", NULL },
};

static void
test_prefix_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		struct bgp_prefix p = { 99, 0, { 0 } };
		char buf[BGP_PREFIX_TEXT_MAX];
		int err = bgp_prefix_parse(&p, prefixes[i].in);

		if (prefixes[i].out == NULL) {
			assert_int_equal(err, BGP_ERR_INVALID);
			assert_int_equal(p.len, 99);
			continue;
		}
		assert_int_equal(err, BGP_OK);
		bgp_prefix_text(&p, buf, sizeof buf);
		assert_string_equal(buf, prefixes[i].out);
	}
}

static void
test_text_is_cut_not_overrun(void **state)
{
	struct bgp_addr a;
	char buf[8] = "xxxxxxx";

	(void)state;
	assert_int_equal(bgp_addr_parse(&a, "192.0.2.1"), BGP_OK);
	assert_int_equal(bgp_addr_text(&a, buf, 4), 9);
	assert_string_equal(buf, "192");
	assert_int_equal(buf[4], 'x');
	assert_int_equal(bgp_addr_text(&a, NULL, 0), 9);
	a.len = 0;
	bgp_addr_text(&a, buf, sizeof buf);
	assert_string_equal(buf, "none");
}

static void
test_id(void **state)
{
	uint32_t id = 1;
	char buf[16];

	(void)state;
	assert_int_equal(bgp_id_parse(&id, "192.0.2.1"), BGP_OK);
	assert_int_equal(id, 0xc0000201);
	bgp_id_text(id, buf, sizeof buf);
	assert_string_equal(buf, "192.0.2.1");
	assert_int_equal(bgp_id_parse(&id, "0.0.0.0"), BGP_ERR_INVALID);
	assert_int_equal(bgp_id_parse(&id, "1.2.3.4x"), BGP_ERR_INVALID);
	assert_int_equal(bgp_id_parse(&id, "7"), BGP_ERR_INVALID);
	assert_int_equal(id, 0xc0000201);
}

static void
test_order(void **state)
{
	static const char *const ascending[] = {
		"0.0.0.0/0", "10.0.0.0/8",    "10.0.0.0/9",   "10.128.0.0/9",
		"::/0",      "2001:db8::/32", "2001:db8::/48"
	};
	struct bgp_prefix p[7];
	struct bgp_addr a, b;

	(void)state;
	for (int i = 0; i < 7; i++)
		assert_int_equal(bgp_prefix_parse(&p[i], ascending[i]), 0);
	for (int i = 0; i < 7; i++)
		for (int j = 0; j < 7; j++) {
			int order = bgp_prefix_compare(&p[i], &p[j]);

			assert_int_equal((order > 0) - (order < 0),
					 (i > j) - (i < j));
		}
	assert_int_equal(bgp_addr_parse(&a, "10.0.0.1"), 0);
	assert_int_equal(bgp_addr_parse(&b, "::"), 0);
	assert_true(bgp_addr_compare(&a, &b) < 0);
	assert_true(bgp_addr_compare(&b, &a) > 0);
	assert_int_equal(bgp_addr_compare(&a, &a), 0);
	assert_int_equal(bgp_addr_parse(&a, "fe80::1%3"), 0);
	assert_int_equal(bgp_addr_parse(&b, "fe80::1%4000000000"), 0);
	assert_true(bgp_addr_compare(&a, &b) < 0);
	assert_true(bgp_addr_compare(&b, &a) > 0);
	b.scope = 3;
	assert_int_equal(bgp_addr_compare(&a, &b), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addr_both_ways),
		cmocka_unit_test(test_prefix_both_ways),
		cmocka_unit_test(test_text_is_cut_not_overrun),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
