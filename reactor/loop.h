/*
 * loop.h - the reactor's state, for the files of this folder.
 *
 * Everything that waits hangs in one of the lists; the turn of the loop in
 * turn.c walks them in order.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_LOOP_H
#define REACTOR_LOOP_H

#include "address.h"
#include "poller.h"
#include "reactor.h"
#include "system.h"
#include "watch.h"

/* Sizes of the reactor's own arrays. */
enum {
	REACTOR_EVENTS = 1024,		/* fetched by one wait */
	REACTOR_BUFFER = 65536		/* bytes received at once */
};

/* Where between two runs, or in one, the reactor is. */
enum reactor_state {
	REACTOR_IDLE,
	REACTOR_FREEING,	/* in reactor_free: nothing new can be made */
	REACTOR_RUNNING,
	REACTOR_STOPPING,	/* reactor_stop was called */
	REACTOR_CRASHING	/* reactor_crash was called */
};

/* The loop. */
struct reactor {
	const struct reactor_system *system;
	struct poller *poller;
	enum reactor_state state;
	bool in_turn;		/* turns do not nest */
	bool hurries;		/* the next wait is short */
	uint64_t now_ns, turn;
	struct reactor_trace *trace;

	struct reactor_timers timers;
	struct reactor_list watches;	/* all of them, the waker's excepted */
	struct reactor_list
	    changed; /* whose interest the poller must hear of */
	struct reactor_list always;	/* that the poller cannot wait for */
	struct reactor_list closing; /* to be reaped at the end of the turn */
	struct reactor_list calls;	/* reactor_call_soon */
	struct reactor_list triggers[REACTOR_PHASES];
	unsigned holds;

	/* From other threads: a stack, newest first. */
	_Atomic(struct reactor_thread_call *) thread_calls;
	struct reactor_watch waker; /* the reading end of the wake-up pipe */
	int waker_fd;		/* the writing end */
	struct reactor_list signals;	/* reactor_catch_signal */

	int reserve_fd;		/* given up when there are no more */
	struct poller_event events[REACTOR_EVENTS];
	char buffer[REACTOR_BUFFER];	/* where all bytes are received */
};

/* Tells the trace, if there is one.  Without, it costs this branch. */
static inline void
reactor_note(struct reactor *r, int fd, const char *what, int64_t number)
{
	if (r->trace != NULL)
		r->trace->event(r->trace, &(struct reactor_event){
		    r->now_ns, r->turn, fd, what, number });
}

/*
 * One turn, waiting at most limit_ns (negative: no limit) (turn.c).
 * -EALREADY from inside another.
 */
int reactor_turn(struct reactor *, int64_t limit_ns);

/* Takes a new time for reactor_now_ns. */
void reactor_read_clock(struct reactor *);

/* Loses everything that stands with -ECONNABORTED, and reaps it. */
void reactor_lose_all(struct reactor *);

/* size bytes of zeros for something new, or NULL; free() them. */
void *reactor_allocate(struct reactor *, size_t size);

/*
 * The address that `ask`, getsockname or getpeername, has for a watch;
 * -ENOTCONN when the descriptor is not there yet or any more (watch.c).
 */
int reactor_watch_address(const struct reactor_watch *,
    struct reactor_address *,
    int (*ask)(
	const struct reactor_system *, int, struct sockaddr *, socklen_t *));

/* Opens the wake-up pipe and watches it (wake.c). */
int reactor_open_waker(struct reactor *);

/* Closes both ends, and gives all signals back. */
void reactor_close_waker(struct reactor *);

/* Makes the calls that other threads handed over, oldest first. */
void reactor_make_thread_calls(struct reactor *);

/* Passes a signal that the waker read on to who caught it (signals.c). */
void reactor_deliver_signal(struct reactor *, int number);

/* Gives all caught signals back. */
void reactor_release_signals(struct reactor *);

#endif
