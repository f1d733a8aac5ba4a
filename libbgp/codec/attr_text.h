/*
 * attr_text.h - the text form of one attribute value each.
 *
 * The values have been judged, or come from the host: a value too short for
 * its type prints as hex.
 */
#ifndef BGP_CODEC_ATTR_TEXT_H
#define BGP_CODEC_ATTR_TEXT_H

#include "bgp/codec.h"
#include "libbgp/base/text.h"

typedef void bgp__attr_text(struct bgp__text *t, const struct bgp_attr *attr);

bgp__attr_text bgp__text_origin, bgp__text_as_path, bgp__text_address;
bgp__attr_text bgp__text_addresses, bgp__text_number, bgp__text_nothing;
bgp__attr_text bgp__text_aggregator, bgp__text_communities;
bgp__attr_text bgp__text_ext_communities, bgp__text_ipv6_ext_communities;
bgp__attr_text bgp__text_large_communities, bgp__text_aigp;
bgp__attr_text bgp__text_hex_value;

/* bgp_ls_text.c, tunnel_text.c, prefix_sid_text.c, vpn_attr_text.c */
bgp__attr_text bgp__text_bgp_ls, bgp__text_tunnels, bgp__text_prefix_sid;
bgp__attr_text bgp__text_pmsi, bgp__text_pe_labels, bgp__text_set;
bgp__attr_text bgp__text_d_path;

#endif
