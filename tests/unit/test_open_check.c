/*
 * test_open_check.c - is the sender of an OPEN the one that is wanted; of
 * several faults always the same one counts.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

#define CAPS(caps) "0e 02 0c 010400010001" caps
#define AS4(as)    "4104" as

static struct bgp_open open;
static struct bgp_fault fault;

static const struct open_case {
	struct bgp_open_wanted wanted;
	const char *open;
	uint8_t subcode; /* 0: BGP_OK, 255: 2/0 */
	const char *data;
} cases[] = {
#define ANY       \
	{         \
		0 \
	}
#define SURE                                                                 \
	{                                                                    \
		.peer_as = 65002, .local_as = 65002, .router_id = 0xc0000201 \
	}
	{ ANY, "01 04 fdea 005a c0000201 00", 0, "" },
	/* version before all */
	{ SURE, "01 03 0000 0001 00000000 00", 1, "0004" },
	/* AS before hold time, identifier and parameters */
	{ ANY, "01 04 0000 0001 00000000 00", 2, "0000" },
	{ SURE, "01 04 fdeb 0001 00000000 00", 2, "fdeb" },
	{ SURE, "01 04 fdeb 005a c0000202 03 01 01 00", 2, "fdeb" },
	{ SURE, "01 04 fdea 005a c0000202 " CAPS(AS4("0000fdeb")), 2,
	  "0000fdeb" },
	{ ANY, "01 04 fdea 005a c0000202 " CAPS(AS4("00000000")), 2, "" },
	{ ANY, "01 04 5ba0 005a c0000202 00", 2, "5ba0" }, /* AS_TRANS */
	{ ANY, "01 04 5ba0 005a c0000202 " CAPS(AS4("00005ba0")), 2,
	  "00005ba0" },
	{ ANY, "01 04 5ba0 005a c0000202 " CAPS(AS4("00011170")), 0, "" },
	/* what only the capability can tell is not asked without it */
	{ SURE, "01 04 5ba0 005a c0000202 03 01 01 00", 4, "" },
	{ SURE, "01 04 5ba0 0002 c0000202 00", 6, "0002" },
	/* hold time before identifier */
	{ SURE, "01 04 fdea 0001 c0000201 00", 6, "0001" },
	{ SURE, "01 04 fdea 005a 00000000 00", 3, "00000000" },
	{ SURE, "01 04 fdea 005a c0000201 03 01 01 00", 3, "c0000201" },
	{ SURE, "01 04 fdea 005a c0000202 03 01 01 00", 4, "" },
	{ SURE, "01 04 fdea 005a c0000202 01 00", 255, "" },
	{ SURE, "01 04 fdea 005a c0000202 00", 0, "" },
	/* an equal identifier in another AS: RFC 6286 2.2 */
	{ { .local_as = 65001, .router_id = 0xc0000201 },
	  "01 04 fdea 005a c0000201 00",
	  0,
	  "" },
/* roles: RFC 9234 4.2 */
#define ROLE(as, ours)                                         \
	{                                                      \
		.local_as = as, .has_role = true, .role = ours \
	}
#define THEIRS(role) "01 04 fdea 005a c0000202 05 02 03 0901" role
	{ ROLE(65001, 0), THEIRS("03"), 0, "" },
	{ ROLE(65001, 0), THEIRS("00"), 11, "" },
	{ ROLE(65001, 1), THEIRS("02"), 0, "" },
	{ ROLE(65001, 2), THEIRS("01"), 0, "" },
	{ ROLE(65001, 3), THEIRS("00"), 0, "" },
	{ ROLE(65001, 4), THEIRS("04"), 0, "" },
	{ ROLE(65001, 4), THEIRS("05"), 11, "" },
	{ ROLE(65001, 5), THEIRS("05"), 0, "" }, /* ours means nothing */
	{ ROLE(65002, 0), THEIRS("00"), 0, "" }, /* our own AS */
	{ { .local_as = 65001 }, THEIRS("00"), 0, "" },
	{ ROLE(65001, 0), "01 04 fdea 005a c0000202 02 02 00", 0, "" },
	{ ROLE(65001, 0), "01 04 fdea 005a c0000202 04 02 02 0200", 0, "" },
	/* cut short: nothing is asked */
	{ SURE, "01 04 0000", 255, "" },
};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct open_case *c = &cases[i];
		uint8_t msg[200], data[8], subcode;
		size_t len = hex_message(c->open, msg, sizeof msg);
		int err = bgp_open_check(&c->wanted, msg, len, &open, &fault);

		subcode = fault.remedy == BGP_REMEDY_NONE ? 0
		    : fault.subcode == 0                  ? 255
							  : fault.subcode;
		if (subcode != c->subcode)
			fail_msg("case %zu: 2/%u", i, fault.subcode);
		assert_int_equal(err,
				 c->subcode == 0 ? BGP_OK : BGP_ERR_MALFORMED);
		len = hex_octets(c->data, data, sizeof data);
		if (c->subcode == 0)
			continue;
		assert_int_equal(fault.code, 2);
		assert_int_equal(fault.data_len, len);
		if (len > 0)
			assert_memory_equal(fault.data, data, len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
