/*
 * stand.h - a small reflector made of bgp/rib.h, bgp/reflect.h and bgp/codec.h.
 *
 * No session: what a peer announces is encoded, decoded and given to the RIB;
 * what it is sent is read from the octets it is lent.  Memory is counted, and
 * may fail.
 */
#ifndef BGP_TESTS_STAND_H
#define BGP_TESTS_STAND_H

#include "../unit/check.h"

#include <stdbool.h>

#include "bgp/codec.h"
#include "bgp/reflect.h"
#include "bgp/rib.h"

#define STAND_AS       64512
#define STAND_ID       0x0a000001
#define STAND_CLUSTER  0x0a0000ff
#define STAND_PEERS    4
#define STAND_PREFIXES 64

/* What a peer holds of 10.N.0.0/16, read from what it was sent. */
struct stand_held {
	bool there;
	uint32_t med, local_pref, originator;
	uint32_t clusters;
	uint8_t hop[16];
	size_t hop_len;
};

struct stand_peer {
	struct stand *stand;
	struct bgp_rib_peer *peer;
	struct bgp_codec codec;
	struct stand_held held[STAND_PREFIXES];
	unsigned eor, updates, wakes;
	bool lend_in_wake; /* reads whole within events.wake */
	uint8_t stream[1 << 16];
	size_t len;
};

struct stand {
	struct bgp_rib *rib;
	struct bgp_reflect *reflect;
	struct stand_peer peers[STAND_PEERS];
	uint64_t now_ms;

	/* The allocator: octets in use, calls, and the one that fails, 0: none.
	 */
	size_t octets;
	unsigned long calls, fail_at;

	unsigned routes, watched, unwatched;
	void (*on_route)(struct stand *stand, const struct bgp_fib_route *r);
};

/* RIB and reflection; watches: next hops wait for the host's word.  Answers as
 * bgp_rib_new and bgp_reflect_new. */
int stand_up(struct stand *stand, bool watches);

/* Frees all; every octet is back. */
void stand_down(struct stand *stand);

struct bgp_rib_peer_options stand_options(struct stand *stand, unsigned i,
					  enum bgp_kind kind);
int stand_add(struct stand *stand, unsigned i, enum bgp_kind kind);
int stand_join(struct stand *stand, unsigned i);

/* The peer's UPDATE of count prefixes 10.N.0.0/16 from `first` on; med
 * UINT32_MAX: withdrawn.  Not settled. */
int stand_update(struct stand *stand, unsigned i, unsigned first,
		 unsigned count, uint32_t med);
int stand_end_of_rib(struct stand *stand, unsigned i);

/* Ticks until nothing is left, without reading. */
void stand_work(struct stand *stand);
/* Reads all that the peer is lent, `piece` octets at a time. */
void stand_read(struct stand *stand, unsigned i, size_t piece);
/* Works and reads until nothing moves. */
void stand_rest(struct stand *stand);

struct bgp_prefix stand_prefix(unsigned n);
unsigned stand_count(const struct stand *stand, enum bgp_view view,
		     const struct bgp_rib_peer *peer);
/* The route of 10.N.0.0/16 in a view; false: there is none. */
bool stand_route(const struct stand *stand, enum bgp_view view,
		 const struct bgp_rib_peer *peer, unsigned n,
		 struct bgp_route *out);

#endif
