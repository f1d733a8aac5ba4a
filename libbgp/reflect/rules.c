/*
 * rules.c - doors: the rules of route reflection, pure functions.    RFC 4456
 */
#include "bgp/reflect.h"

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
