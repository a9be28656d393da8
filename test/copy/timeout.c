/*
 * timeout.c - a deferred with a limit, and a clock whose one timer expires
 * when the program says so.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "timeout.h"

#include <stddef.h>

static void (*copy_expired)(void *arg);
static void *copy_arg;

static void *
start(void *ctx, uint64_t delay_ns, void (*expired)(void *arg), void *arg)
{
	(void)delay_ns;
	copy_expired = expired;
	copy_arg = arg;
	return ctx;
}

static void
stop(void *ctx, void *timer)
{
	(void)ctx;
	(void)timer;
}

int
main(void)
{
	struct deferred *d = deferred_new(NULL, NULL);
	struct deferred_clock clock = {start, stop, &copy_arg};
	struct defer_result r = defer_result_none();
	bool right;

	deferred_add_timeout(d, &clock, 5000000, NULL, NULL);
	copy_expired(copy_arg);
	deferred_take(d, &r);
	right = defer_failure_is(defer_result_get_failure(r),
	    &deferred_timed_out);
	defer_result_destroy(r);
	deferred_release(d);
	return right ? 0 : 1;
}
