/*
 * adj_out.c - remember what a group was sent.
 *
 * One record (`out`) per destination and group: the set before it was stamped,
 * whose route it is, and in named tables the NLRI as it was sent.
 *
 *   dest --> out of group 3 --> out of group 0 --> …
 */
#include "libbgp/reflect/group.h"

uint32_t
bgp__out_find(const struct bgp__group *group, const struct bgp__dest *dest)
{
	const struct bgp__groups *groups = group->groups;
	uint32_t out = dest->outs;

	while (out != 0 && bgp__out_at(groups, out)->group != group->number)
		out = bgp__out_at(groups, out)->next;
	return out;
}

static void
count_own(struct bgp__group *group, uint16_t source, int by)
{
	struct bgp__groups *groups = group->groups;

	groups->table->rib->sources[source]->refs += (uint32_t)by;
	group->out_count += (uint32_t)by;
	if (source < group->own_room)
		group->own_outs[source] += (uint32_t)by;
}

void
bgp__out_remove(struct bgp__group *group, struct bgp__dest *dest,
		uint32_t index)
{
	struct bgp__groups *groups = group->groups;
	struct bgp__attrs_store *store = &groups->table->rib->attrs;
	struct bgp__out *out = bgp__out_at(groups, index);
	uint32_t *place = &dest->outs;

	while (*place != index)
		place = &bgp__out_at(groups, *place)->next;
	*place = out->next;
	count_own(group, out->source, -1);
	bgp__attrs_unref(store, bgp__attrs_at(store, out->attrs));
	bgp__nlri_unref(&groups->table->rib->nlri, bgp__out_name(groups, out));
	bgp__slab_put(&groups->outs, index);
}

/* In named tables the out holds what was sent. */
static void
record_name(struct bgp__groups *groups, const struct bgp__change *change,
	    struct bgp__out *out)
{
	struct bgp__nlri_store *store = &groups->table->rib->nlri;
	uint32_t name = groups->batch->names[change - groups->batch->changes];

	bgp__nlri_ref(store, name);
	bgp__nlri_unref(store, *out->name);
	*out->name = name;
}

void
bgp__out_set(struct bgp__group *group, const struct bgp__change *change,
	     struct bgp__dest *dest)
{
	struct bgp__groups *groups = group->groups;
	struct bgp__attrs_store *store = &groups->table->rib->attrs;
	struct bgp__out *out = bgp__out_at(groups, change->out);

	if (change->had) {
		count_own(group, out->source, -1);
		bgp__attrs_unref(store, bgp__attrs_at(store, out->attrs));
	} else {
		out->group = group->number;
		out->next = dest->outs;
		dest->outs = change->out;
	}
	if (groups->table->named)
		record_name(groups, change, out);
	out->attrs = change->attrs;
	out->source = change->source;
	count_own(group, out->source, 1);
}

bool
bgp__out_show(const struct bgp__table *table, const struct bgp__dest *dest,
	      const struct bgp_rib_peer *peer, struct bgp_route *out)
{
	const struct bgp__groups *groups = table->groups;
	const struct bgp__member *m = peer->number < groups->member_room
	    ? groups->members[peer->number]
	    : NULL;
	const struct bgp__out *record;
	uint32_t index = m != NULL ? bgp__out_find(m->group, dest) : 0;

	if (index == 0)
		return false;
	record = bgp__out_at(groups, index);
	if (record->source == m->source ||
	    bgp__stamp_is_member(
		m, bgp__attrs_at(&table->rib->attrs, record->attrs)))
		return false;
	out->nlri = bgp__nlri_of(table, dest, bgp__out_name(groups, record));
	out->peer = table->rib->sources[record->source];
	out->attrs = bgp__attrs_at(&table->rib->attrs, record->attrs);
	return true;
}
