/*
 * nap.c - a timer and a deferred in one piece of memory.
 *
 * The timer has a reference to the deferred while it is active, so that the
 * memory stays even when nobody waits any more.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "nap.h"

#include <stdlib.h>

struct nap {
	struct deferred deferred;
	struct reactor_timer timer;
};

static void
nap_over(struct reactor_timer *t)
{
	struct nap *n = reactor_container_of(t, struct nap, timer);

	(void)deferred_fire(&n->deferred, defer_result_none());
	deferred_release(&n->deferred);
}

static enum deferred_cancelling
nap_cancel(void *ctx, struct deferred *d)
{
	struct nap *n = ctx;

	reactor_cancel_timer(&n->timer);
	deferred_release(d);		/* the timer's reference */
	return DEFERRED_STOPPED;
}

static void
nap_destroy(struct deferred *d)
{
	free(reactor_container_of(d, struct nap, deferred));
}

struct deferred *
nap(struct reactor *reactor, uint64_t delay_ns)
{
	struct nap *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	deferred_init(&n->deferred, nap_cancel, n, nap_destroy);
	reactor_call_later(reactor, &n->timer, delay_ns, nap_over);
	return deferred_ref(&n->deferred);
}
