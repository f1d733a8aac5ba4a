/*
 * audit.c - look at the sessions of a whole cluster.
 *
 * The steps of audit.h in their order, and what they found as text.
 */
#include "libbgp/base/text.h"
#include "libbgp/plan/audit.h"

void *
bgp__audit_get(struct bgp_audit *audit, size_t len)
{
	void *octets = bgp__mem_get(bgp__audit_mem(audit), len);

	if (octets == NULL && len > 0)
		audit->err = BGP_ERR_NOMEM;
	return octets;
}

void
bgp__audit_add(struct bgp_audit *audit, enum bgp_finding_kind kind,
	       uint32_t node, uint32_t peer, const char *reason, uint64_t pairs)
{
	uint32_t room = 2 * audit->finding_room + 16;
	struct bgp_finding *fresh;

	audit->sum.findings++;
	if (audit->finding_count == BGP_AUDIT_FINDINGS_MAX)
		return;
	if (audit->finding_count == audit->finding_room) {
		fresh = bgp__mem_resize(bgp__audit_mem(audit), audit->findings,
					audit->finding_room * sizeof *fresh,
					room * sizeof *fresh);
		if (fresh == NULL) {
			audit->err = BGP_ERR_NOMEM;
			return;
		}
		audit->findings = fresh;
		audit->finding_room = room;
	}
	audit->findings[audit->finding_count++] = (struct bgp_finding){
		kind, audit->plan->nodes[node]->name,
		peer != PLAN_NONE ? audit->plan->nodes[peer]->name : NULL,
		reason, pairs
	};
}

/* Only findings and sums outlive the making. */
static void
drop_graph(struct bgp_audit *audit)
{
	struct bgp__mem *mem = bgp__audit_mem(audit);
	uint32_t n = audit->plan->node_count;

	bgp__mem_put(mem, audit->nodes, n * sizeof *audit->nodes);
	bgp__mem_put(mem, audit->edges,
		     audit->edge_room * sizeof *audit->edges);
	bgp__mem_put(mem, audit->speakers, n * sizeof *audit->speakers);
	bgp__mem_put(mem, audit->ways, audit->way_room * sizeof *audit->ways);
	audit->nodes = NULL;
	audit->edges = NULL;
	audit->speakers = NULL;
	audit->ways = NULL;
}

int
bgp_audit_new(struct bgp_plan *plan, bgp_family family, struct bgp_audit **out)
{
	struct bgp_audit *audit;
	int err;

	*out = NULL;
	if (family != BGP_IPV4_UNICAST && family != BGP_IPV6_UNICAST)
		return BGP_ERR_INVALID;
	audit = bgp__mem_get(&plan->mem, sizeof *audit);
	if (audit == NULL)
		return BGP_ERR_NOMEM;
	audit->plan = plan;
	audit->f = family == BGP_IPV4_UNICAST ? PLAN_V4 : PLAN_V6;
	bgp__audit_gather(audit);
	bgp__audit_pair(audit);
	bgp__audit_group(audit);
	bgp__audit_spread(audit);
	drop_graph(audit);
	err = audit->err;
	if (err == BGP_OK)
		*out = audit;
	else
		bgp_audit_del(audit);
	return err;
}

void
bgp_audit_del(struct bgp_audit *audit)
{
	struct bgp__mem *mem;

	if (audit == NULL)
		return;
	mem = bgp__audit_mem(audit);
	bgp__mem_put(mem, audit->findings,
		     audit->finding_room * sizeof *audit->findings);
	bgp__mem_put(mem, audit, sizeof *audit);
}

const struct bgp_finding *
bgp_audit_at(const struct bgp_audit *audit, size_t i)
{
	return i < audit->finding_count ? &audit->findings[i] : NULL;
}

void
bgp_audit_summary(const struct bgp_audit *audit, struct bgp_audit_summary *out)
{
	*out = audit->sum;
}

/* --------------------------------------------------------------------- text */

/* Node, `verb`, peer where there is one, `tail`. */
static const struct {
	const char *verb, *tail;
} phrases[] = {
	[BGP_FINDING_ONE_SIDED] = { " expects a session with ",
				    ", which does not expect it" },
	[BGP_FINDING_DISAGREE] = { " and ", " expect a session but disagree" },
	[BGP_FINDING_BOTH_PASSIVE] = { " and ",
				       " both wait for the other to connect" },
	[BGP_FINDING_DUPLICATE] = { " and ",
				    " have two sessions with each other" },
	[BGP_FINDING_ADDRESS] = { " and ", " have the same address" },
	[BGP_FINDING_ALONE] = { " has no session", "" },
	[BGP_FINDING_NO_CLIENT] = { " is a reflector that nobody is a client "
				    "of",
				    "" },
	[BGP_FINDING_SPLIT_CLIENT] = { " and ",
				       " have the same cluster id but not the "
				       "same clients" },
	[BGP_FINDING_UNREACHED] = { "'s routes do not reach ", "" },
	[BGP_FINDING_OUTSIDE] = { "'s routes reach ",
				  " by peers outside the cluster or not at "
				  "all" },
	[BGP_FINDING_SINGLE_POINT] = { " is a single point of failure", "" },
};

size_t
bgp_finding_text(const struct bgp_finding *finding, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_str(&t, finding->node);
	bgp__text_str(&t, phrases[finding->kind].verb);
	if (finding->peer != NULL)
		bgp__text_str(&t, finding->peer);
	bgp__text_str(&t, phrases[finding->kind].tail);
	if (finding->reason != NULL) {
		bgp__text_str(&t, ": ");
		bgp__text_str(&t, finding->reason);
	}
	if (finding->pairs > 1 ||
	    (finding->pairs > 0 && finding->peer == NULL)) {
		bgp__text_str(&t, " (");
		bgp__text_u64(&t, finding->pairs);
		bgp__text_str(&t,
			      finding->pairs == 1 ? " pair of nodes)"
						  : " pairs of nodes)");
	}
	return bgp__text_end(&t);
}
