/*
 * attr_table.c - the path attributes that the library knows, one row each.
 *
 * What the type is, how long it may be, and what follows when it is not so.
 * Types without a row are unrecognised: carried when optional transitive, left
 * out when optional non-transitive.  The deprecated types (11, 12, 13, 19, 20,
 * 21, 28) have none on purpose.                      RFC 4271 5, RFC 7606 7, s7
 *
 * An unrecognised well-known attribute, for which RFC 4271 6.3 asks a session
 * reset that RFC 7606 did not revise, is treated as withdraw: the routes it
 * came with cannot be used, but a distant router must not be able to end a
 * session it is no part of.  BIRD and FRR do the same.
 */
#include "libbgp/codec/attr.h"
#include "libbgp/codec/attr_text.h"
#include "libbgp/codec/fault.h"

#define WELL_KNOWN     BGP_ATTR_TRANSITIVE
#define OPT_TRANSITIVE (BGP_ATTR_OPTIONAL | BGP_ATTR_TRANSITIVE)
#define OPT_LOCAL      BGP_ATTR_OPTIONAL

#define DISCARD  BGP_REMEDY_DISCARD
#define WITHDRAW BGP_REMEDY_WITHDRAW
#define RESET    BGP_REMEDY_RESET

#define IBGP true
#define ANY  false

/* clang-format off */
const struct bgp__attr_rule bgp__attr_rules[256] = {
	/* name, flags and remedy, least length and unit, remedy, subcode,
	 * scope, check, text */
	[BGP_ATTR_ORIGIN] = { "origin", WELL_KNOWN, WITHDRAW, 1, 0,
	    WITHDRAW, BGP__UPDATE_ORIGIN, ANY, bgp__check_origin,
	    bgp__text_origin },                       /* RFC 7606 7.1 */
	[BGP_ATTR_AS_PATH] = { "as_path", WELL_KNOWN, WITHDRAW, 0, 1,
	    WITHDRAW, BGP__UPDATE_AS_PATH, ANY, bgp__check_as_path,
	    bgp__text_as_path },                      /* RFC 7606 7.2 */
	[BGP_ATTR_NEXT_HOP] = { "next_hop", WELL_KNOWN, WITHDRAW, 4, 0,
	    WITHDRAW, BGP__UPDATE_NEXT_HOP, ANY, NULL,
	    bgp__text_address },                      /* RFC 7606 7.3 */
	[BGP_ATTR_MED] = { "med", OPT_LOCAL, WITHDRAW, 4, 0,
	    WITHDRAW, 0, ANY, NULL,
	    bgp__text_number },                       /* RFC 7606 7.4 */
	[BGP_ATTR_LOCAL_PREF] = { "local_pref", WELL_KNOWN, WITHDRAW, 4, 0,
	    WITHDRAW, 0, IBGP, NULL,
	    bgp__text_number },                       /* RFC 7606 7.5 */
	[BGP_ATTR_ATOMIC_AGGREGATE] = { "atomic_aggregate", WELL_KNOWN,
	    DISCARD, 0, 0, DISCARD, 0, ANY, NULL,
	    bgp__text_nothing },                      /* RFC 7606 7.6 */
	[BGP_ATTR_AGGREGATOR] = { "aggregator", OPT_TRANSITIVE, DISCARD, 6, 2,
	    DISCARD, BGP__UPDATE_OPTIONAL, ANY, bgp__check_aggregator,
	    bgp__text_aggregator },                   /* RFC 7606 7.7 */
	[BGP_ATTR_COMMUNITIES] = { "communities", OPT_TRANSITIVE, WITHDRAW,
	    4, 4, WITHDRAW, 0, ANY, NULL,
	    bgp__text_communities },                  /* RFC 7606 7.8 */
	[BGP_ATTR_ORIGINATOR_ID] = { "originator_id", OPT_LOCAL, WITHDRAW,
	    4, 0, WITHDRAW, 0, IBGP, NULL,
	    bgp__text_address },                      /* RFC 7606 7.9 */
	[BGP_ATTR_CLUSTER_LIST] = { "cluster_list", OPT_LOCAL, WITHDRAW, 4, 4,
	    WITHDRAW, 0, IBGP, NULL,
	    bgp__text_addresses },                    /* RFC 7606 7.10 */
	[BGP_ATTR_MP_REACH] = { "mp_reach", OPT_LOCAL, RESET, 5, 1,
	    RESET, BGP__UPDATE_OPTIONAL, ANY, NULL,
	    bgp__text_hex_value },                    /* RFC 7606 5.3, 7.11 */
	[BGP_ATTR_MP_UNREACH] = { "mp_unreach", OPT_LOCAL, RESET, 3, 1,
	    RESET, BGP__UPDATE_OPTIONAL, ANY, NULL,
	    bgp__text_hex_value },                    /* RFC 7606 5.3, 7.12 */
	[BGP_ATTR_EXT_COMMUNITIES] = { "ext_communities", OPT_TRANSITIVE,
	    WITHDRAW, 8, 8, WITHDRAW, 0, ANY, NULL,
	    bgp__text_ext_communities },              /* RFC 7606 7.14 */
	[BGP_ATTR_AS4_PATH] = { "as4_path", OPT_TRANSITIVE, WITHDRAW, 6, 2,
	    DISCARD, BGP__UPDATE_OPTIONAL, ANY, bgp__check_as4_path,
	    bgp__text_as_path },                      /* RFC 6793 6 */
	[BGP_ATTR_AS4_AGGREGATOR] = { "as4_aggregator", OPT_TRANSITIVE,
	    WITHDRAW, 8, 0, DISCARD, BGP__UPDATE_OPTIONAL, ANY,
	    bgp__check_as4_aggregator,
	    bgp__text_aggregator },                   /* RFC 6793 6 */
	[BGP_ATTR_PMSI_TUNNEL] = { "pmsi_tunnel", OPT_TRANSITIVE, WITHDRAW,
	    5, 1, WITHDRAW, BGP__UPDATE_OPTIONAL, ANY, bgp__check_pmsi_tunnel,
	    bgp__text_pmsi },                         /* RFC 6514 5, 7385 */
	[BGP_ATTR_TUNNEL_ENCAP] = { "tunnel_encap", OPT_TRANSITIVE, DISCARD,
	    0, 1, DISCARD, BGP__UPDATE_OPTIONAL, ANY, bgp__check_tunnel_encap,
	    bgp__text_tunnels },                      /* RFC 9012 13 */
	[BGP_ATTR_IPV6_EXT_COMMUNITIES] = { "ipv6_ext_communities",
	    OPT_TRANSITIVE, WITHDRAW, 20, 20, WITHDRAW, 0, ANY, NULL,
	    bgp__text_ipv6_ext_communities },         /* RFC 7606 7.15 */
	[BGP_ATTR_AIGP] = { "aigp", OPT_LOCAL, DISCARD, 3, 1,
	    DISCARD, BGP__UPDATE_OPTIONAL, ANY, bgp__check_aigp,
	    bgp__text_aigp },                         /* RFC 7311 3.2 */
	[27] = { "pe_distinguisher_labels", OPT_TRANSITIVE, WITHDRAW, 7, 1,
	    WITHDRAW, BGP__UPDATE_OPTIONAL, ANY, bgp__check_pe_labels,
	    bgp__text_pe_labels },                    /* RFC 6514 8 */
	[BGP_ATTR_BGP_LS] = { "bgp_ls", OPT_LOCAL, WITHDRAW, 4, 1,
	    DISCARD, BGP__UPDATE_OPTIONAL, ANY, bgp__check_bgp_ls,
	    bgp__text_bgp_ls },                       /* RFC 9552 8.2.2 */
	[BGP_ATTR_LARGE_COMMUNITIES] = { "large_communities", OPT_TRANSITIVE,
	    WITHDRAW, 12, 12, WITHDRAW, 0, ANY, NULL,
	    bgp__text_large_communities },            /* RFC 8092 6 */
	[BGP_ATTR_OTC] = { "otc", OPT_TRANSITIVE, WITHDRAW, 4, 0,
	    WITHDRAW, 0, ANY, NULL,
	    bgp__text_number },                       /* RFC 9234 5 */
	[BGP_ATTR_D_PATH] = { "d_path", OPT_TRANSITIVE, WITHDRAW, 8, 1,
	    WITHDRAW, BGP__UPDATE_OPTIONAL, ANY, bgp__check_d_path,
	    bgp__text_d_path }, /* draft-ietf-bess-evpn-ipvpn-
				  * interworking */
	[BGP_ATTR_PREFIX_SID] = { "prefix_sid", OPT_TRANSITIVE, WITHDRAW,
	    3, 1, DISCARD, BGP__UPDATE_OPTIONAL, ANY, bgp__check_prefix_sid,
	    bgp__text_prefix_sid },                   /* RFC 8669 6, 9252 7 */
	[BGP_ATTR_SET] = { "attr_set", OPT_TRANSITIVE, WITHDRAW, 4, 1,
	    WITHDRAW, BGP__UPDATE_OPTIONAL, ANY, bgp__check_set,
	    bgp__text_set },                          /* RFC 7606 7.16 */
};
/* clang-format on */

static bool
length_is_sound(const struct bgp__attr_rule *rule, uint16_t len)
{
	if (rule->unit <= 1)
		return rule->unit == 1 ? len >= rule->min : len == rule->min;
	return len >= rule->min && (len - rule->min) % rule->unit == 0;
}

static struct bgp__verdict
verdict(uint8_t remedy, uint8_t subcode, const char *reason)
{
	struct bgp__verdict v = { (enum bgp_remedy)remedy, subcode, reason };

	return v;
}

struct bgp__verdict
bgp__attr_judge(const struct bgp_codec *codec, const struct bgp_attr *attr)
{
	const struct bgp__attr_rule *rule = &bgp__attr_rules[attr->code];
	enum bgp_remedy remedy = BGP_REMEDY_NONE;

	if (rule->name == NULL)
		return (attr->flags & BGP_ATTR_OPTIONAL) != 0
		    ? verdict(BGP_REMEDY_NONE, 0, NULL)
		    : verdict(WITHDRAW, BGP__UPDATE_WELL_KNOWN,
			      "unrecognised well-known attribute");
	if (rule->ibgp_only && codec->ebgp)
		return verdict(DISCARD, BGP__UPDATE_ATTRS,
			       "attribute that another AS must not send");
	if (((attr->flags ^ rule->flags) & OPT_TRANSITIVE) != 0)
		return verdict(rule->flags_remedy, BGP__UPDATE_FLAGS,
			       "attribute flags differ from its type");
	if (!length_is_sound(rule, attr->len))
		return verdict(rule->remedy, BGP__UPDATE_LENGTH,
			       "attribute length does not fit its type");
	if (rule->check != NULL)
		remedy = rule->check(codec, attr);
	return verdict(
	    (uint8_t)remedy, rule->subcode,
	    remedy == BGP_REMEDY_NONE ? NULL : "attribute value is malformed");
}
