/*
 * chain_none.c - the reads and writes of the chain with no loop at all: a
 * queue says which pair is next.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "chain.h"

#include <stdlib.h>

struct chain_none {
	struct chain chain;
	int *queue;		/* a ring of `active` places */
	int next;
};

static void
chain_none_turn(void *ctx)
{
	struct chain_none *n = ctx;
	int index = n->queue[n->next];

	if (n->chain.left == CHAIN_WRITES && n->chain.events == 0)
		for (int i = 0; i < n->chain.active; i++)
			n->queue[(n->next + i) % n->chain.active] =
			    (int)((long)i * n->chain.pairs / n->chain.active);
	index = n->queue[n->next];
	chain_step(&n->chain, index);
	n->queue[n->next] = n->chain.last;
	n->next = (n->next + 1) % n->chain.active;
}

int
main(int argc, char **argv)
{
	struct chain_none n = { .next = 0 };

	chain_open(&n.chain, argc, argv);
	n.queue = calloc((size_t)n.chain.active, sizeof(*n.queue));
	if (n.queue == NULL)
		return 1;
	chain_measure(&n.chain, chain_none_turn, &n);
	return 0;
}
