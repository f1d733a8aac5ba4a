/*
 * log.c - lines on stderr: wall-clock time, level, text.
 *
 * A line is put together first and written by one call, so that lines of
 * several processes on one terminal do not mix.  One that is too long is cut.
 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_LEN 1024

static const char *const names[] = { "error", "warning", "info", "debug" };
static enum log_level highest = LOG_INFO;

void
log_level_set(enum log_level level)
{
	highest = level;
}

const char *
log_level_parse(void *level, const char *text)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(names[i], text) == 0) {
			*(enum log_level *)level = (enum log_level)i;
			return NULL;
		}
	}
	return "error, warning, info or debug is wanted";
}

static size_t
stamp(char *line, size_t size, enum log_level level)
{
	struct timespec now;
	struct tm day;
	size_t at;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &day);
	at = strftime(line, size, "%Y-%m-%d %H:%M:%S", &day);
	at += (size_t)snprintf(line + at, size - at,
			       ".%03ld %s: ", now.tv_nsec / 1000000,
			       names[level]);
	return at;
}

void
log_line(enum log_level level, const char *format, ...)
{
	char line[LINE_MAX_LEN];
	va_list args;
	size_t at;
	int n;

	if (level > highest)
		return;
	at = stamp(line, sizeof line, level);
	va_start(args, format);
	n = vsnprintf(line + at, sizeof line - at - 1, format, args);
	va_end(args);
	if (n < 0)
		return;
	at = strlen(line);
	line[at++] = '\n';
	if (write(STDERR_FILENO, line, at) < 0)
		return; /* nowhere to tell it */
}

bool
log_limit(struct log_limit *limit, uint64_t now_ms, unsigned every_ms,
	  unsigned *left_out)
{
	if (now_ms < limit->next_ms) {
		limit->left_out++;
		return false;
	}
	*left_out = limit->left_out;
	limit->left_out = 0;
	limit->next_ms = now_ms + every_ms;
	return true;
}
