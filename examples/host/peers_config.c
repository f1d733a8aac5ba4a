/*
 * peers_config.c - from one list of neighbours to another.
 *
 * Those that stay are told their new words first, then the list is exchanged,
 * then keys and newcomers follow: no session that the change does not touch
 * notices it, and who has a key is never without one.
 */
#include <errno.h>
#include <string.h>

#include "log.h"
#include "speaker_host.h"

/* -------------------------------------------------------------------- keys */

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

/* ------------------------------------------------------------------ change */

/* Other words for one that stays; true: its session was reset. */
static void
change(struct neighbor *n, struct neighbor_config *config, uint16_t hold_time_s)
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
	config->peers += config->range;
	reset = bgp_peer_configure(n->peer, &options, n->host->loop->now_ms);
	if (reset < 0)
		log_line(LOG_ERROR, "%s: %s", name, bgp_err_text(reset));
	if (reset == 0 && neighbor_guard_differs(old, config))
		reset = bgp_peer_restart(n->peer, NULL,
					 n->host->loop->now_ms) == BGP_OK;
	if (reset > 0)
		log_line(LOG_INFO, "%s: reset, its settings changed", name);
	neighbor_update_waiting(n);
}

static void
change_all(struct speaker_host *host, const struct neighbor_list *configs,
	   uint16_t hold_time_s)
{
	for (size_t i = 0; i < host->slot_count; i++) {
		struct neighbor *n = host->slots[i];
		struct neighbor_config *config;
		struct bgp_peer_info info;

		if (n == NULL)
			continue;
		bgp_peer_info(n->peer, &info);
		config = neighbor_match(configs, &info.address);
		if (config == NULL)
			neighbor_remove(n);
		else
			change(n, config, hold_time_s);
	}
}

static void
add_new(struct speaker_host *host)
{
	for (size_t i = 0; i < host->configs.count; i++) {
		struct neighbor_config *config = &host->configs.items[i];
		struct bgp_addr addr = { .len = config->match.len,
					 .scope = config->scope };

		memcpy(addr.octets, config->match.octets, sizeof addr.octets);
		if (!config->range &&
		    bgp_peer_find(host->speaker, &addr) == NULL)
			neighbor_add(host, config, &addr);
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
	host->single_count = 0;
	for (size_t i = 0; i < host->configs.count; i++)
		host->single_count += !host->configs.items[i].range;
	*configs = (struct neighbor_list){ 0 };
	drop_old_keys(host, &old);
	neighbor_list_free(&old);
	neighbors_apply_keys(host);
	add_new(host);
}
