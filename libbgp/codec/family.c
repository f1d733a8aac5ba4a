/*
 * family.c - the address families that the library knows, one row each.
 *
 * A family is a name, the way its NLRI are delimited, the lengths a next hop
 * may have, and a checker of what its NLRI say.  Labels may be several (RFC
 * 8277 2), so the greatest length of labeled NLRI is the checker's to find.
 * What stands inside an NLRI matters to its checker and its text form only; so
 * a family is added by adding a row.
 */
#include <string.h>

#include "libbgp/base/text.h"
#include "libbgp/codec/family.h"
#include "libbgp/codec/text.h"

/* A next hop of so many octets. */
#define NH(len) (1u << (len) / 4)

#define NH_IPV4 NH(4)
#define NH_IPV6 (NH(16) | NH(32)) /* RFC 2545 3 */
#define NH_BOTH (NH_IPV4 | NH_IPV6)
#define NH_VPN4 NH(12)            /* RFC 4364 4.3.2 */
#define NH_VPN6 (NH(24) | NH(48)) /* RFC 4659 3.2.1 */
#define NH_ANY  (NH(0) | NH_BOTH | NH_VPN4 | NH_VPN6)

#define IPV4      1
#define IPV6      2
#define L2VPN     25
#define LINKSTATE 16388

#define BITS(min, max) BGP_NLRI_BITS, min, max
#define FORM(form)     BGP_NLRI_##form, 0, 0

/* clang-format off */
static const struct bgp__family families[] = {
	/* AFI/SAFI, name,
	 * NLRI, next hops, more of them by RFC 8950, check, text */
	{ BGP_FAMILY(IPV4, 1), "ipv4-unicast", /* RFC 4760 5 */
	  BITS(0, 32), NH_IPV4, NH_IPV6, NULL,
	  bgp__text_nlri_prefix },
	{ BGP_FAMILY(IPV6, 1), "ipv6-unicast", /* RFC 2545 */
	  BITS(0, 128), NH_IPV6, 0, NULL,
	  bgp__text_nlri_prefix },
	{ BGP_FAMILY(IPV4, 2), "ipv4-multicast", /* RFC 4760 5 */
	  BITS(0, 32), NH_IPV4, NH_IPV6, NULL,
	  bgp__text_nlri_prefix },
	{ BGP_FAMILY(IPV6, 2), "ipv6-multicast", /* RFC 2545 */
	  BITS(0, 128), NH_IPV6, 0, NULL,
	  bgp__text_nlri_prefix },
	{ BGP_FAMILY(IPV4, 4), "ipv4-labeled", /* RFC 8277 2.2 */
	  BITS(24, 255), NH_IPV4, NH_IPV6, bgp__check_nlri_labeled,
	  bgp__text_nlri_labeled },
	{ BGP_FAMILY(IPV6, 4), "ipv6-labeled", /* RFC 8277 2.2 */
	  BITS(24, 255), NH_IPV6, 0, bgp__check_nlri_labeled,
	  bgp__text_nlri_labeled },
	{ BGP_FAMILY(IPV4, 128), "vpnv4", /* RFC 4364 4.3.4 */
	  BITS(88, 255), NH_VPN4, NH_VPN6, bgp__check_nlri_labeled,
	  bgp__text_nlri_vpn },
	{ BGP_FAMILY(IPV6, 128), "vpnv6", /* RFC 4659 3 */
	  BITS(88, 255), NH_VPN6, 0, bgp__check_nlri_labeled,
	  bgp__text_nlri_vpn },
	{ BGP_FAMILY(IPV4, 129), "vpnv4-multicast", /* RFC 6514 12 */
	  BITS(64, 64 + 32), NH_ANY, 0, NULL,
	  bgp__text_nlri_vpn_plain },
	{ BGP_FAMILY(IPV6, 129), "vpnv6-multicast", /* RFC 6514 12 */
	  BITS(64, 64 + 128), NH_ANY, 0, NULL,
	  bgp__text_nlri_vpn_plain },
	{ BGP_FAMILY(IPV4, 132), "route-target", /* RFC 4684 4 */
	  BITS(32, 96), NH_BOTH, 0, NULL,
	  bgp__text_nlri_rtc },
	{ BGP_FAMILY(IPV4, 133), "ipv4-flowspec", /* RFC 8955 4 */
	  FORM(FLOW), NH_ANY, 0, bgp__check_nlri_flow,
	  bgp__text_nlri_flow },
	{ BGP_FAMILY(IPV6, 133), "ipv6-flowspec", /* RFC 8956 3 */
	  FORM(FLOW), NH_ANY, 0, bgp__check_nlri_flow,
	  bgp__text_nlri_flow },
	{ BGP_FAMILY(IPV4, 134), "vpnv4-flowspec", /* RFC 8955 8 */
	  FORM(FLOW), NH_ANY, 0, bgp__check_nlri_flow,
	  bgp__text_nlri_flow },
	{ BGP_FAMILY(IPV6, 134), "vpnv6-flowspec", /* RFC 8956 */
	  FORM(FLOW), NH_ANY, 0, bgp__check_nlri_flow,
	  bgp__text_nlri_flow },
	{ BGP_FAMILY(IPV4, 5), "ipv4-mvpn", /* RFC 6514 4 */
	  FORM(TYPE8_LEN8), NH_BOTH, 0, bgp__check_nlri_mvpn,
	  bgp__text_nlri_mvpn },
	{ BGP_FAMILY(IPV6, 5), "ipv6-mvpn", /* RFC 6514 4 */
	  FORM(TYPE8_LEN8), NH_BOTH, 0, bgp__check_nlri_mvpn,
	  bgp__text_nlri_mvpn },
	{ BGP_FAMILY(IPV4, 73), "ipv4-sr-policy", /* RFC 9830 2.1 */
	  BITS(96, 96), NH_BOTH, 0, NULL,
	  bgp__text_nlri_sr_policy },
	{ BGP_FAMILY(IPV6, 73), "ipv6-sr-policy", /* RFC 9830 2.1 */
	  BITS(192, 192), NH_BOTH, 0, NULL,
	  bgp__text_nlri_sr_policy },
	{ BGP_FAMILY(IPV4, 85), "ipv4-mup", /* draft-ietf-bess-mup-safi */
	  FORM(TYPE24_LEN8), NH_ANY, 0, bgp__check_nlri_mup,
	  bgp__text_nlri_mup },
	{ BGP_FAMILY(IPV6, 85), "ipv6-mup", /* draft-ietf-bess-mup-safi */
	  FORM(TYPE24_LEN8), NH_ANY, 0, bgp__check_nlri_mup,
	  bgp__text_nlri_mup },
	{ BGP_FAMILY(L2VPN, 65), "l2vpn-vpls", /* RFC 4761 3.2.2 */
	  FORM(LEN16), NH_BOTH, 0, bgp__check_nlri_vpls,
	  bgp__text_nlri_vpls },
	{ BGP_FAMILY(L2VPN, 70), "l2vpn-evpn", /* RFC 7432 7 */
	  FORM(TYPE8_LEN8), NH_BOTH, 0, bgp__check_nlri_evpn,
	  bgp__text_nlri_evpn },
	{ BGP_FAMILY(LINKSTATE, 71), "link-state", /* RFC 9552 5.2 */
	  FORM(TYPE16_LEN16), NH_BOTH, 0, bgp__check_nlri_link_state,
	  bgp__text_nlri_link_state },
	{ BGP_FAMILY(LINKSTATE, 72), "link-state-vpn", /* RFC 9552 5.2 */
	  FORM(TYPE16_LEN16), NH_ANY, 0, bgp__check_nlri_link_state,
	  bgp__text_nlri_link_state },
};
/* clang-format on */

#define FAMILIES (sizeof families / sizeof families[0])

const struct bgp__family *
bgp__family_find(bgp_family family)
{
	for (size_t i = 0; i < FAMILIES; i++)
		if (families[i].family == family)
			return families + i;
	return NULL;
}

bool
bgp__family_has_labels(bgp_family family)
{
	return (BGP_AFI(family) == IPV4 || BGP_AFI(family) == IPV6) &&
	    (BGP_SAFI(family) == 4 || BGP_SAFI(family) == 128);
}

void
bgp__text_family(struct bgp__text *t, bgp_family family)
{
	const struct bgp__family *row = bgp__family_find(family);

	if (row != NULL) {
		bgp__text_str(t, row->name);
		return;
	}
	bgp__text_str(t, "afi-");
	bgp__text_u32(t, BGP_AFI(family));
	bgp__text_str(t, "-safi-");
	bgp__text_u32(t, BGP_SAFI(family));
}

size_t
bgp_family_text(bgp_family family, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_family(&t, family);
	return bgp__text_end(&t);
}

/* What other tools call some of them. */
static const struct alias {
	const char *name;
	bgp_family family;
} aliases[] = {
	{ "ipv4-labeled-unicast", BGP_FAMILY(IPV4, 4) },
	{ "ipv6-labeled-unicast", BGP_FAMILY(IPV6, 4) },
	{ "ipv4-vpn", BGP_FAMILY(IPV4, 128) },
	{ "ipv6-vpn", BGP_FAMILY(IPV6, 128) },
	{ "ipv4-rtc", BGP_FAMILY(IPV4, 132) },
	{ "evpn", BGP_FAMILY(L2VPN, 70) },
	{ "vpls", BGP_FAMILY(L2VPN, 65) },
	{ "bgp-ls", BGP_FAMILY(LINKSTATE, 71) },
};

/* "afi-N-safi-M", or "N/M". */
static bool
parse_numbers(const char *text, bgp_family *out)
{
	bool words = bgp__parse_word(&text, "afi-");
	uint32_t afi, safi;

	if (!bgp__parse_u32(&text, 65535, &afi) ||
	    !bgp__parse_word(&text, words ? "-safi-" : "/") ||
	    !bgp__parse_u32(&text, 255, &safi) || *text != '\0')
		return false;
	*out = BGP_FAMILY(afi, safi);
	return true;
}

int
bgp_family_parse(bgp_family *out, const char *text)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		if (strcmp(families[i].name, text) == 0) {
			*out = families[i].family;
			return BGP_OK;
		}
	}
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
		if (strcmp(aliases[i].name, text) == 0) {
			*out = aliases[i].family;
			return BGP_OK;
		}
	}
	return parse_numbers(text, out) ? BGP_OK : BGP_ERR_INVALID;
}

/* --------------------------------------------------------- macros, as calls */

bgp_family
bgp_family_of(uint16_t afi, uint8_t safi)
{
	return BGP_FAMILY(afi, safi);
}

uint16_t
bgp_family_afi(bgp_family family)
{
	return BGP_AFI(family);
}

uint8_t
bgp_family_safi(bgp_family family)
{
	return BGP_SAFI(family);
}
