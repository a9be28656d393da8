/*
 * failure_detail.c - a failure with a code, and the failure that led to it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "failure_detail.h"

#include <string.h>

static const struct defer_failure_kind gone = {"gone", NULL};
static const struct defer_failure_kind closed = {"closed", NULL};

int
main(void)
{
	const struct defer_failure *f = defer_failure_set_cause(
	    defer_failure_new(&gone, "no page"),
	    defer_failure_new(&closed, "no server"));
	char text[80];
	bool right;

	defer_failure_set_code(f, 410);
	defer_failure_describe(f, text, sizeof(text));
	right = f->code == 410 && defer_failure_find(f, &closed) == f->cause &&
	    strcmp(text, "gone: no page, because closed: no server") == 0;
	defer_failure_release(f);
	return right ? 0 : 1;
}
