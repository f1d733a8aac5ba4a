/*
 * shrink.c - leave out of a failing scenario what it does not need to fail.
 *
 * Runs of steps are left out, first halves, then quarters, down to single ones;
 * then octets of the head and of steps are made 0.  Any failure counts: what
 * remains may fail in a plainer way than the whole did.
 */
#include <string.h>

#include "sim.h"

static bool
still_fails(const struct sim_scenario *scenario, unsigned *trials)
{
	char text[64];

	if (*trials == 0)
		return false;
	--*trials;
	return sim_trial(scenario, text, sizeof text) != 0;
}

static bool
leave_out(struct sim_scenario *scenario, size_t at, size_t count,
	  unsigned *trials)
{
	struct sim_scenario less = *scenario;

	memmove(less.steps[at], less.steps[at + count],
		(less.count - at - count) * SIM_STEP_LEN);
	less.count -= count;
	if (!still_fails(&less, trials))
		return false;
	*scenario = less;
	return true;
}

static void
drop_steps(struct sim_scenario *scenario, unsigned *trials)
{
	for (size_t run = scenario->count; run > 0; run /= 2)
		for (size_t at = 0; at + run <= scenario->count;)
			if (!leave_out(scenario, at, run, trials))
				at += run;
}

static void
clear_octet(struct sim_scenario *scenario, uint8_t *octet, unsigned *trials)
{
	uint8_t kept = *octet;

	if (kept == 0)
		return;
	*octet = 0;
	if (!still_fails(scenario, trials))
		*octet = kept;
}

void
sim_shrink(struct sim_scenario *scenario, unsigned trials)
{
	size_t before;

	do {
		before = scenario->count;
		drop_steps(scenario, &trials);
	} while (scenario->count < before);
	for (unsigned i = 0; i < SIM_HEAD_LEN; i++)
		clear_octet(scenario, &scenario->head[i], &trials);
	/* Not the verb. */
	for (size_t i = 0; i < scenario->count; i++)
		for (unsigned j = 1; j < SIM_STEP_LEN; j++)
			clear_octet(scenario, &scenario->steps[i][j], &trials);
	drop_steps(scenario, &trials);
}
