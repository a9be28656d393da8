/*
 * failure.c - making failures and asking what they are.
 *
 * A failure and its message are one allocation.  The constants among them,
 * which may lie in read-only memory, are known by their count of 0 and never
 * written to.
 */
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const struct failure_kind failure_out_of_memory = {"out-of-memory", NULL};
const struct failure failure_no_memory = {
	.kind = &failure_out_of_memory, .message = "memory is out",
};

static void
failure_destroy_value(void *value)
{
	failure_release(value);
}

static void *
failure_share_value(void *value)
{
	(void)failure_ref(value);
	return value;
}

const struct result_type result_type_failure = {
	"failure", failure_destroy_value, failure_share_value
};

struct result
result_failure(const struct failure *f)
{
	/* A result's pointer is not const; a failure's owners know. */
	return result_value(&result_type_failure,
	    (void *)(f != NULL ? f : &failure_no_memory));
}

/* The same failure for those who may write to it; NULL for a constant. */
static struct failure *
failure_writable(const struct failure *f)
{
	return f->refs > 0 ? (struct failure *)f : NULL;
}

const struct failure *
failure_new(const struct failure_kind *kind, const char *format, ...)
{
	struct failure *f = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len >= 0)
		f = malloc(sizeof(*f) + (size_t)len + 1);
	if (f == NULL)
		return &failure_no_memory;
	*f = (struct failure){.kind = kind, .refs = 1};
	f->message = (char *)(f + 1);
	va_start(args, format);
	vsnprintf((char *)(f + 1), (size_t)len + 1, format, args);
	va_end(args);
	return f;
}

const struct failure *
failure_set_code(const struct failure *f, long code)
{
	struct failure *mine = failure_writable(f);

	if (mine != NULL)
		mine->code = code;
	return f;
}

const struct failure *
failure_set_cause(const struct failure *f, const struct failure *cause)
{
	struct failure *mine = failure_writable(f);

	failure_release(mine != NULL ? mine->cause : cause);
	if (mine != NULL)
		mine->cause = cause;
	return f;
}

const struct failure *
failure_set_detail(const struct failure *f, struct result detail)
{
	struct failure *mine = failure_writable(f);

	result_destroy(mine != NULL ? mine->detail : detail);
	if (mine != NULL)
		mine->detail = detail;
	return f;
}

const struct failure *
failure_ref(const struct failure *f)
{
	struct failure *mine = failure_writable(f);

	if (mine != NULL)
		mine->refs++;
	return f;
}

/* A loop, so that a long row of causes needs no stack. */
void
failure_release(const struct failure *f)
{
	while (f != NULL) {
		struct failure *mine = failure_writable(f);

		if (mine == NULL || --mine->refs > 0)
			return;
		f = mine->cause;
		result_destroy(mine->detail);
		free(mine);
	}
}

bool
failure_is(const struct failure *f, const struct failure_kind *kind)
{
	const struct failure_kind *k = f != NULL ? f->kind : NULL;

	while (k != NULL && k != kind)
		k = k->parent;
	return k != NULL;
}

const struct failure *
failure_find(const struct failure *f, const struct failure_kind *kind)
{
	while (f != NULL && !failure_is(f, kind))
		f = f->cause;
	return f;
}

size_t
failure_describe(const struct failure *f, char *text, size_t size)
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
