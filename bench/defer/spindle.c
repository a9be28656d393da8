/*
 * spindle.c - what our deferreds cost, in nanoseconds.  See run.sh.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include "../../defer/coroutine.h"
#include "../../defer/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_ROUNDS = 2000000 };

/* One frame for both coroutines. */
struct bench_frame {
	struct coroutine co;
	struct deferred *d;
	long i;
};

static double
bench_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
bench_report(const char *what, double since_ns)
{
	printf("spindle\t%s\t%.1f\n", what,
	    (bench_now_ns() - since_ns) / BENCH_ROUNDS);
}

static struct defer_result
bench_count(void *ctx, struct defer_result in)
{
	*(long *)ctx += *(long *)in.value;
	return in;
}

/* Makes one, attaches a callback, fires it, frees it. */
static void
bench_fire(void)
{
	double since_ns = bench_now_ns();
	long one = 1, sum = 0;
	int i;

	for (i = 0; i < BENCH_ROUNDS; i++) {
		struct deferred *d = deferred_new(NULL, NULL);

		if (d == NULL)
			abort();
		(void)deferred_add_callback(d, bench_count, &sum);
		(void)deferred_fire(
		    d, defer_result_value(&defer_result_borrowed, &one));
		deferred_release(d);
	}
	bench_report("fire", since_ns);
	if (sum != BENCH_ROUNDS)
		abort();
}

/* Awaits one that has fired: the same, so that only the await is timed. */
static struct defer_result
bench_await_ready(struct coroutine *co)
{
	struct bench_frame *my = (struct bench_frame *)co;

	COROUTINE_BEGIN(co);
	while (my->i++ < BENCH_ROUNDS)
		COROUTINE_AWAIT(co, deferred_ref(my->d));
	COROUTINE_END;
}

/* Awaits one that another fires: out, fire, and in again. */
static struct defer_result
bench_await_pending(struct coroutine *co)
{
	struct bench_frame *my = (struct bench_frame *)co;

	COROUTINE_BEGIN(co);
	while (my->i++ < BENCH_ROUNDS) {
		my->d = deferred_new(NULL, NULL);
		COROUTINE_AWAIT(co, deferred_ref(my->d));
	}
	my->d = NULL;
	COROUTINE_END;
}

static struct bench_frame *
bench_frame_new(struct defer_result (*run)(struct coroutine *co))
{
	struct bench_frame *my = coroutine_new(sizeof(*my), run, NULL);

	if (my == NULL)
		abort();
	return my;
}

static void
bench_await(void)
{
	struct bench_frame *my = bench_frame_new(bench_await_ready);
	double since_ns = bench_now_ns();
	struct deferred *ready = deferred_of(defer_result_none()), *d;

	my->d = ready;
	d = coroutine_start(&my->co);
	bench_report("await-ready", since_ns);
	deferred_release(d);
	deferred_release(ready);

	my = bench_frame_new(bench_await_pending);
	since_ns = bench_now_ns();
	d = coroutine_start(&my->co);
	while (my->d != NULL) {
		struct deferred *awaited = my->d;

		(void)deferred_finish(&awaited, defer_result_none());
	}
	bench_report("await-pending", since_ns);
	deferred_release(d);
}

int
main(void)
{
	bench_fire();
	bench_await();
	return 0;
}
