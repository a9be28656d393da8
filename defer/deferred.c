/*
 * deferred.c - making, attaching, firing, pausing and cancelling deferreds.
 *
 * References keep a deferred alive: the producer's, the consumer's, and those
 * of the links in others that will hand it their result.  A deferred that
 * waits for another knows it without a reference (`result`), just to cancel
 * it; so there are no circles, and an inner one that everybody forgets is
 * noticed and fails.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "deferred.h"

#include "run.h"

#include <errno.h>
#include <stdlib.h>

const struct defer_failure_kind deferred_cancelled = {"cancelled", NULL};
const struct defer_failure deferred_was_cancelled = {
	.kind = &deferred_cancelled, .message = "it was cancelled",
};

/* One of the project's two variables that outlive their functions. */
static struct {
	deferred_unhandled_fn *hook;
	void *ctx;
} deferred_unhandled;

static void
deferred_destroy_value(void *value)
{
	deferred_release(value);
}

const struct defer_result_type defer_result_type_deferred = {
	.name = "deferred", .destroy = deferred_destroy_value,
};

struct defer_result
defer_result_deferred(struct deferred *d)
{
	if (d == NULL)
		return defer_result_failure(&defer_failure_no_memory);
	return defer_result_value(&defer_result_type_deferred, d);
}

void
deferred_init_at(struct deferred_place place, struct deferred *d,
    deferred_canceller *canceller, void *ctx,
    void (*destroy)(struct deferred *d))
{
	*d = (struct deferred){
		.pairs = d->room, .capacity = DEFERRED_ROOM, .refs = 1,
		.canceller = canceller, .canceller_ctx = ctx,
		.destroy = destroy, .made = place,
	};
}

static void
deferred_free(struct deferred *d)
{
	free(d);
}

struct deferred *
deferred_new_at(struct deferred_place place, deferred_canceller *canceller,
    void *ctx)
{
	struct deferred *d = malloc(sizeof(*d));

	if (d != NULL)
		deferred_init_at(place, d, canceller, ctx, deferred_free);
	return d;
}

struct deferred *
deferred_of_at(struct deferred_place place, struct defer_result r)
{
	struct deferred *d;

	if (r.type == &defer_result_type_deferred)
		return r.value;
	d = deferred_new_at(place, NULL, NULL);
	if (d != NULL)
		(void)deferred_run_settle(d, r);
	else
		defer_result_destroy(r);
	return d;
}

struct deferred *
deferred_ref(struct deferred *d)
{
	if (d != NULL)
		d->refs++;
	return d;
}

/* The last reference is gone, and nothing is left to run. */
static void
deferred_end(struct deferred *d)
{
	const struct defer_failure *f = defer_result_get_failure(d->result);

	if (f != NULL && deferred_unhandled.hook != NULL &&
	    !defer_failure_is(f, &deferred_abandoned))
		deferred_unhandled.hook(deferred_unhandled.ctx, f,
		    d->made.file, d->made.line);
	defer_result_destroy(d->result);
	if (d->pairs != d->room)
		free(d->pairs);
	d->destroy(d);
}

void
deferred_release(struct deferred *d)
{
	if (d == NULL)
		return;
	if (d->refs > 1) {
		d->refs--;
	} else if (d->first != d->end) {
		deferred_run_abandon(d);
		deferred_run_and_release(d);
	} else {
		deferred_end(d);
	}
}

int
deferred_add_callbacks(struct deferred *d, deferred_fn *callback,
    deferred_fn *errback, void *ctx)
{
	struct deferred_pair pair = {callback, errback, ctx};
	int err;

	if (d == NULL)
		return -ENOMEM;
	if (callback == NULL && errback == NULL)
		return 0;
	err = deferred_run_push(d, pair);
	if (err == 0)
		deferred_run(d);
	return err;
}

int
deferred_add_callback(struct deferred *d, deferred_fn *fn, void *ctx)
{
	return deferred_add_callbacks(d, fn, NULL, ctx);
}

int
deferred_add_errback(struct deferred *d, deferred_fn *fn, void *ctx)
{
	return deferred_add_callbacks(d, NULL, fn, ctx);
}

int
deferred_add_both(struct deferred *d, deferred_fn *fn, void *ctx)
{
	return deferred_add_callbacks(d, fn, fn, ctx);
}

int
deferred_fire(struct deferred *d, struct defer_result r)
{
	int err;

	if (d == NULL || r.type == &defer_result_type_deferred) {
		defer_result_destroy(r);
		return d == NULL ? -EALREADY : -EINVAL;
	}
	err = deferred_run_settle(d, r);
	if (err == 0)
		deferred_run(d);
	return err < 0 ? err : 0;
}

int
deferred_finish(struct deferred **d, struct defer_result r)
{
	struct deferred *mine = *d;
	int err;

	*d = NULL;
	err = deferred_fire(mine, r);
	deferred_release(mine);
	return err;
}

bool
deferred_take(struct deferred *d, struct defer_result *out)
{
	if (d == NULL) {
		*out = defer_result_failure(&defer_failure_no_memory);
		return true;
	}
	if (!d->fired || d->running || d->pauses > 0 || d->first != d->end ||
	    deferred_run_waits(d))
		return false;
	*out = defer_result_take(&d->result);
	return true;
}

bool
deferred_has_fired(const struct deferred *d)
{
	return d == NULL || d->fired;
}

void
deferred_pause(struct deferred *d)
{
	if (d != NULL)
		d->pauses++;
}

int
deferred_unpause(struct deferred *d)
{
	if (d == NULL || d->pauses == 0)
		return -EINVAL;
	if (--d->pauses == 0)
		deferred_run(d);
	return 0;
}

/*
 * The one that d waits for in the end; d itself if it does not wait.  NULL if
 * they wait in a circle: `slow`, at half the speed, is met again.
 */
static struct deferred *
deferred_innermost(struct deferred *d)
{
	struct deferred *slow = d;
	bool odd = false;

	while (deferred_run_waits(d)) {
		d = d->result.value;
		if (odd)
			slow = slow->result.value;
		odd = !odd;
		if (d == slow)
			return NULL;
	}
	return d;
}

/* Cancels one that waits for no other: its work is to stop. */
static void
deferred_stop(struct deferred *d)
{
	enum deferred_cancelling answer = DEFERRED_STOPPED;

	deferred_ref(d);
	d->cancelling = true;
	if (d->canceller != NULL)
		answer = d->canceller(d->canceller_ctx, d);
	else
		d->eats_one = true;
	d->cancelling = false;
	if (!d->fired && answer == DEFERRED_STOPPED)
		(void)deferred_fire(
		    d, defer_result_failure(&deferred_was_cancelled));
	deferred_release(d);
}

void
deferred_cancel(struct deferred *d)
{
	struct deferred *inner = d != NULL ? deferred_innermost(d) : NULL;

	if (d == NULL)
		return;
	if (inner == NULL) {
		d->result = defer_result_failure(&deferred_run_deadlock);
		deferred_run(d);
	} else if (inner->fired) {
		/* A coroutine that cancels itself. */
		inner->cancel_later = inner->coroutine && inner->running;
	} else if (!inner->cancelling) {
		deferred_stop(inner);
	}
}

int
deferred_chain(struct deferred *a, struct deferred *b)
{
	int err = a != NULL && b != NULL ? deferred_run_link(a, b) : -ENOMEM;

	if (err == 0)
		deferred_run(a);
	else
		(void)deferred_finish(
		    &b, defer_result_failure(&defer_failure_no_memory));
	return err;
}

/* The callback behind a tee. */
static struct defer_result
deferred_tee_share(void *ctx, struct defer_result in)
{
	struct deferred *tee = ctx;

	(void)deferred_finish(&tee, defer_result_share(&in));
	return in;
}

struct deferred *
deferred_tee_at(struct deferred_place place, struct deferred *d)
{
	struct deferred *tee = deferred_new_at(place, NULL, NULL);
	struct deferred *producer = deferred_ref(tee);

	if (tee != NULL && deferred_add_both(d, deferred_tee_share, tee) < 0)
		(void)deferred_finish(&producer,
		    defer_result_failure(&defer_failure_no_memory));
	return tee;
}

void
deferred_on_unhandled(deferred_unhandled_fn *hook, void *ctx)
{
	deferred_unhandled.hook = hook;
	deferred_unhandled.ctx = ctx;
}
