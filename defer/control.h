/*
 * control.h - steering the work behind a deferred, and its callbacks, from
 * outside: cancelling and pausing.
 *
 * Copy: control.h control.c CORE(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_CONTROL_H
#define DEFER_CONTROL_H

#include "deferred.h"
#include "failure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds: it was cancelled; and its failure, a constant. */
extern const struct defer_failure_kind deferred_cancelled;
extern const struct defer_failure deferred_was_cancelled;

/*
 * Nobody wants the result any more.  If d waits for another deferred, that
 * one is cancelled, and so on to the innermost; the chain goes on with what
 * comes out of it.  If that one was not fired, its canceller is called, and
 * unless this fires it or answers DEFERRED_STOPPING, it fails with
 * deferred_cancelled.  The caller keeps its reference to d.
 *
 * A deferred without a canceller fails as well.  Its producer does not know
 * that, so the next deferred_fire is swallowed.
 */
void deferred_cancel(struct deferred *d);

/* Holds its callbacks back until as many unpauses have followed. */
void deferred_pause(struct deferred *d);

/* 0, or -EINVAL if d is not paused. */
int deferred_unpause(struct deferred *d);

/*
 * For other modules of this folder: the one that d waits for in the end; d
 * itself if it does not wait.
 */
struct deferred *deferred_innermost(struct deferred *d);

#ifdef __cplusplus
}
#endif

#endif
