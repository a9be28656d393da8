/*
 * turn.c - one turn of the loop, phase by phase.
 *
 * Read reactor_turn, at the end, first: it is the table of contents.
 * Whatever is due is detached before it is run, so that work which asks for
 * more of its kind waits a turn and cannot starve the rest.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "loop.h"

#include <errno.h>

void
reactor_read_clock(struct reactor *r)
{
	uint64_t now = r->system->now_ns(r->system);

	if (now > r->now_ns)
		r->now_ns = now;
}

static void
reactor_run_timers(struct reactor *r)
{
	struct reactor_list due;
	struct reactor_timer *t;

	reactor_timers_take_due(&r->timers, r->now_ns, &due);
	while ((t = reactor_timer_take_first(&due)) != NULL) {
		reactor_note(r, -1, "timer", 0);
		t->call(t);
	}
}

static struct reactor_watch *
reactor_listed_watch(struct reactor_list *link)
{
	return (struct reactor_watch *)((char *)link -
	    offsetof(struct reactor_watch, listed));
}

/* Tells the poller what a watch wants now, if that is news. */
static void
reactor_tell_poller(struct reactor *r, struct reactor_watch *w)
{
	int error;

	if (w->wanted == w->poll.registered)
		return;
	error = r->poller->ops->set(r->poller, &w->poll, w->wanted);
	reactor_note(r, w->poll.fd, "interest", error < 0 ? error : w->wanted);
	if (error == 0)
		w->poll.registered = w->wanted;
	else if (error == -EPERM)
		reactor_watch_always_ready(w);
	else
		w->ops->failed(w, error);
}

static void
reactor_tell_changes(struct reactor *r)
{
	struct reactor_list changed, *link;

	reactor_list_move(&r->changed, &changed);
	while ((link = reactor_list_take_first(&changed)) != NULL)
		reactor_tell_poller(r, reactor_listed_watch(link));
}

static bool
reactor_always_ready(const struct reactor *r)
{
	struct reactor_list *link;

	for (link = r->always.next; link != &r->always; link = link->next)
		if (reactor_listed_watch(link)->wanted != 0)
			return true;
	return false;
}

/*
 * How long the wait may be: not at all while there is work.  Callbacks took
 * time, so the clock is read again: the wait must not be longer by that.
 */
static int64_t
reactor_wait_limit(struct reactor *r, int64_t limit_ns)
{
	uint64_t first = reactor_timers_earliest_ns(&r->timers);
	int64_t until;

	if (r->hurries || !reactor_list_is_empty(&r->calls) ||
	    !reactor_list_is_empty(&r->closing) ||
	    atomic_load(&r->thread_calls) != NULL || reactor_always_ready(r))
		return 0;
	if (first == UINT64_MAX)
		return limit_ns;
	reactor_read_clock(r);
	if (first <= r->now_ns)
		return 0;
	until = first - r->now_ns < INT64_MAX ?
	    (int64_t)(first - r->now_ns) : INT64_MAX;
	return limit_ns < 0 || until < limit_ns ? until : limit_ns;
}

/* Interest is asked anew for each bit: a callback may have changed it. */
static void
reactor_dispatch(struct reactor_watch *w, unsigned ready)
{
	if (ready & w->wanted & POLLER_READ)
		w->ops->readable(w);
	if (ready & w->wanted & POLLER_WRITE)
		w->ops->writable(w);
}

/* A device, say, that this kernel's poller knows nothing of. */
static void
reactor_count_as_ready(struct reactor *r, struct reactor_watch *w)
{
	r->poller->ops->set(r->poller, &w->poll, 0);
	w->poll.registered = 0;
	reactor_watch_always_ready(w);
}

static void
reactor_dispatch_events(struct reactor *r, int count)
{
	struct poller_event *event = r->events;
	struct reactor_watch *w;

	for (; count > 0; count--, event++) {
		w = (struct reactor_watch *)((char *)event->watch -
		    offsetof(struct reactor_watch, poll));
		if (event->ready & POLLER_REFUSED)
			reactor_count_as_ready(r, w);
		else
			reactor_dispatch(w, event->ready);
	}
}

static void
reactor_dispatch_always(struct reactor *r)
{
	struct reactor_list due, *link;

	if (reactor_list_is_empty(&r->always))
		return;
	reactor_list_move(&r->always, &due);
	while ((link = reactor_list_take_first(&due)) != NULL) {
		reactor_list_append(&r->always, link);
		reactor_dispatch(reactor_listed_watch(link),
		    POLLER_READ | POLLER_WRITE);
	}
}

static void
reactor_make_calls(struct reactor *r)
{
	struct reactor_list due, *link;
	struct reactor_call *c;

	reactor_list_move(&r->calls, &due);
	while ((link = reactor_list_take_first(&due)) != NULL) {
		c = (struct reactor_call *)((char *)link -
		    offsetof(struct reactor_call, link));
		reactor_note(r, -1, "call", 0);
		c->call(c);
	}
}

/* The kernel forgets the descriptor before its number is free again. */
static void
reactor_reap_watch(struct reactor *r, struct reactor_watch *w)
{
	w->poll.closing = !w->keep_fd;
	if (w->poll.registered != 0)
		r->poller->ops->set(r->poller, &w->poll, 0);
	w->poll.registered = 0;
	reactor_note(r, w->poll.fd, "reap", w->keep_fd);
	if (w->poll.fd >= 0 && !w->keep_fd)
		r->system->close(r->system, w->poll.fd);
	w->poll.fd = -1;
	w->ops->closed(w);
}

static void
reactor_reap(struct reactor *r)
{
	struct reactor_list due, *link;

	reactor_list_move(&r->closing, &due);
	while ((link = reactor_list_take_first(&due)) != NULL)
		reactor_reap_watch(r, reactor_listed_watch(link));
}

/*
 * What stands is lost, and told so.  What a farewell starts anew is not lost
 * with it, but kept for another run: so this ends.
 */
void
reactor_lose_all(struct reactor *r)
{
	struct reactor_list standing, *link;
	struct reactor_watch *w;

	reactor_list_move(&r->watches, &standing);
	while ((link = reactor_list_take_first(&standing)) != NULL) {
		w = (struct reactor_watch *)((char *)link -
		    offsetof(struct reactor_watch, standing));
		w->ops->failed(w, -ECONNABORTED);
	}
	while (!reactor_list_is_empty(&r->closing))
		reactor_reap(r);
}

int
reactor_turn(struct reactor *r, int64_t limit_ns)
{
	int count;

	if (r->in_turn)
		return -EALREADY;
	r->in_turn = true;
	r->turn++;
	reactor_run_timers(r);
	reactor_tell_changes(r);
	count = r->poller->ops->wait(r->poller,
	    reactor_wait_limit(r, limit_ns), r->events, REACTOR_EVENTS);
	r->hurries = false;
	reactor_read_clock(r);
	reactor_note(r, -1, "wait", count);
	reactor_dispatch_events(r, count);
	reactor_dispatch_always(r);
	reactor_make_calls(r);
	reactor_make_thread_calls(r);
	reactor_reap(r);
	r->in_turn = false;
	return count < 0 ? count : 0;
}
