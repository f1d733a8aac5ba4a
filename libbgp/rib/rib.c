/*
 * rib.c - doors: the life of a RIB, its time, its numbers.
 */
#include <string.h>

#include "libbgp/base/range.h"
#include "libbgp/base/sized.h"
#include "libbgp/rib/rib.h"

#define RANGE(field, min, max, words) \
	BGP__RANGE(bgp_rib_options, field, false, min, max, words)

static const struct bgp__range ranges[] = {
	RANGE(local_as, 1, UINT32_MAX, "not 0"),
	RANGE(router_id, 1, UINT32_MAX, "not 0"),
	RANGE(budget, 1, UINT32_MAX, "not 0"),
	RANGE(equal_paths, 1, BGP_EQUAL_PATHS_MAX, "1 to BGP_EQUAL_PATHS_MAX"),
	BGP__RANGE_END,
};

const char *
bgp_rib_options_invalid(const struct bgp_rib_options *given)
{
	struct bgp_rib_options options = BGP_RIB_OPTIONS_INIT;
	const char *why = bgp__sized_invalid(sizeof options, given);

	if (why != NULL)
		return why;
	bgp__sized_take(&options, sizeof options, given);
	return bgp__range_broken(ranges, &options);
}

/* -------------------------------------------------- callbacks of the host */

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	struct bgp_rib *rib = ctx;

	bgp__rib_callback_begin(rib);
	rib->events.route(rib->events.ctx, route);
	bgp__rib_callback_end(rib);
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	struct bgp_rib *rib = ctx;

	bgp__rib_callback_begin(rib);
	rib->events.next_hop_watch(rib->events.ctx, addr);
	bgp__rib_callback_end(rib);
}

static void
on_unwatch(void *ctx, const struct bgp_addr *addr)
{
	struct bgp_rib *rib = ctx;

	if (rib->events.next_hop_unwatch == NULL)
		return;
	bgp__rib_callback_begin(rib);
	rib->events.next_hop_unwatch(rib->events.ctx, addr);
	bgp__rib_callback_end(rib);
}

/* --------------------------------------------------------------- lifetime */

static void
wire(struct bgp_rib *rib, const struct bgp_rib_options *o)
{
	rib->local_as = rib->attrs.local_as = o->local_as;
	rib->router_id = rib->attrs.router_id = o->router_id;
	rib->cluster_id = o->cluster_id != 0 ? o->cluster_id : o->router_id;
	rib->attrs.cluster_id = rib->cluster_id;
	rib->local.router_id = o->router_id;
	rib->local.recall.store = &rib->attrs;
	rib->budget = o->budget;
	rib->equal_paths = o->equal_paths;
	rib->compare_med = o->compare_med;
	rib->install_local = o->install_local;
	rib->keep_times = o->keep_times;
	rib->ctx = rib->next_hops.ctx = rib;
	if (rib->events.route != NULL)
		rib->route = on_route;
	if (rib->events.next_hop_watch != NULL) {
		rib->next_hops.watch = on_watch;
		rib->next_hops.unwatch = on_unwatch;
	}
}

static void
del(struct bgp_rib *rib)
{
	struct bgp_rib_peer *peer;
	struct bgp__mem mem;

	rib->next_hops.unwatch = NULL;
	while ((peer = rib->first) != NULL) {
		rib->first = peer->next;
		bgp__mem_put(rib->mem, peer, sizeof *peer);
	}
	while ((peer = rib->removed) != NULL) {
		rib->removed = peer->next;
		bgp__mem_put(rib->mem, peer, sizeof *peer);
	}
	bgp__rib_fini(rib);
	mem = rib->own;
	bgp__mem_put(&mem, rib, sizeof *rib);
}

/* The RIB counts its own octets too: its block comes from a counter that then
 * moves into the block. */
int
bgp_rib_new(struct bgp_rib **out, const struct bgp_rib_options *options,
	    const struct bgp_rib_events *events)
{
	struct bgp_rib_options o = BGP_RIB_OPTIONS_INIT;
	struct bgp_rib_events e = BGP_RIB_EVENTS_INIT;
	struct bgp_rib *rib;
	struct bgp__mem mem;
	int err = bgp__sized_take(&o, sizeof o, options);

	if (err == BGP_OK && events != NULL)
		err = bgp__sized_take(&e, sizeof e, events);
	if (err == BGP_OK)
		err = bgp__range_broken(ranges, &o) == NULL ? BGP_OK
							    : BGP_ERR_INVALID;
	if (err != BGP_OK)
		return err;
	bgp__mem_init(&mem, &o.alloc);
	rib = bgp__mem_get(&mem, sizeof *rib);
	if (rib == NULL)
		return BGP_ERR_NOMEM;
	rib->own = mem;
	rib->events = e;
	err = bgp__rib_init(rib, &rib->own, o.seed);
	if (err != BGP_OK) {
		del(rib);
		return err;
	}
	wire(rib, &o);
	*out = rib;
	return BGP_OK;
}

int
bgp_rib_del(struct bgp_rib *rib)
{
	if (rib == NULL)
		return BGP_OK;
	if (bgp__rib_refuses(rib) || rib->reflect != NULL)
		return BGP_ERR_STATE;
	del(rib);
	return BGP_OK;
}

/* ------------------------------------------------------------------- time */

bool
bgp_rib_busy(const struct bgp_rib *rib)
{
	return bgp__rib_is_busy(rib);
}

int
bgp_rib_tick(struct bgp_rib *rib, uint64_t now_ms)
{
	if (bgp__rib_refuses(rib))
		return BGP_ERR_STATE;
	bgp__guard_begin(rib->guard);
	rib->now_ms = now_ms;
	bgp__rib_run(rib);
	bgp__rib_reap(rib);
	bgp__guard_end(rib->guard);
	return BGP_OK;
}

/* ------------------------------------------------------------ small calls */

int
bgp_rib_next_hop(struct bgp_rib *rib, const struct bgp_addr *addr,
		 bool reachable, uint32_t igp_cost)
{
	if (addr->len != 4 && addr->len != 16)
		return BGP_ERR_INVALID;
	return bgp__next_hop_set(&rib->next_hops, addr, reachable, igp_cost);
}

int
bgp_rib_add_family(struct bgp_rib *rib, const struct bgp_family_codec *family)
{
	struct bgp__table *table;

	if (bgp__guard_refuses(rib->guard))
		return BGP_ERR_STATE;
	return bgp__rib_table_of(rib, family, &table);
}

int
bgp_rib_info(const struct bgp_rib *rib, struct bgp_rib_info *out)
{
	struct bgp_rib_info info = BGP_RIB_INFO_INIT;

	bgp__rib_count(rib, &info);
	return bgp__sized_give(out, &info, sizeof info);
}
