/*
 * quote.c - what a peer wrote, made harmless.
 *
 * Text of a peer goes to terminals and logs.  Control characters, quotes and
 * octets that are not UTF-8 become dots, so that it can neither move a cursor
 * nor forge a line.                                     RFC 9003 4, RFC 3629 4
 */
#include "libbgp/codec/text.h"

/* Octets of the UTF-8 character at p that may be printed; 0: none. */
static size_t
printable(const uint8_t *p, size_t left)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	static const uint32_t least[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };
	uint32_t v = len == 1 ? p[0] : p[0] & (0xffu >> (len + 1));

	if ((p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4 || left < len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3fu);
	}
	if (v < least[len] || v == 0x7f || v == '"' || v > 0x10ffff ||
	    (v >= 0xd800 && v <= 0xdfff))
		return 0;
	return len;
}

void
bgp__text_quoted(struct bgp__text *t, struct bgp_span text)
{
	bgp__text_char(t, '"');
	for (size_t at = 0; at < text.len;) {
		size_t len = printable(text.octets + at, text.len - at);

		if (len == 0) {
			bgp__text_char(t, '.');
			at++;
		}
		for (; len > 0; len--)
			bgp__text_char(t, (char)text.octets[at++]);
	}
	bgp__text_char(t, '"');
}
