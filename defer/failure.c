/*
 * failure.c - making failures and asking what they are.
 *
 * A failure and its message are one allocation.  The constants among them,
 * which may lie in read-only memory, are known by their count of 0 and never
 * written to.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const struct defer_failure_kind defer_failure_out_of_memory = {
    "out-of-memory", NULL};
const struct defer_failure defer_failure_no_memory = {
	.kind = &defer_failure_out_of_memory, .message = "memory is out",
};

const struct defer_failure *
defer_failure_new(
    const struct defer_failure_kind *kind, const char *format, ...)
{
	struct defer_failure *f = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len >= 0)
		f = malloc(sizeof(*f) + (size_t)len + 1);
	if (f == NULL)
		return &defer_failure_no_memory;
	*f = (struct defer_failure){.kind = kind, .refs = 1};
	f->message = (char *)(f + 1);
	va_start(args, format);
	vsnprintf((char *)(f + 1), (size_t)len + 1, format, args);
	va_end(args);
	return f;
}

const struct defer_failure *
defer_failure_ref(const struct defer_failure *f)
{
	if (f->refs > 0)
		((struct defer_failure *)f)->refs++;
	return f;
}

/* It is a loop, so that a long row of causes needs no stack. */
void
defer_failure_release(const struct defer_failure *f)
{
	struct defer_failure *mine = (struct defer_failure *)f;

	while (mine != NULL && mine->refs > 0 && --mine->refs == 0) {
		f = mine->cause;
		defer_result_destroy(mine->detail);
		free(mine);
		mine = (struct defer_failure *)f;
	}
}

bool
defer_failure_is(
    const struct defer_failure *f, const struct defer_failure_kind *kind)
{
	const struct defer_failure_kind *k = f != NULL ? f->kind : NULL;

	while (k != NULL && k != kind)
		k = k->parent;
	return k != NULL;
}

static void
failure_destroy_value(void *value)
{
	defer_failure_release(value);
}

static void *
failure_share_value(void *value)
{
	return (void *)defer_failure_ref(value);
}

const struct defer_result_type defer_result_type_failure = {
	"failure", failure_destroy_value, failure_share_value
};

struct defer_result
defer_result_failure(const struct defer_failure *f)
{
	/* A result's pointer is not const, but nobody writes to a failure. */
	return defer_result_value(&defer_result_type_failure,
	    (void *)(f != NULL ? f : &defer_failure_no_memory));
}
