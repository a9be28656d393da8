/*
 * loop.h - the state of a reactor, for the files of this folder.
 *
 * Each thing that waits lies in one of these lists, and the turn in reactor.c
 * walks them in order.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_LOOP_H
#define REACTOR_LOOP_H

#include "poller.h"
#include "reactor.h"
#include "system.h"
#include "watch.h"

/* Sizes of the reactor's arrays. */
enum {
	REACTOR_EVENTS = 1024,		/* fetched by one wait */
	REACTOR_BUFFER = 65536		/* bytes received at once */
};

/* What the reactor does. */
enum reactor_state {
	REACTOR_IDLE,		/* it does not run */
	REACTOR_FREEING,	/* reactor_free: nothing new can be made */
	REACTOR_RUNNING,	/* reactor_run */
	REACTOR_BREAKING	/* and in it, reactor_break */
};

/* The loop. */
struct reactor {
	const struct reactor_system *system;
	struct poller *poller;
	struct reactor_trace *trace;	/* or NULL */
	enum reactor_state state;
	bool in_turn;			/* turns do not nest */
	bool hurries;			/* the next wait does not sleep */
	bool stops;			/* this run or, if idle, the next */
	uint64_t now_ns, turn;

	struct reactor_timers timers;
	struct reactor_list calls;	/* of reactor_call_soon */
	struct reactor_list watches;	/* all that are open */
	struct reactor_list changed;	/* the poller must hear of them */
	struct reactor_list always;	/* the poller cannot wait for them */
	struct reactor_list closing;	/* the end of the turn closes them */
	struct reactor_list triggers[REACTOR_PHASES];
	unsigned holds;			/* of the shutdown */

	/* What the transports share. */
	int reserve_fd;			/* closed when there are no others */
	char buffer[REACTOR_BUFFER];	/* all bytes are received here */

	struct poller_event events[REACTOR_EVENTS];
};

/* Tells the trace, if there is one; if not, this costs one comparison. */
static inline void
reactor_note(struct reactor *r, int fd, const char *what, int64_t number)
{
	if (r->trace != NULL)
		r->trace->event(r->trace, &(struct reactor_event){
		    r->now_ns, r->turn, fd, what, number });
}

/*
 * size bytes of zeros for something new, to be freed with free(); NULL when
 * there is no memory, or when the reactor is being freed.
 */
void *reactor_allocate(struct reactor *, size_t size);

#endif
