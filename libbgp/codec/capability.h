/*
 * capability.h - whether a capability has the length its code asks for.
 */
#ifndef BGP_CODEC_CAPABILITY_H
#define BGP_CODEC_CAPABILITY_H

#include "bgp/codec.h"

/* True for codes the library does not know: those are kept raw. */
bool bgp__capability_is_sound(const struct bgp_capability *cap);

/* The first capability of this code at or behind index *from, or NULL; *from
 * is moved behind it. */
const struct bgp_capability *bgp__capability_find(const struct bgp_open *open,
						  uint8_t code, size_t *from);

#endif
