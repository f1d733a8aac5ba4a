/*
 * reflector.c - a BGP route reflector: options, signals, and the host.
 *
 * Runs at once without an option: AS 64512, listening on 127.0.0.1:1790, every
 * iBGP peer of 127.0.0.0/8 is a client.  SIGTERM and SIGINT end all sessions
 * with Cease; SIGHUP reads the configuration again.
 *
 *     reflector --client 10.0.0.0/8 --listen :179
 *     reflector --config FILE       the same options, one a line
 */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "host/control.h"
#include "host/log.h"
#include "host/option.h"
#include "host/privilege.h"
#include "host/speaker_host.h"

#define GOODBYE_MS 3000 /* for the last octets of all sessions to leave */

struct listen_list {
	struct endpoint items[LISTENERS_MAX];
	size_t count;
};

struct settings {
	char config[OPTION_TEXT_MAX];
	uint32_t as, router_id, cluster_id;
	struct listen_list listen;
	struct neighbor_list neighbors;
	uint16_t hold_time_s;
	char control[OPTION_TEXT_MAX];
	char user[OPTION_TEXT_MAX]; /* "": whoever started it */
	enum log_level log;
};

struct reflector {
	int argc;
	char **argv;
	struct settings settings; /* those in force */
	struct loop loop;
	struct speaker_host host;
	struct control control;
	uint64_t give_up_ms; /* UINT64_MAX until the end has begun */
};

/* ----------------------------------------------------------------- settings */

static const char *
parse_listen(void *field, const char *text)
{
	struct listen_list *list = field;
	struct endpoint at = { .port = 179 };
	const char *why = endpoint_parse(&at, text);

	if (why == NULL && list->count == LISTENERS_MAX)
		why = "too many to listen on";
	if (why == NULL)
		list->items[list->count++] = at;
	return why;
}

#define ROW(name, value, help, parse, field, flags)                         \
	{                                                                   \
		name, value, help, parse, offsetof(struct settings, field), \
		    flags                                                   \
	}

static const struct option_row rows[] = {
	ROW("config", "FILE", "these settings, one a line (none)", option_text,
	    config, OPTION_ARGS_ONLY),
	ROW("as", "N", "our AS (64512)", option_as, as, 0),
	ROW("router-id", "A", "our router id (127.0.0.1)", option_id, router_id,
	    0),
	ROW("cluster-id", "A", "our cluster id (the router id)", option_id,
	    cluster_id, 0),
	ROW("listen", "ADDR[:PORT]",
	    "where to listen; again for more, :PORT "
	    "for any address (127.0.0.1:1790)",
	    parse_listen, listen, OPTION_AGAIN),
	ROW("client", "CIDR|ADDR[,WORD]",
	    "a reflection client, or all of a "
	    "range (127.0.0.0/8)",
	    neighbor_client, neighbors, OPTION_AGAIN),
	ROW("peer", "CIDR|ADDR[,WORD]", "a peer that is not a client (none)",
	    neighbor_peer, neighbors, OPTION_AGAIN),
	ROW("hold-time", "S", "hold time in seconds (90)", option_hold,
	    hold_time_s, 0),
	ROW("control", "PATH",
	    "control socket, for birdc -s PATH "
	    "(./reflector.ctl)",
	    option_text, control, 0),
	ROW("user", "NAME",
	    "become this user once ports are bound, as root (none)",
	    option_text, user, 0),
	ROW("log", "LEVEL", "error, warning, info or debug (info)",
	    log_level_parse, log, 0),
	{ .name = "", .help = NEIGHBOR_WORDS },
	{ .name = NULL },
};

/* What stands in where nothing was said. */
static void
fill_in(struct settings *s)
{
	if (s->cluster_id == 0)
		s->cluster_id = s->router_id;
	if (s->listen.count == 0)
		parse_listen(&s->listen, "127.0.0.1:1790");
	if (s->neighbors.count == 0)
		neighbor_client(&s->neighbors, "127.0.0.0/8");
}

/* as: the one in force, which only the next start changes; 0: this is it. */
static int
check(const struct settings *s, uint32_t as)
{
	const char *why;
	const struct neighbor_config *wrong = neighbor_list_check(
	    &s->neighbors, as ? as : s->as, &why);
	char text[BGP_PREFIX_TEXT_MAX];

	if (wrong == NULL)
		return 0;
	bgp_prefix_text(&wrong->match, text, sizeof text);
	if (wrong->line != 0)
		return option_complain("%s:%u: %s: %s", s->config, wrong->line,
				       text, why);
	return option_complain("reflector: %s: %s", text, why);
}

/* The file first, so that arguments win.  They are read twice: the first time
 * only to find the file. */
static int
load(struct settings *out, uint32_t as, int argc, char **argv)
{
	static const char usage[] = "reflector [OPTION]...";
	struct settings first = { .config = "" },
			s = {
				.as = 64512,
				.router_id = 0x7f000001,
				.hold_time_s = 90,
				.control = "./reflector.ctl",
				.log = LOG_INFO,
			};
	int status = option_args(rows, &first, usage, argc, argv);

	if (status == 0 && first.config[0] != '\0')
		status = option_file(rows, &s, first.config);
	neighbor_list_free(&first.neighbors);
	if (status == 0)
		status = option_args(rows, &s, usage, argc, argv);
	if (status == 0) {
		fill_in(&s);
		status = check(&s, as);
	}
	if (status != 0)
		neighbor_list_free(&s.neighbors);
	else
		*out = s;
	return status;
}

static void
warn_of_fixed(const struct settings *old, const struct settings *new)
{
	if (old->as != new->as || old->router_id != new->router_id ||
	    old->cluster_id != new->cluster_id ||
	    strcmp(old->control, new->control) != 0 ||
	    strcmp(old->user, new->user) != 0)
		log_line(LOG_WARNING,
			 "AS, router id, cluster id, control socket and user "
			 "change with the next start");
}

/* ------------------------------------------------------------ while running */

static const char *
reconfigure(void *ctx, bool check_only)
{
	struct reflector *r = ctx;
	struct settings new;
	bool heard;

	if (load(&new, r->settings.as, r->argc, r->argv) != 0)
		return option_complaint();
	if (check_only) {
		neighbor_list_free(&new.neighbors);
		return NULL;
	}
	warn_of_fixed(&r->settings, &new);
	if (neighbor_list_has_password(&new.neighbors))
		privilege_hide();
	log_level_set(new.log);
	heard = speaker_host_listen(&r->host, new.listen.items,
				    new.listen.count) == 0;
	speaker_host_configure(&r->host, &new.neighbors, new.hold_time_s);
	r->settings.listen = new.listen;
	clock_gettime(CLOCK_REALTIME, &r->control.source.configured);
	log_line(LOG_INFO, "configured again");
	return heard ? NULL
		     : "configured, but not listening on all "
		       "addresses: see the log";
}

static void
end(void *ctx)
{
	struct reflector *r = ctx;

	if (r->host.ending)
		return;
	log_line(LOG_INFO, "ending");
	speaker_host_end(&r->host);
	r->give_up_ms = r->loop.now_ms + GOODBYE_MS;
}

static void
log_complaint(const char *line)
{
	log_line(LOG_ERROR, "%s", line);
}

static void
caught(void *ctx, int signal)
{
	if (signal == SIGHUP)
		reconfigure(ctx, false);
	else
		end(ctx);
}

static uint64_t
deadline(void *ctx)
{
	const struct reflector *r = ctx;

	return r->give_up_ms;
}

static void
turn(void *ctx)
{
	struct reflector *r = ctx;

	if (speaker_host_is_ended(&r->host) || r->give_up_ms <= r->loop.now_ms)
		loop_stop(&r->loop);
}

/* -------------------------------------------------------------------- begin */

static int
open_speaker(struct reflector *r)
{
	struct bgp_speaker_options options = BGP_SPEAKER_OPTIONS_INIT;

	options.local_as = r->settings.as;
	options.router_id = r->settings.router_id;
	options.cluster_id = r->settings.cluster_id;
	if (getrandom(&options.seed, sizeof options.seed, 0) < 0)
		log_line(LOG_WARNING, "getrandom: %s", strerror(errno));
	return speaker_host_open(&r->host, &r->loop, &options);
}

static int
begin(struct reflector *r)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	struct loop_hook hook = { deadline, turn, r };

	if (loop_signals(&r->loop, signals, 3, caught, r) != 0 ||
	    open_speaker(r) != 0)
		return -1;
	r->control.configure = reconfigure;
	r->control.down = end;
	r->control.ctx = r;
	r->control.source.host = &r->host;
	clock_gettime(CLOCK_REALTIME, &r->control.source.started);
	r->control.source.configured = r->control.source.started;
	if (control_open(&r->control, &r->loop, r->settings.control) != 0 ||
	    speaker_host_listen(&r->host, r->settings.listen.items,
				r->settings.listen.count) != 0)
		return -1;
	if (r->settings.user[0] != '\0' &&
	    privilege_drop(r->settings.user) != 0)
		return -1;
	if (neighbor_list_has_password(&r->settings.neighbors))
		privilege_hide();
	speaker_host_configure(&r->host, &r->settings.neighbors,
			       r->settings.hold_time_s);
	return loop_hook(&r->loop, &hook);
}

/* A session is a descriptor: as many as we may. */
static void
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* glibc sets small freed blocks aside and joins them all in some later call of
 * free: 10 ms in one go when a million routes have left. */
static void
free_at_once(void)
{
#ifdef M_MXFAST
	mallopt(M_MXFAST, 0);
#endif
}

int
main(int argc, char **argv)
{
	static struct reflector r;
	int status = load(&r.settings, 0, argc, argv);

	if (status != 0)
		return status;
	option_complain_to(log_complaint);
	r.argc = argc;
	r.argv = argv;
	r.give_up_ms = UINT64_MAX;
	log_level_set(r.settings.log);
	raise_limit();
	free_at_once();
	if (loop_open(&r.loop) != 0) {
		log_line(LOG_ERROR, "loop: %s", strerror(errno));
		return 1;
	}
	status = begin(&r) == 0 ? 0 : 1;
	if (status == 0)
		loop_run(&r.loop);
	control_close(&r.control);
	speaker_host_close(&r.host);
	neighbor_list_free(&r.settings.neighbors);
	loop_close(&r.loop);
	return status;
}
