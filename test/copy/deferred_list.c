/*
 * deferred_list.c - two promises gathered in one.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "deferred_list.h"

static struct defer_result
keep(void *ctx, struct defer_result in)
{
	const struct deferred_outcomes *outcomes =
	    (const struct deferred_outcomes *)in.value;

	*(size_t *)ctx = outcomes->count;
	defer_result_destroy(in);
	return defer_result_none();
}

int
main(void)
{
	struct deferred *one = deferred_new(NULL, NULL);
	struct deferred *two = deferred_new(NULL, NULL);
	struct deferred *both[2] = {deferred_ref(one), deferred_ref(two)};
	struct deferred *all = deferred_gather(both, 2, 0);
	size_t count = 0;

	deferred_add_callback(all, keep, &count);
	deferred_finish(&two, defer_result_none());
	deferred_finish(&one, defer_result_none());
	deferred_release(all);
	return count == 2 ? 0 : 1;
}
