/*
 * control.c - cancelling and pausing.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "control.h"

#include <errno.h>

const struct defer_failure_kind deferred_cancelled = {"cancelled", NULL};
const struct defer_failure deferred_was_cancelled = {
	.kind = &deferred_cancelled, .message = "it was cancelled",
};
static const struct defer_failure control_circle = {
	.kind = &deferred_deadlock, .message = "it would wait for itself",
};

/* ---- cancelling ---- */

/*
 * The one that d waits for in the end; d itself if it does not wait.  NULL if
 * they wait in a circle: `slow`, at half the speed, is met again.
 */
static struct deferred *
control_innermost(struct deferred *d)
{
	struct deferred *slow = d;
	bool odd = false;

	for (; d->result.type == &defer_result_type_deferred; odd = !odd) {
		d = d->result.value;
		if (d == slow)
			return NULL;
		if (odd)
			slow = slow->result.value;
	}
	return d;
}

/* Cancels one that was not fired: its work is to stop. */
static void
control_stop(struct deferred *d)
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
	struct deferred *inner = d != NULL ? control_innermost(d) : NULL;

	if (d == NULL)
		return;
	if (inner == NULL) {
		d->result = defer_result_failure(&control_circle);
		deferred_run(d);
	} else if (inner->fired) {
		inner->cancelled = true;	/* for a callback that asks */
	} else if (!inner->cancelling) {
		control_stop(inner);
	}
}

/* ---- pausing ---- */

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
