/*
 * log.h - one line per event on stderr, from a level upwards.
 */
#ifndef HOST_LOG_H
#define HOST_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Lines above this level are not written; LOG_INFO at the start. */
void log_level_set(enum log_level level);

/* option.h's parser of "error", "warning", "info", "debug". */
const char *log_level_parse(void *level, const char *text);

__attribute__((format(printf, 2, 3))) void log_line(enum log_level level,
						    const char *format, ...);

/* Lines that strangers can cause: one in every_ms, the others are counted. */
struct log_limit {
	uint64_t next_ms;
	unsigned left_out;
};

/* true: write it, and how many were left out before.  Zero to begin with. */
bool log_limit(struct log_limit *limit, uint64_t now_ms, unsigned every_ms,
	       unsigned *left_out);

#endif
