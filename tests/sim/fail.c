/*
 * fail.c - say what went wrong, and end.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim.h"

void
sim_fail(const struct sim_world *world, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "sim: at %llu ms, step %zu: ",
		(unsigned long long)world->clock.now_ms, world->at);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

void
sim_note(const struct sim_world *world, const char *format, ...)
{
	va_list args;

	if (!world->trace)
		return;
	fprintf(stderr, "%9llu ", (unsigned long long)world->clock.now_ms);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
}
