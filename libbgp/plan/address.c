/*
 * address.c - addresses as resources write them, with a length or a port.
 *
 * What comes out carries its canonical text: Calico compares texts.
 */
#include <string.h>

#include "libbgp/plan/copy.h"

bool
bgp__plan_address_parse(struct plan_address *out, const char *text)
{
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	struct bgp_prefix prefix;
	char buf[BGP_ADDR_TEXT_MAX];

	if (len >= sizeof buf)
		return false;
	memcpy(buf, text, len);
	buf[len] = '\0';
	if (bgp_addr_parse(&out->addr, buf) != BGP_OK || out->addr.scope != 0 ||
	    (slash != NULL && bgp_prefix_parse(&prefix, text) != BGP_OK)) {
		out->addr.len = 0;
		return false;
	}
	bgp_addr_text(&out->addr, out->text, sizeof out->text);
	return true;
}

static bool
parse_port(uint16_t *out, const char *text)
{
	uint32_t port = 0;

	if (*text == '\0')
		return false;
	for (; *text >= '0' && *text <= '9' && port <= 65535; text++)
		port = port * 10 + (uint32_t)(*text - '0');
	*out = (uint16_t)port;
	return *text == '\0' && port > 0 && port <= 65535;
}

bool
bgp__plan_peer_ip_parse(struct plan_address *ip, uint16_t *port,
			const char *text)
{
	bool bracket = text[0] == '[';
	const char *from = text + bracket;
	const char *end = strchr(from, bracket ? ']' : ':');
	char buf[BGP_ADDR_TEXT_MAX];
	size_t len;

	if (strchr(text, '/') != NULL)
		return false;
	if (!bracket && (end == NULL || strchr(end + 1, ':') != NULL))
		return bgp__plan_address_parse(ip, text);
	if (end == NULL || (bracket && *++end != ':'))
		return false;
	len = (size_t)(end - from) - bracket;
	if (len >= sizeof buf || !parse_port(port, end + 1))
		return false;
	memcpy(buf, from, len);
	buf[len] = '\0';
	return bgp__plan_address_parse(ip, buf) &&
	    bracket == (ip->addr.len == 16);
}
