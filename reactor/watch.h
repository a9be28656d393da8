/*
 * watch.h - a descriptor in the reactor's care: the lowest thing that a
 * program can put under the loop, and what all transports are made of.
 *
 * A watch is memory of its user's.  Closing it from inside any callback is
 * safe: watch_close only marks.  The descriptor is closed, and `closed`
 * called, when the turn of the loop reaps; until then neither the memory nor
 * the descriptor's number can be used again by anybody, so no event that the
 * kernel has already reported can reach a stranger.
 */
#ifndef REACTOR_WATCH_H
#define REACTOR_WATCH_H

#include <stdbool.h>

#include "list.h"
#include "poller.h"

struct reactor;
struct watch;

/*
 * What the loop calls.  Any of these may close any watch, also its own.  The
 * first two may be NULL where it is never wanted.
 */
struct watch_ops {
	/* There is something to read (or an error, or the end). */
	void (*readable)(struct watch *);

	/* There is room to write (or an error). */
	void (*writable)(struct watch *);

	/*
	 * The watch must go: the kernel refused to watch this descriptor, or
	 * the reactor shuts down (-ECONNABORTED).  Call watch_close.
	 */
	void (*failed)(struct watch *, int error);

	/* After watch_close: the descriptor is gone; free the memory here. */
	void (*closed)(struct watch *);
};

/* A watched descriptor.  All fields are private. */
struct watch {
	struct poller_watch poll;
	const struct watch_ops *ops;
	struct reactor *reactor;
	struct list listed;		/* among the changed, the always ready,
					   or the closing */
	struct list standing;		/* among all that are not closing */
	unsigned char wanted;
	bool always, keep_fd, closing;
};

/*
 * Puts fd under the reactor's care, with no interest yet.  Costs no system
 * call.
 */
void watch_init(struct watch *, struct reactor *, int fd,
    const struct watch_ops *);

/*
 * Says what is wanted from now on: POLLER_READ, POLLER_WRITE, both or 0.
 * The kernel hears of the net change, if there is one, before the loop waits
 * the next time.  Ignored once the watch is closing.
 */
void watch_want(struct watch *, unsigned interest);

/* Counts the descriptor as always ready from now on (a regular file). */
void watch_always_ready(struct watch *);

/*
 * Gives the watch up: no callback comes any more but `closed`, once, when
 * the turn reaps.  Calling it again changes nothing.
 */
void watch_close(struct watch *);

/* As watch_close, but the descriptor stays open: it is someone else's. */
void watch_release(struct watch *);

#endif
