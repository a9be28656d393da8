/*
 * reactor.h - the event loop.
 *
 * One thread asks the kernel which descriptors are ready, and then calls, one
 * after the other, the functions that wait for them.  One turn of the loop:
 *
 *      call the timers that are due
 *      wait until a descriptor is ready or a timer is due
 *      call those whose descriptors are ready
 *      make the calls that were asked for by reactor_call_soon
 *      reap: close the descriptors of what was closed, and tell it so
 *
 * These rules hold for every function that the loop calls.  It may start,
 * stop and close anything.  What it asks for happens in a later phase or
 * turn, never before it returns.  After it has closed a thing, the loop
 * calls that thing only once more, from the reap (`closed`,
 * connection_lost).
 *
 * Timers, calls and triggers are memory of their users, all zero before the
 * first use: each function looks first whether they are in use.
 *
 * All functions are for the thread that runs the loop; wake.h is the way in
 * for other threads.  A process may have several reactors.
 *
 * Copy: CORE(reactor) poller.c poller_kqueue.c poller_poll.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_REACTOR_H
#define REACTOR_REACTOR_H

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

/* ---- making ---- */

/* One thing that the loop does, for a trace; borrowed. */
struct reactor_event {
	uint64_t now_ns, turn;
	int fd;				/* -1: none */
	const char *what;		/* "data_received", "wait" ... */
	int64_t number;			/* bytes, a count, or an errno */
};

/* Is told what the loop does: embed it in a struct of yours. */
struct reactor_trace {
	void (*event)(struct reactor_trace *, const struct reactor_event *);
};

/* How a reactor is made; all zero is a good choice. */
struct reactor_options {
	const struct reactor_system *system;	/* NULL: reactor_system_posix */
	const char *poller;		/* its name; NULL: the best there is */
	const struct poller_ops *own_poller;	/* not NULL: this one */
	struct reactor_trace *trace;	/* not NULL: is told everything */
};

/*
 * Makes a reactor.  `options` may be NULL; what it points to must outlive
 * the reactor.  -EINVAL for an unknown poller, -ENOSYS for one that this
 * kernel has not; -ENOMEM, -EMFILE, -ENFILE.
 */
int reactor_new(struct reactor **, const struct reactor_options *);

/*
 * Frees a reactor that is not running.  Transports, ports and watches that
 * are still open are lost first (-ECONNABORTED); what they try to open then
 * fails with -ENOMEM.  Timers become inactive; calls and triggers are
 * forgotten, but for those of REACTOR_AT_FREE.
 */
void reactor_free(struct reactor *);

/* The table that the reactor was made with. */
const struct reactor_system *reactor_get_system(const struct reactor *);

/* The name of the poller in use, such as "epoll". */
const char *reactor_poller_name(const struct reactor *);

/* ---- running ---- */

/*
 * Runs the loop until reactor_stop or reactor_break; when there is nothing
 * left to wait for it waits for ever, as a server must.  It may be run again
 * later.  Returns 0; -EALREADY when it runs already or is in a turn; or the
 * poller's error.
 */
int reactor_run(struct reactor *);

/*
 * Makes one turn, without any triggers, that waits at most timeout_ns
 * (negative: without a limit).  For tests, and for loops of your own.
 * -EALREADY when it is in a turn, or closes what is open.
 */
int reactor_iterate(struct reactor *, int64_t timeout_ns);

/*
 * Ends reactor_run in good order: this turn is finished, the shutdown
 * triggers are called, what is still open is lost with -ECONNABORTED, and
 * reactor_run returns.  When it does not run, the next reactor_run ends so
 * before its first turn.  -EALREADY when it stops already.
 */
int reactor_stop(struct reactor *);

/*
 * Ends reactor_run after this turn, as `break` ends a loop of C: nothing is
 * called, closed or lost, and the next reactor_run goes on from there.  Does
 * nothing when it does not run.
 */
void reactor_break(struct reactor *);

/* True from the first start-up trigger to the last shutdown trigger. */
bool reactor_is_running(const struct reactor *);

/* When a trigger is called.  Within a phase: in the order they were added. */
enum reactor_phase {
	REACTOR_BEFORE_STARTUP,
	REACTOR_STARTUP,
	REACTOR_BEFORE_SHUTDOWN,	/* may call reactor_hold */
	REACTOR_SHUTDOWN,		/* then what is open is lost */
	REACTOR_AFTER_SHUTDOWN,
	REACTOR_AT_FREE,		/* in reactor_free, the last of all */
	REACTOR_PHASES			/* how many there are */
};

/* A function that is called once, when the loop comes to a phase. */
struct reactor_trigger {
	void (*call)(struct reactor_trigger *);
	struct reactor_list link;		/* private */
};

/*
 * Adds a trigger, or moves one that was added.  Its memory is the caller's,
 * all zero at first, and stays until the trigger was called or removed.  To
 * have it called again, add it again.
 */
void reactor_add_trigger(struct reactor *, enum reactor_phase,
    struct reactor_trigger *, void (*call)(struct reactor_trigger *));

/* Takes a trigger back; does nothing if it was called, or never added. */
void reactor_remove_trigger(struct reactor_trigger *);

/*
 * Holds the shutdown in its first phase, until reactor_release was called as
 * often.  For work that a trigger of REACTOR_BEFORE_SHUTDOWN begins.
 */
void reactor_hold(struct reactor *);

/* Undoes one reactor_hold. */
void reactor_release(struct reactor *);

/* ---- time ---- */

/*
 * The present, in nanoseconds of the system's monotonic clock.  The loop
 * reads the clock before and after each wait; all functions that are called
 * between see the same time.  Outside of a turn the clock is read.
 */
uint64_t reactor_now_ns(const struct reactor *);

/*
 * Calls `call` once, delay_ns after the present, never earlier.  The timer
 * is the caller's memory, all zero at first, and stays while the timer is
 * active.  When it is called it is not active any more, and may be freed or
 * started again.  An active timer is moved.  A timer that is started by a
 * timer is called in a later turn.  This needs no memory, so it cannot fail.
 */
void reactor_call_later(struct reactor *, struct reactor_timer *,
    uint64_t delay_ns, void (*call)(struct reactor_timer *));

/* Makes a timer inactive; does nothing if it is. */
void reactor_cancel_timer(struct reactor_timer *);

/* ---- calls ---- */

/* A function to be called soon. */
struct reactor_call {
	void (*call)(struct reactor_call *);
	struct reactor_list link;		/* private */
};

/* Prepares a call in memory that may hold anything, before it is used. */
static inline void
reactor_call_init(struct reactor_call *c, void (*call)(struct reactor_call *))
{
	c->call = call;
	reactor_list_init(&c->link);
}

/*
 * Has the call made in the turn's next phase of calls; a call that is asked
 * for by a call is made in the next turn.  First in, first out; asking twice
 * is asking once.  The memory is the caller's, and may be freed from inside
 * the call.  What is asked for before reactor_run waits for it.
 */
void reactor_call_soon(struct reactor *, struct reactor_call *);

/* Takes a call back; does nothing if it was made. */
void reactor_cancel_call(struct reactor_call *);

#ifdef __cplusplus
}
#endif

#endif
