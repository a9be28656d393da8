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
 * room for it; so a call never has more changes than room for events.
 *
 * Not all that can be read can be watched: macOS refuses devices, /dev/tty
 * for one, which would block whoever reads it too early.  So what is refused
 * is odd, and select(2) waits for it, and for the kqueue together with it.
 * Descriptors whose number is too high for that are POLLER_REFUSED; one
 * that is not open counts as ready, and the read learns it.
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
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/select.h>
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
	unsigned short change_count;	/* in changes */
	unsigned short odd_count;	/* in odd */
	struct kevent changes[POLLER_KQUEUE_CHANGES];
	struct kevent events[POLLER_KQUEUE_EVENTS];
	struct poller_watch *odd[FD_SETSIZE];
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
	self->change_count = self->odd_count = 0;
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
poller_kqueue_call(struct poller_kqueue_state *self, unsigned short room,
    const struct timespec *limit)
{
	/* The numbers are int or size_t. */
	int count = kevent(self->fd, self->changes, self->change_count,
	    self->events, room, limit);

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

/* ---- what kqueue refuses ---- */

/* A refusal that cannot be reported now is provoked once more, for later. */
static void
poller_kqueue_ask_again(struct poller_kqueue_state *self,
    const struct kevent *event)
{
	struct kevent *change = &self->changes[self->change_count++];

	*change = *event;
	change->flags = EV_ADD;
	change->fflags = 0;
	change->data = 0;
}

static void
poller_kqueue_forget_odd(struct poller_kqueue_state *self,
    const struct poller_watch *watch)
{
	unsigned short i;

	for (i = 0; i < self->odd_count; i++)
		if (self->odd[i] == watch) {
			self->odd[i] = self->odd[--self->odd_count];
			return;
		}
}

/* From now on select waits for this one; false if it cannot. */
static bool
poller_kqueue_note_odd(struct poller_kqueue_state *self,
    struct poller_watch *watch)
{
	if (watch->fd >= FD_SETSIZE || self->fd >= FD_SETSIZE)
		return false;
	poller_kqueue_forget_odd(self, watch);
	if (self->odd_count == FD_SETSIZE)
		return false;
	self->odd[self->odd_count++] = watch;
	return true;
}

/* The macros take an int here, and an unsigned number there. */
static void
poller_kqueue_add_to_set(fd_set *set, int fd)
{
	unsigned short number = (unsigned short)fd;

	FD_SET(number, set);
}

static bool
poller_kqueue_in_set(const fd_set *set, int fd)
{
	unsigned short number = (unsigned short)fd;

	return FD_ISSET(number, set);
}

/*
 * What an odd one is ready for.  The answers are not valid if select found a
 * descriptor that is none: that one counts as ready, and the read learns why.
 */
static unsigned
poller_kqueue_odd_ready(const struct poller_watch *watch, bool valid,
    const fd_set *reads, const fd_set *writes)
{
	unsigned ready = 0;

	if (!valid)
		return fcntl(watch->fd, F_GETFD) < 0 ? watch->registered : 0u;
	if (poller_kqueue_in_set(reads, watch->fd))
		ready |= POLLER_READ;
	if (poller_kqueue_in_set(writes, watch->fd))
		ready |= POLLER_WRITE;
	return ready & watch->registered;
}

static void
poller_kqueue_fill_sets(const struct poller_kqueue_state *self, fd_set *reads,
    fd_set *writes)
{
	unsigned short i;

	FD_ZERO(reads);
	FD_ZERO(writes);
	poller_kqueue_add_to_set(reads, self->fd);
	for (i = 0; i < self->odd_count; i++) {
		if (self->odd[i]->registered & POLLER_READ)
			poller_kqueue_add_to_set(reads,
			    self->odd[i]->fd);
		if (self->odd[i]->registered & POLLER_WRITE)
			poller_kqueue_add_to_set(writes,
			    self->odd[i]->fd);
	}
}

/* Adds an event, or merges it with that of the same watch: how many now. */
static size_t
poller_kqueue_add_event(struct poller_event *events, size_t found,
    size_t room, struct poller_watch *watch, unsigned ready)
{
	/* The slot may be of an earlier wait. */
	if (watch->slot < found && events[watch->slot].watch == watch) {
		events[watch->slot].ready |= ready;
		return found;
	}
	if (found == room)
		return found;
	watch->slot = found;
	events[found] = (struct poller_event){ watch, ready };
	return found + 1;
}

/*
 * Waits for the odd ones and the kqueue.  Returns 0 when the time is up or a
 * signal came, 1 if there may be events, or a negative errno.
 */
static int
poller_kqueue_select(struct poller_kqueue_state *self,
    const struct timespec *limit, struct poller_event *events, size_t *found,
    size_t room)
{
	fd_set reads, writes;
	unsigned ready;
	unsigned short i;
	int count;

	poller_kqueue_fill_sets(self, &reads, &writes);
	count = pselect(FD_SETSIZE, &reads, &writes, NULL, limit, NULL);
	if (count == 0 || (count < 0 && errno == EINTR))
		return 0;
	if (count < 0 && errno != EBADF)
		return -errno;
	for (i = 0; i < self->odd_count; i++) {
		ready = poller_kqueue_odd_ready(self->odd[i], count > 0,
		    &reads, &writes);
		if (ready != 0)
			*found = poller_kqueue_add_event(events, *found, room,
			    self->odd[i], ready);
	}
	return 1;
}

/* ---- changes ---- */

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
	unsigned short left = self->change_count;

	self->change_count = 0;
	if (kevent(self->fd, change, left, NULL, 0, &zero) == 0)
		return;
	for (; left > 0; left--, change++)
		if (kevent(self->fd, change, 1, NULL, 0, &zero) != 0 &&
		    poller_kqueue_watch(change) != NULL &&
		    !poller_kqueue_note_odd(self, poller_kqueue_watch(change)))
			self->changes[self->change_count++] = *change;
}

/* Adds one filter of a watch, or deletes it. */
static void
poller_kqueue_change(struct poller_kqueue_state *self,
    struct poller_watch *watch, unsigned way, bool wanted)
{
	unsigned short flags = wanted ? EV_ADD : EV_DELETE;
	struct kevent *change = &self->changes[self->change_count++];

	if (way == POLLER_READ)
		EV_SET(change, (uintptr_t)watch->fd, EVFILT_READ, flags, 0, 0,
		    0);
	else
		EV_SET(change, (uintptr_t)watch->fd, EVFILT_WRITE, flags, 0, 0,
		    0);
	/* No cast is right for both kinds of udata. */
	if (wanted)
		memcpy(&change->udata, &watch, sizeof(watch));
}

/* Takes back the changes of a watch that are still in the list. */
static void
poller_kqueue_withdraw(struct poller_kqueue_state *self,
    const struct poller_watch *watch)
{
	unsigned short i, kept = 0;

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

	if (want == 0) {
		poller_kqueue_withdraw(self, watch);
		poller_kqueue_forget_odd(self, watch);
	}
	if (watch->closing)
		return 0;
	if (self->change_count > POLLER_KQUEUE_CHANGES - 4)
		poller_kqueue_flush(self);
	if (self->change_count > POLLER_KQUEUE_CHANGES - 4 && want != 0)
		return -ENOMEM;	/* refusals; two deletions still fit */
	if (changed & POLLER_READ)
		poller_kqueue_change(self, watch, POLLER_READ,
		    want & POLLER_READ);
	if (changed & POLLER_WRITE)
		poller_kqueue_change(self, watch, POLLER_WRITE,
		    want & POLLER_WRITE);
	return 0;
}

/* Adds what the kernel reports to the events found: how many there are now. */
static size_t
poller_kqueue_take(struct poller_kqueue_state *self,
    const struct kevent *from, struct poller_event *events, size_t found,
    size_t room)
{
	struct poller_watch *watch = poller_kqueue_watch(from);
	unsigned ready =
	    from->filter == EVFILT_READ ? POLLER_READ : POLLER_WRITE;
	bool refused = poller_kqueue_is_refusal(from);

	if (watch == NULL || (refused && poller_kqueue_note_odd(self, watch)))
		return found;
	if (refused)
		ready = from->data == EBADF ? watch->registered :
					      POLLER_REFUSED;
	if (refused && found == room)
		poller_kqueue_ask_again(self, from);
	return poller_kqueue_add_event(events, found, room, watch, ready);
}

/* How many events to fetch: room for each failed change, some for the odd. */
static unsigned short
poller_kqueue_most(const struct poller_kqueue_state *self, size_t room)
{
	size_t most = room;

	if (self->odd_count > 0 && room > 1)
		most -= self->odd_count < room / 2 ? self->odd_count :
		    room / 2;
	if (most < self->change_count)
		most = self->change_count;
	return most < POLLER_KQUEUE_EVENTS ? (unsigned short)most :
	    (unsigned short)POLLER_KQUEUE_EVENTS;
}

static int
poller_kqueue_wait(struct poller *poller, int64_t timeout_ns,
    struct poller_event *events, size_t room)
{
	static const struct timespec zero;
	struct poller_kqueue_state *self = reactor_container_of(poller,
	    struct poller_kqueue_state, poller);
	int64_t seconds = timeout_ns / 1000000000;
	struct timespec some = { .tv_sec = POLLER_KQUEUE_SECONDS };
	const struct timespec *limit = timeout_ns < 0 ? NULL : &some;
	size_t found = 0;
	int count, i;

	if (seconds < POLLER_KQUEUE_SECONDS) {
		some.tv_sec = (time_t)seconds;
		some.tv_nsec = (long)(timeout_ns % 1000000000);
	}
	if (self->change_count > room)
		poller_kqueue_flush(self);
	do {	/* again if all that came are failed changes */
		count = poller_kqueue_call(self,
		    poller_kqueue_most(self, room),
		    self->odd_count > 0 ? &zero : limit);
		for (i = 0; i < count; i++)
			found = poller_kqueue_take(self, &self->events[i],
			    events, found, room);
		if (count >= 0 && self->odd_count > 0)
			count = poller_kqueue_select(self,
			    found > 0 ? &zero : limit, events, &found, room);
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
