/*
 * chain_libevent.c - the chain under libevent.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "chain.h"

#include <event2/event.h>
#include <stdlib.h>

struct chain_libevent {
	struct chain *chain;
	int index;
};

static void
chain_libevent_readable(evutil_socket_t fd, short events, void *ctx)
{
	struct chain_libevent *l = ctx;

	(void)fd;
	(void)events;
	chain_step(l->chain, l->index);
}

static void
chain_libevent_turn(void *ctx)
{
	event_base_loop(ctx, EVLOOP_ONCE);
}

int
main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct chain_libevent *all;
	struct chain c;

	chain_open(&c, argc, argv);
	all = calloc((size_t)c.pairs, sizeof(*all));
	if (all == NULL)
		return 1;
	for (int i = 0; i < c.pairs; i++) {
		all[i].chain = &c;
		all[i].index = i;
		event_add(event_new(base, c.fds[i][0], EV_READ | EV_PERSIST,
		    chain_libevent_readable, &all[i]), NULL);
	}
	chain_measure(&c, chain_libevent_turn, base);
	return 0;
}
