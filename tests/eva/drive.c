/*
 * drive.c - any octets through the reader and the decoders, for Frama-C Eva.
 *
 * One of DRIVE_READER, DRIVE_FRAME, DRIVE_OPEN, DRIVE_UPDATE is defined; the
 * octets and their number are unknown to the analyser, so that what it shows
 * holds of all messages of up to DRIVE_LEN octets.  See README.md.
 */
#include "__fc_builtin.h"

#include "bgp/codec.h"
#include "libbgp/base/octets.h"

#ifndef DRIVE_LEN
#define DRIVE_LEN 64
#endif

static uint8_t msg[DRIVE_LEN];

static size_t
any_message(size_t least)
{
	Frama_C_make_unknown((char *)msg, sizeof msg);
	return (size_t)Frama_C_interval((int)least, DRIVE_LEN);
}

#ifdef DRIVE_READER
/* Any steps in any order: the window never leaves the octets. */
int
main(void)
{
	struct bgp__reader r = bgp__reader(msg, any_message(0));
	volatile uint32_t sink = 0;

	while (Frama_C_interval(0, 1) != 0) {
		size_t len = (size_t)Frama_C_interval(0, 2 * DRIVE_LEN);
		struct bgp__reader sub;
		const uint8_t *p;

		switch (Frama_C_interval(0, 4)) {
		case 0:
			sink = bgp__read8(&r);
			break;
		case 1:
			sink = bgp__read16(&r);
			break;
		case 2:
			sink = bgp__read32(&r);
			break;
		case 3:
			p = bgp__read(&r, len);
			if (p != NULL && len > 0)
				sink = p[len - 1];
			break;
		default:
			sub = bgp__read_sub(&r, len);
			sink = bgp__read8(&sub);
		}
	}
	return (int)sink;
}
#endif

#ifdef DRIVE_FRAME
int
main(void)
{
	struct bgp_fault fault;
	uint16_t msg_len;
	uint8_t type;

	return bgp_frame_decode(msg, any_message(0), BGP_MESSAGE_MAX, &type,
				&msg_len, &fault);
}
#endif

#ifdef DRIVE_OPEN
static struct bgp_open open;

int
main(void)
{
	struct bgp_fault fault;

	return bgp_open_decode(msg, any_message(BGP_HEADER_LEN), &open, &fault);
}
#endif

#ifdef DRIVE_UPDATE
static struct bgp_update update;

int
main(void)
{
	struct bgp_codec codec = {
		.as4 = Frama_C_interval(0, 1) != 0,
		.ebgp = Frama_C_interval(0, 1) != 0,
		.first_as_check = Frama_C_interval(0, 1) != 0,
		.local_as = 65001,
		.peer_as = 65002,
		.family_count = 2,
		.families = { { .family = BGP_IPV4_UNICAST },
			      { .family = BGP_IPV6_UNICAST } }
	};
	struct bgp_fault fault;

	return bgp_update_decode(&codec, msg, any_message(BGP_HEADER_LEN),
				 &update, &fault);
}
#endif
