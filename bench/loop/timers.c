/*
 * timers.c - random deadlines, and the time that each kind of operation took.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include "timers.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* A bench is one run of one thing: its state stands here. */
static struct {
	const struct timers_ops *ops;
	int timers, fired;
	long operations;
	uint64_t random;
	double start_ns, reset_ns, cancel_ns;
} timers;

static double
timers_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The same numbers for every library (xorshift64). */
static uint64_t
timers_random(void)
{
	timers.random ^= timers.random << 13;
	timers.random ^= timers.random >> 7;
	timers.random ^= timers.random << 17;
	return timers.random;
}

static uint64_t
timers_ms(void)
{
	return 1000 + timers_random() % 99000;
}

static int
timers_any(void)
{
	return (int)(timers_random() % (unsigned)timers.timers);
}

static void
timers_inside(void)
{
	double at[4];

	at[0] = timers_now();
	for (int i = 0; i < timers.timers; i++)
		timers.ops->start(i, timers_ms());
	at[1] = timers_now();
	for (long i = 0; i < timers.operations; i++)
		timers.ops->reset(timers_any(), timers_ms());
	at[2] = timers_now();
	for (long i = 0; i < timers.operations; i++) {
		int index = timers_any();

		timers.ops->cancel(index);
		timers.ops->start(index, timers_ms());
	}
	at[3] = timers_now();
	timers.start_ns = (at[1] - at[0]) / timers.timers;
	timers.reset_ns = (at[2] - at[1]) / (double)timers.operations;
	timers.cancel_ns = (at[3] - at[2]) / (double)timers.operations;
}

/* Makes all fall due in the same few milliseconds, in no order. */
static void
timers_bring_forward(void)
{
	for (int i = 0; i < timers.timers; i++)
		timers.ops->reset(i, 1 + timers_random() % 5);
}

int
timers_fired(void)
{
	return ++timers.fired == timers.timers;
}

int
timers_main(int argc, char **argv, const struct timers_ops *ops)
{
	double fire;

	if (argc != 3) {
		fprintf(stderr, "usage: %s TIMERS OPS\n", argv[0]);
		return 2;
	}
	timers.ops = ops;
	timers.timers = atoi(argv[1]);
	timers.operations = atol(argv[2]);
	timers.random = 88172645463325252;
	ops->open(timers.timers);
	ops->enter(timers_inside);
	ops->enter(timers_bring_forward);
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	fire = timers_now();
	ops->fire();
	fire = (timers_now() - fire) / timers.timers;
	printf("start=%.1f reset=%.1f cancel_start=%.1f fire=%.1f\n",
	    timers.start_ns, timers.reset_ns, timers.cancel_ns, fire);
	return timers.fired == timers.timers ? 0 : 1;
}
