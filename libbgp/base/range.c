/*
 * range.c - what the fields of an options struct may be, one row each.
 */
#include <string.h>

#include "libbgp/base/range.h"

/* An unsigned field of 1, 2, 4 or 8 octets, or an enum. */
static uint64_t
value_of(const struct bgp__range *row, const void *options)
{
	const uint8_t *at = (const uint8_t *)options + row->offset;
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (row->width) {
	case 1:
		return *at;
	case 2:
		memcpy(&two, at, sizeof two);
		return two;
	case 4:
		memcpy(&four, at, sizeof four);
		return four;
	default:
		memcpy(&eight, at, sizeof eight);
		return eight;
	}
}

static bool
is_kept(const struct bgp__range *row, const void *options)
{
	uint64_t value;

	if (row->sound != NULL)
		return row->sound(options);
	value = value_of(row, options);
	return (row->zero && value == 0) ||
	    (value >= row->min && value <= row->max);
}

const char *
bgp__range_broken(const struct bgp__range *rows, const void *options)
{
	for (; rows->text != NULL; rows++)
		if (!is_kept(rows, options))
			return rows->text;
	return NULL;
}
