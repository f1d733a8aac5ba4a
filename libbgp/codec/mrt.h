/*
 * mrt.h - what reader and writer of MRT share.
 */
#ifndef BGP_CODEC_MRT_H
#define BGP_CODEC_MRT_H

#include "bgp/mrt.h"

/* The subtype of TABLE_DUMP_V2 that holds a family. */
uint16_t bgp__mrt_subtype(bgp_family family, bool add_path);

#endif
