/*
 * decode_print.h - messages as JSON objects or lines of text.
 */
#ifndef EXAMPLES_DECODE_PRINT_H
#define EXAMPLES_DECODE_PRINT_H

#include "bgp/codec.h"
#include "bgp/mrt.h"
#include "buffer.h"

struct decode_context {
	struct bgp_codec codec;
	uint32_t local_id; /* 0: not given */
	bool text;         /* else JSON */
};

/* One message from its marker on, as one line.  Where the caller has begun an
 * object or a line already, the rest of it. */
void decode_message(struct buffer *b, const struct decode_context *ctx,
		    const uint8_t *msg, size_t len);

/* The attributes of a table entry, next hop included; within an object. */
void decode_entry(struct buffer *b, const struct decode_context *ctx,
		  const struct bgp_mrt_rib *rib,
		  const struct bgp_mrt_entry *entry);

#endif
