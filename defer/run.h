/*
 * run.h - private to defer/: the queue of pairs in a deferred, and the loop
 * that empties it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_RUN_H
#define DEFER_RUN_H

#include "deferred.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The failure of one that waits for itself, alone or in a circle. */
extern const struct defer_failure deferred_run_deadlock;

/* True if d has fired, and waits for another deferred to go on. */
static inline bool
deferred_run_waits(const struct deferred *d)
{
	return d->result.type == &defer_result_type_deferred;
}

/* Adds a pair at the end of the queue: 0 or -ENOMEM. */
int deferred_run_push(struct deferred *d, struct deferred_pair pair);

/*
 * Adds a link: when d comes to this place, its result moves on to `outer`,
 * which either waits for d or is fired so.  Takes over a reference to outer.
 * 0 or -ENOMEM.
 */
int deferred_run_link(struct deferred *d, struct deferred *outer);

/*
 * Makes d a deferred that has fired with r, without running it.  0; 1 for a
 * late result that is swallowed; -EALREADY.  r is taken over in any case.
 */
int deferred_run_settle(struct deferred *d, struct defer_result r);

/* The same for one that nobody is left to fire. */
void deferred_run_abandon(struct deferred *d);

/* Runs all that can be run of d and of those that come to wait for it. */
void deferred_run(struct deferred *d);

/* The same, giving up the caller's reference, which may be the last. */
void deferred_run_and_release(struct deferred *d);

#ifdef __cplusplus
}
#endif

#endif
