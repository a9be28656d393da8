/*
 * queue.h - results from hand to hand, first in, first out: Twisted's
 * DeferredQueue.
 *
 * Either results wait for somebody who gets them, or those who get wait for
 * results; never both.  Each side has its limit.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_QUEUE_H
#define DEFER_QUEUE_H

#include "deferred.h"
#include "result.h"
#include "waiters.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct deferred_queue_item;

/* Its owner may read the counts.  Must not move while somebody waits. */
struct deferred_queue {
	size_t size, backlog;		/* limits, as given to init */
	struct deferred_waiters getters;	/* read its count */
	size_t items;			/* how many results wait */
	struct deferred_queue_item *first, *last;	/* private */
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
 * else keeps it.  r is taken over in any case.  0; -ENOBUFS beyond `size`;
 * -ENOMEM; -EINVAL for a deferred.
 */
int deferred_queue_put(struct deferred_queue *queue, struct defer_result r);

/*
 * Fires with the next result: at once if one waits.  Beyond the backlog it
 * fails with deferred_queue_underflow.  Cancelled while it waits, it leaves
 * the queue.  NULL without memory.
 */
#define deferred_queue_get(...) \
	deferred_queue_get_at(DEFERRED_HERE, __VA_ARGS__)
struct deferred *deferred_queue_get_at(struct deferred_place,
    struct deferred_queue *queue);

#ifdef __cplusplus
}
#endif

#endif
