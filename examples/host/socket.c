/*
 * socket.c - TCP sockets: listen, accept, connect, and their protection.
 */
#include "socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "option.h"

/* linux/tcp.h, which does not stand beside netinet/tcp.h */
#ifndef TCP_MD5SIG_EXT
#define TCP_MD5SIG_EXT         32
#define TCP_MD5SIG_FLAG_PREFIX 1
#endif
#ifndef IPV6_MINHOPCOUNT
#define IPV6_MINHOPCOUNT 73
#endif

/* -------------------------------------------------------------- addresses */

union sockaddr_any {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_storage storage;
};

static const uint8_t mapped_head[12] = { 0, 0, 0, 0, 0,    0,
					 0, 0, 0, 0, 0xff, 0xff };

/* In the shape that a socket of this family wants. */
static socklen_t
to_sockaddr(union sockaddr_any *out, sa_family_t family,
	    const struct bgp_addr *addr, uint16_t port)
{
	memset(out, 0, sizeof *out);
	out->sa.sa_family = family;
	if (family == AF_INET) {
		out->in.sin_port = htons(port);
		memcpy(&out->in.sin_addr, addr->octets, addr->len);
		return sizeof out->in;
	}
	out->in6.sin6_port = htons(port);
	if (addr->len == 4) {
		memcpy(&out->in6.sin6_addr, mapped_head, sizeof mapped_head);
		memcpy(&out->in6.sin6_addr.s6_addr[12], addr->octets, 4);
	} else {
		memcpy(&out->in6.sin6_addr, addr->octets, addr->len);
		out->in6.sin6_scope_id = addr->scope;
	}
	return sizeof out->in6;
}

static void
from_sockaddr(struct endpoint *out, const union sockaddr_any *from)
{
	const uint8_t *six = from->in6.sin6_addr.s6_addr;

	memset(out, 0, sizeof *out);
	if (from->sa.sa_family == AF_INET) {
		out->port = ntohs(from->in.sin_port);
		out->addr.len = 4;
		memcpy(out->addr.octets, &from->in.sin_addr, 4);
		return;
	}
	out->port = ntohs(from->in6.sin6_port);
	if (memcmp(six, mapped_head, sizeof mapped_head) == 0) {
		out->addr.len = 4;
		memcpy(out->addr.octets, six + 12, 4);
	} else {
		out->addr.len = 16;
		memcpy(out->addr.octets, six, 16);
		out->addr.scope = from->in6.sin6_scope_id;
	}
}

/* Splits address and port; *port NULL: there is none. */
static bool
split(char *text, char **addr, char **port)
{
	char *colon = strrchr(text, ':');

	*addr = text;
	*port = NULL;
	if (text[0] == '[') {
		char *end = strchr(text, ']');

		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		*addr = text + 1;
		*port = end[1] == ':' ? end + 2 : NULL;
		*end = '\0';
	} else if (colon != NULL && strchr(text, ':') == colon) {
		*port = colon + 1;
		*colon = '\0';
	}
	return true;
}

const char *
endpoint_parse(void *endpoint, const char *text)
{
	const char *wanted = "an address such as 192.0.2.1:179 is wanted";
	struct endpoint *out = endpoint, new = { .port = out->port };
	char copy[ENDPOINT_TEXT_MAX], *addr, *port;

	if (strlen(text) >= sizeof copy)
		return wanted;
	strcpy(copy, text);
	if (!split(copy, &addr, &port))
		return wanted;
	if (*addr != '\0' && option_addr(&new.addr, addr) != NULL)
		return wanted;
	if (port != NULL && option_port(&new.port, port) != NULL)
		return wanted;
	if (*addr == '\0' && port == NULL)
		return wanted;
	*out = new;
	return NULL;
}

size_t
endpoint_text(const struct endpoint *endpoint, char *buf, size_t size)
{
	char addr[BGP_ADDR_TEXT_MAX] = "";

	if (endpoint->addr.len != 0)
		bgp_addr_text(&endpoint->addr, addr, sizeof addr);
	return (size_t)snprintf(buf, size,
				endpoint->addr.len == 16 ? "[%s]:%u" : "%s:%u",
				addr, endpoint->port);
}

/* ---------------------------------------------------------------- options */

static int
set_int(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof value);
}

/* An IPv6 socket may carry IPv4 too: set what its family has, and try both. */
int
socket_gtsm(int fd, uint8_t hops)
{
	int min = 256 - hops, four, six;

	four = set_int(fd, IPPROTO_IP, IP_TTL, 255);
	six = set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 255);
	if (four != 0 && six != 0)
		return -1;
	if (hops == 0)
		return 0;
	four = set_int(fd, IPPROTO_IP, IP_MINTTL, min);
	six = set_int(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, min);
	return four != 0 && six != 0 ? -1 : 0;
}

static int
family_of(int fd)
{
	int family = -1;
	socklen_t len = sizeof family;

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len) != 0)
		return -1;
	return family;
}

int
socket_md5(int fd, const struct bgp_prefix *peers, const char *password)
{
	struct bgp_addr addr = { .len = peers->len };
	union sockaddr_any any;
	struct tcp_md5sig key;
	size_t len = password ? strlen(password) : 0;
	int family = family_of(fd), status;

	if (len > sizeof key.tcpm_key) {
		errno = EINVAL;
		return -1;
	}
	if (family == AF_INET && peers->len == 16)
		return 0;
	memset(&key, 0, sizeof key);
	memcpy(addr.octets, peers->octets, peers->len);
	to_sockaddr(&any, (sa_family_t)family, &addr, 0);
	memcpy(&key.tcpm_addr, &any.storage, sizeof any.storage);
	key.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
	key.tcpm_prefixlen = peers->bits;
	key.tcpm_keylen = (uint16_t)len;
	if (len > 0)
		memcpy(key.tcpm_key, password, len);
	status = setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG_EXT, &key, sizeof key);
	explicit_bzero(&key, sizeof key);
	return status;
}

static int
guard_set(int fd, const struct bgp_addr *peer, const struct socket_guard *guard)
{
	struct bgp_prefix one = { peer->len, (uint8_t)(peer->len * 8), { 0 } };

	if (guard->ttl_hops != 0 && socket_gtsm(fd, guard->ttl_hops) != 0)
		return -1;
	if (guard->password == NULL || guard->password[0] == '\0')
		return 0;
	memcpy(one.octets, peer->octets, peer->len);
	return socket_md5(fd, &one, guard->password);
}

/* ---------------------------------------------------------------- sockets */

static int
fail(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

static int
open_tcp(sa_family_t family)
{
	return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int
socket_listen(const struct endpoint *at)
{
	sa_family_t family = at->addr.len == 4 ? AF_INET : AF_INET6;
	union sockaddr_any any;
	socklen_t len = to_sockaddr(&any, family, &at->addr, at->port);
	int fd = open_tcp(family);

	if (fd < 0)
		return -1;
	if (set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1) != 0)
		return fail(fd);
	if (family == AF_INET6 &&
	    set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, at->addr.len != 0) != 0)
		return fail(fd);
	if (bind(fd, &any.sa, len) != 0 || listen(fd, SOMAXCONN) != 0)
		return fail(fd);
	return fd;
}

int
socket_accept(int listener, struct endpoint *remote)
{
	union sockaddr_any any = { .sa.sa_family = 0 };
	socklen_t len = sizeof any;
	int fd = accept4(listener, &any.sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return -1;
	from_sockaddr(remote, &any);
	if (set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1) != 0)
		return fail(fd);
	return fd;
}

int
socket_connect(const struct endpoint *remote, const struct bgp_addr *local,
	       const struct socket_guard *guard)
{
	sa_family_t family = remote->addr.len == 4 ? AF_INET : AF_INET6;
	union sockaddr_any any;
	socklen_t len;
	int fd = open_tcp(family);

	if (fd < 0)
		return -1;
	if (set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1) != 0 ||
	    guard_set(fd, &remote->addr, guard) != 0)
		return fail(fd);
	if (local->len != 0) {
		len = to_sockaddr(&any, family, local, 0);
		if (bind(fd, &any.sa, len) != 0)
			return fail(fd);
	}
	len = to_sockaddr(&any, family, &remote->addr, remote->port);
	if (connect(fd, &any.sa, len) != 0 && errno != EINPROGRESS)
		return fail(fd);
	return fd;
}

int
socket_connect_result(int fd)
{
	union sockaddr_any any = { .sa.sa_family = 0 };
	socklen_t len = sizeof any;
	int error = 0;
	socklen_t error_len = sizeof error;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_len) != 0)
		return errno;
	if (error != 0)
		return error;
	return getpeername(fd, &any.sa, &len) == 0 ? 0 : errno;
}

int
socket_local(int fd, struct endpoint *out)
{
	union sockaddr_any any = { .sa.sa_family = 0 };
	socklen_t len = sizeof any;

	if (getsockname(fd, &any.sa, &len) != 0)
		return -1;
	from_sockaddr(out, &any);
	return 0;
}
