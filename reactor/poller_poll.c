/*
 * poller_poll.c - readiness from poll(2), which every POSIX system has.
 *
 * The set of descriptors is an array, which goes to the kernel whole at each
 * wait: this is simple, and slow with thousands of them.  A second array has
 * the watch of each entry, and the watch's slot is the index in both, plus
 * one.  When an entry is removed, the last one takes its place.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "list.h"
#include "poller.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

struct poller_poll_state {
	struct poller poller;
	struct pollfd *fds;
	struct poller_watch **watches;
	size_t count, capacity;
	size_t next;	/* where the next wait begins to look, for fairness */
};

static int
poller_poll_open(struct poller **out, const struct reactor_system *system)
{
	struct poller_poll_state *self = calloc(1, sizeof(*self));

	(void)system;
	if (self == NULL)
		return -ENOMEM;
	self->poller.ops = &poller_poll;
	*out = &self->poller;
	return 0;
}

/* Room for one more; -ENOMEM, and what was there is still there. */
static int
poller_poll_reserve(struct poller_poll_state *self)
{
	size_t capacity = self->capacity > 0 ? self->capacity * 2 : 16;
	struct poller_watch **watches;
	struct pollfd *fds;

	if (self->count < self->capacity)
		return 0;
	if (capacity > SIZE_MAX / sizeof(*fds))
		return -ENOMEM;
	fds = realloc(self->fds, capacity * sizeof(*fds));
	if (fds == NULL)
		return -ENOMEM;
	self->fds = fds;
	watches = realloc(self->watches, capacity * sizeof(*watches));
	if (watches == NULL)
		return -ENOMEM;
	self->watches = watches;
	self->capacity = capacity;
	return 0;
}

static void
poller_poll_remove(struct poller_poll_state *self, struct poller_watch *watch)
{
	size_t hole = watch->slot - 1, last = --self->count;

	self->fds[hole] = self->fds[last];
	self->watches[hole] = self->watches[last];
	self->watches[hole]->slot = hole + 1;
	watch->slot = 0;
}

static int
poller_poll_set(struct poller *poller, struct poller_watch *watch,
    unsigned want)
{
	struct poller_poll_state *self = reactor_container_of(poller,
	    struct poller_poll_state, poller);
	struct pollfd *fd;
	int error;

	if (want == 0) {
		poller_poll_remove(self, watch);
		return 0;
	}
	if (watch->slot == 0) {
		error = poller_poll_reserve(self);
		if (error != 0)
			return error;
		self->watches[self->count] = watch;
		watch->slot = ++self->count;
	}
	fd = &self->fds[watch->slot - 1];
	fd->fd = watch->fd;
	fd->events = (short)((want & POLLER_READ ? POLLIN : 0) |
	    (want & POLLER_WRITE ? POLLOUT : 0));
	fd->revents = 0;
	return 0;
}

static unsigned
poller_poll_ready(const struct pollfd *fd, const struct poller_watch *watch)
{
	if (fd->revents & (POLLERR | POLLHUP | POLLNVAL))
		return watch->registered;
	return (fd->revents & POLLIN ? POLLER_READ : 0u) |
	    (fd->revents & POLLOUT ? POLLER_WRITE : 0u);
}

/* When there is no room for all, the next wait begins with the rest. */
static int
poller_poll_collect(struct poller_poll_state *self,
    struct poller_event *events, size_t room)
{
	size_t seen, i, found = 0;

	for (seen = 0; seen < self->count && found < room; seen++) {
		i = (self->next + seen) % self->count;
		if (self->fds[i].revents == 0)
			continue;
		events[found].watch = self->watches[i];
		events[found++].ready =
		    poller_poll_ready(&self->fds[i], self->watches[i]);
	}
	self->next = self->count > 0 ? (self->next + seen) % self->count : 0;
	return (int)found;
}

static int
poller_poll_wait(struct poller *poller, int64_t timeout_ns,
    struct poller_event *events, size_t room)
{
	struct poller_poll_state *self = reactor_container_of(poller,
	    struct poller_poll_state, poller);
	int count = poll(self->fds, (nfds_t)self->count,
	    poller_milliseconds(timeout_ns));

	if (count < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	return count == 0 ? 0 : poller_poll_collect(self, events, room);
}

static void
poller_poll_close(struct poller *poller)
{
	struct poller_poll_state *self = reactor_container_of(poller,
	    struct poller_poll_state, poller);

	free(self->fds);
	free(self->watches);
	free(self);
}

const struct poller_ops poller_poll = {
	.name = "poll",
	.open = poller_poll_open,
	.set = poller_poll_set,
	.wait = poller_poll_wait,
	.close = poller_poll_close,
};
