/*
 * wire.h - two sessions in one process, on a clock that is moved by hand.
 *
 *   end 0 [session] == conn == [pipe >>]  wire  [<< pipe] == conn == [session]
 * end 1
 *
 * A host as small as it can be: it connects, accepts, moves octets and closes
 * when it is told to.  What each end says and hears is kept in a log of words,
 * so that a test asserts on the order of things.  No sockets, no clock.
 */
#ifndef BGP_TESTS_PAIR_WIRE_H
#define BGP_TESTS_PAIR_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgp/session.h"

#define WIRES_MAX 64
#define LOG_MAX   16384

struct world;
struct wire;

/* Octets on their way in one direction. */
struct pipe {
	uint8_t *octets;
	size_t len, size;
	bool ended; /* nothing comes behind these octets */
	bool stuck; /* the writer's socket takes nothing */
};

/* One end of a TCP connection; the conn's user pointer. */
struct plug {
	struct wire *wire;
	int end;
	struct bgp_conn *conn; /* NULL: closed, or never opened */
	int answer;            /* when it was handed in */
	bool waits;            /* the host has not looked at it yet */
};

/* One TCP connection; pipes[i] carries what end i writes. */
struct wire {
	struct world *world;
	int initiator;
	struct plug plugs[2];
	struct pipe pipes[2];
};

/* One host with one session. */
struct end {
	struct world *world;
	int index;
	struct bgp_session *session;
	bool want_connect;
	bool deaf; /* connections to it are refused */
	char log[LOG_MAX];
	size_t log_len;
	uint64_t updates;
	uint32_t established, downs, failures, refreshes;
	struct bgp_down failure; /* the last attempt; without data */
	int update_answer;       /* what the update callback answers */
	void (*on_update)(struct end *end);
	void (*on_event)(struct end *end, const char *word);
	uint8_t last_update[256];
	size_t last_update_len;
	struct bgp_down down; /* the last one; data below */
	uint8_t down_data[600];
	char wrote[1024]; /* a letter per message, "OKUNR" */
	size_t wrote_len;
	uint8_t notification[600]; /* last one written to any wire */
	size_t notification_len;
};

struct world {
	uint64_t now_ms;
	struct end ends[2];
	struct wire *wires[WIRES_MAX];
	int wire_count;
	size_t piece;       /* octets of one read; 0: all there is */
	bool hold_connects; /* wanted connections wait for wire_connect */
};

/* Sessions from the options; events are filled in.  The answer is that of
 * bgp_session_new. */
int world_open(struct world *world, const struct bgp_session_options *a,
	       const struct bgp_session_options *b);
/* May be called again. */
void world_close(struct world *world);

/* Usual options of end 0 and end 1: AS 64500/64501, ids 192.0.2.1/2. */
struct bgp_session_options pair_options(int end);

/* A new TCP connection from an end to the other one; NULL: refused. */
struct wire *wire_connect(struct world *world, int from);
/* The same, but neither host has looked at its socket yet; wire_plug lets one
 * of them do so. */
struct wire *wire_begin(struct world *world, int from);
void wire_plug(struct wire *wire, int end);
/* One where `from` is a stranger without a session: the test writes. */
struct wire *wire_stranger(struct world *world, int to);
/* What the other end reads next, written by hand. */
void wire_write(struct wire *wire, int from, const void *octets, size_t len);
/* A message of this type and length, its body zero (an UPDATE of 23 octets is
 * an End-of-RIB). */
void wire_message(struct wire *wire, int from, uint8_t type, uint16_t len);
/* The OPEN that the configured peer of the other end would say. */
size_t peer_open(int from, uint16_t hold_time_s, uint8_t *buf, size_t size);
void wire_open(struct wire *wire, int from, uint16_t hold_time_s);
/* The transport breaks for both ends. */
void wire_break(struct wire *wire);
/* Moves octets of one direction, at most len (0: all); true: some moved. */
bool wire_flush(struct wire *wire, int from);
bool wire_deliver(struct wire *wire, int from, size_t len);

/* Everything that can happen at this moment happens. */
void world_settle(struct world *world);
/* The clock moves to the moment given, stopping at every deadline. */
void world_until(struct world *world, uint64_t now_ms);
void world_after(struct world *world, uint64_t ms);
/* Both started; ends when both are established, or after 30 s. */
void world_up(struct world *world);
bool world_is_up(const struct world *world);

/* code << 8 | subcode of the last NOTIFICATION that the end wrote; 0: none. */
unsigned notified(const struct end *end);
bool logged(const struct end *end, const char *words);
void log_clear(struct end *end);

#endif
