/*
 * lock.c - deferreds in a row, and the locks and queues that are made of it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "lock.h"

#include "control.h"

#include <errno.h>
#include <stdlib.h>

/* ---- the row ---- */

/* One deferred in a row; doubly linked, so that any can leave. */
struct deferred_place {
	struct deferred deferred;	/* first: it is freed with it */
	struct deferred_row *row;
	struct deferred_place *prev, *next;
};

/* Puts it at the end. */
static void
row_append(struct deferred_row *row, struct deferred_place *place)
{
	place->row = row;
	place->next = NULL;
	place->prev = row->last;
	*(row->last != NULL ? &row->last->next : &row->first) = place;
	row->last = place;
	row->count++;
}

static void
row_unlink(struct deferred_place *place)
{
	struct deferred_row *row = place->row;

	*(place->prev != NULL ? &place->prev->next : &row->first) = place->next;
	*(place->next != NULL ? &place->next->prev : &row->last) = place->prev;
	row->count--;
}

/* The canceller: leaves the row, whose reference goes. */
static enum deferred_cancelling
row_leave(void *ctx, struct deferred *d)
{
	row_unlink(ctx);
	deferred_release(d);
	return DEFERRED_STOPPED;
}

/* A new deferred at the end, which belongs to the row; NULL without memory. */
static struct deferred *
row_add(const char *file, int line, struct deferred_row *row)
{
	struct deferred_place *place = malloc(sizeof(*place));

	if (place == NULL)
		return NULL;
	deferred_init_at(file, line, &place->deferred, row_leave, place, NULL);
	row_append(row, place);
	return &place->deferred;
}

/* Takes the first out, with the row's reference to it; NULL if empty. */
static struct deferred *
row_take(struct deferred_row *row)
{
	struct deferred_place *place = row->first;

	if (place == NULL)
		return NULL;
	row_unlink(place);
	return &place->deferred;
}

/*
 * Fails all with deferred_cancelled; who comes meanwhile fails too.  If one of
 * their callbacks calls this, the call further up goes on with the rest.
 */
static void
row_cancel_all(struct deferred_row *row)
{
	struct deferred *d;

	if (row->closing)
		return;
	row->closing = true;
	while ((d = row_take(row)) != NULL)
		(void)deferred_finish(
		    &d, defer_result_failure(&deferred_was_cancelled));
	row->closing = false;
}

/* ---- locks ---- */

int
deferred_lock_init(struct deferred_lock *lock, size_t limit)
{
	*lock = (struct deferred_lock){.limit = limit};
	return limit > 0 ? 0 : -EINVAL;
}

void
deferred_lock_close(struct deferred_lock *lock)
{
	row_cancel_all(&lock->waiters);
}

struct deferred *
deferred_lock_acquire_at(const char *file, int line,
    struct deferred_lock *lock)
{
	struct deferred *d;

	/* Nobody overtakes, not even while a release is serving. */
	if (lock->held == lock->limit || lock->waiters.count > 0)
		return deferred_ref(row_add(file, line, &lock->waiters));
	d = deferred_of_at(file, line, defer_result_none());
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
	    (d = row_take(&lock->waiters)) != NULL) {
		lock->held++;
		(void)deferred_finish(&d, defer_result_none());
	}
	lock->serving = false;
	return 0;
}

/* What deferred_lock_run has to remember. */
struct lock_call {
	struct deferred_lock *lock;
	deferred_fn *fn;
	void *ctx;
	bool holds;
};

static struct defer_result
lock_call_begins(void *ctx, struct defer_result in)
{
	struct lock_call *call = ctx;

	call->holds = true;
	return call->fn(call->ctx, in);
}

static struct defer_result
lock_call_ends(void *ctx, struct defer_result in)
{
	struct lock_call *call = ctx;

	if (call->holds)
		(void)deferred_lock_release(call->lock);
	free(call);
	return in;
}

struct deferred *
deferred_lock_run_at(const char *file, int line, struct deferred_lock *lock,
    deferred_fn *fn, void *ctx)
{
	struct lock_call *call = malloc(sizeof(*call));
	struct deferred *d = NULL;

	if (call != NULL)
		d = deferred_lock_acquire_at(file, line, lock);
	if (d == NULL) {
		free(call);
		return NULL;
	}
	*call = (struct lock_call){lock, fn, ctx, false};
	/* A new deferred has room for two. */
	(void)deferred_add_callback(d, lock_call_begins, call);
	(void)deferred_add_both(d, lock_call_ends, call);
	return d;
}

/* ---- queues ---- */

const struct defer_failure_kind deferred_queue_underflow = {"underflow", NULL};

static const struct defer_failure queue_too_many = {
	.kind = &deferred_queue_underflow,
	.message = "too many wait for results already",
};

void
deferred_queue_init(struct deferred_queue *queue, size_t size, size_t backlog)
{
	*queue = (struct deferred_queue){.size = size, .backlog = backlog};
}

void
deferred_queue_close(struct deferred_queue *queue)
{
	struct defer_result r;
	struct deferred *d;

	while ((d = row_take(&queue->items)) != NULL) {
		if (deferred_take(d, &r))
			defer_result_destroy(r);
		deferred_release(d);
	}
	row_cancel_all(&queue->getters);
}

/*
 * Gives r to d, which has left the row of getters, and calls its callbacks; or
 * leaves that to a call of this further up the C stack.
 */
static void
queue_serve(struct deferred_queue *queue, struct deferred *d,
    struct defer_result r)
{
	deferred_pause(d);
	(void)deferred_fire(d, r);
	row_append(&queue->served, (struct deferred_place *)d);
	if (queue->serving)
		return;
	queue->serving = true;
	while ((d = row_take(&queue->served)) != NULL) {
		(void)deferred_unpause(d);
		deferred_release(d);
	}
	queue->serving = false;
}

int
deferred_queue_put(struct deferred_queue *queue, struct defer_result r)
{
	struct deferred *d;
	int error = 0;

	if (r.type == &defer_result_type_deferred)
		error = -EINVAL;
	else if ((d = row_take(&queue->getters)) != NULL)
		queue_serve(queue, d, r);
	else if (queue->items.count >= queue->size)
		error = -ENOBUFS;
	else if ((d = row_add(NULL, 0, &queue->items)) == NULL)
		error = -ENOMEM;
	else
		(void)deferred_fire(d, r);
	if (error < 0)
		defer_result_destroy(r);
	return error;
}

struct deferred *
deferred_queue_get_at(const char *file, int line, struct deferred_queue *queue)
{
	struct deferred *d = row_take(&queue->items);

	if (d != NULL) {		/* its maker is who gets it */
		d->file = file;
		d->line = line;
		return d;
	}
	if (queue->getters.count >= queue->backlog)
		return deferred_of_at(file, line,
		    defer_result_failure(&queue_too_many));
	return deferred_ref(row_add(file, line, &queue->getters));
}
