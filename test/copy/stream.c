/*
 * stream.c - makes a stream of one end of a socket pair, and writes to it
 * before the loop runs.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "stream.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "poller.h"
#include "reactor.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

static struct reactor *loop;
static int lost = 1;

static void
made(struct protocol *p)
{
	transport_lose_connection(p->transport);
}

static size_t
received(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	return len;
}

static void
gone(struct protocol *p, int reason)
{
	(void)p;
	lost = reason;
	reactor_stop(loop);
}

int
main(void)
{
	static const struct protocol_ops ops = {
		.connection_made = made, .data_received = received,
		.connection_lost = gone,
	};
	struct protocol protocol = { &ops, NULL };
	struct transport *t;
	char got[8] = "";
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
	    fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0 ||
	    reactor_new(&loop, NULL) != 0)
		return 1;
	t = reactor_stream_new(loop, fds[0], 0, &protocol);
	if (t == NULL)
		return 2;
	transport_write(t, "hello", 5);
	reactor_stream_open_soon(t, NULL);
	if (reactor_run(loop) != 0 || lost != 0)
		return 3;
	if (read(fds[1], got, sizeof(got)) != 5 || strcmp(got, "hello") != 0)
		return 4;
	close(fds[1]);
	reactor_free(loop);
	return 0;
}
