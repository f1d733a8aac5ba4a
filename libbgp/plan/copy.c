/*
 * copy.c - resources of the host into the planner's own memory, checked.
 *
 * What Calico's API refuses is refused here, with the field and the reason.
 * Each resource becomes one block: its struct, its lists, its strings.
 */
#include <stddef.h>
#include <string.h>

#include "libbgp/plan/plan.h"

int
bgp__plan_fault(struct bgp_plan_fault *fault, int err, const char *kind,
		const char *name, const char *field, const char *reason)
{
	if (fault != NULL) {
		fault->kind = kind;
		fault->name = name != NULL ? name : "";
		fault->field = field;
		fault->column = 0;
		fault->reason = reason;
	}
	return err;
}

void
bgp__plan_take(void *to, size_t to_size, const void *from)
{
	size_t size;

	memcpy(&size, from, sizeof size);
	memcpy(to, from, size < to_size ? size : to_size);
}

bool
bgp__plan_seconds(int64_t ms, int32_t *out)
{
	if (ms == BGP_PLAN_UNSET)
		*out = BGP_PLAN_UNSET;
	else if (ms < 0 || ms / 1000 >= INT32_MAX)
		return false;
	else
		*out = (int32_t)(ms / 1000 + (ms % 1000 >= 500));
	return true;
}

/* ----------------------------------------------------------------- strings */

/* Where strings go, behind each other; at NULL: only counted. */
struct packer {
	char *at;
	size_t len;
	bool too_long;
};

static const char *
pack(struct packer *p, const char *text)
{
	char *to = p->at;
	size_t len;

	if (text == NULL)
		return NULL;
	len = strlen(text) + 1;
	p->too_long = p->too_long || len > BGP_PLAN_TEXT_MAX;
	p->len += len;
	if (to != NULL) {
		memcpy(to, text, len);
		p->at += len;
	}
	return to;
}

/* --------------------------------------------------------------- addresses */

/* The address before '/' or the end; the length behind '/' must be one. */
static bool
parse_address(struct plan_address *out, const char *text)
{
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	struct bgp_prefix prefix;
	char buf[BGP_ADDR_TEXT_MAX];

	if (len >= sizeof buf)
		return false;
	memcpy(buf, text, len);
	buf[len] = '\0';
	if (bgp_addr_parse(&out->addr, buf) != BGP_OK ||
	    (slash != NULL && bgp_prefix_parse(&prefix, text) != BGP_OK)) {
		out->addr.len = 0;
		return false;
	}
	bgp_addr_text(&out->addr, out->text, sizeof out->text);
	return true;
}

static bool
parse_port(uint16_t *out, const char *text)
{
	uint32_t port = 0;

	if (*text == '\0')
		return false;
	for (; *text >= '0' && *text <= '9' && port <= 65535; text++)
		port = port * 10 + (uint32_t)(*text - '0');
	*out = (uint16_t)port;
	return *text == '\0' && port > 0 && port <= 65535;
}

/* "10.0.0.1", "10.0.0.1:179", "fd00::1", "[fd00::1]:179". */
static bool
parse_peer_ip(struct plan_peer *peer, const char *text)
{
	bool bracket = text[0] == '[';
	const char *from = text + bracket;
	const char *end = strchr(from, bracket ? ']' : ':');
	char buf[BGP_ADDR_TEXT_MAX];
	size_t len;

	if (strchr(text, '/') != NULL)
		return false;
	if (!bracket && (end == NULL || strchr(end + 1, ':') != NULL))
		return parse_address(&peer->ip, text);
	if (end == NULL || (bracket && *++end != ':'))
		return false;
	len = (size_t)(end - from) - bracket;
	if (len >= sizeof buf || !parse_port(&peer->port, end + 1))
		return false;
	memcpy(buf, from, len);
	buf[len] = '\0';
	return parse_address(&peer->ip, buf) &&
	    bracket == (peer->ip.addr.len == 16);
}

/* -------------------------------------------------------------------- node */

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
pack_node(struct packer *p, const struct bgp_plan_node *spec,
	  struct plan_node *node)
{
	for (size_t i = 0; i < spec->label_count; i++) {
		const char *key = pack(p, spec->labels[i].key);
		const char *value = pack(p, spec->labels[i].value);

		if (node != NULL)
			node->labels[i] = (struct bgp_label){ key, value };
	}
	for (size_t i = 0; i < spec->workload_count; i++) {
		const char *peer = pack(p, spec->workloads[i].peer);

		if (node != NULL)
			node->workloads[i].peer = peer;
	}
}

static int
check_node(const struct bgp_plan_node *spec, struct bgp_plan_fault *fault)
{
	const char *name = spec->name;

	if (!bgp__plan_given(name))
		return node_fault(fault, BGP_ERR_INVALID, name,
		    "metadata.name", "missing");
	if (spec->label_count > BGP_PLAN_LABELS_MAX)
		return node_fault(fault, BGP_ERR_LIMIT, name,
		    "metadata.labels", "too many");
	for (size_t i = 0; i < spec->label_count; i++)
		if (spec->labels[i].key == NULL ||
		    spec->labels[i].value == NULL)
			return node_fault(fault, BGP_ERR_INVALID, name,
			    "metadata.labels", "label without a value");
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
		    (!parse_address(&node->address[f], ip[f]) ||
			bgp__plan_family(&node->address[f].addr) != f))
			return node_fault(fault, BGP_ERR_INVALID, spec->name,
			    f == PLAN_V4 ? "bgp.ipv4Address" :
					   "bgp.ipv6Address",
			    "not an address of this family");
	if (bgp__plan_given(spec->cluster_id) &&
	    bgp_id_parse(&node->cluster_id, spec->cluster_id) != BGP_OK)
		return node_fault(fault, BGP_ERR_INVALID, spec->name,
		    "bgp.routeReflectorClusterID",
		    "not a dotted IPv4 number above 0.0.0.0");
	for (size_t i = 0; i < spec->workload_count; i++) {
		const struct bgp_plan_workload *w = &spec->workloads[i];

		if (!bgp__plan_given(w->peer) || !bgp__plan_given(w->address) ||
		    !parse_address(&node->workloads[i].address, w->address))
			return node_fault(fault, BGP_ERR_INVALID, spec->name,
			    "workloads", "not a BGPPeer and an address");
	}
	node->as_number = spec->as_number;
	return BGP_OK;
}

int
bgp__plan_copy_node(struct bgp__mem *mem, const struct bgp_plan_node *spec,
		    const char *name, struct plan_node **out,
		    struct bgp_plan_fault *fault)
{
	struct packer p = { NULL, 0, false };
	struct plan_node *node;
	size_t fixed;
	int err = check_node(spec, fault);

	if (err != BGP_OK)
		return err;
	pack_node(&p, spec, NULL);
	if (p.too_long || strlen(spec->name) >= BGP_PLAN_TEXT_MAX)
		return node_fault(fault, BGP_ERR_LIMIT, spec->name,
		    "metadata", "text too long");
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

/* -------------------------------------------------------------------- peer */

/* What the API refuses: a row for each rule, tested in this order. */
static bool
no_name(const struct bgp_plan_peer *p)
{
	return !bgp__plan_given(p->name);
}

static bool
two_locals(const struct bgp_plan_peer *p)
{
	return bgp__plan_given(p->node) && bgp__plan_given(p->node_selector);
}

static int
remotes(const struct bgp_plan_peer *p)
{
	return bgp__plan_given(p->peer_ip) + bgp__plan_given(p->peer_selector) +
	    bgp__plan_given(p->workload_selector);
}

static bool
no_remote(const struct bgp_plan_peer *p)
{
	return remotes(p) == 0;
}

static bool
two_remotes(const struct bgp_plan_peer *p)
{
	return remotes(p) > 1;
}

static bool
selector_with_as(const struct bgp_plan_peer *p)
{
	return bgp__plan_given(p->peer_selector) && p->as_number != 0;
}

static bool
workload_without_as(const struct bgp_plan_peer *p)
{
	return bgp__plan_given(p->workload_selector) && p->as_number == 0;
}

static bool
two_next_hops(const struct bgp_plan_peer *p)
{
	return p->keep_original_next_hop && p->next_hop != BGP_NEXT_HOP_AUTO;
}

static bool
strange_next_hop(const struct bgp_plan_peer *p)
{
	return (unsigned)p->next_hop > BGP_NEXT_HOP_KEEP;
}

static bool
gateway_without_ip(const struct bgp_plan_peer *p)
{
	return bgp__plan_given(p->reachable_by) && !bgp__plan_given(p->peer_ip);
}

static bool
too_many_filters(const struct bgp_plan_peer *p)
{
	return p->filter_count > BGP_PLAN_LISTS_MAX;
}

static const struct peer_rule {
	bool (*broken)(const struct bgp_plan_peer *peer);
	int err;
	const char *field, *reason;
} peer_rules[] = {
	{ no_name, BGP_ERR_INVALID, "metadata.name", "missing" },
	{ two_locals, BGP_ERR_INVALID, "nodeSelector", "excludes node" },
	{ no_remote, BGP_ERR_INVALID, "peerIP",
	  "missing, as are peerSelector and localWorkloadSelector" },
	{ two_remotes, BGP_ERR_INVALID, "peerSelector",
	  "one of peerIP, peerSelector, localWorkloadSelector only" },
	{ selector_with_as, BGP_ERR_INVALID, "asNumber",
	  "excluded by peerSelector" },
	{ workload_without_as, BGP_ERR_INVALID, "asNumber",
	  "missing with localWorkloadSelector" },
	{ two_next_hops, BGP_ERR_INVALID, "nextHopMode",
	  "excludes keepOriginalNextHop" },
	{ strange_next_hop, BGP_ERR_INVALID, "nextHopMode",
	  "not Auto, Self or Keep" },
	{ gateway_without_ip, BGP_ERR_INVALID, "reachableBy",
	  "needs peerIP" },
	{ too_many_filters, BGP_ERR_LIMIT, "filters", "too many" },
};

static int
peer_fault(struct bgp_plan_fault *fault, int err,
	   const struct bgp_plan_peer *spec, const char *field,
	   const char *reason)
{
	return bgp__plan_fault(fault, err, "BGPPeer", spec->name, field,
	    reason);
}

static int
check_peer(const struct bgp_plan_peer *spec, struct bgp_plan_fault *fault)
{
	const struct peer_rule *r = peer_rules;

	for (; r < peer_rules + sizeof peer_rules / sizeof *peer_rules; r++)
		if (r->broken(spec))
			return peer_fault(fault, r->err, spec, r->field,
			    r->reason);
	for (size_t i = 0; i < spec->filter_count; i++)
		if (!bgp__plan_given(spec->filters[i]))
			return peer_fault(fault, BGP_ERR_INVALID, spec,
			    "filters", "empty name");
	return BGP_OK;
}

/* Strings of the spec, in the order of its fields. */
static const size_t peer_strings[] = {
	offsetof(struct bgp_plan_peer, name),
	offsetof(struct bgp_plan_peer, node),
	offsetof(struct bgp_plan_peer, node_selector),
	offsetof(struct bgp_plan_peer, peer_ip),
	offsetof(struct bgp_plan_peer, peer_selector),
	offsetof(struct bgp_plan_peer, workload_selector),
	offsetof(struct bgp_plan_peer, password),
	offsetof(struct bgp_plan_peer, reachable_by),
};

static void
pack_peer(struct packer *p, const struct bgp_plan_peer *spec,
	  struct plan_peer *peer)
{
	for (size_t i = 0; i < sizeof peer_strings / sizeof *peer_strings;
	    i++) {
		const char *text, *copy;

		memcpy(&text, (const char *)spec + peer_strings[i],
		    sizeof text);
		copy = pack(p, text);
		if (peer != NULL)
			memcpy((char *)&peer->spec + peer_strings[i], &copy,
			    sizeof copy);
	}
	for (size_t i = 0; i < spec->filter_count; i++) {
		const char *filter = pack(p, spec->filters[i]);

		if (peer != NULL)
			peer->filters[i] = filter;
	}
}

static int
read_peer(struct plan_peer *peer, struct bgp_plan_fault *fault)
{
	struct bgp_plan_peer *spec = &peer->spec;

	if (bgp__plan_given(spec->peer_ip) &&
	    !parse_peer_ip(peer, spec->peer_ip))
		return peer_fault(fault, BGP_ERR_INVALID, spec, "peerIP",
		    "not an address with or without a port");
	if (bgp__plan_given(spec->reachable_by) &&
	    (bgp_addr_parse(&peer->reachable_by, spec->reachable_by) !=
		    BGP_OK ||
		peer->reachable_by.len != peer->ip.addr.len))
		return peer_fault(fault, BGP_ERR_INVALID, spec, "reachableBy",
		    "not an address of the family of peerIP");
	if (!bgp__plan_seconds(spec->restart_ms, &peer->restart_s))
		return peer_fault(fault, BGP_ERR_INVALID, spec,
		    "maxRestartTime", "out of range");
	if (!bgp__plan_seconds(spec->keepalive_ms, &peer->keepalive_s))
		return peer_fault(fault, BGP_ERR_INVALID, spec,
		    "keepaliveTime", "out of range");
	return BGP_OK;
}

/* The copy's strings are its own; a fault's name is the host's. */
static int
read_or_drop(struct bgp__mem *mem, struct plan_peer *peer,
	     const struct bgp_plan_peer *spec, struct bgp_plan_fault *fault)
{
	int err = read_peer(peer, fault);

	if (err == BGP_OK)
		return BGP_OK;
	bgp__mem_put(mem, peer, peer->block_len);
	if (fault != NULL)
		fault->name = spec->name;
	return err;
}

int
bgp__plan_copy_peer(struct bgp__mem *mem, const struct bgp_plan_peer *spec,
		    struct plan_peer **out, struct bgp_plan_fault *fault)
{
	struct packer p = { NULL, 0, false };
	struct plan_peer *peer;
	size_t fixed;
	int err = check_peer(spec, fault);

	if (err != BGP_OK)
		return err;
	pack_peer(&p, spec, NULL);
	if (p.too_long)
		return peer_fault(fault, BGP_ERR_LIMIT, spec, "spec",
		    "text too long");
	fixed = sizeof *peer + spec->filter_count * sizeof *peer->filters;
	peer = bgp__mem_get(mem, fixed + p.len);
	if (peer == NULL)
		return BGP_ERR_NOMEM;
	peer->block_len = fixed + p.len;
	peer->spec = *spec;
	peer->filters = (const char **)(peer + 1);
	p.at = (char *)peer + fixed;
	pack_peer(&p, spec, peer);
	err = read_or_drop(mem, peer, spec, fault);
	if (err == BGP_OK)
		*out = peer;
	return err;
}
