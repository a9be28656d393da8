/*
 * lock.h - at most n at once: Twisted's DeferredLock and DeferredSemaphore.
 *
 * There are no threads to keep apart, but a chain that waits half-way through
 * its work may want no other in its room meanwhile, or at most n of them.
 * Who comes first is served first.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_LOCK_H
#define DEFER_LOCK_H

#include "deferred.h"
#include "waiters.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Its owner may read the counts.  It must not move while somebody waits, nor
 * be freed from inside deferred_lock_release.
 */
struct deferred_lock {
	size_t limit;		/* how many may hold it */
	size_t held;		/* how many do */
	struct deferred_waiters waiters;	/* read its count */
	bool serving;		/* private: a release hands it over */
};

/* A lock that `limit` may hold at once: 1 is a mutex.  -EINVAL for 0. */
int deferred_lock_init(struct deferred_lock *lock, size_t limit);

/* Fails all who wait with deferred_cancelled.  Holders may go on. */
void deferred_lock_close(struct deferred_lock *lock);

/*
 * Fires, with nothing, when the caller holds the lock: at once if it is free.
 * Cancelled while it waits, it leaves the queue; later the cancel does
 * nothing.  NULL without memory.
 */
#define deferred_lock_acquire(...) \
	deferred_lock_acquire_at(DEFERRED_HERE, __VA_ARGS__)
struct deferred *deferred_lock_acquire_at(struct deferred_place,
    struct deferred_lock *lock);

/*
 * Hands the lock to the first who waits, if any, whose callbacks run before
 * this returns; called from inside such callbacks it only takes note, so that
 * a long queue needs no stack.  -EPERM if nobody holds it.
 */
int deferred_lock_release(struct deferred_lock *lock);

/*
 * Acquires the lock, calls fn with nothing, and releases the lock when what
 * fn returned has come to its end, which is also the result here.  fn is not
 * called if this is cancelled before.
 */
#define deferred_lock_run(...) \
	deferred_lock_run_at(DEFERRED_HERE, __VA_ARGS__)
struct deferred *deferred_lock_run_at(struct deferred_place,
    struct deferred_lock *lock, deferred_fn *fn, void *ctx);

#ifdef __cplusplus
}
#endif

#endif
