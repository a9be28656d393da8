/*
 * wake.h - calls from other threads into the loop.
 *
 * Open this once, in the loop's thread, before the other threads start:
 *
 *      reactor_wake_open(reactor, &wake);
 *
 * Then any thread may hand calls over, which the loop makes in its thread.
 *
 * Copy: wake.h wake.c CORE(reactor) poller.c poller_kqueue.c poller_poll.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_WAKE_H
#define REACTOR_WAKE_H

#ifdef __cplusplus
extern "C" {
#endif

struct reactor;

/* Where the calls for a reactor come in. */
struct reactor_wake;

/*
 * Opens the way in.  It stays until the reactor is freed, also from one run
 * to the next.  -ENOMEM, -EMFILE, -ENFILE, or -ENOSPC where the kernel does
 * not watch so many descriptors.
 */
int reactor_wake_open(struct reactor *, struct reactor_wake **);

/* A function to be called in the loop's thread. */
struct reactor_thread_call {
	void (*call)(struct reactor_thread_call *);
	struct reactor_thread_call *next;	/* private */
};

/*
 * Hands a call over, from any thread, and wakes the loop.  It never waits
 * for another thread, and cannot fail.  The loop makes the calls of one
 * thread in the order in which they were handed over, in the turn's phase of
 * calls.  The caller does not touch the memory until the call is made; from
 * then on it may be used or freed.  No thread may be in this function while
 * the reactor is freed; calls that were not made then are forgotten.
 */
void reactor_call_from_thread(
    struct reactor_wake *, struct reactor_thread_call *);

#ifdef __cplusplus
}
#endif

#endif
