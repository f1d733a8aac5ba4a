/*
 * member.c - one peer in its update group: in the stream, or behind it.
 *
 *   join --> behind --(nothing dirty: End-of-RIB, then)--> in the stream
 *              ^                                               |
 *              '---- does not read while others do; refresh ---'
 *
 * Behind the stream a member has a chunk of its own.  It is filled when the
 * session asks for octets and the last filling is sent, from the table as it is
 * then: an old state is never sent after a new one, and nothing queues up.
 */
#include <string.h>

#include "libbgp/base/mutate.h"
#include "libbgp/reflect/group.h"

#define OWN_CHUNK     (1u << 15) /* of a peer with 4096-octet messages */
#define OWN_CHUNK_EXT (1u << 17)
#define SEND_MAX      512  /* destinations encoded at a time */
#define LOOK_MAX      8192 /* destinations looked at per filling */

/* ------------------------------------------------------------------ lists */

static void
link_member(struct bgp__member **list, struct bgp__member *m)
{
	m->prev = NULL;
	m->next = *list;
	if (m->next != NULL)
		m->next->prev = m;
	*list = m;
}

static void
unlink_member(struct bgp__member **list, struct bgp__member *m)
{
	if (m->prev != NULL)
		m->prev->next = m->next;
	else
		*list = m->next;
	if (m->next != NULL)
		m->next->prev = m->prev;
	m->prev = m->next = NULL;
}

/* -------------------------------------------------------------- own chunk */

static void
drop_own(struct bgp__member *m)
{
	struct bgp__mem *mem = m->group->groups->mem;

	bgp__log_fini(&m->own, mem);
	bgp__bitset_fini(&m->dirty, mem);
	bgp__bitset_fini(&m->held, mem);
}

/* What being behind needs; on failure nothing is held. */
static int
make_own(struct bgp__member *m)
{
	struct bgp__groups *groups = m->group->groups;
	uint32_t bits = groups->table->reserved + 2;

	m->own.chunk_size = m->group->key.message_max > BGP_MESSAGE_MAX
	    ? OWN_CHUNK_EXT
	    : OWN_CHUNK;
	if (bgp__log_room(&m->own, groups->mem, 0) == NULL ||
	    bgp__bitset_reserve(&m->dirty, groups->mem, bits) != BGP_OK ||
	    bgp__bitset_reserve(&m->held, groups->mem, bits) != BGP_OK) {
		drop_own(m);
		return BGP_ERR_NOMEM;
	}
	return BGP_OK;
}

static bool
has_unread(const struct bgp__member *m)
{
	return m->reading.chunk != NULL && !bgp__reading_done(&m->reading);
}

/* ------------------------------------------------------------------- join */

static int
grow_own_outs(struct bgp__group *group, uint32_t room)
{
	uint32_t *own = bgp__mem_grow(group->groups->mem, group->own_outs,
				      group->own_room, room, sizeof *own);

	if (own == NULL)
		return BGP_ERR_NOMEM;
	group->own_outs = own;
	group->own_room = room;
	return BGP_OK;
}

/* Room for a source number in every table that is indexed by it. */
static int
grow_members(struct bgp__groups *groups, uint16_t source)
{
	uint32_t room = groups->member_room != 0 ? groups->member_room : 16;
	struct bgp__member **members;
	struct bgp__group *group;

	if (source < groups->member_room)
		return BGP_OK;
	while (room <= source)
		room *= 2;
	for (uint32_t i = 0; i < groups->room; i++) {
		group = groups->by_number[i];
		if (group != NULL && group->own_room < room &&
		    grow_own_outs(group, room) != BGP_OK)
			return BGP_ERR_NOMEM;
	}
	members = bgp__mem_grow(groups->mem, groups->members,
				groups->member_room, room, sizeof *members);
	if (members == NULL)
		return BGP_ERR_NOMEM;
	groups->members = members;
	groups->member_room = room;
	return BGP_OK;
}

/* A group without members has no use; its outs go in portions. */
static void
close_group(struct bgp__group *group)
{
	if (group->member_count == 0)
		group->sweep = 1;
}

int
bgp__member_join(struct bgp__groups *groups, struct bgp__member *m,
		 const struct bgp__group_key *key)
{
	uint32_t used = groups->table->dests.used;

	if (grow_members(groups, m->source) != BGP_OK)
		return BGP_ERR_NOMEM;
	m->group = bgp__group_get(groups, key);
	if (m->group == NULL)
		return BGP_ERR_NOMEM;
	if (make_own(m) != BGP_OK) {
		close_group(m->group);
		m->group = NULL;
		return BGP_ERR_NOMEM;
	}
	memset(&m->reading, 0, sizeof m->reading);
	m->reading.peer = m->source;
	bgp__log_join(&m->own, &m->reading);
	bgp__bitset_fill(&m->dirty, 1, used + 1);
	m->cursor = 0;
	m->behind = true;
	m->eor_due = !BGP__MUTATED(EOR);
	m->eor_sent = false;
	m->again = false;
	m->group->member_count++;
	groups->members[m->source] = m;
	link_member(&m->group->behind, m);
	m->wake(m->ctx);
	return BGP_OK;
}

/* Some destinations may have lived only for this member's dirty bit. */
static void
leave_dirty(struct bgp__member *m)
{
	struct bgp__groups *groups = m->group->groups;

	bgp__bitset_take(&groups->leftover, &m->dirty, groups->mem);
}

void
bgp__member_leave(struct bgp__member *m)
{
	struct bgp__group *group = m->group;

	if (group == NULL)
		return;
	if (m->behind) {
		leave_dirty(m);
		unlink_member(&group->behind, m);
		drop_own(m);
	} else {
		unlink_member(&group->in_stream, m);
		bgp__log_leave(&group->log, group->groups->mem, &m->reading);
	}
	m->reading.chunk = NULL;
	m->behind = false;
	m->group = NULL;
	group->groups->members[m->source] = NULL;
	group->member_count--;
	close_group(group);
}

/* ------------------------------------------------------------ fall behind */

/* A destination withdrawn meanwhile may be gone: it comes back, with nothing to
 * it, until this member has been sent. */
static int
mark_list(struct bgp__member *m, struct bgp_nlri_list list)
{
	struct bgp__table *table = m->group->groups->table;
	struct bgp_nlri nlri;
	struct bgp__key key;
	uint32_t dest;

	while (bgp_nlri_next(&list, &nlri)) {
		bgp__key_of(table, &nlri, &key);
		dest = bgp__dest_get(table, &key);
		if (dest == 0)
			return BGP_ERR_NOMEM;
		bgp__bitset_add(&m->dirty, dest);
	}
	return BGP_OK;
}

/* What stands in the log and was not read, read here: our own messages name
 * which destinations they are of. */
static int
mark_unread(struct bgp__member *m)
{
	struct bgp__reading reading = m->reading;
	struct bgp_update update;
	struct bgp_fault fault;
	struct bgp_span message;
	int err = BGP_OK;

	reading.at = reading.message;
	while ((message = bgp__reading_next(&reading)).len > 0) {
		if (bgp_update_decode(&m->group->codec, message.octets,
				      message.len, &update, &fault) != BGP_OK)
			continue;
		for (unsigned i = 0; i < update.reach_count; i++)
			err = err != BGP_OK ? err
					    : mark_list(m, update.reach[i]);
		for (unsigned i = 0; i < update.unreach_count; i++)
			err = err != BGP_OK ? err
					    : mark_list(m, update.unreach[i]);
		if (err != BGP_OK)
			return err;
	}
	return BGP_OK;
}

static void
leave_stream(struct bgp__member *m)
{
	unlink_member(&m->group->in_stream, m);
	link_member(&m->group->behind, m);
	m->behind = true;
}

static void
back_to_stream(struct bgp__member *m)
{
	leave_dirty(m);
	unlink_member(&m->group->behind, m);
	link_member(&m->group->in_stream, m);
	m->behind = false;
	drop_own(m);
}

/* Among those behind first: new destinations then find room in its sets. */
int
bgp__member_fall_behind(struct bgp__member *m)
{
	struct bgp__group *group = m->group;
	struct bgp_span rest = bgp__reading_rest(&m->reading);
	struct bgp__chunk *chunk;

	if (make_own(m) != BGP_OK)
		return BGP_ERR_NOMEM;
	leave_stream(m);
	if (mark_unread(m) != BGP_OK) {
		back_to_stream(m);
		return BGP_ERR_NOMEM;
	}
	bgp__bitset_fill(&m->held, 1, group->groups->table->dests.used + 1);
	chunk = m->own.last;
	if (rest.len > 0) {
		memcpy(chunk->octets, rest.octets, rest.len);
		bgp__chunk_add(chunk, (uint32_t)rest.len, BGP__RUN_ALL, 0, 0);
	}
	bgp__log_leave(&group->log, group->groups->mem, &m->reading);
	bgp__log_join(&m->own, &m->reading);
	m->reading.at = m->reading.run = 0;
	m->reading.message = (uint32_t)rest.len;
	m->cursor = 0;
	return BGP_OK;
}

int
bgp__member_refresh(struct bgp__member *m)
{
	uint32_t used;

	if (m->group == NULL)
		return BGP_ERR_STATE;
	if (m->behind && m->dirty.count > 0) {
		m->again = true;
		return BGP_OK;
	}
	used = m->group->groups->table->dests.used;
	if (!m->behind && bgp__member_fall_behind(m) != BGP_OK)
		return BGP_ERR_NOMEM;
	bgp__bitset_fill(&m->dirty, 1, used + 1);
	m->wake(m->ctx);
	return BGP_OK;
}

/* What it holds of the old group is not known destination by destination: any
 * may have to be withdrawn. */
int
bgp__member_move(struct bgp__member *m, const struct bgp__group_key *key)
{
	struct bgp__group *old = m->group, *group;
	uint32_t end = old->groups->table->dests.used + 1;

	group = bgp__group_get(old->groups, key);
	if (group == NULL)
		return BGP_ERR_NOMEM;
	if (!m->behind && bgp__member_fall_behind(m) != BGP_OK) {
		close_group(group);
		return BGP_ERR_NOMEM;
	}
	unlink_member(&old->behind, m);
	link_member(&group->behind, m);
	m->group = group;
	m->again = false;
	group->member_count++;
	old->member_count--;
	close_group(old);
	bgp__bitset_fill(&m->dirty, 1, end);
	bgp__bitset_fill(&m->held, 1, end);
	m->wake(m->ctx);
	return BGP_OK;
}

/* --------------------------------------------------------------- catch up */

static void
clear_dirty(struct bgp__member *m, uint32_t dest)
{
	bgp__bitset_remove(&m->dirty, dest);
	bgp__dest_settle(m->group->groups->table, dest);
}

static void
collect(struct bgp__member *m, uint32_t record)
{
	const struct bgp__groups *groups = m->group->groups;
	struct bgp__change *change;
	const struct bgp__out *out = NULL;
	uint32_t index, name;

	if (!bgp__dest_is_live(groups->table, record)) {
		bgp__bitset_remove(&m->dirty, record);
		return;
	}
	index = bgp__out_find(m->group, bgp__dest_at(groups->table, record));
	if (index != 0 && bgp__out_at(groups, index)->source != m->source)
		out = bgp__out_at(groups, index);
	if (out == NULL && !bgp__bitset_test(&m->held, record)) {
		clear_dirty(m, record);
		return;
	}
	/* Which octets this member was sent is not known: any of the same
	 * route will do to withdraw it. */
	name = out != NULL
	    ? bgp__out_name(groups, out)
	    : bgp__dest_name(groups->table,
			     bgp__dest_at(groups->table, record));
	change = bgp__batch_add(groups->batch, name);
	change->dest = record;
	change->attrs = out != NULL ? out->attrs : 0;
	change->source = out != NULL ? out->source : 0;
}

/* Encodes a portion of what is dirty into the own chunk. */
static void
send_more(struct bgp__member *m, uint32_t *look)
{
	struct bgp__batch *batch = m->group->groups->batch;
	uint32_t dest;

	bgp__batch_begin(batch);
	for (; *look > 0 && batch->count < SEND_MAX; --*look) {
		dest = bgp__bitset_next(&m->dirty, m->cursor);
		if (dest == BGP__BITSET_END) {
			m->cursor = 0;
			break;
		}
		collect(m, dest);
		m->cursor = dest + 1;
	}
	(void)bgp__batch_encode(batch, m->group, &m->own, m);
	for (uint32_t i = batch->count; i-- > 0;) {
		const struct bgp__change *change = &batch->changes[i];

		if (!change->done) {
			m->cursor = change->dest;
			continue;
		}
		if (change->attrs != 0)
			bgp__bitset_add(&m->held, change->dest);
		else
			bgp__bitset_remove(&m->held, change->dest);
		clear_dirty(m, change->dest);
	}
}

static void
enter_stream(struct bgp__member *m)
{
	struct bgp__group *group = m->group;

	if (bgp__log_room(&group->log, group->groups->mem, 0) == NULL) {
		group->groups->restless = true;
		return;
	}
	unlink_member(&group->behind, m);
	drop_own(m);
	m->behind = false;
	bgp__log_join(&group->log, &m->reading);
	link_member(&group->in_stream, m);
}

/* A refresh was asked for while all was being sent: once more, from the
 * beginning. */
static void
begin_again(struct bgp__member *m)
{
	uint32_t used = m->group->groups->table->dests.used;

	if (!m->again || m->dirty.count > 0 || m->eor_due)
		return;
	m->again = false;
	bgp__bitset_fill(&m->dirty, 1, used + 1);
	m->cursor = 0;
}

/*
 * The own chunk is sent: fill it again, or be done.  Looks at LOOK_MAX
 * destinations at most; where that gave nothing to send, asks to be woken.
 */
static void
catch_up(struct bgp__member *m)
{
	uint32_t look = LOOK_MAX;

	bgp__chunk_reset(m->own.last);
	m->reading.at = m->reading.run = m->reading.message = 0;
	begin_again(m);
	while (m->dirty.count > 0 && look > 0 && !has_unread(m))
		send_more(m, &look);
	if (has_unread(m))
		return;
	if (m->dirty.count > 0) {
		m->group->groups->restless = true;
		return;
	}
	if (m->group->fill != 0)
		return; /* the group does not know all yet; it wakes us */
	if (m->eor_due) {
		m->eor_due = bgp__batch_eor(m) != BGP_OK;
		m->eor_sent = !m->eor_due;
		return;
	}
	enter_stream(m);
}

/* ----------------------------------------------------------------- stream */

static struct bgp__log *
log_of(struct bgp__member *m)
{
	return m->behind ? &m->own : &m->group->log;
}

size_t
bgp__member_octets(const struct bgp__member *m)
{
	return m->own.octets + bgp__bitset_octets(&m->dirty) +
	    bgp__bitset_octets(&m->held);
}

size_t
bgp__member_lend(struct bgp__member *m, struct bgp_span *spans, size_t max)
{
	if (m->group == NULL)
		return 0;
	if (m->behind && !has_unread(m))
		catch_up(m);
	return bgp__reading_lend(&m->reading, spans, max);
}

size_t
bgp__member_peek(const struct bgp__member *m, struct bgp_span *spans,
		 size_t max)
{
	return m->group != NULL ? bgp__reading_lend(&m->reading, spans, max)
				: 0;
}

void
bgp__member_taken(struct bgp__member *m, size_t len)
{
	if (m->group != NULL)
		bgp__reading_taken(log_of(m), m->group->groups->mem,
				   &m->reading, len);
}

struct bgp_span
bgp__member_rest(struct bgp__member *m)
{
	struct bgp_span none = { NULL, 0 };

	return m->group != NULL ? bgp__reading_rest(&m->reading) : none;
}
