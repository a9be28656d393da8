/*
 * connect.c - connects to a port of this machine, made here without the loop,
 * and reads what it says.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "connect.h"

#include <string.h>
#include <unistd.h>

#include "poller.h"
#include "reactor.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

static struct reactor *loop;
static int listening, heard;

/* The connection is there: the other side accepts it, speaks and closes. */
static void
made(struct protocol *p)
{
	int fd = accept(listening, NULL, NULL);

	if (fd < 0 || send(fd, "hello", 5, 0) != 5)
		transport_abort_connection(p->transport);
	close(fd);
}

static size_t
received(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	if (len < 5)
		return 0;	/* all are shown again, with the next bytes */
	heard = memcmp(at, "hello", 5) == 0;
	return len;
}

static void
lost(struct protocol *p, int reason)
{
	(void)p;
	if (reason != 0)
		heard = 0;
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
	struct reactor_address at;

	reactor_address_parse(&at, "127.0.0.1", 9, 0);
	listening = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listening, &at.u.any, at.len) != 0 ||
	    listen(listening, 1) != 0 ||
	    getsockname(listening, &at.u.any, &at.len) != 0)
		return 1;
	if (reactor_new(&loop, NULL) != 0 ||
	    reactor_connect(loop, &at, NULL, &protocol) != 0 ||
	    reactor_run(loop) != 0)
		return 2;
	reactor_free(loop);
	close(listening);
	return heard ? 0 : 3;
}
