/*
 * option_parse.c - text of a plain field in, its value out.
 *
 * Each parser answers NULL and has set the field, or a phrase that says what is
 * wanted and has set nothing.
 */
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "option.h"

const char *
option_number(uint64_t *out, const char *text, uint64_t min, uint64_t max)
{
	uint64_t value = 0;

	if (text[0] == '\0')
		return "a number is wanted";
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return "a number is wanted";
		value = value * 10 + (uint64_t)(*p - '0');
		if (value > max)
			return "the number is too large";
	}
	if (value < min)
		return "the number is too small";
	*out = value;
	return NULL;
}

const char *
option_flag(void *field, const char *text)
{
	(void)text;
	*(bool *)field = true;
	return NULL;
}

static const char *
number_u32(uint32_t *field, const char *text, uint64_t min)
{
	uint64_t value = 0;
	const char *why = option_number(&value, text, min, UINT32_MAX);

	if (why == NULL)
		*field = (uint32_t)value;
	return why;
}

const char *
option_as(void *field, const char *text)
{
	return number_u32(field, text, 1);
}

const char *
option_u32(void *field, const char *text)
{
	return number_u32(field, text, 0);
}

static const char *
number_u16(uint16_t *field, const char *text, uint64_t min)
{
	uint64_t value = 0;
	const char *why = option_number(&value, text, min, UINT16_MAX);

	if (why == NULL)
		*field = (uint16_t)value;
	return why;
}

const char *
option_port(void *field, const char *text)
{
	return number_u16(field, text, 1);
}

const char *
option_hold(void *field, const char *text)
{
	uint16_t value = 0;
	const char *why = number_u16(&value, text, 0);

	if (why != NULL)
		return why;
	if (value == 1 || value == 2)
		return "0, or 3 and more seconds are wanted"; /* RFC 4271 4.2 */
	*(uint16_t *)field = value;
	return NULL;
}

const char *
option_id(void *field, const char *text)
{
	return bgp_id_parse(field, text) == BGP_OK
	    ? NULL
	    : "an id such as 192.0.2.1 is wanted";
}

/* The interface of "fe80::1%eth0" by its name: the library knows numbers. */
static const char *
addr_on(struct bgp_addr *field, const char *text, const char *name)
{
	char copy[BGP_ADDR_TEXT_MAX];
	size_t len = (size_t)(name - 1 - text);
	struct bgp_addr addr;

	if (len >= sizeof copy)
		return "an IPv4 or IPv6 address is wanted";
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (bgp_addr_parse(&addr, copy) != BGP_OK || addr.len != 16)
		return "an IPv6 address is wanted before %";
	addr.scope = if_nametoindex(name);
	if (addr.scope == 0)
		return "the name of an interface is wanted behind %";
	*field = addr;
	return NULL;
}

const char *
option_addr(void *field, const char *text)
{
	const char *percent = strchr(text, '%');

	if (bgp_addr_parse(field, text) == BGP_OK)
		return NULL;
	return percent != NULL ? addr_on(field, text, percent + 1)
			       : "an IPv4 or IPv6 address is wanted";
}

const char *
option_text(void *field, const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len >= OPTION_TEXT_MAX)
		return "1 to 255 characters are wanted";
	memcpy(field, text, len + 1);
	return NULL;
}

/* Bits behind the prefix are a slip of the finger: which end of it? */
const char *
option_prefix(void *field, const char *text)
{
	static char meant[BGP_PREFIX_TEXT_MAX + 32];
	size_t len = strcspn(text, "/");
	char copy[BGP_ADDR_TEXT_MAX] = "", net[BGP_PREFIX_TEXT_MAX];
	struct bgp_prefix prefix;
	struct bgp_addr addr;

	if (text[len] != '/' || len >= sizeof copy ||
	    bgp_prefix_parse(&prefix, text) != BGP_OK)
		return "a prefix such as 192.0.2.0/24 is wanted";
	memcpy(copy, text, len);
	if (bgp_addr_parse(&addr, copy) != BGP_OK)
		return "a prefix such as 192.0.2.0/24 is wanted";
	if (memcmp(addr.octets, prefix.octets, prefix.len) != 0) {
		bgp_prefix_text(&prefix, net, sizeof net);
		snprintf(meant, sizeof meant, "maybe %s is meant", net);
		return meant;
	}
	*(struct bgp_prefix *)field = prefix;
	return NULL;
}

const char *
option_prefixes(void *field, const char *text)
{
	struct option_prefixes *list = field;
	const char *why;

	if (list->count == OPTION_PREFIX_MAX)
		return "too many prefixes";
	why = option_prefix(&list->items[list->count], text);
	list->count += why == NULL;
	return why;
}
