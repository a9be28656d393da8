/*
 * failure_detail.c - details and causes of failures.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "failure_detail.h"

#include <stdio.h>

/* The same failure for its maker, who may write to it; NULL for a constant. */
static struct defer_failure *
failure_detail_writable(const struct defer_failure *f)
{
	return f->refs > 0 ? (struct defer_failure *)f : NULL;
}

const struct defer_failure *
defer_failure_set_code(const struct defer_failure *f, long code)
{
	struct defer_failure *mine = failure_detail_writable(f);

	if (mine != NULL)
		mine->code = code;
	return f;
}

const struct defer_failure *
defer_failure_set_detail(
    const struct defer_failure *f, struct defer_result detail)
{
	struct defer_failure *mine = failure_detail_writable(f);

	defer_result_destroy(mine != NULL ? mine->detail : detail);
	if (mine != NULL)
		mine->detail = detail;
	return f;
}

const struct defer_failure *
defer_failure_set_cause(
    const struct defer_failure *f, const struct defer_failure *cause)
{
	struct defer_failure *mine = failure_detail_writable(f);

	defer_failure_release(mine != NULL ? mine->cause : cause);
	if (mine != NULL)
		mine->cause = cause;
	return f;
}

const struct defer_failure *
defer_failure_find(
    const struct defer_failure *f, const struct defer_failure_kind *kind)
{
	while (f != NULL && !defer_failure_is(f, kind))
		f = f->cause;
	return f;
}

size_t
defer_failure_describe(const struct defer_failure *f, char *text, size_t size)
{
	const char *join = "";
	size_t len = 0;

	for (; f != NULL; f = f->cause) {
		size_t at = len < size ? len : size;
		int n = snprintf(size > at ? text + at : NULL, size - at,
		    "%s%s: %s", join, f->kind->name, f->message);

		len += n > 0 ? (size_t)n : 0;
		join = ", because ";
	}
	return len;
}
