/*
 * loop.c - doors: has a route come this way before?  RFC 4456 8, 4271 9.1.2
 *
 * Pure functions.  What a set says is read once, when it is made; what follows
 * from it depends on the peer.
 */
#include "bgp/rib.h"
#include "libbgp/base/octets.h"

static bool
has_id(const struct bgp_attr *attr, uint32_t id)
{
	for (size_t i = 0; i + 4 <= attr->len; i += 4)
		if (bgp__load32(attr->value + i) == id)
			return true;
	return false;
}

static uint8_t
count_as(const struct bgp_attr *path, uint32_t as)
{
	struct bgp__reader r = bgp__reader(path->value, path->len);
	unsigned found = 0;

	while (bgp__left(&r) > 0 && !r.bad) {
		bgp__read8(&r);
		for (unsigned n = bgp__read8(&r); n > 0; n--)
			found += bgp__read32(&r) == as && !r.bad;
	}
	return (uint8_t)(found < 255 ? found : 255);
}

void
bgp_loop_trace(const struct bgp_attr *attr, uint32_t router_id,
	       uint32_t cluster_id, uint32_t local_as,
	       struct bgp_loop_trace *trace)
{
	switch (attr->code) {
	case BGP_ATTR_ORIGINATOR_ID:
		trace->originator = has_id(attr, router_id);
		break;
	case BGP_ATTR_CLUSTER_LIST:
		trace->cluster = has_id(attr, cluster_id);
		break;
	case BGP_ATTR_AS_PATH:
		trace->own_as = count_as(attr, local_as);
		break;
	default:
		break;
	}
}

enum bgp_loop
bgp_loop_judge(const struct bgp_loop_trace *trace, enum bgp_kind from,
	       unsigned own_as_allowed)
{
	if (from == BGP_KIND_LOCAL)
		return BGP_LOOP_NONE;
	if (trace->originator)
		return BGP_LOOP_ORIGINATOR;
	if (trace->cluster)
		return BGP_LOOP_CLUSTER;
	return trace->own_as > own_as_allowed ? BGP_LOOP_AS : BGP_LOOP_NONE;
}
