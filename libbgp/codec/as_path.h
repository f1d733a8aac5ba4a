/*
 * as_path.h - what several files ask of AS_PATH segments.
 */
#ifndef BGP_CODEC_AS_PATH_H
#define BGP_CODEC_AS_PATH_H

#include "bgp/codec.h"
#include "libbgp/base/octets.h"

/* What a segment adds to the length of a path.  RFC 4271 9.1.2.2 a, 5065 5.3 */
uint32_t bgp__segment_length(uint8_t type, uint8_t count);

/*
 * The AS_PATH of a 2-octet session in 4-octet form, with what AS4_PATH knows
 * better (NULL: none came).  Both are sound.                RFC 6793 4.2.3
 */
void bgp__as_path_widen(struct bgp__writer *w, const struct bgp_attr *path,
			const struct bgp_attr *as4_path);

/* The path for a 2-octet peer; true where AS_TRANS had to stand in. */
bool bgp__as_path_narrow(struct bgp__writer *w, const struct bgp_attr *path);

/* AS4_PATH: the path without confederation segments.        RFC 6793 4.2.2 */
void bgp__as4_path_write(struct bgp__writer *w, const struct bgp_attr *path);

#endif
