/*
 * result.h - what travels down a chain of callbacks: two words, by value.
 *
 *      type        value
 *      NULL        -             nothing
 *      any other   a pointer     a value of that type
 *      failure     a failure     why there is no value (failure.h)
 *      deferred    a deferred    a value that is not there yet (deferred.h)
 *
 * A result has one owner at any moment.  Passing it to a function, and
 * returning it, make the other side the owner, unless the declaration says
 * "borrowed".  The last owner calls defer_result_destroy.
 *
 * Copy: result.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_RESULT_H
#define DEFER_RESULT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How to treat the values of one type.  A module declares a constant each. */
struct defer_result_type {
	const char *name;		/* for people who debug */
	void (*destroy)(void *value);	/* NULL: nothing to be freed */
	/*
	 * Makes another owner of the value, and returns what that one holds;
	 * NULL without memory.  NULL here: values cannot be shared.
	 */
	void *(*share)(void *value);
};

/* All zero is nothing. */
struct defer_result {
	const struct defer_result_type *type;
	void *value;
};

/* A value; the result owns it from now on. */
static inline struct defer_result
defer_result_value(const struct defer_result_type *type, void *value)
{
	struct defer_result r = {type, value};

	return r;
}

/* Nothing: what a callback returns that has no more to say. */
static inline struct defer_result
defer_result_none(void)
{
	return defer_result_value(NULL, NULL);
}

/*
 * The value, borrowed, if it is of that type, else NULL.  A callback that can
 * only be reached with one type may as well read r.value.
 */
static inline void *
defer_result_get(struct defer_result r, const struct defer_result_type *type)
{
	return r.type == type ? r.value : NULL;
}

/* Moves a result out of a variable, which then holds nothing. */
static inline struct defer_result
defer_result_take(struct defer_result *from)
{
	struct defer_result r = *from;

	*from = defer_result_none();
	return r;
}

/* Frees whatever the result owns. */
static inline void
defer_result_destroy(struct defer_result r)
{
	if (r.type != NULL && r.type->destroy != NULL)
		r.type->destroy(r.value);
}

#ifdef __cplusplus
}
#endif

#endif
