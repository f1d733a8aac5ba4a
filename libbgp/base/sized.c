/*
 * sized.c - structs that grow, between a host and a library of two versions.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "bgp/error.h"
#include "libbgp/base/bug.h"
#include "libbgp/base/sized.h"

static size_t
size_of(const void *from)
{
	size_t size;

	memcpy(&size, from, sizeof size);
	return size;
}

/* Any version's struct ends where a size_t would begin. */
static bool
is_size(size_t size)
{
	return size >= sizeof(size_t) && size <= BGP__SIZED_MAX &&
	    size % sizeof(size_t) == 0;
}

/* Nothing is set that we do not know. */
static bool
is_known(const void *from, size_t known, size_t size)
{
	const uint8_t *octets = from;

	for (size_t i = known; i < size; i++)
		if (octets[i] != 0)
			return false;
	return true;
}

const char *
bgp__sized_invalid(size_t to_size, const void *from)
{
	if (from == NULL)
		return "size: there is no struct";
	if (size_of(from) == 0)
		return "size: it was not set";
	if (!is_size(size_of(from)))
		return "size: that of no version";
	if (!is_known(from, to_size, size_of(from)))
		return "size: fields are set that this library does not know";
	return NULL;
}

int
bgp__sized_take(void *to, size_t to_size, const void *from)
{
	size_t size;

	if (bgp__bug(from == NULL || size_of(from) == 0) ||
	    bgp__sized_invalid(to_size, from) != NULL)
		return BGP_ERR_INVALID;
	size = size_of(from);
	memcpy(to, from, size < to_size ? size : to_size);
	memcpy(to, &to_size, sizeof to_size);
	return BGP_OK;
}

int
bgp__sized_array(const void *first, size_t count)
{
	const uint8_t *at = first;
	size_t size;

	if (count == 0)
		return BGP_OK;
	if (first == NULL || !is_size(size_of(first)))
		return BGP_ERR_INVALID;
	size = size_of(first);
	for (size_t i = 1; i < count; i++) {
		at += size;
		if (size_of(at) != size)
			return BGP_ERR_INVALID;
	}
	return BGP_OK;
}

void
bgp__sized_init(void *to, size_t size, const void *init, size_t init_size)
{
	if (size < sizeof size)
		return;
	memset(to, 0, size);
	memcpy(to, init, size < init_size ? size : init_size);
	memcpy(to, &size, sizeof size);
}

int
bgp__sized_give(void *to, const void *from, size_t from_size)
{
	size_t size;

	if (to == NULL || !is_size(size_of(to)))
		return BGP_ERR_INVALID;
	size = size_of(to);
	memset(to, 0, size);
	memcpy(to, from, size < from_size ? size : from_size);
	memcpy(to, &size, sizeof size);
	return BGP_OK;
}
