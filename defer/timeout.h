/*
 * timeout.h - deferreds and time: a limit for one.
 *
 * A clock is two functions of the program, so that this needs no reactor, and
 * a test can move the hands itself.
 *
 * Copy: timeout.h timeout.c control.h control.c failure_detail.h
 *     failure_detail.c CORE(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_TIMEOUT_H
#define DEFER_TIMEOUT_H

#include "deferred.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How to be called later.  It must outlive the timeouts that use it. */
struct deferred_clock {
	/*
	 * Calls expired(arg) once, after delay_ns, and never before it has
	 * returned.  Returns a handle for stop, or NULL if there is no memory.
	 */
	void *(*start)(void *ctx, uint64_t delay_ns,
	    void (*expired)(void *arg), void *arg);
	/* Forgets a timer that has not called yet. */
	void (*stop)(void *ctx, void *timer);
	void *ctx;
};

/* Kind: it took too long.  `code` is the delay in milliseconds. */
extern const struct defer_failure_kind deferred_timed_out;

/*
 * Cancels d if what comes before this place of its chain is not done after
 * delay_ns; what later callbacks wait for is not limited.  When the time has
 * passed, `translate` gets whatever the chain comes to here, and decides what
 * goes on; NULL makes deferred_timed_out of deferred_cancelled and leaves all
 * else alone.  It is not called if the deferred was in time.  0 or -ENOMEM.
 */
int deferred_add_timeout(struct deferred *d,
    const struct deferred_clock *clock, uint64_t delay_ns,
    deferred_fn *translate, void *ctx);

#ifdef __cplusplus
}
#endif

#endif
