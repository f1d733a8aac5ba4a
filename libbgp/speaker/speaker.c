/*
 * speaker.c - the life of a speaker, and its time.
 *
 * bgp_speaker_tick does what has gathered since, in the order a route travels:
 * timers, what ended sessions left, next hops, decisions, update groups.  Each
 * stage stops at the budget; while one has work left the deadline is past.
 */
#include "libbgp/base/sized.h"
#include "libbgp/speaker/inside.h"

#define LOOK_FACTOR 16 /* destinations looked at for one worked on */

/* --------------------------------------------------------------- lifetime */

static int
check(const struct bgp_speaker_options *o)
{
	if (o->local_as == 0 || o->router_id == 0 || o->budget == 0 ||
	    o->equal_paths == 0 || o->equal_paths > BGP_EQUAL_PATHS_MAX)
		return BGP_ERR_INVALID;
	return BGP_OK;
}

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	struct bgp_speaker *speaker = ctx;

	bgp__guard_callback_begin(&speaker->guard);
	speaker->events.route(speaker->events.ctx, route);
	bgp__guard_callback_end(&speaker->guard);
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	struct bgp_speaker *speaker = ctx;

	bgp__guard_callback_begin(&speaker->guard);
	speaker->events.next_hop_watch(speaker->events.ctx, addr);
	bgp__guard_callback_end(&speaker->guard);
}

static void
on_unwatch(void *ctx, const struct bgp_addr *addr)
{
	struct bgp_speaker *speaker = ctx;

	if (speaker->events.next_hop_unwatch == NULL)
		return;
	bgp__guard_callback_begin(&speaker->guard);
	speaker->events.next_hop_unwatch(speaker->events.ctx, addr);
	bgp__guard_callback_end(&speaker->guard);
}

static void
wire_rib(struct bgp_speaker *speaker)
{
	struct bgp__rib *rib = &speaker->rib;

	rib->local_as = speaker->options.local_as;
	rib->compare_med = speaker->options.compare_med;
	rib->equal_paths = speaker->options.equal_paths;
	rib->attrs.router_id = speaker->options.router_id;
	rib->attrs.cluster_id = speaker->options.cluster_id;
	rib->attrs.local_as = speaker->options.local_as;
	rib->ctx = speaker;
	if (speaker->events.route != NULL)
		rib->route = on_route;
	rib->next_hops.ctx = speaker;
	if (speaker->events.next_hop_watch != NULL) {
		rib->next_hops.watch = on_watch;
		rib->next_hops.unwatch = on_unwatch;
	}
}

static int
init(struct bgp_speaker *speaker)
{
	int err = bgp__rib_init(&speaker->rib, &speaker->mem,
				speaker->options.seed);

	if (err != BGP_OK)
		return err;
	speaker->batch = bgp__mem_get(&speaker->mem, sizeof *speaker->batch);
	if (speaker->batch == NULL)
		return BGP_ERR_NOMEM;
	speaker->host.kind = BGP_KIND_LOCAL;
	speaker->host.router_id = speaker->options.router_id;
	speaker->host.import_policy = bgp_policy_accept;
	bgp__index_init(&speaker->by_address, &speaker->mem, &bgp__peer_hooks,
			speaker);
	wire_rib(speaker);
	return bgp__rib_add_source(&speaker->rib, &speaker->host);
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
		err = check(&options);
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
		bgp_speaker_del(speaker);
		return err;
	}
	*out = speaker;
	return BGP_OK;
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
		for (uint32_t i = 0; i < peer->family_count; i++)
			bgp__member_leave(&peer->families[i]->member);
		if (peer->link != NULL)
			del_link(speaker, peer->link);
		bgp__peer_free(peer);
	}
}

void
bgp_speaker_del(struct bgp_speaker *speaker)
{
	struct bgp__link *link;
	struct bgp__mem mem;

	if (speaker == NULL)
		return;
	del_peers(speaker, speaker->first);
	del_peers(speaker, speaker->removed);
	while ((link = speaker->retired) != NULL) {
		speaker->retired = link->next;
		del_link(speaker, link);
	}
	for (uint32_t i = 0; i < speaker->rib.table_count; i++)
		bgp__groups_del(speaker->rib.tables[i]->groups);
	bgp__index_fini(&speaker->by_address);
	bgp__alarms_fini(&speaker->alarms, &speaker->mem);
	speaker->rib.next_hops.unwatch = NULL;
	bgp__rib_fini(&speaker->rib);
	bgp__mem_put(&speaker->mem, speaker->batch, sizeof *speaker->batch);
	mem = speaker->mem;
	bgp__mem_put(&mem, speaker, sizeof *speaker);
}

struct bgp__groups *
bgp__speaker_groups(struct bgp_speaker *speaker, struct bgp__table *table)
{
	struct bgp__groups *groups = table->groups;

	if (groups != NULL)
		return groups;
	groups = bgp__groups_new(table, speaker->batch);
	if (groups == NULL)
		return NULL;
	groups->router_id = speaker->options.router_id;
	groups->cluster_id = speaker->options.cluster_id;
	groups->local_as = speaker->options.local_as;
	groups->queue_max = speaker->options.queue_max;
	groups->client_to_client = !speaker->options.no_client_to_client;
	return groups;
}

/* ------------------------------------------------------------------- time */

void
bgp__speaker_chore(struct bgp_speaker *speaker)
{
	speaker->chores = 1;
}

static bool
is_busy(const struct bgp_speaker *speaker)
{
	const struct bgp__rib *rib = &speaker->rib;

	if (speaker->chores > 0 || rib->next_hops.changed)
		return true;
	for (uint32_t i = 0; i < rib->table_count; i++) {
		const struct bgp__table *table = rib->tables[i];

		if (table->changed.count > 0 || table->hop_sweep != 0 ||
		    (table->groups != NULL && bgp__groups_busy(table->groups)))
			return true;
	}
	return false;
}

uint64_t
bgp_speaker_deadline(const struct bgp_speaker *speaker)
{
	if (is_busy(speaker))
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

/* true: the peer's sweeps and reloads are done. */
static bool
run_chores_of(struct bgp_speaker *speaker, struct bgp_peer *peer)
{
	uint32_t look = speaker->options.budget * LOOK_FACTOR;
	bool done = true;

	for (uint32_t i = 0; i < peer->family_count; i++) {
		struct bgp__table *table = peer->families[i]->table;

		if (!bgp__adj_in_sweep(table, &peer->source, look))
			done = false;
		if (!bgp__adj_in_reload(table, &peer->source, look))
			done = false;
	}
	return done;
}

static void
run_chores(struct bgp_speaker *speaker)
{
	bool done = true;

	if (speaker->chores == 0)
		return;
	for (struct bgp_peer *p = speaker->first; p != NULL; p = p->next)
		done = run_chores_of(speaker, p) && done;
	for (struct bgp_peer *p = speaker->removed; p != NULL; p = p->next)
		done = run_chores_of(speaker, p) && done;
	speaker->chores = !done;
}

/* A sweep under way begins anew when another next hop changes meanwhile. */
static void
run_next_hops(struct bgp_speaker *speaker)
{
	struct bgp__rib *rib = &speaker->rib;
	uint32_t look = speaker->options.budget * LOOK_FACTOR;
	bool done = true;

	if (rib->next_hops.changed)
		for (uint32_t i = 0; i < rib->table_count; i++)
			rib->tables[i]->hop_sweep = 1;
	rib->next_hops.changed = false;
	for (uint32_t i = 0; i < rib->table_count; i++)
		if (rib->tables[i]->hop_sweep != 0)
			done = bgp__loc_rib_hops(rib->tables[i], look) && done;
	if (done)
		bgp__next_hops_settle(&rib->next_hops);
}

void
bgp_speaker_tick(struct bgp_speaker *speaker, uint64_t now_ms)
{
	struct bgp__rib *rib = &speaker->rib;
	uint32_t budget = speaker->options.budget;

	if (bgp__speaker_in_callback(speaker))
		return;
	bgp__guard_begin(&speaker->guard);
	speaker->now_ms = now_ms;
	run_sessions(speaker);
	reap_links(speaker);
	run_chores(speaker);
	run_next_hops(speaker);
	for (uint32_t i = 0; i < rib->table_count; i++)
		bgp__loc_rib_run(rib->tables[i], budget);
	for (uint32_t i = 0; i < rib->table_count; i++)
		if (rib->tables[i]->groups != NULL)
			bgp__groups_run(rib->tables[i]->groups, budget);
	bgp__peer_reap(speaker);
	bgp__guard_end(&speaker->guard);
}

/* ------------------------------------------------------------- small calls */

int
bgp_speaker_next_hop(struct bgp_speaker *speaker, const struct bgp_addr *addr,
		     bool reachable, uint32_t igp_cost)
{
	return bgp__next_hop_set(&speaker->rib.next_hops, addr, reachable,
				 igp_cost);
}

const struct bgp_attrs *
bgp_speaker_ref(struct bgp_speaker *speaker, const struct bgp_attrs *attrs)
{
	bgp__attrs_at(&speaker->rib.attrs, attrs->id)->refs++;
	return attrs;
}

void
bgp_speaker_unref(struct bgp_speaker *speaker, const struct bgp_attrs *attrs)
{
	if (attrs != NULL)
		bgp__attrs_unref(&speaker->rib.attrs,
				 bgp__attrs_at(&speaker->rib.attrs, attrs->id));
}
