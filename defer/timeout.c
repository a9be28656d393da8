/*
 * timeout.c - a timer that cancels.
 *
 * The callback of a timeout, which stops the timer, is attached for both
 * tracks, so it is called in any case and exactly once; until then the
 * deferred exists, and the timer may point to it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "timeout.h"

#include "control.h"
#include "failure_detail.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

const struct defer_failure_kind deferred_timed_out = {"timed-out", NULL};

struct timeout {
	struct deferred *deferred;	/* borrowed, see above */
	const struct deferred_clock *clock;
	void *timer;			/* NULL: the time has passed */
	uint64_t delay_ns;
	deferred_fn *translate;
	void *ctx;
};

static void
timeout_expired(void *arg)
{
	struct timeout *t = arg;

	t->timer = NULL;
	deferred_cancel(t->deferred);
}

/* The translation for those who gave none. */
static struct defer_result
timeout_translate(const struct timeout *t, struct defer_result in)
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
timeout_done(void *ctx, struct defer_result in)
{
	struct timeout *t = ctx;

	if (t->timer != NULL)
		t->clock->stop(t->clock->ctx, t->timer);
	else if (t->translate != NULL)
		in = t->translate(t->ctx, in);
	else
		in = timeout_translate(t, in);
	free(t);
	return in;
}

int
deferred_add_timeout(struct deferred *d, const struct deferred_clock *clock,
    uint64_t delay_ns, deferred_fn *translate, void *ctx)
{
	struct timeout *t = malloc(sizeof(*t));
	int error = -ENOMEM;

	if (t == NULL)
		return error;
	*t = (struct timeout){d, clock, NULL, delay_ns, translate, ctx};
	t->timer = clock->start(clock->ctx, delay_ns, timeout_expired, t);
	if (t->timer != NULL)
		error = deferred_add_both(d, timeout_done, t);
	if (error < 0) {
		if (t->timer != NULL)
			clock->stop(clock->ctx, t->timer);
		free(t);
	}
	return error;
}
