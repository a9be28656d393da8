/*
 * udp.c - two UDP ports on the loopback: one asks, one answers.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "udp.h"

#include <string.h>

#include "poller.h"
#include "reactor.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

static struct reactor *loop;
static struct reactor_udp_port *server, *client;
static int answered;

/* Both receivers: the server sends back, the client ends the run. */
static void
received(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	(void)r;
	if (len == 3 && memcmp(at, "ask", 3) == 0) {
		reactor_udp_send(server, "answer", 6, from);
		return;
	}
	answered = len == 6 && memcmp(at, "answer", 6) == 0;
	reactor_stop(loop);
}

static void
failed(struct reactor_udp_receiver *r, int error)
{
	(void)r;
	(void)error;
}

static void
closed(struct reactor_udp_receiver *r)
{
	(void)r;
}

int
main(void)
{
	static const struct reactor_udp_receiver_ops ops = {
		received, failed, closed
	};
	struct reactor_udp_receiver receiver = { &ops };
	struct reactor_udp_options options = { .family = 0 };
	struct reactor_address at;

	if (reactor_address_parse(&at, "127.0.0.1", 9, 0) != 0 ||
	    reactor_new(&loop, NULL) != 0)
		return 1;
	options.from = &at;
	if (reactor_open_udp(loop, &options, &receiver, &server) != 0 ||
	    reactor_udp_local_address(server, &at) != 0)
		return 2;
	options.from = NULL;
	options.to = &at;
	if (reactor_open_udp(loop, &options, &receiver, &client) != 0 ||
	    reactor_udp_send(client, "ask", 3, NULL) != 0 ||
	    reactor_run(loop) != 0)
		return 3;
	reactor_free(loop);
	return answered ? 0 : 4;
}
