/*
 * fuzz_notification.c - any NOTIFICATION body prints, harmlessly, and goes
 * round.
 */
#include "check.h"

#include "bgp/codec.h"

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static uint8_t back[BGP_MESSAGE_MAX];
	struct bgp_notification n;
	char text[2048];
	uint8_t *msg;
	int written;

	if (len > BGP_MESSAGE_MAX - BGP_HEADER_LEN)
		return 0;
	msg = malloc(BGP_HEADER_LEN + len);
	CHECK(msg != NULL);
	memset(msg, 0xff, BGP_HEADER_LEN);
	msg[16] = (uint8_t)((BGP_HEADER_LEN + len) >> 8);
	msg[17] = (uint8_t)(BGP_HEADER_LEN + len);
	msg[18] = BGP_NOTIFICATION;
	memcpy(msg + BGP_HEADER_LEN, octets, len);
	if (bgp_notification_decode(msg, BGP_HEADER_LEN + len, &n) == BGP_OK) {
		size_t text_len = bgp_notification_text(&n, text, sizeof text);

		CHECK(text_len == strlen(text));
		CHECK_TEXT(bgp_notification_text, &n);
		for (size_t i = 0; i < text_len; i++)
			CHECK((uint8_t)text[i] >= 0x20 && text[i] != 0x7f);
		written = bgp_notification_encode(&n, sizeof back, back,
						  sizeof back);
		CHECK(written == (int)(BGP_HEADER_LEN + len));
		CHECK(memcmp(back, msg, (size_t)written) == 0);
	}
	free(msg);
	return 0;
}
