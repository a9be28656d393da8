/*
 * deferred_list.h - one deferred for many: all of them, the first, or none.
 *
 * The functions take over the caller's reference to each input; who wants to
 * go on with an input keeps another one.  An input is done when its chain has
 * come to the place of the list.  Its result is then noted and shared: a
 * failure has two owners from there, a value too if its type can be shared;
 * else the list has the value and the input goes on with nothing.  An input
 * may be NULL (no memory) or stand twice.  Cancelling a list cancels all its
 * inputs that are not done; then it fires by its own rules.  Only if an input
 * waits for the list itself, it fails with deferred_cancelled.
 *
 * Copy: deferred_list.h deferred_list.c control.h control.c share.h share.c
 *     failure_detail.h failure_detail.c CORE(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_DEFERRED_LIST_H
#define DEFER_DEFERRED_LIST_H

#include "deferred.h"
#include "failure.h"
#include "result.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* When a list fires before all inputs are done, and what it leaves them. */
enum deferred_list_flag {
	/* Fire with the first value; `index` says whose it is. */
	DEFERRED_LIST_ONE_CALLBACK = 1,
	/* Fail with the first failure, as deferred_first_error. */
	DEFERRED_LIST_ONE_ERRBACK = 2,
	/* Inputs go on with nothing after a failure, which thus is handled. */
	DEFERRED_LIST_CONSUME_ERRORS = 4
};

/* What the inputs came to, in their order.  It owns the results. */
struct deferred_outcomes {
	size_t count;
	size_t index;		/* of the one that a flag chose; else count */
	struct defer_result *at;	/* nothing, for those not done */
};

/* The type of a result whose value is a struct deferred_outcomes. */
extern const struct defer_result_type deferred_outcomes_type;

/* Kinds: an input failed; `code` is its index, `cause` its failure. */
extern const struct defer_failure_kind deferred_first_error;
/* No input had a value; `detail` is a struct deferred_outcomes, or nothing. */
extern const struct defer_failure_kind deferred_all_failed;

/*
 * Twisted's DeferredList.  Fires with outcomes when all inputs are done,
 * whether they succeeded or not; flags, or'ed together, make it fire before.
 * Without inputs it fires at once, or, if it is to fire with the first value,
 * fails at once.  NULL without memory, having released the inputs.
 */
#define deferred_list(...) deferred_list_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_list_at(const char *file, int line,
    struct deferred *const *inputs, size_t count, unsigned flags);

/*
 * For inputs that must all succeed: outcomes without failures, or
 * deferred_first_error.  The flag to consume errors may be given.
 */
#define deferred_gather(...) \
	deferred_gather_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_gather_at(const char *file, int line,
    struct deferred *const *inputs, size_t count, unsigned flags);

/*
 * Fires with the first value, as outcomes with `index`, and cancels all other
 * inputs, whose results are dropped; all their results belong to the race.
 * deferred_all_failed if there is no value, or no input.
 */
#define deferred_race(...) deferred_race_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_race_at(const char *file, int line,
    struct deferred *const *inputs, size_t count);

#ifdef __cplusplus
}
#endif

#endif
