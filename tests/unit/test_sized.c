/*
 * test_sized.c - structs of older and newer hosts, taken and initialised; every
 * struct of the API that a host fills is taken that way.
 */
#include <string.h>

#include "check.h"

#include "bgp/bgp.h"
#include "libbgp/base/sized.h"

struct ours {
	size_t size;
	uint64_t a, b;
};

struct newer {
	size_t size;
	uint64_t a, b, c;
};

#define OURS_INIT                         \
	{                                 \
		sizeof(struct ours), 7, 8 \
	}

static void
test_older(void **state)
{
	struct ours host = { 16, 1, 99 }, out = OURS_INIT;

	(void)state;
	assert_int_equal(bgp__sized_take(&out, sizeof out, &host), BGP_OK);
	assert_int_equal(out.size, sizeof out);
	assert_int_equal(out.a, 1);
	assert_int_equal(out.b, 8);
}

static void
test_newer(void **state)
{
	struct newer host = { sizeof host, 1, 2, 0 };
	struct ours out = OURS_INIT;

	(void)state;
	assert_int_equal(bgp__sized_take(&out, sizeof out, &host), BGP_OK);
	assert_int_equal(out.size, sizeof out);
	assert_int_equal(out.b, 2);
	host.c = UINT64_C(1) << 56;
	assert_int_equal(bgp__sized_take(&out, sizeof out, &host),
			 BGP_ERR_INVALID);
	host.c = 1;
	assert_int_equal(bgp__sized_take(&out, sizeof out, &host),
			 BGP_ERR_INVALID);
	assert_non_null(bgp__sized_invalid(sizeof out, &host));
}

static void
test_no_size(void **state)
{
	static const size_t bad[] = { 0,
				      1,
				      sizeof(size_t) - 1,
				      17,
				      BGP__SIZED_MAX + sizeof(size_t),
				      SIZE_MAX };
	struct ours out = OURS_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct ours host = { bad[i], 1, 2 };

		assert_int_equal(bgp__sized_take(&out, sizeof out, &host),
				 BGP_ERR_INVALID);
		assert_memory_equal(bgp__sized_invalid(sizeof out, &host),
				    "size: ", 6);
		assert_int_equal(out.a, 7);
		assert_int_equal(bgp__sized_array(&host, 1), BGP_ERR_INVALID);
	}
	assert_int_equal(bgp__sized_take(&out, sizeof out, NULL),
			 BGP_ERR_INVALID);
	assert_null(bgp__sized_invalid(sizeof out, &out));
}

static void
test_array(void **state)
{
	struct ours a[3] = { OURS_INIT, OURS_INIT, OURS_INIT };

	(void)state;
	assert_int_equal(bgp__sized_array(a, 3), BGP_OK);
	assert_int_equal(bgp__sized_array(NULL, 0), BGP_OK);
	assert_int_equal(bgp__sized_array(NULL, 1), BGP_ERR_INVALID);
	a[2].size = 0;
	assert_int_equal(bgp__sized_array(a, 3), BGP_ERR_INVALID);
	assert_int_equal(bgp__sized_array(a, 2), BGP_OK);
}

static void
test_init(void **state)
{
	static const struct ours init = OURS_INIT;
	struct newer host;

	(void)state;
	memset(&host, 0xa5, sizeof host);
	bgp__sized_init(&host, sizeof host, &init, sizeof init);
	assert_int_equal(host.size, sizeof host);
	assert_int_equal(host.b, 8);
	assert_int_equal(host.c, 0);
	memset(&host, 0xa5, sizeof host);
	bgp__sized_init(&host, 16, &init, sizeof init);
	assert_int_equal(host.size, 16);
	assert_int_equal(host.a, 7);
	assert_int_equal(host.b, UINT64_C(0xa5a5a5a5a5a5a5a5));
	bgp__sized_init(&host, sizeof(size_t) - 1, &init, sizeof init);
	assert_int_equal(host.size, 16);
}

/* ------------------------------------------------------------ of the API */

/* A host of two versions on: what it fills, and then a field of its own. */
#define NEWER(type)               \
	struct {                  \
		struct type host; \
		uint64_t more;    \
	}

static struct bgp_session *session;
static struct bgp_speaker *speaker;
static struct bgp_peer *peer;

static int
new_session(const void *options, const void *events)
{
	int err = bgp_session_new(&session, options, events);

	if (err == BGP_OK)
		bgp_session_del(session);
	return err;
}

static int
new_speaker(const void *options, const void *events)
{
	int err = bgp_speaker_new(&speaker, options, events);

	if (err == BGP_OK)
		bgp_speaker_del(speaker);
	return err;
}

/* Every size of a struct that some version may have had, and those none had:
 * `taken` answers what `give` of the struct with this size does. */
static void
every_size(size_t *size, size_t ours, uint64_t *more, int (*give)(void))
{
	*size = ours;
	assert_int_equal(give(), BGP_OK);
	*size = ours - sizeof(size_t);
	assert_int_equal(give(), BGP_OK);
	*size = ours + sizeof(uint64_t);
	*more = 0;
	assert_int_equal(give(), BGP_OK);
	*more = 1;
	assert_int_equal(give(), BGP_ERR_INVALID);
	*size = 0;
	assert_int_equal(give(), BGP_ERR_INVALID);
	*size = ours + 1;
	assert_int_equal(give(), BGP_ERR_INVALID);
	*size = ours;
}

static NEWER(bgp_session_options) session_options;
static NEWER(bgp_session_events) session_events;
static NEWER(bgp_speaker_options) speaker_options;
static NEWER(bgp_speaker_events) speaker_events;
static NEWER(bgp_peer_options) peer_options;

static int
give_session(void)
{
	return new_session(&session_options, &session_events);
}

static int
give_speaker(void)
{
	return new_speaker(&speaker_options, &speaker_events);
}

static int
give_peer(void)
{
	int err = bgp_peer_add(speaker, &peer_options.host, &peer);

	if (err == BGP_OK)
		bgp_peer_remove(peer, 1);
	return err;
}

static int
give_changes(void)
{
	return bgp_peer_configure(peer, &peer_options.host, 1);
}

#define EVERY_SIZE(x, give) \
	every_size(&x.host.size, sizeof x.host, &x.more, give)

static void
test_session(void **state)
{
	(void)state;
	session_options.host = (struct bgp_session_options)
	    BGP_SESSION_OPTIONS_INIT;
	session_options.host.local_as = 64512;
	session_options.host.router_id = 1;
	session_events.host = (struct bgp_session_events)
	    BGP_SESSION_EVENTS_INIT;
	EVERY_SIZE(session_options, give_session);
	EVERY_SIZE(session_events, give_session);
}

static void
test_speaker(void **state)
{
	(void)state;
	speaker_options.host = (struct bgp_speaker_options)
	    BGP_SPEAKER_OPTIONS_INIT;
	speaker_options.host.local_as = 64512;
	speaker_options.host.router_id = 1;
	speaker_events.host = (struct bgp_speaker_events)
	    BGP_SPEAKER_EVENTS_INIT;
	EVERY_SIZE(speaker_options, give_speaker);
	EVERY_SIZE(speaker_events, give_speaker);
	assert_int_equal(new_speaker(&speaker_options, NULL), BGP_OK);

	assert_int_equal(bgp_speaker_new(&speaker, &speaker_options.host, NULL),
			 BGP_OK);
	peer_options.host = (struct bgp_peer_options)BGP_PEER_OPTIONS_INIT;
	peer_options.host.address.len = 4;
	EVERY_SIZE(peer_options, give_peer);
	assert_int_equal(bgp_peer_add(speaker, &peer_options.host, &peer),
			 BGP_OK);
	EVERY_SIZE(peer_options, give_changes);
	bgp_speaker_del(speaker);
}

static NEWER(bgp_plan_input) plan_input;
static NEWER(bgp_plan_node) plan_node;
static NEWER(bgp_plan_peer) plan_peer;
static NEWER(bgp_plan_config) plan_config;
static struct bgp_plan *plan;
static struct bgp_plan_fault fault;

static int
give_plan(void)
{
	int err;

	fault.field = NULL;
	err = bgp_plan_new(&plan, &plan_input.host, &fault);
	bgp_plan_del(plan);
	assert_true(err == BGP_OK || strcmp(fault.field, "size") == 0);
	return err;
}

static int
give_node(void)
{
	return bgp_plan_update(plan, &plan_node.host, &fault);
}

static void
test_plan(void **state)
{
	(void)state;
	plan_input.host = (struct bgp_plan_input)BGP_PLAN_INPUT_INIT;
	plan_node.host = (struct bgp_plan_node)BGP_PLAN_NODE_INIT;
	plan_node.host.name = "a";
	plan_peer.host = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
	plan_peer.host.name = "p";
	plan_peer.host.peer_ip = "192.0.2.1";
	plan_config.host = (struct bgp_plan_config)BGP_PLAN_CONFIG_INIT;
	plan_config.host.name = "default";
	plan_input.host.nodes = &plan_node.host;
	plan_input.host.peers = &plan_peer.host;
	plan_input.host.configs = &plan_config.host;
	plan_input.host.node_count = plan_input.host.peer_count =
	    plan_input.host.config_count = 1;
	EVERY_SIZE(plan_input, give_plan);
	EVERY_SIZE(plan_node, give_plan);
	EVERY_SIZE(plan_peer, give_plan);
	EVERY_SIZE(plan_config, give_plan);
	assert_int_equal(bgp_plan_new(&plan, &plan_input.host, &fault), BGP_OK);
	EVERY_SIZE(plan_node, give_node);
	bgp_plan_del(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_older),   cmocka_unit_test(test_newer),
		cmocka_unit_test(test_no_size), cmocka_unit_test(test_array),
		cmocka_unit_test(test_init),    cmocka_unit_test(test_session),
		cmocka_unit_test(test_speaker), cmocka_unit_test(test_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
