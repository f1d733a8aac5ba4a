/*
 * text.c - words and numbers into a caller's buffer, bounded and counted.
 */
#include "libbgp/base/text.h"

void
bgp__text_char(struct bgp__text *t, char c)
{
	if (t->len < t->size)
		t->buf[t->len] = c;
	t->len++;
}

void
bgp__text_str(struct bgp__text *t, const char *s)
{
	while (*s != '\0')
		bgp__text_char(t, *s++);
}

void
bgp__text_u64(struct bgp__text *t, uint64_t v)
{
	char digits[20];
	int n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	while (n > 0)
		bgp__text_char(t, digits[--n]);
}

void
bgp__text_u32(struct bgp__text *t, uint32_t v)
{
	bgp__text_u64(t, v);
}

void
bgp__text_hex(struct bgp__text *t, const uint8_t *octets, size_t len)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		bgp__text_char(t, digit[octets[i] >> 4]);
		bgp__text_char(t, digit[octets[i] & 15]);
	}
}

size_t
bgp__text_end(struct bgp__text *t)
{
	if (t->size > 0)
		t->buf[t->len < t->size ? t->len : t->size - 1] = '\0';
	return t->len;
}
