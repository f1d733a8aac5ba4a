/*
 * flowspec_check.c - is a flow specification one that can be read to its end.
 *
 *   +--------+----------+------+---------------------------------+------+- -
 *   | length | RD (134) | type | prefix, or (operator, value) …  | type | …
 *   +--------+----------+------+---------------------------------+------+- -
 *
 * Components come in ascending order of types that are known, none twice, each
 * whole: a prefix no longer than its addresses, a list of operators whose last
 * says so.  The length in front holds whatever stands behind it, so that rules
 * which are malformed inside are told apart, and can be withdrawn.
 *                     RFC 8955 4.2, 8, 10; RFC 8956 3; RFC 7606 2, 3(j)
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/family.h"

enum { OP_LAST = 0x80, RD_LEN = 8 };

enum {
	SOURCE = 2, /* and before it the destination: prefixes */
	TCP_FLAGS = 9,
	DSCP = 11,
	FRAGMENT = 12,
	LAST_IPV4 = 12,
	LAST_IPV6 = 13 /* flow label: RFC 8956 3.7 */
};

/* Octets that a value may have at most, where that is a MUST. */
static size_t
value_max(unsigned type)
{
	switch (type) {
	case DSCP:
	case FRAGMENT:
		return 1;
	case TCP_FLAGS:
		return 2;
	default:
		return 8;
	}
}

static void
take_operators(struct bgp__reader *r, unsigned type)
{
	unsigned op;

	do {
		size_t len;

		op = bgp__read8(r);
		len = (size_t)1 << (op >> 4 & 3);
		if (len > value_max(type))
			r->bad = true;
		bgp__read(r, len);
	} while (!r->bad && (op & OP_LAST) == 0);
}

/* Length, of IPv6 the bits in front that do not matter, and the others. */
static void
take_prefix(struct bgp__reader *r, bool ipv6)
{
	unsigned bits = bgp__read8(r), offset = 0;

	if (ipv6)
		offset = bgp__read8(r);
	if (bits > (ipv6 ? 128u : 32u) || offset > bits ||
	    (offset == bits && bits != 0))
		r->bad = true;
	else
		bgp__read(r, (bits - offset + 7) / 8);
}

enum bgp__nlri_verdict
bgp__check_nlri_flow(const struct bgp_nlri_list *list, const uint8_t *nlri,
		     size_t len)
{
	struct bgp__reader r = bgp__reader(nlri, len);
	bool ipv6 = BGP_AFI(list->family) == 2;
	unsigned last = 0;

	bgp__read(&r, nlri[0] < 0xf0 ? 1 : 2);
	if (BGP_SAFI(list->family) == 134)
		bgp__read(&r, RD_LEN);
	do {
		unsigned type = bgp__read8(&r);

		if (type <= last || type > (ipv6 ? LAST_IPV6 : LAST_IPV4))
			return BGP__NLRI_UNUSABLE;
		if (type <= SOURCE)
			take_prefix(&r, ipv6);
		else
			take_operators(&r, type);
		last = type;
	} while (!r.bad && bgp__left(&r) > 0);
	return r.bad ? BGP__NLRI_UNUSABLE : BGP__NLRI_SOUND;
}
