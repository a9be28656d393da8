/*
 * failure.c - kinds of failure, one of which is part of another.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "failure.h"

#include <string.h>

static const struct defer_failure_kind net = {"net", NULL};
static const struct defer_failure_kind refused = {"refused", &net};

int
main(void)
{
	const struct defer_failure *f;
	bool right;

	f = defer_failure_new(&refused, "%s does not listen", "[::1]:80");
	right = defer_failure_is(f, &net) && f->kind == &refused &&
	    strcmp(f->message, "[::1]:80 does not listen") == 0;
	defer_failure_release(f);
	return right ? 0 : 1;
}
