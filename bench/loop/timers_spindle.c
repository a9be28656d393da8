/*
 * timers_spindle.c - the timer bench with Spindle's reactor.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "timers.h"

#include <stdlib.h>

#include "../../reactor/reactor.h"

static struct reactor *timers_spindle_reactor;
static struct reactor_timer *timers_spindle_all;
static void (*timers_spindle_inside)(void);

static void
timers_spindle_due(struct reactor_timer *timer)
{
	(void)timer;
	if (timers_fired())
		reactor_break(timers_spindle_reactor);
}

static void
timers_spindle_entered(struct reactor_timer *timer)
{
	(void)timer;
	timers_spindle_inside();
	reactor_break(timers_spindle_reactor);
}

static void
timers_spindle_open(int count)
{
	timers_spindle_all = calloc((size_t)count,
	    sizeof(*timers_spindle_all));
	if (timers_spindle_all == NULL ||
	    reactor_new(&timers_spindle_reactor, NULL) != 0)
		exit(1);
	/* As the others' init functions do: touches the memory. */
	for (int i = 0; i < count; i++)
		timers_spindle_all[i].call = timers_spindle_due;
}

static void
timers_spindle_enter(void (*inside)(void))
{
	struct reactor_timer now = { .due_ns = 0 };

	timers_spindle_inside = inside;
	reactor_call_later(timers_spindle_reactor, &now, 0,
	    timers_spindle_entered);
	reactor_run(timers_spindle_reactor);
}

/* Starting a running timer moves it. */
static void
timers_spindle_start(int index, uint64_t ms)
{
	reactor_call_later(timers_spindle_reactor, &timers_spindle_all[index],
	    ms * 1000000, timers_spindle_due);
}

static void
timers_spindle_cancel(int index)
{
	reactor_cancel_timer(&timers_spindle_all[index]);
}

static void
timers_spindle_fire(void)
{
	reactor_run(timers_spindle_reactor);
}

static const struct timers_ops timers_spindle = {
	.open = timers_spindle_open,
	.enter = timers_spindle_enter,
	.start = timers_spindle_start,
	.reset = timers_spindle_start,
	.cancel = timers_spindle_cancel,
	.fire = timers_spindle_fire,
};

int
main(int argc, char **argv)
{
	return timers_main(argc, argv, &timers_spindle);
}
