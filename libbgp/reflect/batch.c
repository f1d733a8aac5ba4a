/*
 * batch.c - changes into messages, packed by attribute set.
 *
 * Comes in: up to BGP__BATCH_MAX changes in any order.  Goes out: messages,
 * each with as many destinations of one attribute set and source as fit, in
 * order of the first change of each.
 *
 *   changes   a b a c b a        (letters: attribute set and source)
 *   chains    a->a->a  b->b  c   -> [attrs a | 3 NLRI] [b | 2] [c | 1]
 */
#include <string.h>

#include "libbgp/reflect/group.h"

void
bgp__batch_begin(struct bgp__batch *batch)
{
	batch->count = 0;
}

struct bgp__change *
bgp__batch_add(struct bgp__batch *batch, uint32_t name)
{
	struct bgp__change *change = &batch->changes[batch->count];

	batch->names[batch->count++] = name;
	memset(change, 0, sizeof *change);
	return change;
}

/* ----------------------------------------------------------------- chains */

static uint32_t
slot_of(const struct bgp__change *change, uint32_t mask)
{
	return (change->attrs * 2654435761u + change->source * 40503u) & mask;
}

static void
push(struct bgp__batch *batch, uint16_t i, uint32_t mask)
{
	struct bgp__change *change = &batch->changes[i], *head;
	uint32_t slot = slot_of(change, mask);

	change->first = true;
	change->same = BGP__BATCH_LAST;
	for (; batch->heads[slot] != BGP__BATCH_LAST;
	     slot = (slot + 1) & mask) {
		head = &batch->changes[batch->heads[slot]];
		if (head->attrs == change->attrs &&
		    head->source == change->source) {
			head->first = false;
			change->same = batch->heads[slot];
			break;
		}
	}
	batch->heads[slot] = i;
}

/* From the last to the first, so that chains run forward. */
static void
build_chains(struct bgp__batch *batch)
{
	uint32_t slots = 16;

	while (slots < 2 * batch->count)
		slots *= 2;
	memset(batch->heads, 0xff, slots * sizeof *batch->heads);
	for (uint32_t i = batch->count; i-- > 0;)
		push(batch, (uint16_t)i, slots - 1);
}

/* --------------------------------------------------------------- encoding */

struct encoding {
	struct bgp__batch *batch;
	const struct bgp__group *group;
	struct bgp__log *log;
	const struct bgp__member *alone; /* whom it is for; NULL: the group */
};

/* A chunk with room for `messages` whole ones. */
static struct bgp__chunk *
find_room(const struct encoding *e, unsigned messages, int *err)
{
	uint32_t room = messages *
	    ((uint32_t)e->group->key.message_max +
	     (uint32_t)sizeof(struct bgp__run));
	struct bgp__chunk *chunk = e->log->last;

	*err = BGP_ERR_LIMIT;
	if (e->alone != NULL && chunk != NULL)
		return bgp__chunk_room(chunk) >= room ? chunk : NULL;
	*err = BGP_ERR_NOMEM;
	return bgp__log_room(e->log, e->group->groups->mem, room);
}

static size_t
write_message(const struct encoding *e, struct bgp__chunk *chunk,
	      const struct bgp_update_parts *parts, enum bgp__run_mode mode,
	      uint16_t peer, uint16_t other)
{
	size_t taken = 0;
	int len = bgp_update_encode(&e->group->codec, parts,
				    chunk->octets + chunk->len,
				    bgp__chunk_room(chunk), &taken);

	if (len <= 0)
		return 0;
	bgp__chunk_add(chunk, (uint32_t)len, mode, peer, other);
	return taken;
}

/* Was this change's new source sent the old route, and must now not hold it? */
static bool
is_taken_back(const struct encoding *e, const struct bgp__change *change)
{
	return e->alone == NULL && change->attrs != 0 && change->had &&
	    change->old_source != change->source &&
	    bgp__group_has(e->group, change->source);
}

/* The destinations of a chain into batch->nlri; *back: some are taken back. */
static size_t
gather(const struct encoding *e, uint16_t first, bool *back)
{
	const struct bgp__table *table = e->group->groups->table;
	struct bgp__batch *batch = e->batch;
	size_t count = 0;

	*back = false;
	for (uint16_t i = first; i != BGP__BATCH_LAST;
	     i = batch->changes[i].same) {
		batch->nlri[count] = bgp__nlri_of(
		    table, bgp__dest_at(table, batch->changes[i].dest),
		    batch->names[i]);
		batch->behind[count++] = i;
		*back = *back || is_taken_back(e, &batch->changes[i]);
	}
	return count;
}

/* What the group was sent of it before. */
static struct bgp_nlri
sent_nlri(const struct encoding *e, size_t i)
{
	const struct bgp__groups *groups = e->group->groups;
	const struct bgp__batch *batch = e->batch;
	uint16_t change = batch->behind[i];

	return bgp__nlri_of(
	    groups->table,
	    bgp__dest_at(groups->table, batch->changes[change].dest),
	    bgp__out_name(groups,
			  bgp__out_at(groups, batch->changes[change].out)));
}

/* Withdraws from the peer that is the next hop now what it was sent before. */
static void
write_taken_from(const struct encoding *e, struct bgp__chunk *chunk,
		 size_t from, size_t count, uint16_t owner)
{
	struct bgp__batch *batch = e->batch;
	struct bgp_update_parts parts = {
		.family = e->group->groups->table->family,
		.unreach = true,
		.nlri = batch->taken_back,
	};

	for (size_t i = from; i < from + count; i++) {
		const struct bgp__change
		    *change = &batch->changes[batch->behind[i]];

		if (change->had && change->old_source != owner)
			batch->taken_back[parts.nlri_count++] = sent_nlri(e, i);
	}
	if (parts.nlri_count > 0)
		write_message(e, chunk, &parts, BGP__RUN_ONLY, owner, owner);
}

/* Withdraws from the new source what it was sent of the old one. */
static void
write_taken_back(const struct encoding *e, struct bgp__chunk *chunk,
		 size_t from, size_t count)
{
	struct bgp__batch *batch = e->batch;
	struct bgp_update_parts parts = {
		.family = e->group->groups->table->family,
		.unreach = true,
		.nlri = batch->taken_back,
	};
	uint16_t source = batch->changes[batch->behind[from]].source;

	for (size_t i = from; i < from + count; i++)
		if (is_taken_back(e, &batch->changes[batch->behind[i]]))
			batch->taken_back[parts.nlri_count++] = sent_nlri(e, i);
	if (parts.nlri_count > 0)
		write_message(e, chunk, &parts, BGP__RUN_ONLY, source, source);
}

/* The member of the group whose address the next hop is: it is not sent the
 * route.  0: none.                                      RFC 4271 5.1.3 */
static uint16_t
owner_of(const struct encoding *e, struct bgp_span next_hop)
{
	const struct bgp__groups *groups = e->group->groups;
	struct bgp_addr addr;
	uint16_t owner;

	if (!bgp__stamp_host(next_hop, &addr))
		return 0;
	if (e->alone != NULL)
		return bgp_addr_compare(&addr, &e->alone->address) == 0
		    ? e->alone->source
		    : 0;
	if (groups->owner == NULL)
		return 0;
	owner = groups->owner(groups->owner_ctx, &addr);
	return owner != 0 && bgp__group_has(e->group, owner) ? owner : 0;
}

static int
encode_chain(const struct encoding *e, uint16_t first)
{
	const struct bgp__groups *groups = e->group->groups;
	struct bgp__batch *batch = e->batch;
	const struct bgp__change *change = &batch->changes[first];
	enum bgp__run_mode mode = e->alone == NULL &&
		bgp__group_has(e->group, change->source)
	    ? BGP__RUN_EXCEPT
	    : BGP__RUN_ALL;
	struct bgp_update_parts parts = { .family = groups->table->family,
					  .unreach = change->attrs == 0 };
	struct bgp__chunk *chunk;
	size_t taken, count;
	uint16_t owner = 0;
	bool back;
	int err;

	count = gather(e, first, &back);
	if (!parts.unreach) {
		parts.attrs = batch->attrs;
		parts.attr_count = bgp__stamp(
		    e->group,
		    bgp__attrs_at(&groups->table->rib->attrs, change->attrs),
		    change->source, batch, &parts.next_hop);
		owner = owner_of(e, parts.next_hop);
	}
	if (owner != 0 && e->alone != NULL)
		parts.unreach = true;
	else if (owner != 0)
		mode = BGP__RUN_EXCEPT;
	for (size_t at = 0; at < count; at += taken) {
		chunk = find_room(e, 1u + back + (owner != 0), &err);
		if (chunk == NULL)
			return err;
		parts.nlri = batch->nlri + at;
		parts.nlri_count = count - at;
		taken = write_message(e, chunk, &parts, mode, change->source,
				      owner != 0 ? owner : change->source);
		if (taken == 0)
			return BGP_ERR_INVALID;
		write_taken_back(e, chunk, at, taken);
		if (owner != 0 && e->alone == NULL)
			write_taken_from(e, chunk, at, taken, owner);
		for (size_t i = at; i < at + taken; i++)
			batch->changes[batch->behind[i]].done = true;
	}
	return BGP_OK;
}

int
bgp__batch_encode(struct bgp__batch *batch, const struct bgp__group *group,
		  struct bgp__log *log, const struct bgp__member *alone)
{
	struct encoding e = { batch, group, log, alone };
	int err = BGP_OK;

	build_chains(batch);
	for (uint32_t i = 0; i < batch->count && err == BGP_OK; i++)
		if (batch->changes[i].first)
			err = encode_chain(&e, (uint16_t)i);
	return err;
}

int
bgp__batch_eor(struct bgp__member *m)
{
	const struct bgp__group *group = m->group;
	struct encoding e = { NULL, group, &m->own, m };
	struct bgp_update_parts parts = {
		.family = group->groups->table->family
	};
	struct bgp__chunk *chunk;
	size_t taken;
	int err, len;

	chunk = find_room(&e, 1, &err);
	if (chunk == NULL)
		return err;
	len = bgp_update_encode(&group->codec, &parts,
				chunk->octets + chunk->len,
				bgp__chunk_room(chunk), &taken);
	if (len < 0)
		return len;
	bgp__chunk_add(chunk, (uint32_t)len, BGP__RUN_ALL, 0, 0);
	return BGP_OK;
}
