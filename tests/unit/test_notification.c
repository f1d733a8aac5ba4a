/*
 * test_notification.c - NOTIFICATION both ways, its words for every code, and
 * the shutdown message, which a peer cannot use to forge a log.
 */
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/codec.h"

static void
test_both_ways(void **state)
{
	static const uint8_t data[5000] = { 1, 2 };
	struct bgp_notification in = { 3, 1, 2, data }, out;
	uint8_t buf[5000];
	int len = bgp_notification_encode(&in, 0, buf, sizeof buf);

	(void)state;
	assert_int_equal(len, 23);
	assert_int_equal(bgp_notification_encode(&in, 0, buf, 22),
			 BGP_ERR_SPACE);
	assert_int_equal(bgp_notification_decode(buf, 23, &out), BGP_OK);
	assert_int_equal(out.code, 3);
	assert_int_equal(out.subcode, 1);
	assert_int_equal(out.data_len, 2);
	assert_memory_equal(out.data, data, 2);
	assert_int_equal(bgp_notification_decode(buf, 20, &out),
			 BGP_ERR_MALFORMED);
	in.data_len = 5000;
	assert_int_equal(
	    bgp_notification_encode(&in, BGP_MESSAGE_EXT_MAX, buf, sizeof buf),
	    BGP_ERR_SPACE);
	in.data_len = 4900;
	assert_int_equal(
	    bgp_notification_encode(&in, BGP_MESSAGE_EXT_MAX, buf, sizeof buf),
	    4921);
	assert_int_equal(bgp_notification_encode(&in, 4200, buf, sizeof buf),
			 4200);
	assert_int_equal(bgp_notification_encode(&in, 21, buf, sizeof buf), 21);
	assert_int_equal(bgp_notification_encode(&in, 1, buf, sizeof buf), 21);
	assert_int_equal(bgp_notification_encode(&in, 0, buf, sizeof buf),
			 4096);
}

static void
expect_text(uint8_t code, uint8_t subcode, const char *data, size_t data_len,
	    const char *text)
{
	struct bgp_notification n = { code, subcode, (uint16_t)data_len,
				      (const uint8_t *)data };
	char buf[600];

	assert_int_equal(bgp_notification_text(&n, buf, sizeof buf),
			 strlen(text));
	assert_string_equal(buf, text);
}

static void
test_text(void **state)
{
	(void)state;
	expect_text(6, 2, NULL, 0, "Cease/Administrative Shutdown");
	expect_text(6, 4, "\5hello", 6, "Cease/Administrative Reset \"hello\"");
	expect_text(6, 2, "\4a\n\33\"", 5,
		    "Cease/Administrative Shutdown \"a...\"");
	expect_text(6, 2, "\6hello", 6, "Cease/Administrative Shutdown");
	expect_text(6, 2, "\0", 1, "Cease/Administrative Shutdown");
	expect_text(6, 3, "\1a", 2, "Cease/Peer De-configured");
	expect_text(6, 9, "\6\2\2ok", 5,
		    "Cease/Hard Reset: "
		    "Cease/Administrative Shutdown \"ok\"");
	expect_text(6, 9, "\6", 1, "Cease/Hard Reset");
	expect_text(6, 77, NULL, 0, "Cease/77");
	expect_text(4, 0, NULL, 0, "Hold Timer Expired");
	expect_text(8, 0, NULL, 0, "Send Hold Timer Expired");
	expect_text(99, 0, NULL, 0, "99/0");
	expect_text(99, 3, NULL, 0, "99/3");
	expect_text(2, 11, NULL, 0, "OPEN Message Error/Role Mismatch");
}

static void
test_every_pair_prints(void **state)
{
	(void)state;
	for (int code = 0; code < 256; code++)
		for (int sub = 0; sub < 256; sub++) {
			struct bgp_notification n = { (uint8_t)code,
						      (uint8_t)sub, 0, NULL };
			char buf[80];
			size_t len = bgp_notification_text(&n, buf, sizeof buf);

			assert_in_range(len, 3, sizeof buf - 1);
			assert_int_equal(strlen(buf), len);
		}
}

static void
test_shutdown_encode(void **state)
{
	char text[300];
	uint8_t buf[300];

	(void)state;
	assert_int_equal(bgp_shutdown_encode("bye", buf, sizeof buf), 4);
	assert_memory_equal(buf, "\3bye", 4);
	assert_int_equal(bgp_shutdown_encode("bye", buf, 3), BGP_ERR_SPACE);
	assert_int_equal(bgp_shutdown_encode("", buf, 1), 1);

	/* 254 octets and one character of two: it does not fit, so it goes */
	memset(text, 'a', sizeof text);
	memcpy(text + 254, "\303\244", 3);
	assert_int_equal(bgp_shutdown_encode(text, buf, sizeof buf), 255);
	assert_int_equal(buf[0], 254);
	memcpy(text + 253, "\303\244z", 4);
	assert_int_equal(bgp_shutdown_encode(text, buf, sizeof buf), 256);
	assert_int_equal(buf[0], 255);
	/* four octets of a character, and what is no UTF-8 at all */
	memcpy(text + 252, "\360\237\230\200", 5);
	assert_int_equal(bgp_shutdown_encode(text, buf, sizeof buf), 253);
	memset(text, 0x80, sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(bgp_shutdown_encode(text, buf, sizeof buf), 253);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_every_pair_prints),
		cmocka_unit_test(test_shutdown_encode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
