/*
 * test_immunity.c - no distant router ends a session it is no part of.
 *
 * Every attribute type 0..255 x every length 0..300 x every nibble of flags x
 * three fillings, from inside and outside the AS, in an otherwise sound UPDATE.
 * Only a malformed MP_REACH or MP_UNREACH may reset, which their senders speak
 * hop by hop; whatever else happens, the next attribute is read where it
 * stands.                                                 RFC 7606 1, 5.3
 */
#include <string.h>

#include "../unit/check.h"

#include "bgp/codec.h"

enum { LEN_MAX = 300, SENTINEL = 251, OTHER_SENTINEL = 252 };

static struct bgp_codec codec = { .as4 = true,
				  .local_as = 65001,
				  .peer_as = 65002,
				  .message_in_max = BGP_MESSAGE_MAX,
				  .family_count = 2,
				  .families = {
				      { .family = BGP_IPV4_UNICAST },
				      { .family = BGP_IPV6_UNICAST } } };

static struct bgp_update update;
static struct bgp_fault fault;
static unsigned long outcomes[4];

static const struct sound {
	uint8_t flags, code, len;
	uint8_t value[8];
} sound[] = {
	{ 0x40, BGP_ATTR_ORIGIN, 1, { 0 } },
	{ 0x40, BGP_ATTR_AS_PATH, 6, { 2, 1, 0, 0, 0xfd, 0xea } },
	{ 0x40, BGP_ATTR_NEXT_HOP, 4, { 192, 0, 2, 1 } },
};

static uint8_t *
put(uint8_t *p, uint8_t flags, uint8_t code, size_t len, const uint8_t *value)
{
	*p++ = flags;
	*p++ = code;
	if ((flags & BGP_ATTR_EXTENDED) != 0)
		*p++ = (uint8_t)(len >> 8);
	*p++ = (uint8_t)len;
	memcpy(p, value, len);
	return p + len;
}

/* The sound attributes that are not of this type, the one in question, and one
 * behind it. */
static size_t
build(uint8_t *msg, uint8_t flags, uint8_t code, size_t len,
      const uint8_t *value, uint8_t sentinel)
{
	uint8_t *p = msg + 23;

	for (size_t i = 0; i < 3; i++)
		if (sound[i].code != code)
			p = put(p, sound[i].flags, sound[i].code, sound[i].len,
				sound[i].value);
	p = put(p, flags, code, len, value);
	p = put(p, 0xc0, sentinel, 1, value);
	memset(msg, 0xff, 16);
	msg[18] = BGP_UPDATE;
	msg[19] = msg[20] = 0;
	msg[21] = (uint8_t)((p - msg - 23) >> 8);
	msg[22] = (uint8_t)(p - msg - 23);
	memcpy(p, "\30\313\0\161", 4);
	p += 4;
	msg[16] = (uint8_t)((p - msg) >> 8);
	msg[17] = (uint8_t)(p - msg);
	return (size_t)(p - msg);
}

static void
try_one(uint8_t flags, uint8_t code, size_t len, const uint8_t *value)
{
	static uint8_t msg[BGP_MESSAGE_MAX];
	uint8_t sentinel = code == SENTINEL ? OTHER_SENTINEL : SENTINEL;
	size_t msg_len = build(msg, flags, code, len, value, sentinel);
	int err = bgp_update_decode(&codec, msg, msg_len, &update, &fault);

	outcomes[fault.remedy]++;
	if (err != BGP_OK) {
		if (code != BGP_ATTR_MP_REACH && code != BGP_ATTR_MP_UNREACH)
			fail_msg("type %u, length %zu, flags %#x: reset", code,
				 len, flags);
		return;
	}
	assert_non_null(
	    bgp_attr_find(update.attrs, update.attr_count, sentinel));
	if (fault.remedy == BGP_REMEDY_WITHDRAW) {
		assert_int_equal(update.reach_count, 0);
		assert_int_not_equal(update.unreach_count, 0);
		assert_null(
		    bgp_attr_find(update.attrs, update.attr_count, code));
	} else {
		assert_int_not_equal(update.reach_count, 0);
		assert_int_equal(update.reach[0].len, 4);
	}
}

static void
try_lengths(uint8_t flags, uint8_t code, const uint8_t *value)
{
	size_t max = (flags & BGP_ATTR_EXTENDED) != 0 ? LEN_MAX : 255;

	for (size_t len = 0; len <= max; len++)
		try_one(flags, code, len, value);
}

static void
try_all(bool ebgp)
{
	static uint8_t values[3][LEN_MAX];

	codec.ebgp = ebgp;
	memset(values[1], 0xff, LEN_MAX);
	for (size_t i = 0; i < LEN_MAX; i++)
		values[2][i] = (uint8_t)(i % 7 == 0 ? 2 : i % 3);
	memset(outcomes, 0, sizeof outcomes);
	for (unsigned code = 0; code < 256; code++)
		for (unsigned nibble = 0; nibble < 16; nibble++)
			for (size_t i = 0; i < 3; i++)
				try_lengths((uint8_t)(nibble << 4),
					    (uint8_t)code, values[i]);
	print_message("# %s: none %lu, discard %lu, withdraw %lu, reset %lu\n",
		      ebgp ? "eBGP" : "iBGP", outcomes[0], outcomes[1],
		      outcomes[2], outcomes[3]);
	for (int i = 0; i < 4; i++)
		assert_int_not_equal(outcomes[i], 0);
}

static void
test_from_inside(void **state)
{
	(void)state;
	try_all(false);
}

static void
test_from_outside(void **state)
{
	(void)state;
	try_all(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_inside),
		cmocka_unit_test(test_from_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
