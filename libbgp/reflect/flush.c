/*
 * flush.c - send a group what changed.
 *
 * Comes in: the group's pending destinations.  Goes out: messages in the log,
 * dirty bits for members behind the stream, and records of what was sent.
 *
 * What cannot be sent for want of memory stays pending.  While the log is full
 * of what its readers have not read, nothing is flushed: changes of one
 * destination then melt into one.  But when some reader has read all and others
 * have not, those fall behind: nobody waits for the slow.
 */
#include "libbgp/base/mutate.h"
#include "libbgp/reflect/group.h"

#define AHEAD 8 /* destinations fetched before they are settled */

/* ---------------------------------------------------------------- changes */

static void
forget(struct bgp__group *group, struct bgp__change *change)
{
	struct bgp__groups *groups = group->groups;
	struct bgp__attrs_store *store = &groups->table->rib->attrs;

	if (change->attrs != 0)
		bgp__attrs_unref(store, bgp__attrs_at(store, change->attrs));
	if (!change->had)
		bgp__slab_put(&groups->outs, change->out);
}

/* A destination that needs no word. */
static void
pass(struct bgp__group *group, uint32_t dest)
{
	bgp__bitset_remove(&group->pending, dest);
	bgp__dest_settle(group->groups->table, dest);
}

/* Was the group sent this very NLRI, label included? */
static bool
is_sent(const struct bgp__groups *groups, const struct bgp__out *out,
	uint32_t name)
{
	return name == 0 || bgp__name_same(groups->table, *out->name, name);
}

static int
collect_sent(struct bgp__group *group, uint32_t record,
	     const struct bgp__dest *dest, struct bgp_attrs *attrs,
	     uint16_t source)
{
	struct bgp__groups *groups = group->groups;
	uint32_t index = bgp__out_find(group, dest);
	uint32_t name = bgp__best_name(groups->table, dest);
	const struct bgp__out *out = index != 0 ? bgp__out_at(groups, index)
						: NULL;
	struct bgp__change *change;

	if (out != NULL && out->attrs == attrs->id && out->source == source &&
	    is_sent(groups, out, name)) {
		bgp__attrs_unref(&groups->table->rib->attrs, attrs);
		pass(group, record);
		return BGP_OK;
	}
	if (out == NULL)
		index = bgp__slab_get(&groups->outs);
	if (index == 0) {
		bgp__attrs_unref(&groups->table->rib->attrs, attrs);
		return BGP_ERR_NOMEM;
	}
	change = bgp__batch_add(groups->batch, name);
	change->dest = record;
	change->attrs = attrs->id;
	change->out = index;
	change->source = source;
	change->had = out != NULL;
	change->old_source = out != NULL ? out->source : 0;
	return BGP_OK;
}

static void
collect_gone(struct bgp__group *group, uint32_t record,
	     const struct bgp__dest *dest)
{
	uint32_t index = bgp__out_find(group, dest);
	const struct bgp__out *out;
	struct bgp__change *change;

	if (index == 0 || BGP__MUTATED(WITHDRAWAL)) {
		pass(group, record);
		return;
	}
	out = bgp__out_at(group->groups, index);
	change = bgp__batch_add(group->groups->batch,
				bgp__out_name(group->groups, out));
	change->dest = record;
	change->out = index;
	change->source = out->source;
	change->old_source = change->source;
	change->had = true;
}

static int
collect(struct bgp__group *group, uint32_t record)
{
	const struct bgp__table *table = group->groups->table;
	const struct bgp__dest *dest;
	struct bgp_attrs *attrs = NULL;
	uint16_t source = 0;
	bool too_long;
	int err;

	if (!bgp__dest_is_live(table, record)) {
		bgp__bitset_remove(&group->pending, record);
		return BGP_OK;
	}
	dest = bgp__dest_at(table, record);
	err = bgp__export_of(group, dest, &attrs, &source, &too_long);
	if (err == BGP_OK && (too_long || group->too_long.count > 0))
		err = bgp__too_long_note(group, record, too_long);
	if (err != BGP_OK)
		return err;
	if (attrs != NULL)
		return collect_sent(group, record, dest, attrs, source);
	collect_gone(group, record, dest);
	return BGP_OK;
}

/* Pending destinations from the cursor on, in a circle; answers how many. */
static uint32_t
collect_all(struct bgp__group *group, uint32_t budget)
{
	struct bgp__batch *batch = group->groups->batch;
	uint32_t dest, count = 0;

	bgp__batch_begin(batch);
	for (; count < budget && batch->count < BGP__BATCH_MAX; count++) {
		dest = bgp__bitset_next(&group->pending, group->cursor);
		if (dest == BGP__BITSET_END) {
			group->cursor = 0;
			group->fill = 0;
			break;
		}
		if (collect(group, dest) != BGP_OK)
			break;
		group->cursor = dest + 1;
	}
	if (group->pending.count == 0)
		group->fill = 0;
	return count;
}

/* ----------------------------------------------------------------- commit */

/* Is this change none of the member's business: its own route before and
 * after? */
static bool
is_own(const struct bgp__member *m, const struct bgp__change *change)
{
	return change->source == m->source &&
	    (!change->had || change->old_source == m->source);
}

static void
commit(struct bgp__group *group, const struct bgp__change *change)
{
	struct bgp__table *table = group->groups->table;
	struct bgp__dest *dest = bgp__dest_at(table, change->dest);

	if (change->attrs != 0)
		bgp__out_set(group, change, dest);
	else
		bgp__out_remove(group, dest, change->out);
	for (struct bgp__member *m = group->behind; m != NULL; m = m->next)
		if (!is_own(m, change))
			bgp__bitset_add(&m->dirty, change->dest);
	pass(group, change->dest);
}

static void
commit_all(struct bgp__group *group)
{
	struct bgp__batch *batch = group->groups->batch;

	for (uint32_t i = 0; i < batch->count; i++) {
		struct bgp__change *change = &batch->changes[i];

		if (i + AHEAD < batch->count &&
		    batch->changes[i + AHEAD].attrs == 0)
			bgp__dest_prefetch(group->groups->table,
					   batch->changes[i + AHEAD].dest);
		if (change->done || group->in_stream == NULL)
			commit(group, change);
		else
			forget(group, change);
	}
}

/* ---------------------------------------------------------------- readers */

/* All have read all: the one chunk begins anew. */
static void
recycle(struct bgp__group *group)
{
	struct bgp__member *m;

	if (group->log.first == NULL || group->log.first != group->log.last)
		return;
	for (m = group->in_stream; m != NULL; m = m->next)
		if (!bgp__reading_done(&m->reading))
			return;
	bgp__chunk_reset(group->log.last);
	for (m = group->in_stream; m != NULL; m = m->next)
		m->reading.at = m->reading.run = m->reading.message = 0;
}

static bool
is_full(const struct bgp__group *group)
{
	return group->log.octets >= group->groups->queue_max &&
	    group->log.first != group->log.last;
}

static bool
someone_waits(const struct bgp__group *group)
{
	for (const struct bgp__member *m = group->in_stream; m != NULL;
	     m = m->next)
		if (bgp__reading_done(&m->reading))
			return true;
	return false;
}

/* Who stands in the first half of a full log leaves the stream. */
static void
leave_behind_the_slow(struct bgp__group *group)
{
	struct bgp__member *m, *next;

	for (m = group->in_stream; m != NULL; m = next) {
		next = m->next;
		if (m->reading.chunk == group->log.first &&
		    !bgp__reading_done(&m->reading))
			(void)bgp__member_fall_behind(m);
	}
}

bool
bgp__group_ready(const struct bgp__group *group)
{
	if (group->pending.count == 0)
		return group->fill != 0;
	return !is_full(group) || someone_waits(group);
}

/* Who has read all now must be woken when there is more. */
static void
note_waiting(struct bgp__group *group)
{
	for (struct bgp__member *m = group->in_stream; m != NULL; m = m->next)
		m->waits = bgp__reading_done(&m->reading);
}

static void
wake_readers(struct bgp__group *group)
{
	struct bgp__member *m;

	for (m = group->in_stream; m != NULL; m = m->next) {
		if (!m->waits)
			continue;
		bgp__log_skip(&group->log, group->groups->mem, &m->reading);
		if (!bgp__reading_done(&m->reading) && !BGP__MUTATED(WAKE))
			m->wake(m->ctx);
	}
	for (m = group->behind; m != NULL; m = m->next)
		m->wake(m->ctx);
}

uint32_t
bgp__group_flush(struct bgp__group *group, uint32_t budget)
{
	uint32_t count;

	while (is_full(group) && someone_waits(group)) {
		const struct bgp__chunk *first = group->log.first;

		leave_behind_the_slow(group);
		if (group->log.first == first)
			return 0; /* no memory to fall behind with */
	}
	recycle(group);
	note_waiting(group);
	count = collect_all(group, budget);
	if (group->in_stream != NULL && group->groups->batch->count > 0)
		(void)bgp__batch_encode(group->groups->batch, group,
					&group->log, NULL);
	commit_all(group);
	wake_readers(group);
	bgp__too_long_report(group);
	return count;
}
