/*
 * reactor_spy.h - a watch that counts what it is called for, and then does
 * what it is told.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_REACTOR_SPY_H
#define SPINDLE_TEST_REACTOR_SPY_H

#include "../reactor/watch.h"
#include "reactor_rig.h"

#include <sys/socket.h>

/* A watch over one end of a socket pair, which counts its calls. */
struct spy {
	struct reactor_watch watch;
	struct spy *victim;	/* closed by the first call that comes */
	void (*act)(struct spy *);
	int peer;
	int reads, writes, fails, closes;
	bool shared;		/* the descriptor was handed in */
};

static struct reactor *loop;

static inline struct spy *
spy_of(struct reactor_watch *w)
{
	return (struct spy *)(void *)((char *)w - offsetof(struct spy, watch));
}

static inline void
spy_act(struct spy *s)
{
	CHECK_INT(s->closes, 0);
	if (s->act != NULL)
		s->act(s);
}

static inline void
spy_readable(struct reactor_watch *w)
{
	spy_of(w)->reads++;
	spy_act(spy_of(w));
}

static inline void
spy_writable(struct reactor_watch *w)
{
	spy_of(w)->writes++;
	spy_act(spy_of(w));
}

static inline void
spy_failed(struct reactor_watch *w, int error)
{
	CHECK_INT(error, -ECONNABORTED);
	spy_of(w)->fails++;
	reactor_watch_close(w);
}

static inline void
spy_closed(struct reactor_watch *w)
{
	struct spy *s = spy_of(w);

	s->closes++;
	if (s->peer >= 0)
		close(s->peer);
	if (s->act != NULL && s->victim != NULL)
		s->act(s);
}

static const struct reactor_watch_ops spy_ops = {
	spy_readable, spy_writable, spy_failed, spy_closed
};

/* A spy whose descriptor is readable (and writable) already. */
static inline void
spy_open(struct spy *s, unsigned interest, void (*act)(struct spy *))
{
	int fds[2];

	memset(s, 0, sizeof(*s));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
	    write(fds[1], "x", 1) != 1)
		abort();
	s->peer = fds[1];
	s->act = act;
	reactor_watch_init(&s->watch, loop, fds[0], &spy_ops);
	reactor_watch_want(&s->watch, interest);
}

#endif
