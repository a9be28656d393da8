/*
 * watch.c - interest is marked here and told to the poller by the loop.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "loop.h"

#include <errno.h>
#include <string.h>

void
reactor_watch_init(struct reactor_watch *w, struct reactor *r, int fd,
    const struct reactor_watch_ops *ops)
{
	*w = (struct reactor_watch){ .poll.fd = fd, .ops = ops, .reactor = r };
	reactor_list_init(&w->listed);
	reactor_list_init(&w->standing);
	reactor_list_append(&r->watches, &w->standing);
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

void
reactor_watch_always_ready(struct reactor_watch *w)
{
	if (w->closing || w->always)
		return;
	w->always = true;
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
	reactor_list_remove(&w->standing);
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

int
reactor_watch_address(const struct reactor_watch *w, struct reactor_address *a,
    int (*ask)(
	const struct reactor_system *, int, struct sockaddr *, socklen_t *))
{
	if (w->poll.fd < 0)
		return -ENOTCONN;
	memset(a, 0, sizeof(*a));
	a->len = sizeof(a->u);
	return ask(w->reactor->system, w->poll.fd, &a->u.any, &a->len);
}
