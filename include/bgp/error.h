/*
 * bgp/error.h - the three kinds of error, never mixed.
 *
 *   bug of the caller      BGP_ERR_STATE or BGP_ERR_INVALID; the end of the
 *                          program where built with -Dasserts=true
 *   circumstance           a negative enum bgp_err; the object is as it was
 *                          before the call
 *   fault of the peer      data: struct bgp_fault, which says what RFC 7606
 *                          asks for
 */
#ifndef BGP_ERROR_H
#define BGP_ERROR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* What a call answers.  0 is success, positive answers are counts. */
enum bgp_err {
	BGP_OK = 0,
	BGP_ERR_NOMEM = -1,     /* the host's allocator gave nothing */
	BGP_ERR_SPACE = -2,     /* the caller's buffer is too small */
	BGP_ERR_SHORT = -3,     /* the input ends early: more octets needed */
	BGP_ERR_MALFORMED = -4, /* the peer's fault: see struct bgp_fault */
	BGP_ERR_STATE = -5,     /* not in this state, or not from a callback */
	BGP_ERR_INVALID = -6,   /* an argument is out of its range */
	BGP_ERR_EXIST = -7,     /* there is one already */
	BGP_ERR_NOENT = -8,     /* there is none */
	BGP_ERR_LIMIT = -9,     /* a named limit of the library is reached */
	BGP_ERR_REFUSED = -10,  /* not wanted now */
	BGP_ERR_ENDED = -11     /* it ended within this very call */
};

/* bgp_err_text - one short English phrase for a code; never NULL. */
const char *bgp_err_text(int err);

/*
 * What RFC 7606 asks for, ordered by severity so that the faults of one
 * message fold by taking the largest.                        RFC 7606 2, 3(h)
 */
enum bgp_remedy {
	BGP_REMEDY_NONE = 0,     /* nothing wrong */
	BGP_REMEDY_DISCARD = 1,  /* the attribute was left out */
	BGP_REMEDY_WITHDRAW = 2, /* the routes count as withdrawn */
	BGP_REMEDY_RESET = 3     /* NOTIFICATION and the session ends */
};

/* bgp_remedy_text - "none", "discard", "withdraw" or "reset". */
const char *bgp_remedy_text(enum bgp_remedy remedy);

/*
 * The worst fault of one message.
 *
 * code, subcode and data are those of the NOTIFICATION that a reset sends; for
 * milder remedies they name what a reset would have said.  data is borrowed:
 * it points into the message or to static octets.
 */
struct bgp_fault {
	enum bgp_remedy remedy;
	uint8_t code;        /* NOTIFICATION error code, RFC 4271 4.5 */
	uint8_t subcode;     /* its subcode */
	uint8_t attribute;   /* type code of the attribute, 0: none */
	uint16_t offset;     /* octets from the start of the message */
	uint16_t data_len;   /* octets at data */
	const uint8_t *data; /* NOTIFICATION data, borrowed */
	const char *reason;  /* static text for a log, NULL: no fault */
};

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
