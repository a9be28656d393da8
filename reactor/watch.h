/*
 * watch.h - a descriptor in the reactor's care: the lowest thing that a
 * program can put under the loop, and what all transports are made of.
 *
 * A watch is memory of its user's.  Closing it from inside any callback is
 * safe: reactor_watch_close only marks.  The descriptor is closed, and `closed`
 * called, when the turn of the loop reaps; until then neither the memory nor
 * the descriptor's number can be used again by anybody, so no event that the
 * kernel has already reported can reach a stranger.
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
 * What the loop calls.  Any of these may close any watch, also its own.  The
 * first two may be NULL where it is never wanted.
 */
struct reactor_watch_ops {
	/* There is something to read (or an error, or the end). */
	void (*readable)(struct reactor_watch *);

	/* There is room to write (or an error). */
	void (*writable)(struct reactor_watch *);

	/*
	 * The watch must go: the kernel refused to watch this descriptor, or
	 * the reactor shuts down (-ECONNABORTED).  Call reactor_watch_close.
	 */
	void (*failed)(struct reactor_watch *, int error);

	/* The watch is closed, its descriptor is gone: free the memory. */
	void (*closed)(struct reactor_watch *);
};

/* A watched descriptor.  All fields are private. */
struct reactor_watch {
	struct poller_watch poll;
	const struct reactor_watch_ops *ops;
	struct reactor *reactor;
	struct reactor_list listed; /* among the changed, the always ready,
					   or the closing */
	struct reactor_list standing; /* among all that are not closing */
	unsigned char wanted;
	bool always, keep_fd, closing;
};

/*
 * Puts fd under the reactor's care, with no interest yet.  Costs no system
 * call.
 */
void reactor_watch_init(struct reactor_watch *, struct reactor *, int fd,
    const struct reactor_watch_ops *);

/*
 * Says what is wanted from now on: POLLER_READ, POLLER_WRITE, both or 0.
 * The kernel hears of the net change, if there is one, before the loop waits
 * the next time.  Ignored once the watch is closing.
 */
void reactor_watch_want(struct reactor_watch *, unsigned interest);

/* Counts the descriptor as always ready from now on (a regular file). */
void reactor_watch_always_ready(struct reactor_watch *);

/*
 * Gives the watch up: no callback comes any more but `closed`, once, when
 * the turn reaps.  Calling it again changes nothing.
 */
void reactor_watch_close(struct reactor_watch *);

/* As reactor_watch_close, but leaves the descriptor open. */
void reactor_watch_release(struct reactor_watch *);

#ifdef __cplusplus
}
#endif

#endif
