/*
 * chain_libev.c - the chain under libev.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "chain.h"

#include <ev.h>
#include <stdlib.h>

struct chain_libev {
	struct ev_io io;	/* first: the callback casts */
	struct chain *chain;
	int index;
};

static void
chain_libev_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct chain_libev *l = (struct chain_libev *)io;

	(void)loop;
	(void)events;
	chain_step(l->chain, l->index);
}

static void
chain_libev_turn(void *ctx)
{
	ev_run(ctx, EVRUN_ONCE);
}

int
main(int argc, char **argv)
{
	struct ev_loop *loop = ev_default_loop(EVBACKEND_EPOLL);
	struct chain_libev *all;
	struct chain c;

	chain_open(&c, argc, argv);
	all = calloc((size_t)c.pairs, sizeof(*all));
	if (all == NULL)
		return 1;
	for (int i = 0; i < c.pairs; i++) {
		all[i].chain = &c;
		all[i].index = i;
		ev_io_init(&all[i].io, chain_libev_readable, c.fds[i][0],
		    EV_READ);
		ev_io_start(loop, &all[i].io);
	}
	chain_measure(&c, chain_libev_turn, loop);
	return 0;
}
