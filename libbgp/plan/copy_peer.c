/*
 * copy_peer.c - a BGPPeer of the host, checked and copied.
 *
 * What Calico's API refuses is refused here, with the field and the reason: the
 * rules are a table.
 */
#include <stddef.h>
#include <string.h>

#include "libbgp/plan/copy.h"

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
	{ gateway_without_ip, BGP_ERR_INVALID, "reachableBy", "needs peerIP" },
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
pack_peer(struct plan_packer *p, const struct bgp_plan_peer *spec,
	  struct plan_peer *peer)
{
	for (size_t i = 0; i < sizeof peer_strings / sizeof *peer_strings;
	     i++) {
		const char *text, *copy;

		memcpy(&text, (const char *)spec + peer_strings[i],
		       sizeof text);
		copy = bgp__plan_pack(p, text);
		if (peer != NULL)
			memcpy((char *)&peer->spec + peer_strings[i], &copy,
			       sizeof copy);
	}
	for (size_t i = 0; i < spec->filter_count; i++) {
		const char *filter = bgp__plan_pack(p, spec->filters[i]);

		if (peer != NULL)
			peer->filters[i] = filter;
	}
}

static int
read_peer(struct plan_peer *peer, struct bgp_plan_fault *fault)
{
	struct bgp_plan_peer *spec = &peer->spec;

	if (bgp__plan_given(spec->peer_ip) &&
	    !bgp__plan_peer_ip_parse(&peer->ip, &peer->port, spec->peer_ip))
		return peer_fault(fault, BGP_ERR_INVALID, spec, "peerIP",
				  "not an address with or without a port");
	if (bgp__plan_given(spec->reachable_by) &&
	    (bgp_addr_parse(&peer->reachable_by, spec->reachable_by) !=
		 BGP_OK ||
	     peer->reachable_by.len != peer->ip.addr.len ||
	     peer->reachable_by.scope != 0))
		return peer_fault(fault, BGP_ERR_INVALID, spec, "reachableBy",
				  "not an address of the family of peerIP");
	if (!bgp__plan_seconds(spec->restart_ms, &peer->restart_s))
		return peer_fault(fault, BGP_ERR_INVALID, spec,
				  "maxRestartTime", "out of range");
	if (!bgp__plan_seconds(spec->keepalive_ms, &peer->keepalive_s))
		return peer_fault(fault, BGP_ERR_INVALID, spec, "keepaliveTime",
				  "out of range");
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
	struct plan_packer p = { NULL, 0, false };
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
