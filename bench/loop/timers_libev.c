/*
 * timers_libev.c - the timer bench with libev.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "timers.h"

#include <ev.h>
#include <stdlib.h>

static struct ev_loop *timers_libev_loop;
static struct ev_timer *timers_libev_all;

static void
timers_libev_due(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	(void)timer;
	(void)events;
	if (timers_fired())
		ev_break(loop, EVBREAK_ALL);
}

static void
timers_libev_entered(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	void (*const *inside)(void) = timer->data;

	(void)events;
	(*inside)();
	ev_break(loop, EVBREAK_ALL);
}

static void
timers_libev_open(int count)
{
	timers_libev_loop = ev_default_loop(EVBACKEND_EPOLL);
	timers_libev_all = calloc((size_t)count, sizeof(*timers_libev_all));
	for (int i = 0; i < count; i++)
		ev_timer_init(&timers_libev_all[i], timers_libev_due, 0., 0.);
}

static void
timers_libev_enter(void (*inside)(void))
{
	struct ev_timer now;

	ev_timer_init(&now, timers_libev_entered, 0., 0.);
	now.data = &inside;
	ev_timer_start(timers_libev_loop, &now);
	ev_run(timers_libev_loop, 0);
}

static void
timers_libev_start(int index, uint64_t ms)
{
	struct ev_timer *t = &timers_libev_all[index];

	ev_timer_set(t, (double)ms / 1000, 0.);
	ev_timer_start(timers_libev_loop, t);
}

/* libev moves a running timer best by ev_timer_again. */
static void
timers_libev_reset(int index, uint64_t ms)
{
	struct ev_timer *t = &timers_libev_all[index];

	t->repeat = (double)ms / 1000;
	ev_timer_again(timers_libev_loop, t);
	t->repeat = 0.;
}

static void
timers_libev_cancel(int index)
{
	ev_timer_stop(timers_libev_loop, &timers_libev_all[index]);
}

static void
timers_libev_fire(void)
{
	ev_run(timers_libev_loop, 0);
}

static const struct timers_ops timers_libev = {
	.open = timers_libev_open,
	.enter = timers_libev_enter,
	.start = timers_libev_start,
	.reset = timers_libev_reset,
	.cancel = timers_libev_cancel,
	.fire = timers_libev_fire,
};

int
main(int argc, char **argv)
{
	return timers_main(argc, argv, &timers_libev);
}
