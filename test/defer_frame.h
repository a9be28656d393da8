/*
 * defer_frame.h - the coroutines that the tests of defer/coroutine share.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_DEFER_FRAME_H
#define SPINDLE_TEST_DEFER_FRAME_H

#include "../defer/coroutine.h"
#include "defer_probe.h"

/* What the functions below write down. */
static struct probe_log defer_log;

/* One frame for all the functions below. */
struct frame {
	struct coroutine co;
	struct deferred *first, *second;	/* what it awaits */
	long count;
	int *cleaned;
};

static inline struct frame *
frame_of(struct coroutine *co)
{
	return (struct frame *)co;
}

static inline void
frame_cleanup(struct coroutine *co)
{
	struct frame *my = frame_of(co);

	if (my->cleaned != NULL)
		++*my->cleaned;
}

static inline struct frame *
frame_new(struct defer_result (*run)(struct coroutine *co),
    struct deferred *first, struct deferred *second)
{
	struct frame *my = coroutine_new(sizeof(*my), run, frame_cleanup);

	if (my != NULL) {
		my->first = first;
		my->second = second;
	}
	return my;
}

static inline struct deferred *
start(struct defer_result (*run)(struct coroutine *co), struct deferred *first,
    struct deferred *second)
{
	return coroutine_start(&frame_new(run, first, second)->co);
}

/* Writes down what two deferreds bring, one after the other. */
static inline struct defer_result
two_steps(struct coroutine *co)
{
	struct frame *my = frame_of(co);

	COROUTINE_BEGIN(co);
	strcat(defer_log.text, "begin ");
	COROUTINE_AWAIT(co, my->first);
	probe_write(&defer_log, "first", co->got);
	COROUTINE_AWAIT(co, my->second);
	probe_write(&defer_log, "second", co->got);
	COROUTINE_END;
}

/* The same, but catches failures, and returns the second result. */
static inline struct defer_result
catcher(struct coroutine *co)
{
	struct frame *my = frame_of(co);

	COROUTINE_BEGIN(co);
	COROUTINE_AWAIT_RESULT(co, my->first);
	probe_write(&defer_log, "caught", co->got);
	COROUTINE_AWAIT_RESULT(co, my->second);
	probe_write(&defer_log, "caught", co->got);
	return coroutine_take(co);
	COROUTINE_END;
}

/* Awaits the one before it in a row. */
static inline struct defer_result
awaits_first(struct coroutine *co)
{
	COROUTINE_BEGIN(co);
	COROUTINE_AWAIT(co, frame_of(co)->first);
	return coroutine_take(co);
	COROUTINE_END;
}

#endif
