/*
 * mem.h - the host's allocator, with what is in use counted.
 *
 * Every block is returned with the length it was asked for, so no header is
 * kept in front of it and the count is exact.
 */
#ifndef BGP_BASE_MEM_H
#define BGP_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>

#include "bgp/types.h"

struct bgp__mem {
	struct bgp_allocator host;
	size_t octets; /* in use now */
	size_t peak;   /* the most that was in use */
	size_t blocks; /* in use now */
};

/* host NULL or host->resize NULL: the C library's realloc and free. */
void bgp__mem_init(struct bgp__mem *mem, const struct bgp_allocator *host);

/* len octets of zero, or NULL; len 0 answers NULL. */
void *bgp__mem_get(struct bgp__mem *mem, size_t len);

/* Keeps the content; octets beyond old_len are not cleared.  NULL: no memory,
 * and ptr is as before.  new_len 0 frees and answers NULL. */
void *bgp__mem_resize(struct bgp__mem *mem, void *ptr, size_t old_len,
		      size_t new_len);

/* An array of records of this size, grown; new records are zero.  NULL: no
 * memory, and the array is as before. */
void *bgp__mem_grow(struct bgp__mem *mem, void *array, size_t old_count,
		    size_t new_count, size_t size);

/* ptr NULL does nothing. */
void bgp__mem_put(struct bgp__mem *mem, void *ptr, size_t len);

#endif
