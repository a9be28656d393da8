/*
 * share.h - one result for more than one: types of values that can be shared,
 * and deferreds that give their result to others.
 *
 * A deferred that is returned by a callback, or awaited, gives its result away
 * and goes on with nothing.  So one who comes second gets nothing, unless it
 * waits for a tee.
 *
 * Copy: share.h share.c CORE(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_SHARE_H
#define DEFER_SHARE_H

#include "deferred.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A pointer that somebody else owns; can be shared. */
extern const struct defer_result_type defer_result_borrowed;
/* A pointer from malloc, given to free in the end; cannot be shared. */
extern const struct defer_result_type defer_result_allocated;

/*
 * For one more reader of a result: returns a second owner of it if its type
 * can be shared (failures can) and there is memory, else moves it, leaving
 * nothing.
 */
struct defer_result defer_result_share(struct defer_result *r);

/*
 * One more deferred for what d comes to at this place of its chain, so that
 * two can wait for it.  A failure has two owners from there, and each has to
 * take it; a value too if its type can be shared.  One that cannot is the
 * new deferred's, and d goes on with nothing.  Cancelling the new one leaves
 * d alone.  NULL if there is no memory.
 */
#define deferred_tee(...) deferred_tee_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_tee_at(const char *file, int line,
    struct deferred *d);

/* Kind: a deferred was chained to one that had fired already. */
extern const struct defer_failure_kind deferred_already_fired;

/*
 * Fires b with what a comes to at this place of its chain; a goes on with
 * nothing.  Takes over the caller's reference to b.  If b was fired already,
 * the result is dropped and a goes on with deferred_already_fired.  0; or
 * -ENOMEM, and that is then what b is fired with.
 */
int deferred_chain(struct deferred *a, struct deferred *b);

#ifdef __cplusplus
}
#endif

#endif
