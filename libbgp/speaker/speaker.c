/*
 * speaker.c - the life of a speaker, and its time.
 *
 * bgp_speaker_tick does what has gathered since, in the order a route travels:
 * timers, what ended sessions left, next hops, decisions, update groups.  Each
 * stage stops at the budget; while one has work left the deadline is past.
 */
#include "libbgp/base/range.h"
#include "libbgp/base/sized.h"
#include "libbgp/speaker/inside.h"

/* --------------------------------------------------------------- lifetime */

#define RANGE(field, min, max, words) \
	BGP__RANGE(bgp_speaker_options, field, false, min, max, words)

static const struct bgp__range ranges[] = {
	RANGE(local_as, 1, UINT32_MAX, "not 0"),
	RANGE(router_id, 1, UINT32_MAX, "not 0"),
	RANGE(budget, 1, UINT32_MAX, "not 0"),
	RANGE(queue_max, 1, UINT32_MAX, "not 0"),
	RANGE(equal_paths, 1, BGP_EQUAL_PATHS_MAX, "1 to BGP_EQUAL_PATHS_MAX"),
	BGP__RANGE_END,
};

const char *
bgp_speaker_options_invalid(const struct bgp_speaker_options *given)
{
	struct bgp_speaker_options options = BGP_SPEAKER_OPTIONS_INIT;
	const char *why = bgp__sized_invalid(sizeof options, given);

	if (why != NULL)
		return why;
	bgp__sized_take(&options, sizeof options, given);
	return bgp__range_broken(ranges, &options);
}

/* The RIB calls with its guard, which is the speaker's. */
static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	struct bgp_speaker *speaker = ctx;

	speaker->events.route(speaker->events.ctx, route);
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	struct bgp_speaker *speaker = ctx;

	speaker->events.next_hop_watch(speaker->events.ctx, addr);
}

static void
on_dropped(void *ctx, const struct bgp_rib_peer *rib_peer, bgp_family family)
{
	struct bgp_speaker *speaker = ctx;
	struct bgp_peer *peer = bgp_peer_of(rib_peer);

	if (peer != NULL && speaker->events.peer_dropped != NULL)
		speaker->events.peer_dropped(speaker->events.ctx, peer, family);
}

static void
on_unwatch(void *ctx, const struct bgp_addr *addr)
{
	struct bgp_speaker *speaker = ctx;

	if (!speaker->ending && speaker->events.next_hop_unwatch != NULL)
		speaker->events.next_hop_unwatch(speaker->events.ctx, addr);
}

static int
make_rib(struct bgp_speaker *speaker)
{
	const struct bgp_speaker_options *s = &speaker->options;
	struct bgp_rib_options o = BGP_RIB_OPTIONS_INIT;
	struct bgp_rib_events e = BGP_RIB_EVENTS_INIT;

	o.alloc = s->alloc;
	o.seed = s->seed;
	o.local_as = s->local_as;
	o.router_id = s->router_id;
	o.cluster_id = s->cluster_id;
	o.budget = s->budget;
	o.equal_paths = s->equal_paths;
	o.compare_med = s->compare_med;
	o.install_local = s->install_local;
	o.keep_times = s->keep_times;
	e.ctx = speaker;
	e.peer_dropped = on_dropped;
	if (speaker->events.route != NULL)
		e.route = on_route;
	if (speaker->events.next_hop_watch != NULL) {
		e.next_hop_watch = on_watch;
		e.next_hop_unwatch = on_unwatch;
	}
	return bgp_rib_new(&speaker->rib, &o, &e);
}

static void
on_too_long(void *ctx, struct bgp_rib_peer *peer, uint32_t count,
	    const struct bgp_nlri *nlri)
{
	struct bgp_speaker *speaker = ctx;

	speaker->events.too_long(speaker->events.ctx, bgp_rib_peer_user(peer),
				 count, nlri);
}

static int
init(struct bgp_speaker *speaker)
{
	struct bgp_reflect_options o = BGP_REFLECT_OPTIONS_INIT;
	struct bgp_reflect_events e = BGP_REFLECT_EVENTS_INIT;
	int err = make_rib(speaker);

	if (err != BGP_OK)
		return err;
	bgp__rib_lend_guard(speaker->rib, &speaker->guard);
	o.queue_max = speaker->options.queue_max;
	o.no_client_to_client = speaker->options.no_client_to_client;
	e.ctx = speaker;
	e.wake = bgp__link_wake;
	if (speaker->events.too_long != NULL)
		e.too_long = on_too_long;
	bgp__index_init(&speaker->by_address, &speaker->mem, &bgp__peer_hooks,
			speaker);
	return bgp_reflect_new(&speaker->reflect, speaker->rib, &o, &e);
}

static void
del_link(struct bgp_speaker *speaker, struct bgp__link *link)
{
	bgp__session_alarm(link->session, 0, NULL);
	bgp__alarms_remove(&speaker->alarms, link);
	bgp__session_free(link->session);
	bgp__mem_put(&speaker->mem, link, sizeof *link);
}

static void
del_peers(struct bgp_speaker *speaker, struct bgp_peer *peer)
{
	struct bgp_peer *next;

	for (; peer != NULL; peer = next) {
		next = peer->next;
		if (peer->link != NULL)
			del_link(speaker, peer->link);
		bgp__peer_free(peer);
	}
}

static void
free_speaker(struct bgp_speaker *speaker)
{
	struct bgp__link *link;
	struct bgp__mem mem;

	speaker->ending = true;
	del_peers(speaker, speaker->first);
	while ((link = speaker->retired) != NULL) {
		speaker->retired = link->next;
		del_link(speaker, link);
	}
	bgp__guard_begin(&speaker->guard); /* and it ends with the speaker */
	(void)bgp_reflect_del(speaker->reflect);
	(void)bgp_rib_del(speaker->rib);
	bgp__index_fini(&speaker->by_address);
	bgp__alarms_fini(&speaker->alarms, &speaker->mem);
	bgp__mem_put(&speaker->mem, speaker->slots,
		     speaker->slot_room * sizeof *speaker->slots);
	mem = speaker->mem;
	bgp__mem_put(&mem, speaker, sizeof *speaker);
}

/* The speaker counts its own octets too: its block comes from a counter that
 * then moves into the block. */
int
bgp_speaker_new(struct bgp_speaker **out,
		const struct bgp_speaker_options *given,
		const struct bgp_speaker_events *given_events)
{
	struct bgp_speaker_options options = BGP_SPEAKER_OPTIONS_INIT;
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;
	struct bgp_speaker *speaker;
	struct bgp__mem mem;
	int err = bgp__sized_take(&options, sizeof options, given);

	if (err == BGP_OK && given_events != NULL)
		err = bgp__sized_take(&events, sizeof events, given_events);
	if (err == BGP_OK)
		err = bgp__range_broken(ranges, &options) == NULL
		    ? BGP_OK
		    : BGP_ERR_INVALID;
	if (err != BGP_OK)
		return err;
	bgp__mem_init(&mem, &options.alloc);
	speaker = bgp__mem_get(&mem, sizeof *speaker);
	if (speaker == NULL)
		return BGP_ERR_NOMEM;
	speaker->mem = mem;
	speaker->options = options;
	if (options.cluster_id == 0)
		speaker->options.cluster_id = options.router_id;
	speaker->events = events;
	err = init(speaker);
	if (err != BGP_OK) {
		free_speaker(speaker);
		return err;
	}
	*out = speaker;
	return BGP_OK;
}

int
bgp_speaker_del(struct bgp_speaker *speaker)
{
	if (speaker == NULL)
		return BGP_OK;
	if (bgp__speaker_in_callback(speaker))
		return BGP_ERR_STATE;
	free_speaker(speaker);
	return BGP_OK;
}

/* ------------------------------------------------------------------- time */

uint64_t
bgp_speaker_deadline(const struct bgp_speaker *speaker)
{
	if (speaker->guard.first != NULL || bgp_rib_busy(speaker->rib) ||
	    bgp_reflect_busy(speaker->reflect))
		return 0;
	for (const struct bgp__link *l = speaker->retired; l != NULL;
	     l = l->next)
		if (!bgp__session_has_conns(l->session))
			return 0;
	return speaker->alarms.count > 0 ? speaker->alarms.heap[0]->alarm_ms
					 : UINT64_MAX;
}

/* Those that are due, each at most once; whose deadline has moved back since is
 * only filed anew. */
static void
run_sessions(struct bgp_speaker *speaker)
{
	struct bgp__alarms *alarms = &speaker->alarms;
	uint64_t at_ms;

	for (uint32_t n = alarms->count; n > 0; n--) {
		struct bgp__link *link = alarms->heap[0];

		if (link->alarm_ms > speaker->now_ms)
			break;
		if (bgp_session_deadline(link->session) <= speaker->now_ms)
			bgp_session_tick(link->session, speaker->now_ms);
		at_ms = bgp_session_deadline(link->session);
		bgp__session_alarm(link->session, at_ms, bgp__link_alarm);
		bgp__alarms_set(alarms, link, at_ms);
	}
}

/* Sessions without a peer go when their last words are sent. */
static void
reap_links(struct bgp_speaker *speaker)
{
	struct bgp__link **place = &speaker->retired, *link;

	while ((link = *place) != NULL) {
		if (bgp__session_has_conns(link->session)) {
			place = &link->next;
			continue;
		}
		*place = link->next;
		del_link(speaker, link);
	}
}

int
bgp_speaker_tick(struct bgp_speaker *speaker, uint64_t now_ms)
{
	if (bgp__speaker_in_callback(speaker))
		return BGP_ERR_STATE;
	bgp__guard_begin(&speaker->guard);
	bgp__speaker_set_now(speaker, now_ms);
	run_sessions(speaker);
	reap_links(speaker);
	(void)bgp_rib_tick(speaker->rib, now_ms);
	(void)bgp_reflect_tick(speaker->reflect);
	bgp__guard_end(&speaker->guard);
	return BGP_OK;
}

/* ------------------------------------------------------------- small calls */

struct bgp_rib *
bgp_speaker_rib(const struct bgp_speaker *speaker)
{
	return speaker->rib;
}

struct bgp_reflect *
bgp_speaker_reflect(const struct bgp_speaker *speaker)
{
	return speaker->reflect;
}

int
bgp_speaker_next_hop(struct bgp_speaker *speaker, const struct bgp_addr *addr,
		     bool reachable, uint32_t igp_cost)
{
	return bgp_rib_next_hop(speaker->rib, addr, reachable, igp_cost);
}
