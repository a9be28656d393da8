/*
 * signals.c - SIGTERM ends the loop in good order.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "signals.h"

#include <signal.h>

#include "reactor.h"

static int stopped;

static void
on_shutdown(struct reactor_trigger *t)
{
	(void)t;
	stopped = 1;
}

static void
terminate(struct reactor_call *c)
{
	(void)c;
	raise(SIGTERM);
}

int
main(void)
{
	static struct reactor_signal both[2];	/* all zero */
	static struct reactor_trigger trigger;
	struct reactor_call call;
	struct reactor *loop;

	if (reactor_new(&loop, NULL) != 0 ||
	    reactor_stop_on_signals(loop, both) != 0)
		return 1;
	reactor_add_trigger(loop, REACTOR_SHUTDOWN, &trigger, on_shutdown);
	reactor_call_init(&call, terminate);
	reactor_call_soon(loop, &call);
	if (reactor_run(loop) != 0)
		return 2;
	reactor_free(loop);
	return stopped ? 0 : 3;
}
