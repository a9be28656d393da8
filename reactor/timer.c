/*
 * timer.c - a wheel for each digit of time; timer.h has the picture.
 *
 * All timers of a lower wheel are due before all of a higher one, since they
 * have more digits in common with the present.  So the timer that is due
 * first lies in the first used list of the lowest used wheel.  When the
 * present comes to that list, all lower wheels are empty.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "timer.h"

/* ---- setting and removing ---- */

void
reactor_timers_init(struct reactor_timers *all)
{
	size_t wheel, digit;

	*all = (struct reactor_timers){ .now_ns = 0 };
	for (wheel = 0; wheel < REACTOR_TIMER_WHEELS; wheel++)
		for (digit = 0; digit < REACTOR_TIMER_DIGITS; digit++)
			reactor_list_init(&all->lists[wheel][digit]);
}

static void
timer_put(struct reactor_timers *all, struct reactor_timer *t)
{
	uint64_t differ = t->due_ns ^ all->now_ns, digit = t->due_ns;
	unsigned wheel = 0;

	for (; differ >= REACTOR_TIMER_DIGITS;
	     differ >>= REACTOR_TIMER_DIGIT_BITS) {
		digit >>= REACTOR_TIMER_DIGIT_BITS;
		wheel++;
	}
	digit %= REACTOR_TIMER_DIGITS;
	all->used[wheel] |= UINT64_C(1) << digit;
	reactor_list_append(&all->lists[wheel][digit], &t->link);
}

void
reactor_timers_set(
    struct reactor_timers *all, struct reactor_timer *t, uint64_t due_ns)
{
	reactor_timer_remove(t);
	t->due_ns = due_ns;
	timer_put(all, t);
}

void
reactor_timer_remove(struct reactor_timer *t)
{
	reactor_list_remove(&t->link);
}

/* ---- the first list ---- */

/* The number of the lowest bit that is set; at least one is. */
static unsigned
timer_lowest_bit(uint64_t bits)
{
	unsigned number = 0, half;

	for (half = 32; half > 0; half /= 2)
		if (bits << (64 - half) == 0) {
			bits >>= half;
			number += half;
		}
	return number;
}

/*
 * The list whose timers are due first, or NULL, and the time at which it
 * begins.  reactor_timer_remove may have emptied a list, whose bit is still
 * set: such a bit is cleared here.
 */
static struct reactor_list *
timer_first_list(struct reactor_timers *all, uint64_t *begin_ns)
{
	unsigned wheel, digit, shift;

	for (wheel = 0; wheel < REACTOR_TIMER_WHEELS; wheel++)
		for (; all->used[wheel] != 0;
		    all->used[wheel] &= all->used[wheel] - 1) {
			digit = timer_lowest_bit(all->used[wheel]);
			if (reactor_list_is_empty(&all->lists[wheel][digit]))
				continue;
			shift = wheel * REACTOR_TIMER_DIGIT_BITS;
			*begin_ns = (all->now_ns >> shift) /
			    REACTOR_TIMER_DIGITS * REACTOR_TIMER_DIGITS + digit;
			*begin_ns <<= shift;
			return &all->lists[wheel][digit];
		}
	return NULL;
}

uint64_t
reactor_timers_earliest_ns(struct reactor_timers *all)
{
	uint64_t begin_ns;
	struct reactor_list *first = timer_first_list(all, &begin_ns);

	if (first == NULL)
		return UINT64_MAX;
	if (first->next->next == first)		/* it is alone */
		return reactor_container_of(first->next,
		    struct reactor_timer, link)->due_ns;
	return begin_ns;
}

/* ---- the passing of time ---- */

void
reactor_timers_take_due(
    struct reactor_timers *all, uint64_t now_ns, struct reactor_list *due)
{
	struct reactor_list *first, list, *link;
	struct reactor_timer *t;
	uint64_t begin_ns;

	reactor_list_init(due);
	while ((first = timer_first_list(all, &begin_ns)) != NULL &&
	    begin_ns <= now_ns) {
		all->now_ns = begin_ns;
		reactor_list_move(first, &list);
		while ((link = reactor_list_take_first(&list)) != NULL) {
			t = reactor_container_of(link,
			    struct reactor_timer, link);
			if (t->due_ns == begin_ns)
				reactor_list_append(due, link);
			else
				timer_put(all, t);
		}
	}
	all->now_ns = now_ns;
}

struct reactor_timer *
reactor_timer_take_first(struct reactor_list *due)
{
	struct reactor_list *link = reactor_list_take_first(due);

	return link == NULL ? NULL :
	    reactor_container_of(link, struct reactor_timer, link);
}
