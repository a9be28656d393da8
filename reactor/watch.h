/*
 * watch.h - a descriptor that the loop watches.  A watch is the lowest thing
 * that a program can give to the loop, and all transports are made of it.
 *
 * The memory of a watch is its user's.  Any callback may close any watch:
 * reactor_watch_close only marks it, and has the poller forget it.  The last
 * phase of the turn closes the descriptor and calls `closed`.  Until then
 * nobody can use the memory or the descriptor's number again, so an event
 * that the kernel has already reported cannot reach the wrong watch.
 *
 * Copy: CORE(reactor) poller.c poller_kqueue.c poller_poll.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_WATCH_H
#define REACTOR_WATCH_H

#include <stdbool.h>

#include "list.h"
#include "poller.h"

#ifdef __cplusplus
extern "C" {
#endif

struct reactor;
struct reactor_watch;

/*
 * What the loop calls.  Each function may close any watch, also its own.
 * The first two may be NULL where that interest is never set.
 */
struct reactor_watch_ops {
	/* There is something to read (or an error, or the end). */
	void (*readable)(struct reactor_watch *);

	/* There is room to write (or an error). */
	void (*writable)(struct reactor_watch *);

	/*
	 * The kernel refused to watch this descriptor (a negative errno), or
	 * the reactor shuts down (-ECONNABORTED).  Call reactor_watch_close.
	 */
	void (*failed)(struct reactor_watch *, int error);

	/*
	 * The descriptor is closed, and nothing else is called: the memory
	 * may be freed.
	 */
	void (*closed)(struct reactor_watch *);
};

/* A watched descriptor.  All fields are private. */
struct reactor_watch {
	struct poller_watch poll;
	const struct reactor_watch_ops *ops;
	struct reactor *reactor;
	struct reactor_list open;	/* among those that are not closing */
	struct reactor_list listed;	/* among the changed, the always ready
					   or the closing ones */
	unsigned char wanted;		/* the interest */
	bool always, keep_fd, closing;
};

/*
 * Begins to watch fd, which the reactor owns from now on, with no interest
 * yet.  Makes no system call.
 */
void reactor_watch_init(struct reactor_watch *, struct reactor *, int fd,
    const struct reactor_watch_ops *);

/*
 * Sets the interest: POLLER_READ, POLLER_WRITE, both or 0.  Before the next
 * wait the loop tells the kernel the net change, if there is one.  Does
 * nothing when the watch is closing.
 */
void reactor_watch_want(struct reactor_watch *, unsigned interest);

/* Counts the descriptor as always ready from now on (a regular file). */
void reactor_watch_always_ready(struct reactor_watch *);

/*
 * Closes the watch: from now on the loop calls only `closed`, once, in the
 * last phase of the turn.  Calling it again does nothing.
 */
void reactor_watch_close(struct reactor_watch *);

/*
 * As reactor_watch_close, but the descriptor stays open and is its user's
 * again: it may be closed, or watched anew, at once.
 */
void reactor_watch_release(struct reactor_watch *);

#ifdef __cplusplus
}
#endif

#endif
