/*
 * print.h - routes and their attributes as lines on standard output.
 */
#ifndef HOST_PRINT_H
#define HOST_PRINT_H

#include "bgp/codec.h"

/*
 * A line for each NLRI of a list that was decoded:
 *
 *     - 192.0.2.0/24
 *     + 192.0.2.0/24 next_hop=192.0.2.1 origin=igp as_path=64500 …
 *
 * update NULL: withdrawn; else it holds the attributes of the list.
 */
void print_routes(struct bgp_nlri_list list, const struct bgp_update *update);

#endif
