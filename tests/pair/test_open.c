/*
 * test_open.c - the peer's OPEN held against the configuration.
 *
 * Every way in which it can be wrong, its NOTIFICATION, and which fault is
 * named where there are several.                RFC 4271 6.2, RFC 6286, 7607,
 * 9234
 */
#include <string.h>

#include "tests/unit/check.h"

#include "tests/pair/wire.h"

static struct world world;
static struct wire *wire;
static struct end *const end = &world.ends[1];

static int
close_world(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

static void
open_world(const struct bgp_session_options *b)
{
	struct bgp_session_options a = pair_options(0), own = *b;

	own.passive = true;
	assert_int_equal(world_open(&world, &a, &own), BGP_OK);
	bgp_session_start(end->session, world.now_ms);
	wire = wire_stranger(&world, 1);
}

static const uint8_t mp_ipv4[] = { 0, 1, 0, 1 };
static const uint8_t mp_evpn[] = { 0, 25, 0, 70 };
static const uint8_t as_right[] = { 0, 0, 0xfb, 0xf4 }; /* 64500 */
static const uint8_t as_wrong[] = { 0, 0, 0xfb, 0xf9 };
static const uint8_t as_zero[] = { 0, 0, 0, 0 };
static const uint8_t role_0[] = { 0 }, role_3[] = { 3 };

/* A sound OPEN of end 0, to be spoilt. */
static struct bgp_open
sound(void)
{
	struct bgp_open open = { .version = 4,
				 .as = 64500,
				 .hold_time_s = 90,
				 .router_id = 0xc0000201,
				 .capability_count = 2,
				 .capabilities = {
				     { BGP_CAP_MP, 4, mp_ipv4 },
				     { BGP_CAP_AS4, 4, as_right } } };

	return open;
}

static void
say(const struct bgp_open *open)
{
	uint8_t msg[512];
	int len = bgp_open_encode(open, msg, sizeof msg);

	assert_true(len > 0);
	wire_write(wire, 0, msg, (size_t)len);
	world_settle(&world);
}

static void
assert_refused(unsigned subcode)
{
	assert_int_equal(notified(end), 2 << 8 | subcode);
	assert_string_equal(end->wrote, "ON");
	assert_true(logged(end, "close failed Idle"));
	assert_int_equal(end->downs, 0);
	assert_int_equal(end->failures, 1);
	assert_int_equal(end->failure.cause, BGP_DOWN_SENT);
	assert_int_equal(end->failure.notification.subcode, subcode);
	assert_int_equal(end->failure.state, BGP_OPENSENT);
	assert_int_equal(end->failure.at_ms, world.now_ms);
}

static void
refuse(const struct bgp_session_options *b, const struct bgp_open *open,
       unsigned subcode)
{
	open_world(b);
	say(open);
	assert_refused(subcode);
	world_close(&world);
}

static void
accept(const struct bgp_session_options *b, const struct bgp_open *open)
{
	open_world(b);
	say(open);
	assert_int_equal(bgp_session_state(end->session), BGP_OPENCONFIRM);
	assert_string_equal(end->wrote, "OK");
	world_close(&world);
}

/* ------------------------------------------------------------------- tests */

static void
test_version(void **state)
{
	struct bgp_session_options b = pair_options(1);
	struct bgp_open open = sound();

	(void)state;
	open_world(&b);
	open.version = 3;
	open.hold_time_s = 1; /* the version comes first */
	say(&open);
	assert_refused(1);
	assert_memory_equal(end->notification + 21, "\0\4", 2);
}

static void
test_as(void **state)
{
	struct bgp_session_options b = pair_options(1);
	struct bgp_open open = sound();

	(void)state;
	accept(&b, &open);
	open.as = 64505;
	open.capabilities[1].value = as_wrong;
	refuse(&b, &open, 2);
	b.peer_as = 0; /* any */
	accept(&b, &open);
	open.capabilities[1].value = as_zero; /* RFC 7607 */
	refuse(&b, &open, 2);
	open = sound();
	open.as = BGP_AS_TRANS; /* and the capability says which */
	accept(&b, &open);
	open.capability_count = 1; /* nobody says which */
	refuse(&b, &open, 2);
	open = sound();
	open.capability_count = 1; /* a 2-octet speaker */
	accept(&b, &open);
	open.as = 64505;
	b.peer_as = 64500;
	open.hold_time_s = 2; /* the AS comes first */
	refuse(&b, &open, 2);
}

static void
test_hold_time(void **state)
{
	struct bgp_session_options b = pair_options(1);
	struct bgp_open open = sound();

	(void)state;
	open.hold_time_s = 1;
	refuse(&b, &open, 6);
	open.hold_time_s = 2;
	open.router_id = 0; /* the hold time comes first */
	refuse(&b, &open, 6);
	open = sound();
	open.hold_time_s = 3;
	accept(&b, &open);
	open.hold_time_s = 0;
	accept(&b, &open);
}

static void
test_router_id(void **state)
{
	struct bgp_session_options b = pair_options(1);
	struct bgp_open open = sound();

	(void)state;
	open.router_id = 0;
	refuse(&b, &open, 3);
	open.router_id = b.router_id; /* another AS: allowed, RFC 6286 */
	accept(&b, &open);
	b.local_as = 64500;
	refuse(&b, &open, 3);
	open.capabilities[0].len = 3; /* the identifier comes first */
	refuse(&b, &open, 3);
	open.router_id = 7;
	refuse(&b, &open, 0);
}

static void
test_parameters(void **state)
{
	struct bgp_session_options b = pair_options(1);
	uint8_t msg[64];
	size_t len;

	(void)state;
	open_world(&b);
	len = peer_open(0, 90, msg, sizeof msg);
	msg[29] = 1; /* authentication, long gone */
	wire_write(wire, 0, msg, len);
	world_settle(&world);
	assert_refused(4);
	world_close(&world);
	open_world(&b);
	len = peer_open(0, 90, msg, sizeof msg);
	msg[30]++; /* overruns */
	wire_write(wire, 0, msg, len);
	world_settle(&world);
	assert_refused(0);
}

static void
test_no_family_in_common(void **state)
{
	struct bgp_session_options b = pair_options(1);
	struct bgp_open open = sound();
	static const uint8_t missed[] = { 1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1 };

	(void)state;
	open.capabilities[0].value = mp_evpn;
	open_world(&b);
	say(&open);
	assert_refused(7);
	assert_int_equal(end->notification_len, 21 + sizeof missed);
	assert_memory_equal(end->notification + 21, missed, sizeof missed);
}

static void
test_role(void **state)
{
	struct bgp_session_options b = pair_options(1);
	struct bgp_capability provider = { BGP_CAP_ROLE, 1, role_0 };
	struct bgp_open open = sound();

	(void)state;
	b.capabilities = &provider;
	b.capability_count = 1;
	accept(&b, &open); /* says nothing of its role */
	open.capabilities[2] = (struct bgp_capability){ BGP_CAP_ROLE, 1,
							role_3 };
	open.capability_count = 3;
	accept(&b, &open);
	open.capabilities[3] = (struct bgp_capability){ BGP_CAP_ROLE, 1,
							role_0 };
	open.capability_count = 4; /* one of them contradicts */
	refuse(&b, &open, 11);
	open.capabilities[2].value = role_0;
	open.capability_count = 3;
	refuse(&b, &open, 11);
}

/* Both AS numbers of a Bad Peer AS; the OPEN is kept until the next one. */
static void
test_refused_open_is_kept(void **state)
{
	struct bgp_session_options b = pair_options(1);
	struct bgp_open open = sound();
	const struct bgp_open *kept;
	struct bgp_session_info info;

	(void)state;
	open_world(&b);
	assert_null(bgp_session_remote_open(end->session));
	open.as = 64505;
	open.capabilities[1].value = as_wrong;
	say(&open);
	assert_refused(2);
	assert_int_equal(end->failure.expected_as, 64500);
	assert_int_equal(end->failure.peer_as, 64505);
	kept = bgp_session_remote_open(end->session);
	assert_non_null(kept);
	assert_int_equal(kept->as, 64505);
	bgp_session_info(end->session, &info);
	assert_int_equal(info.failed_count, 1);
	assert_int_equal(info.damped_count, 1);
	assert_true(info.damped);
	assert_int_equal(info.last.peer_as, 64505);
	assert_int_equal(wire_stranger(&world, 1)->plugs[1].answer,
			 BGP_ERR_REFUSED);
	bgp_session_info(end->session, &info);
	assert_int_equal(info.refused_count, 1);
	assert_int_equal(bgp_session_options_get(end->session)->peer_as, 64500);
}

/* What is offered stands in our OPEN and is agreed on. */
static void
test_offers(void **state)
{
	struct bgp_session_options a = pair_options(0), b = pair_options(1);
	struct bgp_family_offer family = { .family = BGP_IPV4_UNICAST,
					   .add_path_receive = true,
					   .add_path_send = true,
					   .ext_next_hop = true };
	struct bgp_family_offer labeled = { .family = BGP_FAMILY(1, 4),
					    .labels = 5 };
	const struct bgp_codec *codec;

	(void)state;
	a.families[0] = family;
	b.families[1] = family; /* in another order */
	b.families[0].family = BGP_FAMILY(25, 70);
	a.ext_message = b.ext_message = true;
	a.families[1] = b.families[2] = labeled;
	b.families[2].labels = 3;
	b.family_count = 3;
	b.passive = true;
	assert_int_equal(world_open(&world, &a, &b), BGP_OK);
	world_up(&world);
	codec = bgp_session_codec(end->session);
	assert_non_null(codec);
	assert_int_equal(codec->family_count, 2);
	assert_int_equal(codec->families[0].family, BGP_IPV4_UNICAST);
	assert_int_equal(codec->families[1].labels_in, 3);
	assert_int_equal(codec->families[1].labels_out, 5);
	assert_true(codec->families[0].add_path_in);
	assert_true(codec->families[0].add_path_out);
	assert_true(codec->families[0].ext_next_hop);
	assert_int_equal(codec->message_in_max, BGP_MESSAGE_EXT_MAX);
	assert_int_equal(codec->message_out_max, BGP_MESSAGE_EXT_MAX);
}

static void
assert_invalid(const struct bgp_session_options *options)
{
	struct bgp_session_events events = { .size = sizeof events };
	struct bgp_session *session = NULL;

	assert_int_equal(bgp_session_new(&session, options, &events),
			 BGP_ERR_INVALID);
	assert_null(session);
}

#define INVALID(field, value)                                   \
	do {                                                    \
		struct bgp_session_options o = pair_options(0); \
		o.field = (value);                              \
		assert_invalid(&o);                             \
	} while (0)

static void
test_options(void **state)
{
	static const uint8_t octets[255];
	struct bgp_capability many[BGP_CAPABILITIES_MAX];
	struct bgp_session_options a = pair_options(0);

	(void)state;
	assert_int_equal(world_open(&world, &a, &a), BGP_OK);
	INVALID(size, 8);
	INVALID(local_as, 0);
	INVALID(router_id, 0);
	INVALID(hold_time_s, 1);
	INVALID(hold_time_s, 2);
	INVALID(send_hold_s, 90); /* RFC 9687 6: more than the hold time */
	INVALID(keepalive_s, 90);
	INVALID(family_count, BGP_SESSION_FAMILIES_MAX + 1);
	INVALID(families[1].family, BGP_IPV4_UNICAST);
	INVALID(families[0].family, BGP_FAMILY(16397, 240)); /* no form */
	INVALID(families[0].form, BGP_NLRI_LEN8); /* known without it */
	INVALID(families[1].ext_next_hop, true);  /* RFC 8950: of IPv4 */
	INVALID(families[0].labels, 2);           /* RFC 8277: has none */
	INVALID(families[0].reserved[1], 1);
	for (size_t i = 0; i < BGP_CAPABILITIES_MAX; i++)
		many[i] = (struct bgp_capability){ 99, 0, NULL };
	a.capabilities = many;
	a.capability_count = BGP_CAPABILITIES_MAX; /* with ours: too many */
	assert_invalid(&a);
	for (size_t i = 0; i < 17; i++)
		many[i] = (struct bgp_capability){ 99, 255, octets };
	a.capability_count = 17; /* longer than an OPEN can be */
	assert_invalid(&a);
}

int
main(void)
{
#define T(f) cmocka_unit_test_teardown(f, close_world)
	const struct CMUnitTest tests[] = {
		T(test_version),
		T(test_as),
		T(test_hold_time),
		T(test_router_id),
		T(test_parameters),
		T(test_no_family_in_common),
		T(test_role),
		T(test_offers),
		T(test_refused_open_is_kept),
		T(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
