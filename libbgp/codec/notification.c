/*
 * notification.c - the NOTIFICATION, its words, and the shutdown message.
 *
 *    19   20    21
 *   +----+-----+------------- - -
 *   |code|subc.| data
 *   +----+-----+------------- - -
 *
 * Names come from one table per code; a pair without a row prints as its two
 * numbers.  What a peer wrote for the operator is printed in quotes.
 *                             RFC 4271 4.5, 6, RFC 4486, 6608, 8203, 8538, 9003
 */
#include <string.h>

#include "bgp/codec.h"
#include "libbgp/base/text.h"
#include "libbgp/codec/frame.h"
#include "libbgp/codec/text.h"

enum {
	NOTIFICATION_LEN = 21,
	CEASE = 6,
	CEASE_SHUTDOWN = 2,
	CEASE_RESET = 4,
	CEASE_HARD_RESET = 9,
	SHUTDOWN_TEXT_MAX = 255 /* RFC 9003 2 */
};

int
bgp_notification_decode(const uint8_t *msg, size_t len,
			struct bgp_notification *out)
{
	if (len < NOTIFICATION_LEN)
		return BGP_ERR_MALFORMED;
	out->code = msg[19];
	out->subcode = msg[20];
	out->data = msg + NOTIFICATION_LEN;
	out->data_len = (uint16_t)(len - NOTIFICATION_LEN);
	return BGP_OK;
}

int
bgp_notification_encode(const struct bgp_notification *n, uint16_t message_max,
			uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, size);
	size_t max = message_max != 0 ? message_max : BGP_MESSAGE_MAX;
	size_t room = max > NOTIFICATION_LEN ? max - NOTIFICATION_LEN : 0;

	bgp__frame_begin(&w, BGP_NOTIFICATION);
	bgp__write8(&w, n->code);
	bgp__write8(&w, n->subcode);
	bgp__write(&w, n->data, n->data_len < room ? n->data_len : room);
	return bgp__frame_end(&w);
}

/* Octets of the text that end with a whole UTF-8 character, at most max. */
static size_t
cut_utf8(const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len <= max)
		return len;
	len = max;
	for (size_t back = 0; back < 3; back++)
		if (((uint8_t)text[len - back] & 0xc0) != 0x80)
			return len - back;
	return len - 3;
}

int
bgp_shutdown_encode(const char *text, uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, size);
	size_t len = cut_utf8(text, SHUTDOWN_TEXT_MAX);

	bgp__write8(&w, (unsigned)len);
	bgp__write(&w, text, len);
	return w.bad ? BGP_ERR_SPACE : (int)bgp__written(&w);
}

/* -------------------------------------------------------------------- text */

struct error_name {
	uint8_t code;
	uint8_t subcode; /* 0: the code itself */
	const char *name;
};

static const struct error_name names[] = {
	{ 1, 0, "Message Header Error" }, /* RFC 4271 6.1 */
	{ 1, 1, "Connection Not Synchronized" },
	{ 1, 2, "Bad Message Length" },
	{ 1, 3, "Bad Message Type" },
	{ 2, 0, "OPEN Message Error" }, /* RFC 4271 6.2 */
	{ 2, 1, "Unsupported Version Number" },
	{ 2, 2, "Bad Peer AS" },
	{ 2, 3, "Bad BGP Identifier" },
	{ 2, 4, "Unsupported Optional Parameter" },
	{ 2, 5, "Authentication Failure" }, /* deprecated */
	{ 2, 6, "Unacceptable Hold Time" },
	{ 2, 7, "Unsupported Capability" }, /* RFC 5492 5 */
	{ 2, 11, "Role Mismatch" },         /* RFC 9234 4.2 */
	{ 3, 0, "UPDATE Message Error" },   /* RFC 4271 6.3 */
	{ 3, 1, "Malformed Attribute List" },
	{ 3, 2, "Unrecognized Well-known Attribute" },
	{ 3, 3, "Missing Well-known Attribute" },
	{ 3, 4, "Attribute Flags Error" },
	{ 3, 5, "Attribute Length Error" },
	{ 3, 6, "Invalid ORIGIN Attribute" },
	{ 3, 7, "AS Routing Loop" }, /* deprecated */
	{ 3, 8, "Invalid NEXT_HOP Attribute" },
	{ 3, 9, "Optional Attribute Error" },
	{ 3, 10, "Invalid Network Field" },
	{ 3, 11, "Malformed AS_PATH" },
	{ 4, 0, "Hold Timer Expired" },             /* RFC 4271 6.5 */
	{ 5, 0, "Finite State Machine Error" },     /* RFC 4271 6.6 */
	{ 5, 1, "Unexpected Message in OpenSent" }, /* RFC 6608 3 */
	{ 5, 2, "Unexpected Message in OpenConfirm" },
	{ 5, 3, "Unexpected Message in Established" },
	{ 6, 0, "Cease" }, /* RFC 4486 4 */
	{ 6, 1, "Maximum Number of Prefixes Reached" },
	{ 6, 2, "Administrative Shutdown" },
	{ 6, 3, "Peer De-configured" },
	{ 6, 4, "Administrative Reset" },
	{ 6, 5, "Connection Rejected" },
	{ 6, 6, "Other Configuration Change" },
	{ 6, 7, "Connection Collision Resolution" },
	{ 6, 8, "Out of Resources" },
	{ 6, 9, "Hard Reset" },                  /* RFC 8538 3 */
	{ 6, 10, "BFD Down" },                   /* RFC 9384 3 */
	{ 7, 0, "ROUTE-REFRESH Message Error" }, /* RFC 7313 5 */
	{ 7, 1, "Invalid Message Length" },
	{ 8, 0, "Send Hold Timer Expired" },      /* RFC 9687 3 */
	{ 9, 0, "Loss of LSDB Synchronization" }, /* RFC 9815 */
};

static const char *
find_name(uint8_t code, uint8_t subcode)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].code == code && names[i].subcode == subcode)
			return names[i].name;
	return NULL;
}

/* "Cease/Hard Reset", "Cease/77", "Hold Timer Expired", "99/1". */
static void
text_error(struct bgp__text *t, uint8_t code, uint8_t subcode)
{
	const char *name = find_name(code, 0);

	if (name != NULL)
		bgp__text_str(t, name);
	else
		bgp__text_u32(t, code);
	if (subcode == 0 && name != NULL)
		return;
	bgp__text_char(t, '/');
	name = find_name(code, subcode);
	if (subcode != 0 && name != NULL)
		bgp__text_str(t, name);
	else
		bgp__text_u32(t, subcode);
}

/* The operator's words behind their length.                    RFC 9003 2 */
static void
text_data(struct bgp__text *t, uint8_t code, uint8_t subcode,
	  const uint8_t *data, size_t len)
{
	if (code == CEASE &&
	    (subcode == CEASE_SHUTDOWN || subcode == CEASE_RESET) && len > 0 &&
	    data[0] > 0 && data[0] <= len - 1) {
		bgp__text_char(t, ' ');
		bgp__text_quoted(t, (struct bgp_span){ data + 1, data[0] });
	}
}

size_t
bgp_notification_text(const struct bgp_notification *n, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);
	const uint8_t *data = n->data;

	text_error(&t, n->code, n->subcode);
	text_data(&t, n->code, n->subcode, data, n->data_len);
	if (n->code == CEASE && n->subcode == CEASE_HARD_RESET &&
	    n->data_len >= 2) { /* RFC 8538 3: what lies behind it */
		bgp__text_str(&t, ": ");
		text_error(&t, data[0], data[1]);
		text_data(&t, data[0], data[1], data + 2,
			  (size_t)n->data_len - 2);
	}
	return bgp__text_end(&t);
}
