/*
 * queue.c - octets waiting for the socket.
 *
 * Memory grows with what waits and is given back when it is empty; what is
 * lent stays where it is, because chunks are added, never resized.
 */
#include <string.h>

#include "libbgp/session/queue.h"

void
bgp__queue_init(struct bgp__queue *queue)
{
	memset(queue, 0, sizeof *queue);
	queue->spare.octets = queue->spare_octets;
	queue->spare.size = sizeof queue->spare_octets;
	queue->words.octets = queue->words_octets;
	queue->words.size = sizeof queue->words_octets;
}

static bool
is_part(const struct bgp__queue *queue, const struct bgp__queue_part *chunk)
{
	return chunk == &queue->spare || chunk == &queue->words;
}

static void
chunk_free(struct bgp__queue *queue, struct bgp__mem *mem,
	   struct bgp__queue_part *chunk)
{
	if (is_part(queue, chunk))
		chunk->from = chunk->to = 0;
	else
		bgp__mem_put(mem, chunk, sizeof *chunk + chunk->size);
}

void
bgp__queue_free(struct bgp__queue *queue, struct bgp__mem *mem)
{
	bgp__queue_take(queue, mem, queue->len);
}

/* A chunk with room for len octets: the spare one, or twice the last. */
static struct bgp__queue_part *
chunk_new(struct bgp__queue *queue, struct bgp__mem *mem, size_t len)
{
	struct bgp__queue_part *chunk;
	uint32_t size = BGP__CHUNK_MIN;

	if (queue->spare.to == 0 && len <= queue->spare.size) {
		queue->spare.next = NULL;
		return &queue->spare;
	}
	if (queue->last != NULL && queue->last->size >= BGP__CHUNK_MIN)
		size = queue->last->size < BGP__CHUNK_MAX / 2
		    ? queue->last->size * 2
		    : BGP__CHUNK_MAX;
	if (size < len)
		size = (uint32_t)len;
	chunk = bgp__mem_resize(mem, NULL, 0, sizeof *chunk + size);
	if (chunk == NULL)
		return NULL;
	*chunk = (struct bgp__queue_part){ .size = size };
	chunk->octets = (uint8_t *)(chunk + 1);
	return chunk;
}

static void
chunk_fill(struct bgp__queue *queue, struct bgp__queue_part *chunk,
	   const uint8_t *octets, size_t len)
{
	memcpy(chunk->octets + chunk->to, octets, len);
	chunk->to += (uint32_t)len;
	queue->len += len;
}

static void
chunk_append(struct bgp__queue *queue, struct bgp__queue_part *chunk)
{
	chunk->next = NULL;
	if (queue->last != NULL)
		queue->last->next = chunk;
	else
		queue->first = chunk;
	queue->last = chunk;
}

int
bgp__queue_put(struct bgp__queue *queue, struct bgp__mem *mem,
	       const uint8_t *octets, size_t len)
{
	struct bgp__queue_part *chunk = queue->last;

	if (chunk == NULL || chunk->size - chunk->to < len) {
		chunk = chunk_new(queue, mem, len);
		if (chunk == NULL)
			return BGP_ERR_NOMEM;
		chunk_append(queue, chunk);
	}
	chunk_fill(queue, chunk, octets, len);
	return BGP_OK;
}

int
bgp__queue_put_first(struct bgp__queue *queue, struct bgp__mem *mem,
		     const uint8_t *octets, size_t len)
{
	struct bgp__queue_part *chunk = chunk_new(queue, mem, len);

	if (chunk == NULL)
		return BGP_ERR_NOMEM;
	chunk_fill(queue, chunk, octets, len);
	chunk->next = queue->first;
	queue->first = chunk;
	if (queue->last == NULL)
		queue->last = chunk;
	return BGP_OK;
}

void
bgp__queue_put_last(struct bgp__queue *queue, const uint8_t *octets)
{
	if (queue->words.to != 0)
		return;
	chunk_append(queue, &queue->words);
	chunk_fill(queue, &queue->words, octets, BGP__WORDS_LEN);
}

size_t
bgp__queue_lend(const struct bgp__queue *queue, struct bgp_span *spans,
		size_t max)
{
	size_t count = 0;

	for (const struct bgp__queue_part *chunk = queue->first;
	     chunk != NULL && count < max; chunk = chunk->next)
		spans[count++] = (struct bgp_span){ chunk->octets + chunk->from,
						    chunk->to - chunk->from };
	return count;
}

void
bgp__queue_take(struct bgp__queue *queue, struct bgp__mem *mem, size_t len)
{
	struct bgp__queue_part *chunk;

	queue->len -= len;
	while ((chunk = queue->first) != NULL && len > 0) {
		uint32_t held = chunk->to - chunk->from;

		if (len < held) {
			chunk->from += (uint32_t)len;
			return;
		}
		len -= held;
		queue->first = chunk->next;
		if (queue->first == NULL)
			queue->last = NULL;
		chunk_free(queue, mem, chunk);
	}
}
