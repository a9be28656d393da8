/*
 * chain_libuv.c - the chain under libuv.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include "chain.h"

#include <stdlib.h>
#include <uv.h>

struct chain_libuv {
	uv_poll_t poll;		/* first: the callback casts */
	struct chain *chain;
	int index;
};

static void
chain_libuv_readable(uv_poll_t *poll, int status, int events)
{
	struct chain_libuv *l = (struct chain_libuv *)poll;

	(void)status;
	(void)events;
	chain_step(l->chain, l->index);
}

static void
chain_libuv_turn(void *ctx)
{
	uv_run(ctx, UV_RUN_ONCE);
}

int
main(int argc, char **argv)
{
	uv_loop_t *loop = uv_default_loop();
	struct chain_libuv *all;
	struct chain c;

	chain_open(&c, argc, argv);
	all = calloc((size_t)c.pairs, sizeof(*all));
	if (all == NULL)
		return 1;
	for (int i = 0; i < c.pairs; i++) {
		all[i].chain = &c;
		all[i].index = i;
		uv_poll_init(loop, &all[i].poll, c.fds[i][0]);
		uv_poll_start(&all[i].poll, UV_READABLE, chain_libuv_readable);
	}
	chain_measure(&c, chain_libuv_turn, loop);
	return 0;
}
