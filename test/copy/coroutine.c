/*
 * coroutine.c - a function that waits twice for the deferred `bell`.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "coroutine.h"

struct rings {
	struct coroutine co;
	struct deferred *bell;
	int count;
};

static struct defer_result
rings_run(struct coroutine *co)
{
	struct rings *my = (struct rings *)co;

	COROUTINE_BEGIN(co);
	while (my->count < 2) {
		my->bell = deferred_new(NULL, NULL);
		COROUTINE_AWAIT(co, deferred_ref(my->bell));
		my->count++;
	}
	COROUTINE_END;
}

int
main(void)
{
	struct rings *my = (struct rings *)coroutine_new(
	    sizeof(*my), rings_run, NULL);
	struct deferred *d = coroutine_start(&my->co), *bell;
	int rung = 0;
	bool right;

	for (; deferred_has_fired(d) && rung < 2; rung++) {
		bell = my->bell;
		deferred_finish(&bell, defer_result_none());
	}
	right = my->count == 2;
	deferred_release(d);
	return right ? 0 : 1;
}
