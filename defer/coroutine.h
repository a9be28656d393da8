/*
 * coroutine.h - functions that wait, written top to bottom.
 *
 * A coroutine is a function that is left at each COROUTINE_AWAIT, and entered
 * again behind it when the awaited deferred has fired.  It has no stack of its
 * own: what must live across a COROUTINE_AWAIT stands in a struct of the
 * caller's, the frame, whose first member is the struct coroutine.  A call
 * costs one allocation, for the frame; a COROUTINE_AWAIT none.
 *
 *      struct greet {
 *              struct coroutine co;
 *              struct greeter *greeter;
 *      };
 *
 *      static struct defer_result
 *      greet_run(struct coroutine *co)
 *      {
 *              struct greet *my = (struct greet *)co;
 *
 *              COROUTINE_BEGIN(co);
 *              COROUTINE_AWAIT(co, ask_name(my->greeter));
 *              printf("Hello, %s\n", (char *)co->got.value);
 *              COROUTINE_END;
 *      }
 *
 *      struct deferred *
 *      greet(struct greeter *greeter)
 *      {
 *              struct greet *my = coroutine_new(sizeof(*my), greet_run, NULL);
 *
 *              if (my == NULL)
 *                      return NULL;
 *              my->greeter = greeter;
 *              return coroutine_start(&my->co);
 *      }
 *
 * How it works: COROUTINE_BEGIN opens a switch over the line where to go on,
 * 0 at first.  COROUTINE_AWAIT notes its own line, returns the awaited
 * deferred, and has a case label of that line behind the return.  When the
 * deferred has fired, the function is called again, and the switch jumps to
 * that label.  Hence three rules:
 *
 *  - local variables lose their values at a COROUTINE_AWAIT;
 *  - no COROUTINE_AWAIT stands inside a switch of one's own (in loops and
 *    conditions it may stand);
 *  - no two stand on one line.
 *
 * Copy: coroutine.h coroutine.c control.h control.c CORE(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_COROUTINE_H
#define DEFER_COROUTINE_H

#include "deferred.h"
#include "result.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the frame ---- */

/* The part of a frame that makes it wait; its first member. */
struct coroutine {
	/*
	 * What the last COROUTINE_AWAIT brought.  It is destroyed at the next
	 * one, or at the end, if it is still here.
	 */
	struct defer_result got;
	/*
	 * The result of the whole.  It counts as fired from the start on.  To
	 * free a frame that was never started, release it.
	 */
	struct deferred deferred;
	/* The rest is private. */
	struct defer_result (*run)(struct coroutine *co);
	void (*cleanup)(struct coroutine *co);
	int line;			/* where to go on; 0: the beginning */
	bool ended;
};

/*
 * Allocates a frame of `size` bytes, zeroed but for its struct coroutine,
 * with which it begins.  `run` is the function.  `cleanup`, or NULL, is called
 * once when the function has ended, however it ended, before anybody sees the
 * result; it frees what the frame owns, not the frame.  NULL without memory.
 */
#define coroutine_new(...) coroutine_new_at(__FILE__, __LINE__, __VA_ARGS__)
void *coroutine_new_at(const char *file, int line, size_t size,
    struct defer_result (*run)(struct coroutine *co),
    void (*cleanup)(struct coroutine *co));

/*
 * Calls the function up to the first COROUTINE_AWAIT that has to wait.  Returns
 * the frame's deferred, and with it the caller's only reference: after that
 * is released the coroutine still runs to its end, and the frame is freed
 * after both.
 *
 * Cancelling the deferred cancels what the function awaits.  If it awaits
 * nothing, since it runs (and cancels itself) or is paused, the next deferred
 * for which it has to wait is cancelled.  A function that catches the failure
 * (COROUTINE_AWAIT_RESULT) goes on.  One whose deferred was cancelled before
 * the start never begins.
 */
struct deferred *coroutine_start(struct coroutine *co);

/* ---- in the function ---- */

/* First line of the function, behind its declarations. */
#define COROUTINE_BEGIN(co)						\
	switch ((co)->line) {						\
	case 0:;

/*
 * Last line: a function that comes here returns nothing.  Before, it may
 * return any result; a deferred is waited for in the caller's place, after
 * the frame's cleanup.
 */
#define COROUTINE_END							\
	}								\
	return defer_result_none()

/*
 * Waits for a deferred, whose reference it takes over.  Its value is then in
 * (co)->got.  A failure ends the function with that failure, as an exception
 * would.  NULL is the failure that memory is out.
 */
#define COROUTINE_AWAIT(co, d)						\
	do {								\
		COROUTINE_AWAIT_RESULT(co, d);				\
		if (defer_result_is_failure((co)->got))			\
			return coroutine_take(co);			\
	} while (0)

/* The same, but a failure is in (co)->got like a value: look at it. */
#define COROUTINE_AWAIT_RESULT(co, d)					\
	do {								\
		if (coroutine_must_wait((co), (d), __LINE__)) {		\
			return coroutine_take(co);			\
		case __LINE__:;						\
		}							\
	} while (0)

/* Moves what the last COROUTINE_AWAIT brought out of the frame, to keep it. */
static inline struct defer_result
coroutine_take(struct coroutine *co)
{
	return defer_result_take(&co->got);
}

/*
 * Private, for COROUTINE_AWAIT: puts what d has into co->got and returns
 * false, or notes where to go on, puts d there, and returns true.
 */
bool coroutine_must_wait(struct coroutine *co, struct deferred *d, int line);

#ifdef __cplusplus
}
#endif

#endif
