/*
 * plan.h - the cluster as the planner keeps it.
 *
 * Nodes and peers lie in the order of their names; a node's place there is its
 * rank, and every set of nodes is a row of bits by rank.  What each selector
 * selects is worked out once and then only for the node that changed.
 *
 *   nodes   [ n0 ][ n1 ][ n2 ] …        sorted by name
 *   owners  ranks sorted by address     whose is this address?   per family
 *   spoken  ranks sorted by mesh name   the mesh, ready in order  per family
 *   peers   [ p0: local 0110…  far 1001… ][ p1: … ] …
 */
#ifndef BGP_PLAN_PLAN_H
#define BGP_PLAN_PLAN_H

#include "bgp/plan.h"
#include "libbgp/base/mem.h"

#define PLAN_NONE       UINT32_MAX /* no rank */
#define PLAN_AS_DEFAULT 64512

/* Index of a family: 0 IPv4, 1 IPv6. */
enum { PLAN_V4, PLAN_V6, PLAN_FAMILIES };

/* An address with its canonical text, which Calico compares. */
struct plan_address {
	struct bgp_addr addr; /* len 0: none */
	char text[BGP_ADDR_TEXT_MAX];
};

struct plan_workload {
	const char *peer;
	struct plan_address address;
};

/* One block each, so that an update swaps one for another. */
struct plan_node {
	size_t block_len;
	const char *name; /* lives as long as the plan */
	struct bgp_label *labels;
	struct plan_workload *workloads;
	uint32_t label_count, workload_count;
	struct plan_address address[PLAN_FAMILIES];
	uint32_t cluster_id; /* 0: no reflector */
	uint32_t as_number;  /* 0: that of the cluster */
	uint16_t own_port;   /* of its BGPConfiguration, 0: none */
};

struct plan_peer {
	size_t block_len;
	struct bgp_plan_peer spec;        /* strings in this block */
	struct bgp_selector *local, *far; /* NULL: none, or not parsed */
	uint64_t *local_bits, *far_bits;  /* behind each other */
	uint32_t node_rank; /* of spec.node, PLAN_NONE: no such node */
	struct plan_address ip;
	uint16_t port; /* of spec.peer_ip, 0: not said */
	struct bgp_addr reachable_by;
	int32_t restart_s, keepalive_s;
	const char **filters;
};

struct bgp_plan {
	struct bgp__mem mem;
	struct plan_node **nodes;
	struct plan_peer **peers;
	char *names; /* of all nodes, in the order of rank */
	uint32_t *owners[PLAN_FAMILIES], *spoken[PLAN_FAMILIES];
	uint32_t *scratch; /* node_count, for sorting */
	struct bgp_plan_fault *notices;
	size_t names_len;
	uint32_t node_count, peer_count, notice_count, notice_room;
	uint32_t address_count[PLAN_FAMILIES]; /* in owners and spoken */
	bool mesh;
	uint16_t port; /* of all nodes, 0: not said */
	uint32_t as_number;
	int32_t mesh_restart_s;
	char *mesh_password;
	size_t mesh_password_len; /* with its NUL */
};

/* ------------------------------------------------------------------- sort.c */

/* Stable; O(count) where the items are in order already.  scratch has room for
 * count items. */
void bgp__plan_sort(uint32_t *items, uint32_t *scratch, uint32_t count,
		    int (*compare)(const void *ctx, uint32_t a, uint32_t b),
		    const void *ctx);

/* The names of an array of structs that begin with size and name. */
struct plan_names {
	const char *first;
	size_t stride;
};

struct plan_names bgp__plan_names(const void *first, size_t count);

/* "" for none. */
const char *bgp__plan_name(const struct plan_names *names, uint32_t i);

/* Indices of the elements in the order of their names; EXIST: two of one. */
int bgp__plan_sort_names(const struct plan_names *names, uint32_t *order,
			 uint32_t *scratch, uint32_t count, const char *kind,
			 struct bgp_plan_fault *fault);

/* ----------------------------------------- copy.c, copy_node.c, copy_peer.c */

/* Fill *to, initialised by the caller, from a struct that begins with its
 * size, of an older or newer host.  BGP_ERR_INVALID: see bgp__sized_take. */
int bgp__plan_take(void *to, size_t to_size, const void *from, const char *kind,
		   struct bgp_plan_fault *fault);

/* Are the elements of an array of one size, a possible one? */
int bgp__plan_check_array(const void *first, size_t count, const char *kind,
			  struct bgp_plan_fault *fault);

/* A checked copy in one block; name is kept as it is given. */
int bgp__plan_copy_node(struct bgp__mem *mem, const struct bgp_plan_node *spec,
			const char *name, struct plan_node **out,
			struct bgp_plan_fault *fault);
int bgp__plan_copy_peer(struct bgp__mem *mem, const struct bgp_plan_peer *spec,
			struct plan_peer **out, struct bgp_plan_fault *fault);

/* Writes *fault where there is one to write; answers err. */
int bgp__plan_fault(struct bgp_plan_fault *fault, int err, const char *kind,
		    const char *name, const char *field, const char *reason);

/* Rounds as Calico does; false: below zero or too long. */
bool bgp__plan_seconds(int64_t ms, int32_t *out);

static inline bool
bgp__plan_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* ----------------------------------------------------------------- select.c */

int bgp__plan_parse_selectors(struct bgp_plan *plan, struct plan_peer *peer);

/* What every selector says of one node. */
void bgp__plan_apply_selectors(struct bgp_plan *plan, uint32_t rank);

/* Octets of a row of bits. */
static inline size_t
bgp__plan_bits_len(const struct bgp_plan *plan)
{
	return ((size_t)plan->node_count / 64 + 1) * sizeof(uint64_t);
}

/* ------------------------------------------------------------------- take.c */

int bgp__plan_take_nodes(struct bgp_plan *plan,
			 const struct bgp_plan_input *input,
			 struct bgp_plan_fault *fault);
int bgp__plan_take_peers(struct bgp_plan *plan,
			 const struct bgp_plan_input *input,
			 struct bgp_plan_fault *fault);
int bgp__plan_take_configs(struct bgp_plan *plan,
			   const struct bgp_plan_input *input,
			   struct bgp_plan_fault *fault);

/* ------------------------------------------------------------------- find.c */

/* PLAN_NONE: no such node. */
uint32_t bgp__plan_rank(const struct bgp_plan *plan, const char *name);

/* First place in owners whose address is not below addr. */
uint32_t bgp__plan_owner(const struct bgp_plan *plan,
			 const struct bgp_addr *addr);

/* Works out owners and spoken anew; allocates nothing. */
void bgp__plan_sort_addresses(struct bgp_plan *plan);

static inline int
bgp__plan_family(const struct bgp_addr *addr)
{
	return addr->len == 4 ? PLAN_V4 : PLAN_V6;
}

static inline bool
bgp__plan_bit(const uint64_t *bits, uint32_t rank)
{
	return bits[rank / 64] >> rank % 64 & 1;
}

static inline uint32_t
bgp__plan_as(const struct bgp_plan *plan, const struct plan_node *node)
{
	return node->as_number != 0 ? node->as_number : plan->as_number;
}

static inline uint16_t
bgp__plan_port(const struct bgp_plan *plan, const struct plan_node *node)
{
	return node->own_port != 0 ? node->own_port : plan->port;
}

/* Is the peer of every node? */
static inline bool
bgp__plan_global(const struct plan_peer *peer)
{
	return !bgp__plan_given(peer->spec.node) &&
	    !bgp__plan_given(peer->spec.node_selector);
}

/* Are these sessions the node's own, by node or nodeSelector or as a global? */
static inline bool
bgp__plan_local(const struct plan_peer *peer, uint32_t rank)
{
	return bgp__plan_global(peer) || peer->node_rank == rank ||
	    bgp__plan_bit(peer->local_bits, rank);
}

#endif
