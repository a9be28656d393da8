/*
 * signals.h - signals as calls of the loop.
 *
 * Copy: signals.h signals.c CORE(reactor) poller.c poller_kqueue.c
 *     poller_poll.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_SIGNALS_H
#define REACTOR_SIGNALS_H

#include "list.h"

#ifdef __cplusplus
extern "C" {
#endif

struct reactor;
struct sigaction;

/* A signal that the loop turns into a call; all zero is one not caught. */
struct reactor_signal {
	void (*call)(struct reactor_signal *, int number);
	int number;			/* private from here on */
	struct reactor *reactor;
	struct sigaction *before;
	struct reactor_list link;
};

/*
 * Has `call` called by the loop whenever the process gets the signal.  Only
 * one reactor of a process catches signals at a time: -EBUSY for another,
 * and for a number that is caught already; -EINVAL for a number that cannot
 * be caught; -ENOMEM, -EMFILE, -ENFILE, -ENOSPC.  The memory is the caller's,
 * and stays until the signal is released or the reactor freed.
 */
int reactor_catch_signal(struct reactor *, struct reactor_signal *,
    int number, void (*call)(struct reactor_signal *, int number));

/*
 * Has SIGINT and SIGTERM stop the loop: the first one calls reactor_stop,
 * and one that comes while the shutdown is held calls reactor_break.  A loop
 * of reactor_iterate does not hear of either: it must catch them itself.  A
 * signal that was ignored when the program started (a shell does this for
 * its background) stays ignored.  `both` is the caller's, all zero at first.
 * Errors are those of reactor_catch_signal.
 */
int reactor_stop_on_signals(struct reactor *, struct reactor_signal both[2]);

/* Puts the handler back that was there before; or does nothing. */
void reactor_release_signal(struct reactor_signal *);

#ifdef __cplusplus
}
#endif

#endif
