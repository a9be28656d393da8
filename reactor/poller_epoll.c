/*
 * poller_epoll.c - readiness from Linux's epoll(7).
 *
 * The kernel keeps the set of descriptors, and the cost of a wait grows with
 * the number that are ready, not with the number that are watched.  Two
 * quirks need care:
 *  - The set holds open files, not numbers: a descriptor that was duplicated
 *    and closed would report for ever.  So the reactor sets its interest to
 *    0 before it closes it.
 *  - EPOLLERR and EPOLLHUP come without being asked for.  They are reported
 *    as everything that was asked for.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "list.h"
#include "poller.h"

#include <errno.h>

#ifdef __linux__

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Events fetched by one wait: so many that the call costs little of each. */
enum { POLLER_EPOLL_EVENTS = 1024 };

struct poller_epoll_state {
	struct poller poller;
	int fd;
	struct epoll_event events[POLLER_EPOLL_EVENTS];
};

static int
poller_epoll_open(struct poller **out, const struct reactor_system *system)
{
	struct poller_epoll_state *self = malloc(sizeof(*self));
	int error;

	(void)system;
	if (self == NULL)
		return -ENOMEM;
	self->poller.ops = &poller_epoll;
	self->fd = epoll_create1(EPOLL_CLOEXEC);
	if (self->fd < 0) {
		error = -errno;
		free(self);
		return error;
	}
	*out = &self->poller;
	return 0;
}

static int
poller_epoll_set(struct poller *poller, struct poller_watch *watch,
    unsigned want)
{
	struct poller_epoll_state *self = reactor_container_of(poller,
	    struct poller_epoll_state, poller);
	struct epoll_event event;
	int op = EPOLL_CTL_MOD;

	if (watch->registered == 0)
		op = EPOLL_CTL_ADD;
	else if (want == 0)
		op = EPOLL_CTL_DEL;
	memset(&event, 0, sizeof(event));
	event.events = (want & POLLER_READ ? EPOLLIN : 0u) |
	    (want & POLLER_WRITE ? EPOLLOUT : 0u);
	event.data.ptr = watch;
	return epoll_ctl(self->fd, op, watch->fd, &event) == 0 ? 0 : -errno;
}

static unsigned
poller_epoll_ready(const struct epoll_event *event)
{
	const struct poller_watch *watch = event->data.ptr;

	if (event->events & (EPOLLERR | EPOLLHUP))
		return watch->registered;
	return (event->events & EPOLLIN ? POLLER_READ : 0u) |
	    (event->events & EPOLLOUT ? POLLER_WRITE : 0u);
}

static int
poller_epoll_wait(struct poller *poller, int64_t timeout_ns,
    struct poller_event *events, size_t room)
{
	struct poller_epoll_state *self = reactor_container_of(poller,
	    struct poller_epoll_state, poller);
	size_t most = room < POLLER_EPOLL_EVENTS ? room : POLLER_EPOLL_EVENTS;
	int count, i;

	count = epoll_wait(self->fd, self->events, (int)most,
	    poller_milliseconds(timeout_ns));
	if (count < 0)
		return errno == EINTR ? 0 : -errno;
	for (i = 0; i < count; i++) {
		events[i].watch = self->events[i].data.ptr;
		events[i].ready = poller_epoll_ready(&self->events[i]);
	}
	return count;
}

static void
poller_epoll_close(struct poller *poller)
{
	struct poller_epoll_state *self = reactor_container_of(poller,
	    struct poller_epoll_state, poller);

	close(self->fd);
	free(self);
}

const struct poller_ops poller_epoll = {
	.name = "epoll",
	.open = poller_epoll_open,
	.set = poller_epoll_set,
	.wait = poller_epoll_wait,
	.close = poller_epoll_close,
};

#else

static int
poller_epoll_open(struct poller **out, const struct reactor_system *system)
{
	(void)out;
	(void)system;
	return -ENOSYS;
}

const struct poller_ops poller_epoll = {
	.name = "epoll",
	.open = poller_epoll_open,
};

#endif
