/*
 * cluster.h - the resources of a cluster, from YAML files to the planner.
 */
#ifndef EXAMPLES_CLUSTER_H
#define EXAMPLES_CLUSTER_H

#include "bgp/plan.h"

#define CLUSTER_FILE_MAX (256u << 20) /* octets of one file */

/* Where a resource was read. */
struct cluster_place {
	const char *file;
	uint32_t line;
};

/* Resources as they were read; strings live until cluster_clear. */
struct cluster {
	struct bgp_plan_node *nodes;
	struct bgp_plan_peer *peers;
	struct bgp_plan_config *configs;
	struct cluster_place *node_places, *peer_places, *config_places;
	size_t node_count, peer_count, config_count;
	size_t node_room, peer_room, config_room;
	struct cluster_block *blocks; /* strings and lists */
	/* Told of what is skipped; NULL: nobody. */
	void (*warn)(void *ctx, const char *file, uint32_t line,
		     uint32_t column, const char *text);
	void *ctx;
	char error[512]; /* "file:line:column: reason" */
};

/* Adds the resources of a file, or of a text that stands for one.  false: see
 * error.  Memory that fails is an error like others. */
bool cluster_read(struct cluster *c, const char *file);
bool cluster_read_text(struct cluster *c, const char *file, const char *text,
		       size_t len);

/* Plans them; false: see error, with the place of the resource. */
bool cluster_plan(struct cluster *c, struct bgp_plan **out);

/* Where the resource stands that a fault or a notice speaks of. */
struct cluster_place cluster_place(const struct cluster *c,
				   const struct bgp_plan_fault *fault);

void cluster_clear(struct cluster *c);

#endif
