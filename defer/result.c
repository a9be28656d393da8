/*
 * result.c - the two types that any program needs, and sharing.
 */
#include "result.h"

#include <stdlib.h>

static void *
result_share_pointer(void *value)
{
	return value;
}

const struct result_type result_borrowed = {
	.name = "borrowed", .share = result_share_pointer,
};

/* Not plain `free`, which a test build replaces by a macro. */
static void
result_free(void *value)
{
	free(value);
}

const struct result_type result_allocated = {
	.name = "allocated", .destroy = result_free,
};

struct result
result_share(struct result *r)
{
	void *other = NULL;

	if (r->type != NULL && r->type->share != NULL)
		other = r->type->share(r->value);
	return other != NULL ? result_value(r->type, other) : result_take(r);
}
