/*
 * timer.h - timers, and the wheels that know which timer is due first.
 *
 * The one idea: write times as numbers of base 64, and give each digit a
 * wheel: a list for each of its 64 values.  Wheel 0 is for the last digit.
 *
 *      wheel     ..  3   2   1   0
 *      now       ..  5   1  40   7
 *      deadline  ..  5   3  22   9
 *
 * Read from the left, this deadline first differs from the present in the
 * digit of wheel 2.  So its timer lies on wheel 2, in the list of 3.  When
 * the present comes to the time at which that list begins (.. 5 3 0 0), each
 * of its timers moves to a lower wheel, by the same rule.  A timer moves a
 * few times in its life, and most are set anew or removed before.  So
 * setting and removing cost a few steps, however many timers there are.
 * They need no memory and cannot fail.
 *
 * Timers with the same deadline lie in the same list, in the order in which
 * they were set: first in, first out.  This module knows no clock and calls
 * nobody; reactor.h has the calls that programs use.
 *
 * Copy: timer.h timer.c list.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_TIMER_H
#define REACTOR_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "list.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One call in the future.  All zero is a timer that is not active. */
struct reactor_timer {
	void (*call)(struct reactor_timer *);	/* for the timers' user */
	uint64_t due_ns;		/* read only: the deadline */
	struct reactor_list link;	/* private; in no list: inactive */
};

/* 11 digits of 6 bits hold a time of 64 bits. */
enum {
	REACTOR_TIMER_DIGIT_BITS = 6,
	REACTOR_TIMER_DIGITS = 64,
	REACTOR_TIMER_WHEELS = 11
};

/* All timers of a loop.  The fields are private. */
struct reactor_timers {
	uint64_t now_ns;	/* the present */
	uint64_t used[REACTOR_TIMER_WHEELS]; /* a bit for each list: 0: empty */
	struct reactor_list lists[REACTOR_TIMER_WHEELS][REACTOR_TIMER_DIGITS];
};

/* Whether the timer waits to be called. */
static inline bool
reactor_timer_is_active(const struct reactor_timer *t)
{
	return !reactor_list_is_empty(&t->link);
}

/* Begins with no timers, at the time 0.  Call it first. */
void reactor_timers_init(struct reactor_timers *);

/*
 * Sets the deadline of a timer, whether it is active or not.  The timer goes
 * behind all others of the same deadline.  The deadline is not before the
 * time of the last reactor_timers_take_due.
 */
void reactor_timers_set(
    struct reactor_timers *, struct reactor_timer *, uint64_t due_ns);

/* Makes a timer inactive, also one in a list of due ones; or does nothing. */
void reactor_timer_remove(struct reactor_timer *);

/*
 * Makes now_ns the present, and moves the timers that are due by then to the
 * list `due`, in the order in which they are to be called.  They are still
 * active.  `due` is initialized here; now_ns never runs backwards.
 */
void reactor_timers_take_due(
    struct reactor_timers *, uint64_t now_ns, struct reactor_list *due);

/* Takes the first timer of such a list, and makes it inactive; or NULL. */
struct reactor_timer *reactor_timer_take_first(struct reactor_list *due);

/*
 * A time before which no timer is due; UINT64_MAX if there is none.  When
 * the first list holds several timers it is the time at which that list
 * begins, which may be too early.  Whoever sleeps until then finds nothing
 * due, but reactor_timers_take_due has spread that list: the next answer is
 * better.
 */
uint64_t reactor_timers_earliest_ns(struct reactor_timers *);

#ifdef __cplusplus
}
#endif

#endif
