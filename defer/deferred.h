/*
 * deferred.h - a deferred: the promise of a result.
 *
 * Whoever will know the result, the producer, makes a deferred and returns it.
 * Whoever wants the result, the consumer, attaches callbacks, which are called
 * in order when the deferred is fired.  Each gets what the one before returned:
 *
 *      fire(value) --> callback --> callback --> ...   the value track
 *                          \  ,---^
 *      fire(failure) -> errback --> errback ---> ...   the failure track
 *
 * A callback owns the result it gets and returns one that it owns.  Every
 * pair that was attached has its turn exactly once: a deferred whose last
 * reference goes before it was fired fails with deferred_abandoned.  So what
 * deferred_add_both attached is called in any case; there things are freed.
 *
 * A function that makes deferreds returns NULL if there is no memory, and
 * every function here takes NULL for "a deferred that failed so".
 *
 * Firing calls the callbacks before it returns.  Deferreds that wait for each
 * other, however many, need no stack; a callback that calls deferred_fire on
 * another one does.  A deferred belongs to one thread.
 *
 * Copy: CORE(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_DEFERRED_H
#define DEFER_DEFERRED_H

#include "failure.h"
#include "result.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct deferred;

/*
 * A callback or errback: owns `in`, returns what the next one gets.  A
 * failure returned goes to the next errback; a deferred returned (a reference
 * to it) makes the chain wait for what comes out of it, or fail at once with
 * deferred_deadlock if that one waits for this one, directly or by way of
 * others.  It may do anything to its own deferred: add, cancel, release ...
 */
typedef struct defer_result deferred_fn(void *ctx, struct defer_result in);

/* What a canceller answers. */
enum deferred_cancelling {
	DEFERRED_STOPPED,	/* it is over: fails, unless it was fired */
	DEFERRED_STOPPING	/* it will be fired when it has ended */
};

/*
 * Stops the work whose result d would be, since nobody wants it any more.  It
 * may fire d with whatever it likes.
 */
typedef enum deferred_cancelling deferred_canceller(void *ctx,
    struct deferred *d);

/* Private: one pair of functions in the chain. */
struct deferred_pair {
	deferred_fn *callback, *errback;	/* NULL: for that track none */
	void *ctx;
};

/* Private: how many pairs need no allocation. */
enum { DEFERRED_ROOM = 2 };

/*
 * All members are private; it is declared here so that it can be part of the
 * struct of the work it stands for (deferred_init).
 */
struct deferred {
	struct defer_result result;	/* what it has, or waits for */
	struct deferred_pair *pairs;	/* those not yet called: first to end */
	size_t first, end, capacity;
	unsigned refs, pauses;		/* while it is paused, nothing runs */
	bool fired : 1;
	bool running : 1;		/* a loop has it in its list */
	bool again : 1;			/* set in a callback: call it again */
	bool cancelling : 1;		/* its canceller is being called */
	bool cancelled : 1;		/* it was cancelled after the fire */
	bool eats_one : 1;		/* of two fires, swallow the second */
	bool awaited : 1;		/* another has begun to wait for it */
	int line;			/* where it was made */
	const char *file;
	struct deferred *next;		/* in the list of a running loop */
	deferred_canceller *canceller;
	void *canceller_ctx;
	void (*destroy)(struct deferred *d);	/* NULL: it is freed */
	struct deferred_pair room[DEFERRED_ROOM];
};

/* Kinds: its last reference went before the fire; it would wait for itself. */
extern const struct defer_failure_kind deferred_abandoned, deferred_deadlock;

/* ---- making ---- */

/*
 * A new deferred, not fired, in one allocation.  The caller has the only
 * reference; one who keeps it to fire it and returns it to be waited for
 * needs two:
 *
 *      request->deferred = d;
 *      return deferred_ref(d);
 *
 * The canceller, or NULL if the work cannot be stopped, gets ctx, and is
 * forgotten when d is fired.  NULL if there is no memory.  Like all that
 * makes deferreds it is a macro, which passes on where the call stands.
 */
#define deferred_new(...) deferred_new_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_new_at(const char *file, int line,
    deferred_canceller *canceller, void *ctx);

/*
 * The same for a deferred that is part of another struct.  At the last
 * release `destroy` is called and frees the whole (NULL: the struct begins
 * with d and is given to free); until then it must not move.
 */
#define deferred_init(...) deferred_init_at(__FILE__, __LINE__, __VA_ARGS__)
void deferred_init_at(const char *file, int line, struct deferred *d,
    deferred_canceller *canceller, void *ctx,
    void (*destroy)(struct deferred *d));

/*
 * The deferred of any result: a new one that was fired with it, or the very
 * one that the result holds.  With a call as its argument it is Twisted's
 * maybeDeferred, with a value or a failure its succeed and fail:
 *
 *      return deferred_of(defer_result_failure(f));
 */
#define deferred_of(...) deferred_of_at(__FILE__, __LINE__, __VA_ARGS__)
struct deferred *deferred_of_at(const char *file, int line,
    struct defer_result r);

/* One more reference; returns d. */
struct deferred *deferred_ref(struct deferred *d);

/*
 * Gives up one reference.  With the last one a deferred not yet fired is
 * abandoned, pauses are void, and a failure that nobody took goes to the
 * hook below.
 */
void deferred_release(struct deferred *d);

/* ---- attaching ---- */

/*
 * Attaches a pair.  If d was fired and is idle, it runs before this returns.
 * Either function may be NULL: the result of that track goes on to the next
 * pair.  0; or -ENOMEM, and then d is as it was and neither is ever called.
 * The first two pairs that wait in a new deferred always find room.
 */
int deferred_add_callbacks(struct deferred *d, deferred_fn *callback,
    deferred_fn *errback, void *ctx);

/* The same with a function for values only. */
static inline int
deferred_add_callback(struct deferred *d, deferred_fn *fn, void *ctx)
{
	return deferred_add_callbacks(d, fn, NULL, ctx);
}

/* The same with a function for failures only. */
static inline int
deferred_add_errback(struct deferred *d, deferred_fn *fn, void *ctx)
{
	return deferred_add_callbacks(d, NULL, fn, ctx);
}

/* The same with one function for whatever comes. */
static inline int
deferred_add_both(struct deferred *d, deferred_fn *fn, void *ctx)
{
	return deferred_add_callbacks(d, fn, fn, ctx);
}

/* ---- firing ---- */

/*
 * Fires d with a value, nothing, or a failure, and calls its callbacks.  The
 * result is taken over in any case.  0; -EALREADY if d was fired before;
 * -EINVAL for a result that is a deferred (see deferred_of).  After a cancel
 * of a deferred without a canceller, one fire answers 0 and is swallowed.
 */
int deferred_fire(struct deferred *d, struct defer_result r);

/*
 * What most producers do when they are done: takes the deferred out of *d,
 * fires it and releases it.  -EALREADY if *d is NULL; r is taken in any case.
 */
int deferred_finish(struct deferred **d, struct defer_result r);

/* True once d was fired. */
static inline bool
deferred_has_fired(const struct deferred *d)
{
	return d == NULL || d->fired;
}

/* ---- waiting ---- */

/*
 * A result that is d: wait for it, and whatever comes out of it is the
 * result.  Takes over the caller's reference.  NULL gives the failure that
 * memory is out.
 */
struct defer_result defer_result_deferred(struct deferred *d);
extern const struct defer_result_type defer_result_type_deferred;

/*
 * If d was fired and has nothing more to run, moves its result out and
 * returns true; d is left with nothing.  A failure moved out is handled.
 */
bool deferred_take(struct deferred *d, struct defer_result *out);

/* ---- failures that nobody took ---- */

/*
 * The program's hook for them: called at the last release with the failure,
 * borrowed, and the place where the deferred was made.  Abandonment itself is
 * not reported.  It may not use the deferred.  One hook for the whole process,
 * to be set before other threads start; NULL, which is how it begins, reports
 * nothing.
 */
typedef void deferred_unhandled_fn(void *ctx, const struct defer_failure *f,
    const char *file, int line);
void deferred_on_unhandled(deferred_unhandled_fn *hook, void *ctx);

/* ---- for other modules of this folder ---- */

/* Runs what can be run of d, after a change of its members. */
void deferred_run(struct deferred *d);

/*
 * Fires d from inside a callback of `from`, which may do so once: d runs when
 * the callback has returned, before the rest of `from`, and needs no stack.
 * 0 or -EALREADY.
 */
int deferred_fire_from(
    struct deferred *from, struct deferred *d, struct defer_result r);

#ifdef __cplusplus
}
#endif

#endif
