/*
 * guard.h - who may be called now: the doors of an object and its callbacks.
 *
 *   door (a public function)
 *     |  bgp__guard_refuses?  -> BGP_ERR_STATE, but in functions marked [cb]
 *     |  bgp__guard_begin
 *     |    work ......... bgp__guard_callback_begin, the host, .._end
 *     |    "later, please"
 *     '  bgp__guard_end
 *          the outermost: what waits runs, in order: nothing is half done
 *            bgp__guard_raise_begin, the host, bgp__guard_raise_end
 *
 * Every object that calls its host has a guard of its own, or the one that its
 * owner lent it: the sessions, RIB and groups of a speaker use the speaker's,
 * so that a callback of one shuts the doors of all.  Behind the doors nobody
 * asks.
 *
 * A callback runs in the middle of things (`middle`), where a list is being
 * walked or a record is in the caller's hand, unless it was raised at the end
 * of the outermost call.  What a [cb] function cannot do in the middle it notes
 * in a `later`, part of the object that waits: no memory is needed, each is in
 * the list once at most, and order is kept.
 */
#ifndef BGP_BASE_GUARD_H
#define BGP_BASE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "libbgp/base/bug.h"

/* Something that waits for the end of the outermost call. */
struct bgp__later {
	struct bgp__later *next;
	void (*run)(struct bgp__later *later);
	bool waits;
};

struct bgp__guard {
	unsigned calls;     /* under way, one within another */
	unsigned callbacks; /* of the host that are running */
	unsigned middle;    /* of these, called with something half done */
	struct bgp__later *first, *last;
};

/* Must a function that is not marked [cb] answer BGP_ERR_STATE? */
static inline bool
bgp__guard_refuses(const struct bgp__guard *guard)
{
	return bgp__bug(guard->callbacks > 0);
}

/* Is something half done beneath the callback that runs? */
static inline bool
bgp__guard_middle(const struct bgp__guard *guard)
{
	return guard->middle > 0;
}

/* ------------------------------------------------------------------- later */

/* At the end of the outermost call, which must be under way.  `run` may ask for
 * more; it finds nothing half done.  A host that asks again each time it is
 * called back keeps the call from ending. */
static inline void
bgp__guard_later(struct bgp__guard *guard, struct bgp__later *later)
{
	if (later->waits)
		return;
	later->waits = true;
	later->next = NULL;
	if (guard->first != NULL)
		guard->last->next = later;
	else
		guard->first = later;
	guard->last = later;
}

/* It is about to be freed, or has nothing to do any more. */
static inline void
bgp__guard_forget(struct bgp__guard *guard, struct bgp__later *later)
{
	struct bgp__later *before = NULL;

	if (!later->waits)
		return;
	for (struct bgp__later *at = guard->first; at != later; at = at->next)
		before = at;
	if (before != NULL)
		before->next = later->next;
	else
		guard->first = later->next;
	if (guard->last == later)
		guard->last = before;
	later->waits = false;
}

/* ------------------------------------------------------------------- calls */

/* A call begins: from the host, or from the owner of the object. */
static inline void
bgp__guard_begin(struct bgp__guard *guard)
{
	guard->calls++;
}

/* It ends; the outermost carries out what waits. */
static inline void
bgp__guard_end(struct bgp__guard *guard)
{
	struct bgp__later *later;

	while (guard->calls == 1 && guard->callbacks == 0 &&
	       (later = guard->first) != NULL) {
		guard->first = later->next;
		later->waits = false;
		later->run(later);
	}
	guard->calls--;
}

/* It ends, and what waits goes on waiting: whoever called would find what it
 * was just answered to be gone.  The owner's deadline is past while something
 * waits. */
static inline void
bgp__guard_leave(struct bgp__guard *guard)
{
	guard->calls--;
}

/* --------------------------------------------------------------- callbacks */

/* The host is called in the middle of things; policies too. */
static inline void
bgp__guard_callback_begin(struct bgp__guard *guard)
{
	guard->callbacks++;
	guard->middle++;
}

static inline void
bgp__guard_callback_end(struct bgp__guard *guard)
{
	guard->callbacks--;
	guard->middle--;
}

/* The host is called from the `run` of a later that has nothing half done. */
static inline void
bgp__guard_raise_begin(struct bgp__guard *guard)
{
	guard->callbacks++;
}

static inline void
bgp__guard_raise_end(struct bgp__guard *guard)
{
	guard->callbacks--;
}

#endif
