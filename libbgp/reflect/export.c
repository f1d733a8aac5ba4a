/*
 * export.c - what a group is to be sent of a destination.
 *
 * The best path, if the rules of reflection, its communities and the export
 * policy let it go, in the set that the policy makes of it.
 */
#include "libbgp/base/mutate.h"
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
static const struct bgp_rib_peer *
some_peer(const struct bgp__group *group)
{
	const struct bgp__member *m = group->in_stream != NULL
	    ? group->in_stream
	    : group->behind;

	return m != NULL ? m->peer : NULL;
}

/* As its receivers are to read it: without a path id. */
static struct bgp_nlri
best_nlri(const struct bgp__table *table, const struct bgp__dest *dest)
{
	return bgp__nlri_of(table, dest, bgp__best_name(table, dest));
}

/*
 * iBGP without a policy says all; eBGP without one says nothing (RFC 8212).  A
 * MED received from one AS is not passed on to another (RFC 4271 5.1.4): it is
 * taken out before the policy sees the route, which may set its own.
 */
static int
judge(const struct bgp__group *group, const struct bgp__dest *dest,
      const struct bgp_rib_peer *source, struct bgp_attrs *attrs,
      struct bgp_attrs **out)
{
	struct bgp__table *table = group->groups->table;
	struct bgp_nlri nlri;
	bool external = group->key.kind == BGP_KIND_EBGP;
	uint8_t without = external && source->kind != BGP_KIND_LOCAL &&
		!BGP__MUTATED(MED)
	    ? BGP_ATTR_MED
	    : 0;

	if (group->key.export_policy == NULL && !external) {
		attrs->refs++;
		*out = attrs;
		return BGP_OK;
	}
	nlri = best_nlri(table, dest);
	return bgp__policy_run(table->rib, group->key.export_policy,
			       group->key.export_ctx, some_peer(group), &nlri,
			       attrs, 0, true, without, out);
}

/* Far from the limit nothing needs to be tried.  A plain prefix is within the
 * allowance. */
static bool
is_short(const struct bgp__group *group, const struct bgp__dest *dest,
	 const struct bgp_attrs *attrs)
{
	const struct bgp__table *table = group->groups->table;
	uint32_t name = bgp__best_name(table, dest);
	size_t len = attrs->len * (group->key.as4 ? 1u : 2u) + 200u;

	if (name != 0)
		len += bgp__name_nlri(table, name).len + attrs->nh_len;
	return len <= group->key.message_max;
}

/* RFC 8654 4: what does not fit the peer's messages is not sent to it. */
static bool
fits(const struct bgp__group *group, const struct bgp__dest *dest,
     const struct bgp_attrs *attrs, uint16_t source)
{
	const struct bgp__groups *groups = group->groups;
	struct bgp_nlri nlri;
	struct bgp_update_parts parts = {
		.family = groups->table->family,
		.attrs = groups->batch->attrs,
		.nlri = &nlri,
		.nlri_count = 1,
	};
	size_t taken;

	if (is_short(group, dest, attrs))
		return true;
	nlri = best_nlri(groups->table, dest);
	parts.attr_count = bgp__stamp(group, attrs, source, groups->batch,
				      &parts.next_hop);
	return bgp_update_encode(&group->codec, &parts,
				 groups->table->rib->edit, BGP__SCRATCH_LEN,
				 &taken) > 0;
}

int
bgp__export_of(const struct bgp__group *group, const struct bgp__dest *dest,
	       struct bgp_attrs **out, uint16_t *source_number, bool *too_long)
{
	const struct bgp__groups *groups = group->groups;
	const struct bgp__table *table = groups->table;
	const struct bgp_rib_peer *source;
	const struct bgp__path *path;
	struct bgp_attrs *attrs;
	bool dropped = false;
	int err;

	*out = NULL;
	*too_long = false;
	if (!(dest->flags & BGP__DEST_BEST))
		return BGP_OK;
	path = bgp__path_at(table, dest->paths);
	source = table->rib->sources[path->source];
	attrs = bgp__attrs_at(&table->rib->attrs, bgp__path_attrs(table, path));
	*source_number = path->source;
	if (!bgp_reflect_allowed(source->kind, group->key.kind,
				 groups->client_to_client) ||
	    !in_scope(group, attrs))
		return BGP_OK;
	err = judge(group, dest, source, attrs, out);
	if (*out == NULL)
		return err;
	if (in_scope(group, *out) && bgp__stamp_possible(group, *out))
		*too_long = !fits(group, dest, *out, path->source);
	else
		dropped = true;
	if (dropped || *too_long) {
		bgp__attrs_unref(&table->rib->attrs, *out);
		*out = NULL;
	}
	return err;
}
