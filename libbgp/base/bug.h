/*
 * bug.h - a bug of the caller, found at a door.
 *
 * The call answers the error that its header names.  A library that is built
 * with -Dasserts=true stops there instead, with the caller on the stack: for
 * who writes a host.  Neither looks at what a peer sent.
 */
#ifndef BGP_BASE_BUG_H
#define BGP_BASE_BUG_H

#include <stdbool.h>

static inline bool
bgp__bug(bool found)
{
#ifdef BGP__ASSERTS
	if (found)
		__builtin_trap();
#endif
	return found;
}

#endif
