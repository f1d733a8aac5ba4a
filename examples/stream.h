/*
 * stream.h - what peers sent, from files: hex lines, or MRT.
 */
#ifndef EXAMPLES_STREAM_H
#define EXAMPLES_STREAM_H

#include "bgp/codec.h"

#define STREAM_FILES_MAX 64

/* The files that --hex and --mrt named, in their order. */
struct stream_files {
	uint32_t as; /* ours: UPDATEs of others are read as eBGP's */
	unsigned count;
	struct {
		const char *name;
		bool mrt;
	} list[STREAM_FILES_MAX];
};

/* One UPDATE of a peer, or one entry of a table. */
struct stream_item {
	const char *file;
	struct bgp_addr peer; /* of hex: 192.0.2.1, 192.0.2.2, … */
	uint32_t as;          /* of hex: ours */
	uint32_t router_id;   /* where the file does not say: as the address */
	struct bgp_codec codec;
	struct bgp_update update;
	struct bgp_fault fault;
};

typedef void stream_take(const struct stream_item *item);

/* Parsers of host/option.h for a struct stream_files. */
const char *stream_option_hex(void *files, const char *name);
const char *stream_option_mrt(void *files, const char *name);

/*
 * Hands over all UPDATEs in order; 0, or 2 after one line on stderr that names
 * the place.  Hex: one message a line; blanks and colons are allowed, # begins
 * a comment.  "-" is standard input.
 */
int stream_read(const struct stream_files *files, stream_take *take);

/* AS numbers of 4 octets, IPv4 and IPv6 unicast: what items are read with, but
 * for what they say themselves. */
extern const struct bgp_codec stream_codec;

/* Prints the UPDATEs of some octets, a line each; answers how many octets. */
size_t stream_print(struct bgp_span octets);

#endif
