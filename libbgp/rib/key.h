/*
 * key.h - two ways to find a destination: by its prefix, or by its NLRI.
 *
 *   prefix  dest [ … |key: the prefix itself]               key_prefix.c
 *   nlri    dest [ … |key: a name]--> NLRI of the store     key_nlri.c
 *
 * A table has one of the two kinds for life, chosen by its family; what differs
 * between them stands in its row of functions.
 */
#ifndef BGP_RIB_KEY_H
#define BGP_RIB_KEY_H

#include "bgp/codec.h"
#include "libbgp/base/index.h"

#define BGP__KEY_MAX 16

/* Octets of the key of any NLRI: what bgp_nlri_key may need. */
#define BGP__NLRI_KEY_MAX (UINT16_MAX + 1u)

struct bgp__table;
struct bgp__dest;
struct bgp__path;

/* A prefix made ready to be looked up; in named tables, an NLRI. */
struct bgp__key {
	uint64_t hash;
	uint8_t bits;
	union {
		uint8_t octets[BGP__KEY_MAX]; /* host bits zero */
		const struct bgp_nlri *nlri;  /* borrowed */
	};
};

struct bgp__key_kind {
	/* Destinations, and others where their octets differ, name an NLRI of
	 * the store; a key points into the message it was read from. */
	bool named;

	struct bgp__index_hooks hooks; /* ctx is the table */

	bool (*takes)(const struct bgp__table *table,
		      const struct bgp_nlri *nlri);
	void (*make)(const struct bgp__table *table,
		     const struct bgp_nlri *nlri, struct bgp__key *out);
	uint32_t (*find)(const struct bgp__table *table,
			 const struct bgp__key *key);

	/* Writes the key of a new destination.  BGP_ERR_NOMEM.  drop gives
	 * back what it holds, also after that error. */
	int (*set)(struct bgp__table *table, struct bgp__dest *dest,
		   const struct bgp__key *key);
	void (*drop)(struct bgp__table *table, struct bgp__dest *dest);

	struct bgp_nlri (*nlri)(const struct bgp__table *table,
				const struct bgp__dest *dest);

	/* The path was received as *key says.  1: that is news; 0: it was so;
	 * BGP_ERR_NOMEM, and nothing changed. */
	int (*rename)(struct bgp__table *table, struct bgp__dest *dest,
		      struct bgp__path *path, const struct bgp__key *key);

	/* The path goes: its own name, if it has one, is given back. */
	void (*unname)(struct bgp__table *table, const struct bgp__path *path);
};

extern const struct bgp__key_kind bgp__key_prefix, bgp__key_nlri;

/* As bgp__key_prefix.make: best done for several keys before the first is
 * looked up. */
void bgp__prefix_key(const struct bgp__table *table, const uint8_t *octets,
		     unsigned bits, struct bgp__key *out);

#endif
