/*
 * result.h - what travels down a chain of callbacks: two words, by value.
 *
 *      type        value
 *      NULL        -             nothing
 *      any other   a pointer     a value of that type
 *      failure     a failure     why there is no value (failure.h)
 *      deferred    a deferred    a value that is not there yet (deferred.h)
 *
 * A result has one owner at any moment.  Passing it to a function and
 * returning it hand it over, unless the declaration says "borrowed".  Whoever
 * owns one last calls defer_result_destroy.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_RESULT_H
#define DEFER_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct defer_failure;
struct deferred;

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

/* A pointer that somebody else owns; can be shared. */
extern const struct defer_result_type defer_result_borrowed;
/* A pointer from malloc, given to free in the end; cannot be shared. */
extern const struct defer_result_type defer_result_allocated;
/* The types of the two results that chains themselves look at. */
extern const struct defer_result_type defer_result_type_failure;
extern const struct defer_result_type defer_result_type_deferred;

/* Nothing: what a callback returns that has no more to say. */
static inline struct defer_result
defer_result_none(void)
{
	return (struct defer_result){NULL, NULL};
}

/* A value; it is the result's from now on. */
static inline struct defer_result
defer_result_value(const struct defer_result_type *type, void *value)
{
	return (struct defer_result){type, value};
}

/*
 * A failure, which the result owns from now on.  NULL stands for the failure
 * that memory is out.
 */
struct defer_result defer_result_failure(const struct defer_failure *f);

/*
 * Wait for d: whatever comes out of it is the result.  Takes over the
 * caller's reference.  NULL, which is what functions return that had no
 * memory for a deferred, gives the failure that memory is out.
 */
struct defer_result defer_result_deferred(struct deferred *d);

/* Whether it is to take the failure track. */
static inline bool
defer_result_is_failure(struct defer_result r)
{
	return r.type == &defer_result_type_failure;
}

/* The failure in a result, borrowed from it; NULL if it is not one. */
static inline const struct defer_failure *
defer_result_get_failure(struct defer_result r)
{
	return defer_result_is_failure(r) ? r.value : NULL;
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

/*
 * For one more reader of a result: returns a second owner of it if its type
 * can be shared (failures can) and there is memory, else moves it, leaving
 * nothing.
 */
struct defer_result defer_result_share(struct defer_result *r);

#ifdef __cplusplus
}
#endif

#endif
