/*
 * reply_status.c - the answers that need one step: status, memory, help.
 */
#include <unistd.h>

#include "bgp/bgp.h"
#include "reply.h"

#define RANGES_SHOWN 32

static void
show_ranges(const struct speaker_host *host, struct reply_text *text)
{
	char match[BGP_PREFIX_TEXT_MAX];
	size_t shown = 0, left_out = 0;

	for (size_t i = 0; i < host->configs.count; i++) {
		const struct neighbor_config *c = &host->configs.items[i];

		if (!c->range)
			continue;
		if (shown == RANGES_SHOWN) {
			left_out++;
			continue;
		}
		shown++;
		bgp_prefix_text(&c->match, match, sizeof match);
		reply_line(text, 1011, "Range %s: %s, %u of at most %u", match,
			   c->client ? "clients" : "peers", c->peers,
			   c->max_peers);
	}
	if (left_out > 0)
		reply_line(text, 1011, "and %zu ranges more", left_out);
}

bool
reply_status(struct reply *reply, struct reply_text *text)
{
	const struct reply_source *source = reply->source;
	struct bgp_speaker_info info;
	struct timespec now;
	char id[BGP_ADDR_TEXT_MAX], cluster[BGP_ADDR_TEXT_MAX], at[64];
	char host[256] = "";

	bgp_speaker_info(source->host->speaker, &info);
	bgp_id_text(info.router_id, id, sizeof id);
	bgp_id_text(info.cluster_id, cluster, sizeof cluster);
	gethostname(host, sizeof host - 1);
	reply_line(text, 1000, "BIRD libbgp-%s", bgp_version());
	reply_line(text, 1011, "Router ID is %s", id);
	reply_line(text, 1011, "Hostname is %s", host);
	clock_gettime(CLOCK_REALTIME, &now);
	reply_wall(&now, "%Y-%m-%d %H:%M:%S", true, at, sizeof at);
	reply_line(text, 1011, "Current server time is %s", at);
	reply_wall(&source->started, "%Y-%m-%d %H:%M:%S", true, at, sizeof at);
	reply_line(text, 1011, "Last reboot on %s", at);
	reply_wall(&source->configured, "%Y-%m-%d %H:%M:%S", true, at,
		   sizeof at);
	reply_line(text, 1011, "Last reconfiguration on %s", at);
	reply_line(text, 1011, "AS is %u, cluster ID is %s", info.local_as,
		   cluster);
	reply_line(text, 1011, "Peers: %u, established: %u", info.peer_count,
		   info.established_count);
	show_ranges(source->host, text);
	reply_end(text, 13, "%s",
		  source->host->ending ? "Daemon is shutting down"
				       : "Daemon is up and running");
	return false;
}

static void
memory_line(struct reply_text *text, const char *name, size_t octets)
{
	double value = (double)octets;
	const char *unit = " B";

	if (octets >= 10000000) {
		value /= 1e6;
		unit = "MB";
	} else if (octets >= 10000) {
		value /= 1e3;
		unit = "kB";
	}
	reply_line(text, 1018, "%-18s %6.1f %s", name, value, unit);
}

bool
reply_memory(struct reply *reply, struct reply_text *text)
{
	struct bgp_speaker_info info;

	bgp_speaker_info(reply->source->host->speaker, &info);
	reply_line(text, 1018, "BIRD memory usage");
	memory_line(text, "Routing tables:",
		    info.octets_destinations + info.octets_paths +
			info.octets_adj_out);
	memory_line(text, "Route attributes:", info.octets_attrs);
	memory_line(text,
		    "Protocols:", info.octets_sessions + info.octets_peers);
	memory_line(text, "Output:", info.octets_output);
	memory_line(text, "Scratch:", info.octets_scratch);
	memory_line(text, "Other:", info.octets_other);
	memory_line(text, "Total:", info.octets);
	reply_end(text, 0, "%s", "");
	return false;
}

bool
reply_help(struct reply *reply, struct reply_text *text)
{
	const char *line;

	(void)reply;
	for (size_t i = 0; (line = command_help(i)) != NULL; i++)
		reply_line(text, 1010, "%s", line);
	reply_end(text, 0, "%s", "");
	return false;
}
