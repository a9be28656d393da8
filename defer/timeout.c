/*
 * timeout.c - a timer that cancels, and one that asks again.
 *
 * A timeout's callback, which stops its timer, is attached for both tracks, so
 * it is called in any case and exactly once; until then the deferred exists,
 * and the timer may point to it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "timeout.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

const struct defer_failure_kind deferred_timed_out = {"timed-out", NULL};

struct deferred_timeout {
	struct deferred *deferred;	/* borrowed, see above */
	const struct deferred_clock *clock;
	void *timer;			/* NULL: the time has passed */
	uint64_t delay_ns;
	deferred_fn *translate;
	void *ctx;
};

static void
deferred_timeout_expired(void *arg)
{
	struct deferred_timeout *t = arg;

	t->timer = NULL;
	deferred_cancel(t->deferred);
}

/* The translation for those who gave none. */
static struct defer_result
deferred_timeout_translate(
    const struct deferred_timeout *t, struct defer_result in)
{
	const struct defer_failure *cause = defer_result_get_failure(in), *f;
	uint64_t ms = t->delay_ns / 1000000;

	if (!defer_failure_is(cause, &deferred_cancelled))
		return in;
	f = defer_failure_new(&deferred_timed_out, "not done after %llu.%03u s",
	    (unsigned long long)(ms / 1000), (unsigned)(ms % 1000));
	f = defer_failure_set_code(f, ms < LONG_MAX ? (long)ms : LONG_MAX);
	return defer_result_failure(defer_failure_set_cause(f, cause));
}

static struct defer_result
deferred_timeout_done(void *ctx, struct defer_result in)
{
	struct deferred_timeout *t = ctx;

	if (t->timer != NULL)
		t->clock->stop(t->clock->ctx, t->timer);
	else if (t->translate != NULL)
		in = t->translate(t->ctx, in);
	else
		in = deferred_timeout_translate(t, in);
	free(t);
	return in;
}

int
deferred_add_timeout(struct deferred *d, const struct deferred_clock *clock,
    uint64_t delay_ns, deferred_fn *translate, void *ctx)
{
	struct deferred_timeout *t = malloc(sizeof(*t));
	int err = -ENOMEM;

	if (t == NULL)
		return err;
	*t = (struct deferred_timeout){
		d, clock, NULL, delay_ns, translate, ctx
	};
	t->timer = clock->start(clock->ctx, delay_ns, deferred_timeout_expired,
	    t);
	if (t->timer != NULL)
		err = deferred_add_both(d, deferred_timeout_done, t);
	if (err < 0) {
		if (t->timer != NULL)
			clock->stop(clock->ctx, t->timer);
		free(t);
	}
	return err;
}

struct deferred_poll {
	struct deferred deferred;
	const struct deferred_clock *clock;
	void *timer;			/* NULL during an attempt */
	uint64_t interval_ns;
	deferred_attempt_fn *attempt;
	void *ctx;
};

/* Cancelled: the timer's reference goes, and with it perhaps the last. */
static enum deferred_cancelling
deferred_poll_stop(void *ctx, struct deferred *d)
{
	struct deferred_poll *p = ctx;

	if (p->timer != NULL)
		p->clock->stop(p->clock->ctx, p->timer);
	deferred_release(d);
	return DEFERRED_STOPPED;
}

static void
deferred_poll_free(struct deferred *d)
{
	free((char *)d - offsetof(struct deferred_poll, deferred));
}

/* An attempt, which may itself cancel the deferred. */
static void
deferred_poll_again(void *arg)
{
	struct deferred_poll *p = arg;
	struct deferred *d = deferred_ref(&p->deferred);
	struct defer_result r = defer_result_none();
	bool over;

	p->timer = NULL;
	over = p->attempt(p->ctx, &r);
	if (!over && !d->fired) {
		p->timer = p->clock->start(p->clock->ctx, p->interval_ns,
		    deferred_poll_again, p);
		over = p->timer == NULL;
		if (over)
			r = defer_result_failure(&defer_failure_no_memory);
	}
	if (over && deferred_fire(d, r) == 0)
		deferred_release(d);
	deferred_release(d);
}

struct deferred *
deferred_poll_at(struct deferred_place place,
    const struct deferred_clock *clock, uint64_t interval_ns,
    deferred_attempt_fn *attempt, void *ctx)
{
	struct deferred_poll *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	deferred_init_at(place, &p->deferred, deferred_poll_stop, p,
	    deferred_poll_free);
	p->clock = clock;
	p->interval_ns = interval_ns;
	p->attempt = attempt;
	p->ctx = ctx;
	deferred_ref(&p->deferred);
	deferred_poll_again(p);
	return &p->deferred;
}
