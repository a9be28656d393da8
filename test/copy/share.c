/*
 * share.c - one result for two, by a tee.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "share.h"

int
main(void)
{
	int answer = 42;
	struct deferred *d = deferred_new(NULL, NULL), *tee = deferred_tee(d);
	struct defer_result one = defer_result_none(), two = one;

	deferred_fire(d, defer_result_value(&defer_result_borrowed, &answer));
	deferred_take(d, &one);
	deferred_take(tee, &two);
	deferred_release(d);
	deferred_release(tee);
	return one.value == &answer && two.value == &answer ? 0 : 1;
}
