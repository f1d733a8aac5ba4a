/*
 * groups.c - the update groups of one table.
 */
#include <string.h>

#include "libbgp/reflect/group.h"

/* ------------------------------------------------------- hooks of the table */

static int
grow_member(struct bgp__groups *groups, struct bgp__member *member,
	    uint32_t bits)
{
	for (; member != NULL; member = member->next)
		if (bgp__bitset_reserve(&member->dirty, groups->mem, bits) !=
			BGP_OK ||
		    bgp__bitset_reserve(&member->held, groups->mem, bits) !=
			BGP_OK)
			return BGP_ERR_NOMEM;
	return BGP_OK;
}

/* Room for a new destination in every set of destinations. */
static int
on_grow(struct bgp__table *table, uint32_t bits)
{
	struct bgp__groups *groups = table->groups;
	struct bgp__group *group;

	for (uint32_t i = 0; i < groups->room; i++) {
		group = groups->by_number[i];
		if (group == NULL)
			continue;
		if (bgp__bitset_reserve(&group->pending, groups->mem, bits) !=
			BGP_OK ||
		    grow_member(groups, group->behind, bits) != BGP_OK)
			return BGP_ERR_NOMEM;
	}
	return BGP_OK;
}

static void
on_best(struct bgp__table *table, uint32_t dest)
{
	struct bgp__groups *groups = table->groups;
	struct bgp__group *group;

	for (uint32_t i = 0; i < groups->room; i++) {
		group = groups->by_number[i];
		if (group != NULL && group->sweep == 0)
			bgp__bitset_add(&group->pending, dest);
	}
}

/* Nobody has to be told that this destination is gone. */
static bool
on_idle(struct bgp__table *table, uint32_t dest)
{
	struct bgp__groups *groups = table->groups;
	struct bgp__member *m;

	for (uint32_t i = 0; i < groups->room; i++) {
		struct bgp__group *group = groups->by_number[i];

		if (group == NULL)
			continue;
		if (bgp__bitset_test(&group->pending, dest))
			return false;
		for (m = group->behind; m != NULL; m = m->next) {
			if (!bgp__bitset_test(&m->held, dest))
				bgp__bitset_remove(&m->dirty, dest);
			if (bgp__bitset_test(&m->dirty, dest))
				return false;
		}
	}
	/* The index may be used again: no bit of it may stay. */
	for (uint32_t i = 0; i < groups->room; i++)
		for (m = groups->by_number[i] != NULL
			 ? groups->by_number[i]->behind
			 : NULL;
		     m != NULL; m = m->next)
			bgp__bitset_remove(&m->held, dest);
	return true;
}

/* --------------------------------------------------------------- lifetime */

struct bgp__groups *
bgp__groups_new(struct bgp__table *table, struct bgp__batch *batch)
{
	struct bgp__mem *mem = table->rib->mem;
	struct bgp__groups *groups = bgp__mem_get(mem, sizeof *groups);

	if (groups == NULL)
		return NULL;
	groups->table = table;
	groups->mem = mem;
	groups->batch = batch;
	bgp__slab_init(&groups->outs, mem,
		       (uint32_t)(sizeof(struct bgp__out) +
				  (table->whole ? sizeof(uint32_t) : 0)));
	table->groups = groups;
	table->grow = on_grow;
	table->best = on_best;
	table->idle = on_idle;
	return groups;
}

void
bgp__group_del(struct bgp__group *group)
{
	struct bgp__groups *groups = group->groups;

	groups->by_number[group->number] = NULL;
	bgp__log_fini(&group->log, groups->mem);
	bgp__bitset_fini(&group->pending, groups->mem);
	bgp__mem_put(groups->mem, group->own_outs,
		     group->own_room * sizeof *group->own_outs);
	bgp__mem_put(groups->mem, group, sizeof *group);
}

void
bgp__groups_del(struct bgp__groups *groups)
{
	if (groups == NULL)
		return;
	for (uint32_t i = 0; i < groups->room; i++)
		if (groups->by_number[i] != NULL)
			bgp__group_del(groups->by_number[i]);
	bgp__slab_fini(&groups->outs);
	bgp__bitset_fini(&groups->leftover, groups->mem);
	bgp__mem_put(groups->mem, groups->by_number,
		     groups->room * sizeof *groups->by_number);
	bgp__mem_put(groups->mem, groups->members,
		     groups->member_room * sizeof *groups->members);
	bgp__mem_put(groups->mem, groups, sizeof *groups);
}

/* -------------------------------------------------------------- find, make */

static bool
same_key(const struct bgp__group_key *a, const struct bgp__group_key *b)
{
	return a->kind == b->kind && a->as4 == b->as4 &&
	    a->ext_next_hop == b->ext_next_hop &&
	    a->next_hop_self == b->next_hop_self &&
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

/* A new group looks at every destination once. */
static struct bgp__group *
group_new(struct bgp__groups *groups, const struct bgp__group_key *key,
	  const struct bgp_codec *codec)
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
	group->codec = *codec;
	group->codec.recall = NULL;
	group->codec.message_in_max = key->message_max;
	group->groups = groups;
	group->number = (uint16_t)number;
	group->fill = used;
	group->log.chunk_size = chunk_size(groups, key);
	groups->by_number[number] = group;
	return group;
}

struct bgp__group *
bgp__group_get(struct bgp__groups *groups, const struct bgp__group_key *key,
	       const struct bgp_codec *codec)
{
	struct bgp__group *group;

	for (uint32_t i = 0; i < groups->room; i++) {
		group = groups->by_number[i];
		if (group != NULL && group->sweep == 0 &&
		    same_key(&group->key, key))
			return group;
	}
	return group_new(groups, key, codec);
}

uint32_t
bgp__out_find(const struct bgp__group *group, const struct bgp__dest *dest)
{
	const struct bgp__groups *groups = group->groups;
	uint32_t out = dest->outs;

	while (out != 0 && bgp__out_at(groups, out)->group != group->number)
		out = bgp__out_at(groups, out)->next;
	return out;
}

/* -------------------------------------------------------------------- run */

bool
bgp__groups_busy(const struct bgp__groups *groups)
{
	const struct bgp__group *group;

	if (groups->restless || groups->leftover.count > 0)
		return true;
	for (uint32_t i = 0; i < groups->room; i++) {
		group = groups->by_number[i];
		if (group != NULL &&
		    (group->sweep != 0 || bgp__group_ready(group)))
			return true;
	}
	return false;
}

/* Some member behind looked at much and found nothing to send. */
static void
wake_behind(struct bgp__groups *groups)
{
	const struct bgp__group *group;

	groups->restless = false;
	for (uint32_t i = 0; i < groups->room; i++) {
		group = groups->by_number[i];
		if (group == NULL || group->sweep != 0)
			continue;
		for (struct bgp__member *m = group->behind; m != NULL;
		     m = m->next)
			m->wake(m->ctx);
	}
}

static void
settle_leftover(struct bgp__groups *groups, uint32_t budget)
{
	uint32_t dest = 0;

	for (; groups->leftover.count > 0 && budget > 0; budget--) {
		dest = bgp__bitset_next(&groups->leftover, dest);
		bgp__bitset_remove(&groups->leftover, dest);
		bgp__dest_settle(groups->table, dest);
	}
	if (groups->leftover.count == 0)
		bgp__bitset_fini(&groups->leftover, groups->mem);
}

static uint32_t
run_group(struct bgp__group *group, uint32_t budget)
{
	if (group->sweep != 0) {
		if (bgp__group_sweep(group, budget))
			bgp__group_del(group);
		return budget;
	}
	return bgp__group_ready(group) ? bgp__group_flush(group, budget) : 0;
}

void
bgp__groups_run(struct bgp__groups *groups, uint32_t budget)
{
	bool restless = groups->restless;
	uint32_t left = budget, done;

	settle_leftover(groups, budget);
	for (uint32_t n = groups->room; n > 0 && left > 0; n--) {
		uint32_t i = groups->turn++ % groups->room;

		if (groups->by_number[i] == NULL)
			continue;
		done = run_group(groups->by_number[i], left);
		left -= done < left ? done : left;
	}
	if (restless)
		wake_behind(groups);
}

static size_t
group_octets(const struct bgp__group *group)
{
	size_t octets = sizeof *group +
	    group->own_room * sizeof *group->own_outs + group->log.octets +
	    bgp__bitset_octets(&group->pending);

	for (const struct bgp__member *m = group->behind; m; m = m->next)
		octets += bgp__member_octets(m);
	return octets;
}

size_t
bgp__groups_octets(const struct bgp__groups *groups)
{
	size_t octets = sizeof *groups +
	    groups->room * sizeof *groups->by_number +
	    groups->member_room * sizeof *groups->members +
	    bgp__bitset_octets(&groups->leftover);

	for (uint32_t i = 0; i < groups->room; i++)
		if (groups->by_number[i] != NULL)
			octets += group_octets(groups->by_number[i]);
	return octets;
}

uint32_t
bgp__groups_count(const struct bgp__groups *groups)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < groups->room; i++)
		count += groups->by_number[i] != NULL;
	return count;
}
