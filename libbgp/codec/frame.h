/*
 * frame.h - begin and finish a message that is being written.
 */
#ifndef BGP_CODEC_FRAME_H
#define BGP_CODEC_FRAME_H

#include "libbgp/base/octets.h"

/* Marker, room for the length, type. */
void bgp__frame_begin(struct bgp__writer *w, uint8_t type);

/* Fills in the length: the octets of the message, or BGP_ERR_SPACE. */
int bgp__frame_end(struct bgp__writer *w);

#endif
