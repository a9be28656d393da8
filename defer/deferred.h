/*
 * deferred.h - a deferred: the promise of a result.
 *
 * Whoever will know the result makes a deferred and hands it out; whoever
 * wants it attaches callbacks, which are run in order when the deferred is
 * fired.  Each is given what the one before returned:
 *
 *      fire(value) --> callback --> callback --> ...   the value track
 *                          \  ,---^
 *      fire(failure) -> errback --> errback ---> ...   the failure track
 *
 * Two rules carry everything.  A callback owns the result it is given and
 * returns one that it owns.  And every pair that was attached is passed
 * exactly once: a deferred whose last reference goes before it was fired
 * fails with deferred_abandoned.  So what add_both attached runs in any case,
 * and is the place to free things.
 *
 * A function that makes deferreds returns NULL if there is no memory, and
 * every function here takes NULL for "a deferred that failed so".
 *
 * All is synchronous: firing runs callbacks before it returns.  Links made by
 * returning a deferred, however many, need no stack; a callback that calls
 * deferred_fire on another one does.  A deferred belongs to one thread.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_DEFERRED_H
#define DEFER_DEFERRED_H

#include "failure.h"
#include "result.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A callback or errback: owns `in`, returns what the next one gets.  A
 * failure returned goes to the next errback; a deferred returned (a reference
 * to it) makes the chain wait for what comes out of it.  It may do anything
 * to its own deferred: add, pause, cancel, release.
 */
typedef struct defer_result deferred_fn(void *ctx, struct defer_result in);

/* What a canceller answers. */
enum deferred_cancelling {
	DEFERRED_STOPPED,	/* it is over: fails, unless it was fired */
	DEFERRED_STOPPING	/* it will be fired when it has ended */
};

/*
 * Stops the work whose result d would be.  It may fire d with whatever it
 * likes.  Not called again once d is fired.
 */
typedef enum deferred_cancelling deferred_canceller(void *ctx,
    struct deferred *d);

/* A place in a program's source. */
struct deferred_place {
	const char *file;
	int line;
};

/*
 * This very place.  What makes a deferred is a macro, which tells the
 * function behind it where the call stands, for deferred_on_unhandled.
 */
#define DEFERRED_HERE ((struct deferred_place){__FILE__, __LINE__})

/* Private: one pair of functions in the chain. */
struct deferred_pair {
	deferred_fn *callback, *errback;	/* NULL: passes it on */
	void *ctx;
};

/* Private: how many pairs need no allocation. */
enum { DEFERRED_ROOM = 2 };

/*
 * All members are private; it is declared here so that it can be embedded in
 * the struct of the work it stands for (deferred_init).
 */
struct deferred {
	struct defer_result result;		/* what it has, or waits for */
	struct deferred_pair *pairs;	/* in use: from `first` to `end` */
	uint32_t first, end, capacity;
	uint32_t refs, pauses;
	bool fired : 1;
	bool running : 1;		/* a loop has it in its hands */
	bool cancelling : 1;		/* its canceller is being called */
	bool eats_one : 1;		/* of two fires, swallow the second */
	bool repeats : 1;		/* coroutine.c: call this pair again */
	bool coroutine : 1; /* a cancel waits for its next COROUTINE_AWAIT */
	bool cancel_later : 1;
	struct deferred_place made;
	struct deferred *next;		/* in the list of a running loop */
	deferred_canceller *canceller;
	void *canceller_ctx;
	void (*destroy)(struct deferred *d);
	struct deferred_pair room[DEFERRED_ROOM];
};

/* Kinds: it was cancelled; and its failure, a constant. */
extern const struct defer_failure_kind deferred_cancelled;
extern const struct defer_failure deferred_was_cancelled;
/* Its last reference went before it was fired, so it never will be. */
extern const struct defer_failure_kind deferred_abandoned;
/* It waits for itself: a callback returned its own deferred, or see cancel. */
extern const struct defer_failure_kind deferred_deadlock;
/* deferred_chain found that the second deferred was fired already. */
extern const struct defer_failure_kind deferred_already_fired;

/*
 * A new deferred, not fired, in one allocation.  The caller has the only
 * reference; one who keeps it to fire it and returns it to be waited for
 * needs two:
 *
 *      request->deferred = d;
 *      return deferred_ref(d);
 *
 * The canceller, or NULL if the work cannot be stopped, gets ctx, and is
 * forgotten when d is fired.  NULL if there is no memory.
 */
#define deferred_new(...) deferred_new_at(DEFERRED_HERE, __VA_ARGS__)
struct deferred *deferred_new_at(struct deferred_place,
    deferred_canceller *canceller, void *ctx);

/*
 * The same for a deferred that is part of another struct.  At the last
 * release `destroy` is called and frees the whole; until then it must not
 * move.
 */
#define deferred_init(...) deferred_init_at(DEFERRED_HERE, __VA_ARGS__)
void deferred_init_at(struct deferred_place, struct deferred *d,
    deferred_canceller *canceller, void *ctx,
    void (*destroy)(struct deferred *d));

/*
 * The deferred of any result: a new one that was fired with it, or the very
 * one that the result holds.  With a call as its argument it is Twisted's
 * maybeDeferred, with a value or a failure its succeed and fail:
 *
 *      return deferred_of(defer_result_failure(f));
 */
#define deferred_of(...) deferred_of_at(DEFERRED_HERE, __VA_ARGS__)
struct deferred *deferred_of_at(struct deferred_place, struct defer_result r);

/* One more reference; returns d. */
struct deferred *deferred_ref(struct deferred *d);

/*
 * Gives up one reference.  With the last one a deferred not yet fired is
 * abandoned, pauses are void, and a failure that nobody took goes to the
 * hook below.
 */
void deferred_release(struct deferred *d);

/*
 * Attaches a pair.  If d was fired and is idle, it runs before this returns.
 * Either function may be NULL: that track passes by.  ctx is the caller's
 * affair.  0; or -ENOMEM, and then d is as it was and neither is ever called.
 * The first two pairs that wait in a new deferred always find room.
 */
int deferred_add_callbacks(struct deferred *d, deferred_fn *callback,
    deferred_fn *errback, void *ctx);

/* The same with a function for values only. */
int deferred_add_callback(struct deferred *d, deferred_fn *fn, void *ctx);

/* The same with a function for failures only. */
int deferred_add_errback(struct deferred *d, deferred_fn *fn, void *ctx);

/* The same with one function for whatever comes. */
int deferred_add_both(struct deferred *d, deferred_fn *fn, void *ctx);

/*
 * Fires d with a value, nothing, or a failure, and runs its callbacks.  The
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

/*
 * If d was fired and has nothing more to run, moves its result out and
 * returns true; d is left with nothing.  A failure moved out is handled.
 */
bool deferred_take(struct deferred *d, struct defer_result *out);

/* True once d was fired, or the function of a coroutine has begun. */
bool deferred_has_fired(const struct deferred *d);

/* Holds its callbacks back until as many unpauses have followed. */
void deferred_pause(struct deferred *d);

/* 0, or -EINVAL if d is not paused. */
int deferred_unpause(struct deferred *d);

/*
 * Nobody wants the result any more.  If d waits for another deferred, that
 * one is cancelled, and so on to the innermost; the chain goes on with what
 * comes out of it.  If that one was not fired, its canceller is called, and
 * unless this fires it or answers DEFERRED_STOPPING, it fails with
 * deferred_cancelled.  The caller keeps its reference to d.  Deferreds that
 * wait for each other in a circle stand still until one is cancelled, which
 * opens the circle with deferred_deadlock.
 */
void deferred_cancel(struct deferred *d);

/*
 * Fires b with what a comes to at this place of its chain; a goes on with
 * nothing.  Takes over the caller's reference to b.  If b was fired already,
 * the result is dropped and a goes on with deferred_already_fired.  0; or
 * -ENOMEM, and that is then what b is fired with.
 */
int deferred_chain(struct deferred *a, struct deferred *b);

/*
 * One more deferred for what d comes to at this place of its chain, so that
 * two can wait for it.  A failure has two owners from there, and each has to
 * take it; a value too if its type can be shared.  One that cannot is the
 * new deferred's, and d goes on with nothing.  Cancelling the new one leaves
 * d alone.  NULL if there is no memory.
 */
#define deferred_tee(...) deferred_tee_at(DEFERRED_HERE, __VA_ARGS__)
struct deferred *deferred_tee_at(struct deferred_place, struct deferred *d);

/*
 * The program's hook for failures that nobody took: called at the last
 * release with the failure, borrowed, and the place where the deferred was
 * made.  Abandonment itself is not reported.  It may not use the deferred.
 * One hook for the whole process, to be set before other threads start;
 * NULL, which is how it begins, reports nothing.
 */
typedef void deferred_unhandled_fn(void *ctx, const struct defer_failure *f,
    const char *file, int line);
void deferred_on_unhandled(deferred_unhandled_fn *hook, void *ctx);

#ifdef __cplusplus
}
#endif

#endif
