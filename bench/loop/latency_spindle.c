/*
 * latency_spindle.c - the echo server as a protocol of Spindle's reactor.
 * Prints its port; serves until SIGTERM.
 *
 *	latency_spindle [POLLER]
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <sys/resource.h>

#include <stdio.h>
#include <stdlib.h>

#include "../../reactor/listen.h"
#include "../../reactor/reactor.h"

static void
latency_spindle_made(struct protocol *p)
{
	(void)p;
}

static size_t
latency_spindle_received(struct protocol *p, const char *at, size_t len)
{
	transport_write(p->transport, at, len);
	return len;
}

static void
latency_spindle_lost(struct protocol *p, int reason)
{
	(void)reason;
	free(p);
}

static const struct protocol_ops latency_spindle_echo = {
	.connection_made = latency_spindle_made,
	.data_received = latency_spindle_received,
	.connection_lost = latency_spindle_lost,
};

static struct protocol *
latency_spindle_build(
    struct protocol_factory *factory, const struct reactor_address *from)
{
	struct protocol *p = calloc(1, sizeof(*p));

	(void)factory;
	(void)from;
	if (p != NULL)
		p->ops = &latency_spindle_echo;
	return p;
}

static const struct protocol_factory_ops latency_spindle_factory = {
	.build_protocol = latency_spindle_build,
};

int
main(int argc, char **argv)
{
	struct protocol_factory factory = { .ops = &latency_spindle_factory };
	struct reactor_options options = {
		.poller = argc > 1 ? argv[1] : NULL,
	};
	struct reactor_listener *listener;
	struct reactor *reactor;
	struct reactor_address at;
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (reactor_new(&reactor, &options) != 0 ||
	    reactor_address_parse(&at, "127.0.0.1", 9, 0) != 0 ||
	    reactor_listen(reactor, &at, NULL, &factory, &listener) != 0 ||
	    reactor_listener_address(listener, &at) != 0) {
		fprintf(stderr, "latency_spindle: cannot listen\n");
		return 1;
	}
	printf("%d\n", reactor_address_port(&at));
	fflush(stdout);
	return reactor_run(reactor) != 0;
}
