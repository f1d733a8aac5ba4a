/*
 * trial.c - a scenario in a process of its own, so that any end is survived.
 */
#define _POSIX_C_SOURCE 200809L

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim.h"

enum { SECONDS_MAX = 60 };

/* In the child. */
static _Noreturn void
attempt(const struct sim_scenario *scenario, int fd)
{
	struct sim_result result;

	dup2(fd, STDERR_FILENO);
	alarm(SECONDS_MAX);
	sim_run(scenario, &result);
	_exit(0);
}

/* All that it says is read, the first of it kept. */
static void
listen_to(int fd, char *text, size_t size)
{
	char more[512];
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, more, sizeof more)) > 0) {
		size_t keep = size - 1 - len;

		keep = keep < (size_t)n ? keep : (size_t)n;
		memcpy(text + len, more, keep);
		len += keep;
	}
	text[len] = '\0';
}

int
sim_trial(const struct sim_scenario *scenario, char *text, size_t size)
{
	int fds[2], status = -1;
	pid_t child;

	if (pipe(fds) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		close(fds[0]);
		attempt(scenario, fds[1]);
	}
	close(fds[1]);
	listen_to(fds[0], text, size);
	close(fds[0]);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}
