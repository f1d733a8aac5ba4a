/*
 * version.c - which libbgp this is.
 */
#include "bgp/bgp.h"

const char *
bgp_version(void)
{
	return BGP_VERSION;
}
