/*
 * fuzz_refresh.c - any ROUTE-REFRESH body that is read is written the same.
 */
#include "check.h"

#include "bgp/codec.h"

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static uint8_t back[BGP_MESSAGE_EXT_MAX];
	struct bgp_refresh refresh;
	struct bgp_fault fault;
	uint8_t *msg;
	int err, written;

	if (len > BGP_MESSAGE_EXT_MAX - BGP_HEADER_LEN)
		return 0;
	msg = malloc(BGP_HEADER_LEN + len);
	CHECK(msg != NULL);
	memset(msg, 0xff, BGP_HEADER_LEN);
	msg[16] = (uint8_t)((BGP_HEADER_LEN + len) >> 8);
	msg[17] = (uint8_t)(BGP_HEADER_LEN + len);
	msg[18] = BGP_ROUTE_REFRESH;
	memcpy(msg + BGP_HEADER_LEN, octets, len);
	err = bgp_refresh_decode(msg, BGP_HEADER_LEN + len, &refresh, &fault);
	CHECK((err == BGP_OK) == (fault.remedy == BGP_REMEDY_NONE));
	if (err == BGP_OK) {
		written = bgp_refresh_encode(&refresh, back, sizeof back);
		CHECK(written == (int)(BGP_HEADER_LEN + len));
		CHECK(memcmp(back, msg, (size_t)written) == 0);
	}
	free(msg);
	return 0;
}
