/*
 * reactor_heap_test.c - the heap of timers against a naive model, and without
 * memory.
 */
#include "../reactor/timer.h"
#include "alloc.h"
#include "check.h"

#include <errno.h>

enum { TIMERS = 300, STEPS = 100000 };

static unsigned long long seed = 88172645463325252u;

static unsigned
draw(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % below;
}

static struct timer timers[TIMERS];
static struct {
	uint64_t due_ns, order;
	bool active;
} model[TIMERS];

/* The first of the model that is due by now, or -1. */
static int
model_due(uint64_t now_ns)
{
	int i, best = -1;

	for (i = 0; i < TIMERS; i++)
		if (model[i].active && model[i].due_ns <= now_ns &&
		    (best < 0 || model[i].due_ns < model[best].due_ns ||
		    (model[i].due_ns == model[best].due_ns &&
		    model[i].order < model[best].order)))
			best = i;
	return best;
}

static void
take_due(struct timer_heap *heap, uint64_t now_ns)
{
	struct timer *t;
	int want;

	for (;;) {
		want = model_due(now_ns);
		t = timer_heap_due(heap, now_ns);
		if (!CHECK_INT(t == NULL ? -1 : t - timers, want) || t == NULL)
			return;
		CHECK_INT(t->due_ns, model[want].due_ns);
		CHECK(timer_heap_earliest_ns(heap) <= now_ns);
		timer_heap_remove(heap, t);
		model[want].active = false;
	}
}

static void
against_the_model(void)
{
	struct timer_heap heap = {0};
	uint64_t now = 0, due;
	size_t active;
	int step, i;

	check_case("against a naive model");
	for (step = 0; step < STEPS; step++) {
		i = (int)draw(TIMERS);
		due = now + draw(60);
		switch (draw(20)) {
		case 0:
			now += draw(12);
			take_due(&heap, now);
			break;
		case 1: case 2: case 3: case 4:
			timer_heap_remove(&heap, &timers[i]);
			model[i].active = false;
			break;
		default:
			CHECK_INT(timer_heap_set(&heap, &timers[i], due), 0);
			model[i].due_ns = due;
			model[i].order = (uint64_t)step;
			model[i].active = true;
			break;
		}
		CHECK_INT(timer_is_active(&timers[i]), model[i].active);
	}
	for (i = 0, active = 0; i < TIMERS; i++)
		active += model[i].active;
	CHECK_INT(heap.count, active);
	take_due(&heap, UINT64_MAX);
	CHECK_INT(heap.count, 0);
	CHECK_INT(timer_heap_earliest_ns(&heap), -1);
	timer_heap_free(&heap);
	CHECK_INT(alloc_live(), 0);
}

/* Without memory an active timer can still be moved, and none is lost. */
static void
without_memory(void)
{
	struct timer_heap heap = {0};
	int i, error = 0;

	check_case("without memory");
	for (i = 0; i < TIMERS && error == 0; i++) {
		alloc_fail_at(i < 16 ? -1 : 0, 1);
		error = timer_heap_set(&heap, &timers[i], (uint64_t)(99 - i));
	}
	CHECK_INT(error, -ENOMEM);
	CHECK_INT(timer_heap_set(&heap, &timers[0], 5), 0);
	CHECK_INT(heap.count, i - 1);
	alloc_fail_at(-1, 0);
	CHECK(timer_heap_due(&heap, 5) == &timers[0]);
	timer_heap_free(&heap);
	for (i = 0; i < TIMERS; i++)
		CHECK(!timer_is_active(&timers[i]));
}

int
main(void)
{
	against_the_model();
	without_memory();
	return check_done();
}
