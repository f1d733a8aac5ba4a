/*
 * loop.h - one thread, one epoll: readiness, moments, signals.
 *
 *     for each turn:  wait until a descriptor is ready or a hook's deadline
 *                     watch->ready    of each ready descriptor
 *                     later->run      of what was put off
 *                     hook->turn      of each hook, in order of addition
 *
 * A watch may be released at any time, also while events for it are still to
 * be handed out: its memory lives until the turn ends.
 */
#ifndef HOST_LOOP_H
#define HOST_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#define LOOP_HOOKS_MAX  8
#define LOOP_EVENTS_MAX 256 /* ready descriptors of one turn */

/* A descriptor of interest; embed it in what it belongs to. */
struct watch {
	void (*ready)(struct watch *watch, uint32_t events);
	int fd;          /* -1: not watched */
	uint32_t events; /* EPOLLIN, EPOLLOUT, … */
	void *memory;
	struct watch *next;
};

/* Something to be done soon, but not from here; embed it likewise. */
struct later {
	void (*run)(struct later *later);
	struct later *next;
	bool waiting;
};

/* Something that is done once in every turn, and by a deadline. */
struct loop_hook {
	uint64_t (*deadline)(void *ctx); /* NULL: none */
	void (*turn)(void *ctx);
	void *ctx;
};

struct loop {
	int fd;
	bool stopped;
	uint64_t now_ms; /* monotonic, read once in a turn */
	struct watch *released;
	struct later *first_later, **last_later;
	struct loop_hook hooks[LOOP_HOOKS_MAX];
	unsigned hook_count;
	struct watch signals;
	void (*caught)(void *ctx, int signal);
	void *caught_ctx;
};

/* 0, or -1 with errno. */
int loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/* Runs until loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Of a watch, ready and memory are set by its owner.  0, or -1 with errno. */
int loop_watch(struct loop *loop, struct watch *watch, int fd, uint32_t events);
int loop_change(struct loop *loop, struct watch *watch, uint32_t events);
/* Closes the descriptor. */
void loop_unwatch(struct loop *loop, struct watch *watch);
/* Leaves the descriptor open, for another to watch. */
void loop_forget(struct loop *loop, struct watch *watch);
/* Closes it too, and frees watch->memory when the turn ends. */
void loop_release(struct loop *loop, struct watch *watch);

/* Runs it in this turn or the next; again while it waits: no effect. */
void loop_later(struct loop *loop, struct later *later);
void loop_never(struct loop *loop, struct later *later);

/* -1: LOOP_HOOKS_MAX. */
int loop_hook(struct loop *loop, const struct loop_hook *hook);

/* From here on these signals arrive as calls.  0, or -1 with errno. */
int loop_signals(struct loop *loop, const int *signals, unsigned count,
		 void (*caught)(void *ctx, int signal), void *ctx);

#endif
