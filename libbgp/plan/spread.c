/*
 * spread.c - follow a route of each speaker to all others.   RFC 4456 6, 8, 9
 *
 * Every speaker keeps and passes on its best path alone.  On each hop a path
 * grows worse in the order of the decision (AS_PATH, eBGP before iBGP, who
 * brought it into the AS, CLUSTER_LIST, peer's address), so taking the best
 * offer anywhere, again and again, finds what BGP settles on; the offers wait
 * in a heap.  The hops taken form a tree: taking a speaker away changes nothing
 * unless something hangs below it.
 *
 *        s --- r1 --- c         lose r1: followed afresh; it may change what
 *          \-- r2 --- d         r2 is told, and by whom
 *                               lose c or d: as it was
 */
#include <string.h>

#include "libbgp/plan/audit.h"

#define UNSETTLED PLAN_NONE

/* An offer: smaller keys are better. */
struct offer {
	uint64_t key;
	uint32_t from, to, way; /* way: of `from` to `to` */
};

/* What a speaker settled on. */
struct best {
	uint64_t key;    /* while UNSETTLED: of the best offer so far */
	uint32_t parent; /* itself: its own route; UNSETTLED: none */
	uint32_t way;    /* of the parent */
};

struct spread {
	struct bgp_audit *audit;
	struct best *best, *base; /* now; and with nobody missing */
	uint8_t *lost;            /* reached only while all are there */
	uint8_t *passes;          /* has somebody below it */
	uint64_t *cut;            /* pairs lost without a speaker */
	struct offer *heap;
	uint32_t heap_count, heap_room;
	uint32_t origin, missing;
	uint64_t steps; /* taken, of BGP_AUDIT_STEPS_MAX */
};

/* --------------------------------------------------------------------- heap */

static void
push(struct spread *sp, struct offer offer)
{
	uint32_t i = sp->heap_count, room = 2 * sp->heap_room + 64;
	struct offer *fresh;

	if (i == sp->heap_room) {
		fresh = bgp__mem_resize(bgp__audit_mem(sp->audit), sp->heap,
					sp->heap_room * sizeof *fresh,
					room * sizeof *fresh);
		if (fresh == NULL) {
			sp->audit->err = BGP_ERR_NOMEM;
			return;
		}
		sp->heap = fresh;
		sp->heap_room = room;
	}
	sp->heap_count++;
	for (; i > 0 && sp->heap[(i - 1) / 2].key > offer.key; i = (i - 1) / 2)
		sp->heap[i] = sp->heap[(i - 1) / 2];
	sp->heap[i] = offer;
}

static struct offer
pop(struct spread *sp)
{
	struct offer top = sp->heap[0], last = sp->heap[--sp->heap_count];
	uint32_t i = 0, child;

	while ((child = 2 * i + 1) < sp->heap_count) {
		if (child + 1 < sp->heap_count &&
		    sp->heap[child + 1].key < sp->heap[child].key)
			child++;
		if (sp->heap[child].key >= last.key)
			break;
		sp->heap[i] = sp->heap[child];
		i = child;
	}
	sp->heap[i] = last;
	return top;
}

/* ------------------------------------------------------------------- offers */

/* The key of a path:  AS_PATH | iBGP | brought in by | CLUSTER_LIST | peer. */
#define KEY_AS(key)      ((key) >> 48)
#define KEY_IBGP         (UINT64_C(1) << 47)
#define KEY_ROUTER(r)    ((uint64_t)(r) << 28)
#define KEY_CLUSTER      (UINT64_C(1) << 16)
#define KEY_PEER_MASK    UINT64_C(0xffff)
#define KEY_CLUSTER_MASK UINT64_C(0xfff0000)

static const struct audit_way *
way_of(const struct spread *sp, uint32_t way)
{
	return &sp->audit->ways[way];
}

static uint32_t
cluster_of(const struct spread *sp, uint32_t at)
{
	return sp->audit->speakers[at].cluster_id;
}

/* Was the path received from an iBGP peer? */
static bool
is_ibgp(const struct spread *sp, uint32_t at)
{
	return at != sp->origin && !way_of(sp, sp->best[at].way)->ebgp;
}

/* Each eBGP hop put its sender's AS there.                   RFC 4271 9.1.2 */
static bool
in_as_path(const struct spread *sp, uint32_t from, const struct audit_way *w)
{
	const struct bgp_plan *plan = sp->audit->plan;
	uint32_t own = bgp__plan_as(
	    plan, plan->nodes[sp->audit->speakers[w->to].rank]);

	if (w->ebgp && w->as_number == own)
		return true;
	if (KEY_AS(sp->best[from].key) == 0)
		return false;
	for (; from != sp->origin; from = sp->best[from].parent) {
		const struct audit_way *hop = way_of(sp, sp->best[from].way);

		if (hop->ebgp && hop->as_number == own)
			return true;
	}
	return false;
}

/* Why an offer is not made, or not taken; NULL: it is.     RFC 4456 6, 8 */
static const char *
refuse(const struct spread *sp, uint32_t from, const struct audit_way *w)
{
	uint32_t at, cluster = cluster_of(sp, w->to);

	if (!w->ebgp && is_ibgp(sp, from) && !w->to_client &&
	    !way_of(sp, sp->best[from].way)->from_client)
		return "a route from a non-client is not passed to a "
		       "non-client";
	/* CLUSTER_LIST: those who passed it on within the AS. */
	for (at = from; !w->ebgp && is_ibgp(sp, at); at = sp->best[at].parent)
		if (cluster != 0 && cluster_of(sp, at) == cluster)
			return "its cluster id is in the CLUSTER_LIST";
	return in_as_path(sp, from, w) ? "its AS is in the AS_PATH" : NULL;
}

static uint64_t
key_of(const struct spread *sp, uint32_t from, const struct audit_way *w)
{
	const struct audit_speaker *s = &sp->audit->speakers[from];
	uint64_t key = sp->best[from].key & ~KEY_PEER_MASK;

	if (w->ebgp)
		return (KEY_AS(key) + 1) << 48 | KEY_ROUTER(s->router_order) |
		    s->address_order;
	if (is_ibgp(sp, from))
		key += KEY_CLUSTER;
	else
		key = KEY_AS(key) << 48 | KEY_IBGP |
		    KEY_ROUTER(s->router_order);
	return key | s->address_order;
}

static void
offer(struct spread *sp, uint32_t from, uint32_t way)
{
	const struct audit_way *w = way_of(sp, way);
	uint64_t key;

	if (sp->best[w->to].parent != UNSETTLED || w->to == sp->missing)
		return;
	key = key_of(sp, from, w);
	if (key >= sp->best[w->to].key || refuse(sp, from, w) != NULL)
		return;
	sp->best[w->to].key = key;
	push(sp, (struct offer){ key, from, w->to, way });
}

static void
settle(struct spread *sp, struct offer o)
{
	const struct audit_speaker *s = &sp->audit->speakers[o.to];

	sp->best[o.to] = (struct best){ o.key, o.from, o.way };
	sp->steps += s->count;
	if (sp->steps > BGP_AUDIT_STEPS_MAX)
		sp->audit->err = BGP_ERR_LIMIT;
	for (uint32_t i = 0; i < s->count; i++)
		offer(sp, o.to, s->first + i);
}

static void
follow(struct spread *sp, uint32_t origin, uint32_t missing)
{
	for (uint32_t i = 0; i < sp->audit->speaker_count; i++)
		sp->best[i] = (struct best){ UINT64_MAX, UNSETTLED, 0 };
	sp->steps += sp->audit->speaker_count;
	sp->origin = origin;
	sp->missing = missing;
	sp->heap_count = 0;
	settle(sp, (struct offer){ 0, origin, origin, 0 });
	while (sp->heap_count > 0 && sp->audit->err == BGP_OK) {
		struct offer o = pop(sp);

		if (sp->best[o.to].parent == UNSETTLED)
			settle(sp, o);
	}
}

/* Ordered pairs that this speaker and the origin stand for. */
static uint64_t
pairs_of(const struct spread *sp, uint32_t at)
{
	const struct audit_speaker *s = &sp->audit->speakers[sp->origin];
	const struct audit_speaker *t = &sp->audit->speakers[at];

	if (s->second == at)
		return (uint64_t)s->weight * (s->weight - 1);
	return at == sp->origin ? 0 : (uint64_t)s->weight * t->weight;
}

/* --------------------------------------------------------- with one missing */

static void
count_lost(struct spread *sp, uint32_t missing)
{
	for (uint32_t at = 0; at < sp->audit->speaker_count; at++) {
		uint64_t pairs = pairs_of(sp, at);

		if (sp->base[at].parent == UNSETTLED || at == missing ||
		    sp->best[at].parent != UNSETTLED || pairs == 0)
			continue;
		sp->lost[at] = 1;
		sp->cut[missing] += pairs;
	}
}

/* Once more without each that passed the route on. */
static void
lose_each(struct spread *sp)
{
	uint32_t count = sp->audit->speaker_count, origin = sp->origin;

	memcpy(sp->base, sp->best, count * sizeof *sp->base);
	memset(sp->lost, 0, count);
	memset(sp->passes, 0, count);
	for (uint32_t i = 0; i < count; i++)
		if (sp->base[i].parent != UNSETTLED)
			sp->passes[sp->base[i].parent] = 1;
	for (uint32_t i = 0; i < count && sp->audit->err == BGP_OK; i++) {
		if (!sp->passes[i] || i == origin)
			continue;
		follow(sp, origin, i);
		count_lost(sp, i);
	}
	memcpy(sp->best, sp->base, count * sizeof *sp->best);
}

/* ------------------------------------------------------------- what is said */

/* Why did `at` not hear it?  First what its own peers refuse, then any. */
static const char *
why(const struct spread *sp, uint32_t at)
{
	const char *elsewhere = NULL;

	for (uint32_t from = 0; from < sp->audit->speaker_count; from++) {
		const struct audit_speaker *s = &sp->audit->speakers[from];

		if (sp->best[from].parent == UNSETTLED)
			continue;
		for (uint32_t i = 0; i < s->count; i++) {
			const struct audit_way *w = way_of(sp, s->first + i);

			if (w->to == at)
				return refuse(sp, from, w);
			if (elsewhere == NULL &&
			    sp->best[w->to].parent == UNSETTLED)
				elsewhere = refuse(sp, from, w);
		}
	}
	return elsewhere != NULL ? elsewhere
				 : "no chain of sessions joins them";
}

static void
report(struct spread *sp, uint32_t at, uint64_t pairs)
{
	struct bgp_audit *audit = sp->audit;
	uint32_t node = audit->speakers[sp->origin].rank;
	uint32_t peer = audit->speakers[at].rank;
	bool outside = audit->nodes[node].outside > 0 &&
	    audit->nodes[peer].outside > 0;

	bgp__audit_add(
	    audit, outside ? BGP_FINDING_OUTSIDE : BGP_FINDING_UNREACHED, node,
	    peer,
	    audit->finding_count < BGP_AUDIT_FINDINGS_MAX ? why(sp, at) : NULL,
	    pairs);
}

static void
take_stock(struct spread *sp)
{
	for (uint32_t at = 0; at < sp->audit->speaker_count; at++) {
		uint64_t pairs = pairs_of(sp, at);

		sp->audit->sum.pairs += pairs;
		if (pairs == 0)
			continue;
		if (sp->best[at].parent == UNSETTLED) {
			report(sp, at, pairs);
			continue;
		}
		sp->audit->sum.reached += pairs;
		sp->audit->sum.redundant += sp->lost[at] ? 0 : pairs;
	}
}

static void
report_single_points(struct spread *sp)
{
	struct bgp_audit *audit = sp->audit;

	for (uint32_t i = 0; i < audit->speaker_count; i++)
		if (sp->cut[i] > 0)
			bgp__audit_add(audit, BGP_FINDING_SINGLE_POINT,
				       audit->speakers[i].rank, PLAN_NONE, NULL,
				       sp->cut[i]);
}

/* ----------------------------------------------------------------- the step */

static void
run(struct spread *sp)
{
	for (uint32_t i = 0; i < sp->audit->speaker_count; i++) {
		if (sp->audit->err != BGP_OK)
			return;
		if (sp->audit->speakers[i].weight == 0)
			continue;
		follow(sp, i, PLAN_NONE);
		lose_each(sp);
		if (sp->audit->err == BGP_OK)
			take_stock(sp);
	}
	if (sp->audit->err == BGP_OK)
		report_single_points(sp);
}

void
bgp__audit_spread(struct bgp_audit *audit)
{
	uint32_t n = audit->speaker_count;
	struct spread sp = { .audit = audit };
	size_t len = n *
	    (2 * sizeof *sp.best + sizeof *sp.cut + 2 * sizeof *sp.lost);

	if (audit->err != BGP_OK || n == 0)
		return;
	sp.best = bgp__audit_get(audit, len);
	if (sp.best == NULL)
		return;
	sp.base = sp.best + n;
	sp.cut = (uint64_t *)(sp.base + n);
	sp.lost = (uint8_t *)(sp.cut + n);
	sp.passes = sp.lost + n;
	run(&sp);
	bgp__mem_put(bgp__audit_mem(audit), sp.heap,
		     sp.heap_room * sizeof *sp.heap);
	bgp__mem_put(bgp__audit_mem(audit), sp.best, len);
}
