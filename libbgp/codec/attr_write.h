/*
 * attr_write.h - write one path attribute, its length in as few octets as do.
 */
#ifndef BGP_CODEC_ATTR_WRITE_H
#define BGP_CODEC_ATTR_WRITE_H

#include "bgp/codec.h"
#include "libbgp/base/octets.h"

/* Extended Length is set by what len needs, whatever flags say. */
static inline void
bgp__attr_write(struct bgp__writer *w, uint8_t flags, uint8_t code,
		const void *value, size_t len)
{
	bool extended = len > 255;
	uint8_t *p = bgp__write_room(w, (extended ? 4u : 3u) + len);

	if (p == NULL)
		return;
	p[0] = (uint8_t)(extended ? flags | BGP_ATTR_EXTENDED
				  : flags & ~BGP_ATTR_EXTENDED);
	p[1] = code;
	if (extended)
		bgp__store16(p + 2, (unsigned)len);
	else
		p[2] = (uint8_t)len;
	if (len > 0)
		memcpy(p + (extended ? 4 : 3), value, len);
}

/* For a value of unknown length: begin, write it, end with what begin gave. */
static inline uint8_t *
bgp__attr_begin(struct bgp__writer *w)
{
	return bgp__write_room(w, 4);
}

static inline void
bgp__attr_end(struct bgp__writer *w, uint8_t *begun, uint8_t flags,
	      uint8_t code)
{
	size_t len;

	if (w->bad)
		return;
	len = (size_t)(w->at - begun) - 4;
	begun[0] = flags & (uint8_t)~BGP_ATTR_EXTENDED;
	begun[1] = code;
	if (len > 65535) {
		w->bad = true;
	} else if (len > 255) {
		begun[0] |= BGP_ATTR_EXTENDED;
		bgp__store16(begun + 2, (unsigned)len);
	} else {
		begun[2] = (uint8_t)len;
		memmove(begun + 3, begun + 4, len);
		w->at--;
	}
}

#endif
