/*
 * mesh.h - several speakers in one process, on wires of memory and one clock
 * that is moved by hand.
 *
 * A node is a speaker with an address.  What its events ask for is done by
 * mesh_run: connections between nodes that have each other as peers, octets
 * carried over (in one piece, or in pieces of `piece` octets), closes, timers.
 */
#ifndef BGP_TESTS_MESH_H
#define BGP_TESTS_MESH_H

#include <stdbool.h>

#include "../unit/check.h"

#include "bgp/bgp.h"

enum { MESH_NODES = 8, MESH_ENDS = 64, MESH_ROUTES = 512 };

struct mesh;

/* A route the host of a node has in its forwarding table. */
struct mesh_fib {
	struct bgp_prefix prefix;
	struct bgp_addr hops[8];
	size_t hop_count;
	bool used;
};

struct mesh_node {
	struct mesh *mesh;
	struct bgp_speaker *speaker;
	struct bgp_addr address;
	struct mesh_fib fib[MESH_ROUTES];
	unsigned fib_calls;
	struct bgp_fib_route last_route; /* of no plain prefix; what it points
					  * to is gone */
	unsigned downs, faults, eors;
	struct bgp_down last_down;
	unsigned long_calls; /* events.too_long, and what the last said */
	uint32_t long_count;
	char long_text[64];
	bool watching; /* has next_hop_watch */
	struct bgp_addr watched[8];
	size_t watched_count;
};

struct mesh_end {
	struct mesh_node *node;
	struct bgp_conn *conn; /* NULL: free or closed */
	struct mesh_end *other;
	uint8_t *octets; /* on their way to this end */
	size_t len, room;
	bool used, closing, gone;
	bool stuck; /* its host does not read */
};

struct mesh {
	struct mesh_node nodes[MESH_NODES];
	struct mesh_end ends[MESH_ENDS];
	size_t node_count;
	uint64_t now_ms;
	size_t piece;     /* octets a turn and end; 0: all */
	uint64_t carried; /* octets in all */
	uint64_t digest;  /* of them and of where they went */
	struct {
		struct mesh_node *node;
		struct bgp_peer *peer;
	} attempts[MESH_ENDS];
	size_t attempt_count;
	/* The allocator of all nodes: fails at the fail_at-th allocation. */
	unsigned long allocations, fail_at;
	size_t octets_held;
};

void mesh_init(struct mesh *mesh);
/* Deletes all nodes.  What they say of their memory must be what they hold, and
 * nothing may be held after that. */
void mesh_fini(struct mesh *mesh);

/* A node 192.0.2.N with router id 10.0.0.N; N from 1.  NULL: no memory. */
struct mesh_node *mesh_add(struct mesh *mesh, uint32_t as,
			   const struct bgp_speaker_options *options);

/* Options of a peer that is another node. */
struct bgp_peer_options mesh_peer(const struct mesh_node *to, uint32_t as);

/* Adds and enables it; NULL: no memory. */
struct bgp_peer *mesh_link(struct mesh_node *from,
			   const struct bgp_peer_options *options);

/* Runs for so long, or less when nothing is left to happen. */
void mesh_run(struct mesh *mesh, uint64_t ms);

/* The transport between two nodes breaks. */
void mesh_cut(struct mesh *mesh, const struct mesh_node *a,
	      const struct mesh_node *b);
void mesh_stick(struct mesh *mesh, const struct mesh_node *reader,
		const struct mesh_node *from, bool stuck);

/* Octets that arrive at `to` as if `from` had sent them. */
void mesh_inject(struct mesh *mesh, const struct mesh_node *from,
		 const struct mesh_node *to, const uint8_t *octets, size_t len);

int mesh_announce(struct mesh_node *node, const char *prefix,
		  const struct bgp_attr *attrs, size_t count);
int mesh_withdraw(struct mesh_node *node, const char *prefix);

/* The best route of a node to a prefix; false: none. */
bool mesh_best(const struct mesh_node *node, const char *prefix,
	       struct bgp_route *out);
/* What an attribute of a route is, in text: "" where it is absent. */
const char *mesh_attr(const struct bgp_route *route, uint8_t code);
const struct mesh_fib *mesh_fib(const struct mesh_node *node,
				const char *prefix);
unsigned mesh_count(const struct mesh_node *node, enum bgp_view view,
		    const struct bgp_peer *peer);

#endif
