/*
 * emit.c - a far end into a session, everything it takes to run it.
 *
 * Invariant: what a session takes from a node is copied or lives as long as the
 * plan, so an update of the node leaves it alone.
 */
#include <string.h>

#include "libbgp/base/text.h"
#include "libbgp/plan/builder.h"

#define BGP_PORT 179

static const struct {
	const char *prefix, *text;
} types[] = {
	[BGP_PLANNED_MESH] = { "Mesh_", "node-to-node mesh" },
	[BGP_PLANNED_GLOBAL] = { "Global_", "global" },
	[BGP_PLANNED_NODE] = { "Node_", "node specific" },
	[BGP_PLANNED_WORKLOAD] = { "Local_Workload_", "local workload" },
};

static void
write_name(struct bgp_planned *s, const char *address, uint16_t port)
{
	struct bgp__text t = bgp__text(s->name, sizeof s->name);

	bgp__text_str(&t, types[s->type].prefix);
	for (; *address != '\0'; address++)
		bgp__text_char(
		    &t, *address == '.' || *address == ':' ? '_' : *address);
	if (port != 0) {
		bgp__text_str(&t, "_port_");
		bgp__text_u32(&t, port);
	}
	bgp__text_end(&t);
}

/* All that does not depend on a BGPPeer. */
static void
fill(const struct plan_builder *b, struct bgp_planned *s,
     enum bgp_planned_type type, const struct plan_far_end *far)
{
	uint32_t own_as = bgp__plan_as(b->plan, b->node);

	memset(s, 0, sizeof *s);
	s->node = b->node->name;
	s->peer_node = far->node;
	s->family = b->f == PLAN_V4 ? BGP_IPV4_UNICAST : BGP_IPV6_UNICAST;
	s->type = type;
	s->type_text = types[type].text;
	s->peer = far->address->addr;
	s->port = far->port != 0 ? far->port : BGP_PORT;
	s->port_said = far->port != 0;
	s->peer_as = far->as_number;
	s->local_as = far->local_as != 0 ? far->local_as : own_as;
	s->allowed_local_as = far->allowed_local_as;
	s->restart_s = s->keepalive_s = BGP_PLAN_UNSET;
	write_name(s, far->address->text,
		   type == BGP_PLANNED_MESH ? 0 : far->port);
}

/* A reflector's iBGP peers are its clients unless they share its cluster.
 *                                                                 RFC 4456 7 */
static void
fill_client(const struct plan_builder *b, struct bgp_planned *s,
	    const struct plan_far_end *far)
{
	uint32_t own = b->node->cluster_id;

	s->client = s->peer_as == s->local_as && own != 0 &&
	    far->cluster_id != own;
	s->cluster_id = s->client ? own : 0;
}

/* Text against text, as Calico compares: 10.0.0.10 is below 10.0.0.9. */
static bool
above(const struct plan_builder *b, const struct plan_address *peer)
{
	return strcmp(peer->text, b->node->address[b->f].text) > 0;
}

/* What a BGPPeer gives to every session but those of workloads. */
static void
fill_common(const struct plan_builder *b, struct bgp_planned *s,
	    const struct plan_peer *peer)
{
	const struct bgp_plan_peer *spec = &peer->spec;

	if (!spec->no_source)
		s->source = b->node->address[b->f].addr;
	s->password = bgp__plan_given(spec->password) ? spec->password : NULL;
	s->restart_s = peer->restart_s;
	s->keepalive_s = peer->keepalive_s;
	s->ttl_security_hops = spec->ttl_security_hops;
	s->reachable_by = peer->reachable_by;
	s->next_hop = spec->next_hop;
	if (spec->keep_original_next_hop && s->peer_as != s->local_as)
		s->next_hop = BGP_NEXT_HOP_KEEP;
}

void
bgp__plan_emit(struct plan_builder *b, enum bgp_planned_type type,
	       const struct plan_peer *peer, const struct plan_far_end *far)
{
	const struct bgp_addr *addr = &far->address->addr;
	struct bgp_planned *s;
	uint32_t *slot;

	if (b->err != BGP_OK || addr->len == 0 ||
	    bgp__plan_family(addr) != b->f ||
	    bgp_addr_compare(addr, &b->node->address[b->f].addr) == 0 ||
	    !bgp__plan_grow_table(b))
		return;
	slot = bgp__plan_look_up(b, addr, far->port);
	if (*slot != 0)
		return;
	s = bgp__plan_append(b);
	if (s == NULL)
		return;
	*slot = b->out->count;
	fill(b, s, type, far);
	fill_client(b, s, far);
	if (type == BGP_PLANNED_WORKLOAD)
		s->passive = true;
	else
		fill_common(b, s, peer);
	if (type == BGP_PLANNED_GLOBAL && far->may_wait)
		s->passive = above(b, far->address);
	s->resource = peer->spec.name;
	s->filters = peer->filters;
	s->filter_count = peer->spec.filter_count;
}

void
bgp__plan_emit_mesh(struct plan_builder *b, const struct plan_node *node)
{
	struct plan_far_end far = {
		.address = &node->address[b->f],
		.node = node->name,
		.port = bgp__plan_port(b->plan, node),
		.as_number = bgp__plan_as(b->plan, node),
	};
	struct bgp_planned *s = bgp__plan_append(b);

	if (s == NULL)
		return;
	fill(b, s, BGP_PLANNED_MESH, &far);
	s->source = b->node->address[b->f].addr;
	s->password = b->plan->mesh_password;
	s->restart_s = b->plan->mesh_restart_s;
	s->passive = above(b, far.address);
}
