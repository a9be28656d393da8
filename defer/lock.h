/*
 * lock.h - waiting in a row: for a lock that at most n may hold, or for results
 * from a queue; Twisted's DeferredLock, DeferredSemaphore and DeferredQueue.
 *
 * There are no threads to keep apart, but a chain that waits half-way through
 * its work may want that no other begins the same work meanwhile, or at most n
 * others do.  Who comes first is served first.
 *
 * Copy: lock.h lock.c control.h control.c CORE(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_LOCK_H
#define DEFER_LOCK_H

#include "deferred.h"
#include "result.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Deferreds that wait in a row, which has a reference to each.  Read the
 * count; the rest is private.  All zero is empty.
 */
struct deferred_row {
	size_t count;
	struct deferred_place *first, *last;
	bool closing;		/* all are being cancelled */
};

/* ---- locks ---- */

/*
 * Its owner may read the counts.  It must not move while somebody waits, nor
 * be freed from inside deferred_lock_release or deferred_lock_close.
 */
struct deferred_lock {
	size_t limit;		/* how many may hold it */
	size_t held;		/* how many do */
	struct deferred_row waiters;
	bool serving;		/* private: a release hands it over */
};

/* A lock that `limit` may hold at once: 1 is a mutex.  -EINVAL for 0. */
int deferred_lock_init(struct deferred_lock *lock, size_t limit);

/* Fails all who wait with deferred_cancelled.  Holders may go on. */
void deferred_lock_close(struct deferred_lock *lock);

/*
 * Fires, with nothing, when the caller holds the lock: at once if it is free.
 * Cancelled while it waits, it leaves the row; later the cancel does
 * nothing.  NULL without memory.
 */
#define deferred_lock_acquire(...) \
	deferred_lock_acquire_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_lock_acquire_at(const char *file, int line,
    struct deferred_lock *lock);

/*
 * Hands the lock to the first who waits, if any, whose callbacks run before
 * this returns; called from inside such callbacks it only takes note, so that
 * a long row needs no stack.  -EPERM if nobody holds it.
 */
int deferred_lock_release(struct deferred_lock *lock);

/*
 * Acquires the lock, calls fn with nothing, and releases the lock when what
 * fn returned has come to its end, which is also the result here.  fn is not
 * called if this is cancelled before.
 */
#define deferred_lock_run(...) \
	deferred_lock_run_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_lock_run_at(const char *file, int line,
    struct deferred_lock *lock, deferred_fn *fn, void *ctx);

/* ---- queues ---- */

/*
 * Either results wait for somebody who gets them, or those who get wait for
 * results; never both.  Its owner may read the counts.  It must not move while
 * somebody or something waits, nor be freed from inside deferred_queue_put or
 * deferred_queue_close.
 */
struct deferred_queue {
	size_t size, backlog;		/* limits, as given to init */
	struct deferred_row items;	/* results that wait */
	struct deferred_row getters;	/* who waits for one */
	struct deferred_row served;	/* private: got one, not yet called */
	bool serving;			/* private: a put calls them */
};

/* Kind: more would wait for results than the backlog allows. */
extern const struct defer_failure_kind deferred_queue_underflow;

/*
 * At most `size` results wait for somebody, at most `backlog` wait for
 * results.  SIZE_MAX is no limit; 0 is legal for both.
 */
void deferred_queue_init(struct deferred_queue *queue, size_t size,
    size_t backlog);

/* Destroys the results that wait; fails who waits with deferred_cancelled. */
void deferred_queue_close(struct deferred_queue *queue);

/*
 * Gives r to the first who waits, whose callbacks run before this returns, or
 * else keeps it.  Called from inside such callbacks it gives r as well, but
 * the callbacks run later, when those have returned, so that a result handed
 * on by many needs no stack.  r is taken over in any case.  0; -ENOBUFS beyond
 * `size`; -ENOMEM; -EINVAL for a deferred.
 */
int deferred_queue_put(struct deferred_queue *queue, struct defer_result r);

/*
 * Fires with the next result: at once if one waits.  Beyond the backlog it
 * fails with deferred_queue_underflow.  Cancelled while it waits, it leaves
 * the row.  NULL without memory.
 */
#define deferred_queue_get(...) \
	deferred_queue_get_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_queue_get_at(const char *file, int line,
    struct deferred_queue *queue);

#ifdef __cplusplus
}
#endif

#endif
