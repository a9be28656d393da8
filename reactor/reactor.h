/*
 * reactor.h - the event loop.
 *
 * One thread asks the kernel which descriptors are ready and calls, one
 * after the other, the functions that wait for them.  A turn of the loop is
 *
 *      run the timers that are due
 *      wait until a descriptor is ready or a timer is due
 *      call those whose descriptors are ready
 *      make the calls that were asked for, from this or another thread
 *      reap what was closed
 *
 * Rules that hold for every callback: it may start, stop, close and free
 * its own things at will; work that it asks for is done in a later phase or
 * turn, never before it returns; what it closes calls it no more, but for
 * the one farewell (connection_lost, closed) when the turn reaps.
 *
 * All functions belong to the thread that runs the loop, except
 * reactor_call_from_thread.  A process may have several reactors.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_REACTOR_H
#define REACTOR_REACTOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "list.h"
#include "timer.h"

#ifdef __cplusplus
extern "C" {
#endif

struct poller_ops;
struct reactor;
struct reactor_system;

/* One thing that the loop does, told to a trace; borrowed. */
struct reactor_event {
	uint64_t now_ns, turn;
	int fd;				/* -1: none */
	const char *what;		/* "data_received", "wait" ... */
	int64_t number;			/* bytes, a count, or an errno */
};

/* Who is told what the loop does: embed it, and recover your struct. */
struct reactor_trace {
	void (*event)(struct reactor_trace *, const struct reactor_event *);
};

/* How a reactor is made; all zero is a good choice. */
struct reactor_options {
	const struct reactor_system *system;	/* NULL: reactor_system_posix */
	const char *poller;		/* NULL: the best there is */
	const struct poller_ops *own_poller;	/* not NULL: this one */
	struct reactor_trace *trace;	/* not NULL: is told everything */
};

/*
 * Makes a reactor.  `options` may be NULL; what it points to must outlive
 * the reactor.  -ENOMEM, -EMFILE, and what poller_open says.
 */
int reactor_new(struct reactor **, const struct reactor_options *);

/*
 * Frees a reactor that is not running.  Transports, ports and watches that
 * are still open are lost first (-ECONNABORTED), and what their farewells
 * would open fails with -ENOMEM.  Timers become inactive, calls and triggers
 * are forgotten.  No other thread may be in reactor_call_from_thread.
 */
void reactor_free(struct reactor *);

/* The table that the reactor was made with. */
const struct reactor_system *reactor_get_system(const struct reactor *);

/* The name of the poller in use, such as "epoll". */
const char *reactor_poller_name(const struct reactor *);

/* ---- running ---- */

/*
 * Runs the loop until reactor_stop or reactor_crash; with nothing left to
 * wait for it waits for ever, as a server must.  It may be run again later.
 * Returns 0, -EALREADY when it is running or in a turn, or the poller's error.
 */
int reactor_run(struct reactor *);

/*
 * One turn, without start-up and shutdown triggers; waits at most
 * timeout_ns (negative: as long as it takes).  For embedding and for tests.
 * -EALREADY from inside a callback.
 */
int reactor_iterate(struct reactor *, int64_t timeout_ns);

/*
 * Ends reactor_run: this turn is finished, the shutdown triggers run, what
 * still stands is lost with -ECONNABORTED, and reactor_run returns.
 * -EALREADY when it is not running or is stopping.
 */
int reactor_stop(struct reactor *);

/* Ends reactor_run after this turn and leaves everything as it is. */
void reactor_crash(struct reactor *);

/* From the first start-up trigger to the last shutdown trigger. */
bool reactor_is_running(const struct reactor *);

/* When a trigger is called.  Within a phase: in the order they were added. */
enum reactor_phase {
	REACTOR_BEFORE_STARTUP,
	REACTOR_STARTUP,
	REACTOR_BEFORE_SHUTDOWN,	/* may hold the shutdown up */
	REACTOR_SHUTDOWN,		/* then what stands is lost */
	REACTOR_AFTER_SHUTDOWN,
	REACTOR_PHASES			/* how many there are */
};

/* A function called once, when the loop comes to a phase. */
struct reactor_trigger {
	void (*call)(struct reactor_trigger *);
	struct reactor_list link;		/* private */
};

/*
 * Adds a trigger, memory of the caller's that stays until it was called or
 * removed.  A trigger is called once; add it again to have it again.
 */
void reactor_add_trigger(struct reactor *, enum reactor_phase,
    struct reactor_trigger *, void (*call)(struct reactor_trigger *));

/* Takes a trigger back; harmless if it was called. */
void reactor_remove_trigger(struct reactor_trigger *);

/*
 * Holds a shutdown in its first phase until reactor_release is called as
 * often; for work that a REACTOR_BEFORE_SHUTDOWN trigger begins.
 */
void reactor_hold(struct reactor *);

/* Undoes one reactor_hold. */
void reactor_release(struct reactor *);

/* ---- time ---- */

/*
 * The time of this turn, in nanoseconds of the system's monotonic clock:
 * read before and after each wait, the same for all callbacks between.
 */
uint64_t reactor_now_ns(const struct reactor *);

/*
 * Calls `call` once, delay_ns from this turn's time, never early.  The
 * timer is memory of the caller's that stays while it is active; when it is
 * called it is not active any more and may be freed or started again.  If it
 * is active already, it is moved.  A timer started from a timer is called in
 * a later turn at the earliest.  It needs no memory, so it cannot fail.
 */
void reactor_call_later(struct reactor *, struct reactor_timer *,
    uint64_t delay_ns, void (*call)(struct reactor_timer *));

/* Makes a timer inactive; harmless if it is. */
void reactor_cancel_timer(struct reactor_timer *);

/* ---- calls ---- */

/* A function to be called soon. */
struct reactor_call {
	void (*call)(struct reactor_call *);
	struct reactor_list link;		/* private */
};

/* All there is to know before a call is used the first time. */
static inline void
reactor_call_init(struct reactor_call *c, void (*call)(struct reactor_call *))
{
	c->call = call;
	reactor_list_init(&c->link);
}

/*
 * Has the call made in the next phase of calls: in this turn when asked for
 * before that phase, in the next when asked for by another call.  First in,
 * first out; asking twice is asking once.  The memory stays the caller's
 * and may be freed from inside the call.  Before reactor_run it is kept.
 */
void reactor_call_soon(struct reactor *, struct reactor_call *);

/* Takes a call back; harmless if it was made. */
void reactor_cancel_call(struct reactor_call *);

/* A function to be called in the reactor's thread, from any other. */
struct reactor_thread_call {
	void (*call)(struct reactor_thread_call *);
	struct reactor_thread_call *next;	/* private */
};

/*
 * Hands a call over from any thread and wakes the loop.  No lock is taken;
 * calls of one thread are made in the order in which it handed them over.
 * The memory stays untouched by the caller until the call is made.
 */
void reactor_call_from_thread(struct reactor *, struct reactor_thread_call *);

/* ---- words ---- */

/* What a negative errno of reactor/ means, in words; never NULL. */
const char *reactor_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
