/*
 * text.h - words and numbers into a caller's buffer, bounded and counted.
 *
 * The sink counts what the whole text needs while it writes only what fits, as
 * every public _text function promises; bgp__text_end puts the NUL and answers
 * the whole length.
 */
#ifndef BGP_BASE_TEXT_H
#define BGP_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct bgp__text {
	char *buf;
	size_t size; /* octets at buf */
	size_t len;  /* of the whole text so far */
};

static inline struct bgp__text
bgp__text(char *buf, size_t size)
{
	struct bgp__text t = { buf, size, 0 };

	return t;
}

void bgp__text_char(struct bgp__text *t, char c);
void bgp__text_str(struct bgp__text *t, const char *s);
void bgp__text_u32(struct bgp__text *t, uint32_t v);
void bgp__text_u64(struct bgp__text *t, uint64_t v);
void bgp__text_hex(struct bgp__text *t, const uint8_t *octets, size_t len);
size_t bgp__text_end(struct bgp__text *t);

#endif
