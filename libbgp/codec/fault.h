/*
 * fault.h - note the worst thing that a message did.
 *
 * Remedies fold by taking the largest; of equals the first stays, as it is the
 * one a log should name.                                    RFC 7606 2, 3(h)
 */
#ifndef BGP_CODEC_FAULT_H
#define BGP_CODEC_FAULT_H

#include "bgp/codec.h"

/* NOTIFICATION codes and the subcodes that the codec uses.  RFC 4271 4.5 */
enum bgp__error_code {
	BGP__ERR_HEADER = 1,
	BGP__ERR_OPEN = 2,
	BGP__ERR_UPDATE = 3,
	BGP__ERR_REFRESH = 7
};

enum { BGP__OPEN_LEN = 29 }; /* of the shortest OPEN: RFC 4271 4.2 */

enum bgp__header_subcode {
	BGP__HEADER_SYNC = 1,
	BGP__HEADER_LENGTH = 2,
	BGP__HEADER_TYPE = 3
};

enum bgp__open_subcode {
	BGP__OPEN_UNSPECIFIC = 0,
	BGP__OPEN_VERSION = 1,
	BGP__OPEN_AS = 2,
	BGP__OPEN_ID = 3,
	BGP__OPEN_PARAMETER = 4,
	BGP__OPEN_HOLD_TIME = 6,
	BGP__OPEN_ROLE = 11
};

enum bgp__update_subcode {
	BGP__UPDATE_ATTRS = 1,
	BGP__UPDATE_WELL_KNOWN = 2,
	BGP__UPDATE_MISSING = 3,
	BGP__UPDATE_FLAGS = 4,
	BGP__UPDATE_LENGTH = 5,
	BGP__UPDATE_ORIGIN = 6,
	BGP__UPDATE_NEXT_HOP = 8,
	BGP__UPDATE_OPTIONAL = 9,
	BGP__UPDATE_NETWORK = 10,
	BGP__UPDATE_AS_PATH = 11
};

/* A reset without data; answers BGP_ERR_MALFORMED for a direct return. */
static inline int
bgp__reset(struct bgp_fault *fault, uint8_t code, uint8_t subcode,
	   const char *reason)
{
	*fault = (struct bgp_fault){ .remedy = BGP_REMEDY_RESET,
				     .code = code,
				     .subcode = subcode,
				     .reason = reason };
	return BGP_ERR_MALFORMED;
}

/* The same with octets of the message, or static ones, as data. */
static inline int
bgp__reset_data(struct bgp_fault *fault, uint8_t code, uint8_t subcode,
		const char *reason, const uint8_t *data, uint16_t data_len)
{
	bgp__reset(fault, code, subcode, reason);
	fault->data = data;
	fault->data_len = data_len;
	return BGP_ERR_MALFORMED;
}

#endif
