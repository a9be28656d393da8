/*
 * timer.h - timers, and the wheels that know which is due first.
 *
 * The one idea: write times as numbers of base 64.  A timer lies in the list
 * of the first digit in which its deadline differs from the present,
 *
 *      now       .. 5 1 40 7
 *      deadline  .. 5 3 22 9      in the list of 3 of the third wheel
 *
 * and when the present comes to that digit (.. 5 3 0 0), all of the list are
 * sorted anew, by the digits that follow.  A timer passes a few lists in its
 * life, and most are moved or cancelled before.  So setting and removing
 * cost the same few steps however many timers there are, need no memory,
 * and cannot fail.
 *
 * Equal deadlines lie in the same list, in the order in which they were set:
 * they come first in, first out.  The wheels know no clock and call nobody.
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
	void (*call)(struct reactor_timer *);	/* what to do when it is due */
	uint64_t due_ns;		/* read only: the deadline */
	struct reactor_list link; /* private; next is NULL: inactive */
};

/* A wheel for each digit of 64 bits, and on it a list for each value. */
enum {
	REACTOR_TIMER_DIGIT_BITS = 6,
	REACTOR_TIMER_DIGITS = 64,
	REACTOR_TIMER_WHEELS = 11
};

/* All timers of a loop.  The fields are private. */
struct reactor_timers {
	uint64_t now_ns;	/* when they were last taken */
	uint64_t used[REACTOR_TIMER_WHEELS]; /* a bit for each list: 0: empty */
	struct reactor_list lists[REACTOR_TIMER_WHEELS][REACTOR_TIMER_DIGITS];
};

/* Whether the timer waits to be called. */
static inline bool
reactor_timer_is_active(const struct reactor_timer *t)
{
	return t->link.next != NULL;
}

/* No timers.  Call before all else. */
void reactor_timers_init(struct reactor_timers *);

/*
 * Sets the deadline of a timer, whether it is active or not; it goes behind
 * all others of the same deadline.  Not before the time of the last
 * reactor_timers_take_due.
 */
void reactor_timers_set(
    struct reactor_timers *, struct reactor_timer *, uint64_t due_ns);

/* Makes a timer inactive, also one that was taken; harmless if it is. */
void reactor_timer_remove(struct reactor_timer *);

/*
 * Moves those that are due by now_ns to the list `due`, which it
 * initializes, in the order in which they are to be called.  They are still
 * active.
 */
void reactor_timers_take_due(
    struct reactor_timers *, uint64_t now_ns, struct reactor_list *due);

/* The first timer of such a list, inactive now; NULL if there is none. */
struct reactor_timer *reactor_timer_take_first(struct reactor_list *due);

/*
 * No timer is due before this; UINT64_MAX if there is none.  It is where the
 * first list begins if several lie there, so it may be too early: who sleeps
 * until then and finds nothing due asks again, and is told better, for there
 * the list is sorted.
 */
uint64_t reactor_timers_earliest_ns(struct reactor_timers *);

/* Makes all of them inactive. */
void reactor_timers_clear(struct reactor_timers *);

#ifdef __cplusplus
}
#endif

#endif
