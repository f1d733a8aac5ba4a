/*
 * scenario.c - a scenario drawn from a seed, from octets, or from a file.
 *
 * A file has a line for its head and one for each step, in hex, so that a step
 * can be taken out by hand:
 *
 *     # what it shows
 *     head 00000000000000010000000000000000
 *     step announce 0003010200040506
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim.h"

void
sim_scenario_draw(struct sim_scenario *scenario, uint64_t seed)
{
	struct sim_draw draw = { seed };

	for (unsigned i = 0; i < SIM_HEAD_LEN; i++)
		scenario->head[i] = (uint8_t)sim_draw(&draw);
	scenario->count = 8 + sim_below(&draw, 72);
	for (size_t i = 0; i < scenario->count; i++)
		for (unsigned j = 0; j < SIM_STEP_LEN; j++)
			scenario->steps[i][j] = (uint8_t)sim_draw(&draw);
}

void
sim_scenario_of_octets(struct sim_scenario *scenario, const uint8_t *octets,
		       size_t len)
{
	size_t head = len < SIM_HEAD_LEN ? len : SIM_HEAD_LEN;

	memset(scenario, 0, sizeof *scenario);
	if (head > 0)
		memcpy(scenario->head, octets, head);
	scenario->count = (len - head) / SIM_STEP_LEN;
	if (scenario->count > SIM_STEPS_MAX)
		scenario->count = SIM_STEPS_MAX;
	if (scenario->count > 0)
		memcpy(scenario->steps, octets + head,
		       scenario->count * SIM_STEP_LEN);
}

static void
write_hex(FILE *f, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fprintf(f, "%02x", octets[i]);
	fprintf(f, "\n");
}

bool
sim_scenario_write(const struct sim_scenario *scenario, const char *path,
		   const char *caption)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return false;
	fprintf(f, "# %s\nhead ", caption);
	write_hex(f, scenario->head, SIM_HEAD_LEN);
	for (size_t i = 0; i < scenario->count; i++) {
		fprintf(f, "step %-9s ", sim_step_name(scenario->steps[i]));
		write_hex(f, scenario->steps[i], SIM_STEP_LEN);
	}
	return fclose(f) == 0;
}

static bool
read_hex(const char *text, uint8_t *octets, size_t len)
{
	unsigned octet;

	for (size_t i = 0; i < len; i++, text += 2) {
		if (!isxdigit((unsigned char)text[0]) ||
		    sscanf(text, "%2x", &octet) != 1)
			return false;
		octets[i] = (uint8_t)octet;
	}
	return true;
}

bool
sim_scenario_read(struct sim_scenario *scenario, const char *path)
{
	char line[256], hex[64];
	FILE *f = fopen(path, "r");
	bool good = f != NULL;

	memset(scenario, 0, sizeof *scenario);
	while (good && fgets(line, sizeof line, f) != NULL) {
		if (sscanf(line, "head %63s", hex) == 1)
			good = read_hex(hex, scenario->head, SIM_HEAD_LEN);
		else if (sscanf(line, "step %*s %63s", hex) == 1)
			good = scenario->count < SIM_STEPS_MAX &&
			    read_hex(hex, scenario->steps[scenario->count++],
				     SIM_STEP_LEN);
		else
			good = line[0] == '#';
	}
	if (f != NULL)
		fclose(f);
	return good;
}
