/*
 * down.c - a struct bgp_down as text, with what its NOTIFICATION carries.
 *
 * The data of a NOTIFICATION is what tells an operator which of a thousand
 * attributes it was: of UPDATE Message Errors it is the attribute itself, of
 * Bad Peer AS the number that was not wanted.
 */
#include "down.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OPEN_ERROR = 2, UPDATE_ERROR = 3 }; /* RFC 4271 4.5 */

#define BAD_PEER_AS 2 /* of OPEN */
#define MISSING     3 /* of UPDATE: data is a type code */
#define FLAGS       2 /* of UPDATE, from here to … data is an attribute */
#define OPTIONAL    9

struct line {
	char *buf;
	size_t size, len;
};

__attribute__((format(printf, 2, 3))) static void
add(struct line *line, const char *format, ...)
{
	size_t at = line->len < line->size ? line->len : line->size;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(at < line->size ? line->buf + at : NULL, line->size - at,
		      format, args);
	va_end(args);
	line->len += n > 0 ? (size_t)n : 0;
}

static void
add_octets(struct line *line, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len && i < DOWN_OCTETS_SHOW; i++)
		add(line, "%02x", octets[i]);
	if (len > DOWN_OCTETS_SHOW)
		add(line, "... (%zu octets)", len);
}

/* Ours carries the number in 2 or 4 octets, as that of other daemons does; the
 * RFC asks for none. */
static void
add_bad_as(struct line *line, const struct bgp_down *why, uint32_t peer_as)
{
	const struct bgp_notification *n = &why->notification;
	uint32_t as = 0;

	if (n->data_len != 2 && n->data_len != 4)
		return;
	for (uint16_t i = 0; i < n->data_len; i++)
		as = as << 8 | n->data[i];
	if (why->cause == BGP_DOWN_RECEIVED)
		add(line, ": for it we are AS %u", as);
	else if (peer_as != 0)
		add(line, ": it is AS %u, AS %u is expected", as, peer_as);
	else
		add(line, ": it is AS %u", as);
}

/* Flags, type, length and value; or the type alone.          RFC 4271 6.3 */
static void
add_attribute(struct line *line, const struct bgp_notification *n)
{
	bool alone = n->subcode == MISSING && n->data_len == 1;
	char name[BGP_FAMILY_TEXT_MAX];

	if (n->subcode < FLAGS || n->subcode > OPTIONAL || n->data_len == 0)
		return;
	if (alone || n->data_len > 1) {
		bgp_attr_name_text(n->data[!alone], name, sizeof name);
		add(line, ": %s", name);
	}
	if (alone)
		return;
	add(line, n->data_len > 1 ? ", " : ": ");
	add_octets(line, n->data, n->data_len);
}

static void
add_notification(struct line *line, const struct bgp_down *why,
		 uint32_t peer_as)
{
	const struct bgp_notification *n = &why->notification;
	char text[DOWN_TEXT_MAX];

	bgp_notification_text(n, text, sizeof text);
	add(line, "%s%s",
	    why->cause == BGP_DOWN_SENT ? "BGP Error: " : "Received: ", text);
	if (n->code == OPEN_ERROR && n->subcode == BAD_PEER_AS)
		add_bad_as(line, why, peer_as);
	else if (n->code == UPDATE_ERROR)
		add_attribute(line, n);
}

size_t
down_text(const struct bgp_down *why, int error, uint32_t peer_as, char *buf,
	  size_t size)
{
	struct line line = { buf, size, 0 };

	if (size > 0)
		buf[0] = '\0';
	switch (why->cause) {
	case BGP_DOWN_NONE:
		break;
	case BGP_DOWN_SENT:
	case BGP_DOWN_RECEIVED:
		add_notification(&line, why, peer_as);
		break;
	default:
		add(&line, "Socket: %s",
		    error ? strerror(error) : "Connection closed");
	}
	return line.len;
}
