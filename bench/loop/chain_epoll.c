/*
 * chain_epoll.c - the chain over epoll with nothing in between.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include "chain.h"

#include <sys/epoll.h>

enum { CHAIN_EPOLL_EVENTS = 1024 };

struct chain_epoll {
	struct chain chain;
	int fd;
};

static void
chain_epoll_turn(void *ctx)
{
	struct chain_epoll *c = ctx;
	struct epoll_event events[CHAIN_EPOLL_EVENTS];
	int n = epoll_wait(c->fd, events, CHAIN_EPOLL_EVENTS, -1);

	for (int i = 0; i < n; i++)
		chain_step(&c->chain, events[i].data.fd);
}

int
main(int argc, char **argv)
{
	struct chain_epoll c = { .fd = epoll_create1(EPOLL_CLOEXEC) };

	chain_open(&c.chain, argc, argv);
	for (int i = 0; i < c.chain.pairs; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.fd = i };

		epoll_ctl(c.fd, EPOLL_CTL_ADD, c.chain.fds[i][0], &event);
	}
	chain_measure(&c.chain, chain_epoll_turn, &c);
	return 0;
}
