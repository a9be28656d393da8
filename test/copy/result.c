/*
 * result.c - a value that knows how it is destroyed, moved and destroyed once.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "result.h"

static void
copy_count(void *value)
{
	++*(int *)value;
}

int
main(void)
{
	static const struct defer_result_type counted = {
		"counted", copy_count, NULL
	};
	int destroyed = 0;
	struct defer_result r = defer_result_value(&counted, &destroyed);
	struct defer_result mine = defer_result_take(&r);

	defer_result_destroy(r);
	defer_result_destroy(mine);
	return r.type == NULL && destroyed == 1 ? 0 : 1;
}
