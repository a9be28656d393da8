/*
 * unhandled.c - a failure that nobody takes is a line in a file.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "deferred.h"
#include "unhandled.h"

#include <stdio.h>

static const struct defer_failure_kind lost = {"lost", NULL};

int
main(void)
{
	deferred_on_unhandled(deferred_print_unhandled, stdout);
	deferred_release(deferred_of(defer_result_failure(
	    defer_failure_new(&lost, "nobody looked"))));
	return 0;
}
