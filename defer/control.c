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

/* ---- cancelling ---- */

struct deferred *
deferred_innermost(struct deferred *d)
{
	while (d != NULL && d->result.type == &defer_result_type_deferred)
		d = d->result.value;
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
	d = deferred_innermost(d);
	if (d == NULL)
		return;
	if (d->fired)
		d->cancelled = true;	/* for a callback that asks */
	else if (!d->cancelling)
		control_stop(d);
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
