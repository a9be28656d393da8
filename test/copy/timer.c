/*
 * timer.c - timers without a loop: the program says what time it is.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "timer.h"

#include <string.h>

static int order;

static void
due(struct reactor_timer *t)
{
	order = order * 10 + (int)(t->due_ns / 1000);
}

int
main(void)
{
	static struct reactor_timers all;
	struct reactor_timer timers[3], *t;
	struct reactor_list list;
	uint64_t now;
	int i;

	reactor_timers_init(&all);
	memset(timers, 0, sizeof(timers));
	for (i = 0; i < 3; i++) {
		timers[i].call = due;
		reactor_timers_set(&all, &timers[i], 3000 - 1000 * (uint64_t)i);
	}
	reactor_timer_remove(&timers[1]);
	while ((now = reactor_timers_earliest_ns(&all)) != UINT64_MAX) {
		reactor_timers_take_due(&all, now, &list);
		while ((t = reactor_timer_take_first(&list)) != NULL)
			t->call(t);
	}
	return order == 13 ? 0 : 1;
}
