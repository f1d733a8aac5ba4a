/*
 * agent.c - the core of a node agent: one peer, two prefixes of this node.
 *
 *     agent PEER PORT LOCAL AS PREFIX PREFIX              IPv4, iBGP
 *
 * Prints what goes into the forwarding table.  SIGHUP changes an option,
 * SIGUSR1 drains (RFC 8326), SIGTERM ends the session with a text (RFC 9003).
 */
#include <arpa/inet.h>
#include <bgp/bgp.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct agent {
	struct bgp_speaker *speaker;
	struct bgp_peer *peer;
	struct bgp_peer_options options;
	struct bgp_prefix prefixes[2];
	struct bgp_addr local;
	struct sockaddr_in to;
	int fd;                /* -1: no socket */
	struct bgp_conn *conn; /* NULL: none, or not connected yet */
	bool hang_up;          /* once all is sent */
};

static volatile sig_atomic_t hup, usr1, term;

static void
on_signal(int number)
{
	*(number == SIGHUP ? &hup : number == SIGUSR1 ? &usr1 : &term) = 1;
}

static uint64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Where it fails at once, poll says so. */
static void
on_connect(void *ctx, struct bgp_peer *peer)
{
	struct agent *a = ctx;

	(void)peer;
	if (a->conn != NULL)
		return; /* not all is sent yet: asked again later */
	close(a->fd);
	a->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	(void)connect(a->fd, (struct sockaddr *)&a->to, sizeof a->to);
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	(void)conn;
	((struct agent *)ctx)->hang_up = true;
}

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	char to[BGP_PREFIX_TEXT_MAX], via[BGP_ADDR_TEXT_MAX] = "";

	(void)ctx;
	bgp_nlri_text(&route->nlri, to, sizeof to);
	if (route->next_hop_count > 0)
		bgp_addr_text(route->next_hops, via, sizeof via);
	fprintf(stderr, "%c %s %s\n", route->op == BGP_FIB_REMOVE ? '-' : '+',
		to, via);
}

/* The transport is gone, or never came. */
static void
hang_up(struct agent *a)
{
	close(a->fd);
	a->fd = -1;
	a->hang_up = false;
	if (a->conn != NULL)
		bgp_conn_closed(a->conn, now());
	else
		bgp_peer_connect_failed(a->peer, now());
	a->conn = NULL;
}

static void
receive(struct agent *a)
{
	uint8_t octets[16384];
	ssize_t n = read(a->fd, octets, sizeof octets);

	if (n > 0)
		bgp_conn_input(a->conn, octets, (size_t)n, now());
	else if (n == 0 || errno != EAGAIN)
		hang_up(a);
}

static void
send_all(struct agent *a)
{
	struct bgp_span span;
	ssize_t n = 0;

	while (n >= 0 && bgp_conn_output(a->conn, &span, 1) > 0) {
		n = send(a->fd, span.octets, span.len, MSG_NOSIGNAL);
		bgp_conn_sent(a->conn, n > 0 ? (size_t)n : 0, now());
	}
	if (n < 0 ? errno != EAGAIN : a->hang_up)
		hang_up(a);
}

static void
announce(struct agent *a, const uint8_t *community)
{
	struct bgp_attr attr = { 0xc0, BGP_ATTR_COMMUNITIES, 4, community };
	struct bgp_addr ours = { .len = 0 }; /* the next hop is we */

	for (int i = 0; i < 2; i++) {
		struct bgp_nlri nlri = bgp_prefix_nlri(&a->prefixes[i]);

		bgp_speaker_announce(a->speaker, &nlri, &ours, &attr, 1);
	}
}

static void
turn(struct agent *a)
{
	uint64_t from = now(), at = bgp_speaker_deadline(a->speaker);
	struct pollfd p = { a->fd, POLLIN, 0 };
	struct bgp_span span;

	if (a->conn == NULL || bgp_conn_output(a->conn, &span, 1) > 0)
		p.events |= POLLOUT;
	poll(&p, 1,
	     at <= from             ? 0
		 : at < from + 1000 ? (int)(at - from)
				    : 1000);
	if (a->conn != NULL && p.revents & ~POLLOUT)
		receive(a);
	if (a->conn == NULL && p.revents != 0 &&
	    (p.revents & (POLLERR | POLLHUP) ||
	     bgp_peer_connected(a->peer, &a->local, NULL, now(), &a->conn)))
		hang_up(a);
	if (hup) { /* an option changed at run time; nothing is reset */
		a->options.prefix_limit = 1000;
		bgp_peer_configure(a->peer, &a->options, now());
	}
	if (usr1) /* GRACEFUL_SHUTDOWN */
		announce(a, (const uint8_t[]){ 0xff, 0xff, 0, 0 });
	if (term)
		bgp_peer_disable(a->peer, "the node goes down", now());
	hup = usr1 = 0;
	bgp_speaker_tick(a->speaker, now());
	if (a->conn != NULL)
		send_all(a);
}

int
main(int argc, char **argv)
{
	struct bgp_speaker_options options = BGP_SPEAKER_OPTIONS_INIT;
	struct agent a = { .fd = -1, .options = BGP_PEER_OPTIONS_INIT };
	struct bgp_speaker_events events = BGP_SPEAKER_EVENTS_INIT;

	for (int i = 0, of[] = { SIGHUP, SIGUSR1, SIGTERM }; i < 3; i++)
		signal(of[i], on_signal);
	events.ctx = &a, events.connect = on_connect;
	events.close = on_close, events.route = on_route;
	a.options.peer_as = argc == 7 ? (uint32_t)atol(argv[4]) : 0;
	options.local_as = a.options.peer_as;
	if (argc != 7 ||
	    bgp_addr_parse(&a.options.address, argv[1]) != BGP_OK ||
	    bgp_addr_parse(&a.local, argv[3]) != BGP_OK ||
	    bgp_id_parse(&options.router_id, argv[3]) != BGP_OK ||
	    bgp_prefix_parse(&a.prefixes[0], argv[5]) != BGP_OK ||
	    bgp_prefix_parse(&a.prefixes[1], argv[6]) != BGP_OK ||
	    bgp_speaker_new(&a.speaker, &options, &events) != BGP_OK ||
	    bgp_peer_add(a.speaker, &a.options, &a.peer) != BGP_OK)
		errx(2, "PEER PORT LOCAL AS PREFIX PREFIX are wanted");
	a.to = (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)atoi(argv[2])),
				     .sin_addr.s_addr = inet_addr(argv[1]) };
	announce(&a, (const uint8_t[]){ 0xfc, 0, 0, 1 }); /* 64512:1 */
	bgp_peer_enable(a.peer, now());
	while (!term || a.fd >= 0)
		turn(&a);
	bgp_speaker_del(a.speaker);
	return 0;
}
