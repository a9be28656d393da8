/*
 * defer.c - the core of deferreds alone: a value, a failure that is healed, and
 * a chain that waits for another.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "deferred.h"

static const struct defer_result_type number = {"number", NULL, NULL};
static const struct defer_failure_kind missing = {"missing", NULL};

/* Returns the deferred that it was attached with: the chain waits for it. */
static struct defer_result
wait_for(void *ctx, struct defer_result in)
{
	defer_result_destroy(in);
	return defer_result_deferred((struct deferred *)ctx);
}

/* An errback: heals the failure, if it is the expected one. */
static struct defer_result
heal(void *ctx, struct defer_result in)
{
	if (!defer_failure_is(defer_result_get_failure(in), &missing))
		return in;
	defer_result_destroy(in);
	return defer_result_value(&number, ctx);
}

int
main(void)
{
	struct deferred *outer = deferred_new(NULL, NULL);
	struct deferred *inner = deferred_new(NULL, NULL);
	struct defer_result r = defer_result_none();
	int seven = 7;

	deferred_add_callback(outer, wait_for, deferred_ref(inner));
	deferred_add_errback(outer, heal, &seven);
	deferred_fire(outer, defer_result_none());
	if (deferred_take(outer, &r))
		return 1;
	deferred_finish(&inner, defer_result_failure(
	    defer_failure_new(&missing, "nothing there")));
	if (!deferred_take(outer, &r) || r.value != &seven)
		return 1;
	deferred_release(outer);
	return 0;
}
