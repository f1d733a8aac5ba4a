/*
 * frame.c - cut a stream into messages; begin and end a message.
 *
 *    0               16      18   19
 *   +---------------+-------+----+----------- - -
 *   | marker, ones  | length|type| body
 *   +---------------+-------+----+----------- - -
 *
 * The header alone decides whether what follows is worth waiting for: a length
 * that the type cannot have is refused before its body arrives.
 *                                                    RFC 4271 4.1, 6.1, 8654 4
 */
#include "bgp/codec.h"
#include "libbgp/codec/fault.h"
#include "libbgp/codec/frame.h"

/* What each type may measure.  Extended: may pass 4096 octets (RFC 8654 4). */
static const struct frame_rule {
	uint16_t min;
	uint16_t max;
} rules[] = {
	[BGP_OPEN] = { 29, BGP_MESSAGE_MAX },             /* RFC 4271 4.2 */
	[BGP_UPDATE] = { 23, BGP_MESSAGE_EXT_MAX },       /* RFC 4271 4.3 */
	[BGP_NOTIFICATION] = { 21, BGP_MESSAGE_EXT_MAX }, /* RFC 4271 4.5 */
	[BGP_KEEPALIVE] = { 19, 19 },                     /* RFC 4271 4.4 */
	[BGP_ROUTE_REFRESH] = { 23, BGP_MESSAGE_EXT_MAX } /* RFC 2918 3 */
};

static bool
marker_is_sound(const uint8_t *octets)
{
	uint8_t all = 0xff;

	for (int i = 0; i < 16; i++)
		all &= octets[i];
	return all == 0xff;
}

static int
bad_length(struct bgp_fault *fault, const uint8_t *octets)
{
	return bgp__reset_data(fault, BGP__ERR_HEADER, BGP__HEADER_LENGTH,
			       "bad message length", octets + 16, 2);
}

static int
judge_header(const uint8_t *octets, uint16_t message_max, uint8_t type,
	     uint16_t msg_len, struct bgp_fault *fault)
{
	if (!marker_is_sound(octets))
		return bgp__reset(fault, BGP__ERR_HEADER, BGP__HEADER_SYNC,
				  "connection not synchronized");
	if (msg_len < BGP_HEADER_LEN || msg_len > message_max)
		return bad_length(fault, octets);
	if (type < BGP_OPEN || type > BGP_ROUTE_REFRESH)
		return bgp__reset_data(fault, BGP__ERR_HEADER, BGP__HEADER_TYPE,
				       "unknown message type", octets + 18, 1);
	if (msg_len < rules[type].min || msg_len > rules[type].max)
		return bad_length(fault, octets);
	return BGP_OK;
}

int
bgp_frame_decode(const uint8_t *octets, size_t len, uint16_t message_max,
		 uint8_t *type, uint16_t *msg_len, struct bgp_fault *fault)
{
	*fault = (struct bgp_fault){ .remedy = BGP_REMEDY_NONE };
	*type = 0;
	*msg_len = 0;
	if (len < BGP_HEADER_LEN)
		return BGP_ERR_SHORT;
	*msg_len = bgp__load16(octets + 16);
	*type = octets[18];
	if (judge_header(octets, message_max, *type, *msg_len, fault) < 0)
		return BGP_ERR_MALFORMED;
	return len < *msg_len ? BGP_ERR_SHORT : BGP_OK;
}

void
bgp__frame_begin(struct bgp__writer *w, uint8_t type)
{
	uint8_t *p = bgp__write_room(w, BGP_HEADER_LEN);

	if (p == NULL)
		return;
	memset(p, 0xff, 16);
	p[18] = type;
}

int
bgp__frame_end(struct bgp__writer *w)
{
	if (w->bad)
		return BGP_ERR_SPACE;
	bgp__store16(w->from + 16, (unsigned)bgp__written(w));
	return (int)bgp__written(w);
}

int
bgp_keepalive_encode(uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, size);

	bgp__frame_begin(&w, BGP_KEEPALIVE);
	return bgp__frame_end(&w);
}
