/*
 * share.c - results with two owners, tees and chains.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "share.h"

#include <errno.h>
#include <stdlib.h>

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

/* ---- deferreds ---- */

/* The callback behind a tee. */
static struct defer_result
share_with_tee(void *ctx, struct defer_result in)
{
	struct deferred *tee = ctx;

	(void)deferred_finish(&tee, defer_result_share(&in));
	return in;
}

struct deferred *
deferred_tee_at(const char *file, int line, struct deferred *d)
{
	struct deferred *tee = deferred_new_at(file, line, NULL, NULL);
	struct deferred *producer = deferred_ref(tee);

	if (tee != NULL && deferred_add_both(d, share_with_tee, tee) < 0)
		(void)deferred_finish(&producer,
		    defer_result_failure(&defer_failure_no_memory));
	return tee;
}

int
deferred_chain(struct deferred *a, struct deferred *b)
{
	int error = a != NULL && b != NULL ? deferred_link(a, b) : -ENOMEM;

	if (error == 0)
		deferred_run(a);
	else
		(void)deferred_finish(
		    &b, defer_result_failure(&defer_failure_no_memory));
	return error;
}
