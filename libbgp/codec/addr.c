/*
 * addr.c - addresses, prefixes and ids as text, and their order.
 *
 * IPv6 is written as RFC 5952 asks: lower case, no leading zeros, the longest
 * run of two or more zero groups as "::", the first of equals; an IPv4-mapped
 * address ends in dotted form.  What is parsed is what may be written by hand:
 * any RFC 4291 form of IPv6, four decimal octets without leading zeros of IPv4.
 * A scope is a number here; its name is the host's affair.
 */
#include <string.h>

#include "bgp/types.h"
#include "libbgp/base/octets.h"
#include "libbgp/base/text.h"
#include "libbgp/codec/text.h"

/* -------------------------------------------------------------------- write */

void
bgp__text_ipv4(struct bgp__text *t, const uint8_t *octets)
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			bgp__text_char(t, '.');
		bgp__text_u32(t, octets[i]);
	}
}

/* The longest run of zero groups, *from its first; answers its length. */
static int
longest_zeros(const uint8_t *octets, int *from)
{
	int best = 0;

	for (int i = 0, run = 0; i < 8; i++) {
		run = bgp__load16(octets + 2 * i) == 0 ? run + 1 : 0;
		if (run > best) {
			best = run;
			*from = i + 1 - run;
		}
	}
	return best;
}

static void
text_group(struct bgp__text *t, unsigned group)
{
	static const char digit[] = "0123456789abcdef";
	bool begun = false;

	for (int shift = 12; shift >= 0; shift -= 4) {
		unsigned d = group >> shift & 15;

		begun = begun || d != 0 || shift == 0;
		if (begun)
			bgp__text_char(t, digit[d]);
	}
}

static bool
is_mapped(const uint8_t *octets)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0,    0,
					    0, 0, 0, 0, 0xff, 0xff };

	return memcmp(octets, mapped, sizeof mapped) == 0;
}

void
bgp__text_ipv6(struct bgp__text *t, const uint8_t *octets)
{
	int from = 0;
	int run = longest_zeros(octets, &from);

	if (is_mapped(octets)) {
		bgp__text_str(t, "::ffff:");
		bgp__text_ipv4(t, octets + 12);
		return;
	}
	for (int i = 0; i < 8; i++) {
		if (run >= 2 && i == from) {
			bgp__text_str(t, "::");
			i += run - 1;
			continue;
		}
		if (i > 0 && !(run >= 2 && i == from + run))
			bgp__text_char(t, ':');
		text_group(t, bgp__load16(octets + 2 * i));
	}
}

void
bgp__text_addr(struct bgp__text *t, const uint8_t *octets, size_t len)
{
	if (len == 4)
		bgp__text_ipv4(t, octets);
	else if (len == 16)
		bgp__text_ipv6(t, octets);
	else
		bgp__text_hex(t, octets, len);
}

void
bgp__text_id(struct bgp__text *t, uint32_t id)
{
	uint8_t octets[4];

	bgp__store32(octets, id);
	bgp__text_ipv4(t, octets);
}

size_t
bgp_addr_text(const struct bgp_addr *addr, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	if (addr->len == 0)
		bgp__text_str(&t, "none");
	else
		bgp__text_addr(&t, addr->octets, addr->len == 4 ? 4 : 16);
	if (addr->len == 16 && addr->scope != 0) {
		bgp__text_char(&t, '%');
		bgp__text_u32(&t, addr->scope);
	}
	return bgp__text_end(&t);
}

size_t
bgp_prefix_text(const struct bgp_prefix *prefix, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_addr(&t, prefix->octets, prefix->len == 4 ? 4 : 16);
	bgp__text_char(&t, '/');
	bgp__text_u32(&t, prefix->bits);
	return bgp__text_end(&t);
}

size_t
bgp_id_text(uint32_t id, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_id(&t, id);
	return bgp__text_end(&t);
}

/* -------------------------------------------------------------------- parse */

bool
bgp__parse_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

bool
bgp__parse_u32(const char **at, uint32_t max, uint32_t *out)
{
	const char *p = *at;
	uint64_t v = 0;

	if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (uint64_t)(*p - '0');
		if (v > max)
			return false;
	}
	*at = p;
	*out = (uint32_t)v;
	return true;
}

bool
bgp__parse_ipv4(const char **at, uint8_t *octets)
{
	const char *p = *at;

	for (int i = 0; i < 4; i++) {
		uint32_t v;

		if ((i > 0 && *p++ != '.') || !bgp__parse_u32(&p, 255, &v))
			return false;
		octets[i] = (uint8_t)v;
	}
	*at = p;
	return true;
}

int
bgp__hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One to four hex digits. */
static bool
parse_group(const char **at, uint8_t *octets)
{
	unsigned v = 0;
	int n = 0;

	for (; bgp__hex_digit(**at) >= 0; ++*at, n++)
		if (n < 4)
			v = v << 4 | (unsigned)bgp__hex_digit(**at);
	bgp__store16(octets, v);
	return n >= 1 && n <= 4;
}

/* Moves what stands behind the "::" to the end and clears the gap. */
static bool
close_gap(uint8_t *octets, int len, int gap)
{
	if (gap < 0)
		return len == 16;
	if (len > 14)
		return false;
	memmove(octets + 16 - (len - gap), octets + gap, (size_t)(len - gap));
	memset(octets + gap, 0, (size_t)(16 - len));
	return true;
}

/* True where the text goes on with dotted octets rather than a group. */
static bool
dotted_ahead(const char *p)
{
	while (*p >= '0' && *p <= '9')
		p++;
	return *p == '.';
}

bool
bgp__parse_ipv6(const char **at, uint8_t *octets)
{
	const char *p = *at;
	int len = 0, gap = -1;

	if (p[0] == ':' && p[1] != ':')
		return false;
	while (len < 16) {
		if (p[0] == ':' && p[1] == ':' && gap < 0) {
			gap = len;
			p += 2;
			if (bgp__hex_digit(*p) < 0)
				break;
		} else if (len > 0) {
			p++; /* a colon: the group before it said so */
		}
		if (len <= 12 && dotted_ahead(p)) {
			if (!bgp__parse_ipv4(&p, octets + len))
				return false;
			len += 4;
			break;
		}
		if (!parse_group(&p, octets + len))
			return false;
		len += 2;
		if (*p != ':')
			break;
	}
	*at = p;
	return close_gap(octets, len, gap);
}

/* An address of either kind at the front of the text. */
bool
bgp__parse_addr(const char **at, struct bgp_addr *out)
{
	memset(out, 0, sizeof *out);
	if (bgp__parse_ipv4(at, out->octets))
		out->len = 4;
	else if (bgp__parse_ipv6(at, out->octets))
		out->len = 16;
	return out->len != 0;
}

int
bgp_addr_parse(struct bgp_addr *out, const char *text)
{
	struct bgp_addr addr;

	if (!bgp__parse_addr(&text, &addr))
		return BGP_ERR_INVALID;
	if (addr.len == 16 && *text == '%') {
		text++;
		if (!bgp__parse_u32(&text, UINT32_MAX, &addr.scope) ||
		    addr.scope == 0)
			return BGP_ERR_INVALID;
	}
	if (*text != '\0')
		return BGP_ERR_INVALID;
	*out = addr;
	return BGP_OK;
}

void
bgp__prefix_mask(uint8_t *octets, size_t len, unsigned bits)
{
	size_t whole = bits / 8;

	if (bits % 8 != 0) {
		octets[whole] &= (uint8_t)(0xff00u >> bits % 8);
		whole++;
	}
	if (whole < len)
		memset(octets + whole, 0, len - whole);
}

int
bgp_prefix_parse(struct bgp_prefix *out, const char *text)
{
	struct bgp_addr addr;
	uint32_t bits;

	if (!bgp__parse_addr(&text, &addr) || *text++ != '/' ||
	    !bgp__parse_u32(&text, addr.len * 8u, &bits) || *text != '\0')
		return BGP_ERR_INVALID;
	bgp__prefix_mask(addr.octets, sizeof addr.octets, bits);
	out->len = addr.len;
	out->bits = (uint8_t)bits;
	memcpy(out->octets, addr.octets, sizeof out->octets);
	return BGP_OK;
}

int
bgp_id_parse(uint32_t *out, const char *text)
{
	uint8_t octets[4];

	if (!bgp__parse_ipv4(&text, octets) || *text != '\0' ||
	    bgp__load32(octets) == 0)
		return BGP_ERR_INVALID;
	*out = bgp__load32(octets);
	return BGP_OK;
}

/* -------------------------------------------------------------------- order */

int
bgp_addr_compare(const struct bgp_addr *a, const struct bgp_addr *b)
{
	int order;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	order = memcmp(a->octets, b->octets, a->len);
	if (order != 0)
		return order;
	return (a->scope > b->scope) - (a->scope < b->scope);
}

int
bgp_prefix_compare(const struct bgp_prefix *a, const struct bgp_prefix *b)
{
	int order;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	order = memcmp(a->octets, b->octets, a->len);
	return order != 0 ? order : (int)a->bits - (int)b->bits;
}
