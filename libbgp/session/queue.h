/*
 * queue.h - octets waiting for the socket; they never move while they wait.
 *
 *   first -> [####......] -> [##########] -> [######....] <- last
 *             ^from ^to
 *
 * A message stands in one chunk as a whole.  Two chunks are part of the queue
 * itself, so that a KEEPALIVE of an idle session and a NOTIFICATION never need
 * memory: `spare` is used when it is free and large enough, `words` only by
 * bgp__queue_put_last.
 */
#ifndef BGP_SESSION_QUEUE_H
#define BGP_SESSION_QUEUE_H

#include "bgp/types.h"
#include "libbgp/base/mem.h"

#define BGP__CHUNK_MIN 256u
#define BGP__CHUNK_MAX 16384u /* unless one message needs more */
#define BGP__WORDS_LEN 21u    /* a NOTIFICATION without data */

struct bgp__queue_part {
	struct bgp__queue_part *next;
	uint32_t from, to, size;
	uint8_t *octets;
};

struct bgp__queue {
	struct bgp__queue_part *first, *last;
	size_t len; /* octets that wait */
	struct bgp__queue_part spare, words;
	uint8_t spare_octets[40];
	uint8_t words_octets[BGP__WORDS_LEN];
};

void bgp__queue_init(struct bgp__queue *queue);
void bgp__queue_free(struct bgp__queue *queue, struct bgp__mem *mem);

/* Behind all others; BGP_ERR_NOMEM. */
int bgp__queue_put(struct bgp__queue *queue, struct bgp__mem *mem,
		   const uint8_t *octets, size_t len);
/* Before all others; BGP_ERR_NOMEM. */
int bgp__queue_put_first(struct bgp__queue *queue, struct bgp__mem *mem,
			 const uint8_t *octets, size_t len);
/* The last message ever, BGP__WORDS_LEN octets; needs no memory. */
void bgp__queue_put_last(struct bgp__queue *queue, const uint8_t *octets);

size_t bgp__queue_lend(const struct bgp__queue *queue, struct bgp_span *spans,
		       size_t max);
/* len octets, at most queue->len, have left. */
void bgp__queue_take(struct bgp__queue *queue, struct bgp__mem *mem,
		     size_t len);

#endif
