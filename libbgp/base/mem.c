/*
 * mem.c - the host's allocator, with what is in use counted.
 *
 * The only place of the library that knows realloc and free: they stand in
 * where a host brings no allocator of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "libbgp/base/mem.h"

static void *
libc_resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	(void)ctx;
	(void)old_len;
	if (new_len == 0) {
		free(ptr);
		return NULL;
	}
	return realloc(ptr, new_len);
}

void
bgp__mem_init(struct bgp__mem *mem, const struct bgp_allocator *host)
{
	memset(mem, 0, sizeof *mem);
	if (host != NULL && host->resize != NULL)
		mem->host = *host;
	else
		mem->host.resize = libc_resize;
}

static void
count(struct bgp__mem *mem, size_t old_len, size_t new_len)
{
	mem->octets += new_len - old_len;
	mem->blocks += (size_t)(new_len != 0) - (size_t)(old_len != 0);
	if (mem->octets > mem->peak)
		mem->peak = mem->octets;
}

void *
bgp__mem_get(struct bgp__mem *mem, size_t len)
{
	void *ptr = bgp__mem_resize(mem, NULL, 0, len);

	if (ptr != NULL)
		memset(ptr, 0, len);
	return ptr;
}

void *
bgp__mem_resize(struct bgp__mem *mem, void *ptr, size_t old_len, size_t new_len)
{
	void *fresh;

	if (new_len == 0) {
		bgp__mem_put(mem, ptr, old_len);
		return NULL;
	}
	fresh = mem->host.resize(mem->host.ctx, ptr, old_len, new_len);
	if (fresh != NULL)
		count(mem, old_len, new_len);
	return fresh;
}

void *
bgp__mem_grow(struct bgp__mem *mem, void *array, size_t old_count,
	      size_t new_count, size_t size)
{
	uint8_t *grown = bgp__mem_resize(mem, array, old_count * size,
					 new_count * size);

	if (grown != NULL)
		memset(grown + old_count * size, 0,
		       (new_count - old_count) * size);
	return grown;
}

void
bgp__mem_put(struct bgp__mem *mem, void *ptr, size_t len)
{
	if (ptr == NULL)
		return;
	mem->host.resize(mem->host.ctx, ptr, len, 0);
	count(mem, len, 0);
}
