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
void bgp__text_id(struct bgp__text *t, uint32_t id);

/* 4 octets as IPv4, 16 as IPv6, anything else as hex. */
void bgp__text_addr(struct bgp__text *t, const uint8_t *octets, size_t len);

/* One community each, of 4, 8, 20 and 12 octets. */
void bgp__text_community(struct bgp__text *t, const uint8_t *octets);
void bgp__text_ext_community(struct bgp__text *t, const uint8_t *octets);
void bgp__text_ipv6_ext_community(struct bgp__text *t, const uint8_t *octets);
void bgp__text_large_community(struct bgp__text *t, const uint8_t *octets);

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
