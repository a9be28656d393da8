/*
 * deferred.c - the callbacks of a deferred, and the loop that calls them.
 *
 * References keep a deferred alive: the producer's, the consumer's, and one
 * for each link to it (see "the loop").  A deferred that waits for another
 * knows it without a reference, and none may wait for itself; so there are no
 * circles of references, and one that everybody forgets is noticed and fails.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "deferred.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct defer_failure_kind deferred_abandoned = {"abandoned", NULL};
const struct defer_failure_kind deferred_deadlock = {"deadlock", NULL};

static const struct defer_failure deferred_waits_for_itself = {
	.kind = &deferred_deadlock, .message = "it would wait for itself",
};
static const struct defer_failure deferred_nobody_left = {
	.kind = &deferred_abandoned, .message = "nobody was left to fire it",
};

/* One of the project's two variables that outlive their functions. */
static struct {
	deferred_unhandled_fn *hook;
	void *ctx;
} deferred_unhandled;

/* ---- making and freeing ---- */

void
deferred_init_at(const char *file, int line, struct deferred *d,
    deferred_canceller *canceller, void *ctx,
    void (*destroy)(struct deferred *d))
{
	*d = (struct deferred){
		.pairs = d->room, .capacity = DEFERRED_ROOM, .refs = 1,
		.canceller = canceller, .canceller_ctx = ctx,
		.destroy = destroy, .file = file, .line = line,
	};
}

struct deferred *
deferred_new_at(const char *file, int line, deferred_canceller *canceller,
    void *ctx)
{
	struct deferred *d = malloc(sizeof(*d));

	if (d != NULL)
		deferred_init_at(file, line, d, canceller, ctx, NULL);
	return d;
}

struct deferred *
deferred_of_at(const char *file, int line, struct defer_result r)
{
	struct deferred *d;

	if (r.type == &defer_result_type_deferred)
		return r.value;
	d = deferred_new_at(file, line, NULL, NULL);
	(void)deferred_fire(d, r);
	return d;
}

struct deferred *
deferred_ref(struct deferred *d)
{
	if (d != NULL)
		d->refs++;
	return d;
}

/* The last reference is gone, and no pair is left. */
static void
deferred_end(struct deferred *d)
{
	const struct defer_failure *f = defer_result_get_failure(d->result);

	if (f != NULL && deferred_unhandled.hook != NULL &&
	    !defer_failure_is(f, &deferred_abandoned))
		deferred_unhandled.hook(
		    deferred_unhandled.ctx, f, d->file, d->line);
	defer_result_destroy(d->result);
	if (d->pairs != d->room)
		free(d->pairs);
	if (d->destroy != NULL)
		d->destroy(d);
	else
		free(d);
}

void
deferred_on_unhandled(deferred_unhandled_fn *hook, void *ctx)
{
	deferred_unhandled.hook = hook;
	deferred_unhandled.ctx = ctx;
}

/* ---- a deferred as a result ---- */

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

/* True if d waits for another deferred: that is its result then. */
static bool
deferred_waits(const struct deferred *d)
{
	return d->result.type == &defer_result_type_deferred;
}

bool
deferred_take(struct deferred *d, struct defer_result *out)
{
	if (d == NULL)
		*out = defer_result_failure(&defer_failure_no_memory);
	else if (d->fired && !d->running && d->pauses == 0 &&
	    d->first == d->end && !deferred_waits(d))
		*out = defer_result_take(&d->result);
	else
		return false;
	return true;
}

/* ---- the queue of pairs ---- */

/* Makes room, by moving all pairs to the front or to a larger place. */
static int
pair_room(struct deferred *d)
{
	size_t used = d->end - d->first;
	struct deferred_pair *old = d->pairs, *to = old;

	if (used > d->capacity / 2) {
		to = calloc(2 * d->capacity, sizeof(*to));
		if (to == NULL)
			return -ENOMEM;
		d->capacity *= 2;
	}
	memmove(to, old + d->first, used * sizeof(*to));
	if (to != old && old != d->room)
		free(old);
	d->pairs = to;
	d->first = 0;
	d->end = used;
	return 0;
}

static int
pair_push(struct deferred *d, struct deferred_pair pair)
{
	int error = d->end == d->capacity ? pair_room(d) : 0;

	if (error == 0)
		d->pairs[d->end++] = pair;
	return error;
}

static void
pair_shift(struct deferred *d)
{
	if (++d->first == d->end)
		d->first = d->end = 0;
}

int
deferred_add_callbacks(struct deferred *d, deferred_fn *callback,
    deferred_fn *errback, void *ctx)
{
	struct deferred_pair pair = {callback, errback, ctx};
	int error;

	if (d == NULL)
		return -ENOMEM;
	if (callback == NULL && errback == NULL)
		return 0;
	error = pair_push(d, pair);
	if (error == 0)
		deferred_run(d);
	return error;
}

/* ---- firing ---- */

/* Gives d its result, without running it: 0 or -EALREADY. */
static int
deferred_settle(struct deferred *d, struct defer_result r)
{
	int error = d->fired && !d->eats_one ? -EALREADY : 0;

	if (d->fired) {
		d->eats_one = false;
		defer_result_destroy(r);
	} else {
		d->fired = true;
		d->canceller = NULL;
		d->result = r;
	}
	return error;
}

int
deferred_fire(struct deferred *d, struct defer_result r)
{
	int error;

	if (d == NULL || r.type == &defer_result_type_deferred) {
		defer_result_destroy(r);
		return d == NULL ? -EALREADY : -EINVAL;
	}
	error = deferred_settle(d, r);
	if (error == 0)
		deferred_run(d);
	return error;
}

int
deferred_finish(struct deferred **d, struct defer_result r)
{
	struct deferred *mine = *d;
	int error;

	*d = NULL;
	error = deferred_fire(mine, r);
	deferred_release(mine);
	return error;
}

/* ---- the loop ---- */

/*
 * When a deferred gives its result to another that waits for it, the other
 * one is run next, and the rest of the first after that.  The loop keeps
 * those it is busy with as a stack, a list through `next`: this list, not the
 * C stack, is what a chain of 100,000 deferreds grows.  It has a reference to
 * each member, and `running` tells other loops, further up or down the C
 * stack, to leave that one alone.
 */

/* Puts d on top, with the caller's reference, unless a loop has it. */
static void
deferred_loop_add(struct deferred **list, struct deferred *d)
{
	if (d->running) {
		deferred_release(d);
		return;
	}
	d->running = true;
	d->next = *list;
	*list = d;
}

/*
 * A callback of d returned `inner`: takes its result, or waits for it.  d then
 * stands in the queue of inner as a link, a pair without functions.
 */
static void
deferred_loop_wait(
    struct deferred **list, struct deferred *d, struct deferred *inner)
{
	const struct deferred *last = inner;

	/* Only what another waits for can be the end of a circle. */
	while (d->awaited && last != d && deferred_waits(last))
		last = last->result.value;
	if (last == d) {
		d->result = defer_result_failure(&deferred_waits_for_itself);
	} else if (deferred_take(inner, &d->result)) {
		;
	} else if (pair_push(inner, (struct deferred_pair){.ctx = d}) < 0) {
		d->result = defer_result_failure(&defer_failure_no_memory);
	} else {
		deferred_ref(d);		/* the link's */
		d->result = defer_result_deferred(inner);
		inner->awaited = true;
	}
	if (inner->refs > 1)
		inner->refs--;
	else
		deferred_loop_add(list, inner);	/* with the last one */
}

/* d has come to a link: its result goes to `outer`, which runs next. */
static void
deferred_loop_give(
    struct deferred **list, struct deferred *d, struct deferred *outer)
{
	outer->result = defer_result_take(&d->result);
	deferred_loop_add(list, outer);
}

/*
 * Calls the first pair of d.  It stays in place meanwhile: a callback that sets
 * `again` is called once more, with what comes out of the result it returns.
 */
static void
deferred_loop_call(struct deferred **list, struct deferred *d)
{
	struct deferred_pair pair = d->pairs[d->first];
	deferred_fn *fn = defer_result_is_failure(d->result) ? pair.errback :
	    pair.callback;
	struct deferred *next = d->next, *fired;
	struct defer_result out;

	if (fn == NULL) {
		pair_shift(d);
		if (pair.callback == NULL && pair.errback == NULL)
			deferred_loop_give(list, d, pair.ctx);
		return;
	}
	out = fn(pair.ctx, defer_result_take(&d->result));
	fired = d->next;
	if (fired != next) {	/* by deferred_fire_from: it goes first */
		d->next = next;
		fired->next = d;
		*list = fired;
	}
	if (!d->again)
		pair_shift(d);
	d->again = false;
	if (out.type == &defer_result_type_deferred)
		deferred_loop_wait(list, d, out.value);
	else
		d->result = out;
}

static bool
deferred_loop_can_run(const struct deferred *d)
{
	return d->first != d->end && d->fired && d->pauses == 0 &&
	    !deferred_waits(d);
}

/* Runs d, and all that come to run by it; takes over a reference to d. */
static void
deferred_loop_run(struct deferred *d)
{
	struct deferred *list = NULL;

	deferred_loop_add(&list, d);
	while ((d = list) != NULL) {
		if (d->refs == 1) {	/* nobody else can fire or unpause */
			d->pauses = 0;
			if (!d->fired)
				(void)deferred_settle(d, defer_result_failure(
				    &deferred_nobody_left));
		}
		if (deferred_loop_can_run(d)) {
			deferred_loop_call(&list, d);
		} else {
			list = d->next;
			d->running = false;
			if (d->refs-- == 1)
				deferred_end(d);
		}
	}
}

int
deferred_fire_from(
    struct deferred *from, struct deferred *d, struct defer_result r)
{
	int error = deferred_settle(d, r);

	if (error == 0)
		deferred_loop_add(&from->next, deferred_ref(d));
	return error;
}

void
deferred_run(struct deferred *d)
{
	if (!d->running && deferred_loop_can_run(d))
		deferred_loop_run(deferred_ref(d));
}

void
deferred_release(struct deferred *d)
{
	if (d != NULL && d->refs > 1)
		d->refs--;
	else if (d != NULL)
		deferred_loop_run(d);
}
