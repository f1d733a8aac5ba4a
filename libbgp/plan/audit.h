/*
 * audit.h - the sessions of all nodes as a graph.
 *
 *   sessions of each node -> edges, one for each side        gather.c
 *   two sides compared    -> findings, usable edges          pair.c
 *   nodes alike, grouped  -> a small graph of speakers       group.c
 *   a route of each group -> who hears it, who not, why      spread.c
 *
 * The mesh is not listed edge by edge: it is a flag of its nodes.
 */
#ifndef BGP_PLAN_AUDIT_H
#define BGP_PLAN_AUDIT_H

#include "libbgp/plan/sessions.h"

/* One side of a session that a BGPPeer made. */
struct audit_edge {
	uint32_t from, to; /* ranks */
	uint32_t peer_as, local_as;
	const char *password;
	uint16_t port;
	bool passive, client;
	bool usable; /* the other side agrees */
};

/* A node of the graph, by rank. */
struct audit_node {
	uint32_t first, count; /* its edges, by far end */
	uint32_t outside;      /* sessions with addresses of no node */
	uint32_t usable;       /* edges that are, the mesh left out */
	bool present;          /* has an address of the family */
	bool mesh;
	bool lone_as; /* no other node has its AS, no session speaks of it */
	bool leaf;    /* passes nothing on that others do not hear anyway */
};

/* One way between two speakers of the small graph. */
struct audit_way {
	uint32_t to;
	uint32_t as_number; /* ours on this session */
	bool ebgp;
	bool to_client;   /* we see them as client */
	bool from_client; /* they see us as client */
};

/* A node that stands for `weight` alike; the second of a group stands for
 * none, but for what the first is to its like. */
struct audit_speaker {
	uint32_t rank;
	uint32_t group; /* speaker that is first of its group */
	uint32_t weight;
	uint32_t second;       /* PLAN_NONE: alone in its group */
	uint32_t first, count; /* its ways */
	uint32_t cluster_id;
	uint16_t router_order, address_order;
};

struct bgp_audit {
	struct bgp_plan *plan;
	int f;
	struct audit_node *nodes;
	struct audit_edge *edges;
	uint32_t edge_count, edge_room;
	uint32_t mesh_count;
	struct audit_speaker *speakers;
	struct audit_way *ways;
	uint32_t speaker_count, way_count, way_room;
	struct bgp_finding *findings;
	uint32_t finding_count, finding_room;
	struct bgp_audit_summary sum;
	int err; /* the first that happened */
};

/* Counts a finding and lists it while there is room. */
void bgp__audit_add(struct bgp_audit *audit, enum bgp_finding_kind kind,
		    uint32_t node, uint32_t peer, const char *reason,
		    uint64_t pairs);

/* Each step is skipped where err is set already. */
void bgp__audit_gather(struct bgp_audit *audit);
void bgp__audit_pair(struct bgp_audit *audit);
void bgp__audit_group(struct bgp_audit *audit);
void bgp__audit_spread(struct bgp_audit *audit);

/* Edges from a node to another: the first, *count of them. */
struct audit_edge *bgp__audit_edges(const struct bgp_audit *audit,
				    uint32_t from, uint32_t to,
				    uint32_t *count);

/* Octets, or NULL and err. */
void *bgp__audit_get(struct bgp_audit *audit, size_t len);

static inline struct bgp__mem *
bgp__audit_mem(const struct bgp_audit *audit)
{
	return &audit->plan->mem;
}

#endif
