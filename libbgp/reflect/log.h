/*
 * log.h - messages encoded once, read by many.
 *
 * A log is a list of chunks of whole messages.  Each reader stands somewhere in
 * it and moves at its own pace; a chunk that the last reader has left goes.
 * Neighbouring messages for the same readers make a run; runs say who skips.
 *
 *   first                                   last
 *   [msg msg msg|msg|msg msg ....runs] -> [msg msg ........... runs]
 *          ^ reader A                        ^ B   ^ C
 *
 *   run: [end, peer, other, mode]   ALL      everybody
 *                                   EXCEPT   all but the two: whose routes
 *                                            they are, and whose address is
 *                                            their next hop
 *                                   ONLY     that one peer
 *
 * Octets grow from the front of a chunk, runs from its back.
 */
#ifndef BGP_REFLECT_LOG_H
#define BGP_REFLECT_LOG_H

#include "libbgp/base/mem.h"

enum bgp__run_mode { BGP__RUN_ALL, BGP__RUN_EXCEPT, BGP__RUN_ONLY };

struct bgp__run {
	uint32_t end; /* offset behind its last octet */
	uint16_t peer;
	uint16_t other; /* the same as peer where there is no second */
	uint16_t mode;
};

struct bgp__chunk {
	struct bgp__chunk *next;
	uint32_t readers;
	uint32_t len;  /* octets written */
	uint32_t size; /* of octets and runs together */
	uint32_t run_count;
	uint8_t octets[];
};

struct bgp__log {
	struct bgp__chunk *first, *last; /* NULL: empty */
	size_t octets;                   /* of all chunks, as allocated */
	uint32_t chunk_size;
};

/* Where a reader stands. */
struct bgp__reading {
	struct bgp__chunk *chunk;
	uint32_t at;      /* octets of the chunk behind it */
	uint32_t run;     /* the run that `at` is in, or the last */
	uint32_t message; /* start of a message: at or before `at`, or the end
			   * of the message that `at` is in */
	uint16_t peer;    /* who reads */
};

struct bgp__chunk *bgp__chunk_new(struct bgp__mem *mem, uint32_t size);
void bgp__chunk_del(struct bgp__mem *mem, struct bgp__chunk *chunk);
void bgp__chunk_reset(struct bgp__chunk *chunk);

/* Free octets for messages, the run they may need set aside. */
uint32_t bgp__chunk_room(const struct bgp__chunk *chunk);

/* len octets were written behind the last: they are for these readers. */
void bgp__chunk_add(struct bgp__chunk *chunk, uint32_t len,
		    enum bgp__run_mode mode, uint16_t peer, uint16_t other);

/* The last chunk with at least this room, made if need be; NULL: no memory. */
struct bgp__chunk *bgp__log_room(struct bgp__log *log, struct bgp__mem *mem,
				 uint32_t room);
void bgp__log_fini(struct bgp__log *log, struct bgp__mem *mem);

/* Puts a reader at the end; the log must have a chunk. */
void bgp__log_join(struct bgp__log *log, struct bgp__reading *reading);
void bgp__log_leave(struct bgp__log *log, struct bgp__mem *mem,
		    struct bgp__reading *reading);

/* Moves over what does not concern the reader; frees what nobody reads. */
void bgp__log_skip(struct bgp__log *log, struct bgp__mem *mem,
		   struct bgp__reading *reading);

/* Nothing is left for the reader (after a skip). */
static inline bool
bgp__reading_done(const struct bgp__reading *reading)
{
	return reading->chunk->next == NULL &&
	    reading->at == reading->chunk->len;
}

/* Spans from the reader on, at most max. */
size_t bgp__reading_lend(const struct bgp__reading *reading,
			 struct bgp_span *spans, size_t max);

/* The reader got len octets of what was lent. */
void bgp__reading_taken(struct bgp__log *log, struct bgp__mem *mem,
			struct bgp__reading *reading, size_t len);

/* The next whole message for a reader that stands between two, and moves it
 * behind; len 0: no more.  The reader is a copy: nobody else is moved. */
struct bgp_span bgp__reading_next(struct bgp__reading *reading);

/* What is left of a message partly taken. */
struct bgp_span bgp__reading_rest(struct bgp__reading *reading);

#endif
