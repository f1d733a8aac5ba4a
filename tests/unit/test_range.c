/*
 * test_range.c - every field of options that has a range: a value outside is
 * refused, and the text names that very field.
 */
#include <string.h>

#include "check.h"

#include "bgp/bgp.h"
#include "libbgp/base/range.h"

static struct bgp_speaker *speaker;

static void
assert_names(const char *why, const char *field)
{
	if (why == NULL)
		fail_msg("%s is taken", field);
	if (strncmp(why, field, strlen(field)) != 0 ||
	    why[strlen(field)] != ':')
		fail_msg("%s is called \"%s\"", field, why);
}

/* Says what it is about, and the call refuses it. */
#define WRONG(options, field, value, says, call)            \
	do {                                                \
		const __typeof__(options) kept = (options); \
                                                            \
		(options).field = (value);                  \
		assert_names(says, #field);                 \
		assert_int_equal(call, BGP_ERR_INVALID);    \
		(options) = kept;                           \
		assert_null(says);                          \
	} while (0)

static void
test_session(void **state)
{
	struct bgp_session_options o = BGP_SESSION_OPTIONS_INIT;
	struct bgp_session_events e = BGP_SESSION_EVENTS_INIT;
	struct bgp_capability many[BGP_CAPABILITIES_MAX];
	struct bgp_session *s;

	(void)state;
	o.local_as = 64512;
	o.router_id = 1;
#define W(field, value)                                         \
	WRONG(o, field, value, bgp_session_options_invalid(&o), \
	      bgp_session_new(&s, &o, &e))
	W(size, 0);
	W(size, sizeof o + 1);
	W(local_as, 0);
	W(router_id, 0);
	W(hold_time_s, 1);
	W(hold_time_s, 2);
	W(send_hold_s, 90);
	W(keepalive_s, 90);
	W(family_count, BGP_SESSION_FAMILIES_MAX + 1);
	o.families[1].family = BGP_IPV4_UNICAST;
	assert_names(bgp_session_options_invalid(&o), "families");
	o.families[1].family = BGP_IPV6_UNICAST;
	o.families[1].ext_next_hop = true; /* of IPv4 alone, RFC 8950 4 */
	assert_names(bgp_session_options_invalid(&o), "families");
	o.families[1].ext_next_hop = false;
	for (size_t i = 0; i < BGP_CAPABILITIES_MAX; i++)
		many[i] = (struct bgp_capability){ 99, 0, NULL };
	o.capabilities = many;
	o.capability_count = BGP_CAPABILITIES_MAX;
	assert_names(bgp_session_options_invalid(&o), "capabilities");
#undef W
}

static void
test_speaker(void **state)
{
	struct bgp_speaker_options o = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_speaker *s;

	(void)state;
	o.local_as = 64512;
	o.router_id = 1;
#define W(field, value)                                         \
	WRONG(o, field, value, bgp_speaker_options_invalid(&o), \
	      bgp_speaker_new(&s, &o, NULL))
	W(size, 0);
	W(local_as, 0);
	W(router_id, 0);
	W(budget, 0);
	W(queue_max, 0);
	W(equal_paths, 0);
	W(equal_paths, BGP_EQUAL_PATHS_MAX + 1);
#undef W
}

static void
test_peer(void **state)
{
	struct bgp_speaker_options options = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_peer_options o = BGP_PEER_OPTIONS_INIT;
	struct bgp_peer *p;
	char name[BGP_PEER_NAME_MAX + 1];

	(void)state;
	options.local_as = 64512;
	options.router_id = 1;
	assert_int_equal(bgp_speaker_new(&speaker, &options, NULL), BGP_OK);
	o.address.len = 4;
	o.peer_as = 65001;
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
#define W(field, value)                                               \
	WRONG(o, field, value, bgp_peer_options_invalid(speaker, &o), \
	      bgp_peer_add(speaker, &o, &p))
	W(size, 4);
	W(name, "");
	W(name, name);
	W(client, true); /* of another AS */
	W(family_count, 0);
	W(family_count, BGP_SESSION_FAMILIES_MAX + 1);
	W(hold_time_s, 2);
	W(send_hold_s, 3);
	W(next_hop, (enum bgp_next_hop_mode)99);
#undef W
	o.address.len = 5;
	assert_names(bgp_peer_options_invalid(speaker, &o), "address");
	o.address.len = 4;
	o.own_ipv4.len = 16;
	assert_names(bgp_peer_options_invalid(speaker, &o), "own_ipv4");
	o.own_ipv4.len = 0;
	o.own_ipv6.len = 4;
	assert_names(bgp_peer_options_invalid(speaker, &o), "own_ipv6");
	o.own_ipv6.len = 0;
	o.families[0].add_path_send = true;
	assert_names(bgp_peer_options_invalid(speaker, &o), "families");
	bgp_speaker_del(speaker);
}

static void
test_rib(void **state)
{
	struct bgp_rib_options o = BGP_RIB_OPTIONS_INIT;
	struct bgp_rib_peer_options p = BGP_RIB_PEER_OPTIONS_INIT;
	struct bgp_rib_peer *peer;
	struct bgp_rib *rib;

	(void)state;
	o.local_as = 64512;
	o.router_id = 1;
#define W(field, value)                                     \
	WRONG(o, field, value, bgp_rib_options_invalid(&o), \
	      bgp_rib_new(&rib, &o, NULL))
	W(size, 0);
	W(local_as, 0);
	W(router_id, 0);
	W(budget, 0);
	W(equal_paths, 0);
	W(equal_paths, BGP_EQUAL_PATHS_MAX + 1);
#undef W
	assert_int_equal(bgp_rib_new(&rib, &o, NULL), BGP_OK);
#define W(field, value)                                          \
	WRONG(p, field, value, bgp_rib_peer_options_invalid(&p), \
	      bgp_rib_peer_add(rib, &p, &peer))
	W(size, 0);
	W(kind, BGP_KIND_LOCAL);
	W(kind, (enum bgp_kind)9);
#undef W
	p.address.len = 1;
	assert_names(bgp_rib_peer_options_invalid(&p), "address");
	bgp_rib_del(rib);
}

/* Fields of every width, and what stands beside the range. */
static void
test_widths(void **state)
{
	struct options {
		uint8_t one;
		uint16_t two;
		uint32_t four;
		uint64_t eight;
	} o = { 0, UINT16_MAX, UINT32_MAX, UINT64_MAX };
	const struct bgp__range rows[] = {
		BGP__RANGE(options, one, true, 3, 9, "0, or 3 to 9"),
		BGP__RANGE(options, two, false, 1, UINT16_MAX, "not 0"),
		BGP__RANGE(options, four, false, 1, UINT32_MAX, "not 0"),
		BGP__RANGE(options, eight, false, 1, UINT64_MAX, "not 0"),
		BGP__RANGE_END,
	};

	(void)state;
	assert_null(bgp__range_broken(rows, &o));
	o.one = 2;
	assert_string_equal(bgp__range_broken(rows, &o), "one: 0, or 3 to 9");
	o.one = 9;
	o.eight = 0;
	assert_string_equal(bgp__range_broken(rows, &o), "eight: not 0");
	o.four = 0;
	assert_string_equal(bgp__range_broken(rows, &o), "four: not 0");
	o.two = 0;
	assert_string_equal(bgp__range_broken(rows, &o), "two: not 0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths),  cmocka_unit_test(test_session),
		cmocka_unit_test(test_speaker), cmocka_unit_test(test_peer),
		cmocka_unit_test(test_rib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
