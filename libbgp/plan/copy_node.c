/*
 * copy_node.c - a Node of the host, checked and copied.
 *
 * What Calico's API refuses is refused here, with the field and the reason.
 */
#include <string.h>

#include "libbgp/plan/copy.h"

static int
node_fault(struct bgp_plan_fault *fault, int err, const char *name,
	   const char *field, const char *reason)
{
	return bgp__plan_fault(fault, err, "Node", name, field, reason);
}

static size_t
node_fixed_len(const struct bgp_plan_node *spec)
{
	return sizeof(struct plan_node) +
	    spec->workload_count * sizeof(struct plan_workload) +
	    spec->label_count * sizeof(struct bgp_label);
}

static void
pack_node(struct plan_packer *p, const struct bgp_plan_node *spec,
	  struct plan_node *node)
{
	for (size_t i = 0; i < spec->label_count; i++) {
		const char *key = bgp__plan_pack(p, spec->labels[i].key);
		const char *value = bgp__plan_pack(p, spec->labels[i].value);

		if (node != NULL)
			node->labels[i] = (struct bgp_label){ key, value };
	}
	for (size_t i = 0; i < spec->workload_count; i++) {
		const char *peer = bgp__plan_pack(p, spec->workloads[i].peer);

		if (node != NULL)
			node->workloads[i].peer = peer;
	}
}

static int
check_node(const struct bgp_plan_node *spec, struct bgp_plan_fault *fault)
{
	const char *name = spec->name;

	if (!bgp__plan_given(name))
		return node_fault(fault, BGP_ERR_INVALID, name, "metadata.name",
				  "missing");
	if (spec->label_count > BGP_PLAN_LABELS_MAX)
		return node_fault(fault, BGP_ERR_LIMIT, name, "metadata.labels",
				  "too many");
	for (size_t i = 0; i < spec->label_count; i++)
		if (spec->labels[i].key == NULL ||
		    spec->labels[i].value == NULL)
			return node_fault(fault, BGP_ERR_INVALID, name,
					  "metadata.labels",
					  "label without a value");
	if (spec->workload_count > BGP_PLAN_LISTS_MAX)
		return node_fault(fault, BGP_ERR_LIMIT, name, "workloads",
				  "too many");
	return BGP_OK;
}

/* Everything that is text there and a number here. */
static int
read_node(const struct bgp_plan_node *spec, struct plan_node *node,
	  struct bgp_plan_fault *fault)
{
	const char *const ip[PLAN_FAMILIES] = { spec->ipv4, spec->ipv6 };

	for (int f = 0; f < PLAN_FAMILIES; f++)
		if (bgp__plan_given(ip[f]) &&
		    (!bgp__plan_address_parse(&node->address[f], ip[f]) ||
		     bgp__plan_family(&node->address[f].addr) != f))
			return node_fault(fault, BGP_ERR_INVALID, spec->name,
					  f == PLAN_V4 ? "bgp.ipv4Address"
						       : "bgp.ipv6Address",
					  "not an address of this family");
	if (bgp__plan_given(spec->cluster_id) &&
	    bgp_id_parse(&node->cluster_id, spec->cluster_id) != BGP_OK)
		return node_fault(fault, BGP_ERR_INVALID, spec->name,
				  "bgp.routeReflectorClusterID",
				  "not a dotted IPv4 number above 0.0.0.0");
	for (size_t i = 0; i < spec->workload_count; i++) {
		const struct bgp_plan_workload *w = &spec->workloads[i];

		if (!bgp__plan_given(w->peer) || !bgp__plan_given(w->address) ||
		    !bgp__plan_address_parse(&node->workloads[i].address,
					     w->address))
			return node_fault(fault, BGP_ERR_INVALID, spec->name,
					  "workloads",
					  "not a BGPPeer and an address");
	}
	node->as_number = spec->as_number;
	return BGP_OK;
}

int
bgp__plan_copy_node(struct bgp__mem *mem, const struct bgp_plan_node *spec,
		    const char *name, struct plan_node **out,
		    struct bgp_plan_fault *fault)
{
	struct plan_packer p = { NULL, 0, false };
	struct plan_node *node;
	size_t fixed;
	int err = check_node(spec, fault);

	if (err != BGP_OK)
		return err;
	pack_node(&p, spec, NULL);
	if (p.too_long || strlen(spec->name) >= BGP_PLAN_TEXT_MAX)
		return node_fault(fault, BGP_ERR_LIMIT, spec->name, "metadata",
				  "text too long");
	fixed = node_fixed_len(spec);
	node = bgp__mem_get(mem, fixed + p.len);
	if (node == NULL)
		return BGP_ERR_NOMEM;
	node->block_len = fixed + p.len;
	node->name = name;
	node->label_count = (uint32_t)spec->label_count;
	node->workload_count = (uint32_t)spec->workload_count;
	node->workloads = (struct plan_workload *)(node + 1);
	node->labels = (struct bgp_label *)(node->workloads +
					    spec->workload_count);
	p.at = (char *)node + fixed;
	pack_node(&p, spec, node);
	err = read_node(spec, node, fault);
	if (err != BGP_OK)
		bgp__mem_put(mem, node, node->block_len);
	else
		*out = node;
	return err;
}
