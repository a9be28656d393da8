/*
 * timers_libevent.c - the timer bench with libevent.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include "timers.h"

#include <event2/event.h>
#include <stdlib.h>

static struct event_base *timers_libevent_base;
static struct event **timers_libevent_all;

static void
timers_libevent_due(evutil_socket_t fd, short events, void *ctx)
{
	(void)fd;
	(void)events;
	(void)ctx;
	if (timers_fired())
		event_base_loopbreak(timers_libevent_base);
}

static void
timers_libevent_entered(evutil_socket_t fd, short events, void *ctx)
{
	void (*const *inside)(void) = ctx;

	(void)fd;
	(void)events;
	(*inside)();
	event_base_loopbreak(timers_libevent_base);
}

static void
timers_libevent_open(int count)
{
	timers_libevent_base = event_base_new();
	timers_libevent_all = calloc((size_t)count,
	    sizeof(*timers_libevent_all));
	for (int i = 0; i < count; i++)
		timers_libevent_all[i] = event_new(timers_libevent_base, -1,
		    0, timers_libevent_due, NULL);
}

static void
timers_libevent_enter(void (*inside)(void))
{
	struct timeval now = { .tv_sec = 0 };

	event_base_once(timers_libevent_base, -1, EV_TIMEOUT,
	    timers_libevent_entered, &inside, &now);
	event_base_dispatch(timers_libevent_base);
}

/* Adding a pending event moves it. */
static void
timers_libevent_start(int index, uint64_t ms)
{
	struct timeval t = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000),
	};

	event_add(timers_libevent_all[index], &t);
}

static void
timers_libevent_cancel(int index)
{
	event_del(timers_libevent_all[index]);
}

static void
timers_libevent_fire(void)
{
	event_base_dispatch(timers_libevent_base);
}

static const struct timers_ops timers_libevent = {
	.open = timers_libevent_open,
	.enter = timers_libevent_enter,
	.start = timers_libevent_start,
	.reset = timers_libevent_start,
	.cancel = timers_libevent_cancel,
	.fire = timers_libevent_fire,
};

int
main(int argc, char **argv)
{
	return timers_main(argc, argv, &timers_libevent);
}
