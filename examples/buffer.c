/*
 * buffer.c - text that grows; JSON and plain.
 */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

char *
buffer_room(struct buffer *b, size_t len)
{
	if (b->size - b->len < len) {
		size_t size = 2 * b->size + len + 4096;
		char *text = realloc(b->text, size);

		if (text == NULL) {
			fprintf(stderr, "out of memory\n");
			exit(1);
		}
		b->text = text;
		b->size = size;
	}
	return b->text + b->len;
}

void
buffer_char(struct buffer *b, char c)
{
	*buffer_room(b, 1) = c;
	b->len++;
}

void
buffer_str(struct buffer *b, const char *s)
{
	size_t len = strlen(s);

	memcpy(buffer_room(b, len), s, len);
	b->len += len;
}

void
buffer_u32(struct buffer *b, uint32_t v)
{
	char digits[10];
	int n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	while (n > 0)
		buffer_char(b, digits[--n]);
}

void
buffer_hex(struct buffer *b, const uint8_t *octets, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	char *p = buffer_room(b, 2 * len);

	for (size_t i = 0; i < len; i++) {
		*p++ = digit[octets[i] >> 4];
		*p++ = digit[octets[i] & 15];
	}
	b->len += 2 * len;
}

void
buffer_comma(struct buffer *b)
{
	char last = b->len > 0 ? b->text[b->len - 1] : '{';

	if (last != '{' && last != '[')
		buffer_char(b, ',');
}

void
buffer_key(struct buffer *b, const char *key)
{
	buffer_comma(b);
	buffer_char(b, '"');
	buffer_str(b, key);
	buffer_str(b, "\":");
}

void
buffer_escape(struct buffer *b, size_t from)
{
	size_t extra = 0;

	for (size_t i = from; i < b->len; i++)
		extra += b->text[i] == '"' || b->text[i] == '\\';
	if (extra == 0)
		return;
	buffer_room(b, extra);
	for (size_t i = b->len; extra > 0 && i-- > from;) {
		b->text[i + extra] = b->text[i];
		if (b->text[i] == '"' || b->text[i] == '\\')
			b->text[i + --extra] = '\\', b->len++;
	}
}

/* The character at p and its octets; 0: no UTF-8.             RFC 3629 4 */
static size_t
read_utf8(const uint8_t *p, size_t left, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t v = len == 1 ? p[0] : p[0] & (0xffu >> (len + 1));

	if ((p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4 || left < len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3fu);
	}
	*out = v;
	return v < least[len] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff)
	    ? 0
	    : len;
}

static void
put_escape(struct buffer *b, unsigned v)
{
	uint8_t octets[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	buffer_str(b, "\\u");
	buffer_hex(b, octets, sizeof octets);
}

void
buffer_utf8(struct buffer *b, const uint8_t *octets, size_t len)
{
	buffer_char(b, '"');
	for (size_t at = 0; at < len;) {
		uint32_t v;
		size_t n = read_utf8(octets + at, len - at, &v);

		if (n == 0)
			put_escape(b, 0xfffd);
		else if (v < 0x20 || (v >= 0x7f && v < 0xa0) || v == '"' ||
			 v == '\\')
			put_escape(b, v);
		else
			for (size_t i = 0; i < n; i++)
				buffer_char(b, (char)octets[at + i]);
		at += n == 0 ? 1 : n;
	}
	buffer_char(b, '"');
}

void
buffer_flush(struct buffer *b, FILE *f)
{
	if (b->len > 0)
		fwrite(b->text, 1, b->len, f);
	b->len = 0;
}
