/*
 * evpn.c - is an EVPN route as long as its type and its inner lengths say.
 *
 *   +----+---+----+------------------------------------- - -
 *   |type|len| RD | by type
 *   +----+---+----+------------------------------------- - -
 *                                                         RFC 7432 7, 9136 3.1
 */
#include "libbgp/codec/family.h"

enum {
	EVPN_AD = 1,        /* RD, ESI, tag, label */
	EVPN_MAC_IP = 2,    /* RD, ESI, tag, 48, MAC, bits, IP, 1 or 2 labels */
	EVPN_MULTICAST = 3, /* RD, tag, bits, IP */
	EVPN_SEGMENT = 4,   /* RD, ESI, bits, IP */
	EVPN_PREFIX = 5     /* RD, ESI, tag, bits, prefix, gateway, label */
};

/* A length in bits and the address of that many. */
static bool
address_fills(const uint8_t *bits, size_t len)
{
	return (*bits == 32 && len == 5) || (*bits == 128 && len == 17);
}

/* What follows a MAC: an address or none, then one label or two. */
static bool
mac_ip_is_sound(const uint8_t *body, size_t len)
{
	size_t ip_len;

	if (len < 33 || body[22] != 48)
		return false;
	if (body[29] != 0 && body[29] != 32 && body[29] != 128)
		return false;
	ip_len = body[29] / 8u;
	return len == 33 + ip_len || len == 36 + ip_len;
}

bool
bgp__evpn_is_sound(const uint8_t *nlri, size_t len)
{
	const uint8_t *body = nlri + 2;

	len -= 2;
	switch (nlri[0]) {
	case EVPN_AD:
		return len == 25;
	case EVPN_MAC_IP:
		return mac_ip_is_sound(body, len);
	case EVPN_MULTICAST:
		return len > 12 && address_fills(body + 12, len - 12);
	case EVPN_SEGMENT:
		return len > 18 && address_fills(body + 18, len - 18);
	case EVPN_PREFIX:
		return (len == 34 && body[22] <= 32) ||
		    (len == 58 && body[22] <= 128);
	default:
		return true;
	}
}
