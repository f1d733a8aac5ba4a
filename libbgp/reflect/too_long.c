/*
 * too_long.c - routes that no message of a group can hold.        RFC 8654 4
 *
 * Comes in: what a flush found of each destination.  Goes out: how many there
 * are now, and one call of the host for each that became so.  It is not sent to
 * the group, and withdrawn where the group had it before; all others are.
 *
 * One client can make such a route for a peer with shorter messages than its
 * own, so what it costs is bounded: two bits for each destination, and only
 * while there is such a route.  The host is called at the end of a flush, when
 * nothing is half written.
 */
#include "libbgp/reflect/group.h"

int
bgp__too_long_grow(struct bgp__group *group, uint32_t bits)
{
	struct bgp__mem *mem = group->groups->mem;

	if (group->too_long.word_count == 0)
		return BGP_OK;
	if (bgp__bitset_reserve(&group->too_long, mem, bits) != BGP_OK)
		return BGP_ERR_NOMEM;
	return bgp__bitset_reserve(&group->unreported, mem, bits);
}

static int
make_room(struct bgp__group *group)
{
	struct bgp__mem *mem = group->groups->mem;
	uint32_t bits = group->groups->table->reserved + 2;

	if (group->unreported.word_count != 0)
		return BGP_OK;
	if (bgp__bitset_reserve(&group->too_long, mem, bits) != BGP_OK)
		return BGP_ERR_NOMEM;
	return bgp__bitset_reserve(&group->unreported, mem, bits);
}

static void
forget(struct bgp__group *group, uint32_t dest)
{
	bgp__bitset_remove(&group->too_long, dest);
	bgp__bitset_remove(&group->unreported, dest);
	if (group->too_long.count > 0)
		return;
	bgp__bitset_fini(&group->too_long, group->groups->mem);
	bgp__bitset_fini(&group->unreported, group->groups->mem);
}

int
bgp__too_long_note(struct bgp__group *group, uint32_t dest, bool too_long)
{
	bool known = bgp__bitset_test(&group->too_long, dest);

	if (known && !too_long)
		forget(group, dest);
	if (known || !too_long)
		return BGP_OK;
	if (make_room(group) != BGP_OK)
		return BGP_ERR_NOMEM;
	bgp__bitset_add(&group->too_long, dest);
	bgp__bitset_add(&group->unreported, dest);
	return BGP_OK;
}

void
bgp__too_long_report(struct bgp__group *group)
{
	const struct bgp__groups *groups = group->groups;
	uint32_t dest = 0;

	while (group->unreported.count > 0) {
		dest = bgp__bitset_next(&group->unreported, dest);
		bgp__bitset_remove(&group->unreported, dest);
		if (groups->too_long != NULL)
			groups->too_long(groups->too_long_ctx, group,
					 bgp__dest_at(groups->table, dest));
	}
}
