/*
 * chance.h - seeded chance and a failing allocator, for tests that try many.
 */
#ifndef BGP_TESTS_CHANCE_H
#define BGP_TESTS_CHANCE_H

#include <stdint.h>
#include <stdlib.h>

#include "bgp/types.h"

static uint64_t chance_state = 1;

static inline uint32_t
chance(uint32_t below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (uint32_t)((chance_state >> 11) % below);
}

/* Refuses the i-th request for new octets, and counts what is out. */
struct stingy {
	size_t left;   /* requests granted before one is refused */
	size_t octets; /* in use */
	bool refused;
};

static inline void *
stingy_resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	struct stingy *s = ctx;
	void *fresh;

	if (new_len == 0) {
		free(ptr);
		s->octets -= old_len;
		return NULL;
	}
	if (s->left-- == 0) {
		s->refused = true;
		return NULL;
	}
	fresh = realloc(ptr, new_len);
	s->octets += new_len - old_len;
	return fresh;
}

#endif
