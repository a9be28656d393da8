/*
 * listen.c - a port that greets who comes; the guest is made without the
 * loop.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "listen.h"

#include <string.h>
#include <unistd.h>

#include "poller.h"
#include "reactor.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

static struct reactor *loop;

static void
made(struct protocol *p)
{
	transport_write(p->transport, "hello", 5);
	transport_half_close(p->transport);
}

static size_t
received(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	return len;
}

static void
lost(struct protocol *p, int reason)
{
	(void)p;
	(void)reason;
	reactor_stop(loop);
}

static const struct protocol_ops protocol_ops = {
	.connection_made = made, .data_received = received,
	.connection_lost = lost,
};
static struct protocol greeter = { &protocol_ops, NULL };

/* One guest comes, so one protocol is enough. */
static struct protocol *
build(struct protocol_factory *f, const struct reactor_address *from)
{
	(void)f;
	(void)from;
	return &greeter;
}

int
main(void)
{
	static const struct protocol_factory_ops factory_ops = {
		.build_protocol = build,
	};
	struct protocol_factory factory = { &factory_ops };
	struct reactor_listener *port;
	struct reactor_address at;
	char got[8] = "";
	int guest = socket(AF_INET, SOCK_STREAM, 0);

	reactor_address_parse(&at, "127.0.0.1", 9, 0);
	if (reactor_new(&loop, NULL) != 0 ||
	    reactor_listen(loop, &at, NULL, &factory, &port) != 0 ||
	    reactor_listener_address(port, &at) != 0)
		return 1;
	if (connect(guest, &at.u.any, at.len) != 0 ||
	    shutdown(guest, SHUT_WR) != 0 || reactor_run(loop) != 0)
		return 2;
	if (recv(guest, got, sizeof(got), MSG_WAITALL) != 5)
		return 3;
	reactor_free(loop);
	close(guest);
	return strcmp(got, "hello") == 0 ? 0 : 4;
}
