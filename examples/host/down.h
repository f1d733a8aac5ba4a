/*
 * down.h - why a session or an attempt ended, in one line.
 *
 *     Received: Cease/Administrative Shutdown "maintenance"
 *     BGP Error: OPEN Message Error/Bad Peer AS: it is AS 65001, AS 64512 is
 *             expected
 *     BGP Error: UPDATE Message Error/Optional Attribute Error: MP_REACH_NLRI,
 *             800e0400018404
 *     Socket: Connection refused
 */
#ifndef HOST_DOWN_H
#define HOST_DOWN_H

#include "bgp/session.h"

#define DOWN_TEXT_MAX    512 /* octets of a whole text; cut beyond */
#define DOWN_OCTETS_SHOW 64  /* of a NOTIFICATION's data */

/*
 * error is errno of the connection, 0 where it ended in order; peer_as the one
 * configured, 0: any.  In BIRD's words where BIRD has them.  Answers the length
 * as snprintf does; "" when there is nothing to say.
 */
size_t down_text(const struct bgp_down *why, int error, uint32_t peer_as,
		 char *buf, size_t size);

#endif
