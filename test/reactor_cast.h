/*
 * reactor_cast.h - one of each kind of thing that a loop calls: a timer (t),
 * a call (c), a call of another thread (T) and a watch (r: ready, f: failed,
 * x: closed), each of which tells its letter.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_REACTOR_CAST_H
#define SPINDLE_TEST_REACTOR_CAST_H

#include "../reactor/wake.h"
#include "../reactor/watch.h"
#include "reactor_rig.h"

#include <sys/socket.h>

static struct reactor *loop;
static char story[256];

static inline void
tell(const char *what)
{
	strncat(story, what, sizeof(story) - strlen(story) - 1);
}

static inline void
begin(void)
{
	story[0] = '\0';
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
}

static inline void
end(void)
{
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

/* ---- one of each kind of thing that a loop calls ---- */

static void (*act)(void);	/* what all of them do beyond telling */
static struct reactor_timer timer;
static struct reactor_call call;
static struct reactor_wake *wake;
static struct reactor_thread_call thread_call;
static struct reactor_trigger triggers[REACTOR_PHASES];
static struct reactor_watch ready;
static int ready_peer;

static inline void
act_now(const char *what)
{
	tell(what);
	if (act != NULL)
		act();
}

static inline void
on_timer(struct reactor_timer *t)
{
	CHECK(!reactor_timer_is_active(t));
	act_now("t");
}

static inline void
on_call(struct reactor_call *c)
{
	(void)c;
	act_now("c");
}

static inline void
on_thread_call(struct reactor_thread_call *c)
{
	(void)c;
	act_now("T");
}

static inline void
on_ready(struct reactor_watch *w)
{
	(void)w;
	act_now("r");
}

static inline void
on_failed(struct reactor_watch *w, int error)
{
	CHECK_INT(error, -ECONNABORTED);
	tell("f");
	reactor_watch_close(w);
}

static inline void
on_closed(struct reactor_watch *w)
{
	(void)w;
	close(ready_peer);
	act_now("x");
}

static inline void
open_ready(void)
{
	static const struct reactor_watch_ops ops = {
		on_ready, on_ready, on_failed, on_closed
	};
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
	    write(fds[1], "x", 1) != 1)
		abort();
	ready_peer = fds[1];
	reactor_watch_init(&ready, loop, fds[0], &ops);
	reactor_watch_want(&ready, POLLER_READ);
}

static inline void
start_timer(void)
{
	reactor_call_later(loop, &timer, 0, on_timer);
}

static inline void
start_call(void)
{
	reactor_call_init(&call, on_call);
	reactor_call_soon(loop, &call);
}

static inline void
start_thread_call(void)
{
	thread_call.call = on_thread_call;
	CHECK_INT(reactor_wake_open(loop, &wake), 0);
	reactor_call_from_thread(wake, &thread_call);
}

#endif
