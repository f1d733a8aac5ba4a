/*
 * socket.h - TCP as BGP wants it, every descriptor non-blocking and CLOEXEC.
 *
 * Addresses are those of bgp/types.h; an IPv4 peer on a socket of both
 * families shows as IPv4, never as ::ffff:a.b.c.d.
 */
#ifndef HOST_SOCKET_H
#define HOST_SOCKET_H

#include "bgp/types.h"

#define SOCKET_PASSWORD_MAX 80 /* octets, the kernel's limit */
#define ENDPOINT_TEXT_MAX   64

/* addr.len 0: any address, both families. */
struct endpoint {
	struct bgp_addr addr;
	uint16_t port;
};

/* "192.0.2.1", "192.0.2.1:179", "[2001:db8::1]:179", "2001:db8::1", ":179"
 * (any address).  An option_parser; the port stays as it was where the text
 * has none. */
const char *endpoint_parse(void *endpoint, const char *text);
size_t endpoint_text(const struct endpoint *endpoint, char *buf, size_t size);

/* What protects a connection from strangers. */
struct socket_guard {
	const char *password; /* TCP-MD5, RFC 2385; NULL or empty: none */
	uint8_t ttl_hops;     /* GTSM, RFC 5082: the peer is at most so many
			       * hops away; 0: off */
};

/* All answer a descriptor or 0, or -1 with errno. */
int socket_listen(const struct endpoint *at);
int socket_accept(int listener, struct endpoint *remote);
/* Begins; writable when it ended.  local.addr.len 0: the kernel chooses. */
int socket_connect(const struct endpoint *remote, const struct bgp_addr *local,
		   const struct socket_guard *guard);

/* errno of a connect that ended, 0: connected. */
int socket_connect_result(int fd);
int socket_local(int fd, struct endpoint *out);

/*
 * TCP-MD5 with every peer of a prefix, on a listener or an unconnected socket;
 * password NULL takes the key away.  A listener of one family ignores
 * prefixes of the other.
 */
int socket_md5(int fd, const struct bgp_prefix *peers, const char *password);

/* Octets are sent with TTL 255, and accepted from 255 - (hops - 1) up;
 * hops 0: only sent so, for a listener. */
int socket_gtsm(int fd, uint8_t hops);

#endif
