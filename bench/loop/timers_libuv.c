/*
 * timers_libuv.c - the timer bench with libuv.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include "timers.h"

#include <stdlib.h>
#include <uv.h>

static uv_loop_t *timers_libuv_loop;
static uv_timer_t *timers_libuv_all;

static void
timers_libuv_due(uv_timer_t *timer)
{
	(void)timer;
	if (timers_fired())
		uv_stop(timers_libuv_loop);
}

static void
timers_libuv_entered(uv_timer_t *timer)
{
	void (*const *inside)(void) = timer->data;

	(*inside)();
	uv_stop(timers_libuv_loop);
}

static void
timers_libuv_open(int count)
{
	timers_libuv_loop = uv_default_loop();
	timers_libuv_all = calloc((size_t)count, sizeof(*timers_libuv_all));
	for (int i = 0; i < count; i++)
		uv_timer_init(timers_libuv_loop, &timers_libuv_all[i]);
}

static void
timers_libuv_enter(void (*inside)(void))
{
	static uv_timer_t now;

	uv_timer_init(timers_libuv_loop, &now);
	now.data = &inside;
	uv_timer_start(&now, timers_libuv_entered, 0, 0);
	uv_run(timers_libuv_loop, UV_RUN_DEFAULT);
}

/* Starting a running timer moves it. */
static void
timers_libuv_start(int index, uint64_t ms)
{
	uv_timer_start(&timers_libuv_all[index], timers_libuv_due, ms, 0);
}

static void
timers_libuv_cancel(int index)
{
	uv_timer_stop(&timers_libuv_all[index]);
}

static void
timers_libuv_fire(void)
{
	uv_run(timers_libuv_loop, UV_RUN_DEFAULT);
}

static const struct timers_ops timers_libuv = {
	.open = timers_libuv_open,
	.enter = timers_libuv_enter,
	.start = timers_libuv_start,
	.reset = timers_libuv_start,
	.cancel = timers_libuv_cancel,
	.fire = timers_libuv_fire,
};

int
main(int argc, char **argv)
{
	return timers_main(argc, argv, &timers_libuv);
}
