/*
 * counter.c - the counter of the article's section 3, three ways.
 *
 * A hundred threads add to one counter a thousand times each: without a lock,
 * and with one.  Then a hundred deferreds, pending at once, are fired in a
 * loop, and add as much.  All add with the same function, which reads the
 * counter and writes one more: two steps, and between them another thread may
 * come, as in the article, where it was Python's interpreter that took two
 * steps.  Both are atomic, so that what goes wrong is the sum alone.
 *
 * In C the lock itself hardly shows: waking and joining a hundred threads
 * takes longer than their additions.  The article's factor was Python's.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include "../../defer/deferred.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	COUNTER_THREADS = 100, COUNTER_TIMES = 1000, COUNTER_ROUNDS = 100,
	COUNTER_ALL = COUNTER_THREADS * COUNTER_TIMES
};

struct counter {
	atomic_long value;
	atomic_bool go;			/* all threads have been made */
	double go_ms;			/* and when that was */
	pthread_mutex_t lock;
};

/* One way of adding, and what came of it. */
struct counter_way {
	const char *name;
	void (*execute)(struct counter *c);
	long sum;			/* the worst of all rounds */
	double took_ms, adding_ms;	/* means; the second without set-up */
};

static double
counter_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
counter_add(struct counter *c)
{
	long n = atomic_load_explicit(&c->value, memory_order_relaxed);

	atomic_store_explicit(&c->value, n + 1, memory_order_relaxed);
}

/* Begins when all can, so that they do meet. */
static void
counter_wait(struct counter *c)
{
	while (!atomic_load(&c->go))
		sched_yield();
}

static void *
counter_unsafe(void *arg)
{
	struct counter *c = arg;
	int i;

	counter_wait(c);
	for (i = 0; i < COUNTER_TIMES; i++)
		counter_add(c);
	return NULL;
}

static void *
counter_safe(void *arg)
{
	struct counter *c = arg;
	int i;

	counter_wait(c);
	for (i = 0; i < COUNTER_TIMES; i++) {
		pthread_mutex_lock(&c->lock);
		counter_add(c);
		pthread_mutex_unlock(&c->lock);
	}
	return NULL;
}

/* The article's execute(): starts the threads and joins them. */
static void
counter_execute(struct counter *c, void *(*function)(void *arg))
{
	pthread_t threads[COUNTER_THREADS];
	int i;

	for (i = 0; i < COUNTER_THREADS; i++)
		if (pthread_create(&threads[i], NULL, function, c) != 0)
			abort();
	c->go_ms = counter_now_ms();
	atomic_store(&c->go, true);
	for (i = 0; i < COUNTER_THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void
counter_threads(struct counter *c)
{
	counter_execute(c, counter_unsafe);
}

static void
counter_locked_threads(struct counter *c)
{
	counter_execute(c, counter_safe);
}

/* The callback: what each thread did. */
static struct defer_result
counter_increment(void *ctx, struct defer_result in)
{
	int i;

	for (i = 0; i < COUNTER_TIMES; i++)
		counter_add(ctx);
	return in;
}

/* Stands for any function that sends a request off. */
static struct deferred *
counter_request(void)
{
	struct deferred *d = deferred_new(NULL, NULL);

	if (d == NULL)
		abort();
	return d;
}

static void
counter_deferreds(struct counter *c)
{
	struct deferred *deferreds[COUNTER_THREADS];
	int i;

	for (i = 0; i < COUNTER_THREADS; i++) {
		deferreds[i] = counter_request();
		(void)deferred_add_callback(deferreds[i], counter_increment,
		    c);
	}
	/* A hundred actions are pending at this point.  Fire them now. */
	c->go_ms = counter_now_ms();
	for (i = 0; i < COUNTER_THREADS; i++)
		(void)deferred_finish(&deferreds[i], defer_result_none());
}

/* Runs one way often: on some runs no two threads meet. */
static void
counter_measure(struct counter_way *way)
{
	struct counter c = {.lock = PTHREAD_MUTEX_INITIALIZER};
	int round;

	way->sum = COUNTER_ALL;
	for (round = 0; round < COUNTER_ROUNDS; round++) {
		double since_ms = counter_now_ms(), done_ms;
		long sum;

		atomic_store(&c.value, 0);
		atomic_store(&c.go, false);
		way->execute(&c);
		done_ms = counter_now_ms();
		way->took_ms += (done_ms - since_ms) / (double)COUNTER_ROUNDS;
		way->adding_ms += (done_ms - c.go_ms) / (double)COUNTER_ROUNDS;
		sum = atomic_load(&c.value);
		way->sum = sum < way->sum ? sum : way->sum;
	}
	printf("%-26s %7ld %10.3f %10.3f\n", way->name, way->sum,
	    way->took_ms, way->adding_ms);
}

int
main(void)
{
	struct counter_way ways[] = {
		{.name = "threads, no lock", .execute = counter_threads},
		{.name = "threads, mutex", .execute = counter_locked_threads},
		{.name = "deferreds", .execute = counter_deferreds},
	};
	int i;

	printf("%-26s %7s %10s %10s\n", "100 x 1000 additions", "sum",
	    "all, ms", "adding, ms");
	for (i = 0; i < 3; i++)
		counter_measure(&ways[i]);
	printf("\n%-34s %8s  %s\n", "", "here", "the article");
	printf("%-34s %7.1f%%  3.3%%\n", "lost without a lock",
	    100.0 * (double)(COUNTER_ALL - ways[0].sum) /
	    (double)COUNTER_ALL);
	printf("%-34s %8.1f  at least 10\n", "locked / unlocked, adding",
	    ways[1].adding_ms / ways[0].adding_ms);
	printf("%-34s %8.1f  at least 2\n", "unlocked threads / deferreds, all",
	    ways[0].took_ms / ways[2].took_ms);
	return ways[1].sum == COUNTER_ALL && ways[2].sum == COUNTER_ALL ? 0 : 1;
}
