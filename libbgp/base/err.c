/*
 * err.c - the result codes and remedies in words.
 */
#include "bgp/error.h"

const char *
bgp_err_text(int err)
{
	static const char *const text[] = {
		"success",
		"out of memory",
		"buffer too small",
		"input ends early",
		"malformed message",
		"wrong state",
		"argument out of range",
		"exists already",
		"no such object",
		"limit reached",
		"refused",
		"ended within the call",
	};

	if (err >= 0)
		return text[0];
	if (err < BGP_ERR_ENDED)
		return "unknown error";
	return text[-err];
}

const char *
bgp_remedy_text(enum bgp_remedy remedy)
{
	static const char *const text[] = { "none", "discard", "withdraw",
					    "reset" };

	return (unsigned)remedy < 4 ? text[remedy] : "unknown";
}
