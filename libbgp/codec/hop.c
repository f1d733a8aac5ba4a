/*
 * hop.c - the next hop of a family, by its length, and whether it is a host's.
 *
 *     4   12        16        24          32               48
 *   [v4] [RD, v4] [IPv6] [RD, IPv6] [IPv6, local] [RD, IPv6, RD, local]
 *
 * A family's row says which lengths are sound; a family without a row takes
 * any. Whether a distinguisher stands in front follows from these lengths
 * alone.                        RFC 2545 3, 4271 6.3, 4364 4.3.2, 4659 3.2.1
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/codec/family.h"
#include "libbgp/codec/hop.h"

static bool
is_among(unsigned lengths, size_t len)
{
	return len % 4 == 0 && len <= 48 && (lengths >> len / 4 & 1) != 0;
}

bool
bgp__next_hop_is_sound(const struct bgp_family_codec *family, size_t len)
{
	const struct bgp__family *row = bgp__family_find(family->family);

	if (row == NULL)
		return true;
	return is_among(row->next_hops, len) ||
	    (family->ext_next_hop && is_among(row->ext_next_hops, len));
}

bool
bgp__next_hop_is_foreign(const struct bgp_family_codec *family, size_t len)
{
	return is_among(bgp__family_find(family->family)->ext_next_hops, len);
}

/* ------------------------------------------------------------------- hosts */

/* No host: this network, multicast, reserved, broadcast. */
static bool
is_ipv4_host(const struct bgp_codec *codec, const uint8_t *p)
{
	return p[0] != 0 && p[0] < 224 &&
	    (p[0] != 127 || codec->next_hop_loopback);
}

static bool
is_ipv6_host(const struct bgp_codec *codec, const uint8_t *p)
{
	static const uint8_t low[15];

	if (memcmp(p, low, sizeof low) == 0 && p[15] <= 1)
		return p[15] == 1 && codec->next_hop_loopback;
	return p[0] != 0xff;
}

static bool
is_ours(const struct bgp_codec *codec, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < BGP_LOCAL_ADDRS_MAX; i++)
		if (codec->local_addrs[i].len == len &&
		    memcmp(codec->local_addrs[i].octets, p, len) == 0)
			return true;
	return false;
}

/* An IPv4 address inside an IPv6 one is a host's only at the end of labels. */
static bool
may_be_mapped(bgp_family family)
{
	return bgp__family_has_labels(family) || BGP_SAFI(family) == 129;
}

static bool
is_host(const struct bgp_codec *codec, bgp_family family, const uint8_t *p,
	size_t len)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (is_ours(codec, p, len))
		return false;
	if (len == 4)
		return is_ipv4_host(codec, p);
	if (memcmp(p, mapped, sizeof mapped) == 0)
		return may_be_mapped(family) &&
		    is_host(codec, family, p + sizeof mapped, 4);
	return is_ipv6_host(codec, p);
}

bool
bgp__next_hop_is_host(const struct bgp_codec *codec, bgp_family family,
		      struct bgp_span hop)
{
	bool distinguished = hop.len == 12 || hop.len == 24 || hop.len == 48;
	const struct bgp__family *row = bgp__family_find(family);

	if (row == NULL || row->form == BGP_NLRI_FLOW || hop.len == 0)
		return true;
	return is_host(codec, family, hop.octets + (distinguished ? 8 : 0),
		       hop.len == 4 || hop.len == 12 ? 4 : 16);
}

size_t
bgp__next_hop_write(const struct bgp_family_codec *family,
		    const struct bgp_addr *addr, uint8_t *buf)
{
	size_t head = 0;

	if (addr->len == 0)
		return 0;
	if (!bgp__next_hop_is_sound(family, addr->len))
		head = 8;
	if (!bgp__next_hop_is_sound(family, head + addr->len))
		return 0;
	memset(buf, 0, head);
	memcpy(buf + head, addr->octets, addr->len);
	return head + addr->len;
}
