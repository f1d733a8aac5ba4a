/*
 * fsm_table.h - the cells of the FSM as data; see fsm_table.c.
 */
#ifndef BGP_SESSION_FSM_TABLE_H
#define BGP_SESSION_FSM_TABLE_H

#include "bgp/fsm.h"

struct bgp__fsm_cell {
	uint32_t actions;
	uint8_t next;
	uint8_t code, subcode, data;
};

/* Another outcome of a cell, where all conditions of `all` hold. */
struct bgp__fsm_choice {
	uint8_t state, event;
	uint16_t all;
	struct bgp__fsm_cell cell;
};

extern const struct bgp__fsm_cell bgp__fsm_cells[BGP_EVENT_COUNT + 1]
						[BGP_STATE_COUNT];

/* In the order in which they are tried; the first that fits counts. */
extern const struct bgp__fsm_choice bgp__fsm_choices[];
extern const size_t bgp__fsm_choice_count;

#endif
