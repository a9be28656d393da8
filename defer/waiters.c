/*
 * waiters.c - a queue of deferreds, doubly linked so that any may leave.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "waiters.h"

#include <stdlib.h>

struct deferred_waiter {
	struct deferred deferred;
	struct deferred_waiters *waiters;
	struct deferred_waiter *prev, *next;
};

static void
deferred_waiters_unlink(struct deferred_waiter *w)
{
	struct deferred_waiters *waiters = w->waiters;

	*(w->prev != NULL ? &w->prev->next : &waiters->first) = w->next;
	*(w->next != NULL ? &w->next->prev : &waiters->last) = w->prev;
	waiters->count--;
}

/* Cancelled: it leaves the queue, and the queue's reference goes. */
static enum deferred_cancelling
deferred_waiters_leave(void *ctx, struct deferred *d)
{
	deferred_waiters_unlink(ctx);
	deferred_release(d);
	return DEFERRED_STOPPED;
}

static void
deferred_waiters_free(struct deferred *d)
{
	free((char *)d - offsetof(struct deferred_waiter, deferred));
}

struct deferred *
deferred_waiters_add(struct deferred_place place,
    struct deferred_waiters *waiters)
{
	struct deferred_waiter *w = malloc(sizeof(*w));

	if (w == NULL)
		return NULL;
	deferred_init_at(place, &w->deferred, deferred_waiters_leave, w,
	    deferred_waiters_free);
	w->waiters = waiters;
	w->next = NULL;
	w->prev = waiters->last;
	*(w->prev != NULL ? &w->prev->next : &waiters->first) = w;
	waiters->last = w;
	waiters->count++;
	return deferred_ref(&w->deferred);
}

struct deferred *
deferred_waiters_take(struct deferred_waiters *waiters)
{
	struct deferred_waiter *w = waiters->first;

	if (w == NULL)
		return NULL;
	deferred_waiters_unlink(w);
	return &w->deferred;
}

void
deferred_waiters_close(struct deferred_waiters *waiters)
{
	struct deferred *d;

	while ((d = deferred_waiters_take(waiters)) != NULL)
		(void)deferred_finish(&d,
		    defer_result_failure(&deferred_was_cancelled));
}
