/*
 * plan_cluster.h - random small clusters, for tests that plan many.
 */
#ifndef BGP_TESTS_PLAN_CLUSTER_H
#define BGP_TESTS_PLAN_CLUSTER_H

#include "bgp/plan.h"

enum { NODES = 8, PEERS = 5, LABELS = 3 };

struct cluster {
	struct bgp_plan_node nodes[NODES];
	struct bgp_plan_peer peers[PEERS];
	struct bgp_plan_config configs[NODES + 1];
	struct bgp_label labels[NODES][LABELS];
	struct bgp_plan_workload workloads[NODES];
	const char *filters[PEERS][2];
	struct bgp_plan_input input;
};

void cluster_seed(uint64_t seed);

/* Strings are good until the next one; tame: one AS, one port, an IPv4 address
 * for everybody. */
void cluster_random(struct cluster *c, bool tame);

/* Another in the place of the i-th node. */
void cluster_random_node(struct cluster *c, uint32_t i, bool tame);

struct bgp_plan *cluster_plan(const struct cluster *c);

/* The place of a node, or -1. */
int cluster_node(const struct cluster *c, const char *name);

/* What its AS comes to. */
uint32_t cluster_as(const struct cluster *c, const struct bgp_plan_node *node);

/* Does one of the cluster's selectors select it?  By plain reading. */
bool cluster_selects(const char *selector, const struct bgp_plan_node *node);

#endif
