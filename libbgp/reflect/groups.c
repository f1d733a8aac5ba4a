/*
 * groups.c - the update groups of one table: what the table asks of them, and
 * whose turn it is.
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
		    bgp__too_long_grow(group, bits) != BGP_OK ||
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

/* Nobody has to be sent that this destination is gone. */
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
				  (table->named ? BGP__NAME_LEN : 0u)));
	table->groups = groups;
	table->grow = on_grow;
	table->best = on_best;
	table->idle = on_idle;
	table->sent = bgp__out_show;
	return groups;
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

/* All outs of a destination, whatever their group. */
static void
clear_dest(struct bgp__groups *groups, struct bgp__dest *dest)
{
	while (dest->outs != 0) {
		const struct bgp__out *out = bgp__out_at(groups, dest->outs);

		bgp__out_remove(groups->by_number[out->group], dest,
				dest->outs);
	}
}

void
bgp__groups_clear(struct bgp__groups *groups)
{
	struct bgp__table *table = groups->table;

	table->grow = NULL;
	table->best = NULL;
	table->idle = NULL;
	table->sent = NULL;
	table->groups = NULL;
	for (uint32_t i = 1; i <= table->dests.used; i++) {
		if (!bgp__dest_is_live(table, i))
			continue;
		clear_dest(groups, bgp__dest_at(table, i));
		bgp__dest_settle(table, i);
	}
	bgp__groups_del(groups);
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

size_t
bgp__groups_octets(const struct bgp__groups *groups)
{
	size_t octets = sizeof *groups +
	    groups->room * sizeof *groups->by_number +
	    groups->member_room * sizeof *groups->members +
	    bgp__bitset_octets(&groups->leftover);

	for (uint32_t i = 0; i < groups->room; i++)
		if (groups->by_number[i] != NULL)
			octets += bgp__group_octets(groups->by_number[i]);
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
