/*
 * deferred.c - the promise of a number, and two callbacks that wait for it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "deferred.h"

static const struct defer_result_type number = {"number", NULL, NULL};

static struct defer_result
twice(void *ctx, struct defer_result in)
{
	(void)ctx;
	*(int *)in.value *= 2;
	return in;
}

static struct defer_result
keep(void *ctx, struct defer_result in)
{
	*(int *)ctx = *(int *)in.value;
	return defer_result_none();
}

int
main(void)
{
	struct deferred *d = deferred_new(NULL, NULL);
	int value = 21, kept = 0;

	deferred_add_callback(d, twice, NULL);
	deferred_add_callback(d, keep, &kept);
	deferred_fire(d, defer_result_value(&number, &value));
	deferred_release(d);
	return kept == 42 ? 0 : 1;
}
