/*
 * capability.c - what the known capabilities must measure.
 *
 * A capability whose length does not fit its code cannot be read as what it
 * claims to be; the OPEN that carries it is refused as malformed (2/0), rather
 * than one feature being switched off where nobody looks.          RFC 5492
 */
#include "libbgp/codec/capability.h"

/* Lengths are min, min + unit, min + 2 * unit, …; unit 0: min alone. */
static const struct capability_rule {
	uint8_t code;
	uint8_t min;
	uint8_t unit;
} rules[] = {
	{ BGP_CAP_MP, 4, 0 },               /* RFC 4760 8 */
	{ BGP_CAP_REFRESH, 0, 0 },          /* RFC 2918 2 */
	{ BGP_CAP_EXT_NEXT_HOP, 0, 6 },     /* RFC 8950 4 */
	{ BGP_CAP_EXT_MESSAGE, 0, 0 },      /* RFC 8654 3 */
	{ BGP_CAP_ROLE, 1, 0 },             /* RFC 9234 4.1 */
	{ BGP_CAP_GRACEFUL_RESTART, 2, 4 }, /* RFC 4724 3 */
	{ BGP_CAP_AS4, 4, 0 },              /* RFC 6793 3 */
	{ BGP_CAP_ADD_PATH, 0, 4 },         /* RFC 7911 4 */
	{ BGP_CAP_ENHANCED_REFRESH, 0, 0 }, /* RFC 7313 3.1 */
	{ BGP_CAP_LLGR, 0, 7 },             /* RFC 9494 3.1 */
};

bool
bgp__capability_is_sound(const struct bgp_capability *cap)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (rules[i].code != cap->code)
			continue;
		if (cap->len < rules[i].min)
			return false;
		if (rules[i].unit == 0)
			return cap->len == rules[i].min;
		return (cap->len - rules[i].min) % rules[i].unit == 0;
	}
	return true;
}

const struct bgp_capability *
bgp__capability_find(const struct bgp_open *open, uint8_t code, size_t *from)
{
	while (*from < open->capability_count) {
		const struct bgp_capability *cap = open->capabilities + *from;

		++*from;
		if (cap->code == code)
			return cap;
	}
	return NULL;
}
