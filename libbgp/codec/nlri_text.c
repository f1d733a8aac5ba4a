/*
 * nlri_text.c - NLRI as text: a prefix where there is one, else hex.
 */
#include "bgp/codec.h"
#include "libbgp/base/text.h"
#include "libbgp/codec/text.h"

size_t
bgp_nlri_text(const struct bgp_nlri *nlri, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);
	struct bgp_prefix prefix;

	if (bgp_nlri_prefix(nlri, &prefix) == BGP_OK)
		return bgp_prefix_text(&prefix, buf, size);
	bgp__text_hex(&t, nlri->octets, nlri->len);
	return bgp__text_end(&t);
}
