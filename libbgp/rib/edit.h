/*
 * edit.h - a policy's changes to an attribute set.
 */
#ifndef BGP_RIB_EDIT_H
#define BGP_RIB_EDIT_H

#include "libbgp/rib/attrs.h"

struct bgp_edit {
	struct bgp_rib *rib; /* of an edit of the host's; NULL: a policy's */
	const struct bgp_attrs *from;
	bool touched;
	uint8_t *octets; /* canonical attributes once touched: scratch of
			  * BGP__SCRATCH_LEN */
	size_t len;
	uint8_t *path;            /* scratch for an AS_PATH, as long */
	struct bgp_addr next_hop; /* len 0: as in from */
};

/* The set that it makes, one reference more; NULL: no memory. */
struct bgp_attrs *bgp__edit_intern(struct bgp_rib *rib,
				   const struct bgp_edit *edit, bool outward);

/*
 * bgp__as_path_prepend - an AS in front of a 4-octet AS_PATH.  RFC 4271 5.1.2
 *
 * to has room for len + 2 + 4 * times octets and may not overlap path; answers
 * the octets of the new value.  times is 1 … 255.
 */
size_t bgp__as_path_prepend(const uint8_t *path, size_t len, uint32_t as,
			    unsigned times, uint8_t *to);

#endif
