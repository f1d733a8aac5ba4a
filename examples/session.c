/*
 * session.c - the smallest program: one peer, some routes sent, all received.
 *
 *     session [--as N] [--router-id A] [--bind ADDR] [--announce PREFIX]…
 *             ADDR[:PORT]
 *
 * Connects, announces the prefixes, prints each route received (+) with its
 * attributes and each one lost (-), one line each.  What happens to the session
 * is said on stderr.  SIGTERM ends it; exit status 1: it never came up.
 */
#include "host/announce.h"
#include "host/log.h"
#include "host/option.h"
#include "host/print.h"
#include "host/session_host.h"

struct settings {
	struct session_host host; /* first: it is what callbacks get */
	struct option_prefixes announce;
};

#define AT(field, flags) offsetof(struct settings, field), flags

static const struct option_row rows[] = {
	{ "", "ADDR[:PORT]", "the peer (port 179)", endpoint_parse,
	  AT(host.remote, 0) },
	{ "as", "N", "our AS (64512)", option_as,
	  AT(host.options.local_as, 0) },
	{ "router-id", "A", "our router id (--bind, or 127.0.0.2)", option_id,
	  AT(host.options.router_id, 0) },
	{ "bind", "ADDR", "address to connect from (any)", option_addr,
	  AT(host.local, 0) },
	{ "announce", "PREFIX", "a route to announce; again for more",
	  option_prefixes, AT(announce, OPTION_AGAIN) },
	{ .name = NULL },
};

static void
on_established(void *ctx, struct bgp_session *session)
{
	struct settings *s = ctx;

	for (size_t i = 0; i < s->announce.count; i++)
		if (announce(session, &s->announce.items[i], &s->host.local) !=
		    BGP_OK)
			log_line(LOG_WARNING, "route %zu: not announced", i);
}

static int
on_update(void *ctx, struct bgp_session *session,
	  const struct bgp_update *update, const struct bgp_fault *fault,
	  struct bgp_span msg)
{
	(void)ctx, (void)session, (void)fault, (void)msg;
	for (size_t i = 0; i < update->unreach_count; i++)
		print_routes(update->unreach[i], NULL);
	for (size_t i = 0; i < update->reach_count; i++)
		print_routes(update->reach[i], update);
	return BGP_OK;
}

int
main(int argc, char **argv)
{
	struct settings s = { .host = SESSION_HOST_INIT };

	s.host.events.established = on_established;
	s.host.events.update = on_update;
	if (option_args(rows, &s, "session [OPTION]... ADDR[:PORT]", argc,
			argv) != 0)
		return 2;
	return session_host_run(&s.host);
}
