/*
 * signals.h - signals as calls of the loop.
 *
 * Needs POSIX's struct sigaction: with -std=c11, define _POSIX_C_SOURCE
 * before the first header.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_SIGNALS_H
#define REACTOR_SIGNALS_H

#include <signal.h>

#include "list.h"

#ifdef __cplusplus
extern "C" {
#endif

struct reactor;

/* A signal that the loop turns into a call; all zero is one not caught. */
struct reactor_signal {
	void (*call)(struct reactor_signal *, int number);
	int number;			/* private from here on */
	struct reactor *reactor;
	struct sigaction before;
	struct reactor_list link;
};

/*
 * Has `call` called in the loop whenever the process gets the signal.  The
 * handler only writes one byte to the loop's wake-up pipe.  One reactor of
 * a process has signals at a time: -EBUSY for a second, and for a number that
 * is caught already; -EINVAL for one that cannot be.
 */
int reactor_catch_signal(struct reactor *, struct reactor_signal *,
    int number, void (*call)(struct reactor_signal *, int number));

/*
 * Has SIGINT and SIGTERM stop the loop, as most programs want it: the first
 * calls reactor_stop, one that comes while the shutdown is held up calls
 * reactor_crash.  What the program was started with to be ignored, as a
 * shell does for its background, stays ignored.  The two are the caller's,
 * all zero.  Errors are those of reactor_catch_signal.
 */
int reactor_stop_on_signals(struct reactor *, struct reactor_signal both[2]);

/* Puts the handler back that was there before; harmless if not caught. */
void reactor_release_signal(struct reactor_signal *);

#ifdef __cplusplus
}
#endif

#endif
