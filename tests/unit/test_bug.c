/*
 * test_bug.c - at a bug of the caller a library built with -Dasserts=true
 * stops; this program has its own copy of the doors, built so.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#include "bgp/error.h"
#include "libbgp/base/guard.h"
#include "libbgp/base/sized.h"

/* How a child ends that does it; 0: it returned. */
static int
end_of(void (*act)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGILL, SIG_DFL);
		signal(SIGTRAP, SIG_DFL);
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
forget_size(void)
{
	size_t none = 0, ours = sizeof ours;

	bgp__sized_take(&ours, sizeof ours, &none);
}

static void
unknown_size(void)
{
	size_t odd = sizeof odd + 1, ours = sizeof ours;

	if (bgp__sized_take(&ours, sizeof ours, &odd) != BGP_ERR_INVALID)
		_exit(1);
}

static void
call_from_callback(void)
{
	struct bgp__guard guard = { .callbacks = 1 };

	(void)bgp__guard_refuses(&guard);
}

static void
call_from_outside(void)
{
	struct bgp__guard guard = { .callbacks = 0 };

	if (bgp__guard_refuses(&guard))
		_exit(1);
}

static void
test_bugs_stop(void **state)
{
	(void)state;
	assert_int_not_equal(end_of(forget_size), 0);
	assert_int_not_equal(end_of(call_from_callback), 0);
	assert_int_equal(end_of(unknown_size), 0);
	assert_int_equal(end_of(call_from_outside), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bugs_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
