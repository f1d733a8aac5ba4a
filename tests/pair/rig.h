/*
 * rig.h - one speaker and peers written by hand, octet by octet.
 *
 * Where mesh.h has speakers at both ends, here the test is the host and all of
 * the peers: it says when octets are taken, which OPEN a peer sends, and what
 * it reads.  Peer p is 192.0.2.(p+1); its routes are 10.0.k.0/24.
 */
#ifndef BGP_TESTS_RIG_H
#define BGP_TESTS_RIG_H

#include <stdbool.h>

#include "../unit/check.h"

#include "bgp/bgp.h"

enum {
	RIG_AS = 65000,
	RIG_PEERS = 8,
	RIG_ROUTES = 256,
	RIG_ENDS = 32,
	RIG_ROOM = 1 << 17
};

struct rig_peer {
	struct bgp_peer *peer;
	struct bgp_conn *conn; /* NULL: none, or closed */
	bool reads_ids;        /* what it receives has path ids */
	uint8_t octets[RIG_ROOM];
	size_t len;
	bool held[RIG_ROUTES];
	unsigned updates, eors;
	uint16_t notification; /* code and subcode; 0: none came */
};

struct rig {
	struct bgp_speaker *speaker;
	struct rig_peer peers[RIG_PEERS];
	struct bgp_conn *closing[RIG_ENDS];
	size_t closing_count;
	uint64_t now_ms;
	unsigned long allocations, fail_at; /* fail_at 0: none fails */
	size_t octets;
};

extern struct rig rig;

/* A speaker with these options and events (NULL: defaults, none). */
void rig_init(const struct bgp_speaker_options *options,
	      const struct bgp_speaker_events *events);
/* Deletes it: no octet may be left. */
void rig_fini(void);

/* An iBGP peer that waits for peer p to connect. */
struct bgp_peer_options rig_options(unsigned p, bool client);
void rig_add(unsigned p, const struct bgp_peer_options *options);

/* Peer p connects and its OPEN is accepted; add_path: 0 (none), or what it says
 * of IPv4 unicast, RFC 7911 4: 1 receives, 2 sends. */
void rig_up(unsigned p, uint8_t add_path);
/* The transport of peer p is gone. */
void rig_cut(unsigned p);

/* A message of peer p; BGP_ERR_STATE where it has no connection. */
int rig_send(unsigned p, uint8_t type, const void *body, size_t len);
int rig_announce(unsigned p, uint8_t k, uint8_t next_hop);
int rig_withdraw(unsigned p, uint8_t k);
int rig_refresh(unsigned p);

/* Takes all that the library lends on a connection, or to all peers. */
size_t rig_drain(struct bgp_conn *conn);
/* Ticks while the deadline is past; drain: peers read meanwhile. */
void rig_settle(bool drain);
unsigned rig_held(unsigned p);

#endif
