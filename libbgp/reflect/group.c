/*
 * group.c - one update group: found by what makes peers alike, made, cleared.
 *
 * A group without members is not found any more; what it holds goes in
 * portions, and then the group itself.
 */
#include "libbgp/reflect/group.h"

/* -------------------------------------------------------------- find, make */

static bool
same_key(const struct bgp__group_key *a, const struct bgp__group_key *b)
{
	return a->kind == b->kind && a->as4 == b->as4 &&
	    a->ext_next_hop == b->ext_next_hop && a->add_path == b->add_path &&
	    a->labels == b->labels && a->next_hop == b->next_hop &&
	    a->local_as == b->local_as &&
	    a->local_as_replace == b->local_as_replace &&
	    a->message_max == b->message_max &&
	    a->export_policy == b->export_policy &&
	    a->export_ctx == b->export_ctx &&
	    bgp_addr_compare(&a->own_ipv4, &b->own_ipv4) == 0 &&
	    bgp_addr_compare(&a->own_ipv6, &b->own_ipv6) == 0;
}

static int
grow_numbers(struct bgp__groups *groups)
{
	uint32_t room = groups->room != 0 ? groups->room * 2 : 4;
	struct bgp__group **by_number;

	if (room > 2 * BGP__GROUPS_MAX)
		return BGP_ERR_LIMIT;
	by_number = bgp__mem_grow(groups->mem, groups->by_number, groups->room,
				  room, sizeof *by_number);
	if (by_number == NULL)
		return BGP_ERR_NOMEM;
	groups->by_number = by_number;
	groups->room = room;
	return BGP_OK;
}

/* Messages must fit a chunk whole, with the run that names them. */
static uint32_t
chunk_size(const struct bgp__groups *groups, const struct bgp__group_key *key)
{
	if (groups->chunk_size != 0)
		return groups->chunk_size;
	return key->message_max > BGP_MESSAGE_MAX ? 1u << 18 : 1u << 16;
}

/* To write, and to read again what was written: what a peer may send has no
 * place in it, and nothing is checked that was checked when it came. */
static struct bgp_codec
codec_of(const struct bgp__table *table, const struct bgp__group_key *key)
{
	struct bgp_codec codec = {
		.as4 = key->as4,
		.message_in_max = key->message_max,
		.message_out_max = key->message_max,
		.family_count = 1,
	};

	codec.families[0] = (struct bgp_family_codec){
		.family = table->family,
		.add_path_in = key->add_path,
		.add_path_out = key->add_path,
		.ext_next_hop = key->ext_next_hop,
		.form = table->form,
		.labels_in = key->labels,
		.labels_out = key->labels,
	};
	return codec;
}

/* A new group looks at every destination once. */
static struct bgp__group *
group_new(struct bgp__groups *groups, const struct bgp__group_key *key)
{
	uint32_t number = 0, used = groups->table->dests.used;
	struct bgp__group *group;

	while (number < groups->room && groups->by_number[number] != NULL)
		number++;
	if (number == groups->room && grow_numbers(groups) != BGP_OK)
		return NULL;
	group = bgp__mem_get(groups->mem, sizeof *group);
	if (group == NULL)
		return NULL;
	group->own_room = groups->member_room;
	group->own_outs = bgp__mem_get(
	    groups->mem, group->own_room * sizeof *group->own_outs);
	if (group->own_outs == NULL ||
	    bgp__bitset_reserve(&group->pending, groups->mem,
				groups->table->reserved + 2) != BGP_OK) {
		bgp__mem_put(groups->mem, group->own_outs,
			     group->own_room * sizeof *group->own_outs);
		bgp__mem_put(groups->mem, group, sizeof *group);
		return NULL;
	}
	bgp__bitset_fill(&group->pending, 1, used + 1);
	group->key = *key;
	group->codec = codec_of(groups->table, key);
	group->groups = groups;
	group->number = (uint16_t)number;
	group->fill = used;
	group->log.chunk_size = chunk_size(groups, key);
	groups->by_number[number] = group;
	return group;
}

struct bgp__group *
bgp__group_get(struct bgp__groups *groups, const struct bgp__group_key *key)
{
	struct bgp__group *group;

	for (uint32_t i = 0; i < groups->room; i++) {
		group = groups->by_number[i];
		if (group != NULL && group->sweep == 0 &&
		    same_key(&group->key, key))
			return group;
	}
	return group_new(groups, key);
}

void
bgp__group_del(struct bgp__group *group)
{
	struct bgp__groups *groups = group->groups;

	groups->by_number[group->number] = NULL;
	bgp__log_fini(&group->log, groups->mem);
	bgp__bitset_fini(&group->pending, groups->mem);
	bgp__bitset_fini(&group->too_long, groups->mem);
	bgp__bitset_fini(&group->unreported, groups->mem);
	bgp__mem_put(groups->mem, group->own_outs,
		     group->own_room * sizeof *group->own_outs);
	bgp__mem_put(groups->mem, group, sizeof *group);
}

size_t
bgp__group_octets(const struct bgp__group *group)
{
	size_t octets = sizeof *group +
	    group->own_room * sizeof *group->own_outs + group->log.octets +
	    bgp__bitset_octets(&group->pending) +
	    bgp__bitset_octets(&group->too_long) +
	    bgp__bitset_octets(&group->unreported);

	for (const struct bgp__member *m = group->behind; m; m = m->next)
		octets += bgp__member_octets(m);
	return octets;
}

/* ------------------------------------------------------------------ sweep */

/* Destinations that lived only for this group are settled on the way. */
bool
bgp__group_sweep(struct bgp__group *group, uint32_t budget)
{
	struct bgp__table *table = group->groups->table;

	for (; budget > 0 && group->sweep <= table->dests.used &&
	     group->out_count + group->pending.count > 0;
	     budget--) {
		struct bgp__dest *dest = bgp__dest_at(table, group->sweep);
		uint32_t out = bgp__dest_is_live(table, group->sweep)
		    ? bgp__out_find(group, dest)
		    : 0;

		if (out != 0)
			bgp__out_remove(group, dest, out);
		bgp__bitset_remove(&group->pending, group->sweep);
		bgp__dest_settle(table, group->sweep++);
	}
	return group->out_count + group->pending.count == 0 ||
	    group->sweep > table->dests.used;
}
