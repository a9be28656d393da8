/*
 * wake.c - how another thread, or a signal, gets the loop out of its wait.
 *
 * Both write a byte to a pipe that the loop watches: 0 from a thread, the
 * number of the signal from a handler.
 *
 * Calls from threads lie on a stack that is pushed with one compare and
 * swap and taken whole with one exchange, so nobody ever waits for a lock.
 * Only who pushes onto an empty stack must wake the loop: the calls pushed
 * after that are found with the first.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "loop.h"

#include <errno.h>

static void
reactor_waker_readable(struct reactor_watch *w)
{
	struct reactor *r = w->reactor;
	unsigned char bytes[64];
	ssize_t n, i;

	n = r->system->read(r->system, w->poll.fd, bytes, sizeof(bytes));
	for (i = 0; i < n; i++)
		if (bytes[i] != 0)
			reactor_deliver_signal(r, bytes[i]);
}

/* A loop that cannot be woken still runs: it only may sleep too long. */
static void
reactor_waker_failed(struct reactor_watch *w, int error)
{
	(void)error;
	reactor_watch_close(w);
}

static void
reactor_waker_closed(struct reactor_watch *w)
{
	(void)w;
}

static const struct reactor_watch_ops reactor_waker_ops = {
	.readable = reactor_waker_readable,
	.failed = reactor_waker_failed,
	.closed = reactor_waker_closed,
};

int
reactor_open_waker(struct reactor *r)
{
	int fds[2];
	int error = r->system->pipe(r->system, fds);

	r->waker_fd = error == 0 ? fds[1] : -1;
	reactor_watch_init(&r->waker, r, error == 0 ? fds[0] : -1,
	    &reactor_waker_ops);
	reactor_list_remove(&r->waker.standing); /* not lost at a shutdown */
	if (error == 0)
		reactor_watch_want(&r->waker, POLLER_READ);
	return error;
}

void
reactor_close_waker(struct reactor *r)
{
	reactor_release_signals(r);
	reactor_watch_close(&r->waker);
	reactor_lose_all(r);
	if (r->waker_fd >= 0)
		r->system->close(r->system, r->waker_fd);
}

void
reactor_call_from_thread(struct reactor *r, struct reactor_thread_call *c)
{
	struct reactor_thread_call *newest = atomic_load(&r->thread_calls);

	do
		c->next = newest;
	while (!atomic_compare_exchange_weak(&r->thread_calls, &newest, c));
	if (newest == NULL)
		r->system->write(r->system, r->waker_fd, "", 1);
}

void
reactor_make_thread_calls(struct reactor *r)
{
	struct reactor_thread_call *c, *next, *oldest = NULL;

	if (atomic_load_explicit(&r->thread_calls,
	    memory_order_relaxed) == NULL)
		return;
	c = atomic_exchange(&r->thread_calls, NULL);
	for (; c != NULL; c = next) {
		next = c->next;
		c->next = oldest;
		oldest = c;
	}
	for (c = oldest; c != NULL; c = next) {
		next = c->next;
		reactor_note(r, -1, "thread_call", 0);
		c->call(c);
	}
}
