/*
 * fuzz_frame.c - a stream of any octets is cut into messages that lie in it.
 */
#include "check.h"

#include "bgp/codec.h"

static void
cut(const uint8_t *octets, size_t len, uint16_t max)
{
	struct bgp_fault fault;
	uint16_t msg_len;
	uint8_t type;

	for (;;) {
		int err = bgp_frame_decode(octets, len, max, &type, &msg_len,
					   &fault);

		CHECK((err == BGP_ERR_MALFORMED) ==
		      (fault.remedy == BGP_REMEDY_RESET));
		if (err == BGP_ERR_SHORT)
			CHECK(msg_len == 0 || msg_len > len);
		if (err != BGP_OK)
			return;
		CHECK(msg_len >= BGP_HEADER_LEN && msg_len <= len);
		CHECK(msg_len <= max && type >= 1 && type <= 5);
		octets += msg_len;
		len -= msg_len;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	cut(octets, len, BGP_MESSAGE_MAX);
	cut(octets, len, BGP_MESSAGE_EXT_MAX);
	return 0;
}
