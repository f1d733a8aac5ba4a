/*
 * rules.c - the rules of route reflection as pure functions.         RFC 4456
 */
#include "bgp/reflect.h"
#include "libbgp/base/octets.h"

bool
bgp_reflect_allowed(enum bgp_kind from, enum bgp_kind to, bool client_to_client)
{
	enum { NO, YES, C2C };
	static const uint8_t rule[4][4] = {
		/* to:              LOCAL EBGP CLIENT NON_CLIENT */
		[BGP_KIND_LOCAL] = { NO, YES, YES, YES },
		[BGP_KIND_EBGP] = { NO, YES, YES, YES },
		[BGP_KIND_CLIENT] = { NO, YES, C2C, YES },
		[BGP_KIND_NON_CLIENT] = { NO, YES, YES, NO },
	};

	switch (rule[from & 3][to & 3]) {
	case YES:
		return true;
	case C2C:
		return client_to_client;
	default:
		return false;
	}
}

static bool
is_internal(enum bgp_kind kind)
{
	return kind == BGP_KIND_CLIENT || kind == BGP_KIND_NON_CLIENT;
}

bool
bgp_reflect_stamped(enum bgp_kind from, enum bgp_kind to)
{
	return is_internal(from) && is_internal(to);
}

static bool
has_id(const struct bgp_attr *attr, uint32_t id)
{
	for (size_t i = 0; attr != NULL && i + 4 <= attr->len; i += 4)
		if (bgp__load32(attr->value + i) == id)
			return true;
	return false;
}

static unsigned
count_as(const struct bgp_attr *path, uint32_t as)
{
	struct bgp__reader r;
	unsigned found = 0;

	if (path == NULL)
		return 0;
	r = bgp__reader(path->value, path->len);
	while (bgp__left(&r) > 0 && !r.bad) {
		bgp__read8(&r);
		for (unsigned n = bgp__read8(&r); n > 0; n--)
			found += bgp__read32(&r) == as && !r.bad;
	}
	return found;
}

enum bgp_loop
bgp_reflect_loop(const struct bgp_attr *attrs, size_t count, uint32_t router_id,
		 uint32_t cluster_id, uint32_t local_as,
		 unsigned own_as_allowed)
{
	if (has_id(bgp_attr_find(attrs, count, BGP_ATTR_ORIGINATOR_ID),
		   router_id))
		return BGP_LOOP_ORIGINATOR;
	if (has_id(bgp_attr_find(attrs, count, BGP_ATTR_CLUSTER_LIST),
		   cluster_id))
		return BGP_LOOP_CLUSTER;
	if (count_as(bgp_attr_find(attrs, count, BGP_ATTR_AS_PATH), local_as) >
	    own_as_allowed)
		return BGP_LOOP_AS;
	return BGP_LOOP_NONE;
}
