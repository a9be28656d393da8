/*
 * udp.c - datagrams in and out.
 *
 * Datagrams are received until there are no more, but only as many at once
 * as the socket has lately had: a port with one datagram at a time pays one
 * system call for it, and one with a flood gets up to UDP_MOST a turn.  What
 * is left over is ready again in the next turn.  So a port has a flood when
 * it is ready turn after turn and always had as many as were tried for.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "udp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"

enum {
	UDP_MOST = 64,
	UDP_TURNS = 8	/* full turns on end, to try for twice as many */
};

/* A port.  It frees itself when it is reaped. */
struct reactor_udp_port {
	struct reactor_watch watch;
	struct reactor_udp_receiver *receiver;
	int batch;		/* how many to try for next time */
	int full;		/* turns on end in which there were so many */
	uint64_t turn;		/* the last of these */
	struct reactor_address peer;	/* the only sender; len 0: any */
};

static void
udp_tell_failure(struct reactor_udp_port *port, int error)
{
	struct reactor_udp_receiver *receiver = port->receiver;

	if (receiver->ops->datagram_failed == NULL)
		return;
	reactor_note(port->watch.reactor, port->watch.poll.fd,
	    "datagram_failed", error);
	receiver->ops->datagram_failed(receiver, error);
}

/* Receives into the reactor's buffer. */
static ssize_t
udp_recvfrom(struct reactor *r, int fd, struct reactor_address *from)
{
	memset(from, 0, sizeof(*from));
	from->len = sizeof(from->u);
	return r->system->recvfrom(r->system, fd, r->buffer,
	    sizeof(r->buffer), &from->u.any, &from->len);
}

/*
 * One datagram or error; false when there is nothing more to read.  To ask
 * who it was costs some of the system call: not where only one can have been.
 */
static bool
udp_receive(struct reactor_udp_port *port)
{
	struct reactor *r = port->watch.reactor;
	bool known = port->peer.len > 0;
	int fd = port->watch.poll.fd;
	struct reactor_address from;
	ssize_t n = known ? r->system->recv(r->system, fd, r->buffer,
	    sizeof(r->buffer)) : udp_recvfrom(r, fd, &from);

	if (n == -EAGAIN)
		return false;
	if (n < 0) {
		udp_tell_failure(port, (int)n);
		return true;
	}
	reactor_note(r, port->watch.poll.fd, "datagram_received", n);
	port->receiver->ops->datagram_received(port->receiver, r->buffer,
	    (size_t)n, known ? &port->peer : &from);
	return true;
}

static void
udp_readable(struct reactor_watch *w)
{
	struct reactor_udp_port *port =
	    reactor_container_of(w, struct reactor_udp_port, watch);
	int left = port->batch;

	port->full = port->turn + 1 == w->reactor->turn ? port->full + 1 : 1;
	port->turn = w->reactor->turn;
	while (left > 0 && w->wanted != 0 && udp_receive(port))
		left--;
	if (left > 0) {
		port->batch = 1;
		port->full = 0;
	} else if (port->full >= UDP_TURNS && port->batch < UDP_MOST) {
		port->batch *= 2;
	}
}

static void
udp_failed(struct reactor_watch *w, int error)
{
	struct reactor_udp_port *port =
	    reactor_container_of(w, struct reactor_udp_port, watch);

	udp_tell_failure(port, error);
	reactor_watch_close(w);
}

static void
udp_closed(struct reactor_watch *w)
{
	struct reactor_udp_port *port =
	    reactor_container_of(w, struct reactor_udp_port, watch);

	reactor_note(w->reactor, -1, "port_closed", 0);
	port->receiver->ops->port_closed(port->receiver);
	free(port);
}

static const struct reactor_watch_ops udp_watch_ops = {
	.readable = udp_readable,
	.failed = udp_failed,
	.closed = udp_closed,
};

static int
udp_prepare(const struct reactor_system *system, int fd,
    const struct reactor_udp_options *o)
{
	int error = 0;

	if (o->receive_buffer > 0)
		error = system->set_option(system, fd,
		    REACTOR_SYSTEM_RECEIVE_BUFFER, o->receive_buffer);
	if (error == 0 && o->from != NULL)
		error = system->bind(system, fd, &o->from->u.any,
		    o->from->len);
	if (error == 0 && o->to != NULL)
		error = system->connect(system, fd, &o->to->u.any,
		    o->to->len);
	return error;
}

static int
udp_family(const struct reactor_udp_options *o)
{
	if (o->to != NULL)
		return reactor_address_family(o->to);
	return o->from != NULL ? reactor_address_family(o->from) : o->family;
}

int
reactor_open_udp(struct reactor *r, const struct reactor_udp_options *options,
    struct reactor_udp_receiver *receiver, struct reactor_udp_port **out)
{
	const struct reactor_system *system = r->system;
	struct reactor_udp_port *port;
	int fd, error;

	fd = system->socket(system, udp_family(options), SOCK_DGRAM);
	if (fd < 0)
		return fd;
	error = udp_prepare(system, fd, options);
	port = error == 0 ? reactor_allocate(r, sizeof(*port)) : NULL;
	if (port == NULL) {
		system->close(system, fd);
		return error != 0 ? error : -ENOMEM;
	}
	port->receiver = receiver;
	port->batch = 1;
	/* Where it was bound, others may have sent before it was connected. */
	if (options->to != NULL && options->from == NULL)
		port->peer = *options->to;
	reactor_watch_init(&port->watch, r, fd, &udp_watch_ops);
	reactor_watch_want(&port->watch, POLLER_READ);
	*out = port;
	return 0;
}

int
reactor_udp_send(struct reactor_udp_port *port, const void *at, size_t len,
    const struct reactor_address *to)
{
	const struct reactor_system *system = port->watch.reactor->system;
	ssize_t n;

	if (port->watch.closing)
		return -EBADF;
	if (to != NULL)
		n = system->sendto(system, port->watch.poll.fd, at, len,
		    &to->u.any, to->len);
	else
		n = system->send(system, port->watch.poll.fd, at, len);
	return n < 0 ? (int)n : 0;
}

int
reactor_udp_local_address(
    struct reactor_udp_port *port, struct reactor_address *a)
{
	const struct reactor_system *system = port->watch.reactor->system;

	return reactor_address_ask(a, system, port->watch.poll.fd,
	    system->getsockname);
}

void
reactor_udp_pause(struct reactor_udp_port *port)
{
	reactor_watch_want(&port->watch, 0);
}

void
reactor_udp_resume(struct reactor_udp_port *port)
{
	reactor_watch_want(&port->watch, POLLER_READ);
}

void
reactor_udp_close(struct reactor_udp_port *port)
{
	reactor_watch_close(&port->watch);
}
