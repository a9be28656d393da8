/*
 * control.c - work that is stopped because nobody wants its result any more.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "control.h"

static enum deferred_cancelling
stop(void *ctx, struct deferred *d)
{
	(void)d;
	*(bool *)ctx = true;
	return DEFERRED_STOPPED;
}

int
main(void)
{
	bool stopped = false;
	struct deferred *d = deferred_new(stop, &stopped);
	struct defer_result r = defer_result_none();

	deferred_cancel(d);
	deferred_take(d, &r);
	deferred_release(d);
	return stopped && defer_failure_is(defer_result_get_failure(r),
	    &deferred_cancelled) ? 0 : 1;
}
