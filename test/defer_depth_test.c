/*
 * defer_depth_test.c - 100,000 deferreds in a row, whatever ties them to each
 * other, on a stack of 256 KiB.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include "../defer/control.h"
#include "../defer/deferred.h"
#include "../defer/deferred_list.h"
#include "../defer/lock.h"
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

static void
test_circle(void)
{
	struct deferred **d = deep_chain(0);
	int k;

	check_case("a circle of 100,000 that nobody has a reference to");
	deferred_add_both(d[DEPTH - 1], give_deferred, d[0]);
	for (k = 0; k < DEPTH; k++)
		deferred_fire(d[k], defer_result_none());
	for (k = 0; k < DEPTH; k++)
		deferred_release(d[k]);
	free(d);
}

/* ---- lists of lists ---- */

enum nest { NEST_LIST, NEST_GATHER, NEST_RACE, NEST_KINDS };

static struct deferred *
nest_one(enum nest kind, struct deferred *inner)
{
	struct deferred *in[2] = {inner, NULL};

	return kind == NEST_LIST ? deferred_list(in, 1, 0) :
	    kind == NEST_GATHER ? deferred_gather(in, 1, 0) :
	    deferred_race(in, 1);
}

/* A list of a list of a list ... of the caller's reference to d. */
static struct deferred *
nest(enum nest kind, struct deferred *d)
{
	int k;

	for (k = 0; k < DEPTH; k++)
		d = nest_one(kind, d);
	return d;
}

/* How deep a result is: lists in lists, or causes of causes. */
static int
depth_of(struct defer_result r)
{
	const struct deferred_outcomes *o;
	const struct defer_failure *f;
	int depth = 0;

	for (;;) {
		o = defer_result_get(r, &deferred_outcomes_type);
		f = defer_result_get_failure(r);
		if (o == NULL && f != NULL && f->detail.value != NULL)
			o = f->detail.value;
		if (o == NULL)
			return depth;
		r = o->at[0];
		depth++;
	}
}

static void
test_nested(void)
{
	static const char *const names[NEST_KINDS] = {
		"lists", "gathers", "races"
	};
	struct deferred *in, *d;
	struct defer_result r;
	int kind, how;

	for (kind = 0; kind < NEST_KINDS; kind++) {
		check_case(names[kind]);
		for (how = 0; how < 4; how++) {
			r = defer_result_none();
			in = probe_deferred();
			d = nest((enum nest)kind, deferred_ref(in));
			if (how == 0)
				deferred_fire(in, probe_number(5));
			else if (how == 1)
				deferred_fire(in, probe_failure());
			else if (how == 2)
				deferred_cancel(d);
			deferred_release(in);
			CHECK(deferred_take(d, &r));
			CHECK_INT(depth_of(r), DEPTH);
			CHECK_INT(defer_result_is_failure(r),
			    how > 0 && kind != NEST_LIST);
			deferred_release(d);
			defer_result_destroy(r);
		}
	}

	check_case("100,000 races that nobody wants any more");
	in = probe_deferred();
	deferred_release(nest(NEST_RACE, in));
}

static void
test_tees(void)
{
	struct deferred *d = probe_deferred(), *producer = deferred_ref(d);
	struct deferred *tee;
	int k;

	check_case("a tee of a tee of a tee");
	for (k = 0; k < DEPTH; k++) {
		tee = deferred_tee(d);
		deferred_release(d);
		d = tee;
	}
	deferred_finish(&producer, probe_number(5));
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(5) ");
	deferred_release(d);
}

/* ---- queues ---- */

static int defer_served;

static struct defer_result
put_back(void *ctx, struct defer_result in)
{
	defer_served++;
	CHECK_INT(deferred_queue_put(ctx, in), 0);
	return defer_result_none();
}

static struct defer_result
close_queue(void *ctx, struct defer_result in)
{
	defer_served++;
	deferred_queue_close(ctx);
	defer_result_destroy(in);
	return defer_result_none();
}

static void
wait_in_queue(struct deferred_queue *queue, deferred_fn *fn)
{
	struct deferred *d;
	int k;

	defer_served = 0;
	for (k = 0; k < DEPTH; k++) {
		d = deferred_queue_get(queue);
		deferred_add_both(d, fn, queue);
		deferred_release(d);
	}
}

static void
test_queue(void)
{
	struct deferred_queue queue;
	struct deferred *d;

	check_case("who gets a result puts it back for the next");
	deferred_queue_init(&queue, 1, DEPTH);
	wait_in_queue(&queue, put_back);
	CHECK_INT(deferred_queue_put(&queue, probe_number(5)), 0);
	CHECK_INT(defer_served, DEPTH);
	CHECK_INT(queue.getters.count, 0);
	d = deferred_queue_get(&queue);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(5) ");
	deferred_release(d);

	check_case("who learns that a queue is closed closes it");
	wait_in_queue(&queue, close_queue);
	deferred_queue_close(&queue);
	CHECK_INT(defer_served, DEPTH);
}

int
main(void)
{
	struct rlimit small = {256 * 1024, 256 * 1024};

	CHECK_INT(setrlimit(RLIMIT_STACK, &small), 0);
	test_depth();
	test_circle();
	test_nested();
	test_tees();
	test_queue();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
