/*
 * reactor.c - the core of the loop alone: a call, a timer, and a pipe that is
 * watched, each of which begins the next.
 *
 * poller.c is not part of the core, so the list of pollers is here.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>
#include <unistd.h>

#include "poller.h"
#include "reactor.h"
#include "watch.h"

const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

static struct reactor *loop;
static struct reactor_timer timer;
static int fds[2];
static char story[32];

static void
tell(const char *what)
{
	strcat(story, what);
}

static void
readable(struct reactor_watch *w)
{
	char byte;

	if (read(w->poll.fd, &byte, 1) == 1)
		tell("read ");
	reactor_stop(loop);
}

/* At the shutdown: the watch is still open. */
static void
failed(struct reactor_watch *w, int error)
{
	(void)error;
	reactor_watch_close(w);
}

static void
closed(struct reactor_watch *w)
{
	(void)w;
	tell("x");
}

static void
due(struct reactor_timer *t)
{
	(void)t;
	tell("timer ");
	if (write(fds[1], "x", 1) != 1)
		reactor_break(loop);
}

static void
called(struct reactor_call *c)
{
	(void)c;
	tell("call ");
	reactor_call_later(loop, &timer, 1000000, due);
}

int
main(void)
{
	static const struct reactor_watch_ops ops = {
		readable, NULL, failed, closed
	};
	static struct reactor_watch watch;
	struct reactor_call call;

	if (reactor_new(&loop, NULL) != 0 || pipe(fds) != 0)
		return 1;
	reactor_watch_init(&watch, loop, fds[0], &ops);
	reactor_watch_want(&watch, POLLER_READ);
	reactor_call_init(&call, called);
	reactor_call_soon(loop, &call);
	if (reactor_run(loop) != 0)
		return 2;
	reactor_free(loop);
	return strcmp(story, "call timer read x") == 0 ? 0 : 3;
}
