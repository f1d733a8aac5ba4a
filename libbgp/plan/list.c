/*
 * list.c - the sessions of a node while they are found.
 *
 * A list that grows, and a hash table from address and port to places in it.
 */
#include "libbgp/base/hash.h"
#include "libbgp/plan/builder.h"

static bool
grow(struct plan_builder *b, uint32_t room)
{
	struct bgp_plan_sessions *s = b->out;
	struct bgp_planned *list = bgp__mem_resize(&b->plan->mem, s->list,
						   s->room * sizeof *list,
						   room * sizeof *list);

	if (list == NULL) {
		b->err = BGP_ERR_NOMEM;
		return false;
	}
	s->list = list;
	s->room = room;
	return true;
}

struct bgp_planned *
bgp__plan_append(struct plan_builder *b)
{
	struct bgp_plan_sessions *s = b->out;

	if (s->count == s->room && !grow(b, s->room < 4 ? 4 : 2 * s->room))
		return NULL;
	return &s->list[s->count++];
}

static uint64_t
key_hash(const struct bgp_addr *addr, uint16_t port)
{
	return bgp__hash(port, addr->octets, addr->len);
}

/* Calico keeps "no port" and 179 apart. */
static uint16_t
said_port(const struct bgp_plan_sessions *s, uint32_t i)
{
	return s->list[i].port_said ? s->list[i].port : 0;
}

uint32_t *
bgp__plan_look_up(const struct plan_builder *b, const struct bgp_addr *addr,
		  uint16_t port)
{
	const struct bgp_plan_sessions *s = b->out;
	uint32_t i = (uint32_t)key_hash(addr, port);

	for (;; i++) {
		uint32_t *slot = &b->table[i & (b->table_room - 1)];

		if (*slot == 0 ||
		    (said_port(s, *slot - 1) == port &&
		     bgp_addr_compare(&s->list[*slot - 1].peer, addr) == 0))
			return slot;
	}
}

bool
bgp__plan_grow_table(struct plan_builder *b)
{
	uint32_t room = b->table_room < 16 ? 16 : 2 * b->table_room;
	struct bgp_plan_sessions *s = b->out;
	uint32_t *fresh;

	if (2 * (s->count + 1) <= b->table_room)
		return true;
	fresh = bgp__mem_get(&b->plan->mem, room * sizeof *fresh);
	if (fresh == NULL) {
		b->err = BGP_ERR_NOMEM;
		return false;
	}
	bgp__mem_put(&b->plan->mem, b->table, b->table_room * sizeof *b->table);
	b->table = fresh;
	b->table_room = room;
	for (uint32_t i = 0; i < s->count; i++)
		*bgp__plan_look_up(b, &s->list[i].peer, said_port(s, i)) = i +
		    1;
	return true;
}
