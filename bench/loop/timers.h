/*
 * timers.h - the work of the timer bench, the same for every library.
 *
 * TIMERS timers are started, then OPS times one of them, at random, is
 * moved to another deadline, then OPS times one is stopped and started
 * anew; last, all are moved to fall due at once, and fire.  Deadlines are 1
 * to 100 seconds away, at random; all is done from inside a callback of the
 * loop, where the libraries have the time at hand.
 *
 * Command line of each program: TIMERS OPS.  Prints nanoseconds for one
 * operation: start=N reset=N cancel_start=N fire=N.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BENCH_TIMERS_H
#define BENCH_TIMERS_H

#include <stdint.h>

/* What a library's program supplies; all deadlines in milliseconds. */
struct timers_ops {
	/* Makes the loop and `count` timers that are not running. */
	void (*open)(int count);
	/* Calls `inside` from a callback of the loop, once. */
	void (*enter)(void (*inside)(void));
	void (*start)(int index, uint64_t ms);
	void (*reset)(int index, uint64_t ms);	/* of a running timer */
	void (*cancel)(int index);
	/* Runs the loop until timers_fired says that all have. */
	void (*fire)(void);
};

/* A timer fired; returns whether it was the last one. */
int timers_fired(void);

/* The main function of all. */
int timers_main(int argc, char **argv, const struct timers_ops *);

#endif
