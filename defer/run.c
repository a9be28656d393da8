/*
 * run.c - the loop that runs callbacks.
 *
 * When a deferred hands its result on to another that waits for it, the other
 * one is run next, and the rest of the first after that.  The loop keeps those
 * it is busy with as a stack, a list through `next`: this list, not the C
 * stack, is what a chain of 100,000 deferreds grows.  It has a reference to
 * each member, and `running` tells other loops, further up or down the C
 * stack, to leave that one alone.
 *
 * A link is kept as a pair without functions.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct defer_failure_kind deferred_abandoned = {"abandoned", NULL};
const struct defer_failure_kind deferred_deadlock = {"deadlock", NULL};
const struct defer_failure_kind deferred_already_fired = {
    "already-fired", NULL};

static const struct defer_failure deferred_run_abandonment = {
	.kind = &deferred_abandoned, .message = "nobody was left to fire it",
};
const struct defer_failure deferred_run_deadlock = {
	.kind = &deferred_deadlock, .message = "it would wait for itself",
};
static const struct defer_failure deferred_run_already = {
	.kind = &deferred_already_fired,
	.message = "the deferred it was chained to had fired",
};

/* Room for one more pair, by moving to the front or to a larger place. */
static int
deferred_run_grow(struct deferred *d)
{
	uint32_t used = d->end - d->first;
	struct deferred_pair *from = d->pairs + d->first, *to;

	if (used > d->capacity / 2) {
		if (d->capacity > UINT32_MAX / (2 * sizeof(*to)))
			return -ENOMEM;
		to = malloc(2 * d->capacity * sizeof(*to));
		if (to == NULL)
			return -ENOMEM;
		memcpy(to, from, used * sizeof(*to));
		if (d->pairs != d->room)
			free(d->pairs);
		d->pairs = to;
		d->capacity *= 2;
	} else
		memmove(d->pairs, from, used * sizeof(*to));
	d->first = 0;
	d->end = used;
	return 0;
}

int
deferred_run_push(struct deferred *d, struct deferred_pair pair)
{
	int err = d->end == d->capacity ? deferred_run_grow(d) : 0;

	if (err == 0)
		d->pairs[d->end++] = pair;
	return err;
}

static void
deferred_run_shift(struct deferred *d)
{
	if (++d->first == d->end)
		d->first = d->end = 0;
}

int
deferred_run_link(struct deferred *d, struct deferred *outer)
{
	return deferred_run_push(d, (struct deferred_pair){.ctx = outer});
}

int
deferred_run_settle(struct deferred *d, struct defer_result r)
{
	if (d->fired) {
		bool eats = d->eats_one;

		d->eats_one = false;
		defer_result_destroy(r);
		return eats ? 1 : -EALREADY;
	}
	d->fired = true;
	d->canceller = NULL;
	d->result = r;
	return 0;
}

void
deferred_run_abandon(struct deferred *d)
{
	if (!d->fired)
		(void)deferred_run_settle(d,
		    defer_result_failure(&deferred_run_abandonment));
}

static bool
deferred_run_can(const struct deferred *d)
{
	return d->first != d->end && d->fired && d->pauses == 0 &&
	    !deferred_run_waits(d);
}

/* Puts d on top of the list, with the caller's reference to it. */
static void
deferred_run_list(struct deferred **list, struct deferred *d)
{
	d->running = true;
	d->next = *list;
	*list = d;
}

/* Gives up a reference; if it is the last, the loop does the rest. */
static void
deferred_run_drop(struct deferred **list, struct deferred *d)
{
	if (d->refs > 1) {
		d->refs--;
		return;
	}
	deferred_run_abandon(d);
	deferred_run_list(list, d);
}

/* d came to a link: its result moves on to `outer`, which runs next. */
static void
deferred_run_hand_on(struct deferred **list, struct deferred *d,
    struct deferred *outer)
{
	struct defer_result r = defer_result_take(&d->result);

	if (deferred_run_waits(outer) && outer->result.value == d)
		outer->result = r;
	else if (deferred_run_settle(outer, r) < 0)
		d->result = defer_result_failure(&deferred_run_already);
	if (outer->running)
		deferred_release(outer);
	else
		deferred_run_list(list, outer);
}

/* A callback of d returned `inner`: take what it has, or wait for it. */
static void
deferred_run_wait(struct deferred **list, struct deferred *d,
    struct deferred *inner)
{
	if (inner == d) {
		d->result = defer_result_failure(&deferred_run_deadlock);
		deferred_release(inner);
	} else if (deferred_take(inner, &d->result)) {
		deferred_release(inner);
	} else if (deferred_run_link(inner, d) < 0) {
		d->result = defer_result_failure(&defer_failure_no_memory);
		deferred_release(inner);
	} else {
		deferred_ref(d);		/* the link's */
		d->result = defer_result_value(
		    &defer_result_type_deferred, inner);
		if (d->cancel_later)
			deferred_cancel(inner);
		d->cancel_later = false;
		deferred_run_drop(list, inner);
	}
}

/* Calls or passes the first pair of d.  It stays in place meanwhile. */
static void
deferred_run_pair(struct deferred **list, struct deferred *d)
{
	struct deferred_pair pair = d->pairs[d->first];
	deferred_fn *fn = defer_result_is_failure(d->result) ? pair.errback :
	    pair.callback;
	struct defer_result out;

	if (fn == NULL) {
		deferred_run_shift(d);
		if (pair.callback == NULL && pair.errback == NULL)
			deferred_run_hand_on(list, d, pair.ctx);
		return;
	}
	out = fn(pair.ctx, defer_result_take(&d->result));
	if (d->repeats)
		d->repeats = false;
	else
		deferred_run_shift(d);
	if (out.type == &defer_result_type_deferred)
		deferred_run_wait(list, d, out.value);
	else
		d->result = out;
}

void
deferred_run_and_release(struct deferred *d)
{
	struct deferred *list = NULL;

	deferred_run_list(&list, d);
	while (list != NULL) {
		d = list;
		if (d->refs == 1)
			d->pauses = 0;	/* nobody is left to unpause it */
		if (deferred_run_can(d)) {
			deferred_run_pair(&list, d);
		} else {
			list = d->next;
			d->running = false;
			deferred_release(d);
		}
	}
}

void
deferred_run(struct deferred *d)
{
	if (!d->running && deferred_run_can(d))
		deferred_run_and_release(deferred_ref(d));
}
