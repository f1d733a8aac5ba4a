/*
 * plan.c - take in a cluster and keep it.
 *
 * Resources come in any order and are laid down by name; selectors are applied
 * to every node once, and again to the one node that changes.  An update makes
 * the new node first and swaps it in when nothing can fail any more.
 */
#include <string.h>

#include "libbgp/base/text.h"
#include "libbgp/plan/plan.h"

/* --------------------------------------------------------------- selectors */

static void
set_bit(uint64_t *bits, uint32_t rank, bool value)
{
	uint64_t bit = UINT64_C(1) << rank % 64;

	if (value)
		bits[rank / 64] |= bit;
	else
		bits[rank / 64] &= ~bit;
}

/* What every selector says of one node. */
static void
apply_selectors(struct bgp_plan *plan, uint32_t rank)
{
	const struct plan_node *node = plan->nodes[rank];

	for (uint32_t i = 0; i < plan->peer_count; i++) {
		struct plan_peer *peer = plan->peers[i];

		if (peer->local != NULL)
			set_bit(peer->local_bits, rank,
			    bgp_selector_match(peer->local, node->labels,
				node->label_count));
		if (peer->far != NULL)
			set_bit(peer->far_bits, rank,
			    bgp_selector_match(peer->far, node->labels,
				node->label_count));
	}
}

static int
notice(struct bgp_plan *plan, const struct plan_peer *peer, const char *field,
       size_t column, const char *reason)
{
	struct bgp_plan_fault *fresh;
	size_t len = plan->notice_room * sizeof *fresh;

	if (plan->notice_count == plan->notice_room) {
		fresh = bgp__mem_resize(&plan->mem, plan->notices, len,
		    2 * len + 4 * sizeof *fresh);
		if (fresh == NULL)
			return BGP_ERR_NOMEM;
		plan->notices = fresh;
		plan->notice_room = 2 * plan->notice_room + 4;
	}
	fresh = &plan->notices[plan->notice_count++];
	*fresh = (struct bgp_plan_fault){ "BGPPeer", peer->spec.name, field,
		column, reason };
	return BGP_OK;
}

/* One that does not parse selects nothing, and a notice says so. */
static int
parse_selector(struct bgp_plan *plan, const struct plan_peer *peer,
	       const char *field, const char *text, struct bgp_selector **out)
{
	struct bgp_selector_fault fault;
	int err;

	if (!bgp__plan_given(text))
		return BGP_OK;
	err = bgp_selector_new(out, text, &plan->mem.host, &fault);
	if (err == BGP_ERR_INVALID || err == BGP_ERR_LIMIT)
		return notice(plan, peer, field, fault.column, fault.reason);
	return err;
}

static int
parse_selectors(struct bgp_plan *plan, struct plan_peer *peer)
{
	struct bgp_selector *workload = NULL;
	const struct bgp_plan_peer *spec = &peer->spec;
	int err = parse_selector(plan, peer, "nodeSelector",
	    spec->node_selector, &peer->local);

	if (err == BGP_OK)
		err = parse_selector(plan, peer, "peerSelector",
		    spec->peer_selector, &peer->far);
	if (err == BGP_OK)
		err = parse_selector(plan, peer, "localWorkloadSelector",
		    spec->workload_selector, &workload);
	bgp_selector_del(workload);
	if (err != BGP_OK)
		return err;
	peer->node_rank = PLAN_NONE;
	if (bgp__plan_given(spec->node)) {
		peer->node_rank = bgp__plan_rank(plan, spec->node);
		if (peer->node_rank == PLAN_NONE)
			err = notice(plan, peer, "node", 0, "no such node");
	}
	if (err == BGP_OK && bgp__plan_given(spec->peer_ip) &&
	    spec->as_number == 0)
		err = notice(plan, peer, "asNumber", 0,
		    "missing: the peer's AS is 0");
	return err;
}

/* ------------------------------------------------------------- by name sort */

/* The names of an array of structs that begin with size and name. */
struct names {
	const char *first;
	size_t stride;
};

static const char *
name_of(const struct names *names, uint32_t i)
{
	const char *name;

	memcpy(&name, names->first + i * names->stride + sizeof(size_t),
	    sizeof name);
	return name != NULL ? name : "";
}

static int
by_name(const void *ctx, uint32_t a, uint32_t b)
{
	return strcmp(name_of(ctx, a), name_of(ctx, b));
}

static struct names
names_in(const void *first, size_t count)
{
	struct names names = { first, 0 };

	if (count > 0)
		memcpy(&names.stride, first, sizeof names.stride);
	return names;
}

/* Indices of the elements in the order of their names; EXIST: two of one. */
static int
sort_names(const struct names *names, uint32_t *order, uint32_t *scratch,
	   uint32_t count, const char *kind, struct bgp_plan_fault *fault)
{
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	bgp__plan_sort(order, scratch, count, by_name, names);
	for (uint32_t i = 1; i < count; i++)
		if (by_name(names, order[i - 1], order[i]) == 0)
			return bgp__plan_fault(fault, BGP_ERR_EXIST, kind,
			    name_of(names, order[i]), "metadata.name",
			    "there is one already");
	return BGP_OK;
}

/* ------------------------------------------------------------------- nodes */

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
	return plan->nodes != NULL && plan->scratch != NULL ? BGP_OK :
							      BGP_ERR_NOMEM;
}

/* Names have a block of their own: they outlive updates. */
static int
copy_names(struct bgp_plan *plan, const struct names *names,
	   const uint32_t *order)
{
	char *at;

	for (uint32_t i = 0; i < plan->node_count; i++)
		plan->names_len += strlen(name_of(names, i)) + 1;
	plan->names = at = bgp__mem_get(&plan->mem, plan->names_len);
	if (at == NULL && plan->names_len > 0)
		return BGP_ERR_NOMEM;
	for (uint32_t i = 0; i < plan->node_count; i++) {
		size_t len = strlen(name_of(names, order[i])) + 1;

		memcpy(at, name_of(names, order[i]), len);
		at += len;
	}
	return BGP_OK;
}

static int
copy_nodes(struct bgp_plan *plan, const struct names *names,
	   const uint32_t *order, struct bgp_plan_fault *fault)
{
	const char *name = plan->names;
	int err = BGP_OK;

	for (uint32_t i = 0; i < plan->node_count && err == BGP_OK; i++) {
		struct bgp_plan_node spec = BGP_PLAN_NODE_INIT;

		bgp__plan_take(&spec, sizeof spec,
		    names->first + order[i] * names->stride);
		err = bgp__plan_copy_node(&plan->mem, &spec, name,
		    &plan->nodes[i], fault);
		name += strlen(name) + 1;
	}
	return err;
}

static int
take_nodes(struct bgp_plan *plan, const struct bgp_plan_input *input,
	   struct bgp_plan_fault *fault)
{
	struct names names = names_in(input->nodes, input->node_count);
	uint32_t *order;
	int err = room_for_nodes(plan, (uint32_t)input->node_count);

	if (err != BGP_OK || plan->node_count == 0)
		return err;
	order = plan->owners[0]; /* not in use yet */
	err = sort_names(&names, order, plan->scratch, plan->node_count,
	    "Node", fault);
	if (err == BGP_OK)
		err = copy_names(plan, &names, order);
	if (err == BGP_OK)
		err = copy_nodes(plan, &names, order, fault);
	if (err == BGP_OK)
		bgp__plan_sort_addresses(plan);
	return err;
}

/* ------------------------------------------------------------------- peers */

static size_t
bits_len(const struct bgp_plan *plan)
{
	return ((size_t)plan->node_count / 64 + 1) * sizeof(uint64_t);
}

static int
take_peer(struct bgp_plan *plan, const struct bgp_plan_peer *spec,
	  struct plan_peer **slot, struct bgp_plan_fault *fault)
{
	struct plan_peer *peer;
	int err = bgp__plan_copy_peer(&plan->mem, spec, slot, fault);

	if (err != BGP_OK)
		return err;
	peer = *slot;
	peer->local_bits = bgp__mem_get(&plan->mem, 2 * bits_len(plan));
	if (peer->local_bits == NULL)
		return BGP_ERR_NOMEM;
	peer->far_bits = peer->local_bits + plan->node_count / 64 + 1;
	return parse_selectors(plan, peer);
}

static int
take_peers(struct bgp_plan *plan, const struct bgp_plan_input *input,
	   struct bgp_plan_fault *fault)
{
	struct names names = names_in(input->peers, input->peer_count);
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
	err = sort_names(&names, order, order + count, count, "BGPPeer", fault);
	for (uint32_t i = 0; i < count && err == BGP_OK; i++) {
		struct bgp_plan_peer spec = BGP_PLAN_PEER_INIT;

		bgp__plan_take(&spec, sizeof spec,
		    names.first + order[i] * names.stride);
		err = take_peer(plan, &spec, &plan->peers[i], fault);
	}
	bgp__mem_put(&plan->mem, order, len);
	return err;
}

/* ---------------------------------------------------------- configurations */

static int
config_fault(struct bgp_plan_fault *fault, int err,
	     const struct bgp_plan_config *c, const char *field,
	     const char *reason)
{
	return bgp__plan_fault(fault, err, "BGPConfiguration", c->name, field,
	    reason);
}

static int
take_default(struct bgp_plan *plan, const struct bgp_plan_config *c,
	     struct bgp_plan_fault *fault)
{
	if (c->mesh_off && bgp__plan_given(c->mesh_password))
		return config_fault(fault, BGP_ERR_INVALID, c,
		    "nodeMeshPassword", "needs the mesh");
	if (c->mesh_off && c->mesh_restart_ms != BGP_PLAN_UNSET)
		return config_fault(fault, BGP_ERR_INVALID, c,
		    "nodeMeshMaxRestartTime", "needs the mesh");
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

static int
take_configs(struct bgp_plan *plan, const struct bgp_plan_input *input,
	     struct bgp_plan_fault *fault)
{
	struct names names = names_in(input->configs, input->config_count);
	uint32_t count = (uint32_t)input->config_count, *order;
	size_t len = 2 * count * sizeof *order;
	int err;

	if (count == 0)
		return BGP_OK;
	order = bgp__mem_get(&plan->mem, len);
	if (order == NULL)
		return BGP_ERR_NOMEM;
	err = sort_names(&names, order, order + count, count,
	    "BGPConfiguration", fault);
	for (uint32_t i = 0; i < count && err == BGP_OK; i++) {
		struct bgp_plan_config config = BGP_PLAN_CONFIG_INIT;

		bgp__plan_take(&config, sizeof config,
		    names.first + order[i] * names.stride);
		err = take_config(plan, &config, fault);
	}
	bgp__mem_put(&plan->mem, order, len);
	return err;
}

/* ------------------------------------------------------------------- public */

static int
take_all(struct bgp_plan *plan, const struct bgp_plan_input *input,
	 struct bgp_plan_fault *fault)
{
	int err = take_nodes(plan, input, fault);

	if (err == BGP_OK)
		err = take_peers(plan, input, fault);
	if (err == BGP_OK)
		err = take_configs(plan, input, fault);
	for (uint32_t i = 0; err == BGP_OK && i < plan->node_count; i++)
		apply_selectors(plan, i);
	return err;
}

static int
check_counts(const struct bgp_plan_input *input, struct bgp_plan_fault *fault)
{
	if (input->node_count > BGP_PLAN_NODES_MAX)
		return bgp__plan_fault(fault, BGP_ERR_LIMIT, "Node", "", "",
		    "too many nodes");
	if (input->peer_count > BGP_PLAN_PEERS_MAX)
		return bgp__plan_fault(fault, BGP_ERR_LIMIT, "BGPPeer", "", "",
		    "too many peers");
	if (input->config_count > BGP_PLAN_NODES_MAX + 1)
		return bgp__plan_fault(fault, BGP_ERR_LIMIT,
		    "BGPConfiguration", "", "", "too many configurations");
	return BGP_OK;
}

int
bgp_plan_new(struct bgp_plan **out, const struct bgp_plan_input *given,
	     struct bgp_plan_fault *fault)
{
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;
	struct bgp__mem mem;
	struct bgp_plan *plan;
	int err;

	*out = NULL;
	bgp__plan_take(&input, sizeof input, given);
	err = check_counts(&input, fault);
	if (err != BGP_OK)
		return err;
	bgp__mem_init(&mem, &input.allocator);
	plan = bgp__mem_get(&mem, sizeof *plan);
	if (plan == NULL)
		return BGP_ERR_NOMEM;
	plan->mem = mem;
	plan->mesh = true;
	plan->as_number = PLAN_AS_DEFAULT;
	plan->mesh_restart_s = BGP_PLAN_UNSET;
	err = take_all(plan, &input, fault);
	if (err == BGP_OK)
		*out = plan;
	else
		bgp_plan_del(plan);
	return err;
}

static void
drop_peer(struct bgp_plan *plan, struct plan_peer *peer)
{
	if (peer == NULL)
		return;
	bgp_selector_del(peer->local);
	bgp_selector_del(peer->far);
	bgp__mem_put(&plan->mem, peer->local_bits, 2 * bits_len(plan));
	bgp__mem_put(&plan->mem, peer, peer->block_len);
}

void
bgp_plan_del(struct bgp_plan *plan)
{
	struct bgp__mem *mem, last;

	if (plan == NULL)
		return;
	mem = &plan->mem;
	for (uint32_t i = 0; plan->peers != NULL && i < plan->peer_count; i++)
		drop_peer(plan, plan->peers[i]);
	for (uint32_t i = 0; plan->nodes != NULL && i < plan->node_count; i++)
		if (plan->nodes[i] != NULL)
			bgp__mem_put(mem, plan->nodes[i],
			    plan->nodes[i]->block_len);
	for (int f = 0; f < PLAN_FAMILIES; f++) {
		bgp__mem_put(mem, plan->owners[f],
		    plan->node_count * sizeof *plan->owners[f]);
		bgp__mem_put(mem, plan->spoken[f],
		    plan->node_count * sizeof *plan->spoken[f]);
	}
	bgp__mem_put(mem, plan->scratch,
	    plan->node_count * sizeof *plan->scratch);
	bgp__mem_put(mem, plan->nodes, plan->node_count * sizeof *plan->nodes);
	bgp__mem_put(mem, plan->peers, plan->peer_count * sizeof *plan->peers);
	bgp__mem_put(mem, plan->notices,
	    plan->notice_room * sizeof *plan->notices);
	bgp__mem_put(mem, plan->names, plan->names_len);
	bgp__mem_put(mem, plan->mesh_password, plan->mesh_password_len);
	last = plan->mem;
	bgp__mem_put(&last, plan, sizeof *plan);
}

int
bgp_plan_update(struct bgp_plan *plan, const struct bgp_plan_node *given,
		struct bgp_plan_fault *fault)
{
	struct bgp_plan_node spec = BGP_PLAN_NODE_INIT;
	struct plan_node *fresh, *old;
	uint32_t rank;
	int err;

	bgp__plan_take(&spec, sizeof spec, given);
	rank = bgp__plan_rank(plan, spec.name != NULL ? spec.name : "");
	if (rank == PLAN_NONE)
		return BGP_ERR_NOENT;
	old = plan->nodes[rank];
	err = bgp__plan_copy_node(&plan->mem, &spec, old->name, &fresh, fault);
	if (err != BGP_OK)
		return err;
	fresh->own_port = old->own_port;
	plan->nodes[rank] = fresh;
	bgp__mem_put(&plan->mem, old, old->block_len);
	apply_selectors(plan, rank);
	bgp__plan_sort_addresses(plan);
	return BGP_OK;
}

bool
bgp_plan_notice(const struct bgp_plan *plan, size_t i,
		struct bgp_plan_fault *out)
{
	if (i >= plan->notice_count)
		return false;
	*out = plan->notices[i];
	return true;
}

const char *
bgp_plan_node_at(const struct bgp_plan *plan, size_t i)
{
	return i < plan->node_count ? plan->nodes[i]->name : NULL;
}
