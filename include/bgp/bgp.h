/*
 * bgp/bgp.h - libbgp: octets into routes, routes into octets.
 *
 * The library opens no socket, reads no clock, starts no thread, prints nothing
 * and never aborts on input.  The host brings sockets, clock, memory and
 * forwarding table.  Take as much as you need, from the bottom up:
 *
 *     codec.h    messages and octets, nothing else
 *     session.h  one peer: FSM, timers, up to two connections
 *     rib.h      routes of many peers stored, ranked and looked at; no session
 *     reflect.h  what is sent to whom: route reflection on a RIB
 *     speaker.h  many peers, one RIB, reflection
 *     plan.h     which node of a cluster peers with which
 *
 * Conventions, for every function of every header:
 *
 * Errors.  A call answers BGP_OK (0), a count, or a negative enum bgp_err; on
 * an error the object is as it was before the call.  What a peer does wrong is
 * not an error of a call: it is data, struct bgp_fault, and was dealt with as
 * RFC 7606 says.  A bug of the caller - a function called from a callback
 * that is not marked [cb], a size that was forgotten - answers BGP_ERR_STATE or
 * BGP_ERR_INVALID; a library built with -Dasserts=true stops there instead.
 *
 * Ownership.  Octets passed in are borrowed for the call.  Octets lent by
 * bgp_conn_output stay valid until bgp_conn_sent, until the connection ends,
 * or, of a speaker, until its next tick or input: output, the write and sent
 * belong together, and who writes later copies first.
 * Pointers in callbacks are borrowed until the callback returns.  Who calls
 * _new calls _del; _del(NULL) does nothing.
 *
 * Memory.  All comes from the host's allocator, is counted, and is bounded by
 * the limits named in the headers.  When it fails, nothing already held is
 * lost; where one peer's routes can no longer be held, that session ends with
 * Cease/Out of Resources and the rest goes on.
 *
 * Time and chance.  now_ms is monotonic, of any origin.  Jitter and hashes are
 * seeded by options: same inputs, same octets out.
 *
 * Threads.  No globals: two speakers share nothing.  One object is used by one
 * thread at a time.
 *
 * Options and events.  Such a struct begins with its size; use its initialiser.
 * Fields are appended, never moved: what an older host's struct does not have
 * is as its initialiser says, and what a newer host's has more must be zero.  A
 * size that was forgotten, or fields set that the library does not know, answer
 * BGP_ERR_INVALID.
 *
 * What the library fills has a size too, or reserved room that is 0.
 *
 * Octets and numbers.  Wire octets are in network order; AS numbers, router
 * ids and cluster ids are numbers in host order.  len counts octets, count
 * counts elements, bits is a prefix length.
 */
#ifndef BGP_BGP_H
#define BGP_BGP_H

#include "bgp/codec.h"
#include "bgp/error.h"
#include "bgp/fsm.h"
#include "bgp/plan.h"
#include "bgp/reflect.h"
#include "bgp/rib.h"
#include "bgp/session.h"
#include "bgp/speaker.h"
#include "bgp/types.h"

#define BGP_VERSION_MAJOR 0
#define BGP_VERSION_MINOR 1
#define BGP_VERSION_PATCH 0
#define BGP_VERSION       "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* The version of the library that runs, "major.minor.patch". */
const char *bgp_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
