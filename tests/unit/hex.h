/*
 * hex.h - octets as the RFCs print them: "ffff 0013 04", blanks allowed.
 */
#ifndef BGP_TESTS_HEX_H
#define BGP_TESTS_HEX_H

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline int
hex_value(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static inline size_t
hex_octets(const char *text, uint8_t *buf, size_t size)
{
	size_t digits = 0;

	for (; *text != '\0'; text++) {
		if (!isxdigit((unsigned char)*text))
			continue;
		if (digits / 2 >= size)
			abort();
		if (digits % 2 == 0)
			buf[digits / 2] = (uint8_t)(hex_value(*text) << 4);
		else
			buf[digits / 2] |= (uint8_t)hex_value(*text);
		digits++;
	}
	return digits / 2;
}

/* A whole message: marker and length are put in front of type and body. */
static inline size_t
hex_message(const char *type_and_body, uint8_t *buf, size_t size)
{
	size_t len = 18 + hex_octets(type_and_body, buf + 18, size - 18);

	memset(buf, 0xff, 16);
	buf[16] = (uint8_t)(len >> 8);
	buf[17] = (uint8_t)len;
	return len;
}

#endif
