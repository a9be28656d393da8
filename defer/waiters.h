/*
 * waiters.h - private to defer/: deferreds that wait in a queue for their
 * turn, which locks and queues have in common.
 *
 * The queue has a reference to each.  One that is cancelled leaves it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_WAITERS_H
#define DEFER_WAITERS_H

#include "deferred.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All zero is empty. */
struct deferred_waiters {
	struct deferred_waiter *first, *last;
	size_t count;
};

/* A new deferred at the end of the queue; NULL without memory. */
struct deferred *deferred_waiters_add(struct deferred_place,
    struct deferred_waiters *waiters);

/* The first, with the queue's reference to it, or NULL. */
struct deferred *deferred_waiters_take(struct deferred_waiters *waiters);

/* Fails all with deferred_cancelled; who comes meanwhile fails too. */
void deferred_waiters_close(struct deferred_waiters *waiters);

#ifdef __cplusplus
}
#endif

#endif
