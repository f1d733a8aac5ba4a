/*
 * bench.c - lines of figures, printed and set beside those of another day.
 */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NAME_LEN = 36, LINES_MAX = 256 };

static struct {
	char name[NAME_LEN + 1];
	double value;
} before[LINES_MAX];

static unsigned before_count;

/* A line is a name, padded to NAME_LEN, and its figure. */
static void
read_before(const char *file)
{
	FILE *in = fopen(file, "r");
	char line[256];
	size_t len;

	if (in == NULL) {
		perror(file);
		exit(2);
	}
	while (before_count < LINES_MAX && fgets(line, sizeof line, in)) {
		if (strlen(line) <= NAME_LEN)
			continue;
		before[before_count].value = strtod(line + NAME_LEN, NULL);
		for (len = NAME_LEN; len > 0 && line[len - 1] == ' ';)
			len--;
		memcpy(before[before_count].name, line, len);
		before[before_count++].name[len] = '\0';
	}
	fclose(in);
}

int
bench_begin(int argc, char **argv)
{
	int kept = 1;

#ifdef M_MXFAST
	mallopt(M_MXFAST, 0); /* as the reflector does, and for its reason */
#endif
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--compare") == 0 && i + 1 < argc)
			read_before(argv[++i]);
		else
			argv[kept++] = argv[i];
	setvbuf(stdout, NULL, _IOLBF, 0);
	return kept;
}

static double
clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double
bench_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

double
bench_cpu_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static void
end_line(const char *what, double value)
{
	for (unsigned i = 0; i < before_count; i++)
		if (strcmp(before[i].name, what) == 0 && before[i].value > 0)
			printf("  x%.2f", value / before[i].value);
	printf("\n");
}

void
bench_report(const char *what, double ns, double items, const char *item,
	     double octets)
{
	printf("%-*s%10.2f ns per %-8s", NAME_LEN, what, ns / items, item);
	if (octets > 0)
		printf(" %7.2f GB/s", octets / ns);
	end_line(what, ns / items);
}

void
bench_figure(const char *what, double value, const char *unit)
{
	printf("%-*s%10.2f %-15s", NAME_LEN, what, value, unit);
	end_line(what, value);
}

void
bench_fail(const char *what)
{
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}
