/*
 * reactor_poller_kit.h - the reactor's part of a poller's contract, and
 * descriptors of all kinds, for the test of that contract.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_REACTOR_POLLER_KIT_H
#define SPINDLE_TEST_REACTOR_POLLER_KIT_H

#include "../reactor/address.h"
#include "../reactor/poller.h"
#include "check.h"
#include "loopback.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 64, MANY = 600, BOTH = POLLER_READ | POLLER_WRITE };

static struct poller *poller;

/* ---- a reactor's part of the contract ---- */

static inline void
want(struct poller_watch *w, unsigned interest)
{
	CHECK_INT(poller->ops->set(poller, w, interest), 0);
	w->registered = (unsigned char)interest;
}

static inline void
give_up(struct poller_watch *w)
{
	w->closing = 1;
	if (w->registered != 0)
		want(w, 0);
	close(w->fd);
}

/* What one look says of a watch; other watches, or two events, fail. */
static inline unsigned
look(struct poller_watch *w)
{
	struct poller_event events[ROOM];
	int count = poller->ops->wait(poller, 0, events, ROOM);

	CHECK(count == 0 || count == 1);
	if (count != 1)
		return 0;
	CHECK(events[0].watch == w);
	return events[0].ready;
}

/* ---- descriptors ---- */

static inline void
pair(int fds[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		abort();
}

static inline void
tcp_pair(int fds[2])
{
	const char *where = loopback_any();
	struct reactor_address at;
	int port;

	reactor_address_parse(&at, where, strlen(where), 0);
	port = socket(at.u.any.sa_family, SOCK_STREAM, 0);
	fds[0] = socket(at.u.any.sa_family, SOCK_STREAM, 0);
	if (bind(port, &at.u.any, at.len) != 0 ||
	    listen(port, 1) != 0 ||
	    getsockname(port, &at.u.any, &at.len) != 0 ||
	    connect(fds[0], &at.u.any, at.len) != 0)
		abort();
	fds[1] = accept(port, NULL, NULL);
	close(port);
}

static inline void
reset(int fd)
{
	struct linger linger = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
}

#endif
