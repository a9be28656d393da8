/*
 * connect.c - how a stream comes to be connected.
 *
 * The socket is made and connect(2) called from the loop, never from
 * reactor_connect: so nothing goes out before the reactor runs, and no
 * failure is told while the caller is still calling.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "connect.h"

#include <errno.h>
#include <stdlib.h>

#include "loop.h"
#include "stream.h"

/* What an attempt must remember until the loop begins it. */
struct connect_attempt {
	struct reactor_address to, from;	/* from.len is 0: from any */
	uint64_t timeout_ns;
};

/* Makes the socket and starts connecting: 0, -EINPROGRESS or an error. */
static int
connect_begin(struct reactor_stream *s, const struct connect_attempt *attempt)
{
	const struct reactor_system *system = s->watch.reactor->system;
	int family = reactor_address_family(&attempt->to), error;
	int fd = system->socket(system, family, SOCK_STREAM);

	if (fd < 0)
		return fd;
	s->watch.poll.fd = fd;
	if (family != AF_UNIX)
		system->set_option(system, fd, REACTOR_SYSTEM_NODELAY, 1);
	if (attempt->from.len != 0) {
		error = system->bind(system, fd, &attempt->from.u.any,
		    attempt->from.len);
		if (error != 0)
			return error;
	}
	return system->connect(system, fd, &attempt->to.u.any,
	    attempt->to.len);
}

static void
connect_called(struct reactor_call *c)
{
	struct reactor_stream *s = stream_of_call(c);
	struct connect_attempt *attempt = s->connecting;
	int error = connect_begin(s, attempt);

	if (error == -EINPROGRESS && attempt->timeout_ns != 0)
		reactor_call_later(s->watch.reactor, &s->timer,
		    attempt->timeout_ns, stream_timed_out);
	s->connecting = NULL;
	free(attempt);
	c->call = stream_notify;
	if (error == 0)
		stream_opened(s);
	else if (error == -EINPROGRESS)
		stream_update_interest(s);
	else
		stream_lose(s, error);
}

int
reactor_connect(struct reactor *r, const struct reactor_address *to,
    const struct reactor_connect_options *options, struct protocol *p)
{
	struct connect_attempt *attempt = calloc(1, sizeof(*attempt));
	struct reactor_stream *s;

	if (attempt == NULL)
		return -ENOMEM;
	attempt->to = *to;
	if (options != NULL) {
		attempt->timeout_ns = options->timeout_ns;
		if (options->from != NULL)
			attempt->from = *options->from;
	}
	s = stream_new(r, -1, p);
	if (s == NULL) {
		free(attempt);
		return -ENOMEM;
	}
	s->connecting = attempt;
	s->call.call = connect_called;
	stream_call_soon(s);
	return 0;
}

int
reactor_adopt_socket(struct reactor *r, int fd, struct protocol *p)
{
	struct reactor_stream *s = NULL;
	int error = r->system->make_nonblocking(r->system, fd);

	if (error == 0)
		s = stream_new(r, fd, p);
	if (s == NULL) {
		r->system->close(r->system, fd);
		return error != 0 ? error : -ENOMEM;
	}
	stream_open_soon(s);
	return 0;
}
