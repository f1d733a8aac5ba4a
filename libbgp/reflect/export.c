/*
 * export.c - what a group is to be told of a destination.
 *
 * The best path, if the rules of reflection, its communities and the export
 * policy let it go, in the set that the policy makes of it.
 */
#include "libbgp/reflect/group.h"

/* RFC 1997: NO_ADVERTISE stays here, NO_EXPORT stays in the AS. */
static bool
in_scope(const struct bgp__group *group, const struct bgp_attrs *attrs)
{
	if (attrs->scope & BGP__SCOPE_NO_ADVERTISE)
		return false;
	return group->key.kind != BGP_KIND_EBGP ||
	    !(attrs->scope & BGP__SCOPE_NO_EXPORT);
}

/* The peer that a policy is shown: any member, they are alike. */
static const struct bgp_peer *
some_peer(const struct bgp__group *group)
{
	const struct bgp__member *m = group->in_stream != NULL
	    ? group->in_stream : group->behind;

	return m != NULL ? m->peer : NULL;
}

/*
 * iBGP without a policy says all; eBGP without one says nothing (RFC 8212).  A
 * MED heard from one AS is not passed on to another (RFC 4271 5.1.4): it is
 * taken out before the policy sees the route, which may set its own.
 */
static int
judge(const struct bgp__group *group, const struct bgp__dest *dest,
      const struct bgp__source *source, struct bgp_attrs *attrs,
      struct bgp_attrs **out)
{
	struct bgp__table *table = group->groups->table;
	struct bgp_nlri nlri = bgp__dest_nlri(table, dest);
	bool external = group->key.kind == BGP_KIND_EBGP;
	uint8_t without = external && source->kind != BGP_KIND_LOCAL
	    ? BGP_ATTR_MED : 0;

	if (group->key.export_policy == NULL && !external) {
		attrs->refs++;
		*out = attrs;
		return BGP_OK;
	}
	return bgp__policy_run(table->rib, group->key.export_policy,
	    group->key.export_ctx, some_peer(group), &nlri, attrs, without,
	    out);
}

/*
 * RFC 8654 4: what does not fit the peer's messages is not told to it.  Far from
 * the limit nothing needs to be tried.
 */
static bool
fits(const struct bgp__group *group, const struct bgp__dest *dest,
     const struct bgp_attrs *attrs, uint16_t source)
{
	const struct bgp__groups *groups = group->groups;
	struct bgp_nlri nlri = bgp__dest_nlri(groups->table, dest);
	struct bgp_update_parts parts = {
		.family = nlri.family,
		.attrs = groups->batch->attrs,
		.nlri = &nlri,
		.nlri_count = 1,
	};
	size_t taken;

	if (attrs->len * (group->key.as4 ? 1u : 2u) + 200 <=
	    group->key.message_max)
		return true;
	parts.attr_count = bgp__stamp(group, attrs, source, groups->batch,
	    &parts.next_hop);
	return bgp_update_encode(&group->codec, &parts,
	    groups->table->rib->edit, BGP__SCRATCH_LEN, &taken) > 0;
}

int
bgp__export_of(const struct bgp__group *group, const struct bgp__dest *dest,
	       struct bgp_attrs **out, uint16_t *source_number)
{
	const struct bgp__groups *groups = group->groups;
	const struct bgp__table *table = groups->table;
	const struct bgp__source *source;
	const struct bgp__path *path;
	struct bgp_attrs *attrs;
	int err;

	*out = NULL;
	if (!(dest->flags & BGP__DEST_BEST))
		return BGP_OK;
	path = bgp__path_at(table, dest->paths);
	source = table->rib->sources[path->source];
	attrs = bgp__attrs_at(&table->rib->attrs,
	    bgp__path_attrs(table, path));
	*source_number = path->source;
	if (!bgp_reflect_allowed(source->kind, group->key.kind,
	    groups->client_to_client) || !in_scope(group, attrs))
		return BGP_OK;
	err = judge(group, dest, source, attrs, out);
	if (*out != NULL && (!in_scope(group, *out) ||
	    !bgp__stamp_possible(group, *out) ||
	    !fits(group, dest, *out, path->source))) {
		bgp__attrs_unref(&table->rib->attrs, *out);
		*out = NULL;
	}
	return err;
}
