/*
 * tls.c - speaks TLS to a peer that does not, and says so.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "tls.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "poller.h"
#include "reactor.h"
#include "stream.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

static struct reactor *loop;
static int failure;

static void
made(struct protocol *p)
{
	transport_abort_connection(p->transport);
}

static size_t
received(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	return len;
}

static void
failed(struct protocol *p, int error)
{
	puts(transport_reason(p->transport));
	failure = error;
	reactor_stop(loop);
}

int
main(void)
{
	static const struct protocol_ops ops = {
		.connection_made = made, .data_received = received,
		.connection_lost = failed,
	};
	const struct reactor_tls_options options = { .unverified = true };
	const struct reactor_tls_peer peer = { .host = "a.test",
	    .host_len = 6 };
	struct protocol mine = { &ops, NULL };
	struct reactor_tls_settings *s;
	char why[REACTOR_TLS_WHY];
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
	    fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0 ||
	    reactor_new(&loop, NULL) != 0)
		return 1;
	if (reactor_tls_settings_new(&s, loop, &options, why) != 0) {
		puts(why);
		return 0;
	}
	reactor_stream_open_soon(reactor_stream_new(loop, fds[0], 0,
	    reactor_tls_wrap(s, &peer, &mine)), NULL);
	if (write(fds[1], "220 hello\r\n", 11) != 11)
		return 1;
	reactor_run(loop);
	reactor_free(loop);
	reactor_tls_settings_free(s);
	return failure != REACTOR_TLS_E_NOT_TLS;
}
