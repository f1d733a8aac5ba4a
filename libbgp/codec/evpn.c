/*
 * evpn.c - is an EVPN route as long as its type and its inner lengths say.
 *
 *   +----+---+----+------------------------------------- - -
 *   |type|len| RD | by type
 *   +----+---+----+------------------------------------- - -
 *
 * A length that does not fit is one that the type cannot have, and nobody knows
 * where the next route begins.  A value that cannot be leaves the routes
 * legible.                  RFC 7432 7, 9136 3, 9251 9, 9572 3, RFC
 * 7606 5.3, 5.4
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/codec/family.h"

enum {
	EVPN_AD = 1,        /* RD, ESI, tag, label */
	EVPN_MAC_IP = 2,    /* RD, ESI, tag, 48, MAC, bits, IP, 1 or 2 labels */
	EVPN_MULTICAST = 3, /* RD, tag, bits, IP */
	EVPN_SEGMENT = 4,   /* RD, ESI, bits, IP */
	EVPN_PREFIX = 5,    /* RD, ESI, tag, bits, prefix, gateway, label */
	EVPN_SMET = 6,      /* RD, tag, flow, flags */
	EVPN_JOIN_SYNCH = 7,  /* RD, ESI, tag, flow, flags */
	EVPN_LEAVE_SYNCH = 8, /* RD, ESI, tag, flow, 4, time, flags */
	EVPN_REGION_PMSI = 9, /* RD, tag, region (8) */
	EVPN_S_PMSI = 10,     /* RD, tag, flow */
	EVPN_LEAF = 11        /* a route key, bits, IP */
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

/* A length in bits and an address; none too where that is allowed. */
static void
take_address(struct bgp__reader *r, bool none)
{
	unsigned bits = bgp__read8(r);

	if (bits != 32 && bits != 128 && !(none && bits == 0))
		r->bad = true;
	bgp__read(r, bits / 8);
}

/* So many octets, source, group and originator, so many octets: a source or a
 * group of no length is any.                              RFC 9251 9, 9572 3 */
static bool
flow_is_sound(const uint8_t *body, size_t len, size_t head, size_t tail)
{
	struct bgp__reader r = bgp__reader(body, len);

	bgp__read(&r, head);
	take_address(&r, true);
	take_address(&r, true);
	take_address(&r, false);
	bgp__read(&r, tail);
	return !r.bad && bgp__left(&r) == 0;
}

/* A route key ends with an address, whose length is told by its first octet:
 * one of the two that an address can have must fill the rest.     RFC 9572 3.3
 */
static bool
leaf_is_sound(const uint8_t *body, size_t len)
{
	return (len > 5 && address_fills(body + len - 5, 5)) ||
	    (len > 17 && address_fills(body + len - 17, 17));
}

/* The types of RFC 9251 and 9572. */
static bool
multicast_is_sound(unsigned type, const uint8_t *body, size_t len)
{
	switch (type) {
	case EVPN_SMET:
		return flow_is_sound(body, len, 12, 1);
	case EVPN_JOIN_SYNCH:
		return flow_is_sound(body, len, 22, 1);
	case EVPN_LEAVE_SYNCH:
		return flow_is_sound(body, len, 22, 6);
	case EVPN_REGION_PMSI:
		return len == 20;
	case EVPN_S_PMSI:
		return flow_is_sound(body, len, 12, 0);
	case EVPN_LEAF:
		return leaf_is_sound(body, len);
	default: /* not known: nothing to hold it against */
		return true;
	}
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
		return multicast_is_sound(nlri[0], body, len);
	}
}

/* A prefix has one overlay index: a segment or a gateway.        RFC 9136 3.2
 */
static bool
has_two_indices(const uint8_t *nlri, size_t len)
{
	static const uint8_t none[16];
	const uint8_t *segment = nlri + 2 + 8;
	size_t address = len == 2 + 34 ? 4 : 16;

	return memcmp(segment, none, 10) != 0 &&
	    memcmp(nlri + len - 3 - address, none, address) != 0;
}

enum bgp__nlri_verdict
bgp__check_nlri_evpn(const struct bgp_nlri_list *list, const uint8_t *nlri,
		     size_t len)
{
	(void)list;
	if (nlri[0] < EVPN_AD || nlri[0] > EVPN_LEAF)
		return BGP__NLRI_UNKNOWN;
	if (!bgp__evpn_is_sound(nlri, len))
		return BGP__NLRI_MALFORMED;
	if (nlri[0] == EVPN_PREFIX && has_two_indices(nlri, len))
		return BGP__NLRI_UNUSABLE;
	return BGP__NLRI_SOUND;
}
