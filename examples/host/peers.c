/*
 * peers.c - neighbours come, change, and go.
 *
 * Configured ones live as long as their configuration.  Those of a range live
 * while they are connected and NEIGHBOR_LINGER_MS longer, so that a status
 * page still shows who has just been lost.  Slots are stable: a walk over them
 * may rest between turns of the loop.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "down.h"
#include "log.h"
#include "speaker_host.h"

#define DIAL_LOG_MS      60000 /* the same failure of one peer again */
#define DESCRIPTORS_KEPT 32    /* of the loop, listeners, the control socket */

static uint64_t
now(const struct neighbor *n)
{
	return n->host->loop->now_ms;
}

/* ------------------------------------------------------------------- slots */

static int
take_slot(struct speaker_host *host, struct neighbor *n)
{
	struct neighbor **slots;
	size_t i, count = host->slot_count;

	for (i = host->slot_hint; i < count && host->slots[i] != NULL; i++)
		;
	if (i == count) {
		count = count ? 2 * count : 64;
		slots = realloc(host->slots, count * sizeof(*slots));
		if (slots == NULL)
			return -1;
		memset(slots + i, 0, (count - i) * sizeof(*slots));
		host->slots = slots;
		host->slot_count = count;
	}
	host->slots[i] = n;
	host->slot_hint = i + 1;
	n->slot = (uint32_t)i;
	n->id = ++host->last_id;
	return 0;
}

static void
leave_slot(struct neighbor *n)
{
	struct speaker_host *host = n->host;

	host->slots[n->slot] = NULL;
	if (n->slot < host->slot_hint)
		host->slot_hint = n->slot;
}

struct neighbor *
speaker_host_slot(const struct speaker_host *host, size_t slot)
{
	return slot < host->slot_count ? host->slots[slot] : NULL;
}

/* -------------------------------------------------------- waiting, expiring */

/* Who never came up leaves with the turn, before all others. */
static void
wait_not(struct neighbor *n)
{
	struct speaker_host *host = n->host;

	n->expire_ms = now(n);
	n->before = NULL;
	n->behind = host->oldest;
	if (host->oldest != NULL)
		host->oldest->before = n;
	else
		host->newest = n;
	host->oldest = n;
}

static void
wait_begin(struct neighbor *n)
{
	struct speaker_host *host = n->host;

	n->waiting = true;
	if (!n->came_up) {
		wait_not(n);
		return;
	}
	n->expire_ms = now(n) + NEIGHBOR_LINGER_MS;
	n->behind = NULL;
	n->before = host->newest;
	if (host->newest != NULL)
		host->newest->behind = n;
	else
		host->oldest = n;
	host->newest = n;
}

static void
wait_end(struct neighbor *n)
{
	struct speaker_host *host = n->host;

	if (!n->waiting)
		return;
	n->waiting = false;
	if (n->before != NULL)
		n->before->behind = n->behind;
	else
		host->oldest = n->behind;
	if (n->behind != NULL)
		n->behind->before = n->before;
	else
		host->newest = n->before;
}

void
neighbor_update_waiting(struct neighbor *n)
{
	bool wait = n->config->range && n->conns == 0 && !n->disabled;

	if (wait && !n->waiting)
		wait_begin(n);
	else if (!wait)
		wait_end(n);
}

/* -------------------------------------------------------------- add, remove */

static void
let_go(struct neighbor *n)
{
	if (n->peer == NULL && n->conns == 0)
		loop_release(n->host->loop, &n->dial.watch);
}

void
neighbor_remove(struct neighbor *n)
{
	struct bgp_peer *peer = n->peer;

	log_line(n->came_up ? LOG_INFO : LOG_DEBUG, "%s: removed",
		 bgp_peer_name(peer));
	n->config->peers -= n->config->range;
	wait_end(n);
	leave_slot(n);
	bgp_peer_remove(peer, now(n));
	dial_cancel(&n->dial);
	n->peer = NULL;
	let_go(n);
}

static void
dial_failed(struct neighbor *n, int error)
{
	bool news = error != n->dial_error;
	unsigned left_out;

	if (news)
		n->dial_log = (struct log_limit){ 0 };
	n->error = n->dial_error = error;
	bgp_peer_connect_failed(n->peer, now(n));
	if (log_limit(&n->dial_log, now(n), DIAL_LOG_MS, &left_out))
		log_line(LOG_INFO,
			 "%s: connect: %s (%u times before); again within %u s",
			 bgp_peer_name(n->peer), strerror(error), left_out,
			 NEIGHBOR_RETRY_S);
}

static void
dialed(struct dial *dial, int fd, int error)
{
	struct neighbor *n = (struct neighbor *)(void *)dial;
	struct endpoint local;
	struct bgp_conn *bgp;
	struct conn *conn;

	if (fd < 0) {
		dial_failed(n, error);
		return;
	}
	n->error = n->dial_error = 0;
	socket_local(fd, &local);
	conn = conn_new(&n->host->conns, fd, n);
	if (conn == NULL) {
		dial_failed(n, errno);
		return;
	}
	neighbor_conn_opened(n);
	bgp_peer_connected(n->peer, &local.addr, conn, now(n), &bgp);
	conn_start(conn, bgp);
}

static int
make_peer(struct neighbor *n, const struct bgp_addr *addr)
{
	struct speaker_host *host = n->host;
	struct bgp_peer_options options;
	char name[BGP_PEER_NAME_MAX];
	int err;

	neighbor_name(n->config, addr, name);
	neighbor_options(n->config, addr, host->local_as, host->hold_time_s,
			 name, &options);
	options.user = n;
	err = bgp_peer_add(host->speaker, &options, &n->peer);
	if (err != BGP_OK)
		log_line(LOG_ERROR, "%s: %s", name, bgp_err_text(err));
	return err;
}

struct neighbor *
neighbor_add(struct speaker_host *host, struct neighbor_config *config,
	     const struct bgp_addr *addr)
{
	struct neighbor *n = calloc(1, sizeof *n);

	if (n == NULL)
		return NULL;
	n->host = host;
	n->config = config;
	clock_gettime(CLOCK_REALTIME, &n->since);
	dial_init(&n->dial, host->loop, dialed);
	if (take_slot(host, n) != 0) {
		free(n);
		return NULL;
	}
	if (make_peer(n, addr) != BGP_OK) {
		leave_slot(n);
		free(n);
		return NULL;
	}
	bgp_peer_enable(n->peer, now(n));
	return n;
}

/* Those that have an address of their own get in although a range is crowded.
 */
static bool
are_descriptors_kept(const struct speaker_host *host)
{
	struct rlimit limit;

	if (host->single_count == 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return false;
	return host->conns.count + host->single_count + DESCRIPTORS_KEPT >=
	    limit.rlim_cur;
}

struct neighbor *
neighbor_appear(struct speaker_host *host, const struct bgp_addr *addr,
		const char **why)
{
	struct neighbor_config *config = neighbor_match(&host->configs, addr);
	struct neighbor *n;

	*why = "not a neighbour";
	if (config == NULL || !config->range)
		return NULL;
	*why = "its range has as many peers as it may, see max-peers";
	if (config->peers >= config->max_peers)
		return NULL;
	*why = "the descriptors that are left are for configured peers";
	if (are_descriptors_kept(host))
		return NULL;
	*why = "no memory, or too many peers";
	n = neighbor_add(host, config, addr);
	config->peers += n != NULL;
	return n;
}

/* The most of one family, in percent of what it may have; 0: no limit. */
static unsigned
fill_percent(const struct neighbor *n)
{
	uint32_t limit = n->config->prefix_limit, most = 0;
	struct bgp_peer_info info;

	if (limit == 0)
		return 0;
	bgp_peer_info(n->peer, &info);
	for (uint32_t i = 0; i < info.family_count; i++)
		if (info.families[i].paths_in > most)
			most = info.families[i].paths_in;
	return (unsigned)((uint64_t)most * 100 / limit);
}

void
neighbor_count(struct neighbor *n)
{
	bool near;

	if (n->peer == NULL || n->config->prefix_limit == 0)
		return;
	near = fill_percent(n) >= NEIGHBOR_WARN_PERCENT;
	if (near && !n->warned)
		log_line(LOG_WARNING,
			 "%s: over %u %% of the %u prefixes it may announce",
			 bgp_peer_name(n->peer), NEIGHBOR_WARN_PERCENT,
			 n->config->prefix_limit);
	n->warned = near;
}

void
neighbors_expire(struct speaker_host *host)
{
	while (host->oldest != NULL &&
	       host->oldest->expire_ms <= host->loop->now_ms)
		neighbor_remove(host->oldest);
}

/* The speaker is gone already. */
void
neighbors_close(struct speaker_host *host)
{
	for (size_t i = 0; i < host->slot_count; i++) {
		struct neighbor *n = host->slots[i];

		if (n == NULL)
			continue;
		dial_cancel(&n->dial);
		free(n);
	}
	free(host->slots);
	host->slots = NULL;
	host->slot_count = 0;
	host->oldest = host->newest = NULL;
}

/* ------------------------------------------------------------- connections */

void
neighbor_conn_opened(struct neighbor *n)
{
	n->conns++;
	neighbor_update_waiting(n);
}

void
neighbor_conn_gone(struct neighbor *n, int error)
{
	n->conns--;
	n->error = error;
	if (n->peer == NULL)
		let_go(n);
	else
		neighbor_update_waiting(n);
}

/* ---------------------------------------------------------------- operator */

bool
neighbor_enable(struct neighbor *n)
{
	if (!n->disabled)
		return false;
	n->disabled = false;
	clock_gettime(CLOCK_REALTIME, &n->since);
	bgp_peer_enable(n->peer, now(n));
	neighbor_update_waiting(n);
	return true;
}

bool
neighbor_disable(struct neighbor *n, const char *text)
{
	if (n->disabled)
		return false;
	n->disabled = true;
	bgp_peer_disable(n->peer, text[0] != '\0' ? text : NULL, now(n));
	clock_gettime(CLOCK_REALTIME, &n->since);
	neighbor_update_waiting(n);
	return true;
}

bool
neighbor_restart(struct neighbor *n)
{
	if (n->disabled)
		return false;
	bgp_peer_restart(n->peer, NULL, now(n));
	return true;
}

size_t
neighbor_error_text(const struct neighbor *n, const struct bgp_down *why,
		    char *buf, size_t size)
{
	uint32_t as = n->config->as != 0 ? n->config->as : n->host->local_as;

	return down_text(why, n->error, as, buf, size);
}
