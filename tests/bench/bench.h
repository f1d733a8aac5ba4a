/*
 * bench.h - lines of figures, printed and set beside those of another day.
 *
 * Every benchmark takes --compare FILE, where FILE is what the same program
 * printed before: each line then ends with how often the figure of that day
 * fits into today's, over 1 being worse.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

/* Takes --compare FILE out of the arguments; answers how many are left. */
int bench_begin(int argc, char **argv);

/* Monotonic. */
double bench_now_ns(void);

/* Of this thread: what others did meanwhile does not count. */
double bench_cpu_ns(void);

/* "what   12.34 ns per item", with GB/s where octets is not 0. */
void bench_report(const char *what, double ns, double items, const char *item,
		  double octets);

/* "what   12.34 unit" */
void bench_figure(const char *what, double value, const char *unit);

/* What does not work here is not measured: says so and exits with status 1. */
_Noreturn void bench_fail(const char *what);

#endif
