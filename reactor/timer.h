/*
 * timer.h - timers, and the heap that knows which is due first.
 *
 * The heap knows no clock and calls nobody: it orders deadlines.  Equal
 * deadlines come first in, first out.  A timer is memory of its user's; the
 * heap holds a pointer to it while it is active.
 *
 * The one idea: moving a deadline back, which is what happens to most
 * timers most of the time, only writes the new deadline down.  The heap
 * keeps the timer where it is and lets it sink when its old deadline is over.
 */
#ifndef REACTOR_TIMER_H
#define REACTOR_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One call in the future.  All zero is a timer that is not active. */
struct timer {
	void (*call)(struct timer *);	/* what to do when it is due */
	uint64_t due_ns;		/* read only: the deadline */
	uint64_t serial;		/* private: orders equal deadlines */
	size_t slot;			/* private: 1 + index; 0: inactive */
};

/* Private: a place in the heap.  It may be older than its timer's deadline. */
struct timer_entry {
	uint64_t due_ns, serial;
	struct timer *timer;
};

/* All zero is an empty heap. */
struct timer_heap {
	struct timer_entry *entries;	/* private */
	size_t count, capacity;		/* count: active timers, read only */
	uint64_t serial;		/* read only: that of the next timer */
};

/* Whether the timer waits in a heap. */
static inline bool
timer_is_active(const struct timer *t)
{
	return t->slot != 0;
}

/*
 * Sets the deadline of a timer, whether it is active or not; it goes behind
 * all others of the same deadline.  -ENOMEM if an inactive timer finds no
 * room; an active one always succeeds.
 */
int timer_heap_set(struct timer_heap *, struct timer *, uint64_t due_ns);

/* Makes a timer inactive; harmless if it is. */
void timer_heap_remove(struct timer_heap *, struct timer *);

/* The first timer that is due by now_ns, still in the heap, or NULL. */
struct timer *timer_heap_due(struct timer_heap *, uint64_t now_ns);

/*
 * No timer is due before this; UINT64_MAX if there is none.  It is too early
 * if the deadline of the timer on top was moved back: who sleeps until then
 * finds nothing due, and may ask again.
 */
uint64_t timer_heap_earliest_ns(const struct timer_heap *);

/* Frees the heap's memory; the timers left in it become inactive. */
void timer_heap_free(struct timer_heap *);

#endif
