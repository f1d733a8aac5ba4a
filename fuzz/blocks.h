/*
 * blocks.h - the allocator of a target: large blocks are kept for the next
 * input.
 *
 * A speaker works in a handful of blocks of 16 KiB to 300 KiB.  A sanitizer
 * maps and unmaps each, which took nine tenths of the time of a run.  A block
 * that is kept is poisoned, so that a use after free is still seen.
 */
#ifndef BGP_FUZZ_BLOCKS_H
#define BGP_FUZZ_BLOCKS_H

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define BLOCKS_POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BLOCKS_POISONED 1
#endif
#endif

#ifdef BLOCKS_POISONED
#include <sanitizer/asan_interface.h>
#define BLOCKS_POISON(at, len)   ASAN_POISON_MEMORY_REGION(at, len)
#define BLOCKS_UNPOISON(at, len) ASAN_UNPOISON_MEMORY_REGION(at, len)
#else
#define BLOCKS_POISON(at, len)   ((void)(at), (void)(len))
#define BLOCKS_UNPOISON(at, len) ((void)(at), (void)(len))
#endif

enum { BLOCKS_KEPT = 32, BLOCKS_LARGE = 4096 };

static struct {
	void *at;
	size_t len;
} blocks[BLOCKS_KEPT];

static inline void *
block_get(size_t len)
{
	void *at;

	for (unsigned i = 0; len >= BLOCKS_LARGE && i < BLOCKS_KEPT; i++)
		if (blocks[i].at != NULL && blocks[i].len == len) {
			at = blocks[i].at;
			blocks[i].at = NULL;
			BLOCKS_UNPOISON(at, len);
			return at;
		}
	return malloc(len);
}

static inline void
block_put(void *at, size_t len)
{
	for (unsigned i = 0; len >= BLOCKS_LARGE && i < BLOCKS_KEPT; i++)
		if (blocks[i].at == NULL) {
			blocks[i].at = at;
			blocks[i].len = len;
			BLOCKS_POISON(at, len);
			return;
		}
	free(at);
}

#endif
