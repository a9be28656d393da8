/*
 * defer_depth_test.c - chains of 100,000 links on a stack of 256 KiB.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _POSIX_C_SOURCE 200809L

#include "../defer/control.h"
#include "../defer/deferred.h"
#include "../defer/share.h"
#include "defer_probe.h"

#include <stdlib.h>
#include <sys/resource.h>

static struct probe_log defer_log;

enum { DEPTH = 100000 };

static struct defer_result
give_deferred(void *ctx, struct defer_result in)
{
	defer_result_destroy(in);
	return defer_result_deferred(deferred_ref(ctx));
}

/* d[k] will wait for d[k + 1], or be fired by it. */
static struct deferred **
deep_chain(int by_chain)
{
	struct deferred **d = malloc(DEPTH * sizeof(*d));
	int k;

	if (d == NULL)
		abort();
	for (k = DEPTH - 1; k >= 0; k--) {
		d[k] = probe_deferred();
		if (k < DEPTH - 1 && by_chain)
			deferred_chain(d[k + 1], deferred_ref(d[k]));
		else if (k < DEPTH - 1)
			deferred_add_both(d[k], give_deferred, d[k + 1]);
	}
	return d;
}

static void
test_depth(void)
{
	struct deferred **d;
	int k, order;

	check_case("100,000 links, whichever end is fired first");
	for (order = 0; order < 2; order++) {
		d = deep_chain(0);
		for (k = 0; k < DEPTH - 1; k++)
			deferred_fire(d[order == 0 ? k : DEPTH - 2 - k],
			    defer_result_none());
		deferred_fire(d[DEPTH - 1], probe_number(5));
		probe_take(&defer_log, "d", d[0]);
		PROBE_SAYS(&defer_log, "d(5) ");
		for (k = 0; k < DEPTH; k++)
			deferred_release(d[k]);
		free(d);
	}

	check_case("100,000 explicit links");
	d = deep_chain(1);
	deferred_fire(d[DEPTH - 1], probe_number(5));
	probe_take(&defer_log, "d", d[0]);
	PROBE_SAYS(&defer_log, "d(5) ");
	for (k = 0; k < DEPTH; k++)
		deferred_release(d[k]);
	free(d);

	check_case("a long chain whose producer vanishes");
	d = deep_chain(0);
	for (k = 0; k < DEPTH - 1; k++)
		deferred_fire(d[k], defer_result_none());
	for (k = 1; k < DEPTH; k++)
		deferred_release(d[k]);
	probe_take(&defer_log, "d", d[0]);
	PROBE_SAYS(&defer_log, "d(!abandoned) ");
	deferred_release(d[0]);
	free(d);

	check_case("a cancel goes down 100,000 links and comes back");
	d = deep_chain(0);
	for (k = 0; k < DEPTH - 1; k++)
		deferred_fire(d[k], defer_result_none());
	deferred_cancel(d[0]);
	probe_take(&defer_log, "d", d[0]);
	PROBE_SAYS(&defer_log, "d(!cancelled) ");
	for (k = 0; k < DEPTH; k++)
		deferred_release(d[k]);
	free(d);
}

int
main(void)
{
	struct rlimit small = {256 * 1024, 256 * 1024};

	CHECK_INT(setrlimit(RLIMIT_STACK, &small), 0);
	test_depth();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
