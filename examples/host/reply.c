/*
 * reply.c - lines with codes, time, and which answer a command has.
 */
#include "reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define RECENT_S (20 * 3600) /* what is older shows its date */

/* ------------------------------------------------------------------- lines */

/* Room for the newline is kept whatever comes. */
static void
put(struct reply_text *text, const char *format, va_list args)
{
	size_t room = text->size - text->len;
	int n = vsnprintf(text->buf + text->len, room, format, args);

	if (n > 0)
		text->len += (size_t)n < room ? (size_t)n : room - 1;
	text->buf[text->len++] = '\n';
}

static void
put_code(struct reply_text *text, int code, char mark)
{
	if (text->size - text->len > 8)
		text->len += (size_t)snprintf(text->buf + text->len, 8,
					      "%04d%c", code, mark);
}

void
reply_line(struct reply_text *text, int code, const char *format, ...)
{
	va_list args;

	if (text->size - text->len < 8)
		return;
	if (code == text->code)
		text->buf[text->len++] = ' ';
	else
		put_code(text, code, '-');
	text->code = code;
	va_start(args, format);
	put(text, format, args);
	va_end(args);
}

void
reply_end(struct reply_text *text, int code, const char *format, ...)
{
	va_list args;

	put_code(text, code, ' ');
	text->code = 0;
	va_start(args, format);
	put(text, format, args);
	va_end(args);
}

/* -------------------------------------------------------------------- time */

void
reply_wall(const struct timespec *at, const char *format, bool fraction,
	   char *buf, size_t size)
{
	struct tm day;
	size_t len;

	localtime_r(&at->tv_sec, &day);
	len = strftime(buf, size, format, &day);
	if (fraction)
		snprintf(buf + len, size - len, ".%03ld",
			 at->tv_nsec / 1000000);
}

void
reply_since(const struct timespec *since, char *buf, size_t size)
{
	bool recent = time(NULL) - since->tv_sec < RECENT_S;

	reply_wall(since, recent ? "%H:%M:%S" : "%Y-%m-%d", recent, buf, size);
}

/* ---------------------------------------------------------------- dispatch */

void
reply_begin(struct reply *reply, const struct reply_source *source,
	    const struct command *command)
{
	memset(reply, 0, sizeof *reply);
	reply->source = source;
	reply->command = *command;
	switch (command->verb) {
	case COMMAND_HELP:
		reply->step = reply_help;
		break;
	case COMMAND_SHOW_STATUS:
		reply->step = reply_status;
		break;
	case COMMAND_SHOW_MEMORY:
		reply->step = reply_memory;
		break;
	case COMMAND_SHOW_PROTOCOLS:
		reply->step = reply_protocols;
		break;
	case COMMAND_SHOW_ROUTE:
		reply->step = reply_routes;
		break;
	default:
		reply->step = reply_change;
	}
}

bool
reply_step(struct reply *reply, struct reply_text *text)
{
	return reply->step(reply, text);
}
