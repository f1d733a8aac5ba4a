/*
 * host.c - a small host, built apart from the library: against older headers,
 * with structs that are shorter than the library's, or with longer ones.
 *
 *     OLDER   octets that the structs lack at their end
 *     NEWER   octets that they have more, zero; STRANGE: not zero
 *
 * It makes a session, a speaker with a peer and an announced route, and a plan.
 * Exit status 0: what it asked for was done, or, where it asked for what the
 * library cannot know, refused.
 */
#include <bgp/bgp.h>
#include <stdio.h>
#include <string.h>

#ifndef OLDER
#define OLDER 0
#endif
#ifndef NEWER
#define NEWER 0
#endif
#ifndef STRANGE
#define STRANGE 0
#endif

/* Room for a struct and what a newer version of it has more. */
#define GROWN(type)                              \
	union {                                  \
		struct type it;                  \
		unsigned char octets[16384 - 8]; \
	}

static GROWN(bgp_session_options) session_options;
static GROWN(bgp_session_events) session_events;
static GROWN(bgp_speaker_options) speaker_options;
static GROWN(bgp_speaker_events) speaker_events;
static GROWN(bgp_peer_options) peer_options;
static GROWN(bgp_plan_node) node;
static GROWN(bgp_plan_input) input;

static int bad;

static void
want(const char *what, int err)
{
	int wanted = STRANGE ? BGP_ERR_INVALID : BGP_OK;

	if (err == wanted)
		return;
	printf("%s: %d, %d is wanted\n", what, err, wanted);
	bad = 1;
}

/* As a compiler of that version would have it. */
static void
resize(void *octets, size_t len)
{
	size_t size = len - OLDER + NEWER;

	memset((unsigned char *)octets + len - OLDER, STRANGE, OLDER + NEWER);
	memcpy(octets, &size, sizeof size);
}

#define FILL(x, type)                                      \
	do {                                               \
		type##_init(&(x).it, sizeof(struct type)); \
		resize(&(x), sizeof(struct type));         \
	} while (0)

static void
try_session(void)
{
	struct bgp_session *session;

	FILL(session_options, bgp_session_options);
	FILL(session_events, bgp_session_events);
	session_options.it.local_as = 64512;
	session_options.it.router_id = 1;
	want(
	    "session",
	    bgp_session_new(&session, &session_options.it, &session_events.it));
	if (STRANGE)
		return;
	want("start", bgp_session_start(session, 1));
	bgp_session_del(session);
}

static void
try_peer(struct bgp_speaker *speaker)
{
	struct bgp_addr none = { 0, { 0 }, 0 };
	struct bgp_prefix prefix;
	struct bgp_nlri nlri;
	struct bgp_peer *peer;

	FILL(peer_options, bgp_peer_options);
	want("address", bgp_addr_parse(&peer_options.it.address, "fe80::1%3"));
	peer_options.it.peer_as = 64512;
	want("peer", bgp_peer_add(speaker, &peer_options.it, &peer));
	want("same", bgp_peer_configure(peer, &peer_options.it, 1));
	want("enable", bgp_peer_enable(peer, 1));
	want("prefix", bgp_prefix_parse(&prefix, "192.0.2.0/24"));
	nlri = bgp_prefix_nlri(&prefix);
	want("announce", bgp_speaker_announce(speaker, &nlri, &none, NULL, 0));
	bgp_speaker_tick(speaker, 2);
	if (strcmp(bgp_peer_name(peer), "fe80::1%3") != 0)
		want("name", 1);
}

static void
try_speaker(void)
{
	struct bgp_speaker *speaker;

	FILL(speaker_options, bgp_speaker_options);
	FILL(speaker_events, bgp_speaker_events);
	speaker_options.it.local_as = 64512;
	speaker_options.it.router_id = 1;
	want(
	    "speaker",
	    bgp_speaker_new(&speaker, &speaker_options.it, &speaker_events.it));
	if (STRANGE)
		return;
	try_peer(speaker);
	bgp_speaker_del(speaker);
}

static void
try_plan(void)
{
	struct bgp_plan *plan;

	FILL(node, bgp_plan_node);
	FILL(input, bgp_plan_input);
	node.it.name = "a";
	input.it.nodes = &node.it;
	input.it.node_count = 1;
	want("plan", bgp_plan_new(&plan, &input.it, NULL));
	bgp_plan_del(plan);
}

int
main(void)
{
	try_session();
	try_speaker();
	try_plan();
	return bad;
}
