/*
 * route.c - routes as the model has them: numbers, and attributes in order.
 *
 * A family and a prefix have numbers; their NLRI are 10.1.P/24, 2001:db8:P::/48
 * and, with the distinguisher 64512:100 and a label, 10.1.P/24 again.
 */
#include <stdio.h>
#include <string.h>

#include "sim.h"

const bgp_family sim_families[SIM_FAMILIES] = {
	BGP_IPV4_UNICAST,
	BGP_IPV6_UNICAST,
	BGP_FAMILY(1, 128),
};

uint32_t
sim_load32(const uint8_t *octets)
{
	return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	    (uint32_t)octets[2] << 8 | octets[3];
}

void
sim_store32(uint8_t *octets, uint32_t value)
{
	octets[0] = (uint8_t)(value >> 24);
	octets[1] = (uint8_t)(value >> 16);
	octets[2] = (uint8_t)(value >> 8);
	octets[3] = (uint8_t)value;
}

/* ----------------------------------------------------------------- NLRI */

/* Octets behind the length in bits of each family, and the place of the
 * prefix's number among them. */
static const struct {
	uint8_t bits, place;
} forms[SIM_FAMILIES] = { { 24, 2 }, { 48, 5 }, { 112, 13 } };

void
sim_nlri(unsigned family, unsigned prefix, unsigned label,
	 uint8_t buf[SIM_NLRI_MAX], struct bgp_nlri *out)
{
	static const uint8_t heads[SIM_FAMILIES][13] = {
		{ 10, 1 },
		{ 0x20, 0x01, 0x0d, 0xb8, 0 },
		{ 0, 0, 1, 0, 0, 0xfc, 0, 0, 0, 0, 100, 10, 1 },
	};
	struct bgp_nlri_list list = { .family = sim_families[family],
				      .octets = buf };

	buf[0] = forms[family].bits;
	memcpy(buf + 1, heads[family], forms[family].place);
	buf[1 + forms[family].place] = (uint8_t)prefix;
	if (family == 2)
		buf[2] = (uint8_t)label;
	list.len = (uint16_t)(forms[family].bits / 8 + 1);
	(void)bgp_nlri_next(&list, out);
}

bool
sim_nlri_number(const struct bgp_nlri *nlri, unsigned *family, unsigned *prefix)
{
	for (unsigned f = 0; f < SIM_FAMILIES; f++)
		if (nlri->family == sim_families[f]) {
			*family = f;
			*prefix = nlri->octets[forms[f].place];
			return nlri->bits == forms[f].bits &&
			    *prefix < SIM_PREFIXES;
		}
	return false;
}

void
sim_route_set_nlri(struct sim_route *route, const struct bgp_nlri *nlri)
{
	unsigned family = 0, prefix = 0;

	(void)sim_nlri_number(nlri, &family, &prefix);
	route->family = (uint8_t)family;
	route->prefix = (uint8_t)prefix;
	route->path_id = nlri->path_id;
	route->nlri_len = (uint8_t)nlri->len;
	memcpy(route->nlri, nlri->octets, nlri->len);
}

/* ------------------------------------------------------------- next hop */

/* Behind a distinguisher of 0 in VPNs.                  RFC 4364 4.3.2 */
void
sim_route_set_hop(struct sim_route *route, const struct bgp_addr *addr)
{
	unsigned skip = route->family == 2 ? 8 : 0;

	memset(route->hop, 0, skip);
	memcpy(route->hop + skip, addr->octets, addr->len);
	route->hop_len = (uint8_t)(skip + addr->len);
}

struct bgp_addr
sim_route_hop(const struct sim_route *route)
{
	unsigned skip = route->family == 2 && route->hop_len > 0 ? 8 : 0;
	struct bgp_addr addr = { .len = (uint8_t)(route->hop_len - skip) };

	if (addr.len > 16)
		addr.len = 16;
	memcpy(addr.octets, route->hop + skip, addr.len);
	return addr;
}

/* ----------------------------------------------------------- attributes */

/* The place of an attribute, or where it would go. */
static size_t
find(const struct sim_route *route, uint8_t code, bool *there)
{
	size_t at = 0;

	*there = false;
	while (at < route->attrs_len && route->attrs[at + 1] < code)
		at += 3u + route->attrs[at + 2];
	if (at < route->attrs_len)
		*there = route->attrs[at + 1] == code;
	return at;
}

const uint8_t *
sim_attr(const struct sim_route *route, uint8_t code, unsigned *len)
{
	bool there;
	size_t at = find(route, code, &there);

	*len = there ? route->attrs[at + 2] : 0;
	return there ? route->attrs + at + 3 : NULL;
}

uint32_t
sim_attr_u32(const struct sim_route *route, uint8_t code, uint32_t otherwise)
{
	unsigned len;
	const uint8_t *value = sim_attr(route, code, &len);

	return len == 4 ? sim_load32(value) : otherwise;
}

void
sim_attr_drop(struct sim_route *route, uint8_t code)
{
	bool there;
	size_t at = find(route, code, &there), len;

	if (!there)
		return;
	len = 3u + route->attrs[at + 2];
	memmove(route->attrs + at, route->attrs + at + len,
		route->attrs_len - at - len);
	route->attrs_len = (uint16_t)(route->attrs_len - len);
}

void
sim_attr_set(struct sim_route *route, uint8_t flags, uint8_t code,
	     const uint8_t *value, unsigned len)
{
	uint8_t copy[SIM_ATTRS_MAX];
	bool there;
	size_t at;

	if (len > 0)
		memcpy(copy, value, len);
	sim_attr_drop(route, code);
	at = find(route, code, &there);
	if (route->attrs_len + 3u + len > SIM_ATTRS_MAX)
		return;
	memmove(route->attrs + at + 3 + len, route->attrs + at,
		route->attrs_len - at);
	route->attrs[at] = flags;
	route->attrs[at + 1] = code;
	route->attrs[at + 2] = (uint8_t)len;
	memcpy(route->attrs + at + 3, copy, len);
	route->attrs_len = (uint16_t)(route->attrs_len + 3u + len);
}

void
sim_attr_set_u32(struct sim_route *route, uint8_t flags, uint8_t code,
		 uint32_t value)
{
	uint8_t octets[4];

	sim_store32(octets, value);
	sim_attr_set(route, flags, code, octets, 4);
}

size_t
sim_attr_views(const struct sim_route *route, struct bgp_attr *out, size_t max)
{
	size_t count = 0;

	for (size_t at = 0; at < route->attrs_len && count < max; count++) {
		out[count] = (struct bgp_attr){
			.flags = route->attrs[at],
			.code = route->attrs[at + 1],
			.len = route->attrs[at + 2],
			.value = route->attrs + at + 3,
		};
		at += 3u + route->attrs[at + 2];
	}
	return count;
}

void
sim_route_of_attrs(struct sim_route *route, const struct bgp_attrs *attrs)
{
	struct bgp_attr views[64];
	size_t count = bgp_attrs_list(attrs, views, 64);
	struct bgp_span hop = bgp_attrs_next_hop(attrs);

	route->attrs_len = 0;
	for (size_t i = 0; i < count; i++)
		sim_attr_set(route, views[i].flags, views[i].code,
			     views[i].value, views[i].len);
	route->hop_len = (uint8_t)hop.len;
	if (hop.len > 0)
		memcpy(route->hop, hop.octets, hop.len);
}

bool
sim_route_equal(const struct sim_route *a, const struct sim_route *b)
{
	return a->family == b->family && a->prefix == b->prefix &&
	    a->path_id == b->path_id && a->nlri_len == b->nlri_len &&
	    a->hop_len == b->hop_len && a->attrs_len == b->attrs_len &&
	    memcmp(a->nlri, b->nlri, a->nlri_len) == 0 &&
	    memcmp(a->hop, b->hop, a->hop_len) == 0 &&
	    memcmp(a->attrs, b->attrs, a->attrs_len) == 0;
}

void
sim_route_text(const struct sim_route *route, char *buf, size_t size)
{
	size_t len = (size_t)snprintf(buf, size, "%u/%u id %u hop ",
				      route->family, route->prefix,
				      route->path_id);

	for (unsigned i = 0; i < route->hop_len && len + 3 < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%02x",
					route->hop[i]);
	for (unsigned i = 0; i < route->attrs_len && len + 4 < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%02x",
					i == 0 ? " attrs " : "",
					route->attrs[i]);
}
