/*
 * mutate.h - places at which a test may break the library on purpose.
 *
 * What finds faults has to find these: tests/sim/test_mutation.c builds the
 * library with BGP__MUTATIONS, switches one on at a time, and must see it.  In
 * every other build the macro is 0, and nothing is left of it.
 */
#ifndef BGP_BASE_MUTATE_H
#define BGP_BASE_MUTATE_H

enum bgp__mutation {
	BGP__MUTATE_NOTHING,
	BGP__MUTATE_WITHDRAWAL, /* a group does not send it */
	BGP__MUTATE_DECISION,   /* ORIGIN is not asked */
	BGP__MUTATE_WAKE,       /* who waits in the stream is not woken */
	BGP__MUTATE_HOLD,       /* the hold timer is not started */
	BGP__MUTATE_IDLE_HOLD,  /* nor that of Idle */
	BGP__MUTATE_EOR,        /* End-of-RIB is not sent */
	BGP__MUTATE_SWEEP,      /* paths outlive their session */
	BGP__MUTATE_STAMP,      /* CLUSTER_LIST does not grow */
	BGP__MUTATE_POLICY,     /* a rejection is not obeyed */
	BGP__MUTATE_NEXT_HOP,   /* unreachable next hops are used */
	BGP__MUTATE_MED,        /* MED goes on to the next AS */
	BGP__MUTATE_REGROUP,    /* another export policy moves no peer */
	BGP__MUTATE_COUNT
};

#ifdef BGP__MUTATIONS
extern enum bgp__mutation bgp__mutation;
#define BGP__MUTATED(name) (bgp__mutation == BGP__MUTATE_##name)
#else
#define BGP__MUTATED(name) 0
#endif

#endif
