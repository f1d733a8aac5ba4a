/*
 * stamp.c - a route as its receiver is to read it.     RFC 4456 8, RFC 4271 5.1
 *
 * Adj-RIB-In keeps what a peer said; what changes on the way out is added here,
 * once per attribute set and group, as views: most attributes point into the
 * set, those that change into the scratch.
 *
 *   to iBGP from iBGP  ORIGINATOR_ID if absent, CLUSTER_LIST grows in front
 *   to iBGP else       LOCAL_PREF if absent
 *   to eBGP            AS_PATH grows in front; LOCAL_PREF and all that is
 *                      optional non-transitive but MED stay here; next hop self
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/reflect/group.h"
#include "libbgp/rib/edit.h"

struct stamping {
	struct bgp__batch *batch;
	size_t count;
	uint8_t *scratch; /* next free octet of batch->stamps */
};

static void
put(struct stamping *s, const struct bgp_attr *a)
{
	s->batch->attrs[s->count++] = *a;
}

static void
put_u32(struct stamping *s, uint8_t flags, uint8_t code, uint32_t value)
{
	struct bgp_attr a = { flags, code, 4, s->scratch };

	bgp__store32(s->scratch, value);
	s->scratch += 4;
	put(s, &a);
}

/* ------------------------------------------------------------ reflection */

static void
put_cluster_list(struct stamping *s, const struct bgp_attr *old,
		 uint32_t cluster_id)
{
	struct bgp_attr a = { BGP_ATTR_OPTIONAL, BGP_ATTR_CLUSTER_LIST, 4,
			      s->scratch };

	bgp__store32(s->scratch, cluster_id);
	if (old != NULL && old->len <= UINT16_MAX - 4) {
		memcpy(s->scratch + 4, old->value, old->len);
		a.len = (uint16_t)(a.len + old->len);
	}
	s->scratch += a.len;
	put(s, &a);
}

/* Adds what is absent at its place in the ascending order. */
static void
reflect(struct stamping *s, const struct bgp_attrs *attrs,
	const struct bgp__groups *groups, uint32_t originator_id)
{
	bool originator = false, cluster = false;
	struct bgp_attr a;

	for (size_t at = 0; at < attrs->len;) {
		at += bgp__attr_split(attrs->octets + at, &a);
		if (a.code >= BGP_ATTR_ORIGINATOR_ID && !originator) {
			originator = true;
			if (a.code != BGP_ATTR_ORIGINATOR_ID)
				put_u32(s, BGP_ATTR_OPTIONAL,
				    BGP_ATTR_ORIGINATOR_ID, originator_id);
		}
		if (a.code >= BGP_ATTR_CLUSTER_LIST && !cluster) {
			cluster = true;
			put_cluster_list(s, a.code == BGP_ATTR_CLUSTER_LIST
			    ? &a : NULL, groups->cluster_id);
			if (a.code == BGP_ATTR_CLUSTER_LIST)
				continue;
		}
		put(s, &a);
	}
	if (!originator)
		put_u32(s, BGP_ATTR_OPTIONAL, BGP_ATTR_ORIGINATOR_ID,
		    originator_id);
	if (!cluster)
		put_cluster_list(s, NULL, groups->cluster_id);
}

/* --------------------------------------------------------------- the rest */

static void
to_internal(struct stamping *s, const struct bgp_attrs *attrs)
{
	bool local_pref = false;
	struct bgp_attr a;

	for (size_t at = 0; at < attrs->len;) {
		at += bgp__attr_split(attrs->octets + at, &a);
		if (a.code >= BGP_ATTR_LOCAL_PREF && !local_pref) {
			local_pref = true;
			if (a.code != BGP_ATTR_LOCAL_PREF)
				put_u32(s, BGP_ATTR_TRANSITIVE,
				    BGP_ATTR_LOCAL_PREF, 100);
		}
		put(s, &a);
	}
	if (!local_pref)
		put_u32(s, BGP_ATTR_TRANSITIVE, BGP_ATTR_LOCAL_PREF, 100);
}

static bool
stays_inside(const struct bgp_attr *a)
{
	if (a->code == BGP_ATTR_LOCAL_PREF)
		return true;
	return a->code != BGP_ATTR_MED && (a->flags & BGP_ATTR_OPTIONAL) &&
	    !(a->flags & BGP_ATTR_TRANSITIVE);
}

static void
to_external(struct stamping *s, const struct bgp_attrs *attrs,
	    uint32_t local_as)
{
	struct bgp_attr a;

	for (size_t at = 0; at < attrs->len;) {
		at += bgp__attr_split(attrs->octets + at, &a);
		if (stays_inside(&a))
			continue;
		if (a.code == BGP_ATTR_AS_PATH && a.len <= UINT16_MAX - 6) {
			a.len = (uint16_t)bgp__as_path_prepend(a.value, a.len,
			    local_as, 1, s->scratch);
			a.value = s->scratch;
			s->scratch += a.len;
		}
		put(s, &a);
	}
}

/* --------------------------------------------------------------- next hop */

static bool
is_self(const struct bgp__group *group, const struct bgp_attrs *attrs)
{
	return group->key.kind == BGP_KIND_EBGP || group->key.next_hop_self ||
	    attrs->nh_len == 0;
}

/* Octets of a next hop that NLRI of this family go with. */
static bool
is_fit(const struct bgp__group *group, size_t nh_len)
{
	if (BGP_AFI(group->groups->table->family) == 1)
		return nh_len == 4 ||
		    (group->key.ext_next_hop && (nh_len == 16 || nh_len == 32));
	return nh_len == 16 || nh_len == 32;
}

/* Our own address of the kind that goes with the family, or one that may. */
static struct bgp_span
self(const struct bgp__group *group)
{
	const struct bgp_addr *own = &group->key.own_ipv6;

	if (BGP_AFI(group->groups->table->family) == 1 &&
	    (group->key.own_ipv4.len > 0 || !group->key.ext_next_hop))
		own = &group->key.own_ipv4;
	return (struct bgp_span){ own->octets, own->len };
}

bool
bgp__stamp_possible(const struct bgp__group *group,
		    const struct bgp_attrs *attrs)
{
	if (is_self(group, attrs))
		return is_fit(group, self(group).len);
	return is_fit(group, attrs->nh_len);
}

size_t
bgp__stamp(const struct bgp__group *group, const struct bgp_attrs *attrs,
	   uint16_t source, struct bgp__batch *batch,
	   struct bgp_span *next_hop)
{
	const struct bgp__groups *groups = group->groups;
	const struct bgp__source *from =
	    groups->table->rib->sources[source];
	struct stamping s = { batch, 0, batch->stamps };

	if (bgp_reflect_stamped(from->kind, group->key.kind))
		reflect(&s, attrs, groups, from->router_id);
	else if (group->key.kind == BGP_KIND_EBGP)
		to_external(&s, attrs, groups->local_as);
	else
		to_internal(&s, attrs);
	*next_hop = is_self(group, attrs) ? self(group)
					  : bgp_attrs_next_hop(attrs);
	return s.count;
}
