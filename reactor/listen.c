/*
 * listen.c - a port and its factory.
 *
 * Connections are accepted in batches: as many at once as there have lately
 * been, so that one at a time costs one call, and at most LISTENER_MOST, so
 * that a flood of them leaves time for others.  Three situations need care:
 *  - No descriptor is left.  The poller would report the connection that
 *    waits again and again.  So the reserve descriptor is closed, the
 *    connection accepted and closed (its peer learns at once), and the
 *    reserve opened again.
 *  - The kernel has no memory.  The port waits a moment and tries again.
 *  - The descriptor does not listen, it seems (some kernels have the same
 *    errno for a fault of the network).  The port waits, too, but closes when
 *    it has heard that LISTENER_TRIES times in a row.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "stream.h"

enum { LISTENER_BACKLOG = 1024, LISTENER_MOST = 64, LISTENER_TRIES = 10 };

/* How long a port waits before it tries again. */
static const uint64_t listener_delay_ns = 100000000;

/* A port.  It frees itself when it is reaped. */
struct reactor_listener {
	struct reactor_watch watch;
	struct reactor_timer timer;		/* active while it waits */
	struct protocol_factory *factory;
	int batch;			/* how many to try for next time */
	int failures;			/* of the descriptor, in a row */
	bool paused;
};

static void
listener_update_interest(struct reactor_listener *l)
{
	bool waits = reactor_timer_is_active(&l->timer);

	reactor_watch_want(&l->watch, l->paused || waits ? 0 : POLLER_READ);
}

static void
listener_waited(struct reactor_timer *t)
{
	listener_update_interest(
	    reactor_container_of(t, struct reactor_listener, timer));
}

/* ---- accepting ---- */

/* The stream is made first: a protocol that was built gets a connection. */
static void
listener_accepted(
    struct reactor_listener *l, int fd, const struct reactor_address *from)
{
	struct reactor *r = l->watch.reactor;
	struct transport *t =
	    reactor_stream_new(r, fd, REACTOR_STREAM_LINGERS, NULL);
	struct protocol *p;

	if (t == NULL) {
		r->system->close(r->system, fd);
		return;
	}
	reactor_note(r, l->watch.poll.fd, "build_protocol", fd);
	p = l->factory->ops->build_protocol(l->factory, from);
	if (p == NULL) {
		transport_lose_connection(t);
		return;
	}
	transport_set_protocol(t, p);
	reactor_stream_open(t);
}

/*
 * Out of descriptors: accepts one connection by means of the reserve, and
 * closes it.  Returns what accept returned.
 */
static int
listener_turn_away(struct reactor_listener *l)
{
	struct reactor *r = l->watch.reactor;
	int fd;

	if (r->reserve_fd < 0)
		r->reserve_fd = r->system->open_reserve(r->system);
	if (r->reserve_fd < 0)
		return -EMFILE;
	r->system->close(r->system, r->reserve_fd);
	fd = r->system->accept(r->system, l->watch.poll.fd, NULL, NULL);
	if (fd >= 0)
		r->system->close(r->system, fd);
	r->reserve_fd = r->system->open_reserve(r->system);
	return fd;
}

static void
listener_wait(struct reactor_listener *l)
{
	reactor_call_later(l->watch.reactor, &l->timer, listener_delay_ns,
	    listener_waited);
	listener_update_interest(l);
}

/* It cannot go on; or the reactor shuts down, which is no failure. */
static void
listener_failed(struct reactor_watch *w, int error)
{
	struct reactor_listener *l =
	    reactor_container_of(w, struct reactor_listener, watch);

	if (error != -ECONNABORTED && l->factory->ops->failed != NULL) {
		reactor_note(w->reactor, w->poll.fd, "failed", error);
		l->factory->ops->failed(l->factory, error);
	}
	reactor_listener_stop(l);
}

/* There was no connection to be had: waits or gives up, if it must. */
static void
listener_refused(struct reactor_listener *l, int error)
{
	switch (error) {
	case -EMFILE:		/* a shortage, which passes */
	case -ENFILE:
	case -ENOBUFS:
	case -ENOMEM:
		listener_wait(l);
		break;
	case -EBADF:		/* the descriptor is to blame */
	case -EINVAL:
	case -ENOTSOCK:
	case -EOPNOTSUPP:
		if (++l->failures < LISTENER_TRIES)
			listener_wait(l);
		else
			listener_failed(&l->watch, error);
		break;
	default:		/* nobody is there, or one has gone again */
		l->failures = 0;
	}
}

/*
 * Accepts one connection; false when there are no more for now.  Where an
 * error concerns one connection, that one is gone: if there are more, the
 * port is reported as readable again.
 */
static bool
listener_accept(struct reactor_listener *l)
{
	const struct reactor_system *system = l->watch.reactor->system;
	struct reactor_address from;
	int fd;

	memset(&from, 0, sizeof(from));
	from.len = sizeof(from.u);
	fd = system->accept(system, l->watch.poll.fd, &from.u.any, &from.len);
	if (fd >= 0) {
		l->failures = 0;
		listener_accepted(l, fd, &from);
		return true;
	}
	if (fd == -EMFILE)
		fd = listener_turn_away(l);
	if (fd < 0)
		listener_refused(l, fd);
	return fd >= 0;
}

static void
listener_readable(struct reactor_watch *w)
{
	struct reactor_listener *l =
	    reactor_container_of(w, struct reactor_listener, watch);
	int left = l->batch;

	while (left > 0 && w->wanted != 0 && listener_accept(l))
		left--;
	if (left > 0)
		l->batch = 1;
	else if (l->batch < LISTENER_MOST)
		l->batch *= 2;
}

static void
listener_closed(struct reactor_watch *w)
{
	struct reactor_listener *l =
	    reactor_container_of(w, struct reactor_listener, watch);

	reactor_note(w->reactor, -1, "stopped", 0);
	if (l->factory->ops->stopped != NULL)
		l->factory->ops->stopped(l->factory);
	free(l);
}

static const struct reactor_watch_ops listener_watch_ops = {
	.readable = listener_readable,
	.failed = listener_failed,
	.closed = listener_closed,
};

/* ---- opening and closing ---- */

/*
 * The socket that lies at this UNIX path, if it is one, is nobody's any more.
 * A datagram socket asks, which hears EPROTOTYPE if a stream has the
 * path.  A stream would hear ECONNREFUSED as well where the owner does not
 * listen yet or, on BSD and macOS, has a full backlog.
 */
static bool
listener_is_stale(
    const struct reactor_system *system, const struct reactor_address *at)
{
	int fd, error;

	if (reactor_address_family(at) != AF_UNIX)
		return false;
	fd = system->socket(system, AF_UNIX, SOCK_DGRAM);
	if (fd < 0)
		return false;
	error = system->connect(system, fd, &at->u.any, at->len);
	system->close(system, fd);
	return error == -ECONNREFUSED;
}

static int
listener_bind(const struct reactor_system *system, int fd,
    const struct reactor_address *at)
{
	int error;

	if (reactor_address_family(at) != AF_UNIX) {
		system->set_option(system, fd, REACTOR_SYSTEM_REUSEADDR, 1);
		system->set_option(system, fd, REACTOR_SYSTEM_NODELAY, 1);
	}
	if (reactor_address_family(at) == AF_INET6)
		system->set_option(system, fd, REACTOR_SYSTEM_ONLY_IPV6, 1);
	error = system->bind(system, fd, &at->u.any, at->len);
	if (error == -EADDRINUSE && listener_is_stale(system, at) &&
	    system->unlink_socket(system, at->u.local.sun_path) == 0)
		error = system->bind(system, fd, &at->u.any, at->len);
	return error;
}

static int
listener_new(struct reactor *r, int fd, struct protocol_factory *factory,
    struct reactor_listener **out)
{
	struct reactor_listener *l = reactor_allocate(r, sizeof(*l));

	if (l == NULL)
		return -ENOMEM;
	l->factory = factory;
	l->batch = 1;
	reactor_watch_init(&l->watch, r, fd, &listener_watch_ops);
	reactor_watch_want(&l->watch, POLLER_READ);
	*out = l;
	return 0;
}

int
reactor_listen(struct reactor *r, const struct reactor_address *at,
    const struct reactor_listen_options *options,
    struct protocol_factory *factory, struct reactor_listener **out)
{
	int backlog = LISTENER_BACKLOG, error;
	int fd = r->system->socket(
	    r->system, reactor_address_family(at), SOCK_STREAM);

	if (fd < 0)
		return fd;
	if (options != NULL && options->backlog > 0)
		backlog = options->backlog;
	error = listener_bind(r->system, fd, at);
	if (error == 0)
		error = r->system->listen(r->system, fd, backlog);
	if (error == 0)
		error = listener_new(r, fd, factory, out);
	if (error != 0)
		r->system->close(r->system, fd);
	return error;
}

int
reactor_adopt_listener(struct reactor *r, int fd,
    struct protocol_factory *factory, struct reactor_listener **out)
{
	int error = r->system->make_nonblocking(r->system, fd);

	r->system->set_option(r->system, fd, REACTOR_SYSTEM_NODELAY, 1);
	return error != 0 ? error : listener_new(r, fd, factory, out);
}

int
reactor_listener_address(struct reactor_listener *l, struct reactor_address *a)
{
	const struct reactor_system *system = l->watch.reactor->system;

	return reactor_address_ask(a, system, l->watch.poll.fd,
	    system->getsockname);
}

void
reactor_listener_pause(struct reactor_listener *l)
{
	l->paused = true;
	listener_update_interest(l);
}

void
reactor_listener_resume(struct reactor_listener *l)
{
	l->paused = false;
	listener_update_interest(l);
}

void
reactor_listener_stop(struct reactor_listener *l)
{
	reactor_cancel_timer(&l->timer);
	reactor_watch_close(&l->watch);
}
