/*
 * speaker_host.h - the host of one struct bgp_speaker: its sockets and peers.
 *
 *     speaker_host_open -> speaker_host_listen -> speaker_host_configure
 *     loop_run: accepts, dials, reads, ticks, writes
 *     speaker_host_end, and run on until it is ended
 *     speaker_host_close
 *
 * Neighbours are the peers of the speaker with what the host knows of them.
 * Those of a range are added when they connect, and removed when they have
 * been away for NEIGHBOR_LINGER_MS; at once when they never came up.
 */
#ifndef HOST_SPEAKER_HOST_H
#define HOST_SPEAKER_HOST_H

#include <time.h>

#include "bgp/speaker.h"
#include "conn.h"
#include "dial.h"
#include "log.h"
#include "neighbor.h"

#define LISTENERS_MAX      16
#define NEIGHBOR_LINGER_MS 30000

struct neighbor {
	struct dial dial; /* first: it is released as a watch of the loop */
	struct speaker_host *host;
	struct bgp_peer *peer;          /* NULL: removed */
	struct neighbor_config *config; /* in host->configs */
	uint32_t slot;         /* in host->slots, for as long as it lives */
	unsigned conns;        /* connections that are open */
	bool disabled;         /* by the operator */
	bool came_up;          /* its AS is known to be right */
	uint32_t refused;      /* connections that were not wanted */
	bool warned;           /* that they come near to their limit */
	int error;             /* errno of the last connection, 0: orderly */
	struct timespec since; /* wall clock: up, down, or started */
	struct log_limit fault_log, long_log, dial_log;
	int dial_error; /* errno of the last attempt to connect */
	uint64_t id;    /* never given twice */
	/* Among those of a range without a connection, the oldest first. */
	struct neighbor *before, *behind;
	bool waiting;
	uint64_t expire_ms;
};

struct listener {
	struct watch watch;
	struct speaker_host *host;
	struct endpoint at;
};

struct speaker_host {
	struct loop *loop;
	struct conn_set conns;
	struct bgp_speaker *speaker;
	uint32_t local_as;
	uint16_t hold_time_s;
	struct listener *listeners[LISTENERS_MAX];
	size_t listener_count;
	bool paused; /* listeners wait: no descriptors are left */
	uint64_t resume_ms;
	struct log_limit refuse_log, pause_log, failed_log;
	bool ending;
	struct neighbor_list configs;
	size_t single_count;     /* of these, with an address of their own */
	struct neighbor **slots; /* some are NULL */
	size_t slot_count;
	size_t slot_hint; /* none is NULL before this one */
	uint64_t last_id;
	struct neighbor *oldest, *newest;
};

/* 0, or -1 after a line in the log. */
int speaker_host_open(struct speaker_host *host, struct loop *loop,
		      const struct bgp_speaker_options *options);
void speaker_host_close(struct speaker_host *host);

/* From now on listen here and nowhere else.  0, or -1 after a line in the log
 * for each that failed; the others listen. */
int speaker_host_listen(struct speaker_host *host, const struct endpoint *at,
			size_t count);

/*
 * From now on these are the neighbours.  Sessions that the change does not
 * touch stay up.  The list is the host's from here.
 */
void speaker_host_configure(struct speaker_host *host,
			    struct neighbor_list *configs,
			    uint16_t hold_time_s);

/* Ends every session with Cease; is_ended when the last connection is gone. */
void speaker_host_end(struct speaker_host *host);
bool speaker_host_is_ended(const struct speaker_host *host);

/* NULL: the slot is empty, or behind the last. */
struct neighbor *speaker_host_slot(const struct speaker_host *host,
				   size_t slot);

/* What the operator may do with a neighbour.  false: it was so already. */
bool neighbor_enable(struct neighbor *neighbor);
/* text: for the peer, RFC 9003; "": none. */
bool neighbor_disable(struct neighbor *neighbor, const char *text);
bool neighbor_restart(struct neighbor *neighbor); /* false: disabled */

/* Why it went down, as BIRD words it; "" when there is nothing to say. */
size_t neighbor_error_text(const struct neighbor *neighbor,
			   const struct bgp_down *why, char *buf, size_t size);

/* Between the files of speaker_host. */
void neighbors_apply_keys(const struct speaker_host *host);
struct neighbor *neighbor_add(struct speaker_host *host,
			      struct neighbor_config *config,
			      const struct bgp_addr *addr);
void neighbor_remove(struct neighbor *neighbor);
void neighbor_update_waiting(struct neighbor *neighbor);
/* One of a range, that connects; NULL, and why it is refused. */
struct neighbor *neighbor_appear(struct speaker_host *host,
				 const struct bgp_addr *addr, const char **why);
/* Octets came from it: is it near its limit? */
void neighbor_count(struct neighbor *neighbor);
void neighbor_conn_opened(struct neighbor *neighbor);
void neighbor_conn_gone(struct neighbor *neighbor, int error);
void neighbors_expire(struct speaker_host *host);
void neighbors_close(struct speaker_host *host);
void listeners_resume(struct speaker_host *host);

#endif
