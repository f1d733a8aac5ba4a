/*
 * fuzz_network.c - several speakers on links of memory, all features at once.
 *
 * The octets of an input are the choices of a scenario of tests/sim: its head
 * (topology, families, latency, how hosts behave), then steps of eight octets.
 * The engine waits until all has come to rest and then compares every table
 * with a naive model; what must not happen aborts.
 */
#include "check.h"

#include "tests/sim/sim.h"

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct sim_scenario scenario;
	struct sim_result result;

	sim_scenario_of_octets(&scenario, octets, len);
	sim_run(&scenario, &result);
	CHECK(result.rests + result.restless > 0);
	return 0;
}
