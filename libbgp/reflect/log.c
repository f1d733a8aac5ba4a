/*
 * log.c - messages encoded once, read by many.
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/reflect/log.h"

/* ----------------------------------------------------------------- chunks */

struct bgp__chunk *
bgp__chunk_new(struct bgp__mem *mem, uint32_t size)
{
	struct bgp__chunk *chunk = bgp__mem_resize(mem, NULL, 0,
						   sizeof *chunk + size);

	if (chunk == NULL)
		return NULL;
	memset(chunk, 0, sizeof *chunk);
	chunk->size = size;
	return chunk;
}

void
bgp__chunk_del(struct bgp__mem *mem, struct bgp__chunk *chunk)
{
	if (chunk != NULL)
		bgp__mem_put(mem, chunk, sizeof *chunk + chunk->size);
}

void
bgp__chunk_reset(struct bgp__chunk *chunk)
{
	chunk->len = 0;
	chunk->run_count = 0;
}

/* Run i counts from the back.  sizes are multiples of 8, so it is aligned. */
static struct bgp__run *
run_at(const struct bgp__chunk *chunk, uint32_t i)
{
	union {
		const uint8_t *octets;
		struct bgp__run *runs;
	} end = { chunk->octets + chunk->size };

	return end.runs - 1 - i;
}

uint32_t
bgp__chunk_room(const struct bgp__chunk *chunk)
{
	size_t used = chunk->len +
	    (chunk->run_count + (size_t)1) * sizeof(struct bgp__run);

	return used < chunk->size ? (uint32_t)(chunk->size - used) : 0;
}

void
bgp__chunk_add(struct bgp__chunk *chunk, uint32_t len, enum bgp__run_mode mode,
	       uint16_t peer, uint16_t other)
{
	struct bgp__run *run;

	if (mode == BGP__RUN_ALL)
		peer = other = 0;
	chunk->len += len;
	if (chunk->run_count > 0) {
		run = run_at(chunk, chunk->run_count - 1);
		if (run->mode == mode && run->peer == peer &&
		    run->other == other) {
			run->end = chunk->len;
			return;
		}
	}
	run = run_at(chunk, chunk->run_count++);
	run->end = chunk->len;
	run->mode = (uint16_t)mode;
	run->peer = peer;
	run->other = other;
}

/* -------------------------------------------------------------------- log */

struct bgp__chunk *
bgp__log_room(struct bgp__log *log, struct bgp__mem *mem, uint32_t room)
{
	struct bgp__chunk *chunk;

	if (log->last != NULL && bgp__chunk_room(log->last) >= room)
		return log->last;
	chunk = bgp__chunk_new(mem, log->chunk_size);
	if (chunk == NULL)
		return NULL;
	if (log->last != NULL)
		log->last->next = chunk;
	else
		log->first = chunk;
	log->last = chunk;
	log->octets += sizeof *chunk + chunk->size;
	return chunk;
}

/* Chunks in front that nobody reads; the last stays. */
static void
trim(struct bgp__log *log, struct bgp__mem *mem)
{
	struct bgp__chunk *chunk;

	while ((chunk = log->first) != log->last && chunk->readers == 0) {
		log->first = chunk->next;
		log->octets -= sizeof *chunk + chunk->size;
		bgp__chunk_del(mem, chunk);
	}
}

void
bgp__log_fini(struct bgp__log *log, struct bgp__mem *mem)
{
	struct bgp__chunk *chunk;

	while ((chunk = log->first) != NULL) {
		log->first = chunk->next;
		bgp__chunk_del(mem, chunk);
	}
	log->last = NULL;
	log->octets = 0;
}

void
bgp__log_join(struct bgp__log *log, struct bgp__reading *reading)
{
	struct bgp__chunk *chunk = log->last;

	chunk->readers++;
	reading->chunk = chunk;
	reading->at = reading->message = chunk->len;
	reading->run = chunk->run_count > 0 ? chunk->run_count - 1 : 0;
}

void
bgp__log_leave(struct bgp__log *log, struct bgp__mem *mem,
	       struct bgp__reading *reading)
{
	reading->chunk->readers--;
	reading->chunk = NULL;
	trim(log, mem);
}

/* ---------------------------------------------------------------- reading */

static bool
concerns(const struct bgp__run *run, uint16_t peer)
{
	switch (run->mode) {
	case BGP__RUN_EXCEPT:
		return run->peer != peer && run->other != peer;
	case BGP__RUN_ONLY:
		return run->peer == peer;
	default:
		return true;
	}
}

/* Skips within one chunk: to octets that concern the reader, or its end. */
static void
skip_runs(struct bgp__reading *reading)
{
	const struct bgp__chunk *chunk = reading->chunk;
	const struct bgp__run *run;

	while (reading->at < chunk->len) {
		run = run_at(chunk, reading->run);
		if (reading->at >= run->end) {
			reading->run++;
			continue;
		}
		if (concerns(run, reading->peer))
			return;
		reading->at = reading->message = run->end;
	}
}

void
bgp__log_skip(struct bgp__log *log, struct bgp__mem *mem,
	      struct bgp__reading *reading)
{
	struct bgp__chunk *chunk;

	skip_runs(reading);
	while ((chunk = reading->chunk)->next != NULL &&
	       reading->at == chunk->len) {
		chunk->readers--;
		reading->chunk = chunk->next;
		reading->chunk->readers++;
		reading->at = reading->run = reading->message = 0;
		skip_runs(reading);
	}
	trim(log, mem);
}

size_t
bgp__reading_lend(const struct bgp__reading *reading, struct bgp_span *spans,
		  size_t max)
{
	struct bgp__reading r = *reading;
	size_t count = 0;
	uint32_t end;

	for (; r.chunk != NULL; r.chunk = r.chunk->next, r.at = r.run = 0) {
		for (skip_runs(&r); r.at < r.chunk->len; skip_runs(&r)) {
			const uint8_t *octets = r.chunk->octets + r.at;

			end = run_at(r.chunk, r.run)->end;
			if (count > 0 &&
			    spans[count - 1].octets + spans[count - 1].len ==
				octets) {
				spans[count - 1].len += end - r.at;
			} else {
				if (count == max)
					return count;
				spans[count].octets = octets;
				spans[count++].len = end - r.at;
			}
			r.at = end;
		}
	}
	return count;
}

void
bgp__reading_taken(struct bgp__log *log, struct bgp__mem *mem,
		   struct bgp__reading *reading, size_t len)
{
	uint32_t end, step;

	for (;;) {
		bgp__log_skip(log, mem, reading);
		if (len == 0 || bgp__reading_done(reading))
			return;
		end = run_at(reading->chunk, reading->run)->end;
		step = end - reading->at;
		step = len < step ? (uint32_t)len : step;
		reading->at += step;
		len -= step;
	}
}

struct bgp_span
bgp__reading_next(struct bgp__reading *reading)
{
	struct bgp_span message = { NULL, 0 };

	skip_runs(reading);
	while (reading->at == reading->chunk->len &&
	       reading->chunk->next != NULL) {
		reading->chunk = reading->chunk->next;
		reading->at = reading->run = 0;
		skip_runs(reading);
	}
	if (reading->at < reading->chunk->len) {
		message.octets = reading->chunk->octets + reading->at;
		message.len = bgp__load16(message.octets + 16);
		reading->at += (uint32_t)message.len;
	}
	return message;
}

struct bgp_span
bgp__reading_rest(struct bgp__reading *reading)
{
	struct bgp_span rest = { NULL, 0 };

	if (reading->chunk == NULL)
		return rest;
	while (reading->message < reading->at)
		reading->message += bgp__load16(reading->chunk->octets +
						reading->message + 16);
	rest.octets = reading->chunk->octets + reading->at;
	rest.len = reading->message - reading->at;
	return rest;
}
