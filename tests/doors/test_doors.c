/*
 * test_doors.c - every public function that has an object, called from within
 * every callback of a speaker.
 *
 * doors.inc is made from the headers by doors.py.  A scene runs through all of
 * a speaker's callbacks; in one of them, the first time, one function is
 * called. What is not marked [cb] answers BGP_ERR_STATE; nothing that fails is
 * void; whatever was called, all can be deleted and all memory comes back.
 *
 *   test_doors         the test
 *   test_doors --table the answers, as tests/README.md has them
 */
#include <stdio.h>
#include <string.h>

#include "../pair/rig.h"

struct door {
	const char *name;
	bool is_int, cb;
	int (*call)(void);
};

static struct {
	uint8_t octets[64];
	struct bgp_cursor cursor;
	const struct bgp_attrs *attrs;
	const struct door *door;
	unsigned where; /* the callback to call it in */
	bool done;
	int answer;
} scene;

#include "doors.inc"

enum where {
	CONNECT,
	CANCEL,
	CLOSE,
	OUTPUT,
	STATE,
	DOWN,
	FAULT,
	EOR,
	ROUTE,
	WATCH,
	UNWATCH,
	DROPPED,
	IMPORT,
	EXPORT,
	WHERES
};

static const char *const where_names[WHERES] = {
	"connect", "cancel", "close", "output",  "state",   "down",   "fault",
	"eor",     "route",  "watch", "unwatch", "dropped", "import", "export"
};

enum { DOORS = sizeof doors / sizeof *doors };

/* --------------------------------------------------------------- callbacks */

static void
in(enum where where)
{
	if (scene.done || scene.door == NULL || scene.where != where ||
	    rig.peers[0].conn == NULL || scene.attrs == NULL)
		return;
	scene.done = true;
	scene.answer = scene.door->call();
	if (strcmp(scene.door->name, "bgp_conn_closed") == 0)
		rig.peers[0].conn = NULL;
}

static void
on_connect(void *ctx, struct bgp_peer *peer)
{
	(void)ctx;
	(void)peer;
	in(CONNECT);
}

static void
on_cancel(void *ctx, struct bgp_peer *peer)
{
	(void)ctx;
	(void)peer;
	in(CANCEL);
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	if (rig.peers[0].conn == conn)
		rig.peers[0].conn = NULL;
	rig.closing[rig.closing_count++] = conn;
	in(CLOSE);
}

static void
on_output(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	(void)conn;
	in(OUTPUT);
}

static void
on_state(void *ctx, struct bgp_peer *peer, enum bgp_state from,
	 enum bgp_state to)
{
	(void)ctx;
	(void)peer;
	assert_true(from != to);
	in(STATE);
}

static void
on_down(void *ctx, struct bgp_peer *peer, const struct bgp_down *why)
{
	(void)ctx;
	(void)peer;
	(void)why;
	in(DOWN);
}

static void
on_fault(void *ctx, struct bgp_peer *peer, const struct bgp_fault *fault,
	 struct bgp_span msg)
{
	(void)ctx;
	(void)peer;
	(void)fault;
	(void)msg;
	in(FAULT);
}

static void
on_eor(void *ctx, struct bgp_peer *peer, bgp_family family)
{
	(void)ctx;
	(void)peer;
	(void)family;
	in(EOR);
}

static void
on_dropped(void *ctx, struct bgp_peer *peer, bgp_family family)
{
	(void)ctx;
	(void)peer;
	(void)family;
	in(DROPPED);
}

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	(void)ctx;
	(void)route;
	in(ROUTE);
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	(void)ctx;
	assert_int_equal(bgp_speaker_next_hop(rig.speaker, addr, true, 0),
			 BGP_OK);
	in(WATCH);
}

static void
on_unwatch(void *ctx, const struct bgp_addr *addr)
{
	(void)ctx;
	(void)addr;
	in(UNWATCH);
}

static enum bgp_verdict
judge(void *ctx, const struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
      const struct bgp_attrs *attrs, struct bgp_edit *edit)
{
	(void)peer;
	(void)nlri;
	(void)attrs;
	(void)edit;
	in(*(const enum where *)ctx);
	return BGP_ACCEPT;
}

/* ------------------------------------------------------------------- scene */

static void
add(unsigned p, bool passive)
{
	static enum where import = IMPORT, export = EXPORT;
	struct bgp_peer_options o = rig_options(p, true);

	o.passive = passive;
	o.path_id_limit = 1;
	o.families[0].add_path_receive = true;
	o.import_policy = o.export_policy = judge;
	o.import_ctx = &import;
	o.export_ctx = &export;
	rig_add(p, &o);
}

/* A set that the host keeps, and a cursor that stands at its route. */
static void
keep_set(void)
{
	struct bgp_route route;

	assert_int_equal(
	    bgp_cursor_init(&scene.cursor, bgp_speaker_rib(rig.speaker),
			    BGP_VIEW_LOC_RIB, BGP_IPV4_UNICAST, NULL),
	    BGP_OK);
	assert_int_equal(bgp_cursor_next(&scene.cursor, &route), 1);
	scene.attrs = bgp_attrs_ref(bgp_speaker_rib(rig.speaker), route.attrs);
}

static void
announce_twice(void)
{
	uint8_t body[] = { 0,    0, 0,   21,  0x40, 1, 1, 0,    0x40, 2, 0,
			   0x40, 3, 4,   192, 0,    2, 9, 0x40, 5,    4, 0,
			   0,    0, 100, 0,   0,    0, 7, 24,   10,   0, 7 };

	(void)rig_send(1, BGP_UPDATE, body, sizeof body);
	body[28] = 8;
	(void)rig_send(1, BGP_UPDATE, body, sizeof body);
	body[7] = 9; /* ORIGIN */
	(void)rig_send(1, BGP_UPDATE, body, sizeof body);
}

static void
play(void)
{
	static const uint8_t eor[] = { 0, 0, 0, 0 };

	rig_up(1, 2);
	announce_twice();
	rig_settle(true);
	(void)rig_send(1, BGP_UPDATE, eor, sizeof eor);
	rig_settle(true);
	if (rig.peers[2].peer != NULL)
		(void)bgp_peer_disable(rig.peers[2].peer, NULL, rig.now_ms);
	(void)bgp_peer_disable(rig.peers[1].peer, NULL, rig.now_ms);
	rig_settle(true);
}

/* The set is kept by the host's own route, which the RIB asks nobody about. */
static void
run(const struct door *door, enum where where)
{
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;
	struct bgp_prefix prefix = { .len = 4, .bits = 8, .octets = { 10 } };
	struct bgp_addr hop = { .len = 4, .octets = { 192, 0, 2, 77 } };
	struct bgp_nlri nlri = bgp_prefix_nlri(&prefix);

	events.connect = on_connect;
	events.cancel = on_cancel;
	events.close = on_close;
	events.output = on_output;
	events.peer_state = on_state;
	events.peer_down = on_down;
	events.peer_fault = on_fault;
	events.peer_eor = on_eor;
	events.peer_dropped = on_dropped;
	events.route = on_route;
	events.next_hop_watch = on_watch;
	events.next_hop_unwatch = on_unwatch;
	memset(&scene, 0, sizeof scene);
	rig_init(NULL, &events);
	assert_int_equal(
	    bgp_speaker_announce(rig.speaker, &nlri, &hop, NULL, 0), BGP_OK);
	rig_settle(true);
	keep_set();
	add(0, true);
	add(1, true);
	rig_up(0, 2);
	rig_settle(true);
	scene.door = door;
	scene.where = where;
	add(2, false);
	play();
	bgp_attrs_unref(bgp_speaker_rib(rig.speaker), scene.attrs);
	rig_fini();
}

/* ------------------------------------------------------------------- tests */

static void
test_callbacks(void **state)
{
	(void)state;
	for (unsigned where = 0; where < WHERES; where++)
		for (unsigned d = 0; d < DOORS; d++) {
			run(&doors[d], (enum where)where);
			if (!scene.done)
				fail_msg("%s was not called in %s",
					 doors[d].name, where_names[where]);
			if (!doors[d].cb && scene.answer != BGP_ERR_STATE)
				fail_msg("%s in %s answers %d", doors[d].name,
					 where_names[where], scene.answer);
		}
}

/* What must not be called has to be able to say so. */
static void
test_none_is_silent(void **state)
{
	(void)state;
	for (unsigned d = 0; d < DOORS; d++)
		if (!doors[d].cb && !doors[d].is_int)
			fail_msg("%s cannot answer BGP_ERR_STATE",
				 doors[d].name);
}

static const char *
answer_text(const struct door *door)
{
	static const char *const texts[] = { "yes",     "nomem",     "space",
					     "short",   "malformed", "state",
					     "invalid", "exist",     "noent",
					     "limit",   "refused",   "ended" };

	if (!door->cb)
		return "no";
	return scene.answer < 0 && scene.answer >= BGP_ERR_ENDED
	    ? texts[-scene.answer]
	    : "yes";
}

static void
print_table(void)
{
	printf("| function |");
	for (unsigned where = 0; where < WHERES; where++)
		printf(" %s |", where_names[where]);
	printf("\n|---|");
	for (unsigned where = 0; where < WHERES; where++)
		printf("---|");
	printf("\n");
	for (unsigned d = 0; d < DOORS; d++) {
		printf("| `%s` |", doors[d].name);
		for (unsigned where = 0; where < WHERES; where++) {
			run(&doors[d], (enum where)where);
			printf(" %s |", answer_text(&doors[d]));
		}
		printf("\n");
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none_is_silent),
		cmocka_unit_test(test_callbacks),
	};

	if (argc > 1 && strcmp(argv[1], "--table") == 0) {
		print_table();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
