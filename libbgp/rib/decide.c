/*
 * decide.c - rank a whole set of paths.            RFC 4271 9.1.2.2, RFC 4456 9
 *
 * The set is `count` indices into the candidates, kept in front of `set`; each
 * step keeps those that are best by its measure, in their order.
 *
 *   LOCAL_PREF  highest
 *   LOCAL       originated here
 *   AS_PATH     shortest
 *   ORIGIN      lowest
 *   MED         lowest, among paths of one neighbouring AS
 *   EBGP        received from another AS
 *   IGP_COST    nearest next hop            -> here the equal-cost set is kept
 *   ROUTER_ID   lowest ORIGINATOR_ID, or router id of the peer
 *   CLUSTER_LIST shortest
 *   ADDRESS     lowest
 *   PATH_ID     lowest
 *
 * A measure is a number of which less is better, so that all steps but two
 * are one loop over a table of measures.  MED compares only within a
 * neighbouring AS and so eliminates in pairs; ADDRESS is longer than a number.
 */
#include <string.h>

#include "bgp/rib.h"
#include "libbgp/base/mutate.h"

typedef uint64_t measure(const struct bgp_candidate *c);

static uint64_t
by_local_pref(const struct bgp_candidate *c)
{
	return UINT32_MAX - c->facts.local_pref;
}

static uint64_t
by_local(const struct bgp_candidate *c)
{
	return !c->local;
}

static uint64_t
by_as_path(const struct bgp_candidate *c)
{
	return c->facts.as_path_length;
}

static uint64_t
by_origin(const struct bgp_candidate *c)
{
	return c->facts.origin;
}

static uint64_t
by_med(const struct bgp_candidate *c)
{
	return c->facts.med;
}

static uint64_t
by_ebgp(const struct bgp_candidate *c)
{
	return !c->ebgp;
}

static uint64_t
by_igp_cost(const struct bgp_candidate *c)
{
	return c->igp_cost;
}

static uint64_t
by_router_id(const struct bgp_candidate *c)
{
	return c->facts.originator_id != 0 ? c->facts.originator_id
					   : c->router_id;
}

static uint64_t
by_cluster_list(const struct bgp_candidate *c)
{
	return c->facts.cluster_count;
}

static uint64_t
by_path_id(const struct bgp_candidate *c)
{
	return c->path_id;
}

/* Keeps the lowest of a measure; the answer is how many. */
static size_t
keep_lowest(const struct bgp_candidate *c, uint16_t *set, size_t count,
	    measure *of)
{
	uint64_t least = of(&c[set[0]]), m;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		m = of(&c[set[i]]);
		if (m < least) {
			least = m;
			kept = 0;
		}
		if (m == least)
			set[kept++] = set[i];
	}
	return kept;
}

static bool
has_lower_med(const struct bgp_candidate *c, const uint16_t *set, size_t count,
	      const struct bgp_candidate *than)
{
	for (size_t i = 0; i < count; i++)
		if (c[set[i]].facts.neighbour_as == than->facts.neighbour_as &&
		    c[set[i]].facts.med < than->facts.med)
			return true;
	return false;
}

/*
 * RFC 4271 9.1.2.2 c: drops every path that another of its neighbouring AS
 * beats.  Those dropped move behind the kept, for they still beat others.
 */
static size_t
keep_med(const struct bgp_candidate *c, uint16_t *set, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		uint16_t at = set[i];

		if (has_lower_med(c, set, count, &c[at]))
			continue;
		for (size_t k = i; k > kept; k--)
			set[k] = set[k - 1];
		set[kept++] = at;
	}
	return kept;
}

static size_t
keep_address(const struct bgp_candidate *c, uint16_t *set, size_t count)
{
	size_t kept = 0;
	int order;

	for (size_t i = 0; i < count; i++) {
		order = kept == 0
		    ? -1
		    : bgp_addr_compare(&c[set[i]].address, &c[set[0]].address);
		if (order < 0)
			kept = 0;
		if (order <= 0)
			set[kept++] = set[i];
	}
	return kept;
}

static const struct {
	enum bgp_step step;
	measure *of; /* NULL: address */
} steps[] = {
	{ BGP_STEP_LOCAL_PREF, by_local_pref }, /* RFC 4271 9.1.1 */
	{ BGP_STEP_LOCAL, by_local },
	{ BGP_STEP_AS_PATH, by_as_path },           /* 9.1.2.2 a */
	{ BGP_STEP_ORIGIN, by_origin },             /* b */
	{ BGP_STEP_MED, by_med },                   /* c */
	{ BGP_STEP_EBGP, by_ebgp },                 /* d */
	{ BGP_STEP_IGP_COST, by_igp_cost },         /* e */
	{ BGP_STEP_ROUTER_ID, by_router_id },       /* f, RFC 4456 9 */
	{ BGP_STEP_CLUSTER_LIST, by_cluster_list }, /* RFC 4456 9 */
	{ BGP_STEP_ADDRESS, NULL },                 /* g */
	{ BGP_STEP_PATH_ID, by_path_id },           /* RFC 7911 */
};

#define STEP_COUNT (sizeof steps / sizeof *steps)

static size_t
keep(const struct bgp_candidate *c, uint16_t *set, size_t count, unsigned step,
     bool compare_med)
{
	if (steps[step].step == BGP_STEP_MED && !compare_med)
		return keep_med(c, set, count);
	if (steps[step].step == BGP_STEP_ORIGIN && BGP__MUTATED(DECISION))
		return count;
	if (steps[step].of == NULL)
		return keep_address(c, set, count);
	return keep_lowest(c, set, count, steps[step].of);
}

/* Puts the best of the equal-cost set first; the rest keep their order. */
static void
put_first(uint16_t *equal, uint16_t best)
{
	size_t at = 0;

	while (equal[at] != best)
		at++;
	for (; at > 0; at--)
		equal[at] = equal[at - 1];
	equal[0] = best;
}

/*
 * Behind IGP_COST the measures are total, so pairwise is right here.  Answers
 * the first step in which two paths differ; *first: a is the better one.
 */
static unsigned
first_difference(const struct bgp_candidate *c, uint16_t a, uint16_t b,
		 bool *first)
{
	unsigned step = BGP_STEP_ROUTER_ID - BGP_STEP_LOCAL_PREF;
	uint16_t pair[2] = { a, b };

	while (step < STEP_COUNT && keep(c, pair, 2, step, true) == 2)
		step++;
	*first = pair[0] == a;
	return step;
}

/* The best of the equal-cost set, and the step that beat its last rival. */
static enum bgp_step
break_tie(const struct bgp_candidate *c, const uint16_t *equal, size_t count,
	  uint16_t *best)
{
	unsigned last = 0, step;
	bool first;

	*best = equal[0];
	for (size_t i = 1; i < count; i++) {
		first_difference(c, *best, equal[i], &first);
		*best = first ? *best : equal[i];
	}
	for (size_t i = 0; i < count; i++) {
		step = first_difference(c, *best, equal[i], &first);
		if (equal[i] != *best && step < STEP_COUNT && step > last)
			last = step;
	}
	return steps[last].step;
}

void
bgp_decide(const struct bgp_candidate *candidates, size_t count,
	   bool compare_med, uint16_t *equal, struct bgp_decision *out)
{
	size_t left = count;
	unsigned step = 0;
	uint16_t best;

	memset(out->reserved, 0, sizeof out->reserved);
	out->best = count;
	out->equal_count = count;
	out->step = count == 0 ? BGP_STEP_NONE : BGP_STEP_ONLY;
	for (size_t i = 0; i < count; i++)
		equal[i] = (uint16_t)i;
	if (count == 0)
		return;
	for (; left > 1 && steps[step].step <= BGP_STEP_IGP_COST; step++) {
		left = keep(candidates, equal, left, step, compare_med);
		if (left == 1)
			out->step = steps[step].step;
	}
	best = equal[0];
	if (left > 1) {
		out->step = break_tie(candidates, equal, left, &best);
		put_first(equal, best);
	}
	out->best = best;
	out->equal_count = left;
}

const char *
bgp_step_text(enum bgp_step step)
{
	static const char *const text[] = {
		"none",     "only",      "local-pref",   "local",
		"as-path",  "origin",    "med",          "ebgp",
		"igp-cost", "router-id", "cluster-list", "address",
		"path-id",
	};

	return (unsigned)step < sizeof text / sizeof *text ? text[step]
							   : "unknown";
}
