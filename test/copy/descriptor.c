/*
 * descriptor.c - reads a pipe to its end, as a program reads its standard
 * input.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "descriptor.h"

#include <unistd.h>

#include "poller.h"
#include "reactor.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

static struct reactor *loop;
static size_t count;

static void
made(struct protocol *p)
{
	(void)p;
}

static size_t
received(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	count += len;
	return len;
}

/* The end of file closes the transport, for there is no read_closed. */
static void
lost(struct protocol *p, int reason)
{
	(void)p;
	if (reason != 0)
		count = 0;
	reactor_stop(loop);
}

int
main(void)
{
	static const struct protocol_ops ops = {
		.connection_made = made, .data_received = received,
		.connection_lost = lost,
	};
	struct protocol protocol = { &ops, NULL };
	int fds[2];

	if (pipe(fds) != 0 || write(fds[1], "one\ntwo\n", 8) != 8 ||
	    close(fds[1]) != 0 || reactor_new(&loop, NULL) != 0)
		return 1;
	if (reactor_adopt_input(loop, fds[0], true, &protocol) != 0 ||
	    reactor_run(loop) != 0)
		return 2;
	reactor_free(loop);
	return count == 8 ? 0 : 3;
}
