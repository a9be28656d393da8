/*
 * chain_spindle.c - the chain under Spindle's reactor.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "chain.h"

#include <stdlib.h>

#include "../../reactor/reactor.h"
#include "../../reactor/watch.h"

struct chain_spindle {
	struct reactor_watch watch;	/* first: the callback casts */
	struct chain *chain;
	int index;
};

static void
chain_spindle_readable(struct reactor_watch *watch)
{
	struct chain_spindle *s = (struct chain_spindle *)watch;

	chain_step(s->chain, s->index);
}

static void
chain_spindle_failed(struct reactor_watch *watch, int error)
{
	(void)error;
	reactor_watch_close(watch);
}

static void
chain_spindle_closed(struct reactor_watch *watch)
{
	(void)watch;
}

static const struct reactor_watch_ops chain_spindle_ops = {
	.readable = chain_spindle_readable,
	.failed = chain_spindle_failed,
	.closed = chain_spindle_closed,
};

static void
chain_spindle_turn(void *ctx)
{
	reactor_iterate(ctx, -1);
}

int
main(int argc, char **argv)
{
	struct chain_spindle *all;
	struct reactor *reactor;
	struct chain c;

	chain_open(&c, argc, argv);
	all = calloc((size_t)c.pairs, sizeof(*all));
	if (all == NULL || reactor_new(&reactor, NULL) != 0)
		return 1;
	for (int i = 0; i < c.pairs; i++) {
		all[i].chain = &c;
		all[i].index = i;
		reactor_watch_init(&all[i].watch, reactor, c.fds[i][0],
		    &chain_spindle_ops);
		reactor_watch_want(&all[i].watch, POLLER_READ);
	}
	chain_measure(&c, chain_spindle_turn, reactor);
	reactor_free(reactor);
	free(all);
	return 0;
}
