/*
 * reflect.c - doors: the reflection of a RIB, its life, its time, its numbers.
 */
#include <string.h>

#include "libbgp/base/sized.h"
#include "libbgp/reflect/joined.h"

/* --------------------------------------------------------------- lifetime */

static size_t
octets(const void *reflect)
{
	struct bgp_reflect_info info = BGP_REFLECT_INFO_INIT;

	bgp_reflect_info(reflect, &info);
	return info.octets;
}

int
bgp_reflect_new(struct bgp_reflect **out, struct bgp_rib *rib,
		const struct bgp_reflect_options *options,
		const struct bgp_reflect_events *events)
{
	struct bgp_reflect_options o = BGP_REFLECT_OPTIONS_INIT;
	struct bgp_reflect_events e = BGP_REFLECT_EVENTS_INIT;
	struct bgp_reflect *reflect;
	int err = bgp__sized_take(&o, sizeof o, options);

	if (bgp__guard_refuses(rib->guard))
		return BGP_ERR_STATE;
	if (err == BGP_OK && events != NULL)
		err = bgp__sized_take(&e, sizeof e, events);
	if (err == BGP_OK && o.queue_max == 0)
		err = BGP_ERR_INVALID;
	if (err != BGP_OK)
		return err;
	if (rib->reflect != NULL)
		return BGP_ERR_EXIST;
	reflect = bgp__mem_get(rib->mem, sizeof *reflect);
	if (reflect == NULL)
		return BGP_ERR_NOMEM;
	reflect->batch = bgp__mem_resize(rib->mem, NULL, 0,
					 sizeof *reflect->batch);
	if (reflect->batch == NULL) {
		bgp__mem_put(rib->mem, reflect, sizeof *reflect);
		return BGP_ERR_NOMEM;
	}
	reflect->rib = rib;
	reflect->options = o;
	reflect->events = e;
	bgp__index_init(&reflect->by_address, rib->mem, &bgp__joined_hooks,
			rib);
	rib->reflect = reflect;
	rib->reflect_octets = octets;
	*out = reflect;
	return BGP_OK;
}

int
bgp_reflect_del(struct bgp_reflect *reflect)
{
	struct bgp_rib *rib;

	if (reflect == NULL)
		return BGP_OK;
	rib = reflect->rib;
	if (bgp__rib_refuses(rib))
		return BGP_ERR_STATE;
	while (reflect->joined != NULL)
		bgp__joined_del(reflect->joined);
	for (uint32_t i = 0; i < rib->table_count; i++)
		if (rib->tables[i]->groups != NULL)
			bgp__groups_clear(rib->tables[i]->groups);
	bgp__index_fini(&reflect->by_address);
	bgp__mem_put(rib->mem, reflect->batch, sizeof *reflect->batch);
	bgp__mem_put(rib->mem, reflect, sizeof *reflect);
	rib->reflect = NULL;
	bgp__rib_reap(rib);
	return BGP_OK;
}

/* ------------------------------------------------------------------- time */

bool
bgp_reflect_busy(const struct bgp_reflect *reflect)
{
	const struct bgp_rib *rib = reflect->rib;

	for (uint32_t i = 0; i < rib->table_count; i++)
		if (rib->tables[i]->groups != NULL &&
		    bgp__groups_busy(rib->tables[i]->groups))
			return true;
	return false;
}

int
bgp_reflect_tick(struct bgp_reflect *reflect)
{
	struct bgp_rib *rib = reflect->rib;

	if (bgp__rib_refuses(rib))
		return BGP_ERR_STATE;
	bgp__guard_begin(rib->guard);
	for (uint32_t i = 0; i < rib->table_count; i++)
		if (rib->tables[i]->groups != NULL)
			bgp__groups_run(rib->tables[i]->groups, rib->budget);
	bgp__rib_reap(rib);
	bgp__guard_end(rib->guard);
	return BGP_OK;
}

/* ---------------------------------------------------------------- numbers */

int
bgp_reflect_info(const struct bgp_reflect *reflect,
		 struct bgp_reflect_info *out)
{
	struct bgp_reflect_info info = BGP_REFLECT_INFO_INIT;
	const struct bgp_rib *rib = reflect->rib;

	info.peer_count = reflect->joined_count;
	info.octets_peers = reflect->joined_octets +
	    bgp__index_octets(&reflect->by_address);
	info.octets_scratch = sizeof *reflect + sizeof *reflect->batch;
	for (uint32_t i = 0; i < rib->table_count; i++) {
		const struct bgp__groups *groups = rib->tables[i]->groups;

		if (groups == NULL)
			continue;
		info.group_count += bgp__groups_count(groups);
		info.octets_adj_out += bgp__slab_octets(&groups->outs);
		info.octets_output += bgp__groups_octets(groups);
	}
	info.octets = info.octets_peers + info.octets_scratch +
	    info.octets_adj_out + info.octets_output;
	return bgp__sized_give(out, &info, sizeof info);
}
