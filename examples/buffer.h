/*
 * buffer.h - text that grows; JSON and plain.
 */
#ifndef EXAMPLES_BUFFER_H
#define EXAMPLES_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct buffer {
	char *text;
	size_t len, size;
};

/* Room for len more octets; the program ends where there is no memory. */
char *buffer_room(struct buffer *b, size_t len);

void buffer_char(struct buffer *b, char c);
void buffer_str(struct buffer *b, const char *s);
void buffer_u32(struct buffer *b, uint32_t v);
void buffer_hex(struct buffer *b, const uint8_t *octets, size_t len);

/* "key": before a value, with a comma where one is needed. */
void buffer_key(struct buffer *b, const char *key);

/* A comma unless the text ends with an opening bracket. */
void buffer_comma(struct buffer *b);

/* What a _text function of the library writes, as it is or as JSON string.
 * The macro calls it again with more room where its text was cut. */
#define BUFFER_TEXT(b, fn, ...)                                          \
	do {                                                             \
		size_t n_ = fn(__VA_ARGS__, buffer_room(b, 128), 128);   \
		if (n_ >= 128)                                           \
			fn(__VA_ARGS__, buffer_room(b, n_ + 1), n_ + 1); \
		(b)->len += n_;                                          \
	} while (0)

#define BUFFER_STRING(b, fn, ...)                \
	do {                                     \
		size_t from_;                    \
		buffer_char(b, '"');             \
		from_ = (b)->len;                \
		BUFFER_TEXT(b, fn, __VA_ARGS__); \
		buffer_escape(b, from_);         \
		buffer_char(b, '"');             \
	} while (0)

/* Escapes for JSON what was written since `from`. */
void buffer_escape(struct buffer *b, size_t from);

/* UTF-8 of a peer as JSON string: control characters escaped, U+FFFD for each
 * octet that is no UTF-8. */
void buffer_utf8(struct buffer *b, const uint8_t *octets, size_t len);

/* Writes all to a file and starts anew. */
void buffer_flush(struct buffer *b, FILE *f);

#endif
