/*
 * poller.h - the one question to the kernel: which descriptors are ready?
 *
 * A poller is a constant table of functions in a file of its own, one for
 * each kernel: poller_epoll.c, poller_kqueue.c, and poller_poll.c for every
 * other POSIX system.  poller.c lists them, best first.  To add one, write
 * the file and put it on the list.
 *
 * The contract, held by every table and checked by one test for all:
 *  - Interest is level-triggered: what stays ready is reported each time.
 *  - One event for a watch and wait, with all that it is ready for, and
 *    only if it was asked for.
 *  - Errors and hang-ups wake what is wanted of read and write; the read or
 *    write that follows learns the errno.
 *  - No interest means not registered: nothing is reported.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_POLLER_H
#define REACTOR_POLLER_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct reactor_system;

/* Bits of interest and readiness; the last is only ever reported. */
enum {
	POLLER_READ = 1,
	POLLER_WRITE = 2,
	POLLER_REFUSED = 4	/* cannot be waited for: as -EPERM of set() */
};

/* What a poller knows of a watched descriptor; part of struct reactor_watch. */
struct poller_watch {
	int fd;
	unsigned char registered;	/* the reactor's: the interest that
					   the last set() left behind */
	unsigned char closing;		/* the reactor's: close(2) comes right
					   after the last set(), to 0 */
	size_t slot;			/* the poller's own; 0 at first */
};

/* A descriptor that is ready. */
struct poller_event {
	struct poller_watch *watch;
	unsigned ready;			/* the bits above */
};

/* What every poller's state begins with. */
struct poller {
	const struct poller_ops *ops;
};

/* The table.  Functions return 0, a count, or a negative errno. */
struct poller_ops {
	const char *name;

	/*
	 * Makes a poller; -ENOSYS where this kernel has no such thing.  The
	 * system is for pollers that are simulated; others need it not.
	 */
	int (*open)(struct poller **, const struct reactor_system *);

	/*
	 * Replaces a watch's interest (0: forget it); watch->registered still
	 * says what it was.  Before a descriptor is closed its interest is
	 * set to 0.  -EPERM: this descriptor cannot be waited for, since it
	 * is always ready (a regular file).
	 */
	int (*set)(struct poller *, struct poller_watch *, unsigned want);

	/*
	 * Waits until something is ready, or for timeout_ns (0: only looks;
	 * negative: without end), rounded up to what the kernel can.  Fills
	 * at most `room` events and returns how many; 0 when time is up or a
	 * signal came.
	 */
	int (*wait)(struct poller *, int64_t timeout_ns,
	    struct poller_event *events, size_t room);

	/* Frees the poller; the descriptors stay open. */
	void (*close)(struct poller *);
};

/* The tables; each is there on every system, some only to say -ENOSYS. */
extern const struct poller_ops poller_epoll, poller_kqueue, poller_poll;

/*
 * Opens the poller called `name`, or with NULL the best that this kernel
 * has.  -EINVAL for an unknown name, -ENOSYS for one that is not here.
 */
int poller_open(
    struct poller **, const char *name, const struct reactor_system *);

/*
 * A time-out as poll(2) and epoll_wait(2) take it: whole milliseconds, never
 * less than asked for, or the loop would spin through the last of them.
 */
static inline int
poller_milliseconds(int64_t ns)
{
	int64_t ms;

	if (ns < 0)
		return -1;
	ms = ns / 1000000 + (ns % 1000000 != 0);
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

#ifdef __cplusplus
}
#endif

#endif
