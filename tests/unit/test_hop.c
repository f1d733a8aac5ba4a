/*
 * test_hop.c - which lengths a next hop of a family may have, and how ours is
 * written where no distinguisher, or one of zeros, stands in front.
 */
#include <string.h>

#include "check.h"

#include "libbgp/codec/hop.h"

static void
test_lengths(void **state)
{
	static const struct {
		bgp_family family;
		bool ext;
		uint64_t lengths; /* bit n: n octets are sound */
	} cases[] = {
		{ BGP_IPV4_UNICAST, false, UINT64_C(1) << 4 },
		{ BGP_IPV4_UNICAST, true,
		  UINT64_C(1) << 4 | UINT64_C(1) << 16 | UINT64_C(1) << 32 },
		{ BGP_IPV6_UNICAST, true,
		  UINT64_C(1) << 16 | UINT64_C(1) << 32 },
		{ BGP_FAMILY(1, 128), false, UINT64_C(1) << 12 },
		{ BGP_FAMILY(2, 128), false,
		  UINT64_C(1) << 24 | UINT64_C(1) << 48 },
		{ BGP_FAMILY(999, 1), false, UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bgp_family_codec family = {
			.family = cases[i].family, .ext_next_hop = cases[i].ext
		};

		for (size_t len = 0; len < 64; len++)
			assert_int_equal(bgp__next_hop_is_sound(&family, len),
					 cases[i].lengths >> len & 1);
	}
}

static void
test_write(void **state)
{
	static const struct {
		bgp_family family;
		uint8_t addr_len;
		size_t len; /* 0: the family has no such next hop */
	} cases[] = {
		{ BGP_IPV4_UNICAST, 4, 4 },     { BGP_IPV4_UNICAST, 0, 0 },
		{ BGP_IPV4_UNICAST, 16, 0 },    { BGP_IPV6_UNICAST, 16, 16 },
		{ BGP_IPV6_UNICAST, 4, 0 },     { BGP_FAMILY(1, 128), 4, 12 },
		{ BGP_FAMILY(2, 128), 16, 24 }, { BGP_FAMILY(999, 1), 4, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bgp_family_codec family = { .family = cases[i].family };
		struct bgp_addr addr = { .len = cases[i].addr_len };
		size_t head = cases[i].len - addr.len;
		uint8_t buf[24];

		memset(addr.octets, 7, sizeof addr.octets);
		memset(buf, 9, sizeof buf);
		assert_int_equal(bgp__next_hop_write(&family, &addr, buf),
				 cases[i].len);
		for (size_t at = 0; at < cases[i].len; at++)
			assert_int_equal(buf[at], at < head ? 0 : 7);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
