/*
 * reference.h - an UPDATE decoder that is slow and plain, to hold the fast one
 * against.
 *
 * It copies everything, looks at one octet at a time and shares no line with
 * the library.  Every family that the library has a name for, framed.
 */
#ifndef BGP_TESTS_REFERENCE_H
#define BGP_TESTS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REF_NONE, REF_DISCARD, REF_WITHDRAW, REF_RESET };

enum {
	REF_ROUTES_MAX = 5000,
	REF_ATTRS_MAX = 256,
	REF_FAMILIES_MAX = 16,
	REF_MESSAGE_MAX = 719
};

/* What was agreed on in OPEN. */
struct ref_session {
	bool as4, ebgp, add_path, ext_next_hop;
	bool unknown_types; /* NLRI of types that are not known are kept */
	unsigned labels;    /* most of a stack, 0: no stacks */
	bool next_hop_check, next_hop_loopback;
	uint8_t own[4];    /* an address of ours, 0.0.0.0: not known */
	uint32_t first_as; /* 0: not checked */
	uint32_t families[REF_FAMILIES_MAX]; /* AFI * 256 + SAFI */
	size_t family_count;
};

struct ref_route {
	bool reach;
	uint32_t family, path_id;
	size_t len; /* with its length octets */
	uint8_t octets[REF_MESSAGE_MAX];
};

struct ref_attr {
	uint8_t code;
	size_t at, len; /* value, from the start of the message */
};

struct ref_result {
	int remedy;
	uint32_t eor;
	size_t route_count, attr_count;
	struct ref_route routes[REF_ROUTES_MAX];
	struct ref_attr attrs[REF_ATTRS_MAX];
};

void ref_decode(const struct ref_session *session, const uint8_t *msg,
		size_t len, struct ref_result *out);

#endif
