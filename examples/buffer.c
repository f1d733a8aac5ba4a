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

void
buffer_ascii(struct buffer *b, const uint8_t *octets, size_t len)
{
	size_t from;

	buffer_char(b, '"');
	from = b->len;
	for (size_t i = 0; i < len; i++)
		buffer_char(b,
			    octets[i] < 0x20 || octets[i] > 0x7e
				? '.'
				: (char)octets[i]);
	buffer_escape(b, from);
	buffer_char(b, '"');
}

void
buffer_flush(struct buffer *b, FILE *f)
{
	if (b->len > 0)
		fwrite(b->text, 1, b->len, f);
	b->len = 0;
}
