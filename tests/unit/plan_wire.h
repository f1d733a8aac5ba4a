/*
 * plan_wire.h - nodes that tell each other their best path, message by message.
 */
#ifndef BGP_TESTS_PLAN_WIRE_H
#define BGP_TESTS_PLAN_WIRE_H

#include "plan_cluster.h"

/* One side of a session as a plain node sees it. */
struct wire_link {
	bool there;
	bool ebgp, client;
	uint32_t local_as, peer_as, port;
	bool passive;
	const char *password;
};

/* As they are configured: by BGPPeers, by the mesh, with others. */
struct wire_sides {
	struct wire_link by_peer[NODES][NODES], by_mesh[NODES][NODES];
	uint32_t outside[NODES];
};

/* The links in use: [from][to], both sides there. */
extern struct wire_link wire_links[NODES][NODES];

struct wire_link wire_link_of(const struct bgp_planned *session);
void wire_read(const struct cluster *c, struct bgp_plan *plan,
	       struct wire_sides *sides);

/* Do both sides say the same? */
bool wire_fits(const struct wire_link *a, const struct wire_link *b);

/* Links of what fits: a BGPPeer's session, else that of the mesh. */
void wire_join(const struct cluster *c, const struct wire_sides *sides);

/* A route of `origin`, told in random order until nothing is new; nobody hears
 * `missing`, -1: all are there. */
void wire_propagate(const struct cluster *c, int origin, int missing);
bool wire_reached(int at);

#endif
