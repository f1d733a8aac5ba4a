/*
 * families.h - the address families of the neighbours, each named once.
 *
 *     families=NAME[:FORM][+NAME[:FORM]]…
 *
 *     ipv4-unicast+vpnv4+l2vpn-evpn      names as the library prints them
 *     16397/241:type8-len8               AFI/SAFI and how its NLRI are told
 *                                        apart, where the library does not know
 *
 * A set of families is 32 bits; bit n stands for the n-th that was ever named
 * in this process.  IPv4 and IPv6 unicast are named from the start.
 */
#ifndef HOST_FAMILIES_H
#define HOST_FAMILIES_H

#include <stdbool.h>

#include "bgp/session.h"
#include "option.h"

#define FAMILIES_MAX 32

#define FAMILIES_IPV4 1u /* unicast */
#define FAMILIES_IPV6 2u

option_parser families_parse; /* field: uint32_t, a set */

size_t families_count(void);

/* The i-th, with its form. */
struct bgp_family_offer families_at(size_t i);

/* How a family's table is called, as BIRD does where BIRD knows it: "master4",
 * "master6", "l2vpn-evpn".  In memory that the next call uses again. */
const char *families_table(bgp_family family);

/* The family of a table; false: there is no such. */
bool families_find_table(const char *name, bgp_family *out);

#endif
