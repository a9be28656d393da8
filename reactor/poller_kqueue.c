/*
 * poller_kqueue.c - readiness from kqueue(2) of the BSDs and macOS.
 *
 * Where epoll has one registration for a descriptor, kqueue has a filter for
 * reading and another for writing, each added and deleted by itself.  So:
 *  - A change of interest is up to two changes of filters.  They are kept in
 *    a list, which goes to the kernel with the next wait and needs no call
 *    of its own.
 *  - A descriptor that is ready to be read and written comes as two events.
 *    They are merged into one.
 *
 * Closing a descriptor deletes its filters, so a close needs no change.  A
 * change that failed comes back as an event marked EV_ERROR, if there is
 * room for it; so a call never has more changes than room for events.  A
 * filter that could not be added is reported as POLLER_REFUSED.  The reactor
 * then counts the descriptor as always ready, and the read or write learns
 * the error, if there is one (macOS does not watch /dev/null, for example).
 *
 * -DPOLLER_WITH_KQUEUE turns this file on wherever <sys/event.h> is.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "list.h"
#include "poller.h"

#include <errno.h>

#if defined(POLLER_WITH_KQUEUE) || defined(__FreeBSD__) || \
    defined(__NetBSD__) || defined(__OpenBSD__) || \
    defined(__DragonFly__) || defined(__APPLE__)

#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/event.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/*
 * Changes kept for one call, events fetched by one, and the longest wait:
 * some systems refuse more than a few years.
 */
enum {
	POLLER_KQUEUE_CHANGES = 512,
	POLLER_KQUEUE_EVENTS = 1024,
	POLLER_KQUEUE_SECONDS = 86400
};

struct poller_kqueue_state {
	struct poller poller;
	int fd;
	size_t change_count;		/* in changes */
	struct kevent changes[POLLER_KQUEUE_CHANGES];
	struct kevent events[POLLER_KQUEUE_EVENTS];
};

static int
poller_kqueue_open(struct poller **out, const struct reactor_system *system)
{
	struct poller_kqueue_state *self = malloc(sizeof(*self));
	int error;

	(void)system;
	if (self == NULL)
		return -ENOMEM;
	self->poller.ops = &poller_kqueue;
	self->change_count = 0;
	self->fd = kqueue();
	if (self->fd < 0) {
		error = -errno;
		free(self);
		return error;
	}
	*out = &self->poller;
	return 0;
}

/*
 * Hands the changes to the kernel, and fetches up to `room` events.  When a
 * signal breaks the call off, the changes are made nevertheless.
 */
static int
poller_kqueue_call(struct poller_kqueue_state *self, size_t room,
    const struct timespec *limit)
{
	int count = kevent(self->fd, self->changes, (int)self->change_count,
	    self->events, (int)room, limit);

	if (count < 0 && errno != EINTR)
		return -errno;
	self->change_count = 0;
	return count < 0 ? 0 : count;
}

/* `udata` is an integer on some NetBSD, a pointer everywhere else. */
static struct poller_watch *
poller_kqueue_watch(const struct kevent *event)
{
	return (struct poller_watch *)event->udata;
}

/* A filter could not be added.  The event of a failed deletion has no watch. */
static bool
poller_kqueue_is_refusal(const struct kevent *event)
{
	return (event->flags & EV_ERROR) != 0 &&
	    poller_kqueue_watch(event) != NULL;
}

/* A refusal that cannot be reported now is provoked once more, for later. */
static void
poller_kqueue_ask_again(struct poller_kqueue_state *self,
    const struct kevent *event)
{
	EV_SET(&self->changes[self->change_count], event->ident,
	    event->filter, EV_ADD, 0, 0, event->udata);
	self->change_count++;
}

/*
 * Makes the changes without fetching events: what is ready and fetched here
 * would have to be dropped, and might be what is dropped every time.  Such a
 * call stops at the first change that fails, so then each is made by itself.
 * Refused filters stay in the list, and the next wait hears of them.
 */
static void
poller_kqueue_flush(struct poller_kqueue_state *self)
{
	static const struct timespec zero;
	struct kevent *change = self->changes;
	size_t left = self->change_count;

	self->change_count = 0;
	if (kevent(self->fd, change, (int)left, NULL, 0, &zero) == 0)
		return;
	for (; left > 0; left--, change++)
		if (kevent(self->fd, change, 1, NULL, 0, &zero) != 0 &&
		    poller_kqueue_watch(change) != NULL)
			self->changes[self->change_count++] = *change;
}

/* Adds one filter of a watch, or deletes it. */
static void
poller_kqueue_change(struct poller_kqueue_state *self,
    struct poller_watch *watch, int filter, bool wanted)
{
	EV_SET(&self->changes[self->change_count], (uintptr_t)watch->fd,
	    (short)filter, wanted ? EV_ADD : EV_DELETE, 0, 0,
	    wanted ? watch : NULL);
	self->change_count++;
}

/* Takes back the changes of a watch that are still in the list. */
static void
poller_kqueue_withdraw(struct poller_kqueue_state *self,
    const struct poller_watch *watch)
{
	size_t i, kept = 0;

	for (i = 0; i < self->change_count; i++)
		if (poller_kqueue_watch(&self->changes[i]) != watch)
			self->changes[kept++] = self->changes[i];
	self->change_count = kept;
}

static int
poller_kqueue_set(struct poller *poller, struct poller_watch *watch,
    unsigned want)
{
	struct poller_kqueue_state *self = reactor_container_of(poller,
	    struct poller_kqueue_state, poller);
	unsigned changed = watch->registered ^ want;

	if (want == 0)
		poller_kqueue_withdraw(self, watch);
	if (watch->closing)
		return 0;
	if (self->change_count > POLLER_KQUEUE_CHANGES - 4)
		poller_kqueue_flush(self);
	if (self->change_count > POLLER_KQUEUE_CHANGES - 4 && want != 0)
		return -ENOMEM;	/* refusals; two deletions still fit */
	if (changed & POLLER_READ)
		poller_kqueue_change(self, watch, EVFILT_READ,
		    want & POLLER_READ);
	if (changed & POLLER_WRITE)
		poller_kqueue_change(self, watch, EVFILT_WRITE,
		    want & POLLER_WRITE);
	return 0;
}

/*
 * Adds an event to those found, or merges it with the one that its watch
 * already has.  The watch's slot is the index of that one, but may be of an
 * earlier wait, so it is checked.  Returns how many there are now.
 */
static size_t
poller_kqueue_merge(struct poller_kqueue_state *self,
    const struct kevent *from, struct poller_event *events, size_t found,
    size_t room)
{
	struct poller_watch *watch = poller_kqueue_watch(from);
	unsigned ready =
	    from->filter == EVFILT_READ ? POLLER_READ : POLLER_WRITE;

	if (watch == NULL)
		return found;
	if (poller_kqueue_is_refusal(from))
		ready = POLLER_REFUSED;
	if (watch->slot < found && events[watch->slot].watch == watch) {
		events[watch->slot].ready |= ready;
		return found;
	}
	if (found == room) {
		if (ready == POLLER_REFUSED)
			poller_kqueue_ask_again(self, from);
		return found;
	}
	watch->slot = found;
	events[found] = (struct poller_event){ watch, ready };
	return found + 1;
}

static int
poller_kqueue_wait(struct poller *poller, int64_t timeout_ns,
    struct poller_event *events, size_t room)
{
	struct poller_kqueue_state *self = reactor_container_of(poller,
	    struct poller_kqueue_state, poller);
	int64_t seconds = timeout_ns / 1000000000;
	struct timespec limit = {
		.tv_sec = POLLER_KQUEUE_SECONDS,
	};
	size_t most = room, found = 0;
	int count, i;

	if (seconds < POLLER_KQUEUE_SECONDS) {
		limit.tv_sec = (time_t)seconds;
		limit.tv_nsec = (long)(timeout_ns % 1000000000);
	}
	if (self->change_count > most)
		poller_kqueue_flush(self);
	if (most < self->change_count)	/* all that are left are refused */
		most = self->change_count;
	if (most > POLLER_KQUEUE_EVENTS)
		most = POLLER_KQUEUE_EVENTS;
	do {	/* again if all that came are failed deletions */
		count = poller_kqueue_call(self, most,
		    timeout_ns < 0 ? NULL : &limit);
		for (i = 0; i < count; i++)
			found = poller_kqueue_merge(self, &self->events[i],
			    events, found, room);
	} while (count > 0 && found == 0);
	return count < 0 ? count : (int)found;
}

static void
poller_kqueue_close(struct poller *poller)
{
	struct poller_kqueue_state *self = reactor_container_of(poller,
	    struct poller_kqueue_state, poller);

	close(self->fd);
	free(self);
}

const struct poller_ops poller_kqueue = {
	.name = "kqueue",
	.open = poller_kqueue_open,
	.set = poller_kqueue_set,
	.wait = poller_kqueue_wait,
	.close = poller_kqueue_close,
};

#else

static int
poller_kqueue_open(struct poller **out, const struct reactor_system *system)
{
	(void)out;
	(void)system;
	return -ENOSYS;
}

const struct poller_ops poller_kqueue = {
	.name = "kqueue",
	.open = poller_kqueue_open,
};

#endif
