/*
 * stamp.c - a route as its receiver is to read it.     RFC 4456 8, RFC 4271 5.1
 *
 * Adj-RIB-In keeps what a peer announced; what changes on the way out is added
 * here, once per attribute set and group, as views: most attributes point into
 * the set, those that change into the scratch.
 *
 *   to iBGP from iBGP  ORIGINATOR_ID if absent, CLUSTER_LIST grows in front
 *   to iBGP            LOCAL_PREF if absent, RFC 4271 5.1.5
 *   to eBGP            AS_PATH grows in front, by the RIB's AS and by the one
 *                      the peer knows us by; LOCAL_PREF and all that is
 *                      optional non-transitive but MED stay here; next hop self
 *                      unless the host or the export policy chose one
 *
 * Beside plain prefixes the next hop stays what it was, whoever is sent it:
 * labels are the next hop's own (RFC 8277 3.2.1), and so is what EVPN, flowspec
 * and others say.  Routes of our own without one get our address, behind a
 * distinguisher of 0 where the family has one.          RFC 4364 4.3.2,
 * 4659 3.2.1
 */
#include <string.h>

#include "libbgp/base/mutate.h"
#include "libbgp/base/octets.h"
#include "libbgp/codec/hop.h"
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

/* ---------------------------------------------------- what iBGP must have */

#define DEFAULT_LOCAL_PREF 100
#define BEHIND_ALL         256 /* no code is so high */

/* LOCAL_PREF stands in every UPDATE to an internal peer: where it is absent, it
 * is put before the attribute of this code.  *done: it was there, or is now.
 *                                                       RFC 4271 5.1.5 */
static void
put_local_pref(struct stamping *s, unsigned before, bool *done)
{
	if (*done || before < BGP_ATTR_LOCAL_PREF)
		return;
	*done = true;
	if (before != BGP_ATTR_LOCAL_PREF)
		put_u32(s, BGP_ATTR_TRANSITIVE, BGP_ATTR_LOCAL_PREF,
			DEFAULT_LOCAL_PREF);
}

/* ------------------------------------------------------------ reflection */

static void
put_cluster_list(struct stamping *s, const struct bgp_attr *old,
		 uint32_t cluster_id)
{
	struct bgp_attr a = { BGP_ATTR_OPTIONAL, BGP_ATTR_CLUSTER_LIST, 4,
			      s->scratch };

	if (BGP__MUTATED(STAMP))
		return;
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
	bool local_pref = false, originator = false, cluster = false;
	struct bgp_attr a;

	for (size_t at = 0; at < attrs->len;) {
		at += bgp__attr_split(attrs->octets + at, &a);
		put_local_pref(s, a.code, &local_pref);
		if (a.code >= BGP_ATTR_ORIGINATOR_ID && !originator) {
			originator = true;
			if (a.code != BGP_ATTR_ORIGINATOR_ID)
				put_u32(s, BGP_ATTR_OPTIONAL,
					BGP_ATTR_ORIGINATOR_ID, originator_id);
		}
		if (a.code >= BGP_ATTR_CLUSTER_LIST && !cluster) {
			cluster = true;
			put_cluster_list(
			    s, a.code == BGP_ATTR_CLUSTER_LIST ? &a : NULL,
			    groups->cluster_id);
			if (a.code == BGP_ATTR_CLUSTER_LIST)
				continue;
		}
		put(s, &a);
	}
	put_local_pref(s, BEHIND_ALL, &local_pref);
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
		put_local_pref(s, a.code, &local_pref);
		put(s, &a);
	}
	put_local_pref(s, BEHIND_ALL, &local_pref);
}

/* The link-state attribute is the body of its NLRI.             RFC 9552 5.3 */
static bool
stays_inside(const struct bgp_attr *a)
{
	if (a->code == BGP_ATTR_LOCAL_PREF)
		return true;
	return a->code != BGP_ATTR_BGP_LS && a->code != BGP_ATTR_MED &&
	    (a->flags & BGP_ATTR_OPTIONAL) && !(a->flags & BGP_ATTR_TRANSITIVE);
}

/* Segments of a confederation do not leave it.              RFC 5065 4.1 */
static uint16_t
without_confederation(uint8_t *value, size_t len)
{
	size_t kept = 0, n;

	for (size_t at = 0; at < len; at += n) {
		n = 2 + 4 * (size_t)value[at + 1];
		if (value[at] == BGP_AS_CONFED_SEQUENCE ||
		    value[at] == BGP_AS_CONFED_SET)
			continue;
		memmove(value + kept, value + at, n);
		kept += n;
	}
	return (uint16_t)kept;
}

/* The path grows into the scratch. */
static void
prepend(struct stamping *s, struct bgp_attr *path, uint32_t as)
{
	if (path->len > UINT16_MAX - 6)
		return;
	path->len = without_confederation(
	    s->scratch,
	    bgp__as_path_prepend(path->value, path->len, as, 1, s->scratch));
	path->value = s->scratch;
	s->scratch += path->len;
}

static void
to_external(struct stamping *s, const struct bgp_attrs *attrs,
	    const struct bgp__group *group)
{
	struct bgp_attr a;

	for (size_t at = 0; at < attrs->len;) {
		at += bgp__attr_split(attrs->octets + at, &a);
		if (stays_inside(&a))
			continue;
		if (a.code == BGP_ATTR_AS_PATH) {
			if (!group->key.local_as_replace)
				prepend(s, &a, group->groups->local_as);
			if (group->key.local_as != 0)
				prepend(s, &a, group->key.local_as);
		}
		put(s, &a);
	}
}

/* --------------------------------------------------------------- next hop */

/* Is it our own address that this set goes out with?          RFC 4271 5.1.3 */
static bool
is_self(const struct bgp__group *group, const struct bgp_attrs *attrs)
{
	if (attrs->nh_len == 0)
		return true;
	if (attrs->hop_set || group->key.next_hop == BGP_NEXT_HOP_KEEP)
		return false;
	return group->key.kind == BGP_KIND_EBGP ||
	    group->key.next_hop == BGP_NEXT_HOP_SELF;
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

/* ------------------------------------------- next hop beside plain prefixes */

static size_t
write_self(const struct bgp__group *group,
	   const struct bgp_family_codec *family, uint8_t *buf)
{
	const struct bgp_addr *first = &group->key.own_ipv4;
	const struct bgp_addr *second = &group->key.own_ipv6;
	size_t len;

	if (BGP_AFI(family->family) == 2) {
		first = &group->key.own_ipv6;
		second = &group->key.own_ipv4;
	}
	len = bgp__next_hop_write(family, first, buf);
	return len != 0 ? len : bgp__next_hop_write(family, second, buf);
}

/* As received, or, where a policy or the host gave but an address, as the
 * family has it.  false: there is none that it can have. */
static bool
bound_next_hop(const struct bgp__group *group, const struct bgp_attrs *attrs,
	       uint8_t *buf, struct bgp_span *out)
{
	const struct bgp_family_codec family = {
		.family = group->groups->table->family,
		.ext_next_hop = group->key.ext_next_hop,
	};
	struct bgp_addr addr = { .len = 0 };

	*out = bgp_attrs_next_hop(attrs);
	if (bgp__next_hop_is_sound(&family, out->len))
		return true;
	if (out->len == 4 || out->len == 16) {
		addr.len = (uint8_t)out->len;
		memcpy(addr.octets, out->octets, out->len);
		out->len = bgp__next_hop_write(&family, &addr, buf);
	} else {
		out->len = out->len == 0 ? write_self(group, &family, buf) : 0;
	}
	out->octets = buf;
	return out->len != 0;
}

/* ::ffff:192.0.2.1 leads to the IPv4 host.          RFC 4659 3.2.1.2, 4798 2 */
static struct bgp_addr
unmapped(struct bgp_addr addr)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (addr.len != 16 || memcmp(addr.octets, mapped, sizeof mapped) != 0)
		return addr;
	memmove(addr.octets, addr.octets + sizeof mapped, 4);
	memset(addr.octets + 4, 0, sizeof mapped);
	addr.len = 4;
	return addr;
}

bool
bgp__stamp_host(struct bgp_span next_hop, struct bgp_addr *out)
{
	if (!bgp__next_hop_address(next_hop.octets, next_hop.len, 0, out))
		return false;
	*out = unmapped(*out);
	return true;
}

/* ------------------------------------------------------------------ stamp */

static struct bgp_span
next_hop_of(const struct bgp__group *group, const struct bgp_attrs *attrs,
	    uint8_t *buf)
{
	struct bgp_span next_hop;

	if (group->groups->table->hop_bound)
		bound_next_hop(group, attrs, buf, &next_hop);
	else
		next_hop = is_self(group, attrs) ? self(group)
						 : bgp_attrs_next_hop(attrs);
	return next_hop;
}

bool
bgp__stamp_is_member(const struct bgp__member *m, const struct bgp_attrs *attrs)
{
	uint8_t buf[BGP__NEXT_HOP_MAX];
	struct bgp_addr addr;

	return m->address.len > 0 &&
	    bgp__stamp_host(next_hop_of(m->group, attrs, buf), &addr) &&
	    bgp_addr_compare(&addr, &m->address) == 0;
}

bool
bgp__stamp_possible(const struct bgp__group *group,
		    const struct bgp_attrs *attrs)
{
	uint8_t buf[BGP__NEXT_HOP_MAX];
	struct bgp_span next_hop;

	if (group->groups->table->hop_bound)
		return bound_next_hop(group, attrs, buf, &next_hop);
	if (is_self(group, attrs))
		return is_fit(group, self(group).len);
	return is_fit(group, attrs->nh_len);
}

size_t
bgp__stamp(const struct bgp__group *group, const struct bgp_attrs *attrs,
	   uint16_t source, struct bgp__batch *batch, struct bgp_span *next_hop)
{
	const struct bgp__groups *groups = group->groups;
	const struct bgp_rib_peer *from = groups->table->rib->sources[source];
	struct stamping s = { batch, 0, batch->stamps };

	if (bgp_reflect_stamped(from->kind, group->key.kind))
		reflect(&s, attrs, groups, from->router_id);
	else if (group->key.kind == BGP_KIND_EBGP)
		to_external(&s, attrs, group);
	else
		to_internal(&s, attrs);
	*next_hop = next_hop_of(group, attrs, batch->next_hop);
	return s.count;
}
