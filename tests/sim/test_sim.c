/*
 * test_sim.c - scenarios from seeds, and those that once failed.
 *
 *     test_sim                    the seeds of SEEDS=first-last, or 1-4000
 *     test_sim FILE…              replay these
 *
 * A seed that fails is named, shrunk to a file (SIM_OUT, or the working
 * directory) and can be replayed with SIM_TRACE=1.  Files whose caption begins
 * with "# expected to fail" show faults that are known and not yet mended; one
 * that fails no more is named, and its caption should go.
 */
#define _DEFAULT_SOURCE

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/check.h"
#include "sim.h"

enum { SHRINK_TRIALS = 2000, SEEDS_DEFAULT = 4000 };

static char complaint[4096];

/* -------------------------------------------------------------------- seeds */

/* What the child that runs them has come to. */
struct progress {
	uint64_t seed, octets, rests, restless, virtual_ms;
};

static void
run_seeds(uint64_t first, uint64_t last, struct progress *progress)
{
	struct sim_scenario scenario;
	struct sim_result result;

	for (uint64_t seed = first; seed <= last; seed++) {
		progress->seed = seed;
		sim_scenario_draw(&scenario, seed);
		sim_run(&scenario, &result);
		progress->octets += result.octets;
		progress->rests += result.rests;
		progress->restless += result.restless;
		progress->virtual_ms += result.virtual_ms;
	}
}

static void
report_seed(uint64_t seed)
{
	const char *dir = getenv("SIM_OUT");
	struct sim_scenario scenario;
	char path[512], caption[64];

	sim_scenario_draw(&scenario, seed);
	snprintf(path, sizeof path, "%s/seed-%llu.sim", dir != NULL ? dir : ".",
		 (unsigned long long)seed);
	snprintf(caption, sizeof caption, "seed %llu",
		 (unsigned long long)seed);
	sim_shrink(&scenario, SHRINK_TRIALS);
	sim_trial(&scenario, complaint, sizeof complaint);
	(void)sim_scenario_write(&scenario, path, caption);
	print_message("# seed %llu fails; shrunk to %zu steps:\n%s"
		      "# replay: SIM_TRACE=1 test_sim %s\n",
		      (unsigned long long)seed, scenario.count, complaint,
		      path);
}

static void
seed_range(uint64_t *first, uint64_t *last)
{
	const char *text = getenv("SEEDS");
	unsigned long long a = 1, b = SEEDS_DEFAULT;

	if (text != NULL && sscanf(text, "%llu-%llu", &a, &b) == 1)
		b = a;
	*first = a;
	*last = b;
}

static void
test_seeds(void **state)
{
	struct progress *progress = mmap(NULL, sizeof *progress,
					 PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t first, last, failed = 0;
	int status;
	pid_t child;

	(void)state;
	assert_ptr_not_equal(progress, MAP_FAILED);
	memset(progress, 0, sizeof *progress);
	seed_range(&first, &last);
	for (uint64_t at = first; at <= last; at = progress->seed + 1) {
		child = fork();
		if (child == 0) {
			run_seeds(at, last, progress);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status == 0)
			break;
		report_seed(progress->seed);
		failed++;
		assert_true(failed < 5);
	}
	print_message("# %llu seeds, %llu rests, %llu restless, %llu octets, "
		      "%llu s of the networks' time\n",
		      (unsigned long long)(last - first + 1),
		      (unsigned long long)progress->rests,
		      (unsigned long long)progress->restless,
		      (unsigned long long)progress->octets,
		      (unsigned long long)progress->virtual_ms / 1000);
	assert_int_equal(failed, 0);
	/* A network may be without a stable solution (RFC 3345); few are. */
	assert_true(progress->restless * 50 <= last - first + 1);
	munmap(progress, sizeof *progress);
}

/* The same scenario gives the same octets at the same moments: R15. */
static void
test_repeats(void **state)
{
	struct sim_scenario scenario;
	struct sim_result once, again, other;

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		sim_scenario_draw(&scenario, seed);
		sim_run(&scenario, &once);
		sim_run(&scenario, &again);
		assert_true(once.octets > 0);
		assert_int_equal(once.digest, again.digest);
		assert_int_equal(once.octets, again.octets);
		assert_int_equal(once.events, again.events);
		scenario.head[0] ^= 1;
		sim_run(&scenario, &other);
		assert_int_not_equal(once.digest, other.digest);
	}
}

/* --------------------------------------------------------------------- files
 */

static bool
is_expected(const char *path)
{
	static const char words[] = "# expected to fail";
	char line[sizeof words] = "";
	FILE *f = fopen(path, "r");

	if (f == NULL || fgets(line, sizeof line, f) == NULL)
		line[0] = '\0';
	if (f != NULL)
		fclose(f);
	return strcmp(line, words) == 0;
}

static void
replay(const char *path)
{
	struct sim_scenario scenario;
	int status;

	if (!sim_scenario_read(&scenario, path))
		fail_msg("%s is no scenario", path);
	status = sim_trial(&scenario, complaint, sizeof complaint);
	if (is_expected(path))
		print_message("# %s %s\n", path,
			      status != 0 ? "fails, as expected"
					  : "does not fail any more");
	else if (status != 0)
		fail_msg("%s fails:\n%s", path, complaint);
}

static void
test_found(void **state)
{
	const char *given = getenv("SIM_FOUND");
	const char *dir = given != NULL ? given : "tests/sim/found";
	DIR *d = opendir(dir);
	struct dirent *entry;
	char path[1024];

	(void)state;
	if (d == NULL)
		return; /* nothing was found that is kept */
	while ((entry = readdir(d)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (len < 4 || strcmp(entry->d_name + len - 4, ".sim") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		replay(path);
	}
	closedir(d);
}

/* What a fuzzer or a shrinker writes is read back as it was. */
static void
test_files(void **state)
{
	static const char path[] = "test_files.sim";
	struct sim_scenario scenario, read;

	(void)state;
	sim_scenario_draw(&scenario, 7);
	assert_true(sim_scenario_write(&scenario, path, "seed 7"));
	assert_true(sim_scenario_read(&read, path));
	assert_int_equal(read.count, scenario.count);
	assert_memory_equal(read.head, scenario.head, SIM_HEAD_LEN);
	assert_memory_equal(read.steps, scenario.steps,
			    scenario.count * SIM_STEP_LEN);
	remove(path);
	assert_false(sim_scenario_read(&read, path));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_seeds),
	};
	struct sim_scenario scenario;
	struct sim_result result;

	for (int i = 1; i < argc; i++) {
		if (!sim_scenario_read(&scenario, argv[i]))
			return 2;
		sim_run(&scenario, &result);
	}
	return argc > 1 ? 0 : cmocka_run_group_tests(tests, NULL, NULL);
}
