/*
 * reactor.c - a timer that starts itself again, and at last stops the loop.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "reactor.h"

static struct reactor *loop;
static int ticks;

static void
tick(struct reactor_timer *t)
{
	if (++ticks == 3)
		reactor_stop(loop);
	else
		reactor_call_later(loop, t, 1000000, tick);
}

int
main(void)
{
	static struct reactor_timer timer;	/* all zero: not active */
	uint64_t begin_ns, lasted_ns;

	if (reactor_new(&loop, NULL) != 0)
		return 1;
	begin_ns = reactor_now_ns(loop);
	reactor_call_later(loop, &timer, 1000000, tick);
	if (reactor_run(loop) != 0)
		return 2;
	lasted_ns = reactor_now_ns(loop) - begin_ns;
	reactor_free(loop);
	return ticks == 3 && lasted_ns >= 3000000 ? 0 : 3;
}
