/*
 * field.h - the routes of MVPN and MUP, a type and fields one after the other.
 *
 * A letter for each field:
 *
 *   d  route distinguisher, 8          A  AS number, 4
 *   s  length in bits, address         a  address, to the end
 *   w  the same, or none: any          p  length in bits, prefix
 *   t  TEID, 4                         q  QFI, 1
 *   S  as w, or not there at all       e  length in bits, address and TEID
 *   k  a route of MVPN, then an address to the end
 *
 *                       RFC 6514 4, 6625 3, draft-ietf-bess-mup-safi 3.1
 */
#ifndef BGP_CODEC_FIELD_H
#define BGP_CODEC_FIELD_H

struct bgp__route_type {
	const char *name;
	const char *fields;
};

enum { BGP__MVPN_TYPES = 8, BGP__MUP_TYPES = 5 };

/* By type, from 1 on; MUP of architecture 1, 3gpp-5g. */
extern const struct bgp__route_type bgp__mvpn_types[BGP__MVPN_TYPES];
extern const struct bgp__route_type bgp__mup_types[BGP__MUP_TYPES];

#endif
