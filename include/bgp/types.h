/*
 * bgp/types.h - the few plain values that every other header speaks of.
 *
 * Families, addresses, prefixes, spans of octets, and the memory of the host.
 * All are values: copy them freely.  Text forms are written into the caller's
 * buffer and read from the caller's string; neither allocates.
 */
#ifndef BGP_TYPES_H
#define BGP_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgp/error.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/*
 * Address family: AFI and SAFI in one number.             RFC 4760 3, IANA
 * Any pair may be named; the constants are those the library knows by name.
 */
typedef uint32_t bgp_family;

#define BGP_FAMILY(afi, safi) ((bgp_family)(afi) << 8 | (bgp_family)(safi))
#define BGP_AFI(family)       ((uint16_t)((family) >> 8))
#define BGP_SAFI(family)      ((uint8_t)((family)&0xff))

/* The same as functions, for languages that have no macros of C. */
bgp_family bgp_family_of(uint16_t afi, uint8_t safi);
uint16_t bgp_family_afi(bgp_family family);
uint8_t bgp_family_safi(bgp_family family);

#define BGP_IPV4_UNICAST BGP_FAMILY(1, 1)
#define BGP_IPV6_UNICAST BGP_FAMILY(2, 1)

/* Longest text of each kind, its terminating NUL included. */
#define BGP_ADDR_TEXT_MAX   57 /* with a scope */
#define BGP_PREFIX_TEXT_MAX 50
#define BGP_FAMILY_TEXT_MAX 32

/*
 * Structs that a host fills begin with their size; BGP_…_INIT sets it and every
 * default.  bgp_…_init(out, sizeof *out) does the same for languages that call
 * C: size is what the caller's struct takes, of which version ever; what it has
 * beyond the library's is zero.  C++ has no designated initialisers before
 * C++20: there the macros call these.
 */
#ifdef __cplusplus
#define BGP_INIT_OF(type)                                    \
	([] {                                                \
		struct type bgp_filled;                      \
		type##_init(&bgp_filled, sizeof bgp_filled); \
		return bgp_filled;                           \
	}())
#endif

/* Octets of somebody else: who lends them says for how long. */
struct bgp_span {
	const uint8_t *octets;
	size_t len;
};

/*
 * An IPv4 (len 4) or IPv6 (len 16) address in network order; len 0: none.
 *
 * scope is the interface that a link-local IPv6 address is of, by its index
 * (sin6_scope_id): fe80::1 on two interfaces is two neighbours.  0: not said,
 * and of every other address.                                     RFC 4007 6
 */
struct bgp_addr {
	uint8_t len;
	uint8_t octets[16];
	uint32_t scope;
};

/* An IPv4 or IPv6 prefix; bits behind its length are zero. */
struct bgp_prefix {
	uint8_t len;  /* octets of an address of this kind: 4 or 16 */
	uint8_t bits; /* prefix length: 0..32 or 0..128 */
	uint8_t octets[16];
};

/* Which next hop a peer is sent where neither the route's announcement nor the
 * export policy chose one.                              RFC 4271 5.1.3 */
enum bgp_next_hop_mode {
	BGP_NEXT_HOP_AUTO, /* eBGP: ourselves; iBGP: as received */
	BGP_NEXT_HOP_SELF, /* ourselves, on reflected routes too: a deliberate
			    * choice against RFC 4456 10 */
	BGP_NEXT_HOP_KEEP  /* as received, to eBGP peers too */
};

/*
 * The memory of the host.
 *
 * One function does all: ptr NULL asks for new octets, new_len 0 returns them
 * (and answers NULL), anything else resizes and keeps the content.  old_len is
 * always what was asked for before, so that an allocator needs no headers.
 * NULL for new_len > 0 means that there is no memory: the library copes.
 * Alignment as malloc gives it.
 *
 * Wherever an option takes a struct bgp_allocator, resize NULL stands for the
 * C library's realloc and free.
 */
struct bgp_allocator {
	void *(*resize)(void *ctx, void *ptr, size_t old_len, size_t new_len);
	void *ctx;
};

/*
 * Text forms.  Each _text writes at most size octets, always NUL-terminated
 * when size > 0, and answers the length of the whole text without its NUL, so
 * that an answer >= size tells of a cut.  Each _parse answers BGP_OK, or
 * BGP_ERR_INVALID and leaves *out alone; the whole string must match.
 */
size_t bgp_addr_text(const struct bgp_addr *addr, char *buf, size_t size);

/* IPv6 may have its scope behind it, "fe80::1%3": a number, 1 … 4294967295.
 * Names of interfaces are the host's to resolve (if_nametoindex): the library
 * asks the system nothing.                                       RFC 4007 11 */
int bgp_addr_parse(struct bgp_addr *out, const char *text);

/* RFC 5952 form and its length: "192.0.2.0/24", "2001:db8::/32". */
size_t bgp_prefix_text(const struct bgp_prefix *prefix, char *buf, size_t size);

/* Bits behind the prefix length are cleared, not refused. */
int bgp_prefix_parse(struct bgp_prefix *out, const char *text);

/* "ipv4-unicast", "ipv6-unicast", …; "afi-N-safi-M" for the unknown.  Parsing
 * also takes "N/M" and what others call some families ("ipv4-vpn", "evpn"). */
size_t bgp_family_text(bgp_family family, char *buf, size_t size);
int bgp_family_parse(bgp_family *out, const char *text);

/* Order of numbers; IPv4 before IPv6; equal addresses by their scope.  < 0, 0,
 * > 0 as memcmp answers. */
int bgp_addr_compare(const struct bgp_addr *a, const struct bgp_addr *b);
int bgp_prefix_compare(const struct bgp_prefix *a, const struct bgp_prefix *b);

/*
 * A router id or cluster id is a number in host order that prints as dotted
 * IPv4.  Parsing 0.0.0.0 answers BGP_ERR_INVALID.                  RFC 6286
 */
size_t bgp_id_text(uint32_t id, char *buf, size_t size);
int bgp_id_parse(uint32_t *out, const char *text);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
