/*
 * text.h - the words and numbers that several text forms share.
 *
 * A `bgp__text_` adds to a sink, a `bgp__parse_` takes from the front of *at
 * and moves it only when it answers true.
 */
#ifndef BGP_CODEC_TEXT_H
#define BGP_CODEC_TEXT_H

#include "bgp/codec.h"
#include "libbgp/base/text.h"

void bgp__text_ipv4(struct bgp__text *t, const uint8_t *octets);
void bgp__text_ipv6(struct bgp__text *t, const uint8_t *octets);
void bgp__text_family(struct bgp__text *t, bgp_family family);
void bgp__text_nlri(struct bgp__text *t, const struct bgp_nlri *nlri);

/* The value of an attribute, AS numbers in 4 octets. */
void bgp__text_attr(struct bgp__text *t, const struct bgp_attr *attr);

/* An AS path whose numbers are `width` octets wide. */
void bgp__text_path(struct bgp__text *t, const uint8_t *value, size_t len,
		    size_t width);

/* A route distinguisher of 8 octets.                            RFC 4364 4.2 */
void bgp__text_rd(struct bgp__text *t, const uint8_t *rd);

/* In quotes, without what could harm a terminal or a log. */
void bgp__text_quoted(struct bgp__text *t, struct bgp_span text);
void bgp__text_id(struct bgp__text *t, uint32_t id);

/* 4 octets as IPv4, 16 as IPv6, anything else as hex. */
void bgp__text_addr(struct bgp__text *t, const uint8_t *octets, size_t len);

/* One community each, of 4, 8, 20 and 12 octets. */
void bgp__text_community(struct bgp__text *t, const uint8_t *octets);
void bgp__text_ext_community(struct bgp__text *t, const uint8_t *octets);
void bgp__text_ipv6_ext_community(struct bgp__text *t, const uint8_t *octets);
void bgp__text_large_community(struct bgp__text *t, const uint8_t *octets);

/* Its value, -1: none. */
int bgp__hex_digit(char c);

/* These very characters. */
bool bgp__parse_word(const char **at, const char *word);

/* Decimal without leading zeros, at most max. */
bool bgp__parse_u32(const char **at, uint32_t max, uint32_t *out);
bool bgp__parse_ipv4(const char **at, uint8_t *octets);
bool bgp__parse_ipv6(const char **at, uint8_t *octets);
bool bgp__parse_addr(const char **at, struct bgp_addr *out);

/* Clears what stands behind the prefix length. */
void bgp__prefix_mask(uint8_t *octets, size_t len, unsigned bits);

#endif
