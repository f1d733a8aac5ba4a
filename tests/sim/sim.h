/*
 * sim.h - a network of speakers in one process, made of the public API alone.
 *
 * A world has a clock that is moved by its events, nodes (speakers, and talkers
 * that speak BGP but keep no RIB), connections with latency and bounded
 * buffers, and a list of steps that are done to it.  All chance comes from the
 * scenario: the same scenario gives the same octets on every link.
 *
 *     scenario -> world -> clock -> link -> host, talker -> libbgp
 *                   |                 |
 *                 step               tap: what every receiver was sent
 *                   |                 |
 *                 rest -> oracle <- model (RFC 4271 9, RFC 4456)
 *
 * What must not happen ends the process (sim_fail): a test runs a scenario in a
 * child of its own.
 */
#ifndef BGP_TESTS_SIM_H
#define BGP_TESTS_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgp/bgp.h"

enum {
	SIM_NODES = 8,
	SIM_FAMILIES = 3,
	SIM_PREFIXES = 8,
	SIM_PATHS = 3,     /* of one prefix, by ADD-PATH */
	SIM_EXTERNALS = 4, /* next hops that are no node */
	SIM_HOPS = 2 * SIM_NODES + SIM_EXTERNALS,
	SIM_ENDS = 128,
	SIM_RULES = 8,
	SIM_HEAD_LEN = 16, /* octets of a scenario before its steps */
	SIM_STEP_LEN = 8,
	SIM_STEPS_MAX = 512,
	SIM_ATTRS_MAX = 256,
	SIM_NLRI_MAX = 24,
};

struct sim_world;
struct sim_node;
struct sim_peer;
struct sim_end;

/* ----------------------------------------------------------- draw, fail */

struct sim_draw {
	uint64_t state;
};

uint64_t sim_draw(struct sim_draw *draw);
/* 0 .. below - 1; below is at least 1. */
uint32_t sim_below(struct sim_draw *draw, uint32_t below);

/* Says what is wrong, when and where, and ends the process. */
void sim_fail(const struct sim_world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));
/* A line of the trace, where the environment has SIM_TRACE. */
void sim_note(const struct sim_world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define SIM_CHECK(world, what)                                           \
	do {                                                             \
		if (!(what))                                             \
			sim_fail(world, "%s:%d: %s", __FILE__, __LINE__, \
				 #what);                                 \
	} while (0)

/* ---------------------------------------------------------------- route */

/*
 * A route as the model sees it: which family and prefix by number, and
 * attributes in canonical order, each shorter than 256 octets.
 */
struct sim_route {
	uint8_t family, prefix; /* numbers */
	uint8_t label;          /* of what is to be said */
	uint32_t path_id;
	uint8_t nlri_len, hop_len;
	bool hop_set; /* the model's own: the host or its policy chose it */
	uint16_t attrs_len;
	uint8_t nlri[SIM_NLRI_MAX];
	uint8_t hop[32];
	uint8_t attrs[SIM_ATTRS_MAX];
};

extern const bgp_family sim_families[SIM_FAMILIES];

/* The NLRI of a prefix, on the wire without a path id, into buf; *out has it
 * taken off.  `label` is what is not part of the key, where there is such. */
void sim_nlri(unsigned family, unsigned prefix, unsigned label,
	      uint8_t buf[SIM_NLRI_MAX], struct bgp_nlri *out);
/* Which one it is; false: none of ours. */
bool sim_nlri_number(const struct bgp_nlri *nlri, unsigned *family,
		     unsigned *prefix);
/* The next hop of a route as its family writes it, and back. */
void sim_route_set_hop(struct sim_route *route, const struct bgp_addr *addr);
struct bgp_addr sim_route_hop(const struct sim_route *route);
void sim_route_set_nlri(struct sim_route *route, const struct bgp_nlri *nlri);

/* The value of an attribute, NULL where it is absent. */
const uint8_t *sim_attr(const struct sim_route *route, uint8_t code,
			unsigned *len);
uint32_t sim_attr_u32(const struct sim_route *route, uint8_t code,
		      uint32_t otherwise);
void sim_attr_set(struct sim_route *route, uint8_t flags, uint8_t code,
		  const uint8_t *value, unsigned len);
void sim_attr_set_u32(struct sim_route *route, uint8_t flags, uint8_t code,
		      uint32_t value);
void sim_attr_drop(struct sim_route *route, uint8_t code);
/* Views of all of them; the answer is how many. */
size_t sim_attr_views(const struct sim_route *route, struct bgp_attr *out,
		      size_t max);
/* All but the NLRI of a set that the library shows. */
void sim_route_of_attrs(struct sim_route *route, const struct bgp_attrs *attrs);
bool sim_route_equal(const struct sim_route *a, const struct sim_route *b);
void sim_route_text(const struct sim_route *route, char *buf, size_t size);

uint32_t sim_load32(const uint8_t *octets);
void sim_store32(uint8_t *octets, uint32_t value);

/* ----------------------------------------------------------------- rule */

/* A policy of the small set, in two forms: as libbgp calls it, and as the
 * model does it to a route. */
enum sim_rule_kind {
	SIM_RULE_ACCEPT,
	SIM_RULE_REJECT,      /* all */
	SIM_RULE_REJECT_SOME, /* by prefix */
	SIM_RULE_LOCAL_PREF,
	SIM_RULE_MED,
	SIM_RULE_PREPEND,
	SIM_RULE_LARGE_COMMUNITY,
	SIM_RULE_NO_MED,
	SIM_RULE_KINDS,
	SIM_RULE_NEXT_HOP = SIM_RULE_KINDS, /* of IPv4 */
};

struct sim_rule {
	enum sim_rule_kind kind;
	uint8_t parameter;
};

bgp_policy sim_rule_policy; /* ctx: struct sim_rule */
/* false: rejected.  On export a next hop that it sets is sent to all. */
bool sim_rule_model(const struct sim_rule *rule, struct sim_route *route,
		    bool outward);

/* ---------------------------------------------------------------- clock */

enum sim_what {
	SIM_TICK,   /* a host looks at its timers */
	SIM_ARRIVE, /* octets reach the other kernel */
	SIM_FIN,
	SIM_RST,
	SIM_READ, /* a host reads a socket */
	SIM_WRITE,
	SIM_CLOSE, /* a host closes, late */
	SIM_DIAL,  /* a SYN arrives */
	SIM_ACCEPT,
	SIM_CONNECTED,
	SIM_FAILED, /* a dial has failed */
	SIM_HOP,    /* a host answers about a next hop */
};

struct sim_event {
	uint64_t at_ms, order;
	enum sim_what what;
	uint32_t who;   /* number of a node or end */
	uint32_t stamp; /* of which generation of it */
	uint32_t arg, arg2;
};

struct sim_clock {
	uint64_t now_ms, order;
	struct sim_event *heap;
	size_t count, room;
};

void sim_clock_add(struct sim_world *world, uint64_t at_ms, enum sim_what what,
		   uint32_t who, uint32_t stamp, uint32_t arg, uint32_t arg2);
/* Takes the next event if it is due by until_ms, and moves the clock to it. */
bool sim_clock_next(struct sim_clock *clock, uint64_t until_ms,
		    struct sim_event *out);

/* ------------------------------------------------------------------ tap */

/* What is read off one direction of a connection, at its receiver. */
struct sim_tap {
	uint8_t *octets; /* of a message not yet whole */
	size_t len, room;
	uint8_t open[512]; /* the OPEN that came, 0: none */
	uint16_t open_len;
	bool keepalive, notification;
	uint8_t eor[SIM_FAMILIES]; /* End-of-RIB seen */
	struct bgp_codec codec;
	bool negotiated;
	struct sim_route *routes; /* held by the receiver */
	size_t count, routes_room;
};

void sim_tap_input(struct sim_end *end, const uint8_t *octets, size_t len);
void sim_tap_fini(struct sim_tap *tap);

/* ----------------------------------------------------------------- link */

/* One end of a connection; the octets are on their way to it. */
struct sim_end {
	struct sim_world *world;
	unsigned number;
	uint32_t generation;
	bool used;
	struct sim_node *node;
	uint32_t incarnation;  /* of the node's process */
	struct sim_peer *peer; /* what the node calls the other */
	struct bgp_conn *conn; /* NULL: not yet handed in, or closed */
	struct sim_end *other;
	bool dialled;          /* this end did */
	bool open;             /* the socket is */
	bool handed;           /* accept or connected was called */
	uint32_t life;         /* of the peer that it was handed to */
	bool closing;          /* the library wants it closed */
	bool fin, reset;       /* the other has closed, broken off */
	bool reading, writing; /* an event is under way */
	bool blocked;          /* the buffer towards the other is full */
	uint8_t *octets;
	size_t len, room, arrived, capacity;
	uint64_t last_ms; /* no octet overtakes another */
	uint64_t cut_at;  /* RST once so many octets more were read; 0: no */
	struct sim_tap tap;
};

/* A pair of ends, the dialler's first; NULL: no more are to be had. */
struct sim_end *sim_end_pair(struct sim_world *world, struct sim_peer *from,
			     struct sim_peer *to);
/* How many octets the socket takes now; and they go. */
size_t sim_end_room(const struct sim_end *end);
void sim_end_push(struct sim_end *end, const uint8_t *octets, size_t len);
/* Takes octets that were read off. */
void sim_end_pull(struct sim_end *end, size_t len);
/* Closes the socket of this end: after its octets, or at once with RST, or
 * without a word. */
void sim_end_close(struct sim_end *end);
void sim_end_break(struct sim_end *end);
void sim_end_vanish(struct sim_end *end);
void sim_end_read_soon(struct sim_end *end);
void sim_end_write_soon(struct sim_end *end);
void sim_link_event(struct sim_world *world, const struct sim_event *event);

/* ----------------------------------------------------------- host, node */

struct sim_hop {
	struct bgp_addr addr;
	bool watched, up;
	uint32_t cost;
};

struct sim_fib {
	bool there;
	uint8_t count;
	struct bgp_addr hops[SIM_NODES * SIM_PATHS];
};

/* What a node knows of another that is to be its peer. */
struct sim_peer {
	struct sim_node *node, *to;
	bool linked;  /* the topology has this pair */
	bool present; /* the library knows the peer */
	bool enabled;
	bool stalled; /* its host does not read */
	struct bgp_peer_options options;
	struct bgp_peer *peer;       /* of a speaker */
	struct bgp_session *session; /* of a talker */
	uint32_t attempt;            /* number of the dial under way */
	bool dialling;
	bool up;
	uint64_t heard_ms; /* when it was given octets last */
	uint32_t life;     /* which one of this address */
	uint64_t octets_in, octets_out;
};

struct sim_node {
	struct sim_world *world;
	unsigned number;
	bool talker;
	bool alive, dark, stopped;
	uint32_t incarnation;
	uint32_t as;
	struct bgp_addr address, address6;
	struct bgp_speaker_options options;
	struct bgp_speaker *speaker;
	struct sim_peer peers[SIM_NODES];
	struct sim_hop hops[SIM_HOPS];
	struct sim_route local[SIM_FAMILIES][SIM_PREFIXES];
	bool local_there[SIM_FAMILIES][SIM_PREFIXES];
	/* Of a talker: path id i + 1. */
	struct sim_route said[SIM_FAMILIES][SIM_PREFIXES][SIM_PATHS];
	bool said_there[SIM_FAMILIES][SIM_PREFIXES][SIM_PATHS];
	struct sim_fib fib[SIM_FAMILIES][SIM_PREFIXES];
	struct sim_rule rules[SIM_RULES];
	uint64_t tick_ms;    /* when it looks next */
	uint64_t resumed_ms; /* when it was stopped last, and went on */
	uint64_t ticks_at_ms;
	uint32_t ticks; /* at that moment */
	/* How it behaves. */
	bool asks_hops, eager_hops, eager_output, eager_close;
	uint32_t delay_ms, read_max;
	/* Memory. */
	size_t octets;
	uint64_t allocations, fail_at;
	bool failed; /* an allocation was refused since this was cleared */
};

/* A process begins, with all its peers; false: no memory. */
bool sim_host_start(struct sim_node *node);
/* It ends: with RST on all connections, or without (dark). */
void sim_host_kill(struct sim_node *node, bool dark);
bool sim_host_add(struct sim_peer *peer);
int sim_host_announce(struct sim_node *node, unsigned family, unsigned prefix,
		      const struct sim_route *route);
void sim_host_remove(struct sim_peer *peer);
void sim_socket_event(struct sim_world *world, const struct sim_event *event);
void sim_dial_event(struct sim_world *world, const struct sim_event *event);
/* To be called after every call into the library. */
void sim_host_rest(struct sim_node *node);
void sim_host_event(struct sim_world *world, const struct sim_event *event);
void sim_host_resume(struct sim_node *node);
void sim_host_answer(struct sim_node *node, unsigned hop);
void *sim_host_resize(void *ctx, void *ptr, size_t old_len, size_t new_len);
/* What both kinds of host do with connections. */
void sim_host_connect(struct sim_peer *peer);
void sim_host_cancel(struct sim_peer *peer);
void sim_host_output(struct bgp_conn *conn);
void sim_host_close(struct bgp_conn *conn);
void sim_host_state(struct sim_peer *peer, enum bgp_state to);
int sim_node_hop(const struct sim_node *node, const struct bgp_addr *addr);

/* --------------------------------------------------------------- talker */

bool sim_talker_add(struct sim_peer *peer);
void sim_talker_remove(struct sim_peer *peer);
void sim_talker_tick(struct sim_node *node);
uint64_t sim_talker_deadline(const struct sim_node *node);
/* Tells all its peers what it now says of a route. */
void sim_talker_tell(struct sim_node *node, unsigned family, unsigned prefix,
		     unsigned path);
void sim_talker_refresh(struct sim_peer *peer, unsigned family);

/* ------------------------------------------------------------- scenario */

struct sim_scenario {
	uint8_t head[SIM_HEAD_LEN];
	size_t count;
	uint8_t steps[SIM_STEPS_MAX][SIM_STEP_LEN];
};

void sim_scenario_draw(struct sim_scenario *scenario, uint64_t seed);
void sim_scenario_of_octets(struct sim_scenario *scenario,
			    const uint8_t *octets, size_t len);
/* As text, a line for each step; false: the file cannot be written or read. */
bool sim_scenario_write(const struct sim_scenario *scenario, const char *path,
			const char *caption);
bool sim_scenario_read(struct sim_scenario *scenario, const char *path);

/* ------------------------------------------------------- trial, shrinking */

/* Runs it in a process of its own; 0: well.  Else what ended it, and its first
 * line of complaint in `text`. */
int sim_trial(const struct sim_scenario *scenario, char *text, size_t size);
/* Leaves out what is not needed to fail, in at most so many trials. */
void sim_shrink(struct sim_scenario *scenario, unsigned trials);

/* ---------------------------------------------------------------- world */

struct sim_result {
	uint64_t digest, octets, messages[6], events, virtual_ms;
	unsigned rests, restless;
};

struct sim_world {
	const struct sim_scenario *scenario;
	struct sim_clock clock;
	struct sim_draw draw;
	struct sim_node nodes[SIM_NODES];
	unsigned node_count;
	struct sim_end ends[SIM_ENDS];
	uint32_t generations;
	bool cut[SIM_NODES][SIM_NODES]; /* partitions */
	bool deaf[SIM_NODES];           /* refuses connections */
	uint32_t latency_ms;
	uint64_t changed_ms; /* when something but a KEEPALIVE was received */
	uint32_t serial;     /* of announcements */
	unsigned family_count;
	size_t at; /* step */
	bool trace;
	/* What came of it. */
	uint64_t digest, octets, messages[6], events;
	unsigned rests, restless;
};

/* Runs the scenario from begin to end. */
void sim_run(const struct sim_scenario *scenario, struct sim_result *out);
void sim_world_build(struct sim_world *world);
void sim_world_run(struct sim_world *world, uint64_t until_ms);
/* Ends all faults, waits until nothing changes any more, and asks the oracle.
 */
void sim_world_rest(struct sim_world *world);
void sim_world_end(struct sim_world *world);

void sim_step(struct sim_world *world, const uint8_t step[SIM_STEP_LEN]);
const char *sim_step_name(const uint8_t step[SIM_STEP_LEN]);

/* --------------------------------------------------------------- oracle */

/* Should these two be Established, all faults gone? */
bool sim_pair_expected(const struct sim_peer *peer);
/* The end of the one connection that carries the session; NULL: none. */
struct sim_end *sim_peer_end(const struct sim_peer *peer);
void sim_oracle(struct sim_world *world);
/* No session outlives its hold time; also in the middle of things. */
void sim_oracle_hold(const struct sim_world *world);

/* ---------------------------------------------------------------- model */

/* The best of a node, by the naive decision. */
struct sim_best {
	bool there;
	const struct sim_peer *from; /* NULL: local */
	struct sim_route route;      /* as its import policy left it */
	unsigned equal_count;
	struct bgp_addr hops[SIM_NODES * SIM_PATHS];
	uint8_t hop_count;
};

void sim_model_best(const struct sim_node *node, unsigned family,
		    unsigned prefix, struct sim_best *out);
/* What a peer is to be sent of it; false: nothing. */
bool sim_model_export(const struct sim_best *best, const struct sim_peer *to,
		      unsigned family, struct sim_route *out);
/* Does the receiver take its next hop, and may the sender send it there? */
bool sim_model_takes(const struct sim_peer *from,
		     const struct sim_route *route);
bool sim_model_leads_to(const struct sim_peer *to,
			const struct sim_route *route);
/* Is a received route without a loop? */
bool sim_model_loops(const struct sim_peer *from,
		     const struct sim_route *route);

#endif
