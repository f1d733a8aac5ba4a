/*
 * throw.c - one connection that says what it is told and tells what it hears.
 *
 *	throw SOURCE DESTINATION PORT WAIT_MS < octets > answer
 *	throw PATH WAIT_MS < octets > answer
 *
 * Connects from the IPv4 address SOURCE, or to the socket at PATH, sends its
 * whole input, and copies what comes back until the other side closes or
 *WAIT_MS passed without an octet. Exit status 0: the other side closed; 3: it
 *did not; 1: no connection.
 */
#define _POSIX_C_SOURCE 200809L
#include <sys/socket.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
address(const char *text, const char *port, struct sockaddr_in *out)
{
	*out = (struct sockaddr_in){ .sin_family = AF_INET };
	out->sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	return inet_pton(AF_INET, text, &out->sin_addr) == 1;
}

static int
open_from(const char *source, const char *destination, const char *port)
{
	struct sockaddr_in here, there;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || !address(source, "0", &here) ||
	    !address(destination, port, &there) ||
	    bind(fd, (struct sockaddr *)&here, sizeof(here)) != 0 ||
	    connect(fd, (struct sockaddr *)&there, sizeof(there)) != 0) {
		perror("throw");
		return -1;
	}
	return fd;
}

static int
open_path(const char *path)
{
	struct sockaddr_un there = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(there.sun_path, path, sizeof(there.sun_path) - 1);
	if (fd < 0 ||
	    connect(fd, (struct sockaddr *)&there, sizeof(there)) != 0) {
		perror("throw");
		return -1;
	}
	return fd;
}

/* Whatever the other side does not want is lost: it may close at any time. */
static void
say(int fd)
{
	char buf[65536];
	size_t len, done;
	ssize_t n;

	while ((len = fread(buf, 1, sizeof(buf), stdin)) > 0)
		for (done = 0; done < len; done += (size_t)n) {
			n = write(fd, buf + done, len - done);
			if (n <= 0)
				return;
		}
}

static int
hear(int fd, int wait_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char buf[65536];
	ssize_t n;

	while (poll(&ready, 1, wait_ms) > 0) {
		n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			return 0;
		fwrite(buf, 1, (size_t)n, stdout);
		fflush(stdout);
	}
	return 3;
}

int
main(int argc, char **argv)
{
	int fd;

	if (argc != 5 && argc != 3) {
		fputs("usage: throw SOURCE DESTINATION PORT WAIT_MS\n"
		      "       throw PATH WAIT_MS\n",
		      stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	fd = argc == 3 ? open_path(argv[1])
		       : open_from(argv[1], argv[2], argv[3]);
	if (fd < 0)
		return 1;
	say(fd);
	return hear(fd, atoi(argv[argc - 1]));
}
