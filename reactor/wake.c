/*
 * wake.c - how another thread gets the loop out of its wait.
 *
 * The calls lie on a stack.  A thread pushes onto it with one compare and
 * swap, and the loop takes all of them with one exchange, so nobody waits
 * for a lock.  Only a thread that finds the stack empty must wake the loop,
 * by a byte in a pipe that the loop watches: calls that are pushed later are
 * taken together with the first.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "wake.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "loop.h"

struct reactor_wake {
	struct reactor_watch watch;	/* the pipe's end to read from */
	int fd;				/* and its end to write to */
	_Atomic(struct reactor_thread_call *) newest;	/* the stack */
	struct reactor_call call;	/* makes those on the stack */
	struct reactor_trigger at_free;
};

/* ---- in any thread ---- */

void
reactor_call_from_thread(struct reactor_wake *w, struct reactor_thread_call *c)
{
	const struct reactor_system *system = w->watch.reactor->system;
	struct reactor_thread_call *newest = atomic_load(&w->newest);

	do
		c->next = newest;
	while (!atomic_compare_exchange_weak(&w->newest, &newest, c));
	if (newest == NULL)
		system->write(system, w->fd, "", 1);
}

/* ---- in the loop's thread ---- */

/* Takes the whole stack, and turns it over: the oldest first. */
static struct reactor_thread_call *
wake_take(struct reactor_wake *w)
{
	struct reactor_thread_call *c, *next, *oldest = NULL;

	for (c = atomic_exchange(&w->newest, NULL); c != NULL; c = next) {
		next = c->next;
		c->next = oldest;
		oldest = c;
	}
	return oldest;
}

static void
wake_make_calls(struct reactor_call *call)
{
	struct reactor_wake *w = reactor_container_of(call,
	    struct reactor_wake, call);
	struct reactor_thread_call *c, *next;

	for (c = wake_take(w); c != NULL; c = next) {
		next = c->next;
		reactor_note(w->watch.reactor, -1, "thread_call", 0);
		c->call(c);
	}
}

/* The pipe is emptied before the stack, so no later byte is lost. */
static void
wake_readable(struct reactor_watch *watch)
{
	struct reactor_wake *w = reactor_container_of(watch,
	    struct reactor_wake, watch);
	const struct reactor_system *system = watch->reactor->system;
	char bytes[64];

	system->read(system, watch->poll.fd, bytes, sizeof(bytes));
	reactor_call_soon(watch->reactor, &w->call);
}

/* ---- opening and closing ---- */

static void
wake_closed(struct reactor_watch *watch)
{
	struct reactor_wake *w = reactor_container_of(watch,
	    struct reactor_wake, watch);

	watch->reactor->system->close(watch->reactor->system, w->fd);
	free(w);
}

static void
wake_free(struct reactor_trigger *t)
{
	struct reactor_wake *w = reactor_container_of(t,
	    struct reactor_wake, at_free);

	reactor_cancel_call(&w->call);
	reactor_watch_close(&w->watch);
}

/*
 * The poller is asked at once, not before the next wait: a way in that it
 * does not watch (epoll: -ENOSPC) must not look as if it were open.
 */
static int
wake_watch(struct reactor_wake *w)
{
	struct reactor *r = w->watch.reactor;
	int error = r->poller->ops->set(r->poller, &w->watch.poll, POLLER_READ);

	reactor_note(r, w->watch.poll.fd, "interest",
	    error < 0 ? error : POLLER_READ);
	if (error == 0)
		w->watch.poll.registered = w->watch.wanted = POLLER_READ;
	return error;
}

int
reactor_wake_open(struct reactor *r, struct reactor_wake **out)
{
	static const struct reactor_watch_ops ops = {
		.readable = wake_readable,
		.closed = wake_closed,
	};
	struct reactor_wake *w = reactor_allocate(r, sizeof(*w));
	int fds[2], error;

	if (w == NULL)
		return -ENOMEM;
	error = r->system->pipe(r->system, fds);
	if (error != 0) {
		free(w);
		return error;
	}
	reactor_watch_init(&w->watch, r, fds[0], &ops);
	reactor_list_remove(&w->watch.open);	/* a shutdown leaves it open */
	error = wake_watch(w);
	if (error != 0) {
		r->system->close(r->system, fds[0]);
		r->system->close(r->system, fds[1]);
		free(w);
		return error;
	}
	w->fd = fds[1];
	atomic_init(&w->newest, NULL);
	reactor_call_init(&w->call, wake_make_calls);
	reactor_add_trigger(r, REACTOR_AT_FREE, &w->at_free, wake_free);
	*out = w;
	return 0;
}
