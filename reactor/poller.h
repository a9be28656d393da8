/*
 * poller.h - the one question to the kernel: which descriptors are ready?
 *
 * A poller is a constant table of functions in a file of its own, one for
 * each kernel: poller_epoll.c, poller_kqueue.c, and poller_poll.c for every
 * other POSIX system.  Each keeps this contract, and one test checks all:
 *  - Interest is level-triggered: what stays ready is reported each time.
 *  - A wait reports one event for a watch, with everything that it is ready
 *    for and that was asked for.
 *  - An error or a hang-up is reported as what was asked for of read and
 *    write.  The read or write that follows learns the errno.
 *  - A watch without interest is not registered: nothing is reported.
 *
 * Copy: poller.h poller.c poller_epoll.c poller_kqueue.c poller_poll.c
 *     list.h
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

/* Bits of interest and readiness; the last one is only reported. */
enum {
	POLLER_READ = 1,
	POLLER_WRITE = 2,
	POLLER_REFUSED = 4	/* the kernel cannot watch this one at all */
};

/*
 * What a poller knows of a watched descriptor; part of struct reactor_watch.
 * The reactor sets the first three, the poller only the last.
 */
struct poller_watch {
	int fd;
	unsigned char registered;	/* the interest of the last set() */
	unsigned char closing;		/* close(2) follows this set() */
	size_t slot;			/* for the poller's use; 0 at first */
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

/* The table.  The functions return 0, a count, or a negative errno. */
struct poller_ops {
	const char *name;

	/*
	 * Makes a poller; -ENOSYS where this kernel has no such thing.  Only
	 * a simulated poller uses the system.
	 */
	int (*open)(struct poller **, const struct reactor_system *);

	/*
	 * Replaces a watch's interest (0: forget the watch); the field
	 * `registered` still says what it was.  The reactor sets the interest
	 * to 0 before it closes a descriptor.  -EPERM: one cannot wait for
	 * this descriptor, since it is always ready (a regular file).
	 */
	int (*set)(struct poller *, struct poller_watch *, unsigned want);

	/*
	 * Waits until something is ready, at most timeout_ns (0: does not
	 * wait; negative: waits without a limit), rounded up to the kernel's
	 * unit.  Fills at most `room` events and returns how many; 0 when
	 * the time is up or a signal came; or a negative errno.
	 */
	int (*wait)(struct poller *, int64_t timeout_ns,
	    struct poller_event *events, size_t room);

	/* Frees the poller; the descriptors stay open. */
	void (*close)(struct poller *);
};

/* The tables; each is defined on every system, if only to say -ENOSYS. */
extern const struct poller_ops poller_epoll, poller_kqueue, poller_poll;

/*
 * The tables that reactor_new chooses from, the best first, and NULL at the
 * end.  poller.c has a list of all; a program that leaves poller.c out
 * defines a list of those that it has.
 */
extern const struct poller_ops *const poller_list[];

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
