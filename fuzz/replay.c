/*
 * replay.c - run a fuzz target over files, without a fuzzer.
 *
 * Each argument is a file, or a directory whose files are run in turn; each
 * file is one input. What the fuzzer found once is thus held for good, with any
 * compiler and in every test run.
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

static unsigned long inputs;

/* The input lies in memory of exactly its size, so that a step behind its end
 * is seen. */
static int
run_file(const char *path)
{
	static uint8_t octets[1 << 20];
	FILE *f = fopen(path, "rb");
	uint8_t *exact;
	size_t len;

	if (f == NULL) {
		perror(path);
		return 1;
	}
	len = fread(octets, 1, sizeof octets, f);
	fclose(f);
	exact = malloc(len > 0 ? len : 1);
	if (exact == NULL)
		return 1;
	memcpy(exact, octets, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	inputs++;
	return 0;
}

static int
run_directory(const char *path, DIR *dir)
{
	struct dirent *entry;
	int bad = 0;

	while ((entry = readdir(dir)) != NULL) {
		char name[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		bad |= run_file(name);
	}
	closedir(dir);
	return bad;
}

int
main(int argc, char **argv)
{
	int bad = 0;

	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);

		bad |= dir != NULL ? run_directory(argv[i], dir)
				   : run_file(argv[i]);
	}
	printf("%lu inputs\n", inputs);
	return bad || inputs == 0;
}
