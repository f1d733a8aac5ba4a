/*
 * draw.c - chance from one number.                                splitmix64
 */
#include "sim.h"

uint64_t
sim_draw(struct sim_draw *draw)
{
	uint64_t z = draw->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t
sim_below(struct sim_draw *draw, uint32_t below)
{
	return (uint32_t)(sim_draw(draw) >> 11) % below;
}
