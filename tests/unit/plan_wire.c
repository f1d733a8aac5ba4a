/*
 * plan_wire.c - routes passed from node to node.         RFC 4456 6, 8, 9
 *
 * Each node remembers what each neighbour told last and tells its best path
 * anew, until all are quiet: the protocol itself, without its octets.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "chance.h"
#include "plan_wire.h"

/* What one node told another. */
struct told {
	bool there;
	int originator;
	int clusters[NODES], cluster_count;
	uint32_t path[NODES];
	int path_len;
};

struct wire_link wire_links[NODES][NODES];

static struct told heard[NODES][NODES]; /* [at][from] */
static size_t wire_nodes;

struct wire_link
wire_link_of(const struct bgp_planned *s)
{
	return (struct wire_link){ true,       s->peer_as != s->local_as,
				   s->client,  s->local_as,
				   s->peer_as, s->port,
				   s->passive, s->password };
}

void
wire_read(const struct cluster *c, struct bgp_plan *plan,
	  struct wire_sides *sides)
{
	memset(sides, 0, sizeof *sides);
	for (size_t i = 0; i < c->input.node_count; i++) {
		struct bgp_plan_sessions *sessions;
		const struct bgp_planned *s;

		assert_int_equal(bgp_plan_sessions_new(plan, c->nodes[i].name,
						       BGP_IPV4_UNICAST,
						       &sessions),
				 BGP_OK);
		for (size_t k = 0;
		     (s = bgp_plan_sessions_at(sessions, k)) != NULL; k++) {
			int far = cluster_node(c, s->peer_node);

			if (far < 0)
				sides->outside[i]++;
			else if (s->type == BGP_PLANNED_MESH)
				sides->by_mesh[i][far] = wire_link_of(s);
			else
				sides->by_peer[i][far] = wire_link_of(s);
		}
		bgp_plan_sessions_del(sessions);
	}
}

bool
wire_fits(const struct wire_link *a, const struct wire_link *b)
{
	return a->there && b->there && a->peer_as == b->local_as &&
	    b->peer_as == a->local_as && (!a->passive || !b->passive);
}

void
wire_join(const struct cluster *c, const struct wire_sides *sides)
{
	memset(wire_links, 0, sizeof wire_links);
	for (size_t a = 0; a < c->input.node_count; a++)
		for (size_t b = 0; b < c->input.node_count; b++)
			wire_links[a][b] = wire_fits(&sides->by_peer[a][b],
						     &sides->by_peer[b][a])
			    ? sides->by_peer[a][b]
			    : sides->by_mesh[a][b];
}

static uint64_t
rank_of(int at, const struct told *t, int from)
{
	bool ebgp = wire_links[at][from].ebgp;

	return (uint64_t)t->path_len << 48 | (uint64_t)!ebgp << 40 |
	    (uint64_t)t->originator << 32 | (uint64_t)t->cluster_count << 16 |
	    (uint64_t)from;
}

/* The neighbour whose path is best, or -1. */
static int
best_of(int at)
{
	int best = -1;

	for (int from = 0; from < (int)wire_nodes; from++)
		if (heard[at][from].there &&
		    (best < 0 ||
		     rank_of(at, &heard[at][from], from) <
			 rank_of(at, &heard[at][best], best)))
			best = from;
	return best;
}

static int
cluster_number(const struct cluster *c, int at)
{
	const char *id = c->nodes[at].cluster_id;

	return id != NULL ? atoi(strrchr(id, '.') + 1) : 0;
}

/* What `from` tells `to` now; all zero: nothing. */
static struct told
tell(const struct cluster *c, int origin, int from, int to)
{
	const struct wire_link *l = &wire_links[from][to];
	struct told t;
	int best = from == origin ? from : best_of(from);

	memset(&t, 0, sizeof t);
	if (!l->there || best < 0 || to == origin)
		return t;
	t = heard[from][best];
	if (from == origin) {
		memset(&t, 0, sizeof t);
		t.there = true;
	}
	if (l->ebgp) {
		t.path[t.path_len++] = l->local_as;
		t.originator = from;
		t.cluster_count = 0;
		return t;
	}
	if (from == origin || wire_links[from][best].ebgp) {
		t.originator = from;
		return t;
	}
	if (!l->client && !wire_links[from][best].client)
		t.there = false;
	t.clusters[t.cluster_count++] = cluster_number(c, from);
	return t;
}

static bool
loops(const struct cluster *c, int at, const struct told *t)
{
	int own = cluster_number(c, at);

	for (int i = 0; i < t->cluster_count; i++)
		if (own != 0 && t->clusters[i] == own)
			return true;
	for (int i = 0; i < t->path_len; i++)
		if (t->path[i] == cluster_as(c, &c->nodes[at]))
			return true;
	return false;
}

void
wire_propagate(const struct cluster *c, int origin, int missing)
{
	int quiet = 0, pairs, i;

	wire_nodes = c->input.node_count;
	pairs = (int)(wire_nodes * wire_nodes);

	memset(heard, 0, sizeof heard);
	for (int tries = 0; quiet < pairs; tries++) {
		bool changed = false;
		int shift = (int)chance((uint32_t)pairs);

		assert_true(tries < 1000);
		for (i = 0; i < pairs; i++) {
			int k = (i + shift) % pairs;
			int from = k / (int)wire_nodes,
			    to = k % (int)wire_nodes;
			struct told t, *old = &heard[to][from];

			if (from == missing || to == missing || from == to)
				continue;
			t = tell(c, origin, from, to);
			if (!t.there || loops(c, to, &t))
				memset(&t, 0, sizeof t);
			if (memcmp(&t, old, sizeof t) != 0) {
				*old = t;
				changed = true;
			}
		}
		quiet = changed ? 0 : pairs;
	}
}

bool
wire_reached(int at)
{
	return best_of(at) >= 0;
}
