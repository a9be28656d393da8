/*
 * timer.c - a heap with four children to a node: half as deep as with two,
 * and the four lie side by side in memory.
 *
 * An entry carries its own copy of the deadline, so that ordering touches
 * no timer.  The copy may be older, that is earlier, than the timer's: see
 * timer.h.  Only a timer that is called must be true to its entry, and
 * timer_heap_due makes it so.
 */
#include "timer.h"

#include <errno.h>
#include <stdlib.h>

/* Earlier deadline first; of equal ones, the one set first. */
static inline bool
timer_entry_before(const struct timer_entry *a, const struct timer_entry *b)
{
	if (a->due_ns != b->due_ns)
		return a->due_ns < b->due_ns;
	return a->serial < b->serial;
}

static inline void
timer_heap_put(struct timer_heap *heap, size_t i, struct timer_entry entry)
{
	heap->entries[i] = entry;
	entry.timer->slot = i + 1;
}

/* Moves the hole at i towards the top until `entry` fits there. */
static void
timer_heap_rise(struct timer_heap *heap, size_t i, struct timer_entry entry)
{
	size_t parent;

	while (i > 0) {
		parent = (i - 1) / 4;
		if (!timer_entry_before(&entry, &heap->entries[parent]))
			break;
		timer_heap_put(heap, i, heap->entries[parent]);
		i = parent;
	}
	timer_heap_put(heap, i, entry);
}

/* The earliest child of i, whose first child is at `first`. */
static size_t
timer_heap_first_child(const struct timer_heap *heap, size_t first)
{
	size_t end = first + 4 < heap->count ? first + 4 : heap->count;
	size_t best = first, child;

	for (child = first + 1; child < end; child++)
		if (timer_entry_before(&heap->entries[child],
		    &heap->entries[best]))
			best = child;
	return best;
}

/* Moves the hole at i towards the bottom until `entry` fits there. */
static void
timer_heap_sink(struct timer_heap *heap, size_t i, struct timer_entry entry)
{
	size_t child;

	while (i * 4 + 1 < heap->count) {
		child = timer_heap_first_child(heap, i * 4 + 1);
		if (!timer_entry_before(&heap->entries[child], &entry))
			break;
		timer_heap_put(heap, i, heap->entries[child]);
		i = child;
	}
	timer_heap_put(heap, i, entry);
}

static int
timer_heap_reserve(struct timer_heap *heap)
{
	size_t capacity = heap->capacity > 0 ? heap->capacity * 2 : 16;
	struct timer_entry *entries;

	if (heap->count < heap->capacity)
		return 0;
	if (capacity > SIZE_MAX / sizeof(*entries))
		return -ENOMEM;
	entries = realloc(heap->entries, capacity * sizeof(*entries));
	if (entries == NULL)
		return -ENOMEM;
	heap->entries = entries;
	heap->capacity = capacity;
	return 0;
}

int
timer_heap_set(struct timer_heap *heap, struct timer *t, uint64_t due_ns)
{
	struct timer_entry entry = { due_ns, heap->serial, t };
	int error;

	if (t->slot == 0) {
		error = timer_heap_reserve(heap);
		if (error != 0)
			return error;
		t->slot = ++heap->count;
	} else if (due_ns >= heap->entries[t->slot - 1].due_ns) {
		t->due_ns = due_ns;	/* back in time: it sinks later */
		t->serial = heap->serial++;
		return 0;
	}
	heap->serial++;
	t->due_ns = due_ns;
	t->serial = entry.serial;
	timer_heap_rise(heap, t->slot - 1, entry);
	return 0;
}

void
timer_heap_remove(struct timer_heap *heap, struct timer *t)
{
	size_t hole = t->slot - 1;
	struct timer_entry last;

	if (t->slot == 0)
		return;
	t->slot = 0;
	last = heap->entries[--heap->count];
	if (hole == heap->count)
		return;
	if (hole > 0 &&
	    timer_entry_before(&last, &heap->entries[(hole - 1) / 4]))
		timer_heap_rise(heap, hole, last);
	else
		timer_heap_sink(heap, hole, last);
}

struct timer *
timer_heap_due(struct timer_heap *heap, uint64_t now_ns)
{
	struct timer_entry entry;

	while (timer_heap_earliest_ns(heap) <= now_ns && heap->count > 0) {
		entry = heap->entries[0];
		if (entry.serial == entry.timer->serial)
			return entry.timer;
		entry.due_ns = entry.timer->due_ns;
		entry.serial = entry.timer->serial;
		timer_heap_sink(heap, 0, entry);
	}
	return NULL;
}

uint64_t
timer_heap_earliest_ns(const struct timer_heap *heap)
{
	return heap->count > 0 ? heap->entries[0].due_ns : UINT64_MAX;
}

void
timer_heap_free(struct timer_heap *heap)
{
	size_t i;

	for (i = 0; i < heap->count; i++)
		heap->entries[i].timer->slot = 0;
	free(heap->entries);
	*heap = (struct timer_heap){ .serial = heap->serial };
}
