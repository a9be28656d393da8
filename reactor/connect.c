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
	struct reactor_stream_connector connector;
	struct reactor_address to, from;	/* from.len is 0: from any */
};

static int
connect_begin(struct reactor_stream_connector *c, struct reactor *r, int *fd)
{
	const struct connect_attempt *attempt =
	    reactor_container_of(c, struct connect_attempt, connector);
	const struct reactor_address *to = &attempt->to;
	const struct reactor_address *from = &attempt->from;
	const struct reactor_system *system = r->system;
	int family = reactor_address_family(to), error = 0;
	int made = system->socket(system, family, SOCK_STREAM);

	if (made < 0)
		return made;
	*fd = made;
	if (family != AF_UNIX)
		system->set_option(system, made, REACTOR_SYSTEM_NODELAY, 1);
	if (from->len != 0)
		error = system->bind(system, made, &from->u.any, from->len);
	if (error != 0)
		return error;
	return system->connect(system, made, &to->u.any, to->len);
}

int
reactor_connect(struct reactor *r, const struct reactor_address *to,
    const struct reactor_connect_options *options, struct protocol *p)
{
	struct connect_attempt *attempt = calloc(1, sizeof(*attempt));
	struct transport *t;

	if (attempt == NULL)
		return -ENOMEM;
	attempt->connector.connect = connect_begin;
	attempt->to = *to;
	if (options != NULL) {
		attempt->connector.timeout_ns = options->timeout_ns;
		if (options->from != NULL)
			attempt->from = *options->from;
	}
	t = reactor_stream_new(r, -1, 0, p);
	if (t == NULL) {
		free(attempt);
		return -ENOMEM;
	}
	reactor_stream_open_soon(t, &attempt->connector);
	return 0;
}

int
reactor_adopt_socket(struct reactor *r, int fd, struct protocol *p)
{
	struct transport *t = NULL;
	int error = r->system->make_nonblocking(r->system, fd);

	r->system->set_option(r->system, fd, REACTOR_SYSTEM_NODELAY, 1);
	if (error == 0)
		t = reactor_stream_new(r, fd, 0, p);
	if (t == NULL) {
		r->system->close(r->system, fd);
		return error != 0 ? error : -ENOMEM;
	}
	reactor_stream_open_soon(t, NULL);
	return 0;
}
