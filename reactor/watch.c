/*
 * watch.c - these functions mark what is to be done, and put the watch into
 * one of the reactor's lists.  The turn in reactor.c does it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "watch.h"

#include "loop.h"

void
reactor_watch_init(struct reactor_watch *w, struct reactor *r, int fd,
    const struct reactor_watch_ops *ops)
{
	*w = (struct reactor_watch){ .poll.fd = fd, .ops = ops, .reactor = r };
	reactor_list_append(&r->watches, &w->open);
}

void
reactor_watch_want(struct reactor_watch *w, unsigned interest)
{
	if (w->closing || w->wanted == interest)
		return;
	w->wanted = (unsigned char)interest;
	if (!w->always && reactor_list_is_empty(&w->listed))
		reactor_list_append(&w->reactor->changed, &w->listed);
}

/* The poller shall know nothing of it any more. */
static void
watch_forget(struct reactor_watch *w)
{
	struct poller *poller = w->reactor->poller;

	if (w->poll.registered != 0)
		poller->ops->set(poller, &w->poll, 0);
	w->poll.registered = 0;
}

void
reactor_watch_always_ready(struct reactor_watch *w)
{
	if (w->closing || w->always)
		return;
	w->always = true;
	watch_forget(w);
	reactor_list_remove(&w->listed);
	reactor_list_append(&w->reactor->always, &w->listed);
}

void
reactor_watch_close(struct reactor_watch *w)
{
	if (w->closing)
		return;
	w->closing = true;
	w->wanted = 0;
	w->poll.closing = !w->keep_fd;
	watch_forget(w);
	reactor_list_remove(&w->open);
	reactor_list_remove(&w->listed);
	reactor_list_append(&w->reactor->closing, &w->listed);
}

void
reactor_watch_release(struct reactor_watch *w)
{
	if (!w->closing)
		w->keep_fd = true;
	reactor_watch_close(w);
}
