/*
 * timer.c - a wheel for each digit of time; timer.h explains them.
 *
 * All that is on a lower wheel is due before all that is on a higher one:
 * it has more digits in common with the present.  So what is due first lies
 * in the first list in use of the lowest wheel in use.  When the present
 * comes to it, the lower wheels are empty, and it is spread over them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "timer.h"

#include <stddef.h>

static void
timers_put(struct reactor_timers *all, struct reactor_timer *t)
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

/* The number of the lowest bit that is set, of at least one. */
static unsigned
timers_lowest_bit(uint64_t bits)
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
 * The list of those due first, or NULL, and the time at which it begins.
 * A list that was emptied by reactor_timer_remove still counts as used: it is
 * found out here.
 */
static struct reactor_list *
timers_first_list(struct reactor_timers *all, uint64_t *begin_ns)
{
	unsigned wheel, digit, shift;

	for (wheel = 0; wheel < REACTOR_TIMER_WHEELS; wheel++)
		for (; all->used[wheel] != 0;
		    all->used[wheel] &= all->used[wheel] - 1) {
			digit = timers_lowest_bit(all->used[wheel]);
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

void
reactor_timers_init(struct reactor_timers *all)
{
	size_t wheel, digit;

	*all = (struct reactor_timers){ .now_ns = 0 };
	for (wheel = 0; wheel < REACTOR_TIMER_WHEELS; wheel++)
		for (digit = 0; digit < REACTOR_TIMER_DIGITS; digit++)
			reactor_list_init(&all->lists[wheel][digit]);
}

void
reactor_timers_set(
    struct reactor_timers *all, struct reactor_timer *t, uint64_t due_ns)
{
	reactor_timer_remove(t);
	t->due_ns = due_ns;
	timers_put(all, t);
}

void
reactor_timer_remove(struct reactor_timer *t)
{
	if (!reactor_timer_is_active(t))
		return;
	reactor_list_remove(&t->link);
	t->link.next = NULL;
}

static struct reactor_timer *
timer_of(struct reactor_list *link)
{
	return (struct reactor_timer *)((char *)link -
	    offsetof(struct reactor_timer, link));
}

void
reactor_timers_take_due(
    struct reactor_timers *all, uint64_t now_ns, struct reactor_list *due)
{
	struct reactor_list *first, list, *link;
	uint64_t begin_ns;

	reactor_list_init(due);
	while ((first = timers_first_list(all, &begin_ns)) != NULL &&
	    begin_ns <= now_ns) {
		all->now_ns = begin_ns;
		reactor_list_move(first, &list);
		while ((link = reactor_list_take_first(&list)) != NULL)
			if (timer_of(link)->due_ns == begin_ns)
				reactor_list_append(due, link);
			else
				timers_put(all, timer_of(link));
	}
	all->now_ns = now_ns;
}

struct reactor_timer *
reactor_timer_take_first(struct reactor_list *due)
{
	struct reactor_timer *t;

	if (reactor_list_is_empty(due))
		return NULL;
	t = timer_of(due->next);
	reactor_timer_remove(t);
	return t;
}

uint64_t
reactor_timers_earliest_ns(struct reactor_timers *all)
{
	uint64_t begin_ns;
	struct reactor_list *first = timers_first_list(all, &begin_ns);

	if (first == NULL)
		return UINT64_MAX;
	/* One alone is known exactly; of more, where their list begins. */
	return first->next->next == first ?
	    timer_of(first->next)->due_ns : begin_ns;
}

void
reactor_timers_clear(struct reactor_timers *all)
{
	struct reactor_list *first;
	uint64_t begin_ns;

	while ((first = timers_first_list(all, &begin_ns)) != NULL)
		reactor_timer_remove(timer_of(first->next));
}
