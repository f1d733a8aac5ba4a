/*
 * announce.c - prefix and next hop in, one UPDATE out.  RFC 4271 5, RFC 4760 3
 */
#include "announce.h"

#include <string.h>

static struct bgp_span
next_hop_of(const struct bgp_addr *addr, uint8_t len, uint8_t *buf)
{
	memset(buf, 0, len);
	if (addr->len < len)
		buf[len - 1] = 1; /* ::1, see announce */
	else
		memcpy(buf, addr->octets, addr->len);
	return (struct bgp_span){ buf, len };
}

int
announce(struct bgp_session *session, const struct bgp_prefix *prefix,
	 const struct bgp_addr *next_hop)
{
	const struct bgp_codec *codec = bgp_session_codec(session);
	uint8_t msg[BGP_MESSAGE_MAX], hop[16], origin = BGP_ORIGIN_IGP;
	uint8_t preference[] = { 0, 0, 0, 100 };
	uint8_t path[] = { BGP_AS_SEQUENCE, 1, 0, 0, 0, 0 };
	struct bgp_attr attrs[] = {
		{ BGP_ATTR_TRANSITIVE, BGP_ATTR_ORIGIN, 1, &origin },
		{ BGP_ATTR_TRANSITIVE, BGP_ATTR_AS_PATH, 0, path },
		{ BGP_ATTR_TRANSITIVE, BGP_ATTR_LOCAL_PREF, 4, preference },
	};
	struct bgp_nlri nlri = { .family = prefix->len == 4 ? BGP_IPV4_UNICAST
							    : BGP_IPV6_UNICAST,
				 .bits = prefix->bits,
				 .len = (uint16_t)((prefix->bits + 7) / 8),
				 .octets = prefix->octets };
	struct bgp_update_parts parts = { .family = nlri.family,
					  .attrs = attrs,
					  .attr_count = 3,
					  .nlri = &nlri,
					  .nlri_count = 1 };
	size_t taken;
	int len;

	if (codec == NULL)
		return BGP_ERR_STATE;
	/* IPv4 says nothing of our IPv6 address, but on a loopback. */
	if (next_hop->len == 0 || next_hop->len > prefix->len ||
	    (next_hop->len < prefix->len && next_hop->octets[0] != 127))
		return BGP_ERR_INVALID;
	parts.next_hop = next_hop_of(next_hop, prefix->len, hop);
	if (codec->ebgp) {
		for (int i = 0; i < 4; i++)
			path[2 + i] = (uint8_t)(codec->local_as >>
						(24 - 8 * i));
		attrs[1].len = sizeof path;
		parts.attr_count = 2;
	}
	len = bgp_update_encode(codec, &parts, msg, sizeof msg, &taken);
	return len < 0 ? len : bgp_session_send(session, msg, (size_t)len);
}
