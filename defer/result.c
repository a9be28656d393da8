/*
 * result.c - the two types that any program needs, and sharing.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "result.h"

#include <stdlib.h>

static void *
result_share_pointer(void *value)
{
	return value;
}

const struct defer_result_type defer_result_borrowed = {
	.name = "borrowed", .share = result_share_pointer,
};

/* Not plain `free`, which a test build replaces by a macro. */
static void
result_free(void *value)
{
	free(value);
}

const struct defer_result_type defer_result_allocated = {
	.name = "allocated", .destroy = result_free,
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
