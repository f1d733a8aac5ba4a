/*
 * rule.c - the policies of the small set, twice: for libbgp, and for the model.
 *
 * The two forms share nothing but what they are to do:
 *
 *   reject-some      every third prefix
 *   local-pref       100 and up to two more, by prefix
 *   med              up to two, by prefix
 *   prepend          AS 64999, once or twice
 *   large-community  64512:N:N replaces what there was
 *   no-med           takes it off
 *   next-hop         203.0.113.1 or .2, of IPv4
 */
#include <string.h>

#include "sim.h"

enum { PREPENDED_AS = 64999 };

static struct bgp_addr
next_hop(uint8_t parameter)
{
	struct bgp_addr addr = { .len = 4, .octets = { 203, 0, 113 } };

	addr.octets[3] = (uint8_t)(1 + parameter % 2);
	return addr;
}

static void
large_community(uint8_t octets[12], uint8_t parameter)
{
	sim_store32(octets, 64512);
	sim_store32(octets + 4, parameter);
	sim_store32(octets + 8, parameter);
}

enum bgp_verdict
sim_rule_policy(void *ctx, const struct bgp_rib_peer *peer,
		const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
		struct bgp_edit *edit)
{
	const struct sim_rule *rule = ctx;
	unsigned family = 0, prefix = 0, n = rule->parameter;
	uint8_t octets[12];
	struct bgp_addr hop;

	(void)peer;
	(void)attrs;
	(void)sim_nlri_number(nlri, &family, &prefix);
	switch (rule->kind) {
	case SIM_RULE_REJECT:
		return BGP_REJECT;
	case SIM_RULE_REJECT_SOME:
		return (prefix + n) % 3 == 0 ? BGP_REJECT : BGP_ACCEPT;
	case SIM_RULE_LOCAL_PREF:
		bgp_edit_u32(edit, BGP_ATTR_LOCAL_PREF, 100 + (prefix + n) % 3);
		return BGP_ACCEPT;
	case SIM_RULE_MED:
		bgp_edit_u32(edit, BGP_ATTR_MED, (prefix + n) % 3);
		return BGP_ACCEPT;
	case SIM_RULE_PREPEND:
		bgp_edit_prepend(edit, PREPENDED_AS, 1 + n % 2);
		return BGP_ACCEPT;
	case SIM_RULE_LARGE_COMMUNITY:
		large_community(octets, rule->parameter);
		bgp_edit_set(edit, 0xc0, BGP_ATTR_LARGE_COMMUNITIES, octets,
			     12);
		return BGP_ACCEPT;
	case SIM_RULE_NO_MED:
		bgp_edit_remove(edit, BGP_ATTR_MED);
		return BGP_ACCEPT;
	case SIM_RULE_NEXT_HOP:
		hop = next_hop(rule->parameter);
		if (family == 0)
			bgp_edit_next_hop(edit, &hop);
		return BGP_ACCEPT;
	default:
		return BGP_ACCEPT;
	}
}

/* One AS in front; a sequence of its own where the path does not begin with
 * one.                                                      RFC 4271 5.1.2 */
static void
prepend(struct sim_route *route, uint32_t as)
{
	unsigned len;
	const uint8_t *old = sim_attr(route, BGP_ATTR_AS_PATH, &len);
	uint8_t path[SIM_ATTRS_MAX] = { BGP_AS_SEQUENCE, 1 };

	if (len > SIM_ATTRS_MAX - 6)
		return;
	sim_store32(path + 2, as);
	if (len > 0 && old[0] == BGP_AS_SEQUENCE && old[1] < 255) {
		path[1] = (uint8_t)(old[1] + 1);
		memcpy(path + 6, old + 2, len - 2);
		len += 4;
	} else {
		if (len > 0)
			memcpy(path + 6, old, len);
		len += 6;
	}
	sim_attr_set(route, BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH, path, len);
}

bool
sim_rule_model(const struct sim_rule *rule, struct sim_route *route,
	       bool outward)
{
	struct bgp_addr hop = next_hop(rule->parameter);
	unsigned third = (route->prefix + rule->parameter) % 3u;
	uint8_t octets[12];

	if (rule->kind == SIM_RULE_REJECT)
		return false;
	if (rule->kind == SIM_RULE_REJECT_SOME && third == 0)
		return false;
	if (rule->kind == SIM_RULE_LOCAL_PREF)
		sim_attr_set_u32(route, BGP_ATTR_TRANSITIVE,
				 BGP_ATTR_LOCAL_PREF, 100 + third);
	if (rule->kind == SIM_RULE_MED)
		sim_attr_set_u32(route, BGP_ATTR_OPTIONAL, BGP_ATTR_MED, third);
	if (rule->kind == SIM_RULE_NO_MED)
		sim_attr_drop(route, BGP_ATTR_MED);
	if (rule->kind == SIM_RULE_PREPEND)
		for (unsigned i = 0; i <= rule->parameter % 2u; i++)
			prepend(route, PREPENDED_AS);
	if (rule->kind == SIM_RULE_LARGE_COMMUNITY) {
		large_community(octets, rule->parameter);
		sim_attr_set(route, 0xc0, BGP_ATTR_LARGE_COMMUNITIES, octets,
			     12);
	}
	if (rule->kind == SIM_RULE_NEXT_HOP && route->family == 0) {
		sim_route_set_hop(route, &hop);
		route->hop_set = outward;
	}
	return true;
}
