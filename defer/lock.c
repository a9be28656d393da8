/*
 * lock.c - a count of holders and a queue of those who wait.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "lock.h"

#include <errno.h>
#include <stdlib.h>

/* What deferred_lock_run has to remember. */
struct deferred_lock_call {
	struct deferred_lock *lock;
	deferred_fn *fn;
	void *ctx;
	bool holds;
};

int
deferred_lock_init(struct deferred_lock *lock, size_t limit)
{
	*lock = (struct deferred_lock){.limit = limit};
	return limit > 0 ? 0 : -EINVAL;
}

void
deferred_lock_close(struct deferred_lock *lock)
{
	deferred_waiters_close(&lock->waiters);
}

struct deferred *
deferred_lock_acquire_at(struct deferred_place place,
    struct deferred_lock *lock)
{
	struct deferred *d;

	/* Nobody overtakes, not even while a release is serving. */
	if (lock->held == lock->limit || lock->waiters.count > 0)
		return deferred_waiters_add(place, &lock->waiters);
	d = deferred_of_at(place, defer_result_none());
	if (d != NULL)
		lock->held++;
	return d;
}

int
deferred_lock_release(struct deferred_lock *lock)
{
	struct deferred *d;

	if (lock->held == 0)
		return -EPERM;
	lock->held--;
	if (lock->serving)
		return 0;
	lock->serving = true;
	while (lock->held < lock->limit &&
	    (d = deferred_waiters_take(&lock->waiters)) != NULL) {
		lock->held++;
		(void)deferred_finish(&d, defer_result_none());
	}
	lock->serving = false;
	return 0;
}

static struct defer_result
deferred_lock_call(void *ctx, struct defer_result in)
{
	struct deferred_lock_call *call = ctx;

	call->holds = true;
	return call->fn(call->ctx, in);
}

static struct defer_result
deferred_lock_called(void *ctx, struct defer_result in)
{
	struct deferred_lock_call *call = ctx;

	if (call->holds)
		(void)deferred_lock_release(call->lock);
	free(call);
	return in;
}

struct deferred *
deferred_lock_run_at(struct deferred_place place, struct deferred_lock *lock,
    deferred_fn *fn, void *ctx)
{
	struct deferred_lock_call *call = malloc(sizeof(*call));
	struct deferred *d = NULL;

	if (call != NULL)
		d = deferred_lock_acquire_at(place, lock);
	if (d == NULL) {
		free(call);
		return NULL;
	}
	*call = (struct deferred_lock_call){lock, fn, ctx, false};
	/* A new deferred has room for two. */
	(void)deferred_add_callback(d, deferred_lock_call, call);
	(void)deferred_add_both(d, deferred_lock_called, call);
	return d;
}
