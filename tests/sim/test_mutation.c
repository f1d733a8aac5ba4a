/*
 * test_mutation.c - do the checkers find what is broken on purpose?
 *
 * The library is built once more with the places of base/mutate.h in it.  Each
 * of them, switched on alone, must make one of the first thousand seeds fail;
 * with none switched on, none of the first 200 does.
 */
#define _DEFAULT_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/check.h"
#include "libbgp/base/mutate.h"
#include "sim.h"

enum { SEEDS_MAX = 1000, SEEDS_WHOLE = 200, SECONDS_MAX = 60 };

enum bgp__mutation bgp__mutation;

static const char *const names[BGP__MUTATE_COUNT] = {
	"nothing",   "withdrawal", "decision", "wake",  "hold",
	"idle-hold", "end-of-rib", "sweep",    "stamp", "policy",
	"next-hop",  "med",        "regroup",
};

static _Noreturn void
run(volatile uint64_t *seed, uint64_t last)
{
	struct sim_scenario scenario;
	struct sim_result result;

	if (freopen("/dev/null", "w", stderr) == NULL)
		_exit(0);
	alarm(SECONDS_MAX);
	for (*seed = 1; *seed <= last; ++*seed) {
		sim_scenario_draw(&scenario, *seed);
		sim_run(&scenario, &result);
	}
	_exit(0);
}

/* The seed that failed, 0: none did. */
static uint64_t
failing_seed(enum bgp__mutation mutation, uint64_t last)
{
	uint64_t *seed = mmap(NULL, sizeof *seed, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t failed;
	int status;
	pid_t child;

	assert_ptr_not_equal(seed, MAP_FAILED);
	bgp__mutation = mutation;
	child = fork();
	if (child == 0)
		run(seed, last);
	assert_int_equal(waitpid(child, &status, 0), child);
	failed = status != 0 ? *seed : 0;
	munmap(seed, sizeof *seed);
	return failed;
}

static void
test_whole(void **state)
{
	(void)state;
	assert_int_equal(failing_seed(BGP__MUTATE_NOTHING, SEEDS_WHOLE), 0);
}

static void
test_mutations(void **state)
{
	unsigned missed = 0;

	(void)state;
	for (unsigned m = 1; m < BGP__MUTATE_COUNT; m++) {
		uint64_t seed = failing_seed((enum bgp__mutation)m, SEEDS_MAX);

		print_message("# %s: seed %llu\n", names[m],
			      (unsigned long long)seed);
		missed += seed == 0;
	}
	assert_int_equal(missed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
