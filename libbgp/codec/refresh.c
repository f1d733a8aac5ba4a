/*
 * refresh.c - ROUTE-REFRESH, its markers and its filters carried raw.
 *
 *    19    21   22   23
 *   +-----+----+----+------------ - -
 *   | AFI |subt|SAFI| ORF entries
 *   +-----+----+----+------------ - -            RFC 2918 3, 5291 5, 7313 3.2
 */
#include "bgp/codec.h"
#include "libbgp/codec/fault.h"
#include "libbgp/codec/frame.h"

enum { REFRESH_LEN = 23, SUBTYPE_BORR = 1, SUBTYPE_EORR = 2 };

int
bgp_refresh_decode(const uint8_t *msg, size_t len, struct bgp_refresh *out,
		   struct bgp_fault *fault)
{
	*fault = (struct bgp_fault){ .remedy = BGP_REMEDY_NONE };
	if (len < REFRESH_LEN)
		return bgp__reset_data(fault, BGP__ERR_REFRESH, 1,
				       "short ROUTE-REFRESH", msg,
				       (uint16_t)len); /* RFC 7313 5 */
	out->family = BGP_FAMILY(bgp__load16(msg + 19), msg[22]);
	out->subtype = msg[21];
	out->orf = (struct bgp_span){ msg + REFRESH_LEN, len - REFRESH_LEN };
	if ((out->subtype == SUBTYPE_BORR || out->subtype == SUBTYPE_EORR) &&
	    out->orf.len > 0)
		return bgp__reset_data(fault, BGP__ERR_REFRESH, 1,
				       "refresh marker with a body", msg,
				       (uint16_t)(len < BGP_MESSAGE_MAX - 21
						      ? len
						      : BGP_MESSAGE_MAX - 21));
	return BGP_OK;
}

int
bgp_refresh_encode(const struct bgp_refresh *refresh, uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, size);

	if (refresh->orf.len > BGP_MESSAGE_EXT_MAX - REFRESH_LEN)
		return BGP_ERR_INVALID;
	bgp__frame_begin(&w, BGP_ROUTE_REFRESH);
	bgp__write16(&w, BGP_AFI(refresh->family));
	bgp__write8(&w, refresh->subtype);
	bgp__write8(&w, BGP_SAFI(refresh->family));
	bgp__write(&w, refresh->orf.octets, refresh->orf.len);
	return bgp__frame_end(&w);
}
