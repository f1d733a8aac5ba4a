/*
 * reply.c - lines with codes, and the answers that need one step.
 */
#include "reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bgp/bgp.h"

#define RECENT_S (20 * 3600) /* what is older shows its date */

/* ------------------------------------------------------------------- lines */

/* Room for the newline is kept whatever comes. */
static void
put(struct reply_text *text, const char *format, va_list args)
{
	size_t room = text->size - text->len;
	int n = vsnprintf(text->buf + text->len, room, format, args);

	if (n > 0)
		text->len += (size_t)n < room ? (size_t)n : room - 1;
	text->buf[text->len++] = '\n';
}

static void
put_code(struct reply_text *text, int code, char mark)
{
	if (text->size - text->len > 8)
		text->len += (size_t)snprintf(text->buf + text->len, 8,
					      "%04d%c", code, mark);
}

void
reply_line(struct reply_text *text, int code, const char *format, ...)
{
	va_list args;

	if (text->size - text->len < 8)
		return;
	if (code == text->code)
		text->buf[text->len++] = ' ';
	else
		put_code(text, code, '-');
	text->code = code;
	va_start(args, format);
	put(text, format, args);
	va_end(args);
}

void
reply_end(struct reply_text *text, int code, const char *format, ...)
{
	va_list args;

	put_code(text, code, ' ');
	text->code = 0;
	va_start(args, format);
	put(text, format, args);
	va_end(args);
}

/* -------------------------------------------------------------------- time */

static void
wall_text(const struct timespec *at, const char *format, bool fraction,
	  char *buf, size_t size)
{
	struct tm day;
	size_t len;

	localtime_r(&at->tv_sec, &day);
	len = strftime(buf, size, format, &day);
	if (fraction)
		snprintf(buf + len, size - len, ".%03ld",
			 at->tv_nsec / 1000000);
}

void
reply_since(const struct timespec *since, char *buf, size_t size)
{
	bool recent = time(NULL) - since->tv_sec < RECENT_S;

	wall_text(since, recent ? "%H:%M:%S" : "%Y-%m-%d", recent, buf, size);
}

/* ----------------------------------------------------------- status, memory */

bool
reply_status(struct reply *reply, struct reply_text *text)
{
	const struct reply_source *source = reply->source;
	struct bgp_speaker_info info;
	struct timespec now;
	char id[BGP_ADDR_TEXT_MAX], at[64], host[256] = "";

	bgp_speaker_info(source->host->speaker, &info);
	bgp_id_text(info.router_id, id, sizeof id);
	gethostname(host, sizeof host - 1);
	reply_line(text, 1000, "BIRD libbgp-%s", bgp_version());
	reply_line(text, 1011, "Router ID is %s", id);
	reply_line(text, 1011, "Hostname is %s", host);
	clock_gettime(CLOCK_REALTIME, &now);
	wall_text(&now, "%Y-%m-%d %H:%M:%S", true, at, sizeof at);
	reply_line(text, 1011, "Current server time is %s", at);
	wall_text(&source->started, "%Y-%m-%d %H:%M:%S", true, at, sizeof at);
	reply_line(text, 1011, "Last reboot on %s", at);
	wall_text(&source->configured, "%Y-%m-%d %H:%M:%S", true, at,
		  sizeof at);
	reply_line(text, 1011, "Last reconfiguration on %s", at);
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

/* ---------------------------------------------------------------- dispatch */

void
reply_begin(struct reply *reply, const struct reply_source *source,
	    const struct command *command)
{
	memset(reply, 0, sizeof *reply);
	reply->source = source;
	reply->command = *command;
	switch (command->verb) {
	case COMMAND_SHOW_STATUS:
		reply->step = reply_status;
		break;
	case COMMAND_SHOW_MEMORY:
		reply->step = reply_memory;
		break;
	case COMMAND_SHOW_PROTOCOLS:
		reply->step = reply_protocols;
		break;
	case COMMAND_SHOW_ROUTE:
		reply->step = reply_routes;
		break;
	default:
		reply->step = reply_change;
	}
}

bool
reply_step(struct reply *reply, struct reply_text *text)
{
	return reply->step(reply, text);
}
