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

#include "log.h"
#include "speaker_host.h"

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

static void
wait_begin(struct neighbor *n)
{
	struct speaker_host *host = n->host;

	n->waiting = true;
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

static void
update_waiting(struct neighbor *n)
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

static void
remove_neighbor(struct neighbor *n)
{
	struct bgp_peer *peer = n->peer;

	log_line(LOG_INFO, "%s: removed", bgp_peer_name(peer));
	wait_end(n);
	leave_slot(n);
	bgp_peer_remove(peer, now(n));
	dial_cancel(&n->dial);
	n->peer = NULL;
	let_go(n);
}

static void
dialed(struct dial *dial, int fd, int error)
{
	struct neighbor *n = (struct neighbor *)(void *)dial;
	struct endpoint local;
	struct conn *conn;

	n->error = error;
	if (fd < 0) {
		bgp_peer_connect_failed(n->peer, now(n));
		return;
	}
	socket_local(fd, &local);
	conn = conn_new(&n->host->conns, fd, n);
	if (conn == NULL) {
		n->error = errno;
		bgp_peer_connect_failed(n->peer, now(n));
		return;
	}
	neighbor_conn_opened(n);
	conn_start(conn,
		   bgp_peer_connected(n->peer, &local.addr, conn, now(n)));
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

static struct neighbor *
add_neighbor(struct speaker_host *host, const struct neighbor_config *config,
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
	update_waiting(n);
	return n;
}

struct neighbor *
neighbor_appear(struct speaker_host *host, const struct bgp_addr *addr)
{
	const struct neighbor_config *config = neighbor_match(&host->configs,
							      addr);

	return config && config->range ? add_neighbor(host, config, addr)
				       : NULL;
}

void
neighbors_expire(struct speaker_host *host)
{
	while (host->oldest != NULL &&
	       host->oldest->expire_ms <= host->loop->now_ms)
		remove_neighbor(host->oldest);
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
	update_waiting(n);
}

void
neighbor_conn_gone(struct neighbor *n, int error)
{
	n->conns--;
	n->error = error;
	if (n->peer == NULL)
		let_go(n);
	else
		update_waiting(n);
}

/* ------------------------------------------------------------ configuration */

static void
apply_key(const struct speaker_host *host, const struct bgp_prefix *match,
	  const char *password)
{
	for (size_t i = 0; i < host->listener_count; i++)
		if (socket_md5(host->listeners[i]->watch.fd, match, password) !=
			0 &&
		    password != NULL)
			log_line(LOG_ERROR, "TCP-MD5: %s", strerror(errno));
}

void
neighbors_apply_keys(const struct speaker_host *host)
{
	for (size_t i = 0; i < host->configs.count; i++) {
		const struct neighbor_config *config = &host->configs.items[i];

		if (config->password[0] != '\0')
			apply_key(host, &config->match, config->password);
	}
}

static bool
is_kept(const struct neighbor_list *list, const struct neighbor_config *old)
{
	const struct neighbor_config *one = neighbor_find(list, &old->match,
							  old->scope, false);
	const struct neighbor_config *range = neighbor_find(list, &old->match,
							    0, true);

	return (one != NULL && one->password[0] != '\0') ||
	    (range != NULL && range->password[0] != '\0');
}

/* Only those that nobody needs: who has one is never without. */
static void
drop_old_keys(const struct speaker_host *host, const struct neighbor_list *old)
{
	for (size_t i = 0; i < old->count; i++) {
		const struct neighbor_config *config = &old->items[i];

		if (config->password[0] != '\0' &&
		    !is_kept(&host->configs, config))
			apply_key(host, &config->match, NULL);
	}
}

/* Other words for one that stays; true: its session was reset. */
static void
change(struct neighbor *n, const struct neighbor_config *config,
       uint16_t hold_time_s)
{
	const struct neighbor_config *old = n->config;
	struct bgp_peer_options options;
	struct bgp_peer_info info;
	char name[BGP_PEER_NAME_MAX];
	int reset;

	bgp_peer_info(n->peer, &info);
	neighbor_name(config, &info.address, name);
	neighbor_options(config, &info.address, n->host->local_as, hold_time_s,
			 name, &options);
	options.user = n;
	n->config = config;
	reset = bgp_peer_configure(n->peer, &options, now(n));
	if (reset < 0)
		log_line(LOG_ERROR, "%s: %s", name, bgp_err_text(reset));
	if (reset == 0 && neighbor_guard_differs(old, config))
		reset = bgp_peer_restart(n->peer, now(n)) == BGP_OK;
	if (reset > 0)
		log_line(LOG_INFO, "%s: reset, its settings changed", name);
	update_waiting(n);
}

static void
change_all(struct speaker_host *host, const struct neighbor_list *configs,
	   uint16_t hold_time_s)
{
	for (size_t i = 0; i < host->slot_count; i++) {
		struct neighbor *n = host->slots[i];
		const struct neighbor_config *config;
		struct bgp_peer_info info;

		if (n == NULL)
			continue;
		bgp_peer_info(n->peer, &info);
		config = neighbor_match(configs, &info.address);
		if (config == NULL)
			remove_neighbor(n);
		else
			change(n, config, hold_time_s);
	}
}

static void
add_new(struct speaker_host *host)
{
	for (size_t i = 0; i < host->configs.count; i++) {
		const struct neighbor_config *config = &host->configs.items[i];
		struct bgp_addr addr = { .len = config->match.len,
					 .scope = config->scope };

		memcpy(addr.octets, config->match.octets, sizeof addr.octets);
		if (!config->range &&
		    bgp_peer_find(host->speaker, &addr) == NULL)
			add_neighbor(host, config, &addr);
	}
}

void
speaker_host_configure(struct speaker_host *host, struct neighbor_list *configs,
		       uint16_t hold_time_s)
{
	struct neighbor_list old = host->configs;

	change_all(host, configs, hold_time_s);
	host->configs = *configs;
	host->hold_time_s = hold_time_s;
	*configs = (struct neighbor_list){ 0 };
	drop_old_keys(host, &old);
	neighbor_list_free(&old);
	neighbors_apply_keys(host);
	add_new(host);
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
	update_waiting(n);
	return true;
}

bool
neighbor_disable(struct neighbor *n)
{
	if (n->disabled)
		return false;
	n->disabled = true;
	bgp_peer_disable(n->peer, NULL, now(n));
	clock_gettime(CLOCK_REALTIME, &n->since);
	update_waiting(n);
	return true;
}

bool
neighbor_restart(struct neighbor *n)
{
	if (n->disabled)
		return false;
	bgp_peer_restart(n->peer, now(n));
	return true;
}

size_t
neighbor_error_text(const struct neighbor *n, const struct bgp_down *why,
		    char *buf, size_t size)
{
	static const char *const classes[] = {
		[BGP_DOWN_NONE] = "",
		[BGP_DOWN_SENT] = "BGP Error: ",
		[BGP_DOWN_RECEIVED] = "Received: ",
		[BGP_DOWN_TRANSPORT] = "Socket: ",
		[BGP_DOWN_CONNECT] = "Socket: ",
	};
	char text[OPTION_TEXT_MAX] = "";

	if (why->cause == BGP_DOWN_SENT || why->cause == BGP_DOWN_RECEIVED)
		bgp_notification_text(&why->notification, text, sizeof text);
	else if (why->cause != BGP_DOWN_NONE)
		snprintf(text, sizeof text, "%s",
			 n->error ? strerror(n->error) : "Connection closed");
	return (size_t)snprintf(buf, size, "%s%s", classes[why->cause], text);
}
