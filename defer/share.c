/*
 * share.c - results with two owners, tees and chains.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "share.h"

#include <errno.h>
#include <stdlib.h>

const struct defer_failure_kind deferred_already_fired = {
    "already-fired", NULL};
static const struct defer_failure share_had_fired = {
	.kind = &deferred_already_fired,
	.message = "the deferred it was chained to had fired",
};

/* ---- values ---- */

static void *
share_pointer(void *value)
{
	return value;
}

const struct defer_result_type defer_result_borrowed = {
	.name = "borrowed", .share = share_pointer,
};

/* Not plain `free`, which a test build replaces by a macro. */
static void
share_free(void *value)
{
	free(value);
}

const struct defer_result_type defer_result_allocated = {
	.name = "allocated", .destroy = share_free,
};

struct defer_result
defer_result_share(struct defer_result *r)
{
	void *other = NULL;

	if (r->type != NULL && r->type->share != NULL)
		other = r->type->share(r->value);
	return other != NULL ? defer_result_value(r->type, other) :
			       defer_result_take(r);
}

/* ---- tees ---- */

struct share_tee {
	struct deferred deferred;	/* first: it is freed with it */
	struct deferred *from;		/* whose callback fires it */
};

/* The callback behind a tee. */
static struct defer_result
share_with_tee(void *ctx, struct defer_result in)
{
	struct share_tee *tee = ctx;

	(void)deferred_fire_from(
	    tee->from, &tee->deferred, defer_result_share(&in));
	deferred_release(&tee->deferred);
	return in;
}

struct deferred *
deferred_tee_at(const char *file, int line, struct deferred *d)
{
	struct share_tee *tee = malloc(sizeof(*tee));
	struct deferred *producer;

	if (tee == NULL)
		return NULL;
	deferred_init_at(file, line, &tee->deferred, NULL, NULL, NULL);
	tee->from = d;
	producer = deferred_ref(&tee->deferred);
	if (deferred_add_both(d, share_with_tee, tee) < 0)
		(void)deferred_finish(&producer,
		    defer_result_failure(&defer_failure_no_memory));
	return &tee->deferred;
}

/* ---- chains ---- */

struct share_chain {
	struct deferred *from, *to;	/* a reference to `to` */
};

/* The callback of a chain. */
static struct defer_result
share_fire_next(void *ctx, struct defer_result in)
{
	struct share_chain chain = *(struct share_chain *)ctx;
	int error = deferred_fire_from(chain.from, chain.to, in);

	free(ctx);
	deferred_release(chain.to);
	return error == 0 ? defer_result_none() :
	    defer_result_failure(&share_had_fired);
}

int
deferred_chain(struct deferred *a, struct deferred *b)
{
	struct share_chain *chain = NULL;
	int error = -ENOMEM;

	if (a != NULL && b != NULL)
		chain = malloc(sizeof(*chain));
	if (chain != NULL) {
		*chain = (struct share_chain){a, b};
		error = deferred_add_both(a, share_fire_next, chain);
	}
	if (error < 0) {
		free(chain);
		(void)deferred_finish(
		    &b, defer_result_failure(&defer_failure_no_memory));
	}
	return error;
}
