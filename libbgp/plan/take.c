/*
 * take.c - lay down a cluster's resources in the order of their names.
 *
 * Nodes first, then what speaks of them: BGPPeers and BGPConfigurations.
 */
#include <string.h>

#include "libbgp/plan/plan.h"

/* -------------------------------------------------------------------- nodes */

static int
room_for_nodes(struct bgp_plan *plan, uint32_t count)
{
	size_t len = count * sizeof(uint32_t);

	plan->node_count = count;
	if (count == 0)
		return BGP_OK;
	plan->nodes = bgp__mem_get(&plan->mem, count * sizeof *plan->nodes);
	plan->scratch = bgp__mem_get(&plan->mem, len);
	for (int f = 0; f < PLAN_FAMILIES; f++) {
		plan->owners[f] = bgp__mem_get(&plan->mem, len);
		plan->spoken[f] = bgp__mem_get(&plan->mem, len);
		if (plan->owners[f] == NULL || plan->spoken[f] == NULL)
			return BGP_ERR_NOMEM;
	}
	return plan->nodes != NULL && plan->scratch != NULL ? BGP_OK
							    : BGP_ERR_NOMEM;
}

/* Names have a block of their own: they outlive updates. */
static int
copy_names(struct bgp_plan *plan, const struct plan_names *names,
	   const uint32_t *order)
{
	char *at;

	for (uint32_t i = 0; i < plan->node_count; i++)
		plan->names_len += strlen(bgp__plan_name(names, i)) + 1;
	plan->names = at = bgp__mem_get(&plan->mem, plan->names_len);
	if (at == NULL && plan->names_len > 0)
		return BGP_ERR_NOMEM;
	for (uint32_t i = 0; i < plan->node_count; i++) {
		size_t len = strlen(bgp__plan_name(names, order[i])) + 1;

		memcpy(at, bgp__plan_name(names, order[i]), len);
		at += len;
	}
	return BGP_OK;
}

static int
copy_nodes(struct bgp_plan *plan, const struct plan_names *names,
	   const uint32_t *order, struct bgp_plan_fault *fault)
{
	const char *name = plan->names;
	int err = BGP_OK;

	for (uint32_t i = 0; i < plan->node_count && err == BGP_OK; i++) {
		struct bgp_plan_node spec = BGP_PLAN_NODE_INIT;

		err = bgp__plan_take(&spec, sizeof spec,
				     names->first + order[i] * names->stride,
				     "Node", fault);
		if (err == BGP_OK)
			err = bgp__plan_copy_node(&plan->mem, &spec, name,
						  &plan->nodes[i], fault);
		name += strlen(name) + 1;
	}
	return err;
}

int
bgp__plan_take_nodes(struct bgp_plan *plan, const struct bgp_plan_input *input,
		     struct bgp_plan_fault *fault)
{
	struct plan_names names = bgp__plan_names(input->nodes,
						  input->node_count);
	uint32_t *order;
	int err = room_for_nodes(plan, (uint32_t)input->node_count);

	if (err != BGP_OK || plan->node_count == 0)
		return err;
	order = plan->owners[0]; /* not in use yet */
	err = bgp__plan_sort_names(&names, order, plan->scratch,
				   plan->node_count, "Node", fault);
	if (err == BGP_OK)
		err = copy_names(plan, &names, order);
	if (err == BGP_OK)
		err = copy_nodes(plan, &names, order, fault);
	if (err == BGP_OK)
		bgp__plan_sort_addresses(plan);
	return err;
}

/* -------------------------------------------------------------------- peers */

static int
take_peer(struct bgp_plan *plan, const struct bgp_plan_peer *spec,
	  struct plan_peer **slot, struct bgp_plan_fault *fault)
{
	struct plan_peer *peer;
	int err = bgp__plan_copy_peer(&plan->mem, spec, slot, fault);

	if (err != BGP_OK)
		return err;
	peer = *slot;
	peer->local_bits = bgp__mem_get(&plan->mem,
					2 * bgp__plan_bits_len(plan));
	if (peer->local_bits == NULL)
		return BGP_ERR_NOMEM;
	peer->far_bits = peer->local_bits + plan->node_count / 64 + 1;
	return bgp__plan_parse_selectors(plan, peer);
}

int
bgp__plan_take_peers(struct bgp_plan *plan, const struct bgp_plan_input *input,
		     struct bgp_plan_fault *fault)
{
	struct plan_names names = bgp__plan_names(input->peers,
						  input->peer_count);
	uint32_t count = (uint32_t)input->peer_count, *order;
	size_t len = 2 * count * sizeof *order;
	int err;

	if (count == 0)
		return BGP_OK;
	plan->peer_count = count;
	plan->peers = bgp__mem_get(&plan->mem, count * sizeof *plan->peers);
	order = bgp__mem_get(&plan->mem, len);
	if (plan->peers == NULL || order == NULL) {
		bgp__mem_put(&plan->mem, order, len);
		return BGP_ERR_NOMEM;
	}
	err = bgp__plan_sort_names(&names, order, order + count, count,
				   "BGPPeer", fault);
	for (uint32_t i = 0; i < count && err == BGP_OK; i++) {
		struct bgp_plan_peer spec = BGP_PLAN_PEER_INIT;

		err = bgp__plan_take(&spec, sizeof spec,
				     names.first + order[i] * names.stride,
				     "BGPPeer", fault);
		if (err == BGP_OK)
			err = take_peer(plan, &spec, &plan->peers[i], fault);
	}
	bgp__mem_put(&plan->mem, order, len);
	return err;
}

/* ----------------------------------------------------------- configurations */

static int
config_fault(struct bgp_plan_fault *fault, int err,
	     const struct bgp_plan_config *c, const char *field,
	     const char *reason)
{
	return bgp__plan_fault(fault, err, "BGPConfiguration", c->name, field,
			       reason);
}

/* What the API refuses, of whichever name. */
static int
check_config(const struct bgp_plan_config *c, struct bgp_plan_fault *fault)
{
	if (c->mesh_off && bgp__plan_given(c->mesh_password))
		return config_fault(fault, BGP_ERR_INVALID, c,
				    "nodeMeshPassword", "needs the mesh");
	if (c->mesh_off && c->mesh_restart_ms != BGP_PLAN_UNSET)
		return config_fault(fault, BGP_ERR_INVALID, c,
				    "nodeMeshMaxRestartTime", "needs the mesh");
	return BGP_OK;
}

static int
take_default(struct bgp_plan *plan, const struct bgp_plan_config *c,
	     struct bgp_plan_fault *fault)
{
	if (!bgp__plan_seconds(c->mesh_restart_ms, &plan->mesh_restart_s))
		return config_fault(fault, BGP_ERR_INVALID, c,
				    "nodeMeshMaxRestartTime", "out of range");
	plan->mesh = !c->mesh_off;
	plan->port = c->listen_port;
	if (c->as_number != 0)
		plan->as_number = c->as_number;
	if (!bgp__plan_given(c->mesh_password))
		return BGP_OK;
	plan->mesh_password_len = strlen(c->mesh_password) + 1;
	plan->mesh_password = bgp__mem_get(&plan->mem, plan->mesh_password_len);
	if (plan->mesh_password == NULL)
		return BGP_ERR_NOMEM;
	memcpy(plan->mesh_password, c->mesh_password, plan->mesh_password_len);
	return BGP_OK;
}

static int
take_config(struct bgp_plan *plan, const struct bgp_plan_config *c,
	    struct bgp_plan_fault *fault)
{
	uint32_t rank;
	int err = check_config(c, fault);

	if (err != BGP_OK)
		return err;
	if (c->name != NULL && strcmp(c->name, "default") == 0)
		return take_default(plan, c, fault);
	if (c->name == NULL || strncmp(c->name, "node.", 5) != 0 ||
	    c->name[5] == '\0')
		return config_fault(fault, BGP_ERR_INVALID, c, "metadata.name",
				    "neither default nor node.NAME");
	rank = bgp__plan_rank(plan, c->name + 5);
	if (rank != PLAN_NONE)
		plan->nodes[rank]->own_port = c->listen_port;
	return BGP_OK;
}

int
bgp__plan_take_configs(struct bgp_plan *plan,
		       const struct bgp_plan_input *input,
		       struct bgp_plan_fault *fault)
{
	struct plan_names names = bgp__plan_names(input->configs,
						  input->config_count);
	uint32_t count = (uint32_t)input->config_count, *order;
	size_t len = 2 * count * sizeof *order;
	int err;

	if (count == 0)
		return BGP_OK;
	order = bgp__mem_get(&plan->mem, len);
	if (order == NULL)
		return BGP_ERR_NOMEM;
	err = bgp__plan_sort_names(&names, order, order + count, count,
				   "BGPConfiguration", fault);
	for (uint32_t i = 0; i < count && err == BGP_OK; i++) {
		struct bgp_plan_config config = BGP_PLAN_CONFIG_INIT;

		err = bgp__plan_take(&config, sizeof config,
				     names.first + order[i] * names.stride,
				     "BGPConfiguration", fault);
		if (err == BGP_OK)
			err = take_config(plan, &config, fault);
	}
	bgp__mem_put(&plan->mem, order, len);
	return err;
}
