/*
 * log.h - one line per event on stderr, from a level upwards.
 */
#ifndef HOST_LOG_H
#define HOST_LOG_H

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Lines above this level are not written; LOG_INFO at the start. */
void log_level_set(enum log_level level);

/* option.h's parser of "error", "warning", "info", "debug". */
const char *log_level_parse(void *level, const char *text);

__attribute__((format(printf, 2, 3))) void log_line(enum log_level level,
						    const char *format, ...);

#endif
