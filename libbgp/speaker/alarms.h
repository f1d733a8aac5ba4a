/*
 * alarms.h - which session is due first, without asking them all.
 *
 * A heap of links.  The time a link is filed under is never later than its
 * session's deadline: a session tells when a call made it earlier, while one
 * that moved back (each message does that to the hold timer) is found out when
 * its turn comes, and filed anew.
 */
#ifndef BGP_SPEAKER_ALARMS_H
#define BGP_SPEAKER_ALARMS_H

#include "libbgp/base/mem.h"

struct bgp__link;

struct bgp__alarms {
	struct bgp__link **heap; /* the first is due first */
	uint32_t count, room;
};

void bgp__alarms_fini(struct bgp__alarms *alarms, struct bgp__mem *mem);

/* Files a link under "never".  BGP_ERR_NOMEM. */
int bgp__alarms_add(struct bgp__alarms *alarms, struct bgp__mem *mem,
		    struct bgp__link *link);
void bgp__alarms_remove(struct bgp__alarms *alarms, struct bgp__link *link);

/* Files it under another time. */
void bgp__alarms_set(struct bgp__alarms *alarms, struct bgp__link *link,
		     uint64_t at_ms);

#endif
