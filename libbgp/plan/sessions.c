/*
 * sessions.c - the sessions of one node.
 *
 * The passes are Calico's, over BGPPeers in the order of their names; the first
 * to name an address and port has it:
 *
 *   A  peers of every node              -> "global"
 *   B  peers of this node               -> "node specific"
 *   C  peers whose far end this node is -> "node specific", the way back
 *   M  the mesh, beside and not against them
 *
 * In: the plan.  Out: a list by name.  Invariant: what a session takes from a
 * node is copied or lives as long as the plan, so an update leaves it alone.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/base/text.h"
#include "libbgp/plan/sessions.h"

#define BGP_PORT 179

/* What is under way: the list, and a hash table from address and port. */
struct builder {
	struct bgp_plan *plan;
	const struct plan_node *node;
	uint32_t rank;
	int f;
	bool mesh; /* list it too */
	struct bgp_plan_sessions *out;
	uint32_t *table; /* place in the list + 1, 0: free */
	uint32_t table_room; /* a power of two */
	int err;
};

/* What is known of a far end before it is a session. */
struct far_end {
	const struct plan_address *address;
	const char *node; /* NULL: of no node */
	uint16_t port;    /* 0: not said */
	uint32_t as_number, local_as; /* local_as 0: the node's */
	uint32_t cluster_id;          /* as far as it is known here */
	uint8_t allowed_local_as;
	bool may_wait; /* "calicoNode": the lower address dials */
};

/* -------------------------------------------------------------------- list */

static bool
grow(struct builder *b, uint32_t room)
{
	struct bgp_plan_sessions *s = b->out;
	struct bgp_planned *list = bgp__mem_resize(&b->plan->mem, s->list,
	    s->room * sizeof *list, room * sizeof *list);

	if (list == NULL) {
		b->err = BGP_ERR_NOMEM;
		return false;
	}
	s->list = list;
	s->room = room;
	return true;
}

static struct bgp_planned *
append(struct builder *b)
{
	struct bgp_plan_sessions *s = b->out;

	if (s->count == s->room && !grow(b, s->room < 4 ? 4 : 2 * s->room))
		return NULL;
	return &s->list[s->count++];
}

static uint64_t
key_hash(const struct bgp_addr *addr, uint16_t port)
{
	return bgp__hash(port, addr->octets, addr->len);
}

/* Calico keeps "no port" and 179 apart. */
static uint16_t
said_port(const struct bgp_plan_sessions *s, uint32_t i)
{
	return s->list[i].port_said ? s->list[i].port : 0;
}

static uint32_t *
look_up(const struct builder *b, const struct bgp_addr *addr, uint16_t port)
{
	const struct bgp_plan_sessions *s = b->out;
	uint32_t i = (uint32_t)key_hash(addr, port);

	for (;; i++) {
		uint32_t *slot = &b->table[i & (b->table_room - 1)];

		if (*slot == 0 ||
		    (said_port(s, *slot - 1) == port &&
			bgp_addr_compare(&s->list[*slot - 1].peer, addr) == 0))
			return slot;
	}
}

/* Room for one more at half load. */
static bool
grow_table(struct builder *b)
{
	uint32_t room = b->table_room < 16 ? 16 : 2 * b->table_room;
	struct bgp_plan_sessions *s = b->out;
	uint32_t *fresh;

	if (2 * (s->count + 1) <= b->table_room)
		return true;
	fresh = bgp__mem_get(&b->plan->mem, room * sizeof *fresh);
	if (fresh == NULL) {
		b->err = BGP_ERR_NOMEM;
		return false;
	}
	bgp__mem_put(&b->plan->mem, b->table,
	    b->table_room * sizeof *b->table);
	b->table = fresh;
	b->table_room = room;
	for (uint32_t i = 0; i < s->count; i++)
		*look_up(b, &s->list[i].peer, said_port(s, i)) = i + 1;
	return true;
}

/* -------------------------------------------------------------------- fill */

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
		bgp__text_char(&t, *address == '.' || *address == ':' ?
		    '_' : *address);
	if (port != 0) {
		bgp__text_str(&t, "_port_");
		bgp__text_u32(&t, port);
	}
	bgp__text_end(&t);
}

/* All that does not depend on a BGPPeer. */
static void
fill(const struct builder *b, struct bgp_planned *s,
     enum bgp_planned_type type, const struct far_end *far)
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
fill_client(const struct builder *b, struct bgp_planned *s,
	    const struct far_end *far)
{
	uint32_t own = b->node->cluster_id;

	s->client = s->peer_as == s->local_as && own != 0 &&
	    far->cluster_id != own;
	s->cluster_id = s->client ? own : 0;
}

/* Text against text, as Calico compares: 10.0.0.10 is below 10.0.0.9. */
static bool
above(const struct builder *b, const struct plan_address *peer)
{
	return strcmp(peer->text, b->node->address[b->f].text) > 0;
}

/* What a BGPPeer gives to every session but those of workloads. */
static void
fill_common(const struct builder *b, struct bgp_planned *s,
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

/* The first to come has the address and port; a node is no peer of itself. */
static void
emit(struct builder *b, enum bgp_planned_type type,
     const struct plan_peer *peer, const struct far_end *far)
{
	const struct bgp_addr *addr = &far->address->addr;
	struct bgp_planned *s;
	uint32_t *slot;

	if (b->err != BGP_OK || addr->len == 0 ||
	    bgp__plan_family(addr) != b->f ||
	    bgp_addr_compare(addr, &b->node->address[b->f].addr) == 0 ||
	    !grow_table(b))
		return;
	slot = look_up(b, addr, far->port);
	if (*slot != 0)
		return;
	s = append(b);
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

/* ---------------------------------------------------------------- far ends */

/* A node as a peer: its own AS, port and cluster. */
static void
emit_node(struct builder *b, enum bgp_planned_type type,
	  const struct plan_peer *peer, uint32_t rank)
{
	const struct plan_node *node = b->plan->nodes[rank];
	struct far_end far = {
		.address = &node->address[b->f],
		.node = node->name,
		.port = bgp__plan_port(b->plan, node),
		.as_number = bgp__plan_as(b->plan, node),
		.cluster_id = node->cluster_id,
	};

	emit(b, type, peer, &far);
}

/* Every node of a row of bits, in the order of names. */
static void
emit_bits(struct builder *b, enum bgp_planned_type type,
	  const struct plan_peer *peer, const uint64_t *bits)
{
	for (uint32_t i = 0; i <= b->plan->node_count / 64; i++)
		for (uint64_t word = bits[i]; word != 0; word &= word - 1)
			emit_node(b, type, peer,
			    i * 64 + (uint32_t)__builtin_ctzll(word));
}

/* Calico's port rule: the node's own must not differ, nor that of all nodes,
 * even where the node has its own. */
static bool
port_fits(const struct bgp_plan *plan, const struct plan_node *node,
	  uint16_t port)
{
	return port == 0 ||
	    ((node->own_port == 0 || node->own_port == port) &&
		(plan->port == 0 || plan->port == port));
}

/* Is this node one that peerIP, asNumber and port speak of? */
static bool
is_meant(const struct bgp_plan *plan, const struct plan_node *node,
	 const struct plan_peer *peer, uint16_t port)
{
	uint32_t as_number = peer->spec.as_number;
	int f = bgp__plan_family(&peer->ip.addr);

	return bgp_addr_compare(&node->address[f].addr, &peer->ip.addr) == 0 &&
	    bgp__plan_as(plan, node) ==
	    (as_number != 0 ? as_number : plan->as_number) &&
	    port_fits(plan, node, port);
}

/* The node that has this address, or NULL. */
static const char *
owner_name(const struct bgp_plan *plan, const struct bgp_addr *addr)
{
	int f = bgp__plan_family(addr);
	uint32_t i = bgp__plan_owner(plan, addr);
	const struct plan_node *node;

	if (i == plan->address_count[f])
		return NULL;
	node = plan->nodes[plan->owners[f][i]];
	return bgp_addr_compare(&node->address[f].addr, addr) == 0 ?
	    node->name : NULL;
}

/* The port of the first node that peerIP and asNumber speak of, 0: none. */
static uint16_t
meant_port(const struct bgp_plan *plan, const struct plan_peer *peer)
{
	int f = bgp__plan_family(&peer->ip.addr);
	uint32_t i = bgp__plan_owner(plan, &peer->ip.addr);

	for (; i < plan->address_count[f]; i++) {
		const struct plan_node *node = plan->nodes[plan->owners[f][i]];

		if (bgp_addr_compare(&node->address[f].addr, &peer->ip.addr))
			break;
		if (is_meant(plan, node, peer, 0))
			return bgp__plan_port(plan, node);
	}
	return 0;
}

/* peerIP alone: what it says, and the port of the node it happens to be. */
static void
emit_ip(struct builder *b, enum bgp_planned_type type,
	const struct plan_peer *peer)
{
	const struct bgp_plan *plan = b->plan;
	struct far_end far = {
		.address = &peer->ip,
		.port = peer->port,
		.as_number = peer->spec.as_number,
		.local_as = peer->spec.local_as_number,
		.allowed_local_as = peer->spec.allowed_local_as,
	};

	if (bgp__plan_family(&peer->ip.addr) != b->f)
		return;
	far.node = owner_name(plan, &peer->ip.addr);
	far.may_wait = far.node != NULL;
	if (far.port == 0)
		far.port = meant_port(plan, peer);
	emit(b, type, peer, &far);
}

/* Workloads of this node that name the BGPPeer. */
static void
emit_workloads(struct builder *b, const struct plan_peer *peer)
{
	for (uint32_t i = 0; i < b->node->workload_count; i++) {
		const struct plan_workload *w = &b->node->workloads[i];
		struct far_end far = {
			.address = &w->address,
			.node = owner_name(b->plan, &w->address.addr),
			.as_number = peer->spec.as_number,
			.local_as = peer->spec.local_as_number,
		};

		if (strcmp(w->peer, peer->spec.name) == 0)
			emit(b, BGP_PLANNED_WORKLOAD, peer, &far);
	}
}

/* ------------------------------------------------------------------ passes */

static void
emit_forward(struct builder *b, enum bgp_planned_type type,
	     const struct plan_peer *peer)
{
	if (bgp__plan_given(peer->spec.workload_selector))
		emit_workloads(b, peer);
	else if (bgp__plan_given(peer->spec.peer_selector))
		emit_bits(b, type, peer, peer->far_bits);
	else
		emit_ip(b, type, peer);
}

/* A for the peers of every node, B for the others. */
static void
pass_forward(struct builder *b, bool global)
{
	for (uint32_t i = 0; i < b->plan->peer_count; i++) {
		const struct plan_peer *peer = b->plan->peers[i];

		if (bgp__plan_global(peer) == global &&
		    bgp__plan_local(peer, b->rank))
			emit_forward(b, global ? BGP_PLANNED_GLOBAL :
						 BGP_PLANNED_NODE, peer);
	}
}

static bool
is_far_end(const struct builder *b, const struct plan_peer *peer)
{
	if (peer->spec.reverse_manual ||
	    bgp__plan_given(peer->spec.workload_selector))
		return false;
	if (bgp__plan_given(peer->spec.peer_selector))
		return bgp__plan_bit(peer->far_bits, b->rank);
	return bgp__plan_family(&peer->ip.addr) == b->f &&
	    is_meant(b->plan, b->node, peer, peer->port);
}

static void
pass_back(struct builder *b)
{
	for (uint32_t i = 0; i < b->plan->peer_count; i++) {
		const struct plan_peer *peer = b->plan->peers[i];

		if (!is_far_end(b, peer))
			continue;
		if (bgp__plan_given(peer->spec.node_selector))
			emit_bits(b, BGP_PLANNED_NODE, peer, peer->local_bits);
		else if (peer->node_rank != PLAN_NONE)
			emit_node(b, BGP_PLANNED_NODE, peer, peer->node_rank);
		else if (bgp__plan_global(peer))
			for (uint32_t n = 0; n < b->plan->node_count; n++)
				emit_node(b, BGP_PLANNED_NODE, peer, n);
	}
}

static void
emit_mesh(struct builder *b, const struct plan_node *node)
{
	struct far_end far = {
		.address = &node->address[b->f],
		.node = node->name,
		.port = bgp__plan_port(b->plan, node),
		.as_number = bgp__plan_as(b->plan, node),
	};
	struct bgp_planned *s = append(b);

	if (s == NULL)
		return;
	fill(b, s, BGP_PLANNED_MESH, &far);
	s->source = b->node->address[b->f].addr;
	s->password = b->plan->mesh_password;
	s->restart_s = b->plan->mesh_restart_s;
	s->passive = above(b, far.address);
}

/* Every node that is no reflector with every other. */
static void
pass_mesh(struct builder *b)
{
	const struct bgp_plan *plan = b->plan;
	const struct bgp_addr *own = &b->node->address[b->f].addr;

	if (!b->mesh || !plan->mesh || b->node->cluster_id != 0)
		return;
	for (uint32_t i = 0; i < plan->address_count[b->f]; i++) {
		const struct plan_node *node = plan->nodes[plan->spoken[b->f]
								      [i]];

		if (b->err != BGP_OK)
			return;
		if (node->cluster_id == 0 &&
		    bgp_addr_compare(&node->address[b->f].addr, own) != 0)
			emit_mesh(b, node);
	}
}

/* ------------------------------------------------------------------- order */

static int
by_name(const void *ctx, uint32_t a, uint32_t b)
{
	const struct bgp_planned *list = ctx;
	int order = strcmp(list[a].name, list[b].name);

	return order != 0 ? order : a < b ? -1 : a > b;
}

/* By name for the reader; by address and port for comparing two plans. */
static int
by_place(const void *ctx, uint32_t a, uint32_t b)
{
	const struct bgp_planned *list = ctx;
	int order = bgp__planned_compare(&list[a], &list[b]);

	return order != 0 ? order : by_name(ctx, a, b);
}

static void
settle(struct builder *b)
{
	struct bgp_plan_sessions *s = b->out;
	uint32_t *scratch;

	if (b->err != BGP_OK || s->count == 0)
		return;
	s->by_name = bgp__mem_get(&b->plan->mem,
	    3 * (size_t)s->count * sizeof *s->by_name);
	if (s->by_name == NULL) {
		b->err = BGP_ERR_NOMEM;
		return;
	}
	s->by_place = s->by_name + s->count;
	scratch = s->by_place + s->count;
	for (uint32_t i = 0; i < s->count; i++)
		s->by_name[i] = s->by_place[i] = i;
	bgp__plan_sort(s->by_name, scratch, s->count, by_name, s->list);
	bgp__plan_sort(s->by_place, scratch, s->count, by_place, s->list);
}

int
bgp__planned_compare(const struct bgp_planned *a, const struct bgp_planned *b)
{
	int order = bgp_addr_compare(&a->peer, &b->peer);

	return order != 0 ? order : (int)a->port - (int)b->port;
}

/* ------------------------------------------------------------------- public */

static void
build(struct builder *b)
{
	if (!b->out->enabled)
		return;
	pass_forward(b, true);
	pass_forward(b, false);
	pass_back(b);
	pass_mesh(b);
	settle(b);
	bgp__mem_put(&b->plan->mem, b->table,
	    b->table_room * sizeof *b->table);
}

int
bgp__plan_sessions_of(struct bgp_plan *plan, uint32_t rank, int f, bool mesh,
		      struct bgp_plan_sessions **out)
{
	struct builder b = { .plan = plan, .node = plan->nodes[rank],
		.rank = rank, .f = f, .mesh = mesh };

	*out = NULL;
	b.out = bgp__mem_get(&plan->mem, sizeof *b.out);
	if (b.out == NULL)
		return BGP_ERR_NOMEM;
	b.out->plan = plan;
	b.out->enabled = b.node->address[f].addr.len != 0;
	build(&b);
	if (b.err != BGP_OK)
		bgp_plan_sessions_del(b.out);
	else
		*out = b.out;
	return b.err;
}

int
bgp_plan_sessions_new(struct bgp_plan *plan, const char *node,
		      bgp_family family, struct bgp_plan_sessions **out)
{
	uint32_t rank = bgp__plan_rank(plan, node);

	*out = NULL;
	if (family != BGP_IPV4_UNICAST && family != BGP_IPV6_UNICAST)
		return BGP_ERR_INVALID;
	if (rank == PLAN_NONE)
		return BGP_ERR_NOENT;
	return bgp__plan_sessions_of(plan, rank,
	    family == BGP_IPV4_UNICAST ? PLAN_V4 : PLAN_V6, true, out);
}

void
bgp_plan_sessions_del(struct bgp_plan_sessions *s)
{
	struct bgp__mem *mem;

	if (s == NULL)
		return;
	mem = &s->plan->mem;
	bgp__mem_put(mem, s->list, s->room * sizeof *s->list);
	bgp__mem_put(mem, s->by_name,
	    3 * (size_t)s->count * sizeof *s->by_name);
	bgp__mem_put(mem, s, sizeof *s);
}

const struct bgp_planned *
bgp_plan_sessions_at(const struct bgp_plan_sessions *s, size_t i)
{
	return i < s->count ? &s->list[s->by_name[i]] : NULL;
}

bool
bgp_plan_sessions_enabled(const struct bgp_plan_sessions *s)
{
	return s->enabled;
}
