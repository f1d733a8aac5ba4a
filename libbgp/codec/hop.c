/*
 * hop.c - the next hop of a family, by its length.
 *
 * A family's row says which lengths are sound; a family without a row takes
 * any. Whether a distinguisher stands in front follows from these lengths
 * alone.
 */
#include <string.h>

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
	const struct bgp__family *row = bgp__family_find(family->family);

	return row != NULL && !family->ext_next_hop &&
	    is_among(row->ext_next_hops, len);
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
