/*
 * check.h - a property of a fuzz target that must hold in every build.
 */
#ifndef BGP_FUZZ_CHECK_H
#define BGP_FUZZ_CHECK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what)                                                  \
	do {                                                         \
		if (!(what)) {                                       \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
			    #what);                                  \
			abort();                                     \
		}                                                    \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

#endif
