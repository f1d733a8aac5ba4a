/*
 * fuzz_capability.c - any octets as a capability of any code.
 *
 *   octet 0  code
 *   the rest its value
 *
 * What is taken apart and put together again is the same value, to the octet
 * where no bit of it is reserved; its text fits every buffer.
 */
#include "check.h"

#include "bgp/codec.h"

static bool
same(const struct bgp_capability_value *a, const struct bgp_capability_value *b)
{
	if (a->code != b->code || a->flags != b->flags ||
	    a->number != b->number || a->tuple_count != b->tuple_count)
		return false;
	for (size_t i = 0; i < 2; i++)
		if (a->text[i].len != b->text[i].len ||
		    (a->text[i].len > 0 &&
		     memcmp(a->text[i].octets, b->text[i].octets,
			    a->text[i].len) != 0))
			return false;
	for (size_t i = 0; i < a->tuple_count; i++)
		if (a->tuples[i].family != b->tuples[i].family ||
		    a->tuples[i].flags != b->tuples[i].flags ||
		    a->tuples[i].value != b->tuples[i].value)
			return false;
	return true;
}

/* With room for exactly what is needed, and with any less. */
static void
check_round_trip(const struct bgp_capability *cap,
		 const struct bgp_capability_value *value)
{
	struct bgp_capability_value again;
	struct bgp_capability back = { .code = cap->code };
	uint8_t octets[255];
	int len = bgp_capability_encode(value, octets, sizeof octets);

	CHECK(len >= 0 && len <= cap->len);
	for (int size = 0; size < len; size++) {
		uint8_t *small = malloc((size_t)size + 1);

		CHECK(small != NULL);
		CHECK(bgp_capability_encode(value, small, (size_t)size) ==
		      BGP_ERR_SPACE);
		free(small);
	}
	back.len = (uint8_t)len;
	back.value = octets;
	CHECK(bgp_capability_decode(&back, &again) == BGP_OK);
	CHECK(same(value, &again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct bgp_capability_value value;
	struct bgp_capability cap;

	if (len < 1 || len > 256)
		return 0;
	cap = (struct bgp_capability){ octets[0], (uint8_t)(len - 1),
				       octets + 1 };
	CHECK_TEXT(bgp_capability_text, &cap);
	if (bgp_capability_decode(&cap, &value) == BGP_OK)
		check_round_trip(&cap, &value);
	return 0;
}
