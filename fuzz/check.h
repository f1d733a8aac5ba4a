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

#define CHECK(what)                                                        \
	do {                                                               \
		if (!(what)) {                                             \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
				#what);                                    \
			abort();                                           \
		}                                                          \
	} while (0)

/*
 * A _text with buffers of exactly so many octets, from none to enough: it never
 * leaves them, ends with a NUL, answers the whole length, and what is cut is
 * the front of the whole.  Arguments are those in front of buf and size.
 */
#define CHECK_TEXT(text, ...)                                            \
	do {                                                             \
		size_t whole_ = text(__VA_ARGS__, NULL, 0);              \
		char *all_ = malloc(whole_ + 1);                         \
		CHECK(all_ != NULL);                                     \
		CHECK(text(__VA_ARGS__, all_, whole_ + 1) == whole_);    \
		CHECK(strlen(all_) == whole_);                           \
		for (size_t size_ = 1; size_ <= whole_;                  \
		     size_ += 1 + whole_ / 64) {                         \
			char *cut_ = malloc(size_);                      \
			CHECK(cut_ != NULL);                             \
			CHECK(text(__VA_ARGS__, cut_, size_) == whole_); \
			CHECK(strlen(cut_) == size_ - 1);                \
			CHECK(memcmp(cut_, all_, size_ - 1) == 0);       \
			free(cut_);                                      \
		}                                                        \
		free(all_);                                              \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

#endif
