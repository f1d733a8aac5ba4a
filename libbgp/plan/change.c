/*
 * change.c - from one plan of a node to another, make before break.
 *
 * Both lists in the order of address and port are merged once for each phase;
 * a phase gives out the pairs that are its own.  Nothing is kept but a cursor.
 * A peer that only listens on another port keeps its connection: a second one
 * beside it would lose the collision (RFC 4271 6.8).
 *
 *   ADD      new sessions                     routes can only be gained
 *   WIDEN    changes that take nothing away   likewise
 *   WAIT     for the new ones                 now their routes are here
 *   RESTART  changes that end the session     its routes stay, stale
 *   WAIT     for the restarted                now they are fresh
 *   NARROW   a client that is one no more     others have what it loses
 *   REMOVE   sessions that are no more
 */
#include <string.h>

#include "libbgp/plan/sessions.h"

enum phase { ADD, WIDEN, WAIT_ADDED, RESTART, WAIT_RESTARTED, NARROW, REMOVE };

#define PHASES (REMOVE + 1)

/* ------------------------------------------------------------- what changed */

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_filters(const struct bgp_planned *a, const struct bgp_planned *b)
{
	if (a->filter_count != b->filter_count)
		return false;
	for (size_t i = 0; i < a->filter_count; i++)
		if (!same_text(a->filters[i], b->filters[i]))
			return false;
	return true;
}

/* What OPEN carries, or TCP: only a new connection has it. */
static bool
restarts(const struct bgp_planned *a, const struct bgp_planned *b)
{
	return a->peer_as != b->peer_as || a->local_as != b->local_as ||
	    bgp_addr_compare(&a->source, &b->source) != 0 ||
	    a->ttl_security_hops != b->ttl_security_hops ||
	    a->restart_s != b->restart_s || a->keepalive_s != b->keepalive_s ||
	    !same_text(a->password, b->password);
}

/* What is told to the peer or taken from it. */
static bool
refreshes(const struct bgp_planned *a, const struct bgp_planned *b)
{
	return a->client != b->client || a->cluster_id != b->cluster_id ||
	    a->next_hop != b->next_hop ||
	    a->allowed_local_as != b->allowed_local_as || !same_filters(a, b);
}

/* What the session is called, who dials, how it is reached. */
static bool
renames(const struct bgp_planned *a, const struct bgp_planned *b)
{
	return a->type != b->type || a->passive != b->passive ||
	    a->port != b->port || a->port_said != b->port_said ||
	    !same_text(a->resource, b->resource) ||
	    bgp_addr_compare(&a->reachable_by, &b->reachable_by) != 0;
}

static bool
changed(const struct bgp_planned *a, const struct bgp_planned *b)
{
	return restarts(a, b) || refreshes(a, b) || renames(a, b);
}

/* ------------------------------------------------------------------- phases */

/* Does this pair have a step in the phase? */
static bool
step_of(enum phase phase, const struct bgp_planned *from,
	const struct bgp_planned *to, struct bgp_plan_step *step)
{
	static const enum bgp_step_kind kinds[PHASES] = {
		[ADD] = BGP_CHANGE_ADD,
		[WIDEN] = BGP_CHANGE_MODIFY,
		[WAIT_ADDED] = BGP_CHANGE_WAIT,
		[RESTART] = BGP_CHANGE_MODIFY,
		[WAIT_RESTARTED] = BGP_CHANGE_WAIT,
		[NARROW] = BGP_CHANGE_MODIFY,
		[REMOVE] = BGP_CHANGE_REMOVE,
	};
	bool both = from != NULL && to != NULL;
	bool restart = both && restarts(from, to);
	bool narrow = both && !restart && from->client && !to->client;
	const bool mine[PHASES] = {
		[ADD] = from == NULL,
		[WIDEN] = both && !restart && !narrow && changed(from, to),
		[WAIT_ADDED] = from == NULL,
		[RESTART] = restart,
		[WAIT_RESTARTED] = restart,
		[NARROW] = narrow,
		[REMOVE] = to == NULL,
	};

	if (!mine[phase])
		return false;
	step->kind = kinds[phase];
	step->impact = step->kind != BGP_CHANGE_MODIFY ? BGP_IMPACT_NONE
	    : restart                                  ? BGP_IMPACT_RESTART
	    : refreshes(from, to)                      ? BGP_IMPACT_REFRESH
						       : BGP_IMPACT_NONE;
	step->from = step->kind == BGP_CHANGE_WAIT ? NULL : from;
	step->to = to;
	return true;
}

static const struct bgp_planned *
place(const struct bgp_plan_sessions *s, uint32_t i)
{
	return s != NULL && i < s->count ? &s->list[s->by_place[i]] : NULL;
}

static bool
one_peer(const struct bgp_planned *a, const struct bgp_planned *b)
{
	return b != NULL && bgp_addr_compare(&a->peer, &b->peer) == 0;
}

/* Is it the only session of its list with this address? */
static bool
alone(const struct bgp_plan_sessions *s, uint32_t i)
{
	const struct bgp_planned *own = place(s, i);

	return !one_peer(own, place(s, i + 1)) &&
	    !(i > 0 && one_peer(own, place(s, i - 1)));
}

/* Which comes first?  Where several have one address, port and name tell them
 * apart; one that stands alone may change both. */
static int
compare(const struct bgp_plan_sessions *from,
	const struct bgp_plan_sessions *to,
	const struct bgp_plan_cursor *cursor)
{
	const struct bgp_planned *a = place(from, cursor->from);
	const struct bgp_planned *b = place(to, cursor->to);
	int order;

	if (a == NULL || b == NULL)
		return a == NULL ? 1 : -1;
	if (one_peer(a, b) && alone(from, cursor->from) &&
	    alone(to, cursor->to))
		return 0;
	order = bgp__planned_compare(a, b);
	return order != 0 ? order : strcmp(a->name, b->name);
}

bool
bgp_plan_change(const struct bgp_plan_sessions *from,
		const struct bgp_plan_sessions *to,
		struct bgp_plan_cursor *cursor, struct bgp_plan_step *step)
{
	for (; cursor->phase < PHASES; cursor->phase++) {
		while (place(from, cursor->from) != NULL ||
		       place(to, cursor->to) != NULL) {
			const struct bgp_planned *a = NULL, *b = NULL;
			int order = compare(from, to, cursor);

			if (order <= 0)
				a = place(from, cursor->from++);
			if (order >= 0)
				b = place(to, cursor->to++);
			if (step_of((enum phase)cursor->phase, a, b, step))
				return true;
		}
		cursor->from = cursor->to = 0;
	}
	return false;
}
