/*
 * policy.c - judge a route: loops first, then what the host says.
 *
 * Comes in: a path as received.  Goes out: the same path with ACCEPTED set or
 * not, and with a set of its own where the policy edited.  RFC 8212: an eBGP
 * peer without a policy is not believed.
 */
#include "libbgp/base/mutate.h"
#include "libbgp/rib/edit.h"
#include "libbgp/rib/rib.h"

enum bgp_verdict
bgp_policy_accept(void *ctx, const struct bgp_rib_peer *peer,
		  const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
		  struct bgp_edit *edit)
{
	(void)ctx;
	(void)peer;
	(void)nlri;
	(void)attrs;
	(void)edit;
	return BGP_ACCEPT;
}

/* Of an import policy's next hop packets go to; it does not say what peers are
 * sent. */
struct bgp_attrs *
bgp__edit_intern(struct bgp_rib *rib, const struct bgp_edit *edit, bool outward)
{
	struct bgp_span next_hop = bgp_attrs_next_hop(edit->from);
	struct bgp__hop_from from = { bgp__attrs_scope(&rib->attrs, edit->from),
				      edit->from->hop_set };

	if (edit->next_hop.len > 0) {
		next_hop.octets = edit->next_hop.octets;
		next_hop.len = edit->next_hop.len;
		from.scope = edit->next_hop.scope;
		from.set = outward;
	}
	return bgp__attrs_intern(&rib->attrs, edit->octets, edit->len,
				 next_hop.octets, next_hop.len, from);
}

int
bgp__policy_run(struct bgp_rib *rib, bgp_policy *policy, void *ctx,
		const struct bgp_rib_peer *peer, const struct bgp_nlri *nlri,
		struct bgp_attrs *attrs, uint32_t prepend, bool outward,
		uint8_t without, struct bgp_attrs **out)
{
	struct bgp_edit edit = { .from = attrs,
				 .octets = rib->edit,
				 .path = rib->attrs.scratch };
	enum bgp_verdict verdict = BGP_ACCEPT;
	struct bgp_attr a;

	*out = NULL;
	if (policy == NULL)
		return BGP_OK;
	if (without != 0 && bgp_attrs_get(attrs, without, &a))
		bgp_edit_remove(&edit, without);
	if (prepend != 0 && bgp_edit_prepend(&edit, prepend, 1) != BGP_OK)
		return BGP_OK; /* no room: not believed */
	if (policy != bgp_policy_accept) {
		bgp__rib_callback_begin(rib);
		verdict = policy(ctx, peer, nlri, attrs, &edit);
		bgp__rib_callback_end(rib);
	}
	if (verdict != BGP_ACCEPT && !BGP__MUTATED(POLICY))
		return BGP_OK;
	if (edit.touched) {
		*out = bgp__edit_intern(rib, &edit, outward);
		return *out != NULL ? BGP_OK : BGP_ERR_NOMEM;
	}
	attrs->refs++;
	*out = attrs;
	return BGP_OK;
}

/* The set says how often the RIB's AS is in it; another is looked for. */
enum bgp_loop
bgp__policy_loop(const struct bgp_rib_peer *source,
		 const struct bgp_attrs *attrs)
{
	enum bgp_loop loop = bgp_loop_judge(&attrs->trace, source->kind,
					    source->own_as_allowed);
	struct bgp_loop_trace trace = { .originator = false };
	struct bgp_attr path;

	if (loop != BGP_LOOP_NONE || source->local_as == 0 ||
	    !bgp_attrs_get(attrs, BGP_ATTR_AS_PATH, &path))
		return loop;
	bgp_loop_trace(&path, 0, 0, source->local_as, &trace);
	return bgp_loop_judge(&trace, source->kind, source->own_as_allowed);
}

/* An internal peer without a policy is believed, an external one is not. */
static bgp_policy *
policy_of(const struct bgp_rib_peer *source)
{
	if (source->import_policy == NULL && source->kind != BGP_KIND_EBGP)
		return bgp_policy_accept;
	return source->import_policy;
}

/* Keeps the edited set beside the path, in the place of the one before; takes
 * over its reference.  BGP_ERR_NOMEM: nothing changed. */
static int
keep(struct bgp__table *table, struct bgp__path *path, struct bgp_attrs *attrs)
{
	struct bgp__attrs_store *store = &table->rib->attrs;
	bool edited = attrs != NULL && attrs->id != path->attrs;
	struct bgp__path_ext *ext;
	uint32_t old;

	if (edited && path->ext == 0)
		path->ext = bgp__slab_get(&table->exts);
	if (!edited || path->ext == 0)
		bgp__attrs_unref(store, attrs);
	if (path->ext == 0)
		return edited ? BGP_ERR_NOMEM : BGP_OK;
	ext = bgp__ext_at(table, path->ext);
	old = ext->attrs;
	ext->attrs = edited ? attrs->id : 0;
	if (old != 0)
		bgp__attrs_unref(store, bgp__attrs_at(store, old));
	return BGP_OK;
}

int
bgp__policy_import(struct bgp__table *table, const struct bgp__dest *dest,
		   struct bgp__path *path)
{
	struct bgp_rib *rib = table->rib;
	const struct bgp_rib_peer *source = rib->sources[path->source];
	struct bgp_attrs *attrs = bgp__attrs_at(&rib->attrs, path->attrs);
	bool external = source->kind == BGP_KIND_EBGP;
	uint32_t prepend = external && source->prepend_local_as
	    ? source->local_as
	    : 0;
	struct bgp_attrs *judged = NULL;
	struct bgp_nlri nlri;
	int err = BGP_OK;

	if (bgp__policy_loop(source, attrs) == BGP_LOOP_NONE) {
		if (path->ext == 0 && !rib->no_shortcuts && prepend == 0 &&
		    policy_of(source) == bgp_policy_accept) {
			path->flags |= BGP__PATH_ACCEPTED;
			return BGP_OK;
		}
		nlri = bgp__path_nlri(table, dest, path);
		err = bgp__policy_run(rib, policy_of(source),
				      source->import_ctx, source, &nlri, attrs,
				      prepend, false, 0, &judged);
	}
	if (err == BGP_OK)
		err = keep(table, path, judged);
	if (err != BGP_OK)
		return err;
	path->flags &= (uint8_t)~BGP__PATH_ACCEPTED;
	if (judged != NULL)
		path->flags |= BGP__PATH_ACCEPTED;
	return BGP_OK;
}
